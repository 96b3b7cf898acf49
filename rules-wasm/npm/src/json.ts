// Writes a JavaScript value as JSON text without losing what the engine must see: numbers that are not finite, big
// integers, halves of surrogate pairs. In: what a form holds. Out: text, or a RulesError with the place.

import { RulesError } from "./errors.js";

/** Levels of nesting; the engine's own limit. */
const MAX_DEPTH = 64;
/** UTF-16 units. Far beyond what the engine accepts, so that what is merely large is answered by the report. */
const MAX_LENGTH = 16_000_000;

const tag = Object.prototype.toString;

/** An object with the keys of a record, whatever realm it comes from. */
export function isRecord(value: object): value is Record<string, unknown> {
  return tag.call(value) === "[object Object]" && typeof (value as { toJSON?: unknown }).toJSON !== "function";
}

/** Appends a key to a JSON Pointer. */
export function step(path: string, key: string | number): string {
  return `${path}/${String(key).replace(/~/g, "~0").replace(/\//g, "~1")}`;
}

class Writer {
  text = "";
  /** Containers that are open, for telling a cycle from mere depth. */
  private readonly open: object[] = [];

  constructor(private readonly root: string) {}

  private fail(code: "answers_cyclic" | "answers_too_deep" | "answers_too_large" | "answers_type", path: string, detail = ""): never {
    throw new RulesError(code, path, detail);
  }

  private enter(value: object, path: string): void {
    if (this.open.length >= MAX_DEPTH) {
      this.fail(this.open.includes(value) ? "answers_cyclic" : "answers_too_deep", path);
    }
    if (this.text.length > MAX_LENGTH) {
      this.fail("answers_too_large", path);
    }
    this.open.push(value);
  }

  /** Writes a value; `undefined` only inside an array, as `null`. */
  write(value: unknown, path: string): void {
    switch (typeof value) {
      case "string":
        if (value.length > MAX_LENGTH) {
          this.fail("answers_too_large", path);
        }
        this.text += JSON.stringify(value);
        return;
      case "number":
        // The engine reads 1e999 as a number that is not finite, and says so at this place.
        this.text += value !== value ? "1e999" : value === Infinity ? "1e999" : value === -Infinity ? "-1e999" : String(value + 0);
        return;
      case "bigint":
        this.text += value.toString();
        return;
      case "boolean":
        this.text += value ? "true" : "false";
        return;
      case "undefined":
        this.text += "null";
        return;
      case "object":
        break;
      default:
        this.fail("answers_type", path, typeof value);
    }
    if (value === null) {
      this.text += "null";
    } else if (Array.isArray(value)) {
      this.array(value, path);
    } else if (isRecord(value)) {
      this.record(value, path);
    } else {
      this.fail("answers_type", path, tag.call(value).slice(8, -1));
    }
  }

  private array(value: readonly unknown[], path: string): void {
    this.enter(value, path);
    this.text += "[";
    for (let i = 0; i < value.length; i++) {
      if (i > 0) {
        this.text += ",";
      }
      this.write(this.read(value, i, path), `${path}/${i}`);
      if (this.text.length > MAX_LENGTH) {
        this.fail("answers_too_large", path);
      }
    }
    this.text += "]";
    this.open.pop();
  }

  private record(value: Record<string, unknown>, path: string): void {
    this.enter(value, path);
    let separator = "{";
    for (const key of Object.keys(value)) {
      const member = this.read(value, key, path);
      if (member === undefined) {
        continue;
      }
      this.text += `${separator}${JSON.stringify(key)}:`;
      this.write(member, step(path, key));
      separator = ",";
    }
    this.text += separator === "{" ? "{}" : "}";
    this.open.pop();
  }

  private read(from: object, key: string | number, path: string): unknown {
    try {
      return (from as Record<string | number, unknown>)[key];
    } catch (cause) {
      throw new RulesError("answers_unreadable", step(path, key), String(cause), cause);
    }
  }

  whole(value: unknown): string {
    if (value === undefined) {
      this.fail("answers_type", this.root, "undefined");
    }
    try {
      this.write(value, this.root);
    } catch (error) {
      if (error instanceof RulesError) {
        throw error;
      }
      // A proxy may throw anywhere; a text may become too long for the host.
      throw new RulesError("answers_unreadable", this.root, String(error), error);
    }
    return this.text;
  }
}

/**
 * JSON text of a value. `path` is where the value stands, for errors.
 *
 * `undefined` members are left out, symbol keys and what is not enumerable too, as in `JSON.stringify`. Unlike there,
 * `toJSON` is not called: whoever means a text gives a text.
 */
export function writeJson(value: unknown, path = ""): string {
  return new Writer(path).whole(value);
}

const half = /\p{Surrogate}/gu;

/** Is every surrogate in the text half of a pair? */
export const isWellFormed: (text: string) => boolean =
  typeof (String.prototype as { isWellFormed?: unknown }).isWellFormed === "function"
    ? (text) => (text as unknown as { isWellFormed(): boolean }).isWellFormed()
    : (text) => text.search(half) < 0;

/** JSON text in which halves of surrogate pairs are escapes, so that encoding it to UTF-8 loses nothing. */
export function escapeHalves(text: string): string {
  return isWellFormed(text) ? text : text.replace(half, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
}
