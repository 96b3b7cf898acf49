// The drawing itself, to scale: one metre is one unit of the SVG, whatever it is shown on. In: a plan's geometry and the words for it. Out: an
// SVG with a title and a description for who does not see it. Must not know: answers, rules.

import { uid } from '../ui/dom.ts';
import { say } from '../ui/i18n.ts';
import type { Xy } from './metres.ts';
import type { Drawn } from './plan.ts';

/** A phone's width, for sizes of text and lines that should look the same at any scale. */
const PIXELS = 320;

type Attributes = Record<string, string | number | null>;

function s(tag: string, attributes: Attributes, ...children: (Node | string | null)[]): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) element.setAttribute(name, typeof value === 'number' ? String(Math.round(value * 1000) / 1000) : value);
  element.append(...children.filter((one) => one !== null));
  return element;
}

const path = (rings: readonly (readonly Xy[])[]): string =>
  rings.map((ring) => `M${ring.map((at) => `${at.x.toFixed(3)} ${at.y.toFixed(3)}`).join('L')}Z`).join('');

export interface Labels {
  readonly title: string;
  readonly description: string;
  readonly site: string;
  /** On the line from the venue to what it is measured from. */
  readonly distance: string;
}

/** The point of the rings nearest to a place, and whether the place is inside. For the line in the drawing; its length is the engine's. */
export function foot(at: Xy, rings: readonly (readonly Xy[])[]): Xy | null {
  let best: Xy | null = null;
  let least = Infinity;
  let inside = false;
  for (const ring of rings) {
    ring.forEach((a, n) => {
      const b = ring[(n + 1) % ring.length] ?? a;
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      const along = dx === 0 && dy === 0 ? 0 : Math.min(1, Math.max(0, ((at.x - a.x) * dx + (at.y - a.y) * dy) / (dx * dx + dy * dy)));
      const there = { x: a.x + along * dx, y: a.y + along * dy };
      const far = Math.hypot(there.x - at.x, there.y - at.y);
      if (far < least) [least, best] = [far, there];
      if (a.y > at.y !== b.y > at.y && at.x < ((b.x - a.x) * (at.y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
    });
  }
  return inside ? null : best;
}

export function drawing(drawn: Drawn, labels: Labels): SVGElement {
  const [left, top, width, height] = drawn.view;
  // One pixel of a phone in metres.
  const px = width / PIXELS;
  const [titleId, descriptionId, maskId, hatchId] = [uid('plan'), uid('plan'), uid('plan'), uid('plan')];
  // Kept within the drawing, whatever it names.
  const label = (at: Xy, text: string, kind: string): SVGElement => {
    const half = (widthOf(text) / 2) * px + 3 * px;
    const x = Math.min(left + width - half, Math.max(left + half, at.x));
    const y = Math.min(top + height - 4 * px, Math.max(top + 14 * px, at.y));
    return s('text', { x, y, 'font-size': 13 * px, 'text-anchor': 'middle', class: `plan-text ${kind}`, 'stroke-width': 3.5 * px }, text);
  };
  const line = (points: readonly Xy[], kind: string, thick: number, dash: string | null = null): SVGElement =>
    s('polyline', { points: points.map((at) => `${at.x.toFixed(3)},${at.y.toFixed(3)}`).join(' '), class: kind, 'stroke-width': thick * px, 'stroke-dasharray': dash });
  const { venue, gate, rings, route, limit, limitFrom } = drawn;
  const to = venue ? (rings.length > 0 ? foot(venue, rings) : gate) : null;
  const shape = rings.length > 0 ? path(rings) : '';
  // The line of the limit is the rim of a stroke twice as wide as the limit: exact for every shape, with round corners as distance has them.
  const round = { 'stroke-linejoin': 'round', 'stroke-linecap': 'round' };
  const rim = 2.5 * px;
  const limitShape = limit === null ? null : limitFrom === 'boundary'
    ? [
        s('mask', { id: maskId, maskUnits: 'userSpaceOnUse', x: left, y: top, width, height },
          s('rect', { x: left, y: top, width, height, fill: '#fff' }), s('path', { d: shape, fill: '#000', stroke: '#000', 'stroke-width': 2 * limit - rim, ...round })),
        s('path', { d: shape, class: 'plan-zone', 'stroke-width': 2 * limit, ...round }),
        s('g', { mask: `url(#${maskId})` }, s('path', { d: shape, class: 'plan-limit', 'stroke-width': 2 * limit + rim, 'data-limit': limit, ...round })),
      ]
    : gate ? [s('circle', { cx: gate.x, cy: gate.y, r: limit, class: 'plan-zone plan-zone-disc' }), s('circle', { cx: gate.x, cy: gate.y, r: limit, class: 'plan-rim', 'stroke-width': rim, 'data-limit': limit })] : null;
  const north = { x: left + width - 16 * px, y: top + 16 * px };
  const foot_ = { x: left + 10 * px, y: top + height - 10 * px };
  // Each label stands where the line is not: the venue's beyond its end, the distance's above its middle.
  const beyond = (end: Xy, start: Xy): Xy => {
    const length = Math.hypot(end.x - start.x, end.y - start.y) || 1;
    return { x: end.x + ((end.x - start.x) / length) * 26 * px, y: end.y + ((end.y - start.y) / length) * 20 * px + 5 * px };
  };
  const middle = (a: Xy, b: Xy): Xy => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 - 8 * px });
  const corners = rings.flat();
  const centre = corners.length > 0 ? { x: mean(corners.map((at) => at.x)), y: Math.min(...corners.map((at) => at.y)) } : gate;
  return s('svg', { viewBox: drawn.view.map((one) => one.toFixed(3)).join(' '), class: 'plan', role: 'img', 'aria-labelledby': titleId, 'aria-describedby': descriptionId, 'data-px': px },
    s('title', { id: titleId }, labels.title), s('desc', { id: descriptionId }, labels.description),
    s('defs', {}, s('pattern', { id: hatchId, width: 7 * px, height: 7 * px, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
      s('line', { x1: 0, y1: 0, x2: 0, y2: 7 * px, class: 'plan-hatch', 'stroke-width': 1.5 * px }))),
    s('rect', { x: left, y: top, width, height, class: 'plan-ground' }),
    ...(limitShape ?? []),
    shape ? s('path', { d: shape, class: 'plan-site', fill: `url(#${hatchId})`, 'fill-rule': 'evenodd', 'stroke-width': 2.5 * px }) : null,
    gate && gate.r > 0 ? s('circle', { cx: gate.x, cy: gate.y, r: gate.r, class: 'plan-disc', 'stroke-width': px }) : null,
    venue && venue.r > 0 ? s('circle', { cx: venue.x, cy: venue.y, r: venue.r, class: 'plan-disc', 'stroke-width': 1.5 * px, 'data-accuracy': venue.r }) : null,
    venue && to ? line([venue, to], 'plan-line', 2, `${6 * px} ${4 * px}`) : null,
    route.length > 1 ? line(route, 'plan-route', 3) : null,
    ...route.map((at) => s('circle', { cx: at.x, cy: at.y, r: 3 * px, class: 'plan-route-end' })),
    gate ? s('rect', { x: gate.x - 5 * px, y: gate.y - 5 * px, width: 10 * px, height: 10 * px, class: 'plan-gate', 'stroke-width': 1.5 * px }) : null,
    // A dot, so that a small circle of error is still seen around it.
    venue ? s('circle', { cx: venue.x, cy: venue.y, r: 2.8 * px, class: 'plan-venue' }) : null,
    centre && rings.length > 0 ? label({ x: centre.x, y: centre.y - 8 * px }, labels.site, 'plan-text-site') : null,
    gate ? label({ x: gate.x, y: gate.y + 19 * px }, rings.length > 0 ? say('校门', 'Gate') : labels.site, '') : null,
    venue ? label(to ? beyond(venue, to) : { x: venue.x, y: venue.y - 13 * px }, say('场所', 'Venue'), 'plan-text-venue') : null,
    venue && to && labels.distance ? label(middle(venue, to), labels.distance, 'plan-text-line') : null,
    limit !== null && centre ? label({ x: centre.x, y: centre.y - limit - 6 * px }, say(`${limit} 米线`, `${limit} m`), 'plan-text-limit') : null,
    s('path', { d: `M${north.x} ${north.y - 9 * px}l${6 * px} ${18 * px}l${-6 * px} ${-5 * px}l${-6 * px} ${5 * px}z`, class: 'plan-ink' }),
    label({ x: north.x, y: north.y + 23 * px }, say('北', 'N'), ''),
    s('path', { d: `M${foot_.x} ${foot_.y - 5 * px}v${5 * px}h${drawn.bar}v${-5 * px}`, class: 'plan-bar', 'stroke-width': 2 * px, 'data-bar': drawn.bar }),
    label({ x: foot_.x + drawn.bar / 2, y: foot_.y - 8 * px }, `${drawn.bar} ${say('米', 'm')}`, ''));
}

/** About as wide as it is drawn, in pixels: characters of Chinese are square. */
function widthOf(text: string): number {
  return [...text].reduce((sum, one) => sum + (one > '\u2e80' ? 13 : 7.5), 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
