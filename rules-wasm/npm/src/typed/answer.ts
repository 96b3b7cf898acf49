// A field's answer from typed text, and back. In: a field and text. Out: the value; the text itself where it cannot be read, so that
// the engine names the problem at its place; undefined where nothing was typed.

import type { Field } from "../description.js";
import { shortDateTime, typedDate, typedDateTime } from "./date.js";
import { plainNumber, typedInteger, typedMeasure, typedNumber } from "./number.js";
import { compact, typedText } from "./text.js";

/** What a reader goes by. */
export type Typed = Pick<Field, "type" | "unit" | "pattern">;

const YES = new Set(["true", "yes", "y", "on", "1", "是", "有", "对"]);
const NO = new Set(["false", "no", "n", "off", "0", "否", "没有", "无", "不是"]);

function yesOrNo(text: string): boolean | null {
  const word = compact(text).toLowerCase();
  return YES.has(word) ? true : NO.has(word) ? false : null;
}

function shape(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

/** The parts of a point, a measure or an area that are numbers. */
const NUMBERS = new Set(["lng", "lat", "accuracy", "value", "tolerance"]);

/** Reads what was typed for a field, or for a `part` of it such as `lng`. */
export function typedAnswer(field: Typed, text: string, part?: string): unknown {
  if (text.trim() === "") {
    return undefined;
  }
  const { unit } = field;
  if (part !== undefined) {
    return NUMBERS.has(part) ? (typedNumber(text, unit) ?? text) : compact(text);
  }
  switch (field.type) {
    case "boolean":
      return yesOrNo(text) ?? text;
    case "integer":
      return typedInteger(text, unit) ?? text;
    case "number":
      return typedNumber(text, unit) ?? text;
    case "measure":
      return typedMeasure(text, unit) ?? text;
    case "date":
      return typedDate(text) ?? text;
    case "datetime":
      return typedDateTime(text) ?? text;
    case "point":
    case "area":
      return shape(text) ?? text;
    case "choices":
      return text.split(/[,，、;；\s]+/).filter((code) => code !== "");
    case "text":
    case "ref":
      return typedText(text, field.pattern !== undefined);
    default:
      return text.trim();
  }
}

/** How a value stands in a text input. */
export function writtenAnswer(field: Typed, value: unknown): string {
  if (value === undefined || value === null) {
    return "";
  }
  if (typeof value === "number") {
    return plainNumber(value);
  }
  if (typeof value === "string") {
    return field.type === "datetime" ? shortDateTime(value) : value;
  }
  if (typeof value === "object" && field.type === "measure") {
    const { value: size, tolerance } = value as { value?: unknown; tolerance?: unknown };
    return `${writtenAnswer(field, size)}${tolerance === undefined ? "" : ` ± ${writtenAnswer(field, tolerance)}`}`;
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
