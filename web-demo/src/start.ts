// The first screen: where, and which inspection? In: the server's list of rulesets, what was used last, and what is to stand above (the
// records of this device). Out: the topic and the place that were chosen. What was used last comes first.

import { coversPlace, placeName } from './places.ts';
import { listRulesets } from './records/library.ts';
import { ServerFault, type RulesetEntry } from './server.ts';
import { fill, h, live, uid, type Child } from './ui/dom.ts';
import { bi, both, pick, say, type Text } from './ui/i18n.ts';
import { icon } from './ui/icons.ts';
import { recent, usedPlace, usedTopic } from './ui/recent.ts';

/** Short words that people say, for the rulesets that the project ships; any other shows its title alone. */
const SAID: Record<string, readonly [string, string, string]> = {
  venue: ['场所', 'Venues', '场'],
  hotel: ['旅馆', 'Hotels', '宿'],
  school_phone: ['手机', 'Phones', '机'],
  negative_list: ['负面清单', 'Negative list', '单'],
  school: ['学校', 'Schools', '学'],
  station: ['站点', 'Stations', '站'],
  village: ['村居', 'Villages', '村'],
  family: ['监护', 'Guardianship', '护'],
  reporting: ['报告查询', 'Reporting', '报'],
  network: ['网络', 'Online', '网'],
  employment: ['用工', 'Employment', '工'],
  'assessment.linxi': ['林西自查', 'Linxi, 76 items', '评'],
  'tasks.linxi': ['林西任务', 'Linxi, tasks', '林'],
  'inspection.guyuan': ['固原督查', 'Guyuan', '固'],
  'tasks.anshun': ['安顺要点', 'Anshun', '安'],
  'tasks.jincheng': ['晋城方案', 'Jincheng', '晋'],
  'tasks.rongchang': ['荣昌整改', 'Rongchang', '荣'],
};
const ORDER = Object.keys(SAID);
const COUNTRY = '000000';

/** `place` is the code chosen here, `null` where none was. */
export type Picked = (id: string, place: string | null) => void;

export interface StartWays {
  readonly pick: Picked;
  /** The topic that comes first: what it needs may be fetched while somebody reads. */
  readonly likely: (id: string) => void;
}

/** `above` stands over the question: the records of this device. */
export function startScreen({ pick: onPick, likely }: StartWays, above?: HTMLElement): HTMLElement {
  const out = h('div', { class: 'topics' });
  const where = h('div', { class: 'where' });
  let place = recent().place;
  let list: readonly RulesetEntry[] = [];

  const draw = (): void => {
    const inPlace = (one: RulesetEntry): boolean => place === null || coversPlace(one.jurisdiction ?? COUNTRY, place);
    const last = recent().topics;
    const rank = (id: string): number => (last.includes(id) ? last.indexOf(id) - last.length : (ORDER.indexOf(id) + ORDER.length + 1) % (ORDER.length + 1));
    const sorted = [...list].sort((a, b) => rank(a.id) - rank(b.id) || a.id.localeCompare(b.id));
    const cards = (some: readonly RulesetEntry[]): HTMLElement =>
      h('div', { class: 'choices', role: 'group', 'aria-label': bi('规则', 'Rulesets') }, some.map((one) => card(one, last[0] === one.id, place, chosen)));
    const others = sorted.filter((one) => !inPlace(one));
    fill(out, cards(sorted.filter(inPlace)), others.length > 0
      ? h('details', {}, h('summary', { text: bi(`其他地方的检查表（${others.length}）`, `Forms of other places (${others.length})`) }), cards(others)) : null);
  };
  const chosen = (id: string): void => {
    usedTopic(id);
    onPick(id, place);
  };
  const load = async (): Promise<void> => {
    fill(out, h('p', { class: 'hint', role: 'status', text: bi('正在取规则……', 'Getting the rulesets…') }));
    try {
      list = await listRulesets();
      if (list.length === 0) return fill(out, h('p', { text: bi('服务器上没有规则。', 'The server has no rulesets.') }));
      fill(where, placeChooser(areasOf(list), () => place, (code) => {
        place = code;
        usedPlace(code);
        draw();
      }));
      draw();
      const first = out.querySelector<HTMLElement>('[data-ruleset]')?.dataset['ruleset'];
      if (first !== undefined) likely(first);
    } catch (error) {
      const words = error instanceof ServerFault ? error.words : bi('取规则失败。', 'The rulesets could not be fetched.');
      const again = h('button', { type: 'button', class: 'action', text: bi('重试', 'Try again') });
      again.addEventListener('click', () => void load());
      fill(out, h('p', { class: 'recheck-bad', role: 'alert' }, icon('problem'), h('span', { text: words })), again);
    }
  };
  void load();
  return h('main', { class: 'start', id: 'main' },
    above,
    h('h1', { text: bi('今天查什么？', 'What are you inspecting?'), tabindex: -1 }),
    h('p', { class: 'lead', text: bi('边填边判，每条结论都有法条。', 'Verdicts as you type, each with its article of law.') }),
    where, out,
    h('p', {}, h('a', { href: 'book/index.html', text: bi('规则汇编：每一条的原文和判法', 'The book of rules: each clause and how it is decided') })));
}

interface Area {
  readonly code: string;
  readonly title: Text;
}

/** The areas that any ruleset or layer holds for, the whole country first. */
function areasOf(list: readonly RulesetEntry[]): readonly Area[] {
  const areas = new Map<string, Text>([[COUNTRY, { zh: '全国', en: 'Whole country' }]]);
  for (const one of list) {
    for (const { jurisdiction, title } of [...(one.layers ?? []), { jurisdiction: one.jurisdiction ?? COUNTRY, title: one.title }]) {
      if (!areas.has(jurisdiction)) areas.set(jurisdiction, title);
    }
  }
  return [...areas].map(([code, title]) => ({ code, title })).sort((a, b) => a.code.localeCompare(b.code));
}

/** A place by name or by code: typed letters narrow the list; six digits that no layer names are a place of their own. */
function placeChooser(areas: readonly Area[], now: () => string | null, onChange: (code: string) => void): Child {
  const searchId = uid('place');
  const nameOf = (code: string): string => placeName(code, areas.find((one) => one.code === code)?.title);
  const title = h('span');
  const toggle = h('button', { type: 'button', class: 'where-now', id: 'where', 'aria-expanded': 'false' }, icon('place'), title, h('b', { class: 'change', text: bi('换', 'Change') }));
  const search = h('input', { type: 'text', id: searchId, autocomplete: 'off', enterkeyhint: 'search', placeholder: '林西 / 150424' });
  const found = h('div', { class: 'found', role: 'group', 'aria-label': bi('找到的地方', 'Places found') });
  const panel = h('div', { class: 'where-panel', hidden: true }, h('label', { for: searchId, text: bi('检查地点：名称或六位区划代码', 'Place: name or six-digit code') }), search, found);
  const open = (is: boolean): void => {
    panel.hidden = !is;
    toggle.setAttribute('aria-expanded', String(is));
    if (is) search.focus();
  };
  const choose = (code: string): void => {
    onChange(code);
    showNow();
    open(false);
    toggle.focus();
  };
  const showNow = (): void => {
    const code = now();
    title.textContent = code === null ? say('地点：还没有选', 'Place: not chosen') : say(`地点：${nameOf(code)}`, `Place: ${nameOf(code)}`);
  };
  const showFound = (): void => {
    const typed = search.value.normalize('NFKC').trim().toLowerCase();
    const hits = areas.filter((one) => [one.code, one.title.zh, one.title.en ?? '', placeName(one.code)].some((text) => text.toLowerCase().includes(typed)));
    const whole = /^\d{6}$/.test(typed) && !hits.some((one) => one.code === typed) ? [{ code: typed, title: { zh: typed } }] : [];
    fill(found, [...hits, ...whole].map((one) => {
      const button = h('button', { type: 'button', class: 'ask', 'data-place': one.code },
        h('span', {}, h('b', {}, nameOf(one.code)), ' ', h('small', {}, one.code)), icon('ask'));
      button.addEventListener('click', () => choose(one.code));
      return button;
    }), hits.length + whole.length === 0
      ? h('p', { class: 'hint', role: 'status' }, say('没有这个名字的本地规则。可以填六位区划代码，全国规则照样适用。', 'No local rules under this name. Type the six-digit code; national rules hold there.')) : null);
  };
  toggle.addEventListener('click', () => open(panel.hidden));
  search.addEventListener('input', showFound);
  search.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    found.querySelector<HTMLElement>('[data-place]')?.click();
  });
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    open(false);
    toggle.focus();
  });
  live(title, showNow);
  live(found, showFound);
  return [toggle, panel];
}

function card(entry: RulesetEntry, last: boolean, place: string | null, onPick: (id: string) => void): HTMLElement {
  const said = SAID[entry.id];
  const local = place === null ? undefined : entry.layers?.find((one) => coversPlace(one.jurisdiction, place));
  const button = h('button', { type: 'button', class: 'choice', 'data-ruleset': entry.id },
    h('span', { class: 'choice-sign', 'aria-hidden': 'true' }, said?.[2] ?? '§'),
    h('span', { class: 'choice-words' },
      said ? h('b', { text: bi(said[0], said[1]) }) : null,
      h('span', { text: both(entry.title) }),
      h('small', { text: () => [last ? say('上次用过', 'Used last') : '', entry.version ?? '', local ? `＋ ${pick(local.title)}` : ''].filter(Boolean).join(' · ') })),
    icon('ask'));
  button.addEventListener('click', () => onPick(entry.id));
  return button;
}
