// One place out of several fixes. In: raw fixes. Out: a place with an accuracy that can be defended, and what was left out and why. Must
// not know: the browser, answers, limits such as 200 m.
//
// Why the accuracy does not shrink with the number of fixes: the errors of fixes that a standing phone makes within a minute are the same
// error. The same satellites, the same reflections from the same walls push all of them the same way, so dividing by the root of n would
// claim what nobody measured. What n fixes do give is protection against single bad ones, and a look at how far they disagree.

import type { RawFix } from './gps.ts';
import { planar } from './metres.ts';

/** A phone's receiver on one or two frequencies is not better than this in the open, whatever it claims. */
export const FLOOR = 3;
/** From the radius of 68 % to that of 95 % of an error that is normal in both directions: √(ln 0.05 / ln 0.32). */
export const TO_95 = Math.sqrt(Math.log(0.05) / Math.log(0.32));
/** Fixes older than the start of the measurement are the phone's memory of another place. Clocks of receivers may differ a little. */
const STALE = 5_000;
/** A fix that claims several times the radius of the best is a network's, not a satellite's. */
const WORSE = 4;
/** So many fixes must agree to the last digit before that means something. */
const SAME = 4;

export type Left = 'stale' | 'no_accuracy' | 'coarse' | 'outlier';

export interface Averaged {
  readonly lng: number;
  readonly lat: number;
  /** Metres, 95 %, rounded up to a decimetre. */
  readonly accuracy: number;
  /** Fixes in the mean. */
  readonly used: number;
  /** The others, by reason. */
  readonly left: Readonly<Record<Left, number>>;
  /** The smallest radius among those used, at 95 %. */
  readonly best: number;
  /** Radius around the mean within which 95 % of the fixes used lie. */
  readonly spread: number;
  /** The phone went from one place to another meanwhile: this is no place. */
  readonly moved: boolean;
  /** All fixes are the same number. Satellites never give that; a network, a cache or a mock location does. */
  readonly frozen: boolean;
}

interface Placed {
  readonly x: number;
  readonly y: number;
  /** Radius at 95 %. */
  readonly r: number;
}

/** `started`: when measuring began, in milliseconds. Null while there is no fix that can be used. */
export function average(fixes: readonly RawFix[], confidence: 0.68 | 0.95, started = -Infinity): Averaged | null {
  const left: Record<Left, number> = { stale: 0, no_accuracy: 0, coarse: 0, outlier: 0 };
  const keep = (list: readonly RawFix[], why: Left, test: (fix: RawFix) => boolean): RawFix[] => {
    const kept = list.filter(test);
    left[why] += list.length - kept.length;
    return kept;
  };
  let list = keep(fixes, 'no_accuracy', (fix) => Number.isFinite(fix.lng) && Number.isFinite(fix.lat) && Number.isFinite(fix.accuracy) && fix.accuracy > 0);
  list = keep(list, 'stale', (fix) => Date.parse(fix.time) >= started - STALE);
  if (list.length === 0) return null;
  const finest = Math.min(...list.map((fix) => fix.accuracy));
  list = keep(list, 'coarse', (fix) => fix.accuracy <= Math.max(WORSE * finest, FLOOR));
  const first = list[0] as RawFix;
  const plane = planar(first);
  const scale = confidence === 0.68 ? TO_95 : 1;
  let placed: Placed[] = list.map((fix) => ({ ...plane.xy(fix), r: Math.max(fix.accuracy * scale, FLOOR) }));
  const sane = placed.filter(near(placed));
  left.outlier += placed.length - sane.length;
  placed = sane;
  const mean = centre(placed);
  // If any one of the fixes keeps what it claims, the true place is within its radius, and so within radius + distance of the mean.
  // That holds for each; the least of them is the least that follows from the claims. It is never below the best single claim.
  const claimed = Math.min(...placed.map((one) => one.r + away(one, mean)));
  const spread = quantile(placed.map((one) => away(one, mean)), 0.95);
  // Fixes that lie farther apart than they claim tell that the claims are too bold.
  const accuracy = Math.max(claimed, spread);
  const at = plane.lngLat(mean);
  return {
    lng: digits(at.lng), lat: digits(at.lat), accuracy: up(accuracy), used: placed.length, left,
    best: Math.min(...placed.map((one) => one.r)), spread, moved: drifted(placed),
    frozen: list.length >= SAME && list.every((fix) => fix.lng === first.lng && fix.lat === first.lat && fix.accuracy === first.accuracy),
  };
}

/** Weighted by 1/r², as errors of different sizes are. */
function centre(placed: readonly Placed[]): { x: number; y: number } {
  let [x, y, weight] = [0, 0, 0];
  for (const one of placed) {
    const own = 1 / (one.r * one.r);
    x += one.x * own;
    y += one.y * own;
    weight += own;
  }
  return { x: x / weight, y: y / weight };
}

/** Near the middle of most: within three times the usual distance from the median, or within what the fix itself claims. */
function near(placed: readonly Placed[]): (one: Placed) => boolean {
  if (placed.length < 3) return () => true;
  const middle = { x: quantile(placed.map((one) => one.x), 0.5), y: quantile(placed.map((one) => one.y), 0.5) };
  const usual = quantile(placed.map((one) => away(one, middle)), 0.5);
  return (one) => away(one, middle) <= Math.max(3 * usual, one.r);
}

/** The mean of the later half lies farther from the mean of the earlier than both halves explain. */
function drifted(placed: readonly Placed[]): boolean {
  if (placed.length < 6) return false;
  const half = Math.floor(placed.length / 2);
  const [early, late] = [placed.slice(0, half), placed.slice(-half)];
  const [a, b] = [centre(early), centre(late)];
  const least = (list: readonly Placed[]): number => Math.min(...list.map((one) => one.r));
  return away(a, b) > least(early) + least(late);
}

function away(a: { x: number; y: number }, b: { x: number; y: number }): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** The value below which the share lies, between neighbours by straight line. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? 0;
  return low + ((sorted[Math.ceil(at)] ?? low) - low) * (at - Math.floor(at));
}

/** Seven decimals of a degree are a centimetre. */
function digits(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}

/** Up to a decimetre; what a sum of doubles is too much does not count. */
function up(metres: number): number {
  return Math.ceil(metres * 10 - 1e-6) / 10;
}
