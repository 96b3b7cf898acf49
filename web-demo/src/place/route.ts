// A distance measured piece by piece: with a tape, a wheel, a laser, or in paces. In: segments. Out: their sum with its tolerance, as a measure
// field takes it, and the record of how it was got. Must not know: the screen, limits.

import { isRecord, type Json } from '../pointer.ts';

export type Way = 'gate' | 'pavement' | 'crossing' | 'stairs' | 'bridge' | 'corridor' | 'other';
export type Tool = 'tape' | 'wheel' | 'laser' | 'paces';

export const WAYS: readonly Way[] = ['gate', 'pavement', 'crossing', 'stairs', 'bridge', 'corridor', 'other'];
export const TOOLS: readonly Tool[] = ['tape', 'wheel', 'laser', 'paces'];

/** What a tool errs by on a reading: a fixed part in metres and a share. Proposals of this project, a little above what makers state, because the
 *  ground is not a test bench; the inspector may write another tolerance. */
const ERRORS: Record<Tool, readonly [fixed: number, share: number]> = { tape: [0.1, 0.003], wheel: [0.3, 0.01], laser: [0.05, 0.001], paces: [1, 0.1] };

export interface Segment {
  readonly way: Way;
  readonly tool: Tool;
  readonly metres: number;
  /** Metres; absent: what the tool errs by. */
  readonly tolerance?: number;
  /** Where the segment ends, where somebody located it. */
  readonly to?: { readonly lng: number; readonly lat: number; readonly accuracy: number; readonly crs: 'wgs84' };
}

export interface Route {
  readonly route: 1;
  readonly segments: readonly Segment[];
}


export function toleranceOf(segment: Pick<Segment, 'tool' | 'metres' | 'tolerance'>): number {
  const [fixed, share] = ERRORS[segment.tool];
  return segment.tolerance ?? up(fixed + share * segment.metres);
}

/** Tolerances are added as they are. Their root of squares would be smaller, but the errors of one tape and one hand go the same way. */
export function sumOf(segments: readonly Segment[]): { value: number; tolerance: number } {
  const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
  return { value: Math.round(sum(segments.map((one) => one.metres)) * 100) / 100, tolerance: up(sum(segments.map(toleranceOf))) };
}

/** Up to a decimetre; what a sum of doubles is too much does not count. */
function up(metres: number): number {
  return Math.max(0, Math.ceil(metres * 10 - 1e-6)) / 10;
}

/** A stored route; null where the text is none. */
export function readRoute(text: string): Route | null {
  try {
    const value = JSON.parse(text) as Json;
    if (!isRecord(value) || value['route'] !== 1 || !Array.isArray(value['segments'])) return null;
    const sound = value['segments'].every((one) => isRecord(one) && WAYS.includes(one['way'] as Way) && TOOLS.includes(one['tool'] as Tool) && typeof one['metres'] === 'number');
    return sound ? (value as unknown as Route) : null;
  } catch {
    return null;
  }
}
