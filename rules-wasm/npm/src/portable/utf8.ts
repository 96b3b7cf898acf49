// UTF-8 for hosts without TextEncoder and TextDecoder, as WeChat's mini programs are. The same answers as theirs, tested against them.

import type { Codec } from "../text.js";

/** Units that are made into a text at once: hosts bound the arguments of a call. */
const PIECE = 4_096;

function encodeInto(text: string, into: Uint8Array): number {
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code >= 0xd800 && code <= 0xdfff) {
      const low = code < 0xdc00 ? text.charCodeAt(i + 1) : NaN;
      if (low >= 0xdc00 && low <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        i++;
      } else {
        code = 0xfffd;
      }
    }
    if (code < 0x80) {
      into[at++] = code;
    } else if (code < 0x800) {
      into[at++] = 0xc0 | (code >> 6);
      into[at++] = 0x80 | (code & 0x3f);
    } else {
      if (code < 0x10000) {
        into[at++] = 0xe0 | (code >> 12);
      } else {
        into[at++] = 0xf0 | (code >> 18);
        into[at++] = 0x80 | ((code >> 12) & 0x3f);
      }
      into[at++] = 0x80 | ((code >> 6) & 0x3f);
      into[at++] = 0x80 | (code & 0x3f);
    }
  }
  return at;
}

function decode(given: ArrayBuffer | ArrayBufferView): string {
  const bytes = ArrayBuffer.isView(given) ? new Uint8Array(given.buffer, given.byteOffset, given.byteLength) : new Uint8Array(given);
  let text = "";
  let units: number[] = [];
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length) {
    const first = bytes[at++]!;
    let code = first;
    if (first >= 0x80) {
      const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
      // What a first byte may not be, is caught by the bounds below: too short forms, and bytes that continue.
      code = first & (0x3f >> more);
      for (let i = 0; i < more; i++) {
        const next = bytes[at++];
        if (next === undefined || (next & 0xc0) !== 0x80) {
          throw new TypeError("not UTF-8");
        }
        code = (code << 6) | (next & 0x3f);
      }
      const least = more === 1 ? 0x80 : more === 2 ? 0x800 : 0x10000;
      if (first < 0xc0 || first > 0xf4 || code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        throw new TypeError("not UTF-8");
      }
    }
    if (code < 0x10000) {
      units.push(code);
    } else {
      units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + (code & 0x3ff));
    }
    if (units.length >= PIECE) {
      text += String.fromCharCode(...units);
      units = [];
    }
  }
  return text + String.fromCharCode(...units);
}

export const utf8: Codec = { encodeInto, decode };
