// The verdict bar at the bottom of the screen: what the law says now, how much is open, whether the record is complete. It opens the
// results. A quieter copy of its words is read out by screen readers once typing pauses.

import type { Snapshot } from '../inspection.ts';
import { fill, h, live } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import { icon, type Sign } from '../ui/icons.ts';
import { entryName, outcomeName, reasonName, signOf } from '../ui/words.ts';
import { arrange } from './digest.ts';

const PAUSE = 900;

export interface Bar {
  readonly el: HTMLElement;
  readonly button: HTMLButtonElement;
  update(now: Snapshot): void;
}

export function verdictBar(onOpen: () => void): Bar {
  const words = h('span', { class: 'bar-words' });
  const counts = h('span', { class: 'bar-counts' });
  const button = h('button', { type: 'button', class: 'bar', 'aria-expanded': 'false', 'aria-controls': 'results', onclick: onOpen },
    words, counts, h('span', { class: 'bar-more', text: bi('详情', 'Details') }));
  const spoken = h('p', { class: 'sr', role: 'status', 'aria-live': 'polite' });
  const el = h('div', { class: 'bar-frame' }, button, spoken);
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
      chip('problem', lists.errors.length, say('处填写有误', 'errors in the record')));
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      const text = say(
        `结论：${name}。${lists.fails.length} 条不合格，${lists.close.length} 条太接近，还有 ${open} 问。记录${entryName(entry.outcome)}。`,
        `Verdict: ${name}. ${lists.fails.length} failed, ${lists.close.length} too close, ${open} questions open. Record: ${entryName(entry.outcome)}.`);
      if (spoken.textContent !== text) spoken.textContent = text;
    }, PAUSE);
  };
  live(button, draw);
  return {
    el, button,
    update(now) {
      last = now;
      draw();
    },
  };
}
