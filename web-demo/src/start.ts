// The first screen: which inspection? In: the server's list of rulesets. Out: the one that was chosen.

import { listRulesets, ServerFault, type RulesetEntry } from './server.ts';
import { fill, h } from './ui/dom.ts';
import { bi, both } from './ui/i18n.ts';
import { icon } from './ui/icons.ts';

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

export function startScreen(onPick: (id: string) => void): HTMLElement {
  const out = h('div', { class: 'choices', role: 'group', 'aria-label': bi('规则', 'Rulesets') });
  const load = async (): Promise<void> => {
    fill(out, h('p', { class: 'hint', role: 'status', text: bi('正在取规则……', 'Getting the rulesets…') }));
    try {
      const list = await listRulesets();
      if (list.length === 0) fill(out, h('p', { text: bi('服务器上没有规则。', 'The server has no rulesets.') }));
      else fill(out, [...list].sort(byOrder).map((one) => card(one, onPick)));
    } catch (error) {
      const words = error instanceof ServerFault ? error.words : bi('取规则失败。', 'The rulesets could not be fetched.');
      const again = h('button', { type: 'button', class: 'action', text: bi('重试', 'Try again') });
      again.addEventListener('click', () => void load());
      fill(out, h('p', { class: 'recheck-bad', role: 'alert' }, icon('problem'), h('span', { text: words })), again);
    }
  };
  void load();
  return h('main', { class: 'start', id: 'main' },
    h('h1', { text: bi('今天查什么？', 'What are you inspecting?'), tabindex: -1 }),
    h('p', { class: 'lead', text: bi('边填边判，每条结论都有法条。所填内容只在这台设备上，关页就没有了。', 'Verdicts as you type, each with its article of law. What you enter stays on this device and is gone when the page closes.') }),
    out,
    h('p', {}, h('a', { href: 'book/index.html', text: bi('规则汇编：每一条的原文和判法', 'The book of rules: each clause and how it is decided') })));
}

function byOrder(a: RulesetEntry, b: RulesetEntry): number {
  const rank = (id: string): number => (ORDER.indexOf(id) + ORDER.length + 1) % (ORDER.length + 1);
  return rank(a.id) - rank(b.id) || a.id.localeCompare(b.id);
}

function card(entry: RulesetEntry, onPick: (id: string) => void): HTMLElement {
  const said = SAID[entry.id];
  const button = h('button', { type: 'button', class: 'choice', 'data-ruleset': entry.id },
    h('span', { class: 'choice-sign', 'aria-hidden': 'true' }, said?.[2] ?? '§'),
    h('span', { class: 'choice-words' },
      said ? h('b', { text: bi(said[0], said[1]) }) : null,
      h('span', { text: both(entry.title) }),
      entry.version ? h('small', {}, entry.version) : null),
    icon('ask'));
  button.addEventListener('click', () => onPick(entry.id));
  return button;
}
