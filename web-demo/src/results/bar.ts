// The verdict bar at the bottom of the screen: what the law says now, how much is open, whether the record is complete. It opens the
// results; the button beside it, under the thumb, goes to the next open question. A quieter copy of its words is read out by
// screen readers once typing pauses.

import type { Snapshot } from '../inspection.ts';
import { fill, h, live } from '../ui/dom.ts';
import { say } from '../ui/i18n.ts';
import { icon, type Sign } from '../ui/icons.ts';
import { entryName, outcomeName, reasonName, signOf } from '../ui/words.ts';
import { arrange, type Arranged } from './digest.ts';

const PAUSE = 900;

export interface Bar {
  readonly el: HTMLElement;
  readonly button: HTMLButtonElement;
  readonly next: HTMLButtonElement;
  update(now: Snapshot): void;
}

export interface BarWays {
  open(): void;
  /** To the next open question, to the first error, or on to the papers. */
  next(): void;
}

/** What the button at the thumb does now. */
export type Step = 'question' | 'problem' | 'done';

export function stepOf(lists: Arranged): Step {
  if (lists.questions.length > 0 || lists.lacking.length > 0) return 'question';
  return lists.errors.length > 0 ? 'problem' : 'done';
}

export function verdictBar(ways: BarWays): Bar {
  const words = h('span', { class: 'bar-words' });
  const counts = h('span', { class: 'bar-counts' });
  const button = h('button', { type: 'button', class: 'bar', 'aria-expanded': 'false', 'aria-controls': 'results', onclick: () => ways.open() }, words, counts);
  const step = h('span');
  const next = h('button', { type: 'button', class: 'next', id: 'next', onclick: () => ways.next() }, step, icon('down'));
  const spoken = h('p', { class: 'sr', role: 'status', 'aria-live': 'polite' });
  const el = h('div', { class: 'bar-frame' }, h('div', { class: 'bar-row' }, button, next), spoken);
  let last: Snapshot | null = null;
  let timer = 0;

  /** Each part is drawn again only where it says something else: the bar changes with every key. */
  const chip = (kind: Sign): { el: HTMLElement; set(n: number, word: string): void } => {
    const number = document.createTextNode('');
    const meaning = h('span', { class: 'sr' });
    const one = h('span', { class: 'chip', hidden: true }, icon(kind), number, meaning);
    return {
      el: one,
      set(n, word) {
        one.hidden = n === 0;
        if (number.data !== String(n)) number.data = String(n);
        if (meaning.textContent !== ` ${word}`) meaning.textContent = ` ${word}`;
      },
    };
  };
  const [fails, close, open, passes, errors] = [chip('fail'), chip('close'), chip('open'), chip('pass'), chip('problem')] as const;
  fill(counts, ...[fails, close, open, passes, errors].map((one) => one.el));
  let said = '';

  const draw = (): void => {
    if (!last) return;
    const { verdict, entry } = last.report;
    const lists = arrange(last);
    const sign = signOf(verdict.outcome);
    const name = verdict.reason ? reasonName(verdict.reason) : outcomeName(verdict.outcome);
    const state = entryName(entry.outcome);
    if (said !== sign + name + state) {
      said = sign + name + state;
      button.dataset['sign'] = sign;
      fill(words, icon(sign), h('span', {}, h('b', {}, name), h('small', {}, state)));
    }
    const questions = lists.questions.length;
    fails.set(lists.fails.length, say('条不合格', 'failed'));
    close.set(lists.close.length, say('条太接近', 'too close'));
    open.set(questions, say('问未答', 'questions open'));
    passes.set(verdict.counts.pass, say('条合格', 'passed'));
    errors.set(lists.errors.length, say('处填写有误', 'errors in the record'));
    const doing = stepOf(lists);
    const label = doing === 'question' ? say('下一问', 'Next') : doing === 'problem' ? say('去改正', 'Correct') : say('完成', 'Done');
    if (step.textContent !== label) step.textContent = label;
    if (next.dataset['step'] !== doing) next.dataset['step'] = doing;
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      const text = say(
        `结论：${name}。${verdict.counts.pass} 条合格，${lists.fails.length} 条不合格，${lists.close.length} 条太接近，还有 ${questions} 问。记录${state}。`,
        `Verdict: ${name}. ${verdict.counts.pass} passed, ${lists.fails.length} failed, ${lists.close.length} too close, ${questions} questions open. Record: ${state}.`);
      if (spoken.textContent !== text) spoken.textContent = text;
    }, PAUSE);
  };
  live(button, draw);
  return {
    el, button, next,
    update(now) {
      last = now;
      draw();
    },
  };
}
