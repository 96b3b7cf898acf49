// The records of this phone, each in exactly one list: 草稿, 待发送, 需处理, 已签收. In: store and queue. Out: an element that follows them.
// Must not know: how a record is judged or sent.

import { store } from '../store/index.ts';
import { fromUtf8 } from '../store/bytes.ts';
import { StoreFault, type DraftLine } from '../store/types.ts';
import { aboutTitle } from '../sync/finish.ts';
import type { Waiting } from '../sync/record.ts';
import { confirmLoss } from '../ui/dialog.ts';
import { fill, h, live, type Child } from '../ui/dom.ts';
import { bi, language, say } from '../ui/i18n.ts';
import { icon } from '../ui/icons.ts';
import { deviceDialog } from './device.ts';
import { queue, remember, storeBroken, thrownAway } from './keeper.ts';
import { pinDialog } from './pin.ts';
import { attentionWords, storeFaultWords, waitingWords } from './words.ts';

/** Bytes: two photos as large as they may be, and what the browser wants for itself. */
const LITTLE_ROOM = 50 * 1_048_576;

export interface HomeActions {
  /** Goes on with a draft. */
  readonly resume: (id: string) => void;
  readonly diagnostics: () => void;
}

interface Row {
  readonly record: Waiting;
  readonly title: string;
}

/** The element; it follows the queue as long as it is in the document. */
export function homeList(actions: HomeActions): HTMLElement {
  const out = h('section', { class: 'records', 'aria-label': bi('这台手机上的记录', 'Records on this phone') });
  let shown: { drafts: readonly DraftLine[]; rows: readonly Row[] } | null = null;
  let fault: StoreFault | null = storeBroken();
  let room: StorageEstimate = {};

  const look = async (): Promise<void> => {
    try {
      const drafts = await store.drafts.list();
      const rows: Row[] = [];
      for (const record of await store.disk.look(['outbox'], (at) => at.all('outbox'))) {
        // Sealed under a PIN that was forgotten since: the record is sent all the same.
        const title = await store.vault.open(record.title, aboutTitle(record.key)).then(fromUtf8, () => say('（名称打不开）', '(name cannot be opened)'));
        rows.push({ record, title });
      }
      room = (await navigator.storage?.estimate?.().catch(() => undefined)) ?? {};
      shown = { drafts, rows };
      fault = null;
    } catch (error) {
      fault = error instanceof StoreFault ? error : new StoreFault('unavailable', error);
    }
    draw();
  };
  const draw = (): void => {
    if (fault) return fill(out, h('p', { class: 'recheck-bad', role: 'alert' }, icon('problem'), h('span', {}, storeFaultWords(fault.code))));
    if (!shown) return;
    const of = (...phases: Waiting['phase'][]): readonly Row[] => (shown?.rows ?? []).filter((one) => phases.includes(one.record.phase));
    // The list is drawn anew whenever something moves; what was open and where somebody stood stays.
    const open = out.querySelector<HTMLDetailsElement>('#phone')?.open ?? false;
    const unfolded = out.querySelector<HTMLDetailsElement>('#received')?.open ?? false;
    const focused = out.contains(document.activeElement) ? (document.activeElement?.id ?? '') : '';
    const [waiting, attention, received] = [of('entry', 'parts', 'closing'), of('attention'), of('received')];
    fill(out,
      lostWords(),
      roomWords(room, received.length, look),
      group('drafts', say('草稿', 'Drafts'), shown.drafts.map((one) => draftLine(one, actions, look))),
      group('attention', say('需处理', 'Needs you'), attention.map((one) => attentionLine(one, look))),
      group('waiting', say('待发送', 'Waiting'), waiting.map((one) => waitingLine(one, attention.some(({ record }) => record.id === one.record.id && record.key < one.record.key))), waiting.length > 0 ? sendRow(waiting, look) : null),
      receivedGroup([...received].reverse(), unfolded),
      tools(actions, look, { any: shown.drafts.length + shown.rows.length > 0, received: received.length, open }));
    if (focused !== '') document.getElementById(focused)?.focus();
  };
  const stop = queue.onChange(() => {
    if (out.isConnected) void look();
    else stop();
  });
  const seen = (): void => {
    if (!out.isConnected) return document.removeEventListener('visibilitychange', seen);
    if (document.visibilityState === 'visible') void look();
  };
  document.addEventListener('visibilitychange', seen);
  live(out, draw);
  void look();
  return out;
}

function lostWords(): Child {
  const lost = thrownAway();
  if (!lost) return null;
  return h('p', { class: 'recheck-bad', role: 'alert' }, icon('problem'), h('span', {}, lost.lost > 0
    ? say(`浏览器清空了本页的数据：上次还有 ${lost.lost} 份没有签收，现在不在这台手机上了。请告诉办公室；以后把本页加到主屏幕，并及时发送。`, `The browser cleared this page's data: ${lost.lost} records without a receipt are no longer on this phone. Tell the office; add this page to the home screen and send soon.`)
    : say('浏览器清空过本页的数据；当时没有未签收的记录。', 'The browser cleared this page\'s data; nothing was waiting then.')));
}

function group(name: string, title: string, lines: readonly Child[], more: Child = null): Child {
  if (lines.length === 0) return null;
  return h('div', { class: `record-group record-${name}`, 'data-list': name }, h('h2', {}, title, h('span', { class: 'count' }, ` ${lines.length}`)), more, h('ul', { class: 'plain' }, lines));
}

/** What is done stands in one line, so that what is to be done is on the screen. */
function receivedGroup(rows: readonly Row[], open: boolean): Child {
  if (rows.length === 0) return null;
  return h('details', { class: 'record-group record-received', 'data-list': 'received', id: 'received', open },
    h('summary', { id: 'received-line' }, icon('pass'), h('span', {}, say(`已签收 ${rows.length} 份`, `${rows.length} received`))),
    h('p', { class: 'hint' }, numberWords()), h('ul', { class: 'plain' }, rows.map(receivedLine)));
}

/** Said wherever a number stands: gaps look like lost records. */
export const numberWords = (): string => say('编号是服务器的流水号，大家共用，不连续是正常的。办公室的列表里是同一个编号。', 'The number counts all that the server signs for everybody: gaps are normal. The office sees the same number.');

/** Three steps, told by words and by signs: on the phone, with the server, received whole. */
export function steps(done: 1 | 2 | 3): HTMLElement {
  const names = [say('已存手机', 'On the phone'), done < 2 ? say('待送达', 'To be delivered') : say('已送达', 'Delivered'), done < 3 ? say('待签收', 'To be received') : say('已签收', 'Received')];
  return h('ol', { class: 'steps plain' }, names.map((name, at) =>
    h('li', { class: at < done ? 'step done' : 'step' }, icon(at < done ? 'pass' : 'todo'), h('span', {}, name), h('span', { class: 'sr' }, at < done ? say('，完成', ', done') : say('，还没有', ', not yet')))));
}

function draftLine(line: DraftLine, actions: HomeActions, look: () => Promise<void>): HTMLElement {
  const open = h('button', { type: 'button', class: 'record', 'data-draft': line.id },
    h('span', { class: 'record-words' }, h('b', {}, line.title), h('small', {}, say(`改于 ${when(line.changedAt)}`, `Changed ${when(line.changedAt)}`),
      line.evidence > 0 ? say(`，附件 ${line.evidence} 件`, `, ${line.evidence} attached`) : '')), icon('ask'));
  open.addEventListener('click', () => actions.resume(line.id));
  const drop = h('button', { type: 'button', class: 'link', text: say('删除', 'Delete'), 'aria-label': say(`删除草稿 ${line.title}`, `Delete the draft ${line.title}`) });
  drop.addEventListener('click', async () => {
    if (!(await confirmLoss(say('这份草稿和它的照片会从手机上删除，找不回来。', 'This draft and its photos are removed from the phone for good.'), say('删除', 'Delete'), drop))) return;
    await store.drafts.discard(line.id);
    void remember();
    await look();
  });
  return h('li', { class: 'record-line' }, open, drop);
}

const delivered = (record: Waiting): 1 | 2 | 3 => (record.phase === 'received' ? 3 : record.receipt ? 2 : 1);

/** `held`: it corrects one that needs a person first. */
function waitingLine({ record, title }: Row, held: boolean): HTMLElement {
  const left = record.parts.filter((one) => !one.done).length;
  return h('li', { class: 'record-line record-plain', 'data-record': record.id },
    h('div', { class: 'record-words' }, h('b', {}, title), h('small', {}, say(`完成于 ${when(record.finishedAt)}`, `Finished ${when(record.finishedAt)}`)), steps(delivered(record)),
      h('small', { class: 'why' }, held ? say('这是更正，等“需处理”里的前一份处理了再发。', 'A correction: it is sent when the record before it, under "Needs you", is dealt with.') : record.phase === 'entry' || record.fault ? waitingWords(record.fault) : left > 0 ? say(`还有 ${left} 个附件要传。`, `${left} files to go.`) : say('等服务器确认。', 'Waits for the server.'))));
}

function sendRow(waiting: readonly Row[], look: () => Promise<void>): Child {
  const go = h('button', { type: 'button', class: 'action', id: 'send-now' }, icon('send'), h('span', {}, queue.state.sending ? say('正在发送……', 'Sending…') : say('现在发送', 'Send now')));
  go.toggleAttribute('aria-busy', queue.state.sending);
  go.addEventListener('click', () => void queue.flush());
  const denied = waiting.some(({ record }) => record.fault?.status === 401);
  const token = denied ? h('button', { type: 'button', class: 'action quiet', id: 'new-token', text: say('重新登记这台手机', 'Register this phone anew') }) : null;
  token?.addEventListener('click', () => deviceDialog(token, () => void look()));
  const fault = queue.state.fault;
  return [h('p', { class: 'hint', role: 'status' }, fault !== null && !queue.state.sending && !denied ? waitingWords({ code: fault, status: 0 }) : ''), h('div', { class: 'row' }, go, token)];
}

function attentionLine({ record, title }: Row, look: () => Promise<void>): HTMLElement {
  const again = h('button', { type: 'button', class: 'action quiet', text: say('重试', 'Try again') });
  again.addEventListener('click', () => void queue.retry(record.key).then(look));
  const save = h('button', { type: 'button', class: 'action quiet', text: say('导出', 'Export') });
  save.addEventListener('click', () => void import('./files.ts').then(({ exportDialog }) => exportDialog(save)));
  const drop = h('button', { type: 'button', class: 'link', text: say('删除', 'Delete'), 'aria-label': say(`删除记录 ${title}`, `Delete the record ${title}`) });
  drop.addEventListener('click', async () => {
    if (!(await confirmLoss(say('这份记录服务器没有签收。从手机上删除后找不回来，请先导出。', 'The server has not confirmed this record. Once deleted from the phone it is gone for good; export it first.'), say('删除', 'Delete'), drop))) return;
    await queue.remove(record.key);
    await look();
  });
  return h('li', { class: 'record-line record-plain', 'data-record': record.id },
    h('div', { class: 'record-words' }, h('b', {}, title), steps(delivered(record)), h('p', { class: 'recheck-bad' }, icon('problem'), h('span', {}, attentionWords(record.fault))), h('div', { class: 'row' }, again, save, drop)));
}

function receivedLine({ record, title }: Row): HTMLElement {
  const receipt = record.receipt;
  return h('li', { class: 'record-line record-plain', 'data-record': record.id },
    h('div', { class: 'record-words' }, h('b', {}, title), steps(3),
      receipt ? h('small', {}, say(`服务器 ${when(receipt.time)} 签收，编号 ${receipt.position}`, `Received ${when(receipt.time)}, number ${receipt.position}`)) : null,
      record.quarantined ? h('small', {}, say('服务器还没有这套规则，已存下待查。', 'The server does not have this ruleset yet and keeps the record until it has.')) : null,
      h('details', {}, h('summary', {}, say('技术信息', 'Technical')), h('p', {}, say('正文的摘要，与回执所记的相同：', 'Digest of the text, as the receipt names it: '), h('code', {}, record.digest)))));
}

function tools(actions: HomeActions, look: () => Promise<void>, { any, received, open }: { any: boolean; received: number; open: boolean }): Child {
  const button = (id: string, text: string, run: (el: HTMLElement) => void): HTMLElement => {
    const el = h('button', { type: 'button', class: 'link', id, text });
    el.addEventListener('click', () => run(el));
    return el;
  };
  const again = (): void => void look();
  const pin = store.vault.hasPin ? say('PIN：已设置', 'PIN: set') : say('PIN：没有设置，能解锁手机的人就能看草稿', 'PIN: none; whoever unlocks the phone can read the drafts');
  return h('details', { class: 'record-tools', id: 'phone', open },
    h('summary', {}, say('这台手机', 'This phone')),
    h('p', { class: 'hint' }, pin),
    h('div', { class: 'row' },
      button('pin', store.vault.hasPin ? say('修改 PIN', 'Change the PIN') : say('设置 PIN', 'Set a PIN'), (el) => pinDialog(el, again)),
      button('device', say('这台手机的登记（换手机、重新登记）', 'Registration of this phone'), (el) => deviceDialog(el, again)),
      any ? button('export', say('备份到文件（加密）', 'Back up to a file (encrypted)'), (el) => void import('./files.ts').then(({ exportDialog }) => exportDialog(el))) : null,
      received > 0 ? button('remove-received', say('删除已签收的记录', 'Remove received records'), (el) => void removeReceived(el, received).then(look)) : null,
      button('import', say('导入', 'Import'), (el) => void import('./files.ts').then(({ importDialog }) => importDialog(el, again))),
      button('diagnostics', say('这台手机能做什么', 'What this phone can do'), () => actions.diagnostics())));
}

/** What the server has is removed before its days are over; only who needs the room asks for it. */
async function removeReceived(opener: HTMLElement, count: number): Promise<void> {
  const words = say(`已签收的 ${count} 份会从手机上删除，服务器上都在。删除后手机上不能再更正。`, `${count} received records are removed from the phone; the server has them. They can then no longer be corrected here.`);
  if (await confirmLoss(words, say('删除', 'Remove'), opener)) await queue.removeReceived();
}

/** Little room is said while there is some: the photo that no longer fits is the one that matters. */
function roomWords(room: StorageEstimate, received: number, look: () => Promise<void>): Child {
  const left = (room.quota ?? Infinity) - (room.usage ?? 0);
  if (left >= LITTLE_ROOM) return null;
  const go = received > 0 ? h('button', { type: 'button', class: 'link', id: 'make-room', text: say('删除已签收的记录', 'Remove received records') }) : null;
  go?.addEventListener('click', () => void removeReceived(go, received).then(look));
  const megabytes = Math.max(0, Math.floor(left / 1_048_576));
  return h('p', { class: 'notice', role: 'alert' }, icon('problem'),
    h('span', {}, say(`手机给本页的空间只剩约 ${megabytes} MB，照片可能存不下。请先发送，或清理手机。`, `About ${megabytes} MB of room are left for this page; photos may no longer fit. Send what waits, or clear the phone.`)), go);
}

/** A time as it is read; by the phone's zone. */
export function when(time: string): string {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? time : at.toLocaleString(language() === 'zh' ? 'zh-CN' : 'en-GB', { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' });
}
