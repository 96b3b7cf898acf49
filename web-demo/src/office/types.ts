// What the server's addresses give, as far as the office view shows it. In: nothing. Out: types. Must not know: how it is asked for.

import type { Finding, Report } from '../engine.ts';
import type { Json } from '../pointer.ts';
import type { Text } from '../ui/i18n.ts';

export type Role = 'inspector' | 'reviewer' | 'office' | 'admin';

export interface Me {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Division code: what lies there and below is seen. */
  readonly area: string;
}

export interface Subject {
  readonly name?: string;
  readonly kind?: string;
  readonly place?: string;
}

export interface Counts {
  readonly pass: number;
  readonly fail: number;
  readonly undetermined: number;
  readonly faulted: number;
  readonly notApplicable: number;
}

/** A line of the list of entries. What depends on a verdict is null while the entry is quarantined. */
export interface Entry {
  readonly id: string;
  readonly revision: number;
  readonly ruleset: string;
  readonly version: string | null;
  readonly digest: string;
  readonly asOf: string;
  readonly jurisdiction: string | null;
  readonly area: string;
  readonly outcome: string | null;
  readonly entryOutcome: string | null;
  readonly counts: Counts | null;
  readonly agree: boolean | null;
  readonly sameInForce: boolean | null;
  readonly state: string;
  readonly missing: number;
  readonly receivedAt: string;
  readonly position: number;
  readonly subject: Subject | null;
  readonly purged: boolean;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface Verdict {
  readonly ruleset: string;
  readonly version: string;
  readonly digest: string;
  readonly outcome: string;
  readonly entryOutcome: string;
  readonly engine: string;
  readonly time: string;
  readonly report: Report | null;
}

export interface Receipt {
  readonly time: string;
  readonly position: number;
  readonly chain: string;
  readonly key: string;
  readonly signature: string;
  readonly [member: string]: unknown;
}

export interface WholeEntry extends Entry {
  readonly sender: string;
  readonly reason: string | null;
  /** Null once purged. */
  readonly entry: { readonly [name: string]: Json } | null;
  readonly context: { readonly startedAt?: string; readonly finishedAt?: string; readonly sequence?: number; readonly app?: string } | null;
  readonly clientReport: string;
  readonly differs: readonly { readonly at: string; readonly client?: Json; readonly server?: Json }[];
  readonly reports: { readonly named: Verdict | null; readonly inForce: Verdict | null };
  readonly why: Report | null;
  readonly revisions: readonly {
    readonly revision: number; readonly digest: string; readonly receivedAt: string; readonly reason: string | null;
    readonly outcome: string | null; readonly position: number;
  }[];
  readonly parts: readonly { readonly digest: string; readonly bytes: number; readonly type: string; readonly at: string; readonly here: boolean }[];
  readonly receipt: Receipt | null;
  readonly completion: Receipt | null;
  readonly rectifications: readonly { readonly id: string; readonly rule: string; readonly item: string; readonly state: string; readonly due: string | null }[];
}

export interface Replay {
  readonly same: boolean;
  readonly unavailable?: number;
  readonly differs?: readonly { readonly revision: number; readonly basis: string; readonly stored: string; readonly now: string; readonly at: readonly string[] }[];
}

/** Submissions by outcome, or a rule's findings. */
export interface StatisticsRow {
  readonly key: string;
  readonly fail: number;
  readonly undetermined: number;
  readonly total?: number;
  readonly pass?: number;
  readonly notApplicable?: number;
  readonly none?: number;
  readonly topic?: string;
  readonly title?: Text | null;
  readonly severity?: string;
  readonly faulted?: number;
  readonly submissions?: number;
  readonly of?: number;
}

export interface Statistics {
  readonly total: number;
  readonly rows: readonly StatisticsRow[];
}

export interface Rectification {
  readonly id: string;
  readonly version: number;
  readonly submission: string;
  readonly topic: string;
  readonly area: string;
  readonly subject: Subject | null;
  readonly rule: string;
  readonly item: string;
  readonly kind: string;
  readonly severity: string;
  readonly clauses: readonly string[] | null;
  readonly problem: Text | null;
  readonly remedy: Text | null;
  readonly duty: Text | null;
  readonly asOf: string;
  readonly state: string;
  readonly measure: string | null;
  readonly due: string | null;
  readonly unit: string | null;
  readonly doneOn: string | null;
  readonly evidence: string | null;
  readonly reviewedBy: string | null;
  readonly reviewNote: string | null;
  readonly overdue: boolean;
  readonly updatedAt: string;
}

export interface WholeRectification extends Rectification {
  readonly history: readonly { readonly number: number; readonly time: string; readonly actor: string; readonly event: string; readonly to: string; readonly note: string | null }[];
}

export interface RulesetLine {
  readonly id: string;
  readonly version: string;
  readonly title: Text;
}

export interface Version {
  readonly id: string;
  readonly version: string;
  readonly title: Text;
  readonly effective: { readonly from?: string; readonly until?: string };
  readonly digest: string;
  readonly publishedAt: string;
  readonly publisher: string;
  readonly inForce: boolean;
}

export interface Flip {
  readonly id: string;
  readonly asOf: string;
  readonly jurisdiction: string | null;
  readonly subject: Subject | null;
  readonly from: string;
  readonly to: string;
  readonly rules: readonly { readonly rule: string; readonly item: string; readonly from: string; readonly to: string }[];
}

export interface TrialSummary {
  readonly tried: number;
  readonly flipped: number;
  readonly rulesOnly: number;
  readonly skipped: number;
  readonly transitions: readonly { readonly from: string; readonly to: string; readonly count: number }[];
}

export interface Device {
  readonly id: string;
  readonly name: string;
  readonly area: string;
  readonly createdAt: string | null;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

export interface IssuedDevice {
  readonly id: string;
  readonly token: string;
  readonly link: string;
  readonly qr: string;
  readonly expiresAt: string;
}

export type { Finding, Report };
