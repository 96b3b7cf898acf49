// A typed schema of vee-validate 4 (`useForm({ validationSchema: veeSchema(schema) })`), which knows no Standard Schema yet. In: a schema.
// Out: what `toTypedSchema` of its own packages gives.

import type { RulesSchema } from "../standard.js";
import { dotPath, issues } from "./paths.js";

/** vee-validate's `TypedSchema`. */
export interface VeeSchema<A = Record<string, unknown>> {
  /** What vee-validate knows typed schemas by. */
  readonly __type: "VVTypedSchema";
  /** Validates; the messages of each path. */
  parse(values: A): Promise<{ value?: A; errors: { path: string; errors: string[] }[] }>;
  /** Gives the values back as they are. */
  cast(values: Partial<A>): A;
}

/** A ruleset for vee-validate. */
export function veeSchema<A>(schema: RulesSchema<A>): VeeSchema<A> {
  return {
    __type: "VVTypedSchema",
    async parse(values) {
      const errors = new Map<string, string[]>();
      for (const { path, message } of issues(schema, values)) {
        const at = dotPath(path);
        errors.set(at, [...(errors.get(at) ?? []), message]);
      }
      const list = Array.from(errors, ([path, messages]) => ({ path, errors: messages }));
      return list.length === 0 ? { value: values, errors: list } : { errors: list };
    },
    cast: (values) => values as A,
  };
}
