// Photos and files of a record: listed, opened on request, their bytes held against the digest that the receipt names. In: a record. Out: a
// section's content. Opening one is a read of somebody's data, so the server is told the purpose and logs it. Must not know: verdicts.

import { digestOf } from '../store/bytes.ts';
import { placeText } from '../naming.ts';
import { fill, h, type Child } from '../ui/dom.ts';
import { bi } from '../ui/i18n.ts';
import { ask } from './api.ts';
import { ruleTitle, type Book } from './findings.ts';
import { busy, button, nothing, notice, table } from './parts.ts';
import type { WholeEntry } from './types.ts';
import { shortDigest, sizeText } from './words.ts';

type Part = WholeEntry['parts'][number];

/** What a browser shows as a picture; the server sends everything else as bytes to be saved. */
const SHOWN = ['image/jpeg', 'image/png', 'image/webp'];

export function files(one: WholeEntry, book: Book | null): Child {
  if (one.parts.length === 0) return nothing(bi('没有照片或文件。', 'No photos or files.'));
  const told = notice();
  const shown = h('div', { class: 'shown', 'aria-live': 'polite' });
  let address = '';
  const belongs = (part: Part): (() => string) => () =>
    part.at.startsWith('rule:') ? ruleTitle(book, part.at.slice(5))() : book ? placeText(book.description, part.at) : part.at;

  const opener = (part: Part): HTMLElement => {
    const open = button(bi('打开', 'Open'), () => void busy(open, told, async () => {
      const response = await ask(`v1/submissions/${encodeURIComponent(one.id)}/parts/${part.digest.replace('sha256:', '')}`, { reads: true, patience: 120, headers: { accept: '*/*' } });
      const bytes = new Uint8Array(await response.arrayBuffer());
      const same = (await digestOf(bytes)) === part.digest;
      URL.revokeObjectURL(address);
      address = URL.createObjectURL(new Blob([bytes], { type: SHOWN.includes(part.type) ? part.type : 'application/octet-stream' }));
      const save = h('a', { class: 'action quiet', href: address, download: `${one.id}-${shortDigest(part.digest)}`, text: bi('保存', 'Save') });
      fill(shown, h('figure', {},
        SHOWN.includes(part.type) ? h('img', { src: address, alt: belongs(part)() }) : null,
        h('figcaption', {}, belongs(part), ' · ', same
          ? h('span', { class: 'good', text: bi('摘要相符，与收据所记的是同一份', 'The digest is the one in the receipt') })
          : h('strong', { class: 'bad', text: bi('摘要不符：字节已变，请告诉管理员', 'Another digest: the bytes have changed, tell the administrator') }), ' ', save)));
    }));
    open.dataset['part'] = part.digest;
    return open;
  };

  return [table(bi('照片和文件', 'Photos and files'), [
    { title: bi('属于', 'Belongs to'), head: true, cell: (part) => belongs(part) },
    { title: bi('类型', 'Type'), cell: (part) => part.type },
    { title: bi('大小', 'Size'), number: true, cell: (part) => sizeText(part.bytes) },
    { title: bi('摘要', 'Digest'), cell: (part) => h('code', { title: part.digest }, shortDigest(part.digest)) },
    { title: bi('收到', 'Here'), cell: (part) => (part.here ? opener(part)
      : one.purged ? bi('已按期删除', 'deleted in due time') : h('strong', { class: 'bad', text: bi('还没收到', 'not yet') })) },
  ], one.parts), told.el, shown];
}
