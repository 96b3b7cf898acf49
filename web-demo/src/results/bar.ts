// The verdict bar at the bottom of the screen: what the law says now, how much is open, whether the record is complete. It opens the
// results; the button beside it, under the thumb, goes to the next open question, and at the end to the signatures. A quieter copy of
// its words is read out by screen readers once typing pauses.

import type { Snapshot } from '../inspection.ts';
import { fill, h, live, write } from '../ui/dom.ts';
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
  /** To the next open question, to the first error, or on to signing and submitting. */
  next(): void;
  /** Is it still to be said who is inspected? */
  nameless(): boolean;
  /** Is a signature missing? */
  unsigned(): boolean;
}

/** What the button at the thumb does now. */
export type Step = 'question' | 'problem' | 'done';

export function stepOf(lists: Arranged, nameless: boolean): Step {
  if (nameless || lists.asking > 0) return 'question';
  return lists.errors.length > 0 ? 'problem' : 'done';
}

export function verdictBar(ways: BarWays): Bar {
  const verdictName = h('b');
  const toGo = h('small');
  const words = h('span', { class: 'bar-words' });
  const counts = h('span', { class: 'bar-counts' });
  const more = h('span', { class: 'bar-more' });
  const button = h('button', { type: 'button', class: 'bar', 'aria-expanded': 'false', 'aria-controls': 'results', onclick: () => ways.open() }, words, h('span', { class: 'bar-side' }, counts, more));
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
        write(meaning, ` ${word}`);
      },
    };
  };
  const [fails, close, passes, errors] = [chip('fail'), chip('close'), chip('pass'), chip('problem')] as const;
  fill(counts, ...[fails, close, passes, errors].map((one) => one.el));
  let signed: Sign | null = null;

  const draw = (): void => {
    if (!last) return;
    const { verdict, entry } = last.report;
    const lists = arrange(last);
    const sign = signOf(verdict.outcome);
    const name = verdict.reason ? reasonName(verdict.reason) : outcomeName(verdict.outcome);
    const questions = lists.asking + (ways.nameless() ? 1 : 0);
    // A complete record may still leave rules open, for want of a photo or of a measurement that is fine enough.
    const left = verdict.counts.undetermined;
    const state = questions === 0 ? entryName(entry.outcome) + (left > 0 ? say(`，${left} 条待定`, `, ${left} open`) : '')
      : lists.branching ? say(`还差约 ${questions} 问`, `About ${questions} to go`) : say(`还差 ${questions} 问`, `${questions} to go`);
    if (signed !== sign) {
      signed = sign;
      button.dataset['sign'] = sign;
      fill(words, icon(sign), h('span', {}, verdictName, toGo));
    }
    write(verdictName, name);
    write(toGo, state);
    write(more, say('查看结论 ▴', 'Results ▴'));
    fails.set(lists.fails.length, say('条不合格', 'failed'));
    close.set(lists.close.length, say('条太接近', 'too close'));
    passes.set(verdict.counts.pass, say('条合格', 'passed'));
    errors.set(lists.errors.length, say('处填写有误', 'errors in the record'));
    const doing = stepOf(lists, ways.nameless());
    write(step, doing === 'question' ? say('下一问', 'Next') : doing === 'problem' ? say('去改正', 'Correct') : ways.unsigned() ? say('去签名、提交', 'Sign and submit') : say('去提交', 'Submit'));
    if (next.dataset['step'] !== doing) next.dataset['step'] = doing;
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      const text = say(
        `结论：${name}。${verdict.counts.pass} 条合格，${lists.fails.length} 条不合格，${lists.close.length} 条太接近，${lists.branching ? '大约' : ''}还有 ${questions} 问。记录${entryName(entry.outcome)}。`,
        `Verdict: ${name}. ${verdict.counts.pass} passed, ${lists.fails.length} failed, ${lists.close.length} too close, ${lists.branching ? 'about ' : ''}${questions} questions open. Record: ${entryName(entry.outcome)}.`);
      write(spoken, text);
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
