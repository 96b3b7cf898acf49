// The questions that are still open: whose answers can change a finding, or that the record needs. In: a report and the form.
// Out: what each open place decides, by place. It counts what the engine says and decides nothing. Must not know: how they are drawn.

import type { Field, FieldType, Report } from '../engine.ts';
import { find } from '../naming.ts';
import { join, keysOf } from '../pointer.ts';

export interface Due {
  /** How many findings its answer can still decide. */
  decides: number;
  /** The fewest answers that one of these findings still lacks: 1 means that this answer alone decides it. */
  least: number;
  /** 0 is the gravest. */
  gravity: number;
  /** The record is not complete without it. */
  required: boolean;
  /** A follow-up whose turn comes once another answer is there. */
  waits: boolean;
  /** A photo or file that the record may do without: a finding stays open, and nobody is sent there. */
  optional: boolean;
  /** Its answer may call for further questions. */
  branches: boolean;
}

export interface OpenIndex {
  /** The open places, in the report's order. */
  readonly places: ReadonlyMap<string, Due>;
  /** Members of the record at `at` that are open, or that hold something open. */
  within(at: string): ReadonlyMap<string, Due>;
}

const GRAVITY: Record<string, number> = { critical: 0, major: 1, moderate: 2, minor: 3 };
const BRANCHING: readonly FieldType[] = ['boolean', 'choice', 'choices', 'list'];
const NOBODY: ReadonlyMap<string, Due> = new Map();

export function openIndex(report: Report, fields: readonly Field[]): OpenIndex {
  const fresh = (pointer: string): Due => {
    const { field } = find(fields, pointer);
    return {
      decides: 0, least: Infinity, gravity: 9, required: false, waits: false,
      optional: field?.type === 'attachment' || field?.item?.type === 'attachment',
      branches: field !== null && BRANCHING.includes(field.type),
    };
  };
  const undecided = report.verdict.findings.filter((one) => (one.missing ?? []).length > 0);
  const places = new Map<string, Due>();
  for (const finding of undecided) {
    const missing = finding.missing ?? [];
    for (const pointer of missing) {
      const due = places.get(pointer) ?? fresh(pointer);
      due.decides += 1;
      due.least = Math.min(due.least, missing.length);
      due.gravity = Math.min(due.gravity, GRAVITY[finding.severity] ?? 9);
      places.set(pointer, due);
    }
  }
  // A conditional question waits as long as each of its findings lacks an answer on which more depends: that one may make it idle.
  const turn = new Set<string>();
  for (const finding of undecided) {
    const missing = finding.missing ?? [];
    const most = Math.max(...missing.map((one) => places.get(one)?.decides ?? 0));
    for (const one of missing) if (places.get(one)?.decides === most) turn.add(one);
  }
  for (const [pointer, due] of places) due.waits = !turn.has(pointer) && find(fields, pointer).field?.conditional === true;
  for (const problem of report.entry.problems) {
    if (problem.severity !== 'incomplete') continue;
    const due = places.get(problem.at) ?? fresh(problem.at);
    places.set(problem.at, { ...due, required: true, waits: false, optional: false });
  }
  let members: Map<string, Map<string, Due>> | undefined;
  return {
    places,
    within(at) {
      members ??= membersOf(places);
      return members.get(at) ?? NOBODY;
    },
  };
}

function membersOf(places: ReadonlyMap<string, Due>): Map<string, Map<string, Due>> {
  const members = new Map<string, Map<string, Due>>();
  for (const [pointer, due] of places) {
    let at = '';
    for (const key of keysOf(pointer)) {
      const inside = members.get(at) ?? new Map<string, Due>();
      members.set(at, inside);
      const known = inside.get(key);
      inside.set(key, known ? joined(known, due) : due);
      at = join(at, key);
    }
  }
  return members;
}

function joined(a: Due, b: Due): Due {
  return {
    decides: a.decides + b.decides, least: Math.min(a.least, b.least), gravity: Math.min(a.gravity, b.gravity),
    required: a.required || b.required, waits: a.waits && b.waits, optional: a.optional && b.optional, branches: a.branches || b.branches,
  };
}

/** What decides soonest comes first, then the gravest; equal ones stay in the form's order. */
export function sooner(a: Due, b: Due): number {
  const alone = (due: Due): number => (Number.isFinite(due.least) ? due.least : Number.MAX_SAFE_INTEGER);
  return alone(a) - alone(b) || a.gravity - b.gravity;
}
