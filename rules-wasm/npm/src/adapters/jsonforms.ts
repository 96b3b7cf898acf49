// JSONForms: the `additionalErrors` of `<JsonForms>`, or its `middleware`. In: a schema and the form's data. Out: errors of AJV's shape.

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

/** What is used of JSONForms' state. */
export interface CoreLike {
  /** The answers. */
  readonly data?: unknown;
  /** Errors beside those of JSONForms' own schema, in ajv's shape. */
  readonly additionalErrors?: unknown;
}

/**
 * The `middleware` of `<JsonForms>`: its additional errors are those of its data, at any time. `onChange` comes ten milliseconds after a
 * change; errors that are made there and given back as a property take `data` of that time with them, over what was answered since.
 */
export function jsonFormsMiddleware(
  schema: RulesSchema<unknown>,
): <S extends CoreLike, A>(state: S, action: A, reducer: (state: S, action: A) => S) => S {
  let last: { readonly data: unknown; readonly errors: AjvError[] } | undefined;
  return (state, action, reducer) => {
    const next = reducer(state, action);
    if (last === undefined || last.data !== next.data) {
      last = { data: next.data, errors: jsonFormsErrors(schema, next.data) };
    }
    return next.additionalErrors === last.errors ? next : { ...next, additionalErrors: last.errors };
  };
}
