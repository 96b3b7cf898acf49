// The report arranged for an inspector: what failed, what is too close, what is still to be asked, what else is open, what is
// wrong with the record. In: a snapshot. Out: lists in the order to be shown. Nothing is decided here.

import type { Finding, Problem } from '../engine.ts';
import { sooner } from '../flow/open.ts';
import type { Snapshot } from '../inspection.ts';

export interface Question {
  readonly pointer: string;
  /** How many findings its answer can still decide. */
  readonly decides: number;
}

export interface Arranged {
  readonly fails: readonly Finding[];
  readonly close: readonly Finding[];
  readonly questions: readonly Question[];
  /** Photos and files that could still decide something and that the record may do without. */
  readonly photos: readonly Question[];
  /** How many answers are asked for now, those that the record needs among them. */
  readonly asking: number;
  /** Are more to come, depending on what is answered? */
  readonly branching: boolean;
  /** Open for another reason than a missing answer. */
  readonly open: readonly Finding[];
  /** Open because answers are missing. */
  readonly waiting: readonly Finding[];
  readonly errors: readonly Problem[];
  readonly lacking: readonly Problem[];
  readonly warnings: readonly Problem[];
}

const GRAVITY: Record<string, number> = { critical: 0, major: 1, moderate: 2, minor: 3 };
const grave = (a: Finding, b: Finding): number => (GRAVITY[a.severity] ?? 9) - (GRAVITY[b.severity] ?? 9);

export function arrange(snapshot: Snapshot): Arranged {
  const { entry, verdict } = snapshot.report;
  const fails = verdict.findings.filter((one) => one.outcome === 'fail').sort(grave);
  const undecided = verdict.findings.filter((one) => one.outcome === 'undetermined' || one.outcome === 'faulted');
  const close = undecided.filter((one) => one.reason === 'too_close').sort(grave);
  const rest = undecided.filter((one) => one.reason !== 'too_close');
  const waiting = rest.filter((one) => (one.missing ?? []).length > 0).sort(grave);
  const open = rest.filter((one) => (one.missing ?? []).length === 0).sort(grave);
  // Those whose turn it is come before follow-ups, and what decides soonest before the rest.
  const ordered = [...snapshot.open.places].filter(([, due]) => due.decides > 0)
    .sort(([, a], [, b]) => Number(a.waits) - Number(b.waits) || sooner(a, b) || b.decides - a.decides);
  const questions = (optional: boolean): Question[] => ordered.filter(([, due]) => due.optional === optional).map(([pointer, { decides }]) => ({ pointer, decides }));
  const due = [...snapshot.open.places.values()].filter((one) => !one.optional);
  return {
    fails, close, open, waiting,
    questions: questions(false), photos: questions(true),
    asking: due.filter((one) => !one.waits).length, branching: due.some((one) => one.waits || one.branches),
    errors: entry.problems.filter((one) => one.severity === 'error'),
    lacking: entry.problems.filter((one) => one.severity === 'incomplete'),
    warnings: entry.problems.filter((one) => one.severity === 'warning'),
  };
}
