// The filters of records. In: what people choose. Out: the query. One state for all views, so that a change of view keeps them. What is
// searched for stands in no address of the page, because it may be a name.

import { h } from '../ui/dom.ts';
import { bi, both, type Text } from '../ui/i18n.ts';
import { button, labelled, select, type Choice } from './parts.ts';
import type { RulesetLine } from './types.ts';
import { OUTCOMES, STATES, outcomeWord, stateName } from './words.ts';

export type Filters = Record<'area' | 'topic' | 'outcome' | 'from' | 'to' | 'rule' | 'state' | 'agree' | 'text', string>;

export const noFilters = (): Filters => ({ area: '', topic: '', outcome: '', from: '', to: '', rule: '', state: '', agree: '', text: '' });

const ALL: Choice = ['', bi('全部', 'All')];

export function topicChoices(topics: readonly RulesetLine[]): Choice[] {
  return [ALL, ...topics.map((one): Choice => [one.id, both(one.title)])];
}

export const topicName = (topics: readonly RulesetLine[], id: string): (() => string) => both(topics.find((one) => one.id === id)?.title ?? ({ zh: id } satisfies Text));

export function areaInput(value: string, name = 'area'): HTMLInputElement {
  return h('input', { type: 'text', name, class: 'text', inputmode: 'numeric', maxlength: 6, pattern: '[0-9]{6}', autocomplete: 'off', placeholder: '520400', value });
}

/** The filters as a form; `apply` is called when they changed. */
export function filterForm(filters: Filters, topics: readonly RulesetLine[], apply: () => void): HTMLElement {
  const inputs: Record<keyof Filters, HTMLInputElement | HTMLSelectElement> = {
    area: areaInput(filters.area),
    topic: select('topic', topicChoices(topics), filters.topic),
    outcome: select('outcome', [ALL, ...Object.keys(OUTCOMES).map((code): Choice => [code, () => outcomeWord(code)])], filters.outcome),
    from: h('input', { type: 'date', name: 'from', class: 'text', value: filters.from }),
    to: h('input', { type: 'date', name: 'to', class: 'text', value: filters.to }),
    rule: h('input', { type: 'text', name: 'rule', class: 'text', autocomplete: 'off', spellcheck: 'false', value: filters.rule }),
    state: select('state', [ALL, ...Object.keys(STATES).map((code): Choice => [code, () => stateName(code)])], filters.state),
    agree: select('agree', [ALL, ['true', bi('一致', 'Agree')], ['false', bi('不一致', 'Differ')]], filters.agree),
    text: h('input', { type: 'search', name: 'text', class: 'text', autocomplete: 'off', value: filters.text }),
  };
  const form = h('form', { class: 'filters', role: 'search', 'aria-label': bi('筛选', 'Filters') },
    labelled(bi('地区码（含下级）', 'Area code (and below)'), inputs.area),
    labelled(bi('主题', 'Topic'), inputs.topic),
    labelled(bi('结论', 'Outcome'), inputs.outcome),
    labelled(bi('检查日从', 'Checked from'), inputs.from),
    labelled(bi('到', 'To'), inputs.to),
    labelled(bi('规则编号', 'Rule'), inputs.rule),
    labelled(bi('接收状态', 'State'), inputs.state),
    labelled(bi('两次判定是否一致', 'Both verdicts agree'), inputs.agree, bi('手机判一次，服务器再判一次', 'the phone’s and the server’s')),
    labelled(bi('对象名称', 'Subject'), inputs.text),
    h('div', { class: 'row' }, h('button', { type: 'submit', class: 'action', text: bi('筛选', 'Apply') }), button(bi('清除', 'Clear'), () => {
      for (const name of Object.keys(inputs) as (keyof Filters)[]) inputs[name].value = '';
      form.requestSubmit();
    })));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    for (const name of Object.keys(inputs) as (keyof Filters)[]) filters[name] = inputs[name].value.trim();
    apply();
  });
  return form;
}
