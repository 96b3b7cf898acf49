// The list of records: filters, pages, exports. In: filters. Out: a table whose rows lead to one record each. Must not know: what a record says inside.

import { placeWithCode } from '../places.ts';
import { fill, h, type Child } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import { download, get } from './api.ts';
import { filterForm, topicName, type Filters } from './filters.ts';
import type { Office } from './main.ts';
import { busy, button, loading, nothing, notice, outcomeMark, table, view, type Column } from './parts.ts';
import type { Entry, Page } from './types.ts';
import { stateName, timeText } from './words.ts';

const PAGE = '50';

export const entryLink = (id: string, words: Child): HTMLElement => h('a', { href: `#/entry/${id}` }, words);

export const subjectName = (entry: Pick<Entry, 'subject' | 'id'>): string => entry.subject?.name ?? entry.id.slice(-8);

export const areaText = (code: string): (() => string) => () => placeWithCode(code);

function columns(office: Office, short: boolean): Column<Entry>[] {
  const all: readonly (Column<Entry> & { readonly long?: boolean })[] = [
    { title: bi('对象', 'Subject'), head: true, cell: (one) => [entryLink(one.id, subjectName(one)), one.subject?.place ? h('small', { class: 'hint under' }, one.subject.place) : null] },
    { title: bi('结论', 'Outcome'), cell: (one) => outcomeMark(one.outcome) },
    { title: bi('不合格', 'Fails'), number: true, cell: (one) => String(one.counts?.fail ?? '—') },
    { title: bi('待定', 'Open'), number: true, cell: (one) => String(one.counts ? one.counts.undetermined + one.counts.faulted : '—') },
    { title: bi('主题', 'Topic'), cell: (one) => [topicName(office.topics, one.ruleset), h('small', { class: 'hint under' }, one.version ?? '')] },
    { title: bi('地区', 'Area'), long: true, cell: (one) => areaText(one.area) },
    { title: bi('检查日', 'Checked'), cell: (one) => one.asOf },
    { title: bi('签收编号', 'Number'), number: true, long: true, cell: (one) => String(one.position) },
    { title: bi('收到', 'Received'), long: true, cell: (one) => timeText(one.receivedAt) },
    { title: bi('两次判定', 'Both verdicts'), long: true, cell: (one) => one.agree === null ? '—' : one.agree ? bi('一致', 'agree') : h('strong', { class: 'bad', text: bi('不一致', 'differ') }) },
    { title: bi('状态', 'State'), long: true, cell: (one) => [() => stateName(one.state), one.purged ? h('small', { class: 'hint under', text: bi('内容已按期删除', 'answers deleted in due time') }) : null] },
  ];
  return all.filter((column) => !short || !column.long);
}

/** A table of records with pages, for the filters as they are now; `short` where there is half the room. */
export function entryList(office: Office, filters: () => Partial<Filters>, short = false): { el: HTMLElement; load: () => Promise<void> } {
  const told = notice();
  const body = h('div');
  const pages = h('div', { class: 'row pages' });
  let trail: string[] = [];
  let turn = 0;
  async function load(cursor = ''): Promise<void> {
    const mine = ++turn;
    fill(body, loading());
    pages.replaceChildren();
    told.clear();
    try {
      const page = await get<Page<Entry>>('v1/submissions', { reads: true, query: { ...filters(), limit: PAGE, cursor } });
      if (mine !== turn) return;
      fill(body, page.items.length === 0 ? nothing(bi('没有符合条件的记录。放宽或清除筛选条件再看。', 'No record matches. Widen or clear the filters.')) : table(bi('检查记录，新的在前', 'Records, newest first'), columns(office, short), page.items));
      const number = trail.length + 1;
      fill(pages,
        trail.length > 0 ? button(bi('上一页', 'Previous'), () => {
          trail.pop();
          void load(trail.at(-1) ?? '');
        }) : null,
        h('span', { text: () => say(`第 ${number} 页，${page.items.length} 条`, `Page ${number}, ${page.items.length} records`) }),
        page.next ? button(bi('下一页', 'Next'), () => {
          trail.push(page.next ?? '');
          void load(page.next ?? '');
        }) : null);
    } catch (error) {
      if (mine !== turn) return;
      body.replaceChildren();
      told.fault(error);
      fill(pages, button(bi('重试', 'Try again'), () => void load(cursor)));
    }
  }
  return {
    el: h('div', { class: 'list' }, told.el, body, pages),
    load: () => {
      trail = [];
      return load();
    },
  };
}

/** Buttons that save what the filters choose. */
export function exportButtons(path: string, query: () => Record<string, string>, reads: boolean): HTMLElement {
  const told = notice();
  return h('div', { class: 'row exports' }, h('span', { class: 'hint', text: bi('按筛选导出', 'Export what is filtered') }),
    ['csv', 'xlsx', 'ndjson'].map((format) => {
      const one = button(() => format.toUpperCase(), () => void busy(one, told, async () => {
        told.clear();
        await download(path, { reads, query: { ...query(), format } });
        told.say('pass', bi('已交给浏览器保存。', 'Handed to the browser to save.'));
      }), 'quiet small');
      one.dataset['format'] = format;
      return one;
    }), told.el);
}

export function entriesView(office: Office): HTMLElement {
  const list = entryList(office, () => office.filters);
  const form = filterForm(office.filters, office.topics, () => void list.load());
  void list.load();
  return view(bi('检查记录', 'Records'), form, office.may('read') ? exportButtons('v1/export', () => ({ ...office.filters }), true) : null, list.el);
}
