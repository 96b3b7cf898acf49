// Records by area, with the list of the chosen area beside it. In: filters. Out: a view. It stands where a map would: a map needs tiles
// from another server, which would learn where is being looked.

import { fill, h } from '../ui/dom.ts';
import { bi } from '../ui/i18n.ts';
import { get } from './api.ts';
import { areaText, entryList } from './entries.ts';
import { filterForm } from './filters.ts';
import type { Office } from './main.ts';
import { loading, nothing, notice, table, view } from './parts.ts';
import type { Statistics, StatisticsRow } from './types.ts';

export function areasView(office: Office): HTMLElement {
  let chosen = '';
  const told = notice();
  const areas = h('div');
  const list = entryList(office, () => ({ ...office.filters, area: chosen || office.filters.area }), true);
  const choose = (code: string): void => {
    chosen = chosen === code ? '' : code;
    for (const one of areas.querySelectorAll('button')) one.setAttribute('aria-pressed', String(one.dataset['area'] === chosen));
    void list.load();
  };
  const show = (rows: readonly (StatisticsRow & { level: number })[]): void => {
    fill(areas, rows.length === 0 ? nothing(bi('没有符合条件的记录。', 'No record matches.')) : table(bi('各地区的记录', 'Records by area'), [
      { title: bi('地区', 'Area'), head: true, cell: (row) => h('button', { type: 'button', class: `link level-${row.level}`, 'aria-pressed': String(row.key === chosen), 'data-area': row.key, text: areaText(row.key), onclick: () => choose(row.key) }) },
      { title: bi('记录', 'Records'), number: true, cell: (row) => String(row.total ?? 0) },
      { title: bi('不合格', 'Fail'), number: true, cell: (row) => String(row.fail) },
      { title: bi('待定', 'Open'), number: true, cell: (row) => String(row.undetermined) },
    ], rows));
  };
  async function load(): Promise<void> {
    told.clear();
    fill(areas, loading());
    try {
      const ask = (level: string): Promise<Statistics> => get<Statistics>('v1/statistics', { query: { ...office.filters, by: 'area', level } });
      const [prefectures, counties] = await Promise.all([ask('prefecture'), ask('county')]);
      // A county below its prefecture; a record that names only the prefecture is in its line already.
      show(prefectures.rows.flatMap((row) => [{ ...row, level: 1 },
        ...counties.rows.filter((one) => one.key.slice(0, 4) === row.key.slice(0, 4) && one.key !== row.key).map((one) => ({ ...one, level: 2 }))]));
    } catch (error) {
      areas.replaceChildren();
      told.fault(error);
    }
  }
  const form = filterForm(office.filters, office.topics, () => {
    chosen = '';
    void load();
    void list.load();
  });
  void load();
  void list.load();
  return view(bi('按地区', 'By area'),
    h('p', { class: 'hint', text: bi('没有地图：地图要从别的服务器取底图，会泄露正在查看哪里。点地区，右边列出那里的记录。', 'There is no map: its tiles would come from another server, which would learn where you look. Choose an area to see its records beside it.') }),
    form, told.el, h('div', { class: 'beside' }, areas, list.el));
}
