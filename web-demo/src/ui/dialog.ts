// A modal dialog with a title and a close button. In: title, body, who opened it. Out: nothing; the focus goes back to the opener.

import { fill, h, uid, type Child } from './dom.ts';
import { say } from './i18n.ts';

export interface DialogOptions {
  readonly title: string;
  readonly opener: HTMLElement;
  /** `close(false)` leaves the focus to the caller. */
  readonly body: (close: (restore: boolean) => void) => Child;
}

export function openDialog(options: DialogOptions): void {
  const id = uid('dialog');
  const closeButton = h('button', { type: 'button', class: 'close', 'aria-label': say('关闭', 'Close'), text: '✕' });
  const heading = h('h2', { id, tabindex: -1 }, options.title);
  const body = h('div', { class: 'dialog-body' });
  const el = h('dialog', { class: 'dialog', 'aria-labelledby': id }, h('div', { class: 'dialog-head' }, heading, closeButton), body);
  let restore = true;
  const close = (back: boolean): void => {
    restore = back;
    el.close();
  };
  fill(body, options.body(close));
  closeButton.addEventListener('click', () => close(true));
  el.addEventListener('click', (event) => {
    if (event.target === el) close(true);
  });
  el.addEventListener('close', () => {
    el.remove();
    if (restore && options.opener.isConnected) options.opener.focus();
  });
  document.body.append(el);
  el.showModal();
  heading.focus();
}

/** Asks before something is lost. */
export function confirmLoss(words: string, yes: string, opener: HTMLElement): Promise<boolean> {
  return new Promise((resolve) => {
    let answer = false;
    openDialog({
      title: say('先确认一下', 'Are you sure?'),
      opener,
      body: (close) => {
        const go = h('button', { type: 'button', class: 'action danger', text: yes });
        const stay = h('button', { type: 'button', class: 'action quiet', text: say('取消', 'Cancel') });
        go.addEventListener('click', () => {
          answer = true;
          close(false);
        });
        stay.addEventListener('click', () => close(true));
        return [h('p', {}, words), h('div', { class: 'row' }, stay, go)];
      },
    });
    document.querySelector('dialog:last-of-type')?.addEventListener('close', () => resolve(answer));
  });
}
