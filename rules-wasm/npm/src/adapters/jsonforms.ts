// JSONForms: the `additionalErrors` of `<JsonForms>`. In: a schema and the form's data. Out: errors of AJV's shape.

import type { Issue, RulesSchema } from "../standard.js";
import { issues } from "./paths.js";

/** AJV's `ErrorObject`, as far as JSONForms reads it; the issue stands in `params`. */
export interface AjvError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly message: string;
  readonly params: { readonly issue: Issue };
}

/** What JSONForms shows beside its own errors. */
export function jsonFormsErrors(schema: RulesSchema<unknown>, data: unknown): AjvError[] {
  return issues(schema, data).map((issue) => ({
    ...{ instancePath: issue.at, schemaPath: "", keyword: issue.rule ?? issue.code, message: issue.message, params: { issue } },
  }));
}
