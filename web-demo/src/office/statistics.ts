// Statistics: charts by rule, area, topic and month, with the numbers as tables. In: filters. Out: a view. It counts nothing itself.

import { fill, h, type Child } from '../ui/dom.ts';
import { bi, both, say } from '../ui/i18n.ts';
import { get } from './api.ts';
import { barChart, type Part } from './bars.ts';
import { areaText, exportButtons } from './entries.ts';
import { filterForm, topicName } from './filters.ts';
import type { Office } from './main.ts';
import { loading, nothing, notice, section, view } from './parts.ts';
import type { Statistics, StatisticsRow } from './types.ts';
import { outcomeWord } from './words.ts';

/** Rows of a chart: more cannot be read; the export has all. */
const MOST = 25;

const OUTCOMES: readonly Part[] = [
  { kind: 'fail', label: () => outcomeWord('fail') }, { kind: 'open', label: () => outcomeWord('undetermined') },
  { kind: 'pass', label: () => outcomeWord('pass') }, { kind: 'none', label: bi('不适用或未判定', 'Not applicable or not judged') },
];
const FINDINGS: readonly Part[] = [{ kind: 'fail', label: () => outcomeWord('fail') }, { kind: 'open', label: bi('待定或算不出', 'Open or faulted') }];

function chart(office: Office, by: string, title: () => string, { rows }: Statistics): Child {
  if (rows.length === 0) return nothing(bi('没有可统计的记录。放宽筛选条件再看。', 'Nothing to count. Widen the filters.'));
  const label = (row: StatisticsRow): (() => string) => by === 'area' ? areaText(row.key) : by === 'topic' ? topicName(office.topics, row.key) : by === 'rule' ? both(row.title ?? { zh: row.key }) : () => row.key;
  const values = (row: StatisticsRow): number[] => by === 'rule'
    ? [row.fail, row.undetermined + (row.faulted ?? 0)] : [row.fail, row.undetermined, row.pass ?? 0, (row.notApplicable ?? 0) + (row.none ?? 0)];
  const shown = rows.slice(0, MOST).map((row) => ({ label: label(row), values: values(row) }));
  return [barChart(title, by === 'rule' ? bi('规则', 'Rule') : by === 'area' ? bi('地区', 'Area') : by === 'topic' ? bi('主题', 'Topic') : bi('月份', 'Month'), by === 'rule' ? FINDINGS : OUTCOMES, shown, by === 'rule'),
    rows.length > MOST ? nothing(() => say(`只画前 ${MOST} 项，共 ${rows.length} 项。`, `The first ${MOST} of ${rows.length}.`)) : null];
}

export function statisticsView(office: Office): HTMLElement {
  const kinds: readonly (readonly [by: string, title: () => string])[] = [
    ['rule', bi('哪些规则问题最多', 'Findings by rule')], ['area', bi('各地区的结论', 'Outcomes by area')],
    ['topic', bi('各主题的结论', 'Outcomes by topic')], ['month', bi('各月的结论', 'Outcomes by month')],
  ];
  const told = notice();
  const total = h('p', { class: 'total' });
  const places = kinds.map(([by]) => h('div', { 'data-by': by }));
  let turn = 0;
  let again: (() => void) | null = null;
  async function load(): Promise<void> {
    const mine = ++turn;
    told.clear();
    for (const place of places) fill(place, loading());
    try {
      const all = await Promise.all(kinds.map(([by]) => get<Statistics>('v1/statistics', { query: { ...office.filters, by } })));
      if (mine !== turn) return;
      again = () => all.forEach((one, index) => {
        const [by, title] = kinds[index] ?? ['', () => ''];
        const place = places[index];
        if (place) fill(place, chart(office, by, title, one));
      });
      again();
      fill(total, () => say(`共 ${all[0]?.total ?? 0} 份记录`, `${all[0]?.total ?? 0} records in all`));
    } catch (error) {
      if (mine !== turn) return;
      for (const place of places) place.replaceChildren();
      told.fault(error);
    }
  }
  // The words inside a drawing are drawn, so that another language draws it anew.
  office.onLanguage(() => again?.());
  void load();
  return view(bi('统计', 'Statistics'), filterForm(office.filters, office.topics, () => void load()), exportButtons('v1/export', () => ({ ...office.filters }), true), told.el, total,
    h('div', { class: 'charts' }, kinds.map(([, title], index) => section(title, places[index]))));
}
