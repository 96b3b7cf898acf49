// The life of a finished record, as a table. In: a record and what happened to it. Out: the record after it, and what the queue does
// next. Pure: no clock, no disk, no network. Must not know: who asks, or how it is shown.

import type { Envelope } from './answer.ts';
import type { Phase, Waiting } from './record.ts';

export type Happening =
  /** A receipt with our digest and a good signature; with parts the server lacks, or without. */
  | { readonly kind: 'receipt'; readonly envelope: Envelope; readonly serverTime?: number }
  | { readonly kind: 'part'; readonly digest: string }
  | { readonly kind: 'foreign' | 'unreachable' | 'busy' | 'denied' | 'gone' | 'unclear' | 'refused'; readonly code: string; readonly status?: number }
  /** This phone has not what it should send: `locked` until the PIN is given, or lost. */
  | { readonly kind: 'locked' | 'lost'; readonly code: string }
  /** A person asks to try again. */
  | { readonly kind: 'retry' };

/** What the queue does after it. */
export type Then =
  /** Goes on with this record. */
  | 'on'
  /** Goes to the next record. */
  | 'next'
  /** Sends nothing more under this record's token until there is a new one. */
  | 'hold';

interface Move {
  /** `same`, or the phase that follows; `by_parts` is decided by which parts the server lacks. */
  readonly to: Phase | 'same' | 'by_parts';
  /** Is it one more try in vain? */
  readonly vain: boolean;
  readonly then: Then;
  /** After so many answers of this kind in a row, a person must look. */
  readonly most?: number;
}

const AGAIN: Move = { to: 'same', vain: true, then: 'next' };
const LOOK: Move = { to: 'attention', vain: true, then: 'next' };
const STAY: Move = { to: 'same', vain: false, then: 'next' };
const HOLD: Move = { to: 'same', vain: false, then: 'hold' };
const GOOD: Move = { to: 'by_parts', vain: false, then: 'on' };

/**
 * Phase × what happened → what follows. Two rules are behind it: a record leaves the queue by our receipt alone, and nothing that may be
 * the fault of the way between counts against a record.
 */
export const TABLE: Readonly<Record<Phase, Readonly<Record<Happening['kind'], Move>>>> = {
  entry: {
    receipt: GOOD, part: STAY, foreign: AGAIN, unreachable: AGAIN, busy: AGAIN, denied: HOLD,
    gone: LOOK, unclear: { ...AGAIN, most: 3 }, refused: LOOK, locked: STAY, lost: LOOK, retry: STAY,
  },
  parts: {
    receipt: GOOD, part: GOOD, foreign: AGAIN, unreachable: AGAIN, busy: AGAIN, denied: HOLD,
    // The server knows no such submission: it was restored from a backup of before it.
    gone: { to: 'entry', vain: true, then: 'next' },
    unclear: { ...AGAIN, most: 3 }, refused: LOOK, locked: STAY, lost: LOOK, retry: STAY,
  },
  closing: {
    receipt: GOOD, part: STAY, foreign: AGAIN, unreachable: AGAIN, busy: AGAIN, denied: HOLD,
    gone: { to: 'entry', vain: true, then: 'next' },
    unclear: { ...AGAIN, most: 3 }, refused: LOOK, locked: STAY, lost: LOOK, retry: STAY,
  },
  // Asked now and then whether the server has it still; only its own word that it has not takes 已签收 away.
  received: {
    receipt: GOOD, part: STAY, foreign: STAY, unreachable: STAY, busy: STAY, denied: STAY,
    gone: { to: 'entry', vain: false, then: 'on' },
    unclear: STAY, refused: STAY, locked: STAY, lost: STAY, retry: STAY,
  },
  attention: {
    receipt: GOOD, part: STAY, foreign: STAY, unreachable: STAY, busy: STAY, denied: STAY, gone: STAY, unclear: STAY, refused: STAY,
    locked: STAY, lost: STAY, retry: { to: 'entry', vain: false, then: 'on' },
  },
};

export interface Step {
  readonly record: Waiting;
  readonly then: Then;
  /** Was it a try in vain? */
  readonly vain: boolean;
}

/** The record after what happened. */
export function after(record: Waiting, happened: Happening, table: typeof TABLE = TABLE): Step {
  const move = table[record.phase][happened.kind];
  const parts = partsAfter(record, happened);
  const attempts = move.vain ? record.attempts + 1 : happened.kind === 'locked' || move.then === 'hold' ? record.attempts : 0;
  const unclear = happened.kind === 'unclear' ? (record.unclear ?? 0) + 1 : move.vain ? (record.unclear ?? 0) : 0;
  const phase = move.most !== undefined && unclear >= move.most ? 'attention' : phaseAfter(record, move, parts, happened);
  const { fault: _before, unclear: _count, receipt, quarantined, askedAt, ...rest } = record;
  const fault = 'code' in happened && !(record.phase === 'received' && phase === 'received') ? { code: happened.code, status: ('status' in happened && happened.status) || 0 } : undefined;
  // What the server said it has no more was said by a server that has it no more: its receipt goes with it.
  const lost = happened.kind === 'gone' && phase === 'entry';
  const given = happened.kind === 'receipt' ? happened.envelope : null;
  const kept = given ? given.receipt : lost ? undefined : receipt;
  const waits = given ? given.state === 'quarantined' : lost ? undefined : quarantined;
  const asked = given && happened.kind === 'receipt' ? happened.serverTime : askedAt;
  return {
    record: {
      ...rest, phase, attempts, parts: lost ? parts.map((part) => ({ ...part, done: false })) : parts,
      ...(fault && { fault }), ...(unclear > 0 && { unclear }), ...(kept && { receipt: kept }), ...(waits !== undefined && { quarantined: waits }), ...(asked !== undefined && { askedAt: asked }),
    },
    then: move.then === 'on' && phase === 'received' ? 'next' : move.then,
    vain: move.vain,
  };
}

function partsAfter(record: Waiting, happened: Happening): Waiting['parts'] {
  if (happened.kind === 'part') return record.parts.map((part) => (part.digest === happened.digest ? { ...part, done: true } : part));
  if (happened.kind === 'receipt') {
    const missing = new Set(happened.envelope.missing);
    return record.parts.map((part) => ({ ...part, done: !missing.has(part.digest) }));
  }
  return record.parts;
}

function phaseAfter(record: Waiting, move: Move, parts: Waiting['parts'], happened: Happening): Phase {
  if (move.to === 'same') return record.phase;
  if (move.to !== 'by_parts') return move.to;
  if (parts.some((part) => !part.done)) return 'parts';
  // Only the server's word closes a record: parts that it took are not a receipt yet.
  return happened.kind === 'receipt' && happened.envelope.state !== 'incomplete' ? 'received' : 'closing';
}

/** Milliseconds to wait after so many passes in vain: doubling from two seconds to five minutes, half of it by chance. */
export function pause(vain: number, random: () => number): number {
  const most = Math.min(300_000, 2_000 * 2 ** Math.min(vain, 12));
  return most / 2 + (most / 2) * random();
}
