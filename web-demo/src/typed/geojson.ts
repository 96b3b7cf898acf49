// A pasted or walked boundary. In: GeoJSON text (a Polygon, a MultiPolygon, or a Feature or collection that holds exactly one), or
// corners in walking order. Out: the area without its coordinate system, or null. It reads the shape; the engine checks it.

import { isRecord, type Json } from '../pointer.ts';

export type Shape = { type: 'Polygon' | 'MultiPolygon'; coordinates: Json };

function shapeOf(value: Json | undefined, depth = 0): Shape | null {
  if (!isRecord(value) || depth > 3) return null;
  if ((value['type'] === 'Polygon' || value['type'] === 'MultiPolygon') && Array.isArray(value['coordinates'])) {
    return { type: value['type'], coordinates: value['coordinates'] };
  }
  if (value['type'] === 'Feature') return shapeOf(value['geometry'], depth + 1);
  const members = value['type'] === 'FeatureCollection' ? value['features'] : value['type'] === 'GeometryCollection' ? value['geometries'] : undefined;
  return Array.isArray(members) && members.length === 1 ? shapeOf(members[0], depth + 1) : null;
}

export function typedShape(text: string): Shape | null {
  try {
    return shapeOf(JSON.parse(text) as Json);
  } catch {
    return null;
  }
}

/** Corners as they were walked, closed. Fewer than three make no area. */
export function walkedShape(corners: readonly (readonly [lng: number, lat: number])[]): Shape | null {
  const first = corners[0];
  if (!first || corners.length < 3) return null;
  return { type: 'Polygon', coordinates: [[...corners, first].map(([lng, lat]) => [lng, lat])] };
}

/** How many corners the rings of a shape have, the closing one not counted. */
export function cornersOf(value: Json | undefined): number {
  if (!isRecord(value) || !Array.isArray(value['coordinates'])) return 0;
  const polygons = value['type'] === 'MultiPolygon' ? value['coordinates'] : [value['coordinates']];
  let corners = 0;
  for (const rings of polygons) {
    if (!Array.isArray(rings)) continue;
    for (const ring of rings) corners += Array.isArray(ring) ? Math.max(0, ring.length - 1) : 0;
  }
  return corners;
}
