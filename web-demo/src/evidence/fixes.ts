// The raw fixes behind a place, kept as evidence beside the answer: the answer has the mean, a court may ask for what it was made of. In: a
// measurement. Out: an entry of the list; a store that cannot take it costs the record, never the answer.

import type { Inspection } from '../inspection.ts';
import type { Located } from '../place/locating.ts';
import { evidenceOf } from './list.ts';
import { FIXES_TYPE } from './media.ts';
import { takeMade } from './take.ts';

/** `add` for corners of a boundary, where each has its own; else a new measurement takes the place of the old. */
export async function keepFixes(inspection: Inspection, at: string, { result, raw, source, startedAt }: Located, how: 'add' | 'put' = 'put'): Promise<void> {
  const record = { fixes: 1, startedAt, source, result, raw };
  const data = new Blob([JSON.stringify(record)], { type: FIXES_TYPE });
  const position = { lng: result.lng, lat: result.lat, crs: source.crs, accuracy: result.accuracy };
  await takeMade(evidenceOf(inspection), data, { at, kind: 'file', position }, how).catch((error: unknown) => console.warn('fixes not kept', error instanceof Error ? error.message : ''));
}
