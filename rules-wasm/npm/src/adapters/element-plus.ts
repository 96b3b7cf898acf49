// Rules of an Element Plus form (`<el-form-item :prop="path" :rules="rules(path)">`), and of everything else that builds on async-validator.
// In: a schema and the form's answers. Out: for a path, the rule list.

import type { RulesSchema } from "../standard.js";
import { fieldIssues, joined } from "./paths.js";

/** A rule as async-validator takes it. */
export interface ElementRule {
  /** Calls back without an error, or with one that holds the messages of its field. */
  readonly validator: (rule: unknown, value: unknown, callback: (error?: string | Error) => void) => void;
  /** When Element Plus asks it. */
  readonly trigger?: string | string[];
}

/**
 * Element Plus' rules of a field, by its path. They are asked when a control is left and when its answer changes, because a radio or a
 * checkbox tells of nothing but changes; `rules(path, "blur")` leaves a text alone while it is typed.
 */
export function elementRules(
  schema: RulesSchema<unknown>,
  answers: () => unknown,
  usual: string | string[] = ["blur", "change"],
): (path: string, trigger?: string | string[]) => ElementRule[] {
  const at = fieldIssues(schema, answers);
  return (path, trigger = usual) => [
    {
      validator(_rule, _value, callback) {
        const message = joined(at(path));
        callback(message === "" ? undefined : new Error(message));
      },
      trigger,
    },
  ];
}
