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

  const draw = (): void => {
    if (!last) return;
    const { verdict, entry } = last.report;
    const lists = arrange(last);
    const sign = signOf(verdict.outcome);
    const name = verdict.reason ? reasonName(verdict.reason) : outcomeName(verdict.outcome);
    button.dataset['sign'] = sign;
    fill(words, icon(sign), h('span', {}, h('b', {}, name), h('small', {}, entryName(entry.outcome))));
    const chip = (kind: Sign, n: number, word: string): HTMLElement | null =>
      n > 0 ? h('span', { class: 'chip' }, icon(kind), String(n), h('span', { class: 'sr' }, ` ${word}`)) : null;
    const open = lists.questions.length;
    fill(counts,
      chip('fail', lists.fails.length, say('条不合格', 'failed')),
      chip('close', lists.close.length, say('条太接近', 'too close')),
      chip('open', open, say('问未答', 'questions open')),
      chip('pass', verdict.counts.pass, say('条合格', 'passed')),
      chip('problem', lists.errors.length, say('处填写有误', 'errors in the record')));
    const doing = stepOf(lists);
    next.dataset['step'] = doing;
    step.textContent = doing === 'question' ? say('下一问', 'Next') : doing === 'problem' ? say('去改正', 'Correct') : say('完成', 'Done');
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      const text = say(
        `结论：${name}。${verdict.counts.pass} 条合格，${lists.fails.length} 条不合格，${lists.close.length} 条太接近，还有 ${open} 问。记录${entryName(entry.outcome)}。`,
        `Verdict: ${name}. ${verdict.counts.pass} passed, ${lists.fails.length} failed, ${lists.close.length} too close, ${open} questions open. Record: ${entryName(entry.outcome)}.`);
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
