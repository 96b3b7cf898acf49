// Below a site's fields: the drawing to scale, the distances side by side, and the map where one is configured. In: an inspection and a site. Out: an
// element that follows the answers. It says what is measured; what that means the rules say.

import { evidenceOf } from '../evidence/list.ts';
import type { Inspection, Snapshot } from '../inspection.ts';
import { join } from '../pointer.ts';
import { fill, h, type Child } from '../ui/dom.ts';
import { pick, say } from '../ui/i18n.ts';
import { systemName } from '../ui/words.ts';
import { distancesOf, limitsOf, type Interval, type Known, type Limit } from './distances.ts';
import { drawing } from './drawing.ts';
import { draw, type Drawn } from './plan.ts';
import { isRecord, type Json } from '../pointer.ts';
import { measureOf, METHODS, type Roles } from './roles.ts';
import { routeAt } from './routes.ts';
import { mapButton } from './tiles.ts';
import { methodName, methodShort } from './words.ts';

export interface SiteFigure {
  readonly el: HTMLElement;
  update(now: Snapshot): void;
}

/** `195 ± 12`, to a decimetre. */
function plainWords({ value, tolerance }: Interval): string {
  const one = (metres: number): string => String(Math.round(metres * 10) / 10);
  return `${one(value)}${tolerance > 0 ? ` ± ${one(Math.ceil(tolerance * 10 - 1e-6) / 10)}` : ''}`;
}

/** `195 ± 12 米` */
export function intervalWords(interval: Interval): string {
  return `${plainWords(interval)} ${say('米', 'm')}`;
}

const WINDS: readonly (readonly [string, string])[] = [['东', 'east'], ['东北', 'northeast'], ['北', 'north'], ['西北', 'northwest'], ['西', 'west'], ['西南', 'southwest'], ['南', 'south'], ['东南', 'southeast']];

/** Which way the venue lies from the school. */
function windOf(drawn: Drawn): string {
  const from = drawn.rings.length > 0 ? drawn.rings.flat() : drawn.gate ? [drawn.gate] : [];
  if (!drawn.venue || from.length === 0) return '';
  const x = drawn.venue.x - from.reduce((sum, at) => sum + at.x, 0) / from.length;
  const y = from.reduce((sum, at) => sum + at.y, 0) / from.length - drawn.venue.y;
  const wind = WINDS[Math.round((Math.atan2(y, x) / (2 * Math.PI)) * 8 + 8) % 8];
  return wind ? say(wind[0], wind[1]) : '';
}

function describe(drawn: Drawn, name: string, known: readonly Known[], limits: readonly Limit[]): string {
  const parts: string[] = [];
  const placed = known.filter((one) => one.placed);
  const wind = windOf(drawn);
  if (drawn.venue) {
    parts.push(say(`场所在${name}的${wind}面，定位误差圈半径 ${drawn.venue.r} 米。`, `The venue lies ${wind} of ${name}; its circle of error has a radius of ${drawn.venue.r} m.`));
    for (const one of placed) if (one.placed) parts.push(say(`${methodName(one.method)}距离，由位置推算 ${intervalWords(one.placed)}。`, `${methodName(one.method)}, from the places: ${intervalWords(one.placed)}.`));
  } else {
    parts.push(say(`${name}。场所还没有定位。`, `${name}. The venue has no position yet.`));
  }
  if (drawn.limit !== null) parts.push(say(`画有距${drawn.limitFrom === 'boundary' ? '校园边界' : '校门'} ${drawn.limit} 米的线。`, `A line is drawn ${drawn.limit} m from the ${drawn.limitFrom === 'boundary' ? 'boundary' : 'gate'}.`));
  else if (limits.length === 0) parts.push(say('适用的规则没有米数，没有画界线。', 'The rules that apply have no number of metres; no line is drawn.'));
  if (drawn.rings.length === 0) parts.push(say('没有校园边界，只画校门。', 'There is no boundary; the gate alone is drawn.'));
  if (drawn.route.length > 1) parts.push(say(`画有 ${drawn.route.length} 个测量节点的步行路线。`, `A walking route of ${drawn.route.length} points is drawn.`));
  return parts.join('');
}

export function siteFigure(inspection: Inspection, roles: Roles, at: () => string): SiteFigure {
  const el = h('div', { class: 'site-figure', hidden: true });
  let drawnKey = '';
  const update = (): void => {
    const site = inspection.get(at());
    const venue = inspection.get(roles.venue);
    const routes = METHODS.flatMap((method) => {
      const field = measureOf(roles, method);
      const route = field ? routeAt(evidenceOf(inspection), join(at(), field.name)) : null;
      return route ? [route] : [];
    });
    const limits = isRecord(site) && (site['boundary'] !== undefined || site['gate'] !== undefined) ? limitsOf(inspection, roles, at()) : [];
    const key = JSON.stringify([say('zh', 'en'), site, venue, limits, routes]);
    if (key === drawnKey) return;
    drawnKey = key;
    const content = isRecord(site) ? show(inspection, roles, at(), site, venue, limits, routes.flatMap((route) => route.segments.flatMap((segment) => (segment.to ? [segment.to as unknown as Json] : [])))) : null;
    el.hidden = content === null;
    fill(el, content);
  };
  evidenceOf(inspection).onChange(() => el.isConnected && update());
  return { el, update };
}

function show(inspection: Inspection, roles: Roles, at: string, site: { [key: string]: Json }, venue: Json | undefined, limits: readonly Limit[], ends: readonly Json[]): Child {
  const known = distancesOf(inspection, roles, at);
  const name = typeof site['name'] === 'string' && site['name'].trim() !== '' ? site['name'] : say('学校', 'the school');
  const gate = site['gate'];
  const drawn = draw({ venue, boundary: site['boundary'], gate, limit: limits[0]?.metres ?? null, route: ends.length > 0 && gate !== undefined ? [gate, ...ends] : ends });
  const table = known.some((one) => one.measured ?? one.placed) ? distanceTable(known) : null;
  if ('why' in drawn) {
    if (drawn.why === 'nothing') return table ? h('section', { class: 'plan-box' }, table) : null;
    return h('section', { class: 'plan-box' }, h('p', { class: 'hint', role: 'note' }, say('场所和学校的坐标系不同，相差几百米，不能画在一起，也不能算距离。请换成同一个坐标系。', 'Venue and school are in different coordinate systems, hundreds of metres apart: they can neither be drawn nor measured together.')), table);
  }
  const straight = known.find((one) => one.method === (drawn.rings.length > 0 ? 'boundary' : 'gate_straight'));
  const words = describe(drawn, name, known, limits);
  const title = say(`按比例的示意图：场所和${name}`, `Drawing to scale: the venue and ${name}`);
  const limit = limits[0];
  return h('section', { class: 'plan-box', 'aria-label': title },
    h('figure', { class: 'plan-figure' },
      drawing(drawn, { title, description: words, site: name.slice(0, 12), distance: straight?.placed ? intervalWords(straight.placed) : '' }) as unknown as HTMLElement,
      h('figcaption', {}, h('p', {}, words),
        limit ? h('p', { class: 'hint' }, say(`${limit.metres} 米：${pick(limit.label)}。`, `${limit.metres} m: ${pick(limit.label)}.`)) : null,
        h('p', { class: 'hint' }, say(`坐标系 ${systemName(drawn.crs)}。示意图不含道路，不是地图；结论以规则的判定为准。`, `System: ${systemName(drawn.crs)}. A drawing without roads, not a map; what decides is the verdict.`)))),
    table,
    mapButton(drawn, { venue, boundary: site['boundary'], gate, limit: drawn.limit }));
}

function distanceTable(known: readonly Known[]): HTMLElement {
  const cell = (interval: Interval | null): string => (interval ? plainWords(interval) : '—');
  return h('table', { class: 'distances' },
    h('caption', {}, say('距离对照（米）', 'Distances side by side (m)')),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, say('量法', 'Method')), h('th', { scope: 'col' }, say('实测', 'Measured')), h('th', { scope: 'col' }, say('按位置算', 'From places')))),
    h('tbody', {}, known.map((one) => h('tr', {}, h('th', { scope: 'row' }, methodShort(one.method)), h('td', {}, cell(one.measured)),
      h('td', {}, one.placed ? cell(one.placed) : one.fault === 'crs_mixed' ? say('坐标系不同', 'other system') : '—')))));
}
