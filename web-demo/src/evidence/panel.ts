// Evidence of one field or rule: take, pick, write, look at, remove with a way back. In: where it belongs. Out: an element, and a word after each
// change. Must not know: what the evidence is for.

import type { Evidence } from '../store/types.ts';
import { fill, h, live, uid } from '../ui/dom.ts';
import { openDialog } from '../ui/dialog.ts';
import { bi, say } from '../ui/i18n.ts';
import { thumbnail } from './picture.ts';
import type { EvidenceList } from './list.ts';
import { takeFile, takeMade, type Taken } from './take.ts';
import { entryName, entryWords, noticeWords, refusedWords } from './words.ts';

export interface PanelOptions {
  readonly list: EvidenceList;
  readonly at: () => string;
  /** Of the button that gets the focus; and its descriptions. */
  readonly id?: string;
  readonly describedBy?: string;
  /** Where several panels are on a screen, whose this is. */
  readonly about?: () => string;
}

export interface Panel {
  readonly el: HTMLElement;
  readonly target: HTMLButtonElement;
  update(): void;
}

/** Longer than any phone needs to write what is in memory; then the camera opens all the same. */
const FLUSH = 800;

export function evidencePanel({ list, at, id, describedBy, about }: PanelOptions): Panel {
  const status = h('p', { class: 'status', role: 'status' });
  const undo = h('div', { class: 'undo', hidden: true });
  const rows = h('ul', { class: 'evidence plain' });
  const named = (zh: string, en: string): (() => string) => () => `${say(zh, en)}${about ? `：${about()}` : ''}`;
  const input = (props: Record<string, string | boolean>): HTMLInputElement => h('input', { type: 'file', class: 'file', tabindex: -1, 'aria-hidden': 'true', ...props });
  const camera = input({ accept: 'image/*', capture: 'environment' });
  const files = input({ multiple: true });
  const shoot = h('button', { type: 'button', class: 'action soft', id, 'aria-describedby': describedBy, 'aria-label': about ? named('拍照', 'Take a photo') : null, text: bi('拍照', 'Take a photo') });
  const choose = h('button', { type: 'button', class: 'action quiet', 'aria-label': about ? named('选照片或文件', 'Choose files') : null, text: bi('选照片或文件', 'Choose files') });
  const write = h('button', { type: 'button', class: 'action quiet', 'aria-label': about ? named('写记录', 'Write a note') : null, text: bi('写记录', 'Write a note') });
  let busy = 0;

  const take = async (source: HTMLInputElement): Promise<void> => {
    const picked = [...(source.files ?? [])];
    source.value = '';
    const place = at();
    const done: Taken[] = [];
    let fault = '';
    busy += picked.length;
    for (const [n, file] of picked.entries()) {
      status.textContent = picked.length > 1 ? say(`正在保存第 ${n + 1} / ${picked.length} 个……`, `Saving ${n + 1} of ${picked.length}…`) : say('正在保存……', 'Saving…');
      try {
        done.push(await takeFile(list, await list.kept(), file, place, file.name));
      } catch (error) {
        fault = `${file.name ? `${file.name}：` : ''}${refusedWords(error)}`;
      }
      busy -= 1;
    }
    const notices = [...new Set(done.flatMap((one) => one.notices))];
    const size = done.length === 0 ? '' : say(`已存 ${done.length} 个`, `${done.length} saved`) + (notices.length ? `：${notices.map(noticeWords).join('；')}` : '') + say('。', '.');
    status.textContent = [fault, size].filter(Boolean).join(' ');
  };
  // The camera may end this page (Android takes its memory): what was entered is on the disk first.
  const open = (source: HTMLInputElement) => async (): Promise<void> => {
    const flushed = list.kept().then((keeper) => keeper.flush());
    await Promise.race([flushed.catch(() => undefined), new Promise((done) => setTimeout(done, FLUSH))]);
    source.click();
  };
  shoot.addEventListener('click', open(camera));
  choose.addEventListener('click', open(files));
  camera.addEventListener('change', () => void take(camera));
  files.addEventListener('change', () => void take(files));
  write.addEventListener('click', () => noteDialog(list, at(), write, (words) => (status.textContent = words)));

  const removed = (entry: Evidence): void => {
    const back = list.remove(entry);
    const button = h('button', { type: 'button', class: 'action quiet', text: bi('撤销删除', 'Undo') });
    button.addEventListener('click', () => {
      back();
      undo.hidden = true;
      shoot.focus();
    });
    fill(undo, h('span', { role: 'status' }, `${say('已删除', 'Removed')}：${entryName(entry)}`), button);
    undo.hidden = false;
    status.textContent = '';
    button.focus();
  };
  let drawn = '';
  const update = (): void => {
    const now = list.at(at());
    const key = JSON.stringify([say('zh', 'en'), now.map((one) => one.digest)]);
    if (key === drawn) return;
    drawn = key;
    fill(rows, now.map((entry) => row(list, entry, () => removed(entry))));
  };
  const el = h('div', { class: 'attachment' }, h('div', { class: 'row' }, shoot, choose, write), camera, files, status, rows, undo);
  live(el, update);
  list.onChange(() => el.isConnected && update());
  return { el, target: shoot, update };
}

function row(list: EvidenceList, entry: Evidence, onRemove: () => void): HTMLElement {
  const name = entryName(entry);
  const look = h('button', { type: 'button', class: 'evidence-look', 'aria-label': `${say('查看', 'Look at')} ${name}` }, h('span', { class: 'evidence-mark', 'aria-hidden': 'true' }, entry.kind === 'photo' ? '▧' : entry.kind === 'note' ? '✎' : '▤'));
  const remove = h('button', { type: 'button', class: 'row-remove', 'aria-label': `${say('删除', 'Remove')} ${name}`, text: say('删除', 'Remove') });
  remove.addEventListener('click', onRemove);
  look.addEventListener('click', () => void show(list, entry, look));
  if (entry.kind === 'photo' || (entry.kind === 'signature' && entry.type.startsWith('image/'))) void small(list, entry, look);
  return h('li', { class: 'evidence-row' }, look, h('span', { class: 'evidence-words' }, h('b', {}, name), h('small', {}, entryWords(entry))), remove);
}

/** The bytes; null where they are not there or locked away. */
async function bytesOf(list: EvidenceList, entry: Evidence): Promise<Blob | null> {
  return list.kept().then((keeper) => keeper.blobs.get(entry.digest)).catch(() => null);
}

async function small(list: EvidenceList, entry: Evidence, into: HTMLElement): Promise<void> {
  const data = await bytesOf(list, entry);
  const made = data ? await thumbnail(data) : null;
  if (made) fill(into, picture(made, ''));
}

/** An image of bytes; the address is given back once it is loaded. */
function picture(data: Blob, alt: string): HTMLImageElement {
  const address = URL.createObjectURL(data);
  const image = h('img', { src: address, alt });
  image.addEventListener('load', () => URL.revokeObjectURL(address));
  image.addEventListener('error', () => URL.revokeObjectURL(address));
  return image;
}

async function show(list: EvidenceList, entry: Evidence, opener: HTMLElement): Promise<void> {
  const data = await bytesOf(list, entry);
  const text = data && (entry.kind === 'note' || /json|^text\//.test(entry.type)) ? await data.text() : null;
  openDialog({
    title: entryName(entry),
    opener,
    body: () => [
      h('p', { class: 'hint' }, entryWords(entry)),
      !data ? h('p', { role: 'alert' }, say('打不开：手机上已经没有这个文件。', 'It cannot be opened: the bytes are not on this phone any more.'))
        : text !== null ? h('pre', { class: 'evidence-text', tabindex: 0 }, pretty(text, entry.type))
        : entry.type.startsWith('image/') ? picture(data, entryName(entry))
        : h('p', {}, say('这种文件这里不显示，会随记录一起上报。', 'Files of this kind are not shown here; they go with the record.')),
      h('details', { class: 'technical' }, h('summary', {}, say('技术信息（核验用）', 'Technical, for verification')), h('p', {}, 'SHA-256 ', h('code', {}, entry.digest.slice(7)))),
    ],
  });
}

function pretty(text: string, type: string): string {
  try {
    return type.includes('json') ? JSON.stringify(JSON.parse(text), null, 1) : text;
  } catch {
    return text;
  }
}

function noteDialog(list: EvidenceList, at: string, opener: HTMLElement, told: (words: string) => void): void {
  const id = uid('note');
  const text = h('textarea', { id, rows: 6, maxlength: 4000 });
  openDialog({
    title: say('写记录', 'Write a note'),
    opener,
    body: (close) => {
      const keep = h('button', { type: 'button', class: 'action', text: say('存下', 'Keep') });
      keep.addEventListener('click', async () => {
        if (text.value.trim() === '') return text.focus();
        try {
          await takeMade(list, new Blob([text.value.trim()], { type: 'text/plain;charset=utf-8' }), { at, kind: 'note', name: text.value.trim().slice(0, 24) });
          told('');
        } catch (error) {
          told(refusedWords(error));
        }
        close(true);
      });
      return [
        h('label', { for: id }, say('现场看到、听到、问到的。不写未成年人的姓名和证件号。', 'What was seen, heard and asked. No names or document numbers of minors.')), text,
        h('div', { class: 'row' }, keep),
      ];
    },
  });
  text.focus();
}
