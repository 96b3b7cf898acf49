// react-jsonschema-form: `customValidate`, or `extraErrors`. In: a schema. Out: errors as a tree of the form's shape. The JSON Schema that
// such a form is drawn from comes from `jsonSchema` of `@weibao/rules/schema`.

import type { PathKey, RulesSchema } from "../standard.js";
import { issues } from "./paths.js";

/** rjsf's `ErrorSchema`. */
export type RjsfErrors = { __errors?: string[] } & { [key: string]: RjsfErrors | string[] | undefined };

/** rjsf's `FormValidation`: a tree that exists as far as there are answers. */
type Handler = { addError?: (message: string) => void } & { [key: PathKey]: unknown };

/** The errors as `extraErrors`: shown as they are, whether there is an answer or not. */
export function rjsfErrors(schema: RulesSchema<unknown>, formData: unknown): RjsfErrors {
  const tree = {} as RjsfErrors;
  for (const { path, message } of issues(schema, formData)) {
    let at = tree;
    for (const key of path) {
      if (key === "__proto__" || key === "__errors") {
        break;
      }
      const own = Object.prototype.hasOwnProperty.call(at, key) ? (at[key] as RjsfErrors) : undefined;
      at = own ?? (at[key] = {} as RjsfErrors);
    }
    (at.__errors ??= []).push(message);
  }
  return tree;
}

/** The function for `customValidate`. What is missing is told at the nearest record that is there. */
export function rjsfValidate(schema: RulesSchema<unknown>): <E>(formData: unknown, errors: E) => E {
  return (formData, errors) => {
    for (const { path, message } of issues(schema, formData)) {
      let at = errors as Handler;
      for (const key of path) {
        const next = Object.prototype.hasOwnProperty.call(at, key) ? (at[key] as Handler | undefined) : undefined;
        if (typeof next?.addError !== "function") {
          break;
        }
        at = next;
      }
      at.addError?.(message);
    }
    return errors;
  };
}
