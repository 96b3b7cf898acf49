// Pictures with a place in them, made tag by tag. In: what they are to say. Out: bytes. They hold no more of a picture than a walk over segments
// sees; with `scan`, a real one is given its segments.

/** Stands wherever a place could hide. */
export const SECRET = 'LAT26.2500167';

/** A TIFF block with orientation, time and place, as a phone's camera writes it. */
export function exif({ little = false, orientation = 1, takenAt, position } = {}) {
  const u16 = (value) => { const b = Buffer.alloc(2); little ? b.writeUInt16LE(value) : b.writeUInt16BE(value); return b; };
  const u32 = (value) => { const b = Buffer.alloc(4); little ? b.writeUInt32LE(value) : b.writeUInt32BE(value); return b; };
  const text = (value) => ({ type: 2, count: value.length + 1, data: Buffer.from(`${value}\0`, 'latin1') });
  const short = (value) => ({ type: 3, count: 1, data: u16(value) });
  const long = (value) => ({ type: 4, count: 1, data: u32(value) });
  const fractions = (values) => ({ type: 5, count: values.length, data: Buffer.concat(values.flatMap(([a, b]) => [u32(a), u32(b)])) });
  const size = (tags) => 2 + 12 * tags.length + 4 + tags.reduce((sum, [, { data }]) => sum + (data.length > 4 ? data.length + (data.length % 2) : 0), 0);
  const write = (tags, at) => {
    let rest = at + 2 + 12 * tags.length + 4;
    const entries = [];
    const values = [];
    for (const [tag, { type, count, data }] of tags) {
      const inline = Buffer.alloc(4);
      if (data.length <= 4) data.copy(inline);
      else {
        u32(rest).copy(inline);
        const even = Buffer.concat([data, Buffer.alloc(data.length % 2)]);
        values.push(even);
        rest += even.length;
      }
      entries.push(u16(tag), u16(type), u32(count), inline);
    }
    return Buffer.concat([u16(tags.length), ...entries, u32(0), ...values]);
  };
  const degrees = (value) => {
    const all = Math.abs(value);
    const d = Math.floor(all);
    const m = Math.floor((all - d) * 60);
    return fractions([[d, 1], [m, 1], [Math.round(((all - d) * 60 - m) * 60 * 100_000), 100_000]]);
  };
  const [, day, time, offset] = /^(.{10})T(.{8})(.*)$/.exec(takenAt ?? '') ?? [];
  const inner = takenAt ? [[0x9003, text(`${day.replaceAll('-', ':')} ${time}`)], ...(offset ? [[0x9011, text(offset)]] : [])] : [];
  const gps = position ? [
    [1, text(position.lat < 0 ? 'S' : 'N')], [2, degrees(position.lat)], [3, text(position.lng < 0 ? 'W' : 'E')], [4, degrees(position.lng)],
    ...(position.accuracy ? [[31, fractions([[Math.round(position.accuracy * 100), 100]])]] : []),
  ] : [];
  const main = (innerAt, gpsAt) => [[0x010f, text('A maker of phones')], [0x0112, short(orientation)], ...(inner.length ? [[0x8769, long(innerAt)]] : []), ...(gps.length ? [[0x8825, long(gpsAt)]] : [])];
  const innerAt = 8 + size(main(0, 0));
  const gpsAt = innerAt + (inner.length ? size(inner) : 0);
  return Buffer.concat([Buffer.from(little ? 'II' : 'MM'), u16(42), u32(8), write(main(innerAt, gpsAt), 8), inner.length ? write(inner, innerAt) : Buffer.alloc(0), gps.length ? write(gps, gpsAt) : Buffer.alloc(0)]);
}

export function segment(marker, body) {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

export const exifSegment = (facts) => segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exif(facts)]));
export const xmp = () => segment(0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>${SECRET}</x:xmpmeta>`));
export const iptc = () => segment(0xed, Buffer.from(`Photoshop 3.0\0${SECRET}`));

const jfif = () => segment(0xe0, Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1'));

/** Segments of a progressive picture: two scans, stuffed bytes and restarts among them. */
export function jpeg(segments, trailer = Buffer.alloc(0), size = 0) {
  const scan = (fill) => [segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])), Buffer.from([0x12, 0xff, 0, 0x34, 0xff, 0xd0, 0x56, ...fill])];
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]), jfif(), ...segments, segment(0xe2, Buffer.from('ICC_PROFILE\0\x01\x01colours', 'latin1')), segment(0xdb, Buffer.alloc(65, 1)), segment(0xc2, Buffer.from([8, 0, 1, 0, 1, 1, 1, 0x11, 0])),
    ...scan([0x78]), Buffer.alloc(size, 0x55), segment(0xc4, Buffer.alloc(20, 2)), ...scan([0xff, 0, 0x9a]), Buffer.from([0xff, 0xd9]), trailer,
  ]);
}

/** A real picture's bytes with more segments behind its first marker. */
export function withSegments(picture, segments) {
  return Buffer.concat([picture.subarray(0, 2), ...segments, picture.subarray(2)]);
}

export function png(tiff) {
  const chunk = (type, data) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(type, 'latin1'), data, Buffer.from([1, 2, 3, 4])]);
  };
  const hidden = tiff ? [chunk('eXIf', tiff), chunk('iTXt', Buffer.from(`XML:com.adobe.xmp\0${SECRET}`)), chunk('tEXt', Buffer.from(`Comment\0${SECRET}`))] : [];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', Buffer.alloc(13)), chunk('gAMA', Buffer.alloc(4)), ...hidden, chunk('IDAT', Buffer.alloc(9, 7)), chunk('IEND', Buffer.alloc(0)), tiff ? Buffer.from(SECRET) : Buffer.alloc(0)]);
}

export function webp(tiff) {
  const chunk = (type, data) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(data.length);
    return Buffer.concat([Buffer.from(type, 'latin1'), length, data, Buffer.alloc(data.length % 2)]);
  };
  const flags = Buffer.alloc(10);
  flags[0] = 0x10 | (tiff ? 0x0c : 0);
  const body = Buffer.concat([chunk('VP8X', flags), chunk('VP8 ', Buffer.alloc(11, 9)), ...(tiff ? [chunk('EXIF', tiff), chunk('XMP ', Buffer.from(`<x>${SECRET}</x>`))] : [])]);
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([head, body]);
}
