// Packs answers by the form's layout into the engine's memory: no keys, no numbers as text.
//
// In: an object and a layout. Out: bytes, or "no". It decides nothing: whatever is not exactly as the form expects makes it
// give up, and the answers go as JSON text instead, so that every problem is told in one place, by the engine. The format is in
// rules-core/src/answers/packed.rs. Objects are walked with `for…in`, in the order in which forms send their keys: then
// each key is the one expected next, and the comparison is one of addresses.

import { isWellFormed } from "./json.js";
import { type Layout, type Member, type Members, Pack } from "./layout.js";
import { native } from "./text.js";

/** It does not fit: send JSON text. */
export const UNFIT = -1;
/** The room is too small: make it larger and pack again. */
export const FULL = -2;

/** Bytes of JSON text from which the engine refuses answers; what might be larger goes as text, to be refused there. */
const MAX_JSON = 1 << 20;
/** Items of all lists together, from which the engine cuts. */
const MAX_ITEMS = 5_000;
/** More than the longest plain value with its slot and tag: while a place is left this far from the end, one fits. */
const ROOM = 64;
/** Units from which the host's encoder is faster than a loop. */
const LONG = 96;

const CRS = ["wgs84", "cgcs2000", "gcj02", "bd09"];
const objectPrototype = Object.prototype;
const getPrototypeOf = Object.getPrototypeOf;
const isArray: (value: unknown) => value is readonly unknown[] = Array.isArray;
const EMPTY = {};

// One packing at a time: calls into the engine do not nest. The position is not among these: it goes through arguments and results,
// where the compiler keeps it in a register. A result below zero is `UNFIT` or `FULL`.
let bytes: Uint8Array;
let view: DataView;
let end = 0;
let count = 0;
let items = 0;
let json = 0;

/** Packs into `memory` from `start` up to `stop`; gives the number of bytes, `UNFIT` or `FULL`. */
export function pack(layout: Layout, answers: object, memory: Uint8Array, data: DataView, start: number, stop: number): number {
  for (const _ in EMPTY) {
    // Somebody has put enumerable properties on all objects: `for…in` would see them.
    return UNFIT;
  }
  bytes = memory;
  view = data;
  end = stop - ROOM;
  items = 0;
  json = 2;
  try {
    const at = record(start, answers as Record<string, unknown>, layout.root);
    if (json > MAX_JSON || items > MAX_ITEMS) {
      return UNFIT;
    }
    return at < 0 ? at : at - start;
  } catch {
    // A getter or a proxy threw; the writer of JSON text tells where.
    return UNFIT;
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = getPrototypeOf(value);
  return prototype === objectPrototype || prototype === null;
}

/** A record: its count, then its answers. */
function record(start: number, from: Record<string, unknown>, of: Members): number {
  const outer = count;
  count = 0;
  const at = members(start + 2, from, of);
  bytes[start] = count;
  bytes[start + 1] = count >> 8;
  count = outer;
  return at;
}

/** The members of a record, or of a group of it. */
function members(start: number, from: Record<string, unknown>, of: Members): number {
  if (!isPlain(from)) {
    return UNFIT;
  }
  const list = of.list;
  const memory = bytes;
  let at = start;
  let next = 0;
  let cost = 0;
  let flags = 0;
  for (const key in from) {
    let member = list[next]!;
    if (member.name !== key) {
      const found = of.byName.get(key);
      if (found === undefined) {
        return UNFIT;
      }
      member = found;
    }
    next = member.next;
    cost += member.cost;
    const value = from[key];
    if (value === true || value === false) {
      // The commonest, without a call.
      if (member.pack !== Pack.Boolean || at > end) {
        return at > end ? FULL : UNFIT;
      }
      memory[at] = member.slot;
      memory[at + 1] = member.slot >> 8;
      memory[at + 2] = value ? 2 : 1;
      at += 3;
      flags++;
    } else if (value !== null && value !== undefined) {
      at = one(at, member, value);
      if (at < 0) {
        return at;
      }
    }
  }
  json += cost;
  count += flags;
  return at;
}

/** Writes slot and tag. */
function tag(at: number, slot: number, number: number): number {
  const memory = bytes;
  memory[at] = slot;
  memory[at + 1] = slot >> 8;
  memory[at + 2] = number;
  count++;
  return at + 3;
}

/** A value that is there. Blank text is missing wherever it stands. */
function one(at: number, member: Member, value: unknown): number {
  if (at > end) {
    return FULL;
  }
  const slot = member.slot;
  switch (member.pack) {
    case Pack.Text:
      return typeof value !== "string" ? UNFIT : value === "" ? at : text(at, slot, value);
    case Pack.Boolean:
      // True and false are written above; what is left is an empty field, or nothing that fits.
      if (typeof value === "boolean") {
        return tag(at, slot, value ? 2 : 1);
      }
      return value === "" ? at : UNFIT;
    case Pack.Number:
      if (isExact(value)) {
        at = tag(at, slot, 3);
        view.setFloat64(at, value + 0, true);
        return at + 8;
      }
      return value === "" ? at : UNFIT;
    case Pack.Choice: {
      const option = member.options!.get(value as string);
      if (option === undefined) {
        return value === "" ? at : UNFIT;
      }
      at = tag(at, slot, 5);
      bytes[at] = option;
      bytes[at + 1] = option >> 8;
      return at + 2;
    }
    case Pack.Choices:
      return isArray(value) ? choices(at, member, value) : value === "" ? at : UNFIT;
    case Pack.List:
      return isArray(value) ? list(at, member, value) : value === "" ? at : UNFIT;
    case Pack.Group:
      return typeof value === "object" ? members(at, value as Record<string, unknown>, member.inner!) : UNFIT;
    case Pack.Measure:
      return typeof value === "object" ? measure(at, slot, value as Record<string, unknown>) : UNFIT;
    case Pack.Point:
      return typeof value === "object" ? point(at, slot, value as Record<string, unknown>) : UNFIT;
    case Pack.Attachment:
      return attachment(at, slot, value);
    default:
      return UNFIT;
  }
}

function list(start: number, member: Member, values: readonly unknown[]): number {
  const length = values.length;
  items += length;
  if (items > MAX_ITEMS) {
    return UNFIT;
  }
  json += 6 * length;
  let at = tag(start, member.slot, 11);
  view.setUint32(at, length, true);
  at += 4;
  const inner = member.inner!;
  const memory = bytes;
  for (let i = 0; i < length; i++) {
    const item = values[i];
    if (at > end) {
      return FULL;
    }
    if (item === null || item === undefined) {
      memory[at] = 0;
      memory[at + 1] = 0;
      at += 2;
    } else if (member.scalar) {
      const outer = count;
      const from = at;
      count = 0;
      const only = inner.list[0]!;
      json += only.cost;
      at = one(from + 2, only, item);
      memory[from] = count;
      memory[from + 1] = 0;
      count = outer;
    } else {
      at = typeof item === "object" ? record(at, item as Record<string, unknown>, inner) : UNFIT;
    }
    if (at < 0) {
      return at;
    }
  }
  return at;
}

function choices(start: number, member: Member, codes: readonly unknown[]): number {
  let low = 0;
  let high = 0;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    const option = member.options!.get(code as string);
    if (option === undefined || option > 63) {
      return UNFIT;
    }
    json += 6 * (code as string).length + 3;
    if (option < 32) {
      low |= 1 << option;
    } else {
      high |= 1 << (option - 32);
    }
  }
  const at = tag(start, member.slot, 6);
  view.setInt32(at, low, true);
  view.setInt32(at + 4, high, true);
  return at + 8;
}

/** A finite number that stays what it is in JSON text. */
function isExact(value: unknown): value is number {
  return typeof value === "number" && value >= -9007199254740991 && value <= 9007199254740991;
}

function measure(start: number, slot: number, from: Record<string, unknown>): number {
  if (!isPlain(from)) {
    return UNFIT;
  }
  let value: unknown;
  let tolerance: unknown = 0;
  for (const key in from) {
    if (key === "value") {
      value = from[key];
    } else if (key === "tolerance") {
      tolerance = from[key];
    } else {
      return UNFIT;
    }
  }
  if (!isExact(value) || !isExact(tolerance)) {
    return UNFIT;
  }
  const at = tag(start, slot, 7);
  view.setFloat64(at, value + 0, true);
  view.setFloat64(at + 8, tolerance + 0, true);
  return at + 16;
}

function point(start: number, slot: number, from: Record<string, unknown>): number {
  if (!isPlain(from)) {
    return UNFIT;
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
      return UNFIT;
    }
  }
  if (crs < 0 || !isExact(lng) || !isExact(lat) || !isExact(accuracy)) {
    return UNFIT;
  }
  const at = tag(start, slot, 8);
  view.setFloat64(at, lng + 0, true);
  view.setFloat64(at + 8, lat + 0, true);
  view.setFloat64(at + 16, accuracy + 0, true);
  bytes[at + 24] = crs;
  return at + 25;
}

/** Surely not blank, whichever language's white space is asked. */
const VISIBLE = /[!-~\u4e00-\u9fff]/;

/** Only its presence counts. What is blank, or might hold a fault, is left to the engine. */
function attachment(start: number, slot: number, value: unknown): number {
  if (typeof value === "string") {
    if (value === "") {
      return start;
    }
    if (!VISIBLE.test(value) || !isWellFormed(value)) {
      return UNFIT;
    }
    json += 6 * value.length;
    return tag(start, slot, 10);
  }
  if (typeof value !== "object" || !isPlain(value as object)) {
    return UNFIT;
  }
  let some = false;
  let named = false;
  for (const key in value as Record<string, unknown>) {
    const part = (value as Record<string, unknown>)[key];
    if (typeof part !== "string" || !isWellFormed(part) || !isWellFormed(key)) {
      return UNFIT;
    }
    json += 6 * (key.length + part.length) + 6;
    some = true;
    named ||= key === "id" && VISIBLE.test(part);
  }
  if (some && !named) {
    return UNFIT;
  }
  return some ? tag(start, slot, 10) : start;
}

function text(from: number, slot: number, value: string): number {
  const length = value.length;
  json += 6 * length;
  if (from + 3 * length > end) {
    return json > MAX_JSON ? UNFIT : FULL;
  }
  const memory = bytes;
  const start = tag(from, slot, 4) + 4;
  let at = start;
  if (length > LONG) {
    if (!isWellFormed(value)) {
      return UNFIT;
    }
    at += native.encodeInto(value, memory.subarray(start, end + ROOM));
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
          return UNFIT;
        }
        const code = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        memory[at++] = 0xf0 | (code >> 18);
        memory[at++] = 0x80 | ((code >> 12) & 0x3f);
        memory[at++] = 0x80 | ((code >> 6) & 0x3f);
        memory[at++] = 0x80 | (code & 0x3f);
      }
    }
  }
  const size = at - start;
  memory[start - 4] = size;
  memory[start - 3] = size >> 8;
  memory[start - 2] = size >> 16;
  memory[start - 1] = size >> 24;
  return at;
}
