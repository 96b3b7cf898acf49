// JSONForms: the `additionalErrors` of `<JsonForms>`. In: a schema and the form's data. Out: errors of AJV's shape.

import type { Issue, RulesSchema } from "../standard.js";
import { issues } from "./paths.js";

/** AJV's `ErrorObject`, as far as JSONForms reads it; the issue stands in `params`. */
export interface AjvError {
  /** JSON Pointer of the answer. */
  readonly instancePath: string;
  /** Always empty: no schema was read. */
  readonly schemaPath: string;
  /** Id of the rule, or the problem's code. */
  readonly keyword: string;
  /** What is wrong. */
  readonly message: string;
  /** Holds the issue itself. */
  readonly params: { readonly issue: Issue };
}

/** What JSONForms shows beside its own errors. */
export function jsonFormsErrors(schema: RulesSchema<unknown>, data: unknown): AjvError[] {
  return issues(schema, data).map((issue) => ({
    ...{ instancePath: issue.at, schemaPath: "", keyword: issue.rule ?? issue.code, message: issue.message, params: { issue } },
  }));
}
