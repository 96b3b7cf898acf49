// The entry `@weibao/rules/schema`: what is generated from a form. In: a loaded ruleset, a place and a day. Out: the JSON Schema of its answers, byte
// for byte that of `rules schema`, and their TypeScript types. It holds no rules: what a schema cannot say stays with the check.

import { type Json, plainJson, prettyJson } from "./schema/json.js";
import { answersSchema } from "./schema/schema.js";
import { answersTypes } from "./schema/types.js";
import type { DescribeOptions, Ruleset } from "./ruleset.js";

/** The JSON Schema (2020-12) of a ruleset's answers. Without options: of the base alone. */
export function jsonSchema(ruleset: Ruleset, options?: DescribeOptions): Record<string, unknown> {
  return plainJson(answersSchema(ruleset.describe(options))) as Record<string, unknown>;
}

/** The same as text: what `rules schema` prints. */
export function jsonSchemaText(ruleset: Ruleset, options?: DescribeOptions): string {
  return prettyJson(answersSchema(ruleset.describe(options)) as Json);
}

/** TypeScript types of a ruleset's answers: a module with one exported interface a record. */
export function answerTypes(ruleset: Ruleset, options?: DescribeOptions & { readonly name?: string }): string {
  const { name, ...place } = options ?? {};
  return answersTypes(ruleset.describe(place), name);
}
