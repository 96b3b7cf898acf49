// Every form on the phone, so that each opens without a network from the next visit on. In: the server's list. Out: rulesets in the store, fetched one
// after the other while nobody needs the phone for anything else, and how many are there. Must not know: what is in a ruleset, the screen.

import { bundleAddress, type RulesetEntry } from '../server.ts';
import { contentDigest } from '../store/bundles.ts';
import { quiet } from '../ui/quiet.ts';
import { bundles } from './keeper.ts';

/** The first inspection has the line for itself so long. */
const AFTER = 5_000;
const PATIENCE = 60_000;
const [SOON, LATE] = [30_000, 600_000];

export interface Shelf {
  readonly here: number;
  /** No version of these is on the phone. */
  readonly missing: readonly string[];
  readonly fetching: boolean;
}

let wanted: readonly RulesetEntry[] = [];
let held: ReadonlyMap<string, string> | null = null;
let fetching = false;
let hurried = false;
let hurry = (): void => undefined;
let again = 0;
let wait = SOON;
const listeners = new Set<() => void>();

/** Null until the store was looked at, or where it is closed: then nothing can be said. */
export function shelf(): Shelf | null {
  if (!held || wanted.length === 0) return null;
  const missing = wanted.filter((one) => !held?.has(one.id)).map((one) => one.id);
  return { here: wanted.length - missing.length, missing, fetching };
}

export function onShelf(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const tell = (): void => listeners.forEach((one) => one());

/** The person pays for each byte, or wants few of them: then nothing is fetched that nobody asked for. */
export const saving = (): boolean => (navigator as Navigator & { readonly connection?: { readonly saveData?: boolean } }).connection?.saveData === true;

/** Takes the server's list: what of it is not here, or is here in an older version, is fetched in the background. */
export async function keepAll(list: readonly RulesetEntry[]): Promise<void> {
  if (wanted.length === 0) {
    window.addEventListener('online', () => void run());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && again !== 0) void run();
    });
  }
  wanted = list;
  if (!(await look())) return;
  setTimeout(() => void run(), AFTER);
}

/** Somebody asked for it: at once, and whatever it costs. */
export async function fetchNow(): Promise<void> {
  hurried = true;
  hurry();
  await run();
}

export async function look(): Promise<boolean> {
  held = await bundles.held().catch(() => null);
  tell();
  return held !== null;
}

async function run(): Promise<void> {
  if (fetching || !held) return;
  clearTimeout(again);
  again = 0;
  fetching = true;
  tell();
  const tried = new Set<string>();
  let broken = false;
  while (!broken && navigator.onLine && (hurried || !saving())) {
    const next = wanted.find((one) => !tried.has(one.id) && (one.digest === undefined ? !held?.has(one.id) : held?.get(one.id) !== one.digest));
    if (!next) break;
    tried.add(next.id);
    if (!hurried) await Promise.race([quiet(), new Promise<void>((go) => { hurry = go; })]);
    broken = !(await fetchOne(next.id));
    await look();
    if (!held) break;
  }
  fetching = false;
  hurried = false;
  if (broken) {
    again = window.setTimeout(() => void run(), wait);
    wait = Math.min(LATE, wait * 2);
  } else {
    wait = SOON;
  }
  tell();
}

/** False where there is no use in going on: no network, no room. A ruleset that the server does not give is passed over. */
async function fetchOne(id: string): Promise<boolean> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const response = await fetch(bundleAddress(id), { signal: stop.signal, headers: { accept: 'application/json' }, priority: hurried ? 'auto' : 'low' });
    if (!response.ok) return response.status < 500 && response.status !== 429;
    const text = await response.text();
    const digest = await contentDigest(text);
    // A login page that answers for everybody, or a text that was cut: what comes next would be no better.
    if (digest === null || response.redirected) return false;
    await bundles.keep(id, digest, text);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
