// What goes wrong outside of a report: one error class with stable codes.

/**
 * Every code a {@link RulesError} of this package may carry. Refused bundles carry the core's own codes (`B0101`, …).
 */
export type ErrorCode =
  /** The wasm module could not be fetched or read. */
  | "wasm_unavailable"
  /** What came is no WebAssembly module: an HTML page in its place, or bytes that were cut or altered on the way. */
  | "wasm_damaged"
  /** This host has no WebAssembly, or one without reference types. */
  | "wasm_unsupported"
  /** The bytes are not those of the hash; nothing of them was compiled or read. `path` names the option. */
  | "integrity_mismatch"
  /** A hash was given and this host cannot compute any: browsers do so on https pages only. */
  | "integrity_unchecked"
  /** The page's content security policy forbids WebAssembly: it needs `script-src 'wasm-unsafe-eval'`. */
  | "wasm_blocked"
  /** The engine stopped inside; its instance was dropped and a new one is ready. Nothing was decided. */
  | "engine_trap"
  /** A call to the worker took longer than its deadline. The worker was ended; the next call has a new one. */
  | "deadline_exceeded"
  /** The worker's script could not be loaded or started, or the worker went away. */
  | "worker_unavailable"
  /** The object was disposed. */
  | "disposed"
  /** The bundle's source could not be fetched. */
  | "source_unavailable"
  /** What was given to `load` is nothing that a bundle can be read from. */
  | "source_type"
  /** An option is missing, misspelt or of the wrong type; `path` names it. */
  | "bad_option"
  /** `asOf` is not a day that exists, written `YYYY-MM-DD`. */
  | "bad_as_of"
  /** `jurisdiction` is not six digits. */
  | "bad_jurisdiction"
  /** The data of a table does not fit; `path` starts with the table's name, `detail` is the core's word for it. */
  | "bad_table"
  /** Answers hold themselves. */
  | "answers_cyclic"
  /** Answers nest deeper than 64 levels. */
  | "answers_too_deep"
  /** Answers are larger than 16 million characters. (From 1 MB the report says `too_large`.) */
  | "answers_too_large"
  /** A value that JSON cannot hold: a function, a symbol, a `Date`, a `Map`, …; `detail` says which. */
  | "answers_type"
  /** Reading a property threw; `cause` is what it threw. */
  | "answers_unreadable"
  /** The form has no place with this path. */
  | "no_such_place"
  /** The value of an edit is larger or nests deeper than the limits of its session. */
  | "bad_json"
  /** A bundle was refused: the core's code. */
  | `B${number}`;

/** Why a call gave no answer. What is wrong with *answers* never ends here: it stands in the report. */
export class RulesError extends Error {
  /** What, stable between versions. */
  readonly code: ErrorCode;
  /** Where: a JSON Pointer into answers, options, tables or bundle; empty for the whole. */
  readonly path: string;
  /** More, for developers; its wording may change. */
  readonly detail: string;

  constructor(code: ErrorCode, path = "", detail = "", cause?: unknown) {
    super(`${code}${path === "" ? "" : ` at ${path}`}${detail === "" ? "" : `: ${detail}`}`);
    this.name = "RulesError";
    this.code = code;
    this.path = path;
    this.detail = detail;
    if (cause !== undefined) {
      Object.defineProperty(this, "cause", { value: cause, configurable: true, writable: true });
    }
  }
}

/** How an option is written that was written otherwise. */
const WRITTEN: Readonly<Record<string, string>> = { bad_as_of: "a day that exists, as YYYY-MM-DD", bad_jurisdiction: "six digits, as text" };

/** What the engine throws is a text: code, place and detail, a line each. Anything else it throws is a trap. */
export function failure(thrown: unknown): RulesError | undefined {
  if (typeof thrown !== "string") {
    return thrown instanceof RulesError ? thrown : undefined;
  }
  const [code = "", path, ...detail] = thrown.split("\n");
  return new RulesError(code as ErrorCode, path, [detail.join("\n"), WRITTEN[code]].filter(Boolean).join("; "));
}
