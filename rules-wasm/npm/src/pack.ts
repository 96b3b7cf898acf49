// Packs answers by the form's layout into the engine's memory: no keys, no numbers as text.
//
// In: an object and a layout. Out: bytes, or "no". It decides nothing: whatever is not exactly as the form expects makes it
// give up, and the answers go as JSON text instead, so that every problem is told in one place, by the engine. The format is in
// rules-core/src/answers/packed.rs. Objects are walked with `for…in`, in the order in which forms send their keys: then
// each key is the one expected next, and the comparison is one of addresses.

import { isWellFormed } from "./json.js";
import { type Layout, type Member, type Members, Pack } from "./layout.js";

/** It does not fit: send JSON text. */
export const UNFIT = -1;
/** The room is too small: make it larger and pack again. */
export const FULL = -2;

/** Bytes of JSON text from which the engine refuses answers; what might be larger goes as text, to be refused there. */
const MAX_JSON = 1 << 20;
/** Items of all lists together, from which the engine cuts. */
const MAX_ITEMS = 5_000;
/** Longest plain value with its slot and tag. */
const PLAIN = 64;
/** Units from which the host's encoder is faster than a loop. */
const LONG = 96;

const encoder = new TextEncoder();
const CRS = ["wgs84", "cgcs2000", "gcj02", "bd09"];
const objectPrototype = Object.prototype;
const getPrototypeOf = Object.getPrototypeOf;
const EMPTY = {};

// One packing at a time: calls into the engine do not nest.
let bytes: Uint8Array;
let view: DataView;
let end = 0;
let pos = 0;
let count = 0;
let items = 0;
let json = 0;
let full = false;

/** Packs into `memory` from `start` up to `stop`; gives the number of bytes, `UNFIT` or `FULL`. */
export function pack(layout: Layout, answers: object, memory: Uint8Array, data: DataView, start: number, stop: number): number {
  for (const _ in EMPTY) {
    // Somebody has put enumerable properties on all objects: `for…in` would see them.
    return UNFIT;
  }
  bytes = memory;
  view = data;
  pos = start;
  end = stop;
  items = 0;
  json = 2;
  full = false;
  let fits: boolean;
  try {
    fits = record(answers, layout.root);
  } catch {
    // A getter or a proxy threw; the writer of JSON text tells where.
    fits = false;
  }
  return fits && json <= MAX_JSON && items <= MAX_ITEMS ? pos - start : full ? FULL : UNFIT;
}

function isPlain(value: object): boolean {
  const prototype: unknown = getPrototypeOf(value);
  return prototype === objectPrototype || prototype === null;
}

function record(value: object, of: Members): boolean {
  if (pos + 2 > end) {
    return noRoom();
  }
  const outer = count;
  const at = pos;
  pos += 2;
  count = 0;
  const fits = members(value as Record<string, unknown>, of);
  bytes[at] = count;
  bytes[at + 1] = count >> 8;
  count = outer;
  return fits;
}

function noRoom(): false {
  full = true;
  return false;
}

function members(from: Record<string, unknown>, of: Members): boolean {
  if (!isPlain(from)) {
    return false;
  }
  const list = of.list;
  let next = 0;
  for (const key in from) {
    let member = list[next]!;
    if (member.name !== key) {
      const found = of.byName.get(key);
      if (found === undefined) {
        return false;
      }
      member = found;
    }
    next = member.next;
    json += member.cost;
    const value = from[key];
    if (value === null || value === undefined) {
      continue;
    }
    if (!one(member, value)) {
      return false;
    }
  }
  return true;
}

/** Writes slot and tag. */
function tag(slot: number, number: number): void {
  const at = pos;
  bytes[at] = slot;
  bytes[at + 1] = slot >> 8;
  bytes[at + 2] = number;
  pos = at + 3;
  count++;
}

/** A value that is there. Blank text is missing wherever it stands. */
function one(member: Member, value: unknown): boolean {
  if (pos + PLAIN > end) {
    return noRoom();
  }
  switch (member.pack) {
    case Pack.Text:
      return typeof value === "string" && (value === "" || text(member.slot, value));
    case Pack.Boolean:
      if (value === true) {
        tag(member.slot, 2);
        return true;
      }
      if (value === false) {
        tag(member.slot, 1);
        return true;
      }
      return value === "";
    case Pack.Number:
      if (typeof value === "number" && value >= -9007199254740991 && value <= 9007199254740991) {
        tag(member.slot, 3);
        view.setFloat64(pos, value + 0, true);
        pos += 8;
        return true;
      }
      return value === "";
    case Pack.Choice: {
      const option = member.options!.get(value as string);
      if (option === undefined) {
        return value === "";
      }
      tag(member.slot, 5);
      bytes[pos] = option;
      bytes[pos + 1] = option >> 8;
      pos += 2;
      return true;
    }
    case Pack.Choices:
      return Array.isArray(value) ? choices(member, value) : value === "";
    case Pack.List:
      return Array.isArray(value) ? items_(member, value) : value === "";
    case Pack.Group:
      return typeof value === "object" && members(value as Record<string, unknown>, member.inner!);
    case Pack.Measure:
      return typeof value === "object" && measure(member.slot, value as Record<string, unknown>);
    case Pack.Point:
      return typeof value === "object" && point(member.slot, value as Record<string, unknown>);
    case Pack.Attachment:
      return attachment(member.slot, value);
    default:
      return false;
  }
}

function items_(member: Member, list: readonly unknown[]): boolean {
  const length = list.length;
  items += length;
  if (items > MAX_ITEMS) {
    return false;
  }
  json += 4 * length;
  tag(member.slot, 11);
  view.setUint32(pos, length, true);
  pos += 4;
  const inner = member.inner!;
  for (let i = 0; i < length; i++) {
    const item = list[i];
    if (item === null || item === undefined) {
      if (pos + 2 > end) {
        return noRoom();
      }
      bytes[pos] = 0;
      bytes[pos + 1] = 0;
      pos += 2;
      json += 4;
    } else if (member.scalar) {
      const outer = count;
      const at = pos;
      count = 0;
      pos += 2;
      const only = inner.list[0]!;
      json += only.cost;
      const fits = one(only, item);
      bytes[at] = count;
      bytes[at + 1] = 0;
      count = outer;
      if (!fits) {
        return false;
      }
    } else if (typeof item !== "object" || !record(item, inner)) {
      return false;
    }
  }
  return true;
}

function choices(member: Member, list: readonly unknown[]): boolean {
  let low = 0;
  let high = 0;
  for (let i = 0; i < list.length; i++) {
    const option = member.options!.get(list[i] as string);
    if (option === undefined || option > 63) {
      return false;
    }
    json += 6 * (list[i] as string).length + 3;
    if (option < 32) {
      low |= 1 << option;
    } else {
      high |= 1 << (option - 32);
    }
  }
  tag(member.slot, 6);
  view.setInt32(pos, low, true);
  view.setInt32(pos + 4, high, true);
  pos += 8;
  return true;
}

/** A finite number that a measure or a point may hold as it is. */
function isExact(value: unknown): value is number {
  return typeof value === "number" && value >= -9007199254740991 && value <= 9007199254740991;
}

function measure(slot: number, from: Record<string, unknown>): boolean {
  if (!isPlain(from)) {
    return false;
  }
  let value: unknown;
  let tolerance: unknown = 0;
  for (const key in from) {
    if (key === "value") {
      value = from[key];
    } else if (key === "tolerance") {
      tolerance = from[key];
    } else {
      return false;
    }
  }
  if (!isExact(value) || !isExact(tolerance)) {
    return false;
  }
  tag(slot, 7);
  view.setFloat64(pos, value + 0, true);
  view.setFloat64(pos + 8, tolerance + 0, true);
  pos += 16;
  return true;
}

function point(slot: number, from: Record<string, unknown>): boolean {
  if (!isPlain(from)) {
    return false;
  }
  let lng: unknown;
  let lat: unknown;
  let accuracy: unknown = 0;
  let crs = -1;
  for (const key in from) {
    const value = from[key];
    if (key === "lng") {
      lng = value;
    } else if (key === "lat") {
      lat = value;
    } else if (key === "accuracy") {
      accuracy = value;
    } else if (key === "crs") {
      crs = CRS.indexOf(value as string);
    } else {
      return false;
    }
  }
  if (crs < 0 || !isExact(lng) || !isExact(lat) || !isExact(accuracy)) {
    return false;
  }
  tag(slot, 8);
  view.setFloat64(pos, lng + 0, true);
  view.setFloat64(pos + 8, lat + 0, true);
  view.setFloat64(pos + 16, accuracy + 0, true);
  bytes[pos + 24] = crs;
  pos += 25;
  return true;
}

/** Only its presence counts. What is blank, or might hold a fault, is left to the engine. */
function attachment(slot: number, value: unknown): boolean {
  if (typeof value === "string") {
    if (value === "") {
      return true;
    }
    if (value.trim() === "" || !isWellFormed(value)) {
      return false;
    }
    json += 6 * value.length;
  } else {
    if (typeof value !== "object" || !isPlain(value as object)) {
      return false;
    }
    let some = false;
    for (const key in value as Record<string, unknown>) {
      const part = (value as Record<string, unknown>)[key];
      if (typeof part !== "string" || !isWellFormed(part) || !isWellFormed(key)) {
        return false;
      }
      json += 6 * (key.length + part.length) + 6;
      some = true;
    }
    if (!some) {
      return true;
    }
  }
  tag(slot, 10);
  return true;
}

function text(slot: number, value: string): boolean {
  const length = value.length;
  json += 6 * length;
  if (pos + PLAIN + 3 * length > end) {
    return json > MAX_JSON ? false : noRoom();
  }
  tag(slot, 4);
  const memory = bytes;
  const start = pos + 4;
  let at = start;
  if (length > LONG) {
    if (!isWellFormed(value)) {
      return false;
    }
    at += encoder.encodeInto(value, memory.subarray(start, end)).written;
  } else {
    for (let i = 0; i < length; i++) {
      const unit = value.charCodeAt(i);
      if (unit < 0x80) {
        memory[at++] = unit;
      } else if (unit < 0x800) {
        memory[at++] = 0xc0 | (unit >> 6);
        memory[at++] = 0x80 | (unit & 0x3f);
      } else if (unit < 0xd800 || unit > 0xdfff) {
        memory[at++] = 0xe0 | (unit >> 12);
        memory[at++] = 0x80 | ((unit >> 6) & 0x3f);
        memory[at++] = 0x80 | (unit & 0x3f);
      } else {
        const low = value.charCodeAt(++i);
        if (unit > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff)) {
          return false;
        }
        const code = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        memory[at++] = 0xf0 | (code >> 18);
        memory[at++] = 0x80 | ((code >> 12) & 0x3f);
        memory[at++] = 0x80 | ((code >> 6) & 0x3f);
        memory[at++] = 0x80 | (code & 0x3f);
      }
    }
  }
  view.setUint32(pos, at - start, true);
  pos = at;
  return true;
}
