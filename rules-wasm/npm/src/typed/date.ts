// Typed days and times. In: `2026年3月1日`, `2026.3.1`, `２０２６－３－１`, `20260301`; for times also `9:30`, `9点30分`,
// `下午3点`. Out: `2026-03-01` or `2026-03-01T09:30:00+08:00` (China time), or null where it cannot be read.

import { compact, halfWidth } from "./text.js";

const two = (n: number): string => String(n).padStart(2, "0");

function real(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) {
    return false;
  }
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (days[month - 1] ?? 0);
}

const FORMS = [/^(\d{4})年(\d{1,2})月(\d{1,2})[日号]?$/, /^(\d{4})([-./])(\d{1,2})\2(\d{1,2})$/, /^(\d{4})(\d{2})(\d{2})$/];

/** Reads a day. A year has four digits: nobody guesses a century. */
export function typedDate(text: string): string | null {
  const bare = compact(text).replace(/[－–—−]/g, "-").replace(/[。．]/g, ".").replace(/[／]/g, "/");
  for (const form of FORMS) {
    const found = form.exec(bare);
    if (!found) {
      continue;
    }
    const [year, month, day] = found.slice(1).filter((part) => /^\d+$/.test(part)).map(Number);
    if (year === undefined || month === undefined || day === undefined || !real(year, month, day)) {
      return null;
    }
    return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
  }
  return null;
}

const TIME = /^(凌晨|早上|上午|中午|下午|晚上)?(\d{1,2})(?:[:：点时](\d{1,2})?分?(?::(\d{1,2}))?)$/;

function typedTime(text: string): string | null {
  const found = TIME.exec(text.replace(/[秒整]$/, "").replace(/半$/, "30"));
  if (!found) {
    return null;
  }
  const half = found[1];
  let hour = Number(found[2]);
  const minute = Number(found[3] ?? 0);
  const second = Number(found[4] ?? 0);
  if ((half === "下午" || half === "晚上") && hour < 12) {
    hour += 12;
  }
  if (half === "中午" && hour < 3) {
    hour += 12;
  }
  if (hour > 23 || minute > 59 || second > 59) {
    return null;
  }
  return `${two(hour)}:${two(minute)}:${two(second)}`;
}

/** Reads a day with a time. Without an offset it is China time. */
export function typedDateTime(text: string): string | null {
  const plain = halfWidth(text).trim();
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/i.test(plain)) {
    return plain;
  }
  // Two patterns rather than one with a lookbehind, which Safari before 16.4 cannot even parse.
  const found = /^(.*?[\d日号])(?:\s+|T)(.+)$/i.exec(plain) ?? /^(.*?[日号])(.+)$/.exec(plain);
  if (!found) {
    return null;
  }
  const day = typedDate(found[1] ?? "");
  const time = typedTime(compact(found[2] ?? ""));
  return day && time ? `${day}T${time}+08:00` : null;
}

/** A time in China as people write it: `2026-03-01 09:30`. Anything else as it is. */
export function shortDateTime(value: string): string {
  const found = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::00(?:\.0+)?)?\+08:00$/.exec(value);
  return found ? `${found[1]} ${found[2]}` : value;
}

/** Today in China, which is where inspections are. */
export function today(now: Date): string {
  return new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
}
