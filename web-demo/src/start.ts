// The first screen: where, and which inspection? In: the server's list of rulesets, what was used last, and what is to stand above (the
// records of this device). Out: the topic and the place that were chosen. What was used last comes first.

import { divisions } from './divisions.ts';
import { COUNTRY, coversPlace, hasName } from './places.ts';
import { listRulesets, serverAway } from './records/library.ts';
import { fetchNow, keepAll, onShelf, saving, shelf } from './records/offline.ts';
import { ServerFault, type RulesetEntry } from './server.ts';
import { fill, h, live } from './ui/dom.ts';
import { bi, both, pick, say, type Text } from './ui/i18n.ts';
import { icon } from './ui/icons.ts';
import { recent, usedPlace, usedTopic } from './ui/recent.ts';
import { askPlace, placeChooser, type Area } from './where.ts';

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
  const where = h('div', { class: 'where', 'data-places': true });
  const versions = h('details', { class: 'technical', hidden: true });
  let place = recent().place;
  let list: readonly RulesetEntry[] = [];

  const draw = (): void => {
    const inPlace = (one: RulesetEntry): boolean => place === null || coversPlace(one.jurisdiction ?? COUNTRY, place);
    const last = recent().topics;
    const rank = (id: string): number => (last.includes(id) ? last.indexOf(id) - last.length : (ORDER.indexOf(id) + ORDER.length + 1) % (ORDER.length + 1));
    const sorted = [...list].sort((a, b) => rank(a.id) - rank(b.id) || a.id.localeCompare(b.id));
    const cards = (some: readonly RulesetEntry[]): HTMLElement =>
      h('div', { class: 'choices', role: 'group', 'aria-label': bi('规则', 'Rulesets') }, some.map((one) => card(one, last[0] === one.id, place, (id, el) => void chosen(id, el))));
    const others = sorted.filter((one) => !inPlace(one));
    fill(out, cards(sorted.filter(inPlace)), others.length > 0
      ? h('details', {}, h('summary', { text: bi(`其他地方的检查表（${others.length}）`, `Forms of other places (${others.length})`) }), cards(others)) : null);
    mark();
  };
  /** Says of each form that is not on the phone that it cannot be opened now. */
  const mark = (): void => {
    const gone = !navigator.onLine || serverAway() ? (shelf()?.missing ?? []) : [];
    for (const note of out.querySelectorAll<HTMLElement>('[data-ruleset] .not-here')) note.hidden = !gone.includes(note.closest<HTMLElement>('[data-ruleset]')?.dataset['ruleset'] ?? '');
  };
  const setPlace = (code: string): void => {
    place = code;
    usedPlace(code);
    draw();
  };
  /** A form of the whole country is never opened for a place that nobody chose: local rules would be missing without a word. */
  const chosen = async (id: string, opener: HTMLElement): Promise<void> => {
    if (place === null && (list.find((one) => one.id === id)?.jurisdiction ?? COUNTRY) === COUNTRY) {
      const code = await askPlace(areasOf(list), opener);
      if (code === null) return;
      setPlace(code);
    }
    usedTopic(id);
    onPick(id, place);
  };
  const load = async (): Promise<void> => {
    fill(out, h('p', { class: 'hint', role: 'status', text: bi('正在取规则……', 'Getting the rulesets…') }));
    try {
      list = await listRulesets();
      if (list.length === 0) return fill(out, h('p', { text: bi('服务器上没有规则。', 'The server has no rulesets.') }));
      fill(where, placeChooser(areasOf(list), () => place, setPlace));
      // Before the forms are drawn, so that none moves under a finger; a store that does not answer holds up nothing.
      await Promise.race([keepAll(list), new Promise((done) => setTimeout(done, 300))]);
      draw();
      fill(versions, h('summary', { text: bi('技术信息', 'Technical') }), h('ul', {}, list.map((one) => h('li', {}, h('span', { text: both(one.title) }), ' ', h('code', {}, `${one.id} ${one.version ?? ''}`)))));
      versions.hidden = false;
      // Only a county is not known by name without its table.
      if (place !== null && !hasName(place)) void divisions().catch(() => undefined);
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
  const kept = h('div', { class: 'kept' });
  live(kept, () => drawKept(kept));
  const moved = (): void => {
    if (!out.isConnected) return stop();
    drawKept(kept);
    mark();
  };
  const off = onShelf(() => queueMicrotask(moved));
  const stop = (): void => {
    off();
    for (const event of ['online', 'offline']) window.removeEventListener(event, moved);
  };
  for (const event of ['online', 'offline']) window.addEventListener(event, moved);
  return h('main', { class: 'start', id: 'main' },
    above,
    h('h1', { text: bi('今天查什么？', 'What are you inspecting?'), tabindex: -1 }),
    h('p', { class: 'lead', text: bi('边填边判，每条结论都有法条。', 'Verdicts as you type, each with its article of law.') }),
    where, kept, out,
    versions,
    h('p', {}, h('a', { href: 'book/index.html', text: bi('规则汇编：每一条的原文和判法', 'The book of rules: each clause and how it is decided') })));
}

/** How many forms open without a network, and a way to have them all. */
function drawKept(into: HTMLElement): void {
  const now = shelf();
  if (!now) return fill(into);
  const { here, missing, fetching } = now;
  const left = missing.length;
  if (left === 0) return fill(into, h('p', { class: 'hint kept-line', 'data-kept': 'all' }, icon('pass'), h('span', {}, say(`${here} 套检查表已存到手机，没网也能用`, `All ${here} forms are on this phone and work without a network`))));
  const away = !navigator.onLine;
  const words = away ? say(`没有联网：还有 ${left} 套检查表没下载，现在打不开`, `Offline: ${left} forms are not on this phone and cannot be opened now`)
    : fetching ? say(`正在下载检查表，没网时也能用：还有 ${left} 套`, `Fetching the forms for use without a network: ${left} to go`)
      : saving() ? say(`还有 ${left} 套检查表没下载（手机开着省流量）`, `${left} forms are not on this phone yet (data saver is on)`) : say(`还有 ${left} 套检查表没下载`, `${left} forms are not on this phone yet`);
  const held = into.contains(document.activeElement);
  const go = away || fetching ? null : h('button', { type: 'button', class: 'link', id: 'fetch-all', text: say('现在下载', 'Fetch them now') });
  go?.addEventListener('click', () => void fetchNow());
  const line = h('p', { class: 'hint kept-line', 'data-kept': 'some', tabindex: -1 }, icon('down'), h('span', {}, words), go);
  fill(into, line);
  if (held) (go ?? line).focus();
}

/** The areas that any ruleset or layer holds for, the whole country first. */
export function areasOf(list: readonly RulesetEntry[]): readonly Area[] {
  const areas = new Map<string, Text>([[COUNTRY, { zh: '全国', en: 'Whole country' }]]);
  for (const one of list) {
    for (const { jurisdiction, title } of [...(one.layers ?? []), { jurisdiction: one.jurisdiction ?? COUNTRY, title: one.title }]) {
      if (!areas.has(jurisdiction)) areas.set(jurisdiction, title);
    }
  }
  return [...areas].map(([code, title]) => ({ code, title })).sort((a, b) => a.code.localeCompare(b.code));
}

function card(entry: RulesetEntry, last: boolean, place: string | null, onPick: (id: string, el: HTMLElement) => void): HTMLElement {
  const said = SAID[entry.id];
  const local = place === null ? undefined : entry.layers?.find((one) => coversPlace(one.jurisdiction, place));
  const button = h('button', { type: 'button', class: 'choice', 'data-ruleset': entry.id },
    h('span', { class: 'choice-sign', 'aria-hidden': 'true' }, said?.[2] ?? '§'),
    h('span', { class: 'choice-words' },
      said ? h('b', { text: bi(said[0], said[1]) }) : null,
      h('span', { text: both(entry.title) }),
      h('small', { text: () => [last ? say('上次用过', 'Used last') : '', local ? `＋ ${pick(local.title)}` : ''].filter(Boolean).join(' · ') }),
      h('small', { class: 'not-here', hidden: true }, icon('problem'), h('span', { text: bi('没有下载，联网后才能打开', 'Not on this phone: opens when connected') }))),
    icon('ask'));
  button.addEventListener('click', () => onPick(entry.id, button));
  return button;
}
