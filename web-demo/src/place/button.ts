// The button that measures where the phone is, with its live line. In: what to do with a place. Out: an element, and an end. Used by places
// and by corners of a boundary.

import { h, fill } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import { icon } from '../ui/icons.ts';
import { locate, PATIENCE, type Located, type Locating } from './locating.ts';
import { adviceWords, detailWords, faultWords, progressWords, takenWords } from './words.ts';

export interface LocateButton {
  readonly el: HTMLElement;
  readonly button: HTMLButtonElement;
  /** Forgets what is shown and stops. */
  reset(): void;
}

export interface LocateOptions {
  readonly id?: string;
  readonly label: () => string;
  /** At each fix, so that an interruption loses nothing. */
  readonly onProgress?: (now: Located) => void;
  readonly onTaken: (located: Located) => void;
  /** Leads to where the place is typed, where it is typed beside the button: for who does not wait any longer. */
  readonly manual?: () => void;
}

export function locateButton(options: LocateOptions): LocateButton {
  const button = h('button', { type: 'button', class: 'action soft gps', id: options.id }, icon('place'), h('span', { text: options.label }));
  const take = h('button', { type: 'button', class: 'action quiet', text: bi('就用这次定位', 'Use this position'), hidden: true });
  const stop = h('button', { type: 'button', class: 'action quiet gps-stop', text: options.manual ? bi('不等了，手工填', 'Stop and type it') : bi('不等了', 'Stop'), hidden: true });
  const status = h('p', { class: 'status', role: 'status' });
  /** Beside the status and no part of it: a screen reader would read every second. */
  const left = h('p', { class: 'hint gps-left' });
  let ticking = 0;
  const meter = h('div', { class: 'gps-meter', 'aria-hidden': 'true', hidden: true }, h('span'));
  const more = h('div', { class: 'gps-more' });
  let going: Locating | null = null;
  const idle = (): void => {
    going = null;
    clearInterval(ticking);
    left.textContent = '';
    stop.hidden = true;
    take.hidden = true;
    meter.hidden = true;
    button.removeAttribute('aria-disabled');
  };
  const finish = (located: Located): void => {
    status.textContent = takenWords(located);
    const advice = adviceWords(located.result);
    fill(more,
      advice.length ? h('ul', { class: 'advice' }, advice.map((one) => h('li', {}, icon('problem'), h('span', {}, one)))) : null,
      h('details', {}, h('summary', { text: bi('怎么得来的', 'How it came about') }), detailWords(located).map((one) => h('p', { class: 'hint' }, one))));
  };
  button.addEventListener('click', () => {
    if (going) return;
    button.setAttribute('aria-disabled', 'true');
    fill(more);
    status.textContent = bi('正在定位，请站住……', 'Looking for a position, stand still…')();
    let over = false;
    const until = Date.now() + PATIENCE;
    const tick = (): void => {
      const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      left.textContent = say(`最多再等 ${seconds} 秒`, `${seconds} s at most`);
    };
    stop.hidden = false;
    tick();
    ticking = window.setInterval(tick, 1_000);
    const made = locate((now) => {
      status.textContent = progressWords(now);
      take.hidden = false;
      meter.hidden = false;
      // Full at 3 m, empty at 100 m and worse.
      (meter.firstElementChild as HTMLElement).style.width = `${Math.max(2, 100 - (Math.log(now.result.accuracy / 3) / Math.log(100 / 3)) * 100)}%`;
      options.onProgress?.(now);
    }, (end) => {
      over = true;
      const held = document.activeElement === take || document.activeElement === stop;
      idle();
      if (held) button.focus();
      if ('fault' in end) {
        status.textContent = faultWords(end.fault);
      } else {
        finish(end.located);
        options.onTaken(end.located);
      }
    });
    if (!over) going = made;
  });
  take.addEventListener('click', () => going?.take());
  stop.addEventListener('click', () => {
    going?.cancel();
    idle();
    status.textContent = options.manual ? say('已停止定位，请手工填写。', 'Stopped: type the place.') : say('已停止定位。', 'Stopped.');
    (options.manual ?? (() => button.focus()))();
  });
  return {
    el: h('div', { class: 'gps-box' }, h('div', { class: 'row' }, button, take, stop), meter, status, left, more),
    button,
    reset() {
      going?.cancel();
      idle();
      status.textContent = '';
      fill(more);
    },
  };
}
