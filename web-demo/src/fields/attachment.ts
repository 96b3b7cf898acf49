// A file as evidence: its name and the SHA-256 of its bytes, computed on this device. The file itself is not sent by this page.

import { isRecord } from '../pointer.ts';
import { h } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import { shell } from './shell.ts';
import type { Maker } from './view.ts';

const MOST_BYTES = 200 * 1024 * 1024;

async function sha256(file: File): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export const attachmentView: Maker = (field, place) =>
  shell(field, place, (id, describedBy) => {
    const input = h('input', { id, type: 'file', 'aria-describedby': describedBy, class: 'file' });
    const label = h('label', { for: id, class: 'action quiet file-label' }, h('span', { text: bi('选文件或拍照', 'Choose a file or take a photo') }));
    const status = h('p', { class: 'status', role: 'status' });
    const clear = h('button', { type: 'button', class: 'link clear', text: bi('移除', 'Remove'), hidden: true });
    input.addEventListener('change', async () => {
      const file = input.files?.[0];
      if (!file) return;
      if (!globalThis.crypto?.subtle) {
        status.textContent = say('这个页面算不了文件指纹（需要 https），没有加上。', 'This page cannot fingerprint files (it needs https); nothing was added.');
        return;
      }
      if (file.size > MOST_BYTES) {
        status.textContent = say('文件超过 200 MB，没有加上。', 'The file is larger than 200 MB; nothing was added.');
        return;
      }
      const at = place.at();
      status.textContent = say('正在计算文件指纹……', 'Computing the file\'s fingerprint…');
      try {
        const digest = await sha256(file);
        place.inspection.set(at, { id: `file-${digest.slice(0, 16)}`, name: file.name, sha256: digest });
      } catch {
        status.textContent = say('读不了这个文件，请再选一次。', 'The file cannot be read; choose it again.');
      }
      input.value = '';
    });
    clear.addEventListener('click', () => {
      place.inspection.remove(place.at());
      input.focus();
    });
    const update = (): void => {
      const value = place.inspection.get(place.at());
      clear.hidden = value === undefined;
      if (value === undefined) {
        if (!status.dataset['keep']) status.textContent = status.textContent?.startsWith('✓') ? '' : status.textContent;
      } else if (typeof value === 'string') {
        status.textContent = `✓ ${value}`;
      } else if (isRecord(value)) {
        const digest = typeof value['sha256'] === 'string' ? ` · SHA-256 ${value['sha256'].slice(0, 12)}…` : '';
        status.textContent = `✓ ${String(value['name'] ?? value['id'] ?? '')}${digest}`;
      }
    };
    update();
    return { el: h('div', { class: 'attachment' }, input, label, status, clear), target: input, update };
  });
