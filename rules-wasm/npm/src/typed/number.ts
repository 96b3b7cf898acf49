// Typed numbers. In: text such as `１９５`, `1,200 米` or `-3.5`. Out: the number, or null where it cannot be read.

import { compact } from "./text.js";

const UNITS: Record<string, readonly string[]> = {
  m: ["m", "米", "公尺"],
  day: ["day", "days", "d", "天", "日"],
  month: ["month", "months", "月", "个月"],
  year: ["year", "years", "年", "岁", "周岁"],
};

function withoutUnit(text: string, unit: string | undefined): string {
  if (!unit) {
    return text;
  }
  const lower = text.toLowerCase();
  const names = [...(UNITS[unit] ?? []), unit.toLowerCase()].sort((a, b) => b.length - a.length);
  const found = names.find((name) => lower.endsWith(name));
  return found ? text.slice(0, -found.length) : text;
}

/** Reads a decimal number. `unit` may stand behind it. Thousands may be set off by commas in groups of three. */
export function typedNumber(text: string, unit?: string): number | null {
  let bare = withoutUnit(compact(text), unit).replace(/[−–—]/g, "-").replace(/[。．]/g, ".").replace(/，/g, ",");
  if (/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare)) {
    bare = bare.replace(/,/g, "");
  }
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(bare)) {
    return null;
  }
  const value = Number(bare);
  return Number.isFinite(value) ? (value === 0 ? 0 : value) : null;
}

/** Reads an integer that a double holds exactly. */
export function typedInteger(text: string, unit?: string): number | null {
  const value = typedNumber(text, unit);
  return value !== null && Number.isSafeInteger(value) ? value : null;
}

/** Reads a measure: `195`, `195米`, `195 ± 12 m`. */
export function typedMeasure(text: string, unit?: string): { value: number; tolerance?: number } | null {
  const [first, second, ...rest] = text.split(/±|\+\/?-/);
  const value = typedNumber(first!, unit);
  if (value === null || rest.length > 0) {
    return null;
  }
  if (second === undefined) {
    return { value };
  }
  const tolerance = typedNumber(second, unit);
  return tolerance === null ? null : { value, tolerance };
}

/** A number without an exponent, as people write it. */
export function plainNumber(value: number): string {
  const text = String(value);
  return /e/i.test(text) ? value.toLocaleString("en-US", { useGrouping: false, maximumFractionDigits: 20 }) : text;
}
