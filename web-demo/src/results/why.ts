// Why a rule says what it says: the quoted clause, the values that decided, the parts of the condition with their truth, how far
// it was from the limit, what is missing, and what is to be done by whom. In: one finding with its evidence. Out: a dialog.

import type { Clause, Finding } from '../engine.ts';
import { ruleEvidence } from '../evidence/section.ts';
import { whatWouldChange } from '../flow/instead.ts';
import type { Inspection } from '../inspection.ts';
import { itemText, messageText, paramsOf, placeText, readableExpression, valueText, vocabulary } from '../naming.ts';
import { h, type Child } from '../ui/dom.ts';
import { openDialog } from '../ui/dialog.ts';
import { pick, say } from '../ui/i18n.ts';
import { icon } from '../ui/icons.ts';
import { gradeName, kindName, marginText, outcomeName, reasonName, severityName, signOf, unitName } from '../ui/words.ts';

export function showWhy(inspection: Inspection, rule: string, item: string | undefined, opener: HTMLElement, jump: (pointer: string) => void): void {
  const finding = inspection.explained().verdict.findings.find((one) => one.rule === rule && one.item === item);
  if (!finding) return;
  const title = inspection.description.rules.find((one) => one.id === rule)?.title;
  openDialog({
    title: pick(title) || rule,
    opener,
    body: (close) => content(inspection, finding, (pointer) => {
      close(false);
      jump(pointer);
    }),
  });
}

function block(title: string, ...children: Child[]): HTMLElement {
  return h('section', { class: 'why-part' }, h('h3', {}, title), ...children);
}

function content(inspection: Inspection, finding: Finding, jump: (pointer: string) => void): Child {
  const { description } = inspection;
  const sign = signOf(finding.outcome, finding.reason);
  const margin = marginText(finding.margin, finding.reason);
  const values = (finding.evidence?.values ?? []).filter((one) => one.value !== null);
  const truths = finding.evidence?.truths ?? [];
  // Inside the item that the finding is about, the item need not be named again.
  const inItem = (pointer: string): string => finding.item && pointer.startsWith(finding.item + '/')
    ? placeText(description, pointer).split(' · ').slice(1).join(' · ') : placeText(description, pointer);
  const steps = truths.filter((one) => isStep(one.expression));
  const clauses = finding.clauses.map((id) => clause(description.clauses.find((one) => one.id === id), id));
  const words = vocabulary(description);
  const instead = whatWouldChange(inspection, finding);
  const params = paramsOf(description, steps.map((one) => one.expression), finding.clauses);
  const go = (pointer: string, children: Child): HTMLElement => {
    const button = h('button', { type: 'button', class: 'ask' }, h('span', {}, children), icon('ask'));
    button.addEventListener('click', () => jump(pointer));
    return h('li', {}, button);
  };
  return [
    h('div', { class: `verdict verdict-${sign}` }, icon(sign), h('div', {},
      h('b', {}, sign === 'close' ? say('太接近，不能定', 'Too close to tell') : outcomeName(finding.outcome)),
      h('p', {}, `${severityName(finding.severity)} · ${kindName(finding.kind)}${finding.item ? ` · ${itemText(inspection, finding.item)}` : ''}`))),
    finding.outcome === 'fail' ? h('p', { class: 'why-message' }, messageText(inspection, finding)) : null,
    finding.reason ? h('p', { class: 'why-message' }, reasonName(finding.reason)) : null,
    margin ? h('p', { class: 'why-margin' }, margin) : null,
    block(say('法律依据', 'What the law says'), clauses.slice(0, 1), clauses.length > 1
      ? h('details', {}, h('summary', {}, say(`另有 ${clauses.length - 1} 条依据`, `${clauses.length - 1} more`)), clauses.slice(1)) : null),
    values.length ? block(say('据以判断的填写', 'The answers that decided'),
      h('dl', { class: 'values' }, values.map((one) => h('div', {}, h('dt', {}, inItem(one.at)), h('dd', {}, valueText(description, one.at, one.value)))))) : null,
    params.length ? block(say('所用的标准', 'The standards used'),
      h('dl', { class: 'values' }, params.map((param) => h('div', {}, h('dt', {}, pick(param.label)),
        h('dd', {}, param.value === undefined ? say('本地还没有规定', 'not set here') : `${String(param.value)} ${unitName(param.unit)}`))))) : null,
    instead.length ? block(say('怎样才会不同', 'What would change it'),
      h('ul', { class: 'plain' }, instead.map((one) => go(one.pointer, say(
        `“${inItem(one.pointer)}”如果是“${valueText(description, one.pointer, one.value)}”：${outcomeName(one.outcome)}`,
        `“${inItem(one.pointer)}” were “${valueText(description, one.pointer, one.value)}”: ${outcomeName(one.outcome)}`))))) : null,
    finding.missing?.length ? block(say('还缺什么', 'What is missing'),
      h('ul', { class: 'plain' }, finding.missing.slice(0, 30).map((pointer) => go(pointer, placeText(description, pointer))))) : null,
    finding.outcome === 'fail' && (finding.remedy || finding.duty || finding.deadline) ? block(say('怎么办', 'What to do'),
      h('dl', { class: 'values' },
        finding.remedy ? h('div', {}, h('dt', {}, say('整改', 'Remedy')), h('dd', {}, pick(finding.remedy))) : null,
        finding.duty ? h('div', {}, h('dt', {}, say('谁来办', 'Who must act')), h('dd', {}, pick(finding.duty))) : null,
        finding.deadline ? h('div', {}, h('dt', {}, say('期限', 'Deadline')), h('dd', {}, finding.deadline)) : null)) : null,
    steps.length ? h('details', { class: 'why-part truths' },
      h('summary', {}, say('判断过程', 'Step by step')),
      h('ul', { class: 'plain' }, steps.map((one) => step(one.expression, one.truth, words)))) : null,
    block(say('佐证', 'Evidence'), ruleEvidence(inspection, finding.rule)),
    h('p', { class: 'identity' }, say('规则编号', 'Rule'), ' ', h('code', {}, finding.rule)),
  ];
}

function clause(known: Clause | undefined, id: string): HTMLElement {
  if (!known) return h('p', {}, h('code', {}, id));
  const name = `《${known.title.replace(/^《|》$/g, '')}》`;
  const link = known.link !== undefined && /^https?:/.test(known.link) ? known.link : null;
  return h('figure', { class: 'clause' },
    h('blockquote', { lang: 'zh-CN', cite: link }, known.quote),
    h('figcaption', {},
      h('cite', { lang: 'zh-CN' }, link ? h('a', { href: link, rel: 'noopener noreferrer', target: '_blank' }, name) : name), ' ',
      h('span', { lang: 'zh-CN' }, known.article), ' ',
      h('span', { class: `grade grade-${known.grade}` }, gradeName(known.grade)),
      known.publisher ? h('span', { class: 'publisher', lang: 'zh-CN' }, known.publisher) : null),
    known.note ? h('p', { class: 'clause-note' }, pick(known.note)) : null);
}

/** Single conditions are shown; what only joins them would repeat their text. */
function isStep(expression: string): boolean {
  return !/[{}]|&&|\|\||^(true|false)$/.test(expression);
}

function step(expression: string, truth: boolean | string, words: ReadonlyMap<string, string>): HTMLElement {
  const sign = truth === true ? 'pass' : truth === false ? 'none' : 'open';
  const word = truth === true ? say('成立', 'true') : truth === false ? say('不成立', 'false') : say('不能定', 'unknown');
  return h('li', { class: 'step' }, h('span', { class: `step-truth step-${sign}` }, word),
    h('span', { class: 'step-words', title: expression }, readableExpression(expression, words),
      typeof truth === 'string' ? h('small', {}, ` ${reasonName(truth)}`) : null));
}
