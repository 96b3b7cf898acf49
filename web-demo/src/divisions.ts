// Every division of the country by code and name, to be found by its name: loaded only when a place is looked for or has to be named. In: letters or a
// code. Out: divisions. Must not know: which rules hold where.

import { learnNames } from './places.ts';
import { relive } from './ui/dom.ts';

export interface Division {
  readonly code: string;
  /** With its province and prefecture. */
  readonly name: string;
  /** Without them. */
  readonly own: string;
}

/** Lines `code name`; a name lacks those of the prefecture and the province that it begins with. */
export function readDivisions(lines: string): Map<string, Division> {
  const all = new Map<string, Division>();
  for (const line of lines.split('\n')) {
    const [code, own] = [line.slice(0, 6), line.slice(6)];
    const above = [`${code.slice(0, 4)}00`, `${code.slice(0, 2)}0000`].filter((one) => one !== code).map((one) => all.get(one)).find((one) => one !== undefined);
    all.set(code, { code, own, name: (above?.name ?? '') + own });
  }
  return all;
}

/** Those whose own name begins with the words first, then those that hold them anywhere. */
export function findDivisions(all: Iterable<Division>, words: string, most: number): Division[] {
  const rank = ({ own, name }: Division): number => (own.startsWith(words) ? 0 : own.includes(words) ? 1 : name.includes(words) ? 2 : 3);
  return [...all].map((one) => ({ one, rank: rank(one) })).filter((hit) => hit.rank < 3).sort((a, b) => a.rank - b.rank || a.one.code.localeCompare(b.one.code)).slice(0, most).map((hit) => hit.one);
}

let coming: Promise<ReadonlyMap<string, Division>> | null = null;

/** Once they are here, places are called by these names where they have no shorter one. */
export function divisions(): Promise<ReadonlyMap<string, Division>> {
  coming ??= import('virtual:divisions').then(({ default: lines }) => {
    const all = readDivisions(lines);
    learnNames(all);
    // Only what names places: results drawn anew for it would lose the focus.
    for (const part of document.querySelectorAll('[data-places]')) relive(part);
    return all;
  });
  coming.catch(() => {
    coming = null; // offline before the page's files were kept: the next look may find them
  });
  return coming;
}
