// Rules of a Vant form (`<van-field :rules="rules('guests[0].ref')">`). In: a schema and the form's answers. Out: for a path, Vant's rule list.

import type { RulesSchema } from "../standard.js";
import { fieldIssues, joined } from "./paths.js";

/** A rule as Vant takes it: `true`, or the message. */
export interface VantRule {
  /** `true`, or the messages of its field. */
  readonly validator: () => true | string;
}

/** Vant's rules of a field, by its path. Vant asks them on submit, and on blur unless told otherwise. */
export function vantRules(schema: RulesSchema<unknown>, answers: () => unknown): (path: string) => VantRule[] {
  const at = fieldIssues(schema, answers);
  return (path) => [{ validator: () => joined(at(path)) || true }];
}
