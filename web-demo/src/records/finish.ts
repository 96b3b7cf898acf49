// 提交: a draft becomes a record that waits for the server, and the three steps to its receipt are shown. In: the inspection and what saves it.
// Out: an element with the button. Must not know: how it is sent.

import type { Inspection } from '../inspection.ts';
import { store } from '../store/index.ts';
import { StoreFault } from '../store/types.ts';
import type { Waiting } from '../sync/record.ts';
import { openDialog } from '../ui/dialog.ts';
import { fill, h, live, write } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import { icon } from '../ui/icons.ts';
import type { Saved } from './autosave.ts';
import { beforeSubmit, type ToPlaces } from './before.ts';
import { deviceDialog } from './device.ts';
import { numberWords, steps } from './home.ts';
import { queue } from './keeper.ts';
import { attentionWords, storeFaultWords, waitingWords } from './words.ts';

/** `onFinished` gets the record once it waits. */
export function finishButton(inspection: Inspection, saved: Saved, ways: ToPlaces, onFinished: (record: Waiting) => void): HTMLElement {
  const out = h('p', { class: 'recheck-out', role: 'status' });
  const go = h('button', { type: 'button', class: 'action', id: 'finish' }, icon('send'), h('span', { text: bi('提交', 'Submit') }));
  const hint = h('p', { class: 'hint', text: bi('提交后先存在手机上，有网就自动发给服务器；收到回执才算已签收。提交后出来的那一页还能出文书、能更正；离开那一页就都不能了。', 'It is kept on the phone and sent as soon as there is a network; only the server\'s receipt makes it received. On the page that follows, papers and corrections can still be made; once you leave it, no more.') });
  go.addEventListener('click', async () => {
    inspection.flush();
    if (!(await beforeSubmit(inspection, go, ways))) return;
    go.disabled = true;
    fill(out, say('正在存好……', 'Storing…'));
    try {
      onFinished(await saved.finish());
    } catch (error) {
      go.disabled = false;
      fill(out, icon('problem'), h('span', { role: 'alert' }, storeFaultWords(error instanceof StoreFault ? error.code : 'unavailable')));
      if (!(error instanceof StoreFault)) console.error('a record could not be finished', error instanceof Error ? error.name : '');
    }
  });
  return h('section', { class: 'finish', 'aria-label': bi('提交', 'Submit') }, h('div', { class: 'row' }, go), hint, out);
}

export interface Finished {
  readonly el: HTMLElement;
  /** Shown again after something else was. */
  look(): void;
  end(): void;
}

/** What became of a record that was just finished, until it is received. */
export function finishedScreen(finished: Waiting, actions: { readonly home: (opener: HTMLElement) => void; readonly correct: () => void; readonly papers: () => void }): Finished {
  const heading = h('h1', { tabindex: -1 });
  const out = h('div', { class: 'finished', role: 'status' });
  let record = finished;
  let gone = false;
  const draw = (): void => {
    write(heading, headingOf(record, gone));
    const denied = record.fault?.status === 401;
    const token = denied ? h('button', { type: 'button', class: 'action', id: 'new-token', text: say('登记这台手机', 'Register this phone') }) : null;
    token?.addEventListener('click', () => deviceDialog(token, () => undefined));
    const left = record.parts.filter((one) => !one.done).length;
    fill(out, steps(gone || record.phase === 'received' ? 3 : record.receipt ? 2 : 1),
      record.phase === 'received' || gone
        ? h('p', { class: 'recheck-good' }, icon('pass'), h('b', {}, say('已签收', 'Received')), h('span', {}, say(`（编号 ${record.receipt?.position ?? 0}）`, ` (number ${record.receipt?.position ?? 0})`)))
        : record.phase === 'attention' ? h('p', { class: 'recheck-bad' }, icon('problem'), h('span', {}, attentionWords(record.fault)))
          : h('p', {}, record.fault ? waitingWords(record.fault) : queue.state.fault !== null && !queue.state.sending ? waitingWords({ code: queue.state.fault, status: 0 }) : left > 0 && record.receipt ? say(`正文已送达，还有 ${left} 个附件。`, `The text is with the server; ${left} files follow.`) : say('正在发送；没有网也不会丢，有网自动发。', 'Being sent. Without a network nothing is lost; it is sent later by itself.')),
      record.phase === 'received' || gone ? h('p', { class: 'hint' }, numberWords()) : null,
      token);
  };
  const look = async (): Promise<void> => {
    const found = await store.disk.look(['outbox'], (at) => at.get('outbox', finished.key)).catch(() => null);
    if (found === null) return; // the store cannot be read now; what was said last stands
    gone = found === undefined && record.phase === 'received';
    record = found ?? record;
    draw();
  };
  const stop = queue.onChange(() => void look());
  live(out, draw);
  const home = h('button', { type: 'button', class: 'action quiet', id: 'home', text: bi('离开，回首页', 'Leave, to the first screen') });
  home.addEventListener('click', () => actions.home(home));
  const papers = h('button', { type: 'button', class: 'action', id: 'papers-after', onclick: actions.papers }, icon('print'), h('span', { text: bi('出文书：报告、整改提示', 'Papers: report, notices') }));
  const wrong = h('button', { type: 'button', class: 'action quiet', id: 'correct', text: bi('填错了，更正', 'A mistake: correct it') });
  wrong.addEventListener('click', () => actions.correct());
  const el = h('main', { class: 'start', id: 'main' },
    heading, out,
    h('p', { class: 'hint', text: bi('离开这一页后，不能再出文书、不能更正。', 'After you leave this page, papers and corrections can no longer be made.') }),
    h('div', { class: 'row' }, papers, wrong, home));
  return { el, look: () => void look(), end: stop };
}

/** How far the record has come, and no further: what only waits on the phone is not called submitted. */
function headingOf(record: Waiting, gone: boolean): string {
  if (gone || record.phase === 'received') return say('已提交，服务器已签收', 'Submitted and received');
  if (record.phase === 'attention') return say('已存手机，服务器没有收下', 'On the phone; the server did not take it');
  if (record.receipt) return say('已送达，等待签收', 'Delivered; to be received');
  if (queue.state.sending) return say('已存手机，正在发送', 'On the phone, being sent');
  return say('已存手机，还没有发出', 'On the phone, not sent yet');
}

/** Asks before somebody leaves the only screen from which papers and corrections can be made. */
export function askLeave(opener: HTMLElement): Promise<'papers' | 'leave' | 'stay'> {
  return new Promise((resolve) => {
    let choice: 'papers' | 'leave' | 'stay' = 'stay';
    openDialog({
      title: say('离开这份记录？', 'Leave this record?'), opener,
      body: (close) => {
        const button = (kind: typeof choice, cls: string, text: string): HTMLElement => {
          const el = h('button', { type: 'button', class: `action ${cls}`, id: `leave-${kind}`, text });
          el.addEventListener('click', () => {
            choice = kind;
            close(false);
          });
          return el;
        };
        return [
          h('p', {}, say('离开后不能再出文书、不能更正。', 'After that, papers and corrections can no longer be made.')),
          h('div', { class: 'row' }, button('papers', '', say('先出文书', 'Papers first')), button('leave', 'quiet', say('离开', 'Leave'))),
        ];
      },
    });
    document.querySelector('dialog:last-of-type')?.addEventListener('close', () => resolve(choice));
  });
}
