// A report as a flat list of issues, for forms and form libraries. In: a report and which of its parts count. Out: issues with their
// path, message, code and severity. It selects and words; it decides nothing.

import type { Clause, Field } from "./description.js";
import type { Finding, Pointer, Problem, Reason, Report, RuleOutcome, Severity, Text } from "./report.js";

/** A language of the texts of a ruleset. */
export type Lang = "zh" | "en";

/** Which parts of a report count as issues. A finding is no mistake of whoever fills in the form, so findings do not, unless asked for. */
export interface Selection {
  /** Entry problems that make the record invalid. Default: true. */
  readonly errors?: boolean | undefined;
  /** Required answers that are missing. Default: true. */
  readonly incomplete?: boolean | undefined;
  /** Entry problems that are only remarkable. Default: false. */
  readonly warnings?: boolean | undefined;
  /** Findings of the verdict: `fail` those that fail, `all` also those that are undetermined or faulted. Default: `none`. */
  readonly findings?: "none" | "fail" | "all" | undefined;
}

/** Part of a record's path: a key, or the number of a list item. */
export type PathKey = string | number;

/** Something that a report says about one place. */
export interface Issue {
  /** In the language that was asked for. */
  readonly message: string;
  /** Keys to the place, list items as numbers; empty for the whole record. */
  readonly path: readonly PathKey[];
  /** The same as JSON Pointer. */
  readonly at: Pointer;
  /** Is it about the record, or about what the law makes of it? */
  readonly part: "entry" | "verdict";
  /** `required`, `wrong_type`, …; of a finding its outcome. */
  readonly code: string;
  /** Of the entry `error`, `incomplete`, `warning`; of the verdict the rule's severity. */
  readonly severity: Problem["severity"] | Severity;
  /** For libraries that know three: entry errors and what is missing are errors, warnings and failures warnings, what is open information. */
  readonly level: "error" | "warning" | "info";
  /** In every language. */
  readonly text: Text;
  /** Id of the rule that found it; absent of most problems of the entry. */
  readonly rule?: string;
  /** Of a finding. */
  readonly outcome?: RuleOutcome;
  /** Of a finding that is undetermined or faulted. */
  readonly reason?: Reason;
  /** The list item that a finding is about. */
  readonly item?: Pointer;
  /** All places that a finding highlights. */
  readonly places?: readonly Pointer[];
  /** Clauses that a finding rests on, with their words. */
  readonly clauses?: readonly Clause["id"][];
}

/** The keys of a JSON Pointer. */
export function keysOf(pointer: Pointer): string[] {
  return pointer === "" ? [] : pointer.slice(1).split("/").map((key) => key.replace(/~1/g, "/").replace(/~0/g, "~"));
}

/** The path of a pointer: a key is a number where the form has a list, and only there. */
export function pathOf(fields: readonly Field[], pointer: Pointer): PathKey[] {
  const path: PathKey[] = [];
  let inside: readonly Field[] | undefined = fields;
  let list = false;
  for (const key of keysOf(pointer)) {
    if (list) {
      path.push(/^\d+$/.test(key) ? Number(key) : key);
      list = false;
      continue;
    }
    path.push(key);
    const field: Field | undefined = inside?.find((one) => one.name === key);
    inside = field?.fields;
    list = field?.type === "list" || field?.type === "choices";
  }
  return path;
}

/** A text in a language, in Chinese where it has no other. */
export function say(text: Text, lang: Lang): string {
  return (lang === "en" ? text.en : undefined) ?? text.zh;
}

function problemIssue({ at, code, severity, message, rule }: Problem, fields: readonly Field[], lang: Lang): Issue {
  const level = severity === "warning" ? "warning" : "error";
  return { message: say(message, lang), path: pathOf(fields, at), at, part: "entry", code, severity, level, text: message, ...(rule !== undefined && { rule }) };
}

function findingIssue(finding: Finding, fields: readonly Field[], lang: Lang): Issue {
  const { rule, outcome, severity, message, item, reason, clauses } = finding;
  const places = finding.at.length > 0 ? finding.at : (finding.missing ?? []);
  const at = places[0] ?? item ?? "";
  return {
    ...{ message: say(message, lang), path: pathOf(fields, at), at, part: "verdict", code: outcome, severity },
    ...{ level: outcome === "fail" ? "warning" : "info", text: message, rule, outcome, places, clauses },
    ...(reason !== undefined && { reason }),
    ...(item !== undefined && { item }),
  };
}

/** What a report says, as far as it was asked for: entry problems by path, then findings in the order of the ruleset. */
export function issuesOf(report: Report, fields: readonly Field[], lang: Lang, selection: Selection): Issue[] {
  const { errors = true, incomplete = true, warnings = false, findings = "none" } = selection;
  const wanted = { error: errors, incomplete, warning: warnings };
  const problems = report.entry.problems.filter(({ severity }) => wanted[severity]).map((problem) => problemIssue(problem, fields, lang));
  const found = report.verdict.findings.filter(({ outcome }) =>
    findings === "all" ? outcome !== "pass" && outcome !== "not_applicable" : findings === "fail" && outcome === "fail",
  );
  return [...problems, ...found.map((finding) => findingIssue(finding, fields, lang))];
}
