// Options as callers give them: checked here, because a misspelt option that is silently ignored changes a verdict.

import { RulesError } from "./errors.js";
import type { Tables } from "./tables.js";

/** Bounds that a caller may lower. The defaults are in the core; none can be raised. */
export interface Limits {
  /** Bytes of a submission's JSON. */
  readonly answerBytes?: number;
  /** Nesting of a submission's JSON. */
  readonly depth?: number;
  /** Items of all lists of a submission together. */
  readonly items?: number;
  /** Positions of all areas of a submission together. */
  readonly positions?: number;
  /** Evaluation steps of a whole check. */
  readonly steps?: number;
  /** Bytes of one computed text. */
  readonly textBytes?: number;
  /** Problems that are listed. */
  readonly problems?: number;
  /** Rows of all tables together. */
  readonly rows?: number;
}

/** Rows of a table, or `{ years, days }` of a calendar, or the JSON text of either. */
export type TableData = readonly object[] | { readonly years: readonly number[]; readonly days: readonly (readonly [string, "off" | "work"])[] } | string;

/** Which layers hold. */
export interface PlaceAndDay {
  /** The day of the check, `YYYY-MM-DD`. Nothing in the engine reads a clock: whoever checks says which day counts. */
  readonly asOf: string;
  /** GB/T 2260 code of the place, six digits as text. Absent: the ruleset's own area. */
  readonly jurisdiction?: string | undefined;
}

/** What a check is told beside the answers. */
export interface CheckOptions extends PlaceAndDay {
  /** Reference data by name. Data given as a plain object is read at every check: prepare it once with `Ruleset.prepareTables`. */
  readonly tables?: Tables | Readonly<Record<string, TableData>> | undefined;
  /** Adds to each finding the values and sub-expressions that decided it. */
  readonly explain?: boolean | undefined;
  /** Lists passes and rules that do not apply, too. */
  readonly all?: boolean | undefined;
  /** Lower bounds than the defaults. */
  readonly limits?: Limits | undefined;
}

const KNOWN = ["asOf", "jurisdiction", "tables", "explain", "all", "limits"];
/** In the order in which the engine takes them. */
const LIMITS: readonly (keyof Limits)[] = ["answerBytes", "depth", "items", "positions", "steps", "textBytes", "problems", "rows"];

export function bad(path: string, detail: string): never {
  throw new RulesError("bad_option", path, detail);
}

/** A misspelt option that is silently ignored would be a check that nobody makes. */
export function known(options: object, path: string, keys: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (!keys.includes(key)) {
      bad(`${path}/${key}`, "there is no such option");
    }
  }
}

/** The options without tables, as the engine takes them. */
export type Cleaned = [asOf: string, jurisdiction: string | undefined, explain: boolean, all: boolean, limits: Uint32Array];

export function clean(options: CheckOptions): Cleaned {
  if (typeof options !== "object" || options === null) {
    bad("", "options are required: at least { asOf: 'YYYY-MM-DD' }");
  }
  known(options, "", KNOWN);
  const { asOf, jurisdiction, explain = false, all = false, limits } = options;
  if (typeof asOf !== "string") {
    bad("/asOf", "the day of the check is required, as text: 'YYYY-MM-DD'");
  }
  if (jurisdiction !== undefined && typeof jurisdiction !== "string") {
    bad("/jurisdiction", "six digits, as text");
  }
  if (typeof explain !== "boolean" || typeof all !== "boolean") {
    bad(typeof explain === "boolean" ? "/all" : "/explain", "true or false");
  }
  for (const [key, value] of Object.entries(limits ?? {})) {
    const known = LIMITS.includes(key as keyof Limits);
    if (!known || !Number.isInteger(value) || value < 0 || value > 0xffffffff) {
      bad(`/limits/${key}`, known ? "a whole number" : "there is no such limit");
    }
  }
  const lowered = limits === undefined ? [] : LIMITS.map((name) => limits[name] ?? 0xffffffff);
  return [asOf, jurisdiction, explain, all, Uint32Array.from(lowered)];
}
