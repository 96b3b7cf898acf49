// The report and its parts, as docs/report.md describes them. Types only.

/** A text per language. `zh` is always there. */
export interface Text {
  /** Chinese. */
  readonly zh: string;
  /** English. */
  readonly en?: string;
}

/** A JSON Pointer (RFC 6901) into the answers, such as `/guests/0/id_no`; empty for the whole. */
export type Pointer = string;

/** A file that took part, with the digest of its content. */
export interface LayerRef {
  /** Such as `venue` or `venue.anshun`. */
  readonly id: string;
  /** Semantic version. */
  readonly version: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
}

/** What a rule says of the answers, or of one item of a list. */
export type RuleOutcome = "pass" | "fail" | "undetermined" | "faulted" | "not_applicable";

/** Why a rule is not decided or an expression failed: a word of the language, or the author's own. */
export type Reason =
  | "missing"
  | "missing_param"
  | "no_evidence"
  | "not_due"
  | "too_close"
  | "method"
  | "conflict"
  | "out_of_period"
  | "judgement"
  | "division_by_zero"
  | "overflow"
  | "crs_mixed"
  | "step_limit"
  | "text_limit"
  | "function_failed"
  | "bad_plan"
  // The author's own; written so that editors still offer the words above.
  | (string & {});

/** What the law asks (`duty`, `prohibition`), an item of a negative list (`trigger`), or answers that contradict each other (`entry`). */
export type RuleKind = "duty" | "prohibition" | "trigger" | "entry";
/** How grave a violation is; `critical` and `major` decide the verdict of the whole. */
export type Severity = "critical" | "major" | "moderate" | "minor";

/** Something wrong with the entry as a record, not with what it records. */
export interface Problem {
  /** The answer that it is about. */
  readonly at: Pointer;
  /** Stable: `required`, `wrong_type`, `unknown_key`, … */
  readonly code: string;
  /** `error` makes the entry invalid, `incomplete` incomplete, `warning` neither. */
  readonly severity: "error" | "incomplete" | "warning";
  /** For people. */
  readonly message: Text;
  /** The rule of kind `entry` that found it. */
  readonly rule?: string;
}

/** Is the submission a complete and consistent record? */
export interface Entry {
  /** `invalid`: something is wrong; `incomplete`: something required is missing. */
  readonly outcome: "complete" | "incomplete" | "invalid";
  /** Sorted by path. */
  readonly problems: readonly Problem[];
  /** How many more there were than the limit lists. */
  readonly more_problems?: number;
}

/** What decided a finding: fields with their values (personal data masked) and parts of the rule with their truth. */
export interface Evidence {
  /** The answers on the deciding branch; personal data is masked. */
  readonly values: readonly { readonly at: Pointer; readonly value: unknown }[];
  /** Expressions of the rule with their truth, or the reason why it is unknown. */
  readonly truths: readonly { readonly expression: string; readonly truth: boolean | Reason }[];
}

/** What one rule says, for the whole or for one item. */
export interface Finding {
  /** Id of the rule. */
  readonly rule: string;
  /** What the rule is: see {@link RuleKind}. */
  readonly kind: Exclude<RuleKind, "entry">;
  /** Without the option `all` never `pass` or `not_applicable`. */
  readonly outcome: RuleOutcome;
  /** How grave a violation of the rule is. */
  readonly severity: Severity;
  /** The list item it is about, for rules with `each`. */
  readonly item?: Pointer;
  /** What to highlight. */
  readonly at: readonly Pointer[];
  /** With `undetermined` and `faulted`: why. */
  readonly reason?: Reason;
  /** With `undetermined`: the answers that could still decide it, and no others. */
  readonly missing?: readonly Pointer[];
  /** How far on the right side of a limit; negative on the wrong one. */
  readonly margin?: { readonly value: number; readonly unit: string };
  /** Of a failure what it means here, with values filled in; of any other outcome the rule's title. */
  readonly message: Text;
  /** Ids of the clauses; their words are in the ruleset's description. */
  readonly clauses: readonly string[];
  /** Of a failure: what to do. */
  readonly remedy?: Text;
  /** Who must act. */
  readonly duty?: Text;
  /** `YYYY-MM-DD`. */
  readonly deadline?: string;
  /** With the option `explain`. */
  readonly evidence?: Evidence;
}

/** How many outcomes of each kind a section of the ruleset has. */
export interface SectionCounts {
  /** Id of the section. */
  readonly section: string;
  /** Per outcome, over the rules and items of the section. */
  readonly counts: Readonly<Record<RuleOutcome, number>>;
}

/** What the law says of the submission. */
export interface Verdict {
  /** `fail` if a rule of severity critical or major, or a trigger, fails; else `undetermined` if such a rule is not decided; else `pass`. */
  readonly outcome: "pass" | "fail" | "undetermined" | "not_applicable";
  /** With `not_applicable`: `out_of_force` or `other_area`. */
  readonly reason?: "out_of_force" | "other_area";
  /** Per outcome, over all rules and items. */
  readonly counts: Readonly<Record<RuleOutcome, number>>;
  /** In the order of the ruleset, then of the items. */
  readonly findings: readonly Finding[];
  /** Of a ruleset with sections, in their order. */
  readonly sections?: readonly SectionCounts[];
}

/** What a check answers. Its canonical text is the same on every platform; so is its digest. */
export interface Report {
  /** Version of this format. */
  readonly report: 1;
  /** The base ruleset. */
  readonly ruleset: LayerRef;
  /** The layers that took part, from the widest area to the narrowest. */
  readonly layers: readonly LayerRef[];
  /** Digests of the tables that were given or included. */
  readonly tables: Readonly<Record<string, string>>;
  /** Six digits. */
  readonly jurisdiction: string;
  /** `YYYY-MM-DD`. */
  readonly as_of: string;
  /** Is it a complete and consistent record? */
  readonly entry: Entry;
  /** What does the law make of it? */
  readonly verdict: Verdict;
  /** Digest of the canonical answers. */
  readonly answers: string;
  /** Digest of all the above. */
  readonly digest: string;
}
