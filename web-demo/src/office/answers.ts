// What was filled in, in the order and words of the form. In: answers, the form's description. Out: lists. What the form marks as
// personal stays covered until somebody opens it, and is left out of print. Must not know: the verdict.

import type { Description, Field } from '../engine.ts';
import { valueText } from '../naming.ts';
import { isRecord, join, type Json } from '../pointer.ts';
import { h, type Child } from '../ui/dom.ts';
import { bi, both, say } from '../ui/i18n.ts';
import type { WholeEntry } from './types.ts';

type Answers = NonNullable<WholeEntry['entry']>;
/** What was attached at a place, with a way to open it. */
type Attached = (pointer: string) => Child;

function covered(text: () => string): HTMLElement {
  return h('details', { class: 'covered' }, h('summary', { text: bi('个人信息，点开查看', 'Personal data: open to see') }), h('span', { text }));
}

function line(label: () => string, value: Child): HTMLElement {
  return h('div', {}, h('dt', { text: label }), h('dd', {}, value));
}

function lines(description: Description, attached: Attached, fields: readonly Field[], record: Readonly<Record<string, Json>>, base: string): Child[] {
  const known = new Set(fields.map((field) => field.name));
  const strange = Object.keys(record).filter((name) => !known.has(name));
  return [
    ...fields.filter((field) => record[field.name] !== undefined && record[field.name] !== null).map((field) => answer(description, attached, field, record[field.name] ?? null, join(base, field.name))),
    // What the form does not know was sent all the same, and must not disappear from sight.
    ...strange.map((name) => line(() => name, h('code', {}, JSON.stringify(record[name])))),
  ];
}

function answer(description: Description, attached: Attached, field: Field, value: Json, at: string): Child {
  const label = both(field.label);
  const { fields } = field;
  if (fields && Array.isArray(value)) {
    return line(label, value.length === 0 ? bi('没有', 'none') : h('ol', { class: 'items' }, value.map((item, index) => h('li', {}, h('b', { text: () => say(`第 ${index + 1} 项`, `Item ${index + 1}`) }),
      isRecord(item) ? h('dl', { class: 'facts' }, lines(description, attached, fields, item, join(at, index))) : h('code', {}, JSON.stringify(item))))));
  }
  if (fields && isRecord(value)) return line(label, h('dl', { class: 'facts' }, lines(description, attached, fields, value, at)));
  const text = (): string => valueText(description, at, value);
  return line(label, [field.sensitive ? covered(text) : text, attached(at)]);
}

export function answers(entry: Answers, description: Description | null, attached: Attached): HTMLElement {
  if (!description) return h('details', {}, h('summary', { text: bi('原始内容（规则没有取到）', 'As it was sent (no ruleset to name it)') }), h('pre', { tabindex: 0 }, JSON.stringify(entry, null, 2)));
  const list = lines(description, attached, description.form.fields, entry, '');
  return list.length === 0 ? h('p', { class: 'hint', text: () => say('什么也没有填。', 'Nothing was filled in.') }) : h('dl', { class: 'facts wide' }, list);
}
