// Answers that are nearly always the right ones, filled in so that nobody has to: the day of the inspection, and codes of rows. In: an
// inspection. Out: answers that the form marks as filled in and that can be changed. Must not know: how they are drawn.

import type { Field } from '../engine.ts';
import type { Inspection } from '../inspection.ts';
import { isRecord, join, type Json } from '../pointer.ts';

const DAY = join('', 'inspected_on');

/** A new form begins with the day that stands above it. */
export function giveDay(inspection: Inspection): void {
  const asks = inspection.description.form.fields.some((field) => field.name === 'inspected_on' && field.type === 'date');
  if (!asks || inspection.get(DAY) !== undefined) return;
  inspection.give(DAY, inspection.asOf);
  inspection.flush();
}

/** The day above was changed: what was filled in from it follows, what somebody entered stays. */
export function followDay(inspection: Inspection): void {
  if (!inspection.isGiven(DAY)) return;
  inspection.give(DAY, inspection.asOf);
  inspection.flush();
}

/** Codes stand for persons, cases and things that have no name in the record: `01`, `02` will do. A room or a named thing has a code of its own. */
export function isCode(field: Field): boolean {
  return field.type === 'text' && field.required === true && field.pattern === undefined && /^(人员|未成年人|儿童|个案|事件|事故|课次)?代号$/.test(field.label.zh);
}

/** The first two-digit number that no row of the list has for its code. */
export function nextCode(rows: readonly Json[], name: string): string {
  const taken = new Set(rows.map((row) => (isRecord(row) ? row[name] : undefined)));
  let n = rows.length + 1;
  while (taken.has(twoDigits(n))) n += 1;
  return twoDigits(n);
}

const twoDigits = (n: number): string => String(n).padStart(2, '0');
