// A drawing's geometry: venue, school, line of the limit and route in metres, and how much of it is seen. In: the places as answered. Out:
// shapes in metres east and south of the venue, to be drawn at one scale. Must not know: SVG, words, what the rules make of it.

import { isRecord, type Json } from '../pointer.ts';
import { planar, type Xy } from './metres.ts';

export interface Scene {
  readonly venue: Json | undefined;
  readonly boundary: Json | undefined;
  readonly gate: Json | undefined;
  /** Metres of the limit, where a rule has one. */
  readonly limit: number | null;
  /** Ends of walked segments, in order, where they were located. */
  readonly route: readonly Json[];
}

export interface Disc extends Xy {
  readonly r: number;
}

export interface Drawn {
  readonly venue: Disc | null;
  /** Rings of all pieces; holes are rings too. */
  readonly rings: readonly (readonly Xy[])[];
  readonly gate: Disc | null;
  /** The limit lies so far from the boundary, or from the gate where there is no boundary. */
  readonly limit: number | null;
  readonly limitFrom: 'boundary' | 'gate' | null;
  readonly route: readonly Xy[];
  /** What is seen: left, top, width, height in metres. */
  readonly view: readonly [number, number, number, number];
  /** Length of the scale bar in metres. */
  readonly bar: number;
  /** The system of all places. */
  readonly crs: string;
}

export type NoDrawing = { readonly why: 'nothing' | 'crs_mixed' };

const family = (crs: string): string => (crs === 'cgcs2000' ? 'wgs84' : crs);

interface At {
  readonly lng: number;
  readonly lat: number;
  readonly accuracy: number;
  readonly crs: string;
}

function pointOf(value: Json | undefined): At | null {
  if (!isRecord(value)) return null;
  const { lng, lat, accuracy, crs } = value;
  if (typeof lng !== 'number' || typeof lat !== 'number' || typeof crs !== 'string' || Math.abs(lng) > 180 || Math.abs(lat) > 85) return null;
  return { lng, lat, accuracy: typeof accuracy === 'number' && accuracy > 0 ? accuracy : 0, crs };
}

function ringsOf(value: Json | undefined): { rings: { lng: number; lat: number }[][]; crs: string } | null {
  if (!isRecord(value) || typeof value['crs'] !== 'string' || !Array.isArray(value['coordinates'])) return null;
  const pieces = value['type'] === 'MultiPolygon' ? value['coordinates'] : [value['coordinates']];
  const rings: { lng: number; lat: number }[][] = [];
  for (const piece of pieces) {
    for (const ring of Array.isArray(piece) ? piece : []) {
      const corners = (Array.isArray(ring) ? ring : []).flatMap((one) => {
        const [lng, lat] = Array.isArray(one) ? one : [];
        return typeof lng === 'number' && typeof lat === 'number' ? [{ lng, lat }] : [];
      });
      if (corners.length > 2) rings.push(corners);
    }
  }
  return rings.length > 0 ? { rings, crs: value['crs'] } : null;
}

export function draw(scene: Scene): Drawn | NoDrawing {
  const venue = pointOf(scene.venue);
  const area = ringsOf(scene.boundary);
  const gate = pointOf(scene.gate);
  const route = scene.route.map(pointOf).filter((one) => one !== null);
  const first = venue ?? gate ?? area?.rings[0]?.[0];
  if (!first || !(area ?? gate)) return { why: 'nothing' };
  const systems = [venue?.crs, area?.crs, gate?.crs, ...route.map((one) => one.crs)].filter((crs) => crs !== undefined);
  if (new Set(systems.map(family)).size > 1) return { why: 'crs_mixed' };
  const plane = planar(first);
  // SVG counts downwards.
  const xy = (at: { lng: number; lat: number }): Xy => {
    const { x, y } = plane.xy(at);
    return { x, y: -y };
  };
  const disc = (at: At | null): Disc | null => (at ? { ...xy(at), r: at.accuracy } : null);
  const rings = (area?.rings ?? []).map((ring) => ring.map(xy));
  const made = { venue: disc(venue), gate: disc(gate), rings, route: route.map(xy) };
  const limitFrom = scene.limit === null ? null : rings.length > 0 ? 'boundary' : made.gate ? 'gate' : null;
  const limit = limitFrom ? scene.limit : null;
  return { ...made, limit, limitFrom, ...framed(made, limit ?? 0), crs: systems[0] ?? '' };
}

/** Everything with its margin; the line of the limit too, unless the venue is so far that it would be a dot. */
function framed(made: { venue: Disc | null; gate: Disc | null; rings: readonly (readonly Xy[])[]; route: readonly Xy[] }, limit: number): Pick<Drawn, 'view' | 'bar'> {
  const site = [...made.rings.flat(), ...(made.gate ? [made.gate] : [])];
  // Room for the labels of what stands at the edge.
  const room = (at: Disc): Disc => ({ ...at, r: Math.max(at.r, limit * 0.3, 8) });
  const spots: Disc[] = [...site.map((at) => ({ ...at, r: limit })), ...made.route.map((at) => ({ ...at, r: 0 })), ...(made.venue ? [room(made.venue)] : [])];
  const left = Math.min(...spots.map((at) => at.x - at.r));
  const right = Math.max(...spots.map((at) => at.x + at.r));
  const top = Math.min(...spots.map((at) => at.y - at.r));
  const bottom = Math.max(...spots.map((at) => at.y + at.r));
  const size = Math.max(right - left, bottom - top, 40);
  const margin = size * 0.08;
  const width = Math.max(right - left, size * 0.75) + 2 * margin;
  const height = Math.max(bottom - top, size * 0.75) + 2 * margin;
  return {
    view: [(left + right) / 2 - width / 2, (top + bottom) / 2 - height / 2, width, height],
    bar: round(width / 4),
  };
}

/** The largest of 1, 2, 5, 10, … that is not above. */
export function round(metres: number): number {
  const ten = 10 ** Math.floor(Math.log10(metres));
  return metres >= 5 * ten ? 5 * ten : metres >= 2 * ten ? 2 * ten : ten;
}
