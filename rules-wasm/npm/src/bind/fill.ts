// Answers into a form: a stored draft, an example. In: a reading of the form and answers. Out: controls that show them, and rows as many as there are
// items. What has no control stays out.

import { type Control, type Place, type Reading, typeOf } from "./read.js";
import { RulesError } from "../errors.js";
import { addRow, removeRow, rowsOf } from "./rows.js";
import { typedAnswer, writtenAnswer } from "../typed/answer.js";

function valueAt(answers: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null && Object.prototype.hasOwnProperty.call(at, key) ? (at as Record<string | number, unknown>)[key] : undefined),
    answers,
  );
}

const keysOf = (pointer: string): string[] => pointer.slice(1).split("/");

/** Rows that a form can hold; the engine takes no more items. */
const MOST_ROWS = 5_000;

/** Gives every list as many rows as the answers have. Lists in rows turn up when their rows do, so this is done until nothing changes. */
export function fillRows(read: () => Reading, answers: unknown): Reading {
  for (;;) {
    const reading = read();
    let changed = false;
    for (const [pointer, elements] of reading.lists) {
      const items = valueAt(answers, keysOf(pointer));
      for (const element of elements as HTMLElement[]) {
        if (element.dataset["rulesNone"] !== undefined) {
          (element as HTMLInputElement).checked = Array.isArray(items) && items.length === 0;
        }
        if (element.dataset["rulesList"] === undefined) {
          continue;
        }
        const wanted = Array.isArray(items) ? items.length : 0;
        if (wanted > MOST_ROWS) {
          throw new RulesError("answers_too_large", pointer, `${wanted} rows`);
        }
        for (let rows = rowsOf(element); rows.length > wanted; rows = rowsOf(element)) {
          removeRow(rows[rows.length - 1]!);
          changed = true;
        }
        for (let left = wanted - rowsOf(element).length; left > 0 && addRow(element); left--) {
          changed = true;
        }
      }
    }
    if (!changed) {
      return reading;
    }
  }
}

/** Writes the answers into the controls. */
export function fillControls(reading: Reading, answers: unknown): void {
  for (const place of reading.places.values()) {
    const value = valueAt(answers, place.path);
    for (const control of place.controls) {
      write(control, place, value);
    }
  }
}

function write(control: Control, { field, part }: Place, value: unknown): void {
  switch (typeOf(control)) {
    case "file":
      break;
    case "radio":
    case "checkbox":
      (control as HTMLInputElement).checked = Array.isArray(value)
        ? value.includes(control.value)
        : value !== undefined && value !== null && (field.type === "boolean" && control.type === "checkbox" ? value === true : typedAnswer(field, control.value) === value);
      break;
    case "select-multiple":
      for (const option of Array.from((control as HTMLSelectElement).options)) {
        option.selected = Array.isArray(value) && value.includes(option.value);
      }
      break;
    case "datetime-local":
      control.value = writtenAnswer(field, value).replace(" ", "T");
      break;
    case "select-one":
      control.value = value === undefined || value === null ? "" : String(value);
      break;
    default:
      control.value = writtenAnswer(part === undefined ? field : { type: "number" }, value);
  }
}

const TEXTS = new Set(["text", "search", "tel"]);
const REGULAR = new Set(["integer", "number", "measure", "date", "datetime", "text", "ref"]);

/** Shows how typed text was read: `２０２６年３月１日` becomes `2026-03-01`. What could not be read stays as it is. */
export function rewrite(control: Control, { field, part, value }: Place): void {
  if (!TEXTS.has(typeOf(control)) || value === undefined || (part === undefined ? !REGULAR.has(field.type) : typeof value !== "number")) {
    return;
  }
  const text = writtenAnswer(field, value);
  if (text !== control.value) {
    control.value = text;
  }
}
