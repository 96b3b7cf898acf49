// Notices that the browser threw everything away. In: a mark outside the database, and the database. Out: what is missing. Must not know: what
// was kept: the mark is a number.
//
// WeChat's storage cleaning, and Safari after seven days, remove a page's data as a whole. An empty list then looks like a list that was sent;
// a mark that often lives longer tells them apart. The server notices, too: each submission carries the phone's count.

import type { Disk } from './disk.ts';

export interface Mark {
  read(): string | null;
  write(value: string): void;
}

const NAME = 'canary';

export interface Canary {
  /** How many records had no receipt when the mark was written last. */
  readonly lost: number;
}

/** At the start of a page: null unless the store is gone that the mark tells of. */
export async function evicted(disk: Disk, mark: Mark): Promise<Canary | null> {
  const told = mark.read();
  const here = await disk.change(['settings'], async (at) => {
    const found = await at.get('settings', NAME);
    if (!found) at.put('settings', { name: NAME, value: 1 });
    return found !== undefined;
  });
  return told !== null && /^\d{1,6}$/.test(told) && !here ? { lost: Number(told) } : null;
}

/** Writes how many records have no receipt now. */
export async function marked(disk: Disk, mark: Mark): Promise<void> {
  const open = await disk.look(['drafts', 'outbox'], async (at) => (await at.all('drafts')).length + (await at.all('outbox')).filter((one) => one.phase !== 'received').length);
  mark.write(String(open));
}

/** Cookie and local storage: whichever survives. Only a number stands there. */
export const browserMark: Mark = {
  read: () => {
    const cookie = /(?:^|; )weibao_open=(\d+)/.exec(document.cookie)?.[1];
    if (cookie !== undefined) return cookie;
    try {
      return localStorage.getItem('weibao-open');
    } catch {
      return null; // storage switched off
    }
  },
  write: (value) => {
    document.cookie = `weibao_open=${value}; max-age=34560000; samesite=strict; path=${new URL('.', document.baseURI).pathname}`;
    try {
      localStorage.setItem('weibao-open', value);
    } catch {
      // The cookie may do.
    }
  },
};
