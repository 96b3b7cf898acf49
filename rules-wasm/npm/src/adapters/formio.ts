// Form.io: its own custom validations are compiled from text, which a content security policy forbids; so it is asked from a hook. In: a
// schema. Out: errors as a Form.io form shows them.

import type { RulesSchema } from "../standard.js";
import { dotPath, issues } from "./paths.js";

/** An error for `form.showErrors`. */
export interface FormioError {
  /** What is wrong. */
  readonly message: string;
  /** How grave it is; every issue that the schema selects keeps {@link formioHooks} from submitting. */
  readonly level: "error" | "warning" | "info";
  /** Path of the component, dotted. */
  readonly path: string;
  /** Where it belongs, as Form.io's own errors say it. */
  readonly context: { readonly path: string; readonly key: string; readonly setting: string };
}

/** What is to be shown for a submission's `data`. */
export function formioErrors(schema: RulesSchema<unknown>, data: unknown): FormioError[] {
  return issues(schema, data).map(({ message, level, path, code, rule }) => {
    const at = dotPath(path);
    return { message, level, path: at, context: { path: at, key: String(path[path.length - 1] ?? ""), setting: rule ?? code } };
  });
}

/** For the `hooks` of a Form.io form: nothing is submitted while there are issues. */
export function formioHooks(schema: RulesSchema<unknown>): {
  beforeSubmit(submission: { data: unknown }, next: (errors: FormioError[] | null) => void): void;
} {
  return {
    beforeSubmit(submission, next) {
      const errors = formioErrors(schema, submission.data);
      next(errors.length === 0 ? null : errors);
    },
  };
}
