// What this page keeps and sends, put together for a browser. In: nothing. Out: the queue, the rulesets and tokens of this phone, and when to
// send. Must not know: how anything is shown.

import { BrowserKey } from '../store/browserkey.ts';
import { Bundles } from '../store/bundles.ts';
import { browserMark, evicted, marked, type Canary } from '../store/canary.ts';
import { store } from '../store/index.ts';
import { StoreFault } from '../store/types.ts';
import { Devices, isToken } from '../sync/devices.ts';
import { finish, type Desk, type Judged } from '../sync/finish.ts';
import { Queue } from '../sync/queue.ts';
import { signed, type ServerKeys } from '../sync/receipt.ts';
import type { Waiting } from '../sync/record.ts';
import { overNetwork } from '../sync/transport.ts';
import type { OpenDraft } from '../store/types.ts';

/** Version of the page, which each record carries. */
export const APP = '0.1.0';
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const sealTo = async (key: ServerKeys['sealing'][number], id: string, plain: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  (await import('../sync/sealing.ts')).sealTo(key, id, plain);

export const devices = new Devices(store.disk, new BrowserKey(store.disk));
export const bundles = new Bundles(store.disk);
export const queue = new Queue({
  disk: store.disk, vault: store.vault, devices, locks: store.locks, send: overNetwork, signed, sealTo,
  elapsed: () => performance.now(), wait, random: Math.random,
});

const desk: Desk = {
  disk: store.disk, vault: store.vault, blobs: store.blobs, holder: store.holder, now: Date.now, sealTo,
  owner: async () => (await devices.read()).active,
};

/** Finishes a draft: from now on it waits for the server, and the page sends it when it can. */
export async function hand(open: OpenDraft, judged: Omit<Judged, 'app'>): Promise<Waiting> {
  const record = await finish(desk, open, { ...judged, app: APP });
  void keepStorage();
  void remember();
  void queue.flush();
  return record;
}

let lost: Canary | null = null;
/** What the browser threw away since the last visit. */
export const thrownAway = (): Canary | null => lost;

/** The store's fault that keeps this page from keeping anything, or null. */
let broken: StoreFault | null = null;
export const storeBroken = (): StoreFault | null => broken;

export const remember = (): Promise<void> => marked(store.disk, browserMark).catch(() => undefined);

/** Asks that the browser not clear this page's data when it needs room. Browsers grant it quietly or not at all. */
export async function keepStorage(): Promise<boolean> {
  try {
    return (await navigator.storage?.persist?.()) ?? false;
  } catch {
    return false;
  }
}

const SOMETIMES = 5 * 60_000;

/** Opens the store and begins to send. Resolves when it is known whether a PIN is needed. */
export async function startKeeping(): Promise<'open' | 'locked' | 'broken'> {
  try {
    const state = await store.vault.start();
    lost = await evicted(store.disk, browserMark);
    await takeToken();
    void queue.flush();
    window.addEventListener('online', () => void queue.flush());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void queue.flush();
    });
    setInterval(() => void queue.flush(), SOMETIMES);
    queue.onChange(() => void remember());
    return state;
  } catch (error) {
    broken = error instanceof StoreFault ? error : new StoreFault('unavailable', error);
    return 'broken';
  }
}

/** A token in the address's fragment, which no server is sent: taken, and gone from the address at once. */
async function takeToken(): Promise<void> {
  const token = /^#device=([A-Za-z0-9_%-]+)$/.exec(location.hash)?.[1];
  if (token === undefined) return;
  history.replaceState(null, '', location.pathname + location.search);
  if (isToken(token)) await devices.add(token);
}
