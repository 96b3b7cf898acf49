// Which fields of a form mean a venue, a site near it, and the distances between them. In: the form. Out: their names, or null where the
// form has none. By convention of names (docs/field-page-measuring.md), because a field's type does not say what it is measured from.

import type { Field } from '../engine.ts';
import { join, keysOf } from '../pointer.ts';

/** How a distance was got; each has a field of its own, which is what a ruleset means by method. */
export type Method = 'boundary' | 'gate_straight' | 'gate_walking' | 'other';

export const METHODS: readonly Method[] = ['boundary', 'gate_straight', 'gate_walking', 'other'];

const MEASURES: Record<Method, string> = { boundary: 'd_boundary', gate_straight: 'd_gate_straight', gate_walking: 'd_gate_walking', other: 'd_other' };

export interface Roles {
  /** Pointer of the venue's place. */
  readonly venue: string;
  /** Pointer of the list of sites. */
  readonly sites: string;
  readonly fields: readonly Field[];
}

export function rolesOf(fields: readonly Field[]): Roles | null {
  const venue = fields.find((field) => field.type === 'point' && field.name === 'location');
  const sites = fields.find((field) => field.type === 'list' && field.fields?.some((one) => (one.type === 'area' && one.name === 'boundary') || (one.type === 'point' && one.name === 'gate')));
  return venue && sites?.fields ? { venue: join('', venue.name), sites: join('', sites.name), fields: sites.fields } : null;
}

/** The site's field for a method, where the form has one. */
export function measureOf(roles: Roles, method: Method): Field | undefined {
  return roles.fields.find((field) => field.name === MEASURES[method] && field.type === 'measure');
}

/** The method that a field of a site stands for. */
export function methodOf(pointer: string): Method | null {
  const name = keysOf(pointer).at(-1);
  return METHODS.find((method) => MEASURES[method] === name) ?? null;
}

/** Is this list the one of the sites? */
export function isSites(roles: Roles | null, pointer: string): roles is Roles {
  return roles !== null && roles.sites === pointer;
}
