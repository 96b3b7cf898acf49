// The results: a sheet over the form on a phone, a column beside it on a wide screen. Findings, questions that can still decide,
// and problems of the record stand apart; each leads to its field or to its why view.

import type { Finding, Problem } from '../engine.ts';
import type { Inspection, Snapshot } from '../inspection.ts';
import { itemText, messageText, placeText } from '../naming.ts';
import { fill, h, live, type Child } from '../ui/dom.ts';
import { bi, pick, say } from '../ui/i18n.ts';
import { icon } from '../ui/icons.ts';
import { entryName, marginText, outcomeName, reasonName, severityName, signOf } from '../ui/words.ts';
import { arrange, type Question } from './digest.ts';

const FIRST = 12;

export interface Panel {
  readonly el: HTMLElement;
  update(now: Snapshot): void;
  open(): void;
  close(): void;
  readonly isOpen: boolean;
}

export interface PanelWays {
  jump(pointer: string): void;
  /** To the papers that can be made of the results. */
  papers(): void;
  why(rule: string, item: string | undefined, opener: HTMLElement): void;
  onClose(): void;
}

export function resultsPanel(inspection: Inspection, ways: PanelWays, recheck: HTMLElement): Panel {
  const heading = h('h2', { id: 'results-title', tabindex: -1, text: bi('检查结论', 'Results') });
  const close = h('button', { type: 'button', class: 'close', 'aria-label': bi('关闭结论', 'Close the results'), text: '✕' });
  const body = h('div', { class: 'results-body' });
  const el = h('aside', { id: 'results', class: 'results', 'aria-labelledby': 'results-title' },
    h('div', { class: 'results-head' }, heading, close), body,
    h('div', { class: 'papers-go' }, h('button', { type: 'button', class: 'action soft', id: 'papers', onclick: () => leave() },
      icon('print'), h('span', { text: bi('出文书：报告、整改提示', 'Papers: report, notices') }))),
    recheck, identity(inspection));
  const longer = new Set<string>();
  let last: Snapshot | null = null;
  let isOpen = false;

  const jump = (pointer: string): void => {
    panel.close();
    ways.jump(pointer);
  };
  function leave(): void {
    panel.close();
    ways.papers();
  }

  /** Straight to the first question, or to the first error. */
  const shortcuts = (lists: ReturnType<typeof arrange>): Child => {
    const to = (words: string, pointer: string | undefined): Child => {
      if (pointer === undefined) return null;
      const button = h('button', { type: 'button', class: 'action quiet' }, words);
      button.addEventListener('click', () => jump(pointer));
      return button;
    };
    const open = to(say('去第一处未答', 'First open question'), lists.questions[0]?.pointer ?? lists.lacking[0]?.at);
    const bad = to(say('去第一处有误', 'First error'), lists.errors[0]?.at);
    return open || bad ? h('div', { class: 'row shortcuts' }, open, bad) : null;
  };

  const more = (key: string, total: number): Child => {
    if (total <= FIRST || longer.has(key)) return null;
    const button = h('button', { type: 'button', class: 'link', text: say(`显示全部 ${total} 条`, `Show all ${total}`) });
    button.addEventListener('click', () => {
      longer.add(key);
      draw();
    });
    return h('li', { class: 'more' }, button);
  };
  const some = <T>(key: string, all: readonly T[]): readonly T[] => (longer.has(key) ? all : all.slice(0, FIRST));

  const card = (finding: Finding): HTMLElement => {
    const sign = signOf(finding.outcome, finding.reason);
    const button = h('button', { type: 'button', class: 'action quiet', text: say('为什么', 'Why'), 'aria-label': `${say('为什么', 'Why')}：${messageText(inspection, finding)}` });
    button.addEventListener('click', () => ways.why(finding.rule, finding.item, button));
    const where = finding.at[0] ?? finding.item;
    const go = where === undefined ? null : h('button', { type: 'button', class: 'link', text: say('去填写处', 'Go to the field'), 'aria-label': `${say('去填写处', 'Go to the field')}：${placeText(inspection.description, where)}` });
    go?.addEventListener('click', () => jump(where ?? ''));
    const title = inspection.description.rules.find((rule) => rule.id === finding.rule)?.title;
    const margin = marginText(finding.margin, finding.reason);
    const words = finding.outcome === 'fail' ? messageText(inspection, finding) : pick(title) || messageText(inspection, finding);
    return h('li', { class: `card card-${sign}` },
      h('p', { class: 'card-head' }, icon(sign), h('b', {}, sign === 'close' ? say('太接近', 'Too close') : outcomeName(finding.outcome)),
        h('span', { class: `severity severity-${finding.severity}` }, severityName(finding.severity))),
      h('p', { class: 'card-words' }, words),
      finding.item ? h('p', { class: 'card-item' }, itemText(inspection, finding.item)) : null,
      margin ? h('p', { class: 'card-margin' }, margin) : null,
      finding.outcome !== 'fail' ? h('p', { class: 'card-reason' }, reasonName(finding.reason)) : null,
      h('div', { class: 'row' }, button, go));
  };

  const ask = (question: Question): HTMLElement => {
    const button = h('button', { type: 'button', class: 'ask' },
      h('span', {}, placeText(inspection.description, question.pointer)),
      h('small', {}, say(`能定 ${question.decides} 条`, `decides ${question.decides}`)), icon('ask'));
    button.addEventListener('click', () => jump(question.pointer));
    return h('li', {}, button);
  };

  const trouble = (problem: Problem): HTMLElement => {
    const button = h('button', { type: 'button', class: 'ask' },
      h('span', {}, h('b', {}, placeText(inspection.description, problem.at)), ' ', pick(problem.message)), icon('ask'));
    button.addEventListener('click', () => jump(problem.at));
    return h('li', {}, button);
  };

  const section = (key: string, title: string, list: readonly unknown[], items: Child, hint?: string, tag: 'ul' | 'ol' = 'ul'): Child =>
    list.length === 0 ? null : h('section', { class: `part-${key}` },
      h('h3', {}, `${title} `, h('span', { class: 'count' }, String(list.length))), hint ? h('p', { class: 'hint' }, hint) : null,
      h(tag, { class: 'plain' }, items, more(key, list.length)));

  const draw = (): void => {
    if (!last) return;
    const lists = arrange(last);
    const { verdict, entry } = last.report;
    const sign = signOf(verdict.outcome);
    const top = body.scrollTop;
    fill(body,
      h('div', { class: `verdict verdict-${sign}` }, icon(sign),
        h('div', {}, h('b', {}, outcomeName(verdict.outcome)), h('p', {}, summary(last, lists)))),
      shortcuts(lists),
      section('fail', say('不合格', 'Failed'), lists.fails, some('fail', lists.fails).map(card)),
      section('close', say('太接近，不能定', 'Too close to tell'), lists.close, some('close', lists.close).map(card)),
      section('ask', say('还要问', 'Still to ask'), lists.questions, some('ask', lists.questions).map(ask),
        lists.asking < lists.questions.length ? say(`答了这些才能定：现在要答的约 ${lists.asking} 问，其余看前面怎么答。点一下去填。`, `These answers can still decide something: about ${lists.asking} now, the others depending on those. Tap to answer.`)
          : say('答了这些才能定。点一下去填。', 'These answers can still decide something. Tap to answer.'), 'ol'),
      section('photos', say('可以补的照片、文件（选填）', 'Photos and files that may be added'), lists.photos, some('photos', lists.photos).map(ask),
        say('没有也能提交，但这几条就定不了。', 'The record can do without them; then these findings stay open.')),
      section('open', say('其他待定', 'Open for other reasons'), lists.open, some('open', lists.open).map(card)),
      h('section', { class: 'part-entry' },
        h('h3', {}, say('填写情况', 'The record'), ' ', h('span', { class: `entry entry-${entry.outcome}` }, entryName(entry.outcome))),
        lists.errors.length ? h('ul', { class: 'plain', 'aria-label': say('填写有误', 'Errors') }, some('errors', lists.errors).map(trouble), more('errors', lists.errors.length)) : null,
        folded(say('必填未答', 'Required and not answered'), lists.lacking, (all) => all.map(trouble)),
        folded(say('提醒', 'Warnings'), lists.warnings, (all) => all.map(trouble)),
        folded(say('等答案的规则', 'Rules that wait for answers'), lists.waiting, (all) => all.map(card)),
        passes(verdict.counts.pass)));
    body.scrollTop = top;
  };

  /** A list that is drawn when it is opened; whether it is open survives a redraw. */
  const folds = new Set<string>();
  function folded<T>(title: string, list: readonly T[], items: (list: readonly T[]) => HTMLElement[]): Child {
    if (list.length === 0) return null;
    const inner = h('ul', { class: 'plain' });
    const key = title;
    const fillIn = (): void => fill(inner, items(list.slice(0, 100)));
    const details = h('details', {}, h('summary', {}, `${title} `, h('span', { class: 'count' }, String(list.length))), inner);
    if (folds.has(key)) {
      details.open = true;
      fillIn();
    }
    details.addEventListener('toggle', () => {
      if (details.open) folds.add(key);
      else folds.delete(key);
      if (details.open && inner.childElementCount === 0) fillIn();
    });
    return details;
  }

  /** What passed is asked of the engine only where somebody wants to see it. */
  function passes(count: number): Child {
    return folded(say('合格的规则', 'Rules that pass'), Array.from({ length: count }), () =>
      inspection.explained().verdict.findings.filter((one) => one.outcome === 'pass').map(card));
  }

  const panel: Panel = {
    el,
    get isOpen() { return isOpen; },
    update(now) {
      if (now === last) return; // drawn anew, what has the focus would lose it
      last = now;
      if (isOpen || wide()) draw();
    },
    open() {
      isOpen = true;
      el.classList.add('open');
      draw();
      heading.focus();
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      el.classList.remove('open');
      ways.onClose();
    },
  };
  close.addEventListener('click', () => panel.close());
  live(body, draw);
  return panel;
}

const room = window.matchMedia('(min-width: 62rem)');
let roomy = room.matches;
// Asked once: each further question would cost a style pass.
room.addEventListener('change', () => {
  roomy = room.matches;
});

/** Is there room for the results beside the form? */
export function wide(): boolean {
  return roomy;
}

function summary(now: Snapshot, lists: ReturnType<typeof arrange>): string {
  const { verdict } = now.report;
  if (verdict.reason) return reasonName(verdict.reason);
  const counts = verdict.counts;
  const parts = [
    counts.fail ? say(`${counts.fail} 条不合格`, `${counts.fail} failed`) : '',
    lists.close.length ? say(`${lists.close.length} 条太接近`, `${lists.close.length} too close`) : '',
    counts.undetermined - lists.close.length > 0 ? say(`${counts.undetermined - lists.close.length} 条待定`, `${counts.undetermined - lists.close.length} open`) : '',
    counts.pass ? say(`${counts.pass} 条合格`, `${counts.pass} passed`) : '',
    counts.faulted ? say(`${counts.faulted} 条算不出`, `${counts.faulted} faulted`) : '',
  ];
  return parts.filter(Boolean).join(say('，', ', '));
}

function identity(inspection: Inspection): HTMLElement {
  const { ruleset } = inspection;
  return h('p', { class: 'identity' }, `${ruleset.id} ${ruleset.version}`, h('br'), h('code', {}, ruleset.digest));
}
