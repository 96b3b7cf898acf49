// Says at the start what was left unfinished, and since when. In: the drafts. Out: a dialog, where a page was ended over a draft; the choice. Must not
// know: the form.

import { store } from '../store/index.ts';
import type { DraftLine } from '../store/types.ts';
import { openDialog } from '../ui/dialog.ts';
import { h } from '../ui/dom.ts';
import { say } from '../ui/i18n.ts';
import { when } from './home.ts';

/** The draft that a page was working on when it was ended, if any: the phone closed the page, or the browser did. */
export async function leftOver(): Promise<DraftLine | null> {
  const lines = (await store.drafts.list().catch(() => [])).filter((one) => one.unclosed);
  return [...lines].sort((a, b) => b.changedAt.localeCompare(a.changedAt))[0] ?? null;
}

export function resumeDialog(line: DraftLine, opener: HTMLElement, resume: () => void): void {
  openDialog({
    title: say('上次没有填完', 'Left unfinished'), opener,
    body: (close) => {
      const go = h('button', { type: 'button', class: 'action', id: 'resume', text: say('接着填', 'Go on') });
      const later = h('button', { type: 'button', class: 'action quiet', text: say('先不填', 'Not now') });
      go.addEventListener('click', () => {
        close(false);
        resume();
      });
      later.addEventListener('click', () => close(true));
      return [
        h('p', {}, h('b', {}, line.title)),
        h('p', {}, say(`页面在填写时被关掉了。手机上存到了 ${when(line.changedAt)}（开始于 ${when(line.startedAt)}）${line.evidence > 0 ? `，附件 ${line.evidence} 件` : ''}。`,
          `The page was closed while it was being filled in. Saved until ${when(line.changedAt)} (begun ${when(line.startedAt)})${line.evidence > 0 ? `, ${line.evidence} attached` : ''}.`)),
        h('p', { class: 'hint' }, say('如果它正开在另一个页面，那边可以继续；这里接着填会先问一声。', 'If it is open in another page, that one goes on; here you are asked before you take it.')),
        h('div', { class: 'row' }, go, later),
      ];
    },
  });
}
