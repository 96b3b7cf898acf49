// The entry `@weibao/rules/standard`: a ruleset as a Standard Schema (version 1, https://standardschema.dev), which form libraries take as
// it is. In: a loaded ruleset, a day, a place. Out: an object with `~standard`. Synchronous, as TanStack Form asks.

import { RulesError } from "./errors.js";
import { type Issue, issuesOf, type Lang, pathOf, type Selection } from "./issues.js";
import type { CheckOptions } from "./options.js";
import type { Report } from "./report.js";
import type { Answers, Ruleset } from "./ruleset.js";

export type { Issue, Lang, PathKey, Selection } from "./issues.js";

/** What is checked, and which parts of the report are issues. */
export interface StandardOptions extends CheckOptions, Selection {
  /** Language of the messages; the others stand beside them. Default: `zh`. */
  readonly lang?: Lang | undefined;
}

/** What a validation answers: the value untouched, or issues. The report stands beside either. */
export type StandardResult<A> =
  | { readonly value: A; readonly issues?: undefined; readonly report: Report }
  | { readonly issues: readonly Issue[]; readonly report?: Report };

/** A Standard Schema that also tells its report. `A` is the type of the answers, such as `weibao-types` writes it. */
export interface RulesSchema<A = Record<string, unknown>> {
  /** What form libraries look for: version, vendor and the synchronous `validate`. */
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: "weibao";
    readonly validate: (value: unknown) => StandardResult<A>;
    readonly types?: { readonly input: A; readonly output: A } | undefined;
  };
  /** The ruleset that validates. */
  readonly ruleset: Ruleset;
  /** All that the report says, whatever the selection. */
  all(value: unknown): readonly Issue[];
}

/** Answers as `check` takes them. A text is an answer here, and not JSON; so are numbers and nothing. */
function answersOf(value: unknown): Answers {
  switch (typeof value) {
    case "object":
      return value ?? "null";
    case "string":
      return JSON.stringify(value);
    case "function":
    case "symbol":
      throw new RulesError("answers_type", "", typeof value);
    default:
      return typeof value === "boolean" ? String(value) : "null";
  }
}

const UNUSABLE = { zh: "这些内容不能检查", en: "this cannot be checked" };

/**
 * Makes a Standard Schema of a ruleset.
 *
 * @example
 * ```js
 * const schema = standardSchema(ruleset, { asOf: "2026-03-02", jurisdiction: "150424" });
 * useForm({ resolver: standardSchemaResolver(schema) }); // React Hook Form
 * ```
 */
export function standardSchema<A = Record<string, unknown>>(ruleset: Ruleset, options: StandardOptions): RulesSchema<A> {
  const { errors, incomplete, warnings, findings, lang = "zh", ...rest } = options;
  const selection: Selection = { errors, incomplete, warnings, findings };
  const given: CheckOptions = Object.freeze(rest);
  // What is wrong with the options is told here, and not when somebody types.
  ruleset.outcomes({}, given);
  const { fields } = ruleset.form({ asOf: given.asOf, jurisdiction: given.jurisdiction });
  const look = (value: unknown, wanted: Selection): { issues: Issue[]; report?: Report } => {
    try {
      const report = ruleset.check(answersOf(value), given);
      return { issues: issuesOf(report, fields, lang, wanted), report };
    } catch (error) {
      // What is wrong with the value is an issue; what is wrong with the call, or the engine, is not the form's.
      if (!(error instanceof Error) || !/^answers_/.test(String((error as Partial<RulesError>).code))) {
        throw error;
      }
      const { code, path: at } = error as RulesError;
      const path = at === "" ? [] : pathOf(fields, at);
      return { issues: [{ message: UNUSABLE[lang], path, at, part: "entry", code, severity: "error", level: "error", text: UNUSABLE }] };
    }
  };
  return {
    "~standard": {
      version: 1,
      vendor: "weibao",
      validate(value) {
        const { issues, report } = look(value, selection);
        return report && issues.length === 0 ? { value: value as A, report } : { issues, ...(report && { report }) };
      },
    },
    ruleset,
    all: (value) => look(value, { errors: true, incomplete: true, warnings: true, findings: "all" }).issues,
  };
}
