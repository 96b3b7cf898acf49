// What adapters share: paths as libraries write them, and the issues of one field. In: a schema and answers. Out: texts and issues.

import type { Issue, PathKey, RulesSchema } from "../standard.js";

/** `guests[0].ref`, as most libraries name a nested field. */
export function dotPath(path: readonly PathKey[]): string {
  return path.reduce<string>((text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? key : `${text}.${key}`), "");
}

/** The issues of a validation; none if there are none. */
export function issues(schema: RulesSchema, answers: unknown): readonly Issue[] {
  return schema["~standard"].validate(answers).issues ?? [];
}

/**
 * What is said of one field. The first field of a round checks all answers, those that are asked in the same turn share the report.
 * `path` may be written with brackets or with dots.
 */
export function fieldIssues(schema: RulesSchema, answers: () => unknown): (path: string) => readonly Issue[] {
  let now: readonly Issue[] | undefined;
  return (path) => {
    if (now === undefined) {
      now = issues(schema, answers());
      void Promise.resolve().then(() => (now = undefined));
    }
    const wanted = path.replace(/\[(\w+)\]/g, ".$1");
    return now.filter((issue) => issue.path.join(".") === wanted);
  };
}

/** Several messages as one. */
export function joined(found: readonly Issue[]): string {
  return found.map((issue) => issue.message).join("；");
}
