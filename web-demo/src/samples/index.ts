// Example inspections, one a ruleset, loaded when asked for. The places and people in them are invented.

import type { Sample } from '../inspection.ts';

const SAMPLES: Record<string, () => Promise<{ default: unknown }>> = {
  venue: () => import('./venue.json'),
  hotel: () => import('./hotel.json'),
  school_phone: () => import('./school_phone.json'),
  negative_list: () => import('./negative_list.json'),
  'assessment.linxi': () => import('./assessment.json'),
};

export function hasSample(id: string): boolean {
  return Object.hasOwn(SAMPLES, id);
}

export async function loadSample(id: string): Promise<Sample | null> {
  const found = await SAMPLES[id]?.();
  return found ? (found.default as Sample) : null;
}
