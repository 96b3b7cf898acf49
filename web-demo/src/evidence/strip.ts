// A copy of a picture without where it was taken. In: the bytes of a JPEG, PNG or WebP. Out: the same picture, bit for bit as it is drawn, without
// Exif, XMP, IPTC, comments and what stands behind its end (previews, motion pictures, makers' data); and the facts that were cut out. Own
// code because it is a walk over segments: `exifr` (29 KB, last release 2021) reads and does not cut, `piexifjs` (70 KB, 2020) knows JPEG alone.

import { NO_FACTS, orientationTiff, readTiff, type PhotoFacts } from './exif.ts';

export type PictureKind = 'jpeg' | 'png' | 'webp' | 'heic' | 'other';

export interface Stripped {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly facts: PhotoFacts;
  /** Anything was cut. */
  readonly cut: boolean;
}

const ascii = (bytes: Uint8Array, at: number, length: number): string => String.fromCharCode(...bytes.subarray(at, at + length));

/** By the first bytes: names and media types of files are what somebody says. */
export function kindOf(bytes: Uint8Array): PictureKind {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (ascii(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 4) === 'WEBP') return 'webp';
  if (ascii(bytes, 4, 4) === 'ftyp' && /^(heic|heix|heim|heis|hevc|hevx|mif1|msf1|avif|avis)$/.test(ascii(bytes, 8, 4))) return 'heic';
  return 'other';
}

/** Null where the bytes are not what they begin as: then nothing is known of what is in them. */
export function strip(bytes: Uint8Array<ArrayBuffer>, kind: PictureKind): Stripped | null {
  try {
    switch (kind) {
      case 'jpeg': return jpeg(bytes);
      case 'png': return png(bytes);
      case 'webp': return webp(bytes);
      default: return null;
    }
  } catch {
    return null;
  }
}

function joined(parts: readonly Uint8Array[], facts: PhotoFacts, cut: boolean): Stripped {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return { bytes: out, facts, cut };
}

class Torn extends Error {}

/** Segments that say how the picture is to be drawn: JFIF, colour profile, Adobe's transform. */
function drawn(marker: number, body: Uint8Array): boolean {
  if (marker < 0xe0 || (marker > 0xef && marker !== 0xfe)) return true;
  if (marker === 0xe0) return ascii(body, 0, 5) === 'JFIF\0';
  if (marker === 0xe2) return ascii(body, 0, 12) === 'ICC_PROFILE\0';
  return marker === 0xee && ascii(body, 0, 5) === 'Adobe';
}

function jpeg(bytes: Uint8Array<ArrayBuffer>): Stripped {
  const parts: Uint8Array[] = [bytes.subarray(0, 2)];
  let facts: PhotoFacts | null = null;
  let placed = false;
  let cut = false;
  let at = 2;
  for (;;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at += 1;
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff || marker === undefined) throw new Torn();
    if (marker === 0xd9) {
      parts.push(bytes.subarray(at, at + 2));
      cut ||= at + 2 < bytes.length;
      break;
    }
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) throw new Torn();
    const body = bytes.subarray(at + 4, end);
    if (marker === 0xe1 && ascii(body, 0, 6) === 'Exif\0\0') facts ??= readTiff(body.subarray(6));
    // XMP may hold a position, too; it is cut unread.
    if (marker === 0xe1 && ascii(body, 0, 4) === 'http') placed = true;
    if (drawn(marker, body)) parts.push(bytes.subarray(at, end));
    else cut = true;
    at = end;
    if (marker === 0xda) {
      // The scan: up to the next marker that is neither a stuffed byte nor a restart.
      while (at < bytes.length && !(bytes[at] === 0xff && bytes[at + 1] !== 0 && !((bytes[at + 1] ?? 0) >= 0xd0 && (bytes[at + 1] ?? 0) <= 0xd7) && bytes[at + 1] !== 0xff)) at += 1;
      parts.push(bytes.subarray(end, at));
    }
  }
  const found = facts ?? NO_FACTS;
  if (found.orientation !== 1) {
    const tiff = orientationTiff(found.orientation);
    const size = tiff.length + 8;
    parts.splice(1, 0, Uint8Array.from([0xff, 0xe1, size >> 8, size & 0xff, 0x45, 0x78, 0x69, 0x66, 0, 0]), tiff);
  }
  return joined(parts, { ...found, placed: found.placed || placed }, cut);
}

/** Chunks that are drawn: critical ones (capital first letter), transparency, colour, resolution, animation. */
const PNG_KEPT = new Set(['tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'cICP', 'sBIT', 'pHYs', 'bKGD', 'acTL', 'fcTL', 'fdAT']);

function png(bytes: Uint8Array<ArrayBuffer>): Stripped {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [bytes.subarray(0, 8)];
  let facts = NO_FACTS;
  let cut = false;
  let at = 8;
  for (;;) {
    const length = view.getUint32(at);
    const type = ascii(bytes, at + 4, 4);
    const end = at + 12 + length;
    if (end > bytes.length) throw new Torn();
    if (type === 'eXIf') facts = readTiff(bytes.subarray(at + 8, at + 8 + length));
    if (/^[A-Z]/.test(type) || PNG_KEPT.has(type)) parts.push(bytes.subarray(at, end));
    else cut = true;
    at = end;
    if (type === 'IEND') break;
  }
  return joined(parts, facts, cut || at < bytes.length);
}

const WEBP_KEPT = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
/** Flags of VP8X that announce Exif and XMP. */
const WEBP_FLAGS = 0x08 | 0x04;

function webp(bytes: Uint8Array<ArrayBuffer>): Stripped {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = 8 + view.getUint32(4, true);
  if (whole > bytes.length) throw new Torn();
  const head = Uint8Array.from(bytes.subarray(0, 12));
  const parts: Uint8Array[] = [head];
  let facts = NO_FACTS;
  let cut = whole < bytes.length;
  for (let at = 12; at + 8 <= whole;) {
    const type = ascii(bytes, at, 4);
    const length = view.getUint32(at + 4, true);
    const end = at + 8 + length + (length % 2);
    if (end > whole) throw new Torn();
    if (type === 'EXIF') {
      const body = bytes.subarray(at + 8, at + 8 + length);
      facts = readTiff(ascii(body, 0, 6) === 'Exif\0\0' ? body.subarray(6) : body);
    }
    if (WEBP_KEPT.has(type)) {
      const chunk = Uint8Array.from(bytes.subarray(at, end));
      if (type === 'VP8X') chunk[8] = (chunk[8] ?? 0) & ~WEBP_FLAGS;
      parts.push(chunk);
    } else {
      cut = true;
    }
    at = end;
  }
  new DataView(head.buffer).setUint32(4, parts.reduce((sum, part) => sum + part.length, 0) - 8, true);
  return joined(parts, facts, cut);
}
