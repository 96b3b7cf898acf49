// The page's store, put together for a browser. In: nothing. Out: one store a page. Must not know: how records are shown.

import { Blobs } from './blobs.ts';
import { randomly, uuidv7 } from './bytes.ts';
import { Database } from './database.ts';
import type { Disk } from './disk.ts';
import { Drafts } from './drafts.ts';
import { locksOf, type Locks } from './locks.ts';
import { Vault } from './vault.ts';

export * from './types.ts';

export interface Store {
  readonly disk: Disk;
  readonly vault: Vault;
  readonly blobs: Blobs;
  readonly drafts: Drafts;
  readonly locks: Locks;
  /** This page among the pages of the phone. */
  readonly holder: string;
}

const NAME = 'weibao';

let newer: () => void = () => undefined;
/** Called when another tab brought a newer page, so that this one can store no more. */
export function onNewerPage(listener: () => void): void {
  newer = listener;
}

function make(): Store {
  const disk = new Database(NAME, () => newer());
  const holder = uuidv7(Date.now(), randomly);
  const locks = locksOf(disk, holder);
  const vault = new Vault(disk);
  const drafts = new Drafts({ disk, vault, locks, holder, now: Date.now, wait: (ms) => new Promise((done) => setTimeout(done, ms)) });
  const flush = (): void => void drafts.flush();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') flush();
  });
  window.addEventListener('pagehide', flush);
  return { disk, vault, blobs: new Blobs(disk, vault), drafts, locks, holder };
}

export const store: Store = make();
