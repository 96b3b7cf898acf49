// What is known of a site's distances: measured ones from the answers, others from the places by the engine, and the limit that the rules have. In:
// an inspection and a site. Out: values. Must not know: the screen.

import type { Inspection } from '../inspection.ts';
import { paramsOf } from '../naming.ts';
import { isRecord, join, type Json } from '../pointer.ts';
import { measureOf, METHODS, type Method, type Roles } from './roles.ts';

export interface Interval {
  readonly value: number;
  readonly tolerance: number;
}

export interface Known {
  readonly method: Method;
  /** Answered. */
  readonly measured: Interval | null;
  /** From the places, straight; none on foot. */
  readonly placed: Interval | null;
  /** Why there is none from the places: `crs_mixed`, `missing`, … */
  readonly fault: string | null;
}

export interface Limit {
  readonly metres: number;
  readonly label: { readonly zh: string; readonly en?: string };
}

function intervalOf(value: Json | undefined): Interval | null {
  if (!isRecord(value) || typeof value['value'] !== 'number') return null;
  return { value: value['value'], tolerance: typeof value['tolerance'] === 'number' ? value['tolerance'] : 0 };
}

export function distancesOf(inspection: Inspection, roles: Roles, site: string): Known[] {
  const venue = inspection.get(roles.venue);
  const targets: Partial<Record<Method, Json | undefined>> = { boundary: inspection.get(join(site, 'boundary')), gate_straight: inspection.get(join(site, 'gate')) };
  return METHODS.flatMap((method): Known[] => {
    const field = measureOf(roles, method);
    if (!field) return [];
    const measured = intervalOf(inspection.get(join(site, field.name)));
    const target = targets[method];
    if (venue === undefined || target === undefined) return measured || method !== 'other' ? [{ method, measured, placed: null, fault: method in targets ? 'missing' : null }] : [];
    const told = inspection.ruleset.distances(venue as never, [target as never])[0];
    return [{ method, measured, placed: told && 'value' in told ? told : null, fault: told && 'fault' in told ? told.fault : null }];
  });
}

/** The limits in metres that rules on this site's distances rest on, as far as they apply; the widest first. */
export function limitsOf(inspection: Inspection, roles: Roles, site: string): Limit[] {
  const names = METHODS.map((method) => measureOf(roles, method)).flatMap((field) => (field ? [join(site, field.name)] : []));
  const { description } = inspection;
  const limits = new Map<number, Limit>();
  for (const finding of inspection.explained().verdict.findings) {
    if (finding.item !== site || finding.outcome === 'not_applicable' || !finding.at.some((at) => names.includes(at))) continue;
    const expressions = (finding.evidence?.truths ?? []).map((one) => one.expression);
    for (const param of paramsOf(description, expressions, finding.clauses)) {
      if (param.unit === 'm' && typeof param.value === 'number' && param.value > 0) limits.set(param.value, { metres: param.value, label: param.label });
    }
  }
  return [...limits.values()].sort((a, b) => b.metres - a.metres);
}
