// The register of schools: rows by key, the nearest to a place, and what picking one answers. In: the server's table, its copy of an earlier
// visit, or the invented example. Out: rows with distances that the engine measured. Must not know: the screen, limits such as 200 m.

import type { Ruleset } from '../engine.ts';
import { isRecord, type Json, type Record_ } from '../pointer.ts';

type PointAt = { readonly lng: number; readonly lat: number; readonly accuracy?: number; readonly crs: string };
type Area = { readonly type: 'Polygon' | 'MultiPolygon'; readonly coordinates: Json; readonly crs: string };

export interface RegisterRow {
  readonly key: string;
  readonly name: string;
  /** `school`, `kindergarten`, `nursery`: the codes of the rulesets. */
  readonly kind: string;
  readonly point?: PointAt;
  readonly boundary?: Area;
  readonly gates: readonly PointAt[];
}

export interface Register {
  readonly rows: readonly RegisterRow[];
  /** `example`: the rows are invented. `kept`: of an earlier visit. */
  readonly from: 'server' | 'kept' | 'example';
  /** The server's digest of the table, for the record. */
  readonly digest?: string;
  /** Rows that could not be used. */
  readonly skipped: number;
}

/** How far a row is, by what was measured; null with why where it cannot be told. */
export interface Near {
  readonly row: RegisterRow;
  readonly to: 'boundary' | 'gate' | 'point';
  readonly metres: number | null;
  readonly tolerance: number;
  readonly fault?: string;
  /** The nearest gate, where there is any. */
  readonly gate?: PointAt;
}

export const TABLE = 'v1/tables/schools';
const SHELF = 'weibao-register';

const text = (value: Json | undefined): string => (typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '');

function pointOf(value: Json | undefined, crs: string): PointAt | null {
  if (!isRecord(value) || typeof value['lng'] !== 'number' || typeof value['lat'] !== 'number') return null;
  const accuracy = value['accuracy'];
  return { lng: value['lng'], lat: value['lat'], ...(typeof accuracy === 'number' ? { accuracy } : {}), crs: text(value['crs']) || crs };
}

function areaOf(value: Json | undefined, crs: string): Area | null {
  if (!isRecord(value) || (value['type'] !== 'Polygon' && value['type'] !== 'MultiPolygon') || value['coordinates'] === undefined) return null;
  return { type: value['type'], coordinates: value['coordinates'], crs: text(value['crs']) || crs };
}

/** Rows as a register has them; those without a name or any place are counted and left out. */
export function readRows(list: readonly Json[]): { rows: RegisterRow[]; skipped: number } {
  const rows: RegisterRow[] = [];
  for (const one of list) {
    if (!isRecord(one)) continue;
    const crs = text(one['crs']);
    const point = pointOf(one['point'] ?? one['location'], crs);
    const boundary = areaOf(one['boundary'], crs);
    const listed = one['gates'] ?? (one['gate'] === undefined ? [] : [one['gate']]);
    const gates = (Array.isArray(listed) ? listed : []).map((gate) => pointOf(gate, crs)).filter((gate) => gate !== null);
    const name = text(one['name']);
    const key = text(one['key'] ?? one['id']);
    if (name !== '' && key !== '' && (point ?? boundary ?? gates[0])) rows.push({ key, name, kind: text(one['kind']), gates, ...(point ? { point } : {}), ...(boundary ? { boundary } : {}) });
  }
  return { rows, skipped: list.length - rows.length };
}

/** A table's answer: `{"rows": […], "digest": "sha256:…"}`, or the rows alone. Null where it is none, such as a captive portal's page. */
export function readTable(body: string): { rows: readonly Json[]; digest?: string } | null {
  try {
    const value = JSON.parse(body) as Json;
    const rows = Array.isArray(value) ? value : isRecord(value) ? value['rows'] : undefined;
    if (!Array.isArray(rows)) return null;
    const digest = isRecord(value) ? text(value['digest']) : '';
    return { rows, ...(digest ? { digest } : {}) };
  } catch {
    return null;
  }
}

/** The server's register, kept for the next time without a network. It holds public facts only, so the browser's cache may have it. */
export async function openRegister(): Promise<Register> {
  const shelf = 'caches' in globalThis ? await caches.open(SHELF).catch(() => null) : null;
  const fresh = await fetch(TABLE, { headers: { accept: 'application/json' } }).catch(() => null);
  const body = fresh?.ok ? await fresh.text().catch(() => '') : '';
  const found = readTable(body);
  if (found) {
    // A full disk loses the copy for later, nothing else.
    await shelf?.put(TABLE, new Response(body, { headers: { 'content-type': 'application/json' } })).catch(() => undefined);
    return { ...readRows(found.rows), from: 'server', ...(found.digest ? { digest: found.digest } : {}) };
  }
  const old = await shelf?.match(TABLE).catch(() => undefined);
  const kept = old ? readTable(await old.text()) : null;
  if (kept) return { ...readRows(kept.rows), from: 'kept', ...(kept.digest ? { digest: kept.digest } : {}) };
  const example = (await import('../samples/schools.json')).default as unknown as Json[];
  return { ...readRows(example), from: 'example' };
}

/** All rows by distance, the nearest first; those that cannot be measured last. */
export function nearest(ruleset: Pick<Ruleset, 'distances'>, from: PointAt, rows: readonly RegisterRow[]): Near[] {
  type Given = Parameters<Ruleset['distances']>[0];
  const wants = rows.map((row) => {
    const places = [row.boundary ?? row.point, ...row.gates].filter((one) => one !== undefined);
    return { row, places, first: row.boundary ? ('boundary' as const) : row.point ? ('point' as const) : ('gate' as const) };
  });
  const told = ruleset.distances(from as Given, wants.flatMap((want) => want.places) as unknown as Given[]);
  let at = 0;
  const out = wants.map(({ row, places, first }): Near => {
    const own = told.slice(at, (at += places.length));
    const gates = own.slice(places.length - row.gates.length);
    const metresOf = (one: (typeof own)[number] | undefined): number => (one && 'value' in one ? one.value : Infinity);
    let gate = 0;
    gates.forEach((one, n) => {
      if (metresOf(one) < metresOf(gates[gate])) gate = n;
    });
    const told_ = first === 'gate' ? gates[gate] : own[0];
    const nearestGate = row.gates[gate];
    const common = { row, to: first, ...(nearestGate ? { gate: nearestGate } : {}) };
    return told_ && 'value' in told_ ? { ...common, metres: told_.value, tolerance: told_.tolerance } : { ...common, metres: null, tolerance: 0, fault: told_?.fault ?? 'missing' };
  });
  return out.sort((a, b) => (a.metres ?? Infinity) - (b.metres ?? Infinity) || a.row.name.localeCompare(b.row.name, 'zh-Hans-CN'));
}

/** What picking a row answers of a site, as far as the form has the fields. Distances are none of it: the engine takes them from the places. */
export function siteOf(near: Near, fields: readonly { readonly name: string; readonly type: string; readonly options?: readonly { readonly code: string }[] }[]): Record_ {
  const has = (name: string, type: string): boolean => fields.some((field) => field.name === name && field.type === type);
  const out: Record_ = {};
  const kinds = fields.find((field) => field.name === 'kind')?.options ?? [];
  if (kinds.some((option) => option.code === near.row.kind)) out['kind'] = near.row.kind;
  if (has('name', 'text')) out['name'] = near.row.name;
  if (near.row.boundary && has('boundary', 'area')) out['boundary'] = { ...near.row.boundary } as unknown as Json;
  const gate = near.gate ?? (near.row.boundary ? undefined : near.row.point);
  if (gate && has('gate', 'point')) out['gate'] = { ...gate } as unknown as Json;
  return out;
}
