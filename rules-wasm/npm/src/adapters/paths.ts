// What adapters share: paths as libraries write them, and the issues of one field. In: a schema and answers. Out: texts and issues.

import type { Issue, PathKey, RulesSchema } from "../standard.js";

/** `guests[0].ref`, as most libraries name a nested field. */
export function dotPath(path: readonly PathKey[]): string {
  return path.reduce<string>((text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? key : `${text}.${key}`), "");
}

/** The issues of a validation; none if there are none. */
export function issues(schema: RulesSchema<unknown>, answers: unknown): readonly Issue[] {
  return schema["~standard"].validate(answers).issues ?? [];
}

/** What answers are now, as far as it can be told; nothing where they cannot be written. */
function written(answers: unknown): string | undefined {
  try {
    return JSON.stringify(answers);
  } catch {
    return undefined;
  }
}

/**
 * What is said of one field. Fields that are asked in the same turn share one check, unless the answers changed in between.
 * `path` may be written with brackets or with dots.
 */
export function fieldIssues(schema: RulesSchema<unknown>, answers: () => unknown): (path: string) => readonly Issue[] {
  let last: { readonly text: string | undefined; readonly found: readonly Issue[] } | undefined;
  return (path) => {
    const now = answers();
    const text = written(now);
    if (last === undefined || text === undefined || last.text !== text) {
      last = { text, found: issues(schema, now) };
      void Promise.resolve().then(() => (last = undefined));
    }
    const wanted = path.replace(/\[(\w+)\]/g, ".$1");
    return last.found.filter((issue) => issue.path.join(".") === wanted);
  };
}

/** Several messages as one. */
export function joined(found: readonly Issue[]): string {
  return found.map((issue) => issue.message).join("；");
}
