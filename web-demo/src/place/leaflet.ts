// The map itself, over Leaflet. In: an element, tiles, a scene in WGS-84 or CGCS2000. Out: venue, boundary, gate and the limit around the gate on
// it. In a chunk of its own with Leaflet, so that a page without a map never loads either.

import { circle, geoJSON, map, marker, divIcon, tileLayer, featureGroup, type LatLngExpression } from 'leaflet';
import 'leaflet/dist/leaflet.css';
import { isRecord, type Json } from '../pointer.ts';
import { say } from '../ui/i18n.ts';
import type { TileSetting } from './tile-setting.ts';
import type { MapScene } from './tiles.ts';

function at(value: Json | undefined): LatLngExpression | null {
  return isRecord(value) && typeof value['lat'] === 'number' && typeof value['lng'] === 'number' ? [value['lat'], value['lng']] : null;
}

export function showMap(box: HTMLElement, setting: TileSetting, scene: MapScene, told: (words: string) => void): void {
  const view = map(box, { zoomControl: true, attributionControl: false });
  // A circle knows its bounds only on a map that knows where it is.
  view.setView(at(scene.venue) ?? at(scene.gate) ?? [35, 105], 16);
  const tiles = tileLayer(setting.url, { maxZoom: setting.maxZoom ?? 18 });
  tiles.on('tileerror', () => told(say('部分地图没有取到，请看示意图。', 'Some of the map could not be loaded; see the drawing.')));
  tiles.on('load', () => told(''));
  tiles.addTo(view);
  const shapes = featureGroup().addTo(view);
  const pin = (where: LatLngExpression, words: string): void => void marker(where, { icon: divIcon({ className: 'map-pin', html: words, iconSize: [48, 24] }), keyboard: false }).addTo(shapes);
  if (isRecord(scene.boundary)) geoJSON(scene.boundary as never, { style: { color: '#0b4a86', weight: 3 } }).addTo(shapes);
  const gate = at(scene.gate);
  if (gate) {
    pin(gate, say('校门', 'Gate'));
    if (scene.limit !== null && scene.boundary === undefined) circle(gate, { radius: scene.limit, color: '#a30f18', fill: false }).addTo(shapes);
  }
  const venue = at(scene.venue);
  if (venue && isRecord(scene.venue)) {
    pin(venue, say('场所', 'Venue'));
    const accuracy = scene.venue['accuracy'];
    if (typeof accuracy === 'number' && accuracy > 0) circle(venue, { radius: accuracy, color: '#4c2f9c', weight: 2 }).addTo(shapes);
  }
  view.fitBounds(shapes.getBounds().pad(0.3), { maxZoom: 18, animate: false });
}
