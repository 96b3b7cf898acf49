// A measurement of one place: from the first fix to the mean that is taken. In: the phone's fixes. Out: progress after each, and an end with
// the result and everything that it was made of. Must not know: fields and answers.

import { average, type Averaged } from './average.ts';
import { sourceOf, watch, type GpsFault, type RawFix, type Source } from './gps.ts';

/** Fixes that are enough; more of them share their error and only cost time. */
const ENOUGH = 10;
/** No new fix for so long: a phone that stands still, or a network's place, gives no more. */
const QUIET = 10_000;
/** However the phone does, it is over then. */
export const PATIENCE = 40_000;
/** Phones say "unavailable" while they change from one source to another; this long without a fix after it, it is meant. */
const LOST = 8_000;

export interface Located {
  readonly result: Averaged;
  readonly raw: readonly RawFix[];
  readonly source: Source;
  readonly startedAt: string;
}

export type Ended = { readonly located: Located } | { readonly fault: GpsFault };

export interface Locating {
  /** Takes what there is. */
  take(): void;
  /** Stops and gives nothing. */
  cancel(): void;
}

export function locate(onProgress: (now: Located) => void, onEnd: (end: Ended) => void): Locating {
  const started = Date.now();
  const source = sourceOf(navigator.userAgent);
  const raw: RawFix[] = [];
  let now: Located | null = null;
  let over = false;
  let quiet = 0;
  let lost = 0;
  const end = (fault: GpsFault): void => {
    if (over) return;
    over = true;
    clearTimeout(patience);
    clearTimeout(quiet);
    clearTimeout(lost);
    watching.stop();
    onEnd(now ? { located: now } : { fault });
  };
  const patience = window.setTimeout(() => end('silent'), PATIENCE);
  const watching = watch(PATIENCE, (fix) => {
    if (over) return;
    raw.push(fix);
    const result = average(raw, source.confidence, started);
    if (!result) return;
    now = { result, raw: [...raw], source, startedAt: new Date(started).toISOString() };
    onProgress(now);
    clearTimeout(quiet);
    clearTimeout(lost);
    if (result.used >= ENOUGH && !result.moved) end('silent');
    else quiet = window.setTimeout(() => end('silent'), QUIET);
  }, (fault) => {
    // Not at once: the watch is not in hand yet where a browser refuses straight away.
    if (fault === 'denied' || fault === 'insecure') queueMicrotask(() => end(fault));
    else if (fault === 'unavailable' && !now && !lost) lost = window.setTimeout(() => end(fault), LOST);
  });
  return {
    take: () => end('silent'),
    cancel() {
      now = null;
      over = true;
      clearTimeout(patience);
      clearTimeout(quiet);
      clearTimeout(lost);
      watching.stop();
    },
  };
}
