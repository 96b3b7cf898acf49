// The ledger of rectifications: list, overdue ones, one item with its history, and its change. In: filters, what people type. Out: a view.
// A change names the version it was made on; where somebody was faster, what was typed stays and the other's change is shown beside it.

import { fill, h, type Child } from '../ui/dom.ts';
import { bi, both } from '../ui/i18n.ts';
import { severityName } from '../ui/words.ts';
import { get, OfficeFault } from './api.ts';
import { areaText, entryLink, exportButtons, subjectName } from './entries.ts';
import { areaInput, topicChoices, topicName } from './filters.ts';
import type { Office } from './main.ts';
import { plainItem } from './findings.ts';
import { busy, button, facts, labelled, loading, nothing, notice, section, select, table, view, type Choice } from './parts.ts';
import type { Page, Rectification, WholeRectification } from './types.ts';
import { eventName, LEDGER, ledgerName, timeText } from './words.ts';

export interface LedgerFilters {
  area: string;
  topic: string;
  rule: string;
  state: string;
  overdue: string;
}

export const noLedgerFilters = (): LedgerFilters => ({ area: '', topic: '', rule: '', state: '', overdue: '' });

function state(one: Rectification): HTMLElement {
  return h('span', { class: `tag tag-${one.state}` }, () => ledgerName(one.state));
}

function due(one: Rectification): Child {
  if (!one.due) return '—';
  return one.overdue ? h('strong', { class: 'bad' }, one.due, ' ', bi('已逾期', 'overdue')) : one.due;
}

export function ledgerView(office: Office): HTMLElement {
  const filters = office.ledger;
  const told = notice();
  const body = h('div');
  const area = areaInput(filters.area);
  const topic = select('topic', topicChoices(office.topics), filters.topic);
  const rule = h('input', { type: 'text', name: 'rule', class: 'text', autocomplete: 'off', spellcheck: 'false', value: filters.rule });
  const stage = select('state', [['', bi('全部', 'All')], ...Object.keys(LEDGER).map((code): Choice => [code, () => ledgerName(code)])], filters.state);
  const overdue = h('input', { type: 'checkbox', name: 'overdue', checked: filters.overdue === 'true' });
  const form = h('form', { class: 'filters', role: 'search', 'aria-label': bi('筛选', 'Filters') },
    labelled(bi('地区码（含下级）', 'Area code (and below)'), area), labelled(bi('主题', 'Topic'), topic), labelled(bi('规则编号', 'Rule'), rule), labelled(bi('状态', 'State'), stage),
    h('label', { class: 'check' }, overdue, h('span', { text: bi('只看逾期', 'Overdue only') })),
    h('div', { class: 'row' }, h('button', { type: 'submit', class: 'action', text: bi('筛选', 'Apply') })));
  let turn = 0;
  async function load(cursor = '', before: readonly Rectification[] = []): Promise<void> {
    const mine = ++turn;
    told.clear();
    if (before.length === 0) fill(body, loading());
    try {
      const page = await get<Page<Rectification>>('v1/rectifications', { query: { ...filters, limit: '50', cursor } });
      if (mine !== turn) return;
      const items = [...before, ...page.items];
      fill(body, items.length === 0 ? nothing(bi('没有符合条件的整改事项。', 'No item matches.')) : table(bi('整改事项', 'Items to rectify'), [
        { title: bi('问题', 'Problem'), head: true, cell: (one) => [h('a', { href: `#/ledger/${one.id}` }, one.problem ? both(one.problem) : one.rule), h('small', { class: 'hint under' }, topicName(office.topics, one.topic), one.item ? [' · ', () => plainItem(one.item)] : '')] },
        { title: bi('对象', 'Subject'), cell: (one) => entryLink(one.submission, subjectName({ id: one.submission, subject: one.subject })) },
        { title: bi('地区', 'Area'), cell: (one) => areaText(one.area) },
        { title: bi('程度', 'Severity'), cell: (one) => () => severityName(one.severity) },
        { title: bi('状态', 'State'), cell: state },
        { title: bi('期限', 'Due'), cell: due },
        { title: bi('责任单位', 'Unit'), cell: (one) => one.unit ?? (one.duty ? both(one.duty) : '—') },
        { title: bi('更新', 'Updated'), cell: (one) => timeText(one.updatedAt) },
      ], items, (one) => (one.overdue ? 'late' : '')), page.next ? button(bi('再列一些', 'More'), () => void load(page.next ?? '', items)) : null);
    } catch (error) {
      if (mine !== turn) return;
      if (before.length === 0) body.replaceChildren();
      told.fault(error);
    }
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    Object.assign(filters, { area: area.value.trim(), topic: topic.value, rule: rule.value.trim(), state: stage.value, overdue: overdue.checked ? 'true' : '' });
    void load();
  });
  void load();
  return view(bi('整改台账', 'Rectifications'), form, exportButtons('v1/rectifications/export', () => ({ ...filters }), false), told.el, body);
}

/** What people may write, by its name in the request and its value in the item. */
const TEXTS = ['measure', 'due', 'unit', 'evidence'] as const;
type TextName = (typeof TEXTS)[number];

const NAMES: Readonly<Record<TextName, () => string>> = {
  measure: bi('整改措施', 'Measure'), due: bi('整改期限', 'Due'), unit: bi('责任单位', 'Unit'), evidence: bi('完成情况和佐证', 'What shows that it was done'),
};

/** The steps that the item's state allows. */
function steps(code: string): Choice[] {
  const none: Choice = ['', bi('只保存上面的内容', 'Only save what stands above')];
  switch (code) {
    case 'measure_set': return [none, ['done', bi('报告整改完成', 'Report it as done')]];
    case 'done': return [none, ['accepted', bi('复查通过，销号', 'Reviewed: accept and close')], ['rejected', bi('复查不通过，退回', 'Reviewed: reject')]];
    case 'closed': return [none, ['reopen', bi('重新立项', 'Take it up again')]];
    default: return [none];
  }
}

function editor(item: WholeRectification, saved: (item: WholeRectification) => void): HTMLElement {
  let now = item;
  const told = notice();
  told.el.setAttribute('role', 'alert');
  const conflict = h('div');
  const inputs: Record<TextName, HTMLInputElement | HTMLTextAreaElement> = {
    measure: h('textarea', { name: 'measure', class: 'text', rows: 3, maxlength: 2000, value: item.measure ?? '', placeholder: () => item.remedy ? both(item.remedy)() : '' }),
    due: h('input', { type: 'date', name: 'due', class: 'text', value: item.due ?? '' }),
    unit: h('input', { type: 'text', name: 'unit', class: 'text', maxlength: 200, value: item.unit ?? '' }),
    evidence: h('textarea', { name: 'evidence', class: 'text', rows: 2, maxlength: 2000, value: item.evidence ?? '' }),
  };
  const step = select('step', steps(item.state));
  const done = h('input', { type: 'date', name: 'done', class: 'text' });
  const note = h('textarea', { name: 'note', class: 'text', rows: 2, maxlength: 2000 });
  const doneBox = labelled(bi('完成日', 'Done on'), done);
  const noteBox = labelled(bi('说明（退回和重新立项必须写）', 'Note (needed to reject or take up again)'), note);
  const arrange = (): void => {
    doneBox.hidden = step.value !== 'done';
    note.required = step.value === 'rejected' || step.value === 'reopen';
    done.required = step.value === 'done';
  };
  step.addEventListener('change', arrange);
  arrange();
  const send = h('button', { type: 'submit', class: 'action', text: bi('保存', 'Save') });
  const form = h('form', { class: 'stack editor' }, TEXTS.map((name) => labelled(NAMES[name], inputs[name])),
    steps(item.state).length > 1 ? labelled(bi('这一步', 'This step'), step) : null, doneBox, noteBox, conflict, told.el, h('div', { class: 'row' }, send));

  function change(): Record<string, unknown> {
    const body: Record<string, unknown> = {};
    for (const name of TEXTS) {
      const value = inputs[name].value.trim();
      if (value !== (item[name] ?? '')) body[name] = value === '' ? null : value;
    }
    if (step.value === 'done') body['done'] = done.value;
    if (step.value === 'accepted' || step.value === 'rejected') body['review'] = step.value;
    if (step.value === 'reopen') body['reopen'] = true;
    if (note.value.trim() !== '') body['note'] = note.value.trim();
    return body;
  }

  /** Somebody was faster: what they changed, and what to do about it. */
  async function collided(): Promise<void> {
    now = await get<WholeRectification>(`v1/rectifications/${item.id}`);
    const theirs = TEXTS.filter((name) => (now[name] ?? '') !== (item[name] ?? ''));
    const last = now.history.at(-1);
    fill(conflict, h('div', { class: 'note note-problem conflict', role: 'alert' }, h('div', { class: 'stack' },
      h('p', {}, h('strong', { text: bi('没有保存：您打开之后，别人改过这一条。您写的内容还在上面。', 'Not saved: somebody changed this after you opened it. What you wrote is still above.') })),
      h('p', { text: () => `${timeText(now.updatedAt)} · ${last ? eventName(last.event) : ''} · ${ledgerName(now.state)}` }),
      theirs.length > 0 ? facts(theirs.map((name) => [NAMES[name], now[name] ?? '—'])) : null,
      h('div', { class: 'row' },
        now.state === item.state ? button(bi('用我的内容覆盖', 'Save mine over it'), () => form.requestSubmit(), 'soft') : null,
        button(bi('放弃我的，看最新的', 'Drop mine, show the newest'), () => saved(now))))));
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (send.hasAttribute('aria-busy')) return;
    const body = change();
    told.clear();
    if (Object.keys(body).length === 0) return told.say('none', bi('没有改动。', 'Nothing was changed.'));
    void busy(send, told, async () => {
      try {
        await get(`v1/rectifications/${item.id}`, { method: 'PATCH', body, headers: { 'if-match': `"${now.version}"` } });
      } catch (error) {
        if (error instanceof OfficeFault && error.status === 412) return collided();
        throw error;
      }
      conflict.replaceChildren();
      saved(await get<WholeRectification>(`v1/rectifications/${item.id}`));
    });
  });
  return form;
}

function whole(office: Office, one: WholeRectification, again: (item: WholeRectification) => void): Child {
  return [
    h('div', { class: 'entry-head' }, h('div', {}, h('h1', { tabindex: -1, text: one.problem ? both(one.problem) : () => one.rule }), h('p', { class: 'hint' }, topicName(office.topics, one.topic), ' · ', areaText(one.area))), state(one)),
    facts([
      [bi('检查记录', 'Record'), entryLink(one.submission, subjectName({ id: one.submission, subject: one.subject }))], [bi('规则', 'Rule'), [h('code', {}, one.rule), ' ', () => plainItem(one.item)]], [bi('检查日', 'Checked'), one.asOf],
      [bi('期限', 'Due'), due(one)], [bi('责任单位', 'Unit'), one.unit ?? (one.duty ? both(one.duty) : '—')], [bi('整改措施', 'Measure'), one.measure ?? '—'],
      [bi('规则建议', 'The rule proposes'), one.remedy ? both(one.remedy) : '—'], [bi('完成日', 'Done on'), one.doneOn ?? '—'], [bi('完成情况', 'What was done'), one.evidence ?? '—'],
    ]),
    office.may('edit') && one.state !== 'withdrawn' ? section(bi('办理', 'Work on it'), editor(one, again)) : null,
    section(bi('经过', 'History'), table(bi('每一步', 'Each step'), [
      { title: bi('时间', 'Time'), head: true, cell: (row) => timeText(row.time) }, { title: bi('事件', 'Event'), cell: (row) => () => eventName(row.event) },
      { title: bi('状态', 'State'), cell: (row) => () => ledgerName(row.to) }, { title: bi('经手', 'By'), cell: (row) => (row.actor === 'server' ? bi('系统', 'the server') : h('code', {}, row.actor)) }, { title: bi('说明', 'Note'), cell: (row) => row.note ?? '' },
    ], one.history)),
  ];
}

export function rectificationView(office: Office, id: string): HTMLElement {
  const told = notice();
  const body = h('div', { class: 'stack' }, loading());
  const show = (one: WholeRectification): void => {
    fill(body, whole(office, one, (changed) => {
      show(changed);
      told.say('pass', bi('现在显示的是最新的内容。', 'This is the newest state.'));
    }));
    body.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  };
  get<WholeRectification>(`v1/rectifications/${encodeURIComponent(id)}`).then(show, (error: unknown) => {
    body.replaceChildren();
    told.fault(error);
  });
  return h('div', { class: 'stack one' },
    h('div', { class: 'row noprint' }, h('a', { class: 'action quiet', href: '#/ledger' }, bi('← 返回台账', '← Back to the ledger')), button(bi('打印', 'Print'), () => window.print())), told.el, body);
}
