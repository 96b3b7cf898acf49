// What another ruleset makes of the same answers. In: the report before and the report after, with all outcomes. Out: what differs.

import type { Finding, LayerRef, Pointer, Problem, Report, RuleOutcome, Verdict } from "./report.js";

/** One rule, or one item of it, that says something else than before. Absent where one of the rulesets has no such rule. */
export interface FindingChange {
  /** Id of the rule. */
  readonly rule: string;
  /** The list item, for rules with `each`. */
  readonly item?: Pointer;
  /** What the old ruleset said. */
  readonly before?: RuleOutcome;
  /** What the new one says. */
  readonly after?: RuleOutcome;
}

/** What replacing a ruleset changed. */
export interface Changes {
  /** From which ruleset to which. */
  readonly ruleset: { readonly before: LayerRef; readonly after: LayerRef };
  /** The verdicts of the whole. */
  readonly verdict: { readonly before: Verdict["outcome"]; readonly after: Verdict["outcome"] };
  /** The outcomes of the entry. */
  readonly entry: { readonly before: Report["entry"]["outcome"]; readonly after: Report["entry"]["outcome"] };
  /** Problems of the entry that are new (say, a question that is asked only now, or one that is asked no more), and that are gone. */
  readonly problems: { readonly added: readonly Problem[]; readonly removed: readonly Problem[] };
  /** Rules with another outcome, in the order of the new report; then those that the new ruleset has no more. */
  readonly findings: readonly FindingChange[];
}

const problemKey = ({ at, code, rule }: Problem): string => `${code}\n${rule}\n${at}`;
const findingKey = ({ rule, item }: Finding): string => `${rule}\n${item}`;

function without(all: readonly Problem[], others: readonly Problem[]): Problem[] {
  const keys = new Set(others.map(problemKey));
  return all.filter((one) => !keys.has(problemKey(one)));
}

/** Compares reports of the same answers. Both must list every outcome. */
export function changes(before: Report, after: Report): Changes {
  const outcomes = (report: Report): Map<string, Finding> => new Map(report.verdict.findings.map((one) => [findingKey(one), one]));
  const [was, is] = [outcomes(before), outcomes(after)];
  const findings: FindingChange[] = [];
  for (const key of new Set([...is.keys(), ...was.keys()])) {
    const [old, now] = [was.get(key), is.get(key)];
    const { rule, item } = (now ?? old)!;
    if (old?.outcome !== now?.outcome) {
      findings.push({ rule, ...(item !== undefined && { item }), ...(old && { before: old.outcome }), ...(now && { after: now.outcome }) });
    }
  }
  return {
    ruleset: { before: before.ruleset, after: after.ruleset },
    verdict: { before: before.verdict.outcome, after: after.verdict.outcome },
    entry: { before: before.entry.outcome, after: after.entry.outcome },
    problems: { added: without(after.entry.problems, before.entry.problems), removed: without(before.entry.problems, after.entry.problems) },
    findings,
  };
}
