// What a photo says of itself: when and where it was taken, and which way up it is. In: the bytes of a TIFF block, as Exif has it in JPEG, PNG
// and WebP. Out: those facts, or none. It reads four tags and their types; anything else, damaged or strange, is passed over.

export interface PhotoFacts {
  /** 1 to 8, as the camera was held; 1 where nothing is said. */
  readonly orientation: number;
  /** Local time of the camera with its offset where it tells one: `2026-03-02T09:30:00+08:00`. */
  readonly takenAt?: string;
  readonly position?: { readonly lng: number; readonly lat: number; readonly crs: 'wgs84'; readonly accuracy?: number };
  /** Was there anything of a position, even if it could not be read? */
  readonly placed: boolean;
}

export const NO_FACTS: PhotoFacts = { orientation: 1, placed: false };

const ORIENTATION = 0x0112;
const EXIF = 0x8769;
const GPS = 0x8825;
const TAKEN = 0x9003;
const OFFSET = 0x9011;
/** Entries of one directory, and bytes of one value: more is no photo's. */
const MOST = 512;

/** Bytes of a value's unit, by TIFF type. */
const SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

class Tiff {
  private readonly view: DataView;
  private readonly little: boolean;
  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const order = this.view.getUint16(0);
    if ((order !== 0x4949 && order !== 0x4d4d)) throw new RangeError('no TIFF');
    this.little = order === 0x4949;
  }
  private u16(at: number): number { return this.view.getUint16(at, this.little); }
  private u32(at: number): number { return this.view.getUint32(at, this.little); }
  get first(): number { return this.u32(4); }

  /** Tags of a directory, with where their values stand. */
  directory(at: number): Map<number, { type: number; count: number; at: number }> {
    const out = new Map<number, { type: number; count: number; at: number }>();
    const count = Math.min(this.u16(at), MOST);
    for (let n = 0; n < count; n += 1) {
      const entry = at + 2 + 12 * n;
      const [type, number] = [this.u16(entry + 2), this.u32(entry + 4)];
      const size = (SIZES[type] ?? 0) * number;
      if (size > 0 && size <= MOST) out.set(this.u16(entry), { type, count: number, at: size <= 4 ? entry + 8 : this.u32(entry + 8) });
    }
    return out;
  }
  text(value: { count: number; at: number } | undefined): string {
    if (!value) return '';
    let text = '';
    for (let n = 0; n < value.count; n += 1) text += String.fromCharCode(this.view.getUint8(value.at + n));
    return text.replace(/\0[^]*$/, '').trim();
  }
  integer(value: { type: number; at: number } | undefined): number | undefined {
    if (!value) return undefined;
    return value.type === 3 ? this.u16(value.at) : value.type === 4 ? this.u32(value.at) : value.type === 1 ? this.view.getUint8(value.at) : undefined;
  }
  fractions(value: { type: number; count: number; at: number } | undefined): number[] {
    if (!value || value.type !== 5) return [];
    return Array.from({ length: value.count }, (_, n) => this.u32(value.at + 8 * n) / this.u32(value.at + 8 * n + 4));
  }
}

/** Reads a TIFF block. */
export function readTiff(bytes: Uint8Array): PhotoFacts {
  try {
    const tiff = new Tiff(bytes);
    const main = tiff.directory(tiff.first);
    const turned = tiff.integer(main.get(ORIENTATION)) ?? 1;
    const orientation = turned >= 1 && turned <= 8 ? turned : 1;
    const inner = tiff.integer(main.get(EXIF));
    const gpsAt = tiff.integer(main.get(GPS));
    const facts = inner === undefined ? {} : timeOf(tiff, inner);
    if (gpsAt === undefined) return { orientation, ...facts, placed: false };
    return { orientation, ...facts, placed: true, ...positionOf(tiff, gpsAt) };
  } catch {
    // Beyond the end, or no TIFF. That there may be a position nobody can exclude.
    return { ...NO_FACTS, placed: true };
  }
}

function timeOf(tiff: Tiff, at: number): { takenAt?: string } {
  try {
    const tags = tiff.directory(at);
    const match = /^(\d{4})[:-](\d\d)[:-](\d\d) (\d\d:\d\d:\d\d)$/.exec(tiff.text(tags.get(TAKEN)));
    if (!match || match[1] === '0000') return {};
    const offset = tiff.text(tags.get(OFFSET));
    return { takenAt: `${match[1]}-${match[2]}-${match[3]}T${match[4]}${/^[+-]\d\d:\d\d$/.test(offset) ? offset : ''}` };
  } catch {
    return {};
  }
}

/** Tags of the GPS directory: 1 to 4 the coordinates with their hemispheres, 31 the error in metres. Exif says nothing of the datum that could be
 *  relied on (tag 18 is free text, mostly absent); phones write WGS-84. */
function positionOf(tiff: Tiff, at: number): Pick<PhotoFacts, 'position'> {
  try {
    const tags = tiff.directory(at);
    const degrees = (tag: number, ref: number, negative: string): number => {
      const [d = NaN, m = 0, s = 0] = tiff.fractions(tags.get(tag));
      return (d + m / 60 + s / 3600) * (tiff.text(tags.get(ref)).toUpperCase() === negative ? -1 : 1);
    };
    const [lat, lng] = [degrees(2, 1, 'S'), degrees(4, 3, 'W')];
    if (!Number.isFinite(lat) || !Number.isFinite(lng) || Math.abs(lat) > 90 || Math.abs(lng) > 180 || (lat === 0 && lng === 0)) return {};
    const [error] = tiff.fractions(tags.get(31));
    const seven = (value: number): number => Math.round(value * 1e7) / 1e7;
    return { position: { lng: seven(lng), lat: seven(lat), crs: 'wgs84', ...(error !== undefined && Number.isFinite(error) && error > 0 ? { accuracy: Math.ceil(error * 10) / 10 } : {}) } };
  } catch {
    return {};
  }
}

/** A TIFF block that says which way up the picture is, and nothing else. */
export function orientationTiff(orientation: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);
}
