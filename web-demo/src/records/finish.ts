// 提交: a draft becomes a record that waits for the server, and the three steps to its receipt are shown. In: the inspection and what saves it.
// Out: an element with the button. Must not know: how it is sent.

import type { Inspection } from '../inspection.ts';
import { store } from '../store/index.ts';
import { StoreFault } from '../store/types.ts';
import type { Waiting } from '../sync/record.ts';
import { confirmLoss } from '../ui/dialog.ts';
import { fill, h, live } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import { icon } from '../ui/icons.ts';
import type { Saved } from './autosave.ts';
import { deviceDialog } from './device.ts';
import { numberWords, steps } from './home.ts';
import { queue } from './keeper.ts';
import { attentionWords, storeFaultWords, waitingWords } from './words.ts';

/** `onFinished` gets the record once it waits; `home` leads to the list of records. */
export function finishButton(inspection: Inspection, saved: Saved, actions: { readonly onFinished: (record: Waiting) => void }): HTMLElement {
  const out = h('p', { class: 'recheck-out', role: 'status' });
  const go = h('button', { type: 'button', class: 'action', id: 'finish' }, icon('send'), h('span', { text: bi('提交', 'Submit') }));
  const hint = h('p', { class: 'hint', text: bi('提交后先存在手机上，有网就自动发给服务器；收到回执才算已签收。提交后这台手机上不能再看正文。', 'It is kept on the phone and sent as soon as there is a network; only the server\'s receipt makes it received. Once submitted, the text cannot be read on this phone.') });
  go.addEventListener('click', async () => {
    inspection.flush();
    const { entry } = inspection.snapshot.report;
    if (entry.outcome !== 'complete') {
      const count = entry.problems.filter((one) => one.severity !== 'warning').length;
      const sure = await confirmLoss(say(`这份记录还有 ${count} 处没填完或有误。照样提交，服务器也会收下并注明；提交后在手机上不能再改。`, `${count} answers are missing or wrong. It can be submitted all the same; the server takes it and says so. It cannot be changed on the phone afterwards.`), say('照样提交', 'Submit all the same'), go);
      if (!sure) return;
    }
    go.disabled = true;
    fill(out, say('正在存好……', 'Storing…'));
    try {
      actions.onFinished(await saved.finish());
    } catch (error) {
      go.disabled = false;
      fill(out, icon('problem'), h('span', { role: 'alert' }, storeFaultWords(error instanceof StoreFault ? error.code : 'unavailable')));
      if (!(error instanceof StoreFault)) console.error('a record could not be finished', error instanceof Error ? error.name : '');
    }
  });
  return h('section', { class: 'finish', 'aria-label': bi('提交', 'Submit') }, h('div', { class: 'row' }, go), hint, out);
}

/** What became of a record that was just finished, until it is received. */
export function finishedScreen(finished: Waiting, actions: { readonly home: () => void; readonly correct: () => void; readonly papers: () => void }): HTMLElement {
  const out = h('div', { class: 'finished', role: 'status' });
  let record = finished;
  let gone = false;
  const draw = (): void => {
    const denied = record.fault?.status === 401 || record.fault?.status === 403;
    const token = denied ? h('button', { type: 'button', class: 'action', id: 'new-token', text: say('放入设备令牌', 'Enter a device token') }) : null;
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
    const found = await store.disk.look(['outbox'], (at) => at.get('outbox', finished.key)).catch(() => undefined);
    gone = found === undefined;
    record = found ?? record;
    draw();
  };
  const stop = queue.onChange(() => {
    if (out.isConnected) void look();
    else stop();
  });
  live(out, draw);
  const home = h('button', { type: 'button', class: 'action', id: 'home', text: bi('回到记录', 'To the records') });
  home.addEventListener('click', () => {
    stop();
    actions.home();
  });
  const papers = h('button', { type: 'button', class: 'action soft', id: 'papers-after', onclick: actions.papers }, icon('print'), h('span', { text: bi('出文书：报告、整改提示', 'Papers: report, notices') }));
  const wrong = h('button', { type: 'button', class: 'action quiet', id: 'correct', text: bi('填错了，更正', 'A mistake: correct it') });
  wrong.addEventListener('click', () => {
    stop();
    actions.correct();
  });
  return h('main', { class: 'start', id: 'main' },
    h('h1', { tabindex: -1, text: bi('已提交', 'Submitted') }), out,
    h('p', { class: 'hint', text: bi('离开这一页以后，正文在这台手机上就打不开了；更正要现在做。', 'After you leave this page the text cannot be opened on this phone any more; correct it now if you must.') }),
    h('div', { class: 'row' }, papers, home, wrong));
}
