// Findings of a stored report with the words of the law. In: a report with evidence, the ruleset's bundle. Out: cards. The quotes come
// from the very bundle that the report names, by its digest, so that they are those of that day.

import { loadRuleset, type Clause, type Description, type Finding } from '../engine.ts';
import { find, paramsOf, placeText, readableExpression, valueText, vocabulary } from '../naming.ts';
import { read, type Json } from '../pointer.ts';
import { h, type Child } from '../ui/dom.ts';
import { bi, both, pick, say } from '../ui/i18n.ts';
import { icon } from '../ui/icons.ts';
import { gradeName, kindName, marginText, outcomeName, reasonName, severityName, signOf, unitName } from '../ui/words.ts';
import { nothing } from './parts.ts';
import type { Report, WholeEntry } from './types.ts';

/** A ruleset as it reads for one place and day. */
export interface Book {
  readonly description: Description;
}

/** The bundle behind a record's verdict; null where the server cannot give it or this browser cannot run the engine. */
export async function bookOf(one: WholeEntry): Promise<Book | null> {
  const named = (one.reports.inForce ?? one.reports.named)?.ruleset;
  if (!named) return null;
  try {
    const ruleset = await loadRuleset(new URL(`v1/bundles/by-digest/${named.replace(/^sha256:/, '')}`, document.baseURI).href);
    return { description: ruleset.describe({ asOf: one.asOf, jurisdiction: one.jurisdiction ?? '000000' }) };
  } catch (error) {
    console.warn(error);
    return null;
  }
}

export function ruleTitle(book: Book | null, id: string): () => string {
  const title = book?.description.rules.find((one) => one.id === id)?.title;
  return title ? both(title) : () => id;
}

/** What the engine writes instead of a personal answer. */
const COVERED = '***';

const GRAVITY: Readonly<Record<string, number>> = { critical: 0, major: 1, moderate: 2, minor: 3 };
const ORDER: Readonly<Record<string, number>> = { fail: 0, undetermined: 1, faulted: 1 };

/** Failed ones first, then what is open; the gravest first. */
export function findingCards(report: Report, book: Book | null, entry: WholeEntry['entry']): Child {
  const shown = report.verdict.findings.filter((one) => one.outcome in ORDER)
    .sort((a, b) => (ORDER[a.outcome] ?? 9) - (ORDER[b.outcome] ?? 9) || (GRAVITY[a.severity] ?? 9) - (GRAVITY[b.severity] ?? 9));
  if (shown.length === 0) return nothing(bi('没有不合格，也没有待定的规则。', 'No rule fails, and none is open.'));
  const failed = shown.filter((one) => one.outcome === 'fail');
  const open = shown.filter((one) => one.outcome !== 'fail');
  return [
    failed.map((one) => card(one, book, entry)),
    open.length > 0 ? h('details', { class: 'opens', open: failed.length === 0 }, h('summary', { text: () => say(`待定的规则 ${open.length} 条`, `${open.length} open rules`) }), open.map((one) => card(one, book, entry))) : null,
  ];
}

/** The same where no ruleset is at hand. */
export function plainItem(pointer: string): string {
  const index = Number(pointer.split('/').at(-1));
  return pointer === '' || Number.isNaN(index) ? pointer : say(`第 ${index + 1} 项`, `item ${index + 1}`);
}

/** An item of a list as people call it: `入住的未成年人 第 1 项 · 名称`. */
export function itemName(book: Book | null, pointer: string, entry: WholeEntry['entry']): string {
  if (pointer === '') return '';
  if (!book) return plainItem(pointer);
  const { field } = find(book.description.form.fields, pointer);
  // A name is shown only where the form does not mark it as personal.
  const named = field?.fields?.find((one) => one.type === 'text' && !one.sensitive);
  const name = named && entry ? read(entry as Json, `${pointer}/${named.name}`) : undefined;
  return placeText(book.description, pointer) + (typeof name === 'string' && name !== '' ? ` · ${name.slice(0, 30)}` : '');
}

function card(finding: Finding, book: Book | null, entry: WholeEntry['entry']): HTMLElement {
  const sign = signOf(finding.outcome, finding.reason);
  const { item } = finding;
  return h('article', { class: `finding finding-${sign}`, 'data-rule': finding.rule },
    h('header', {}, icon(sign), h('h3', { text: ruleTitle(book, finding.rule) }), h('span', { class: 'tag', text: () => `${outcomeName(finding.outcome)} · ${severityName(finding.severity)} · ${kindName(finding.kind)}` })),
    finding.outcome === 'fail' ? h('p', { class: 'finding-words', text: both(finding.message) }) : null,
    finding.reason ? h('p', { text: () => reasonName(finding.reason) }) : null,
    item ? h('p', { text: () => itemName(book, item, entry) }) : null,
    h('p', { class: 'margin', text: () => marginText(finding.margin, finding.reason) }),
    book ? laws(finding, book) : h('p', {}, finding.clauses.map((id) => h('code', {}, id))),
    book ? evidence(finding, book) : null,
    todo(finding));
}

function laws(finding: Finding, { description }: Book): Child {
  const all = finding.clauses.map((id) => quote(description.clauses.find((one) => one.id === id), id));
  const rest = all.slice(1);
  return [all[0], rest.length > 0 ? h('details', {}, h('summary', { text: () => say(`另有 ${rest.length} 条依据`, `${rest.length} more clauses`) }), rest) : null];
}

function quote(clause: Clause | undefined, id: string): HTMLElement {
  if (!clause) return h('p', {}, h('code', {}, id));
  const name = `《${clause.title.replace(/^《|》$/g, '')}》`;
  const link = clause.link && /^https?:/.test(clause.link) ? clause.link : null;
  return h('figure', { class: 'law' }, h('blockquote', { lang: 'zh-CN' }, clause.quote),
    h('figcaption', {}, h('cite', { lang: 'zh-CN' }, link ? h('a', { href: link, rel: 'noopener noreferrer', target: '_blank' }, name) : name, ' ', clause.article), ' ',
      h('span', { class: 'tag', text: () => gradeName(clause.grade) })));
}

/** What decided: answers, standards, the parts of the condition. */
function evidence(finding: Finding, { description }: Book): Child {
  const values = (finding.evidence?.values ?? []).filter((one) => one.value !== null);
  const steps = (finding.evidence?.truths ?? []).filter((one) => !/[{}]|&&|\|\||^(true|false)$/.test(one.expression));
  const params = paramsOf(description, steps.map((one) => one.expression), finding.clauses);
  const missing = finding.missing ?? [];
  // Inside the item that the finding is about, the item need not be named again.
  const place = (at: string): string => finding.item && at.startsWith(`${finding.item}/`) ? placeText(description, at).split(' · ').slice(1).join(' · ') : placeText(description, at);
  const rows: Child[] = [
    values.map((one) => h('div', {}, h('dt', { text: () => place(one.at) }), h('dd', { text: () => (one.value === COVERED ? say('个人信息，不显示', 'personal data, not shown') : valueText(description, one.at, one.value)) }))),
    params.map((one) => h('div', {}, h('dt', { text: both(one.label) }), h('dd', { text: () => one.value === undefined ? say('本地还没有规定', 'not set here') : `${String(one.value)} ${unitName(one.unit)}` }))),
  ];
  return [
    values.length + params.length > 0 ? h('dl', { class: 'facts' }, rows) : null,
    missing.length > 0 ? h('p', { class: 'hint', text: () => say('还缺：', 'Missing: ') + missing.slice(0, 10).map(place).join('；') + (missing.length > 10 ? '……' : '') }) : null,
    steps.length > 0 ? h('details', {}, h('summary', { text: bi('判断过程', 'Step by step') }), h('ul', { class: 'steps' }, steps.map((one) => h('li', {
      text: () => `${one.truth === true ? say('成立', 'true') : one.truth === false ? say('不成立', 'false') : say('不能定', 'unknown')}：${readableExpression(one.expression, vocabulary(description))}`,
    })))) : null,
  ];
}

function todo(finding: Finding): Child {
  if (finding.outcome !== 'fail') return null;
  const { remedy, duty, deadline } = finding;
  const parts = [remedy && (() => say('整改：', 'Remedy: ') + pick(remedy)), duty && (() => say('责任单位：', 'Who must act: ') + pick(duty)), deadline && (() => say('期限：', 'Deadline: ') + deadline)];
  return parts.map((text) => (text ? h('p', { text }) : null));
}
