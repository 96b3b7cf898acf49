// Rulesets, from the server while there is one and from the phone while there is none. In: an id or a digest. Out: the loaded ruleset with its
// text. Must not know: drafts.

import { loadRuleset, type Ruleset } from '../engine.ts';
import { bundleAddress, listRulesets as listed, type RulesetEntry } from '../server.ts';
import { bundles } from './keeper.ts';

export interface Held {
  readonly ruleset: Ruleset;
  /** As the server gave it. */
  readonly text: string;
}

const PATIENCE = 8_000;

async function fetched(id: string): Promise<string | null> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const response = await fetch(bundleAddress(id), { signal: stop.signal, headers: { accept: 'application/json' } });
    if (!response.ok || response.redirected) return null;
    return await response.text();
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

let away = false;
/** The last list was this phone's own: no server could be asked. */
export const serverAway = (): boolean => away;

/** The server's list of rulesets, and without a server the last one of this phone. Throws what the request throws where there is neither. */
export async function listRulesets(): Promise<readonly RulesetEntry[]> {
  try {
    const list = await listed();
    away = false;
    void bundles.keepList(list).catch(() => undefined);
    return list;
  } catch (error) {
    const own = (await bundles.list().catch(() => null)) as readonly RulesetEntry[] | null;
    away = true;
    if (own) return own;
    throw error;
  }
}

/** The ruleset in force: the server's, and where that cannot be had, the last one of this phone. Throws what loading throws. */
export async function currentRuleset(id: string): Promise<Held> {
  const text = await fetched(id);
  if (text !== null) {
    try {
      const ruleset = await loadRuleset(text);
      await bundles.keep(id, ruleset.digest, text).catch(() => undefined); // a store that is closed keeps nothing; the page still judges
      return { ruleset, text };
    } catch (error) {
      // A login page, or a bundle that a proxy damaged: what the phone has is better, if it has any.
      const own = await kept(id);
      if (own) return own;
      throw error;
    }
  }
  const own = await kept(id);
  if (own) return own;
  return { ruleset: await loadRuleset(bundleAddress(id)), text: '' };
}

async function kept(id: string): Promise<Held | null> {
  const found = await bundles.current(id).catch(() => null);
  return found ? { ruleset: await loadRuleset(found.text), text: found.text } : null;
}

/** The very ruleset that a draft was begun under, or null where the phone has lost it. */
export async function rulesetOf(digest: string): Promise<Held | null> {
  const text = await bundles.byDigest(digest);
  return text === null || text === '' ? null : { ruleset: await loadRuleset(text), text };
}
