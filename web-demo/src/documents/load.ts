// The screen of papers, loaded when somebody first wants it. In: an inspection. Out: the screen, or null where it could not be had, after that was said.

import type { Inspection } from '../inspection.ts';
import { openDialog } from '../ui/dialog.ts';
import { h } from '../ui/dom.ts';
import { say } from '../ui/i18n.ts';

export async function papersOf(inspection: Inspection, back: () => void): Promise<HTMLElement | null> {
  try {
    const { papersScreen } = await import('./screen.ts');
    return papersScreen(inspection, back);
  } catch (error) {
    console.warn(error);
    openDialog({
      title: say('文书没有装上', 'The papers could not be loaded'), opener: document.activeElement instanceof HTMLElement ? document.activeElement : document.body,
      body: () => [h('p', {}, say('现在没有网，或者服务器上的本页换了新版。所填的都在。联网后再点一次；还不行，先提交，再刷新本页。', 'There is no network, or the server has a newer version of this page. What you entered is kept. Try again when connected; if that does not help, submit first and then reload.'))],
    });
    return null;
  }
}
