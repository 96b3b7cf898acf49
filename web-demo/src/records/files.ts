// Saves the encrypted export file, and takes one in. In: a button. Out: a download, or records in the store. Must not know: the format.

import { store } from '../store/index.ts';
import { StoreFault } from '../store/types.ts';
import { exported, exportName, imported } from '../sync/exportfile.ts';
import { openDialog } from '../ui/dialog.ts';
import { h } from '../ui/dom.ts';
import { say } from '../ui/i18n.ts';
import { queue, remember } from './keeper.ts';
import { askPin } from './pin.ts';
import { storeFaultWords } from './words.ts';

const words = (error: unknown): string => storeFaultWords(error instanceof StoreFault ? error.code : 'unavailable');

export function exportDialog(opener: HTMLElement): void {
  const hint = say('给文件定一个密码，另外告诉收文件的人。文件里是所有没有签收的草稿和记录，没有密码谁也打不开。导出后手机上的不会删除。', 'Choose a password for the file and tell the receiver apart from it. It holds all drafts and records without a receipt; nobody opens it without the password. Nothing is removed from the phone.');
  void askPin(say('备份到文件（加密）', 'Back up to a file (encrypted)'), hint, opener, async (pin) => {
    try {
      const text = await exported(store.disk, store.vault, pin);
      const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
      const link = h('a', { href: address, download: exportName() });
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
      return null;
    } catch (error) {
      return words(error);
    }
  });
}

export function importDialog(opener: HTMLElement, done: () => void): void {
  const pick = h('input', { type: 'file', accept: '.json,application/json' });
  pick.addEventListener('change', async () => {
    const file = pick.files?.[0];
    if (!file) return;
    const text = await file.text().catch(() => '');
    let told = '';
    const good = await askPin(say('导入', 'Import'), say('请输入导出时定的密码。', 'Enter the password that was chosen for the file.'), opener, async (pin) => {
      try {
        const { drafts, records, known } = await imported(store.disk, store.vault, text, pin);
        told = say(`导入草稿 ${drafts} 份、待发送 ${records} 份；${known} 份这里已经有了。`, `Took in ${drafts} drafts and ${records} records; ${known} were here already.`);
        return null;
      } catch (error) {
        if (error instanceof StoreFault && error.code === 'damaged') return say('这不是本系统的导出文件，或者文件不完整。', 'This is no export file of this system, or it is not whole.');
        return words(error);
      }
    });
    if (!good) return;
    void remember();
    void queue.flush();
    done();
    openDialog({ title: say('导入完成', 'Imported'), opener, body: () => h('p', { role: 'status' }, told) });
  });
  pick.click();
}
