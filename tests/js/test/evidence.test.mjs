// Evidence on the page: what is cut out of pictures and what is kept of it, the order in which bytes are stored, and the list of what was attached.
// The pictures are made here, tag by tag, so that it is known what is in them.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { pageModules } from '../lib/page.mjs';
import { seeded } from '../lib/random.mjs';
import { exif, iptc, jpeg, png, segment, SECRET, webp, xmp } from '../lib/pictures.mjs';

const { kindOf, strip, readTiff, seen, takeFile, takeFound, EvidenceList, MOST_PHOTO } = await pageModules([
  'evidence/strip.ts', 'evidence/exif.ts', 'evidence/take.ts', 'evidence/list.ts', 'evidence/picture.ts',
]);

const PLACE = { lng: 105.9480481, lat: 26.2500167, crs: 'wgs84', accuracy: 4.8 };
const FACTS = { orientation: 6, takenAt: '2026-03-02T09:30:15+08:00', placed: true, position: PLACE };
const has = (bytes, text) => Buffer.from(bytes).includes(text);

for (const little of [true, false]) {
  test(`a JPEG loses its place and keeps its picture, ${little ? 'little' : 'big'} endian`, () => {
    const tiff = exif({ little, ...FACTS });
    const plain = jpeg([]);
    const full = jpeg([segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), tiff])), xmp(), iptc(), segment(0xfe, Buffer.from(SECRET)), segment(0xe2, Buffer.from(`MPF\0${SECRET}`))], Buffer.from(`trailer ${SECRET}`));
    assert.equal(kindOf(full), 'jpeg');
    const { bytes, facts, cut } = strip(full, 'jpeg');
    assert.deepEqual(facts, FACTS);
    assert.equal(cut, true);
    for (const secret of [SECRET, 'ns.adobe', 'MPF', 'Photoshop', 'trailer']) assert.ok(!has(bytes, secret), secret);
    // All that is left of Exif is which way up it is.
    const again = strip(bytes, 'jpeg');
    assert.deepEqual(again.facts, { orientation: 6, placed: false });
    assert.deepEqual(Buffer.from(again.bytes), Buffer.from(bytes));
    const small = bytes.length - plain.length;
    assert.equal(small, 36, 'one Exif segment with one tag');
    assert.deepEqual(Buffer.from(strip(plain, 'jpeg').bytes), plain);
    assert.equal(strip(plain, 'jpeg').cut, false);
  });
}

test('south and west, no accuracy, and a camera that does not know', () => {
  const facts = readTiff(exif({ position: { lng: -70.5, lat: -33.25 } }));
  assert.deepEqual(facts.position, { lng: -70.5, lat: -33.25, crs: 'wgs84' });
  assert.deepEqual(readTiff(exif({ position: { lng: 0, lat: 0 } })), { orientation: 1, placed: true });
  assert.deepEqual(readTiff(exif({ takenAt: '0000-00-00T00:00:00' })), { orientation: 1, placed: false });
  assert.deepEqual(readTiff(exif({ takenAt: '2026-03-02T09:30:15' })).takenAt, '2026-03-02T09:30:15');
  assert.deepEqual(readTiff(Buffer.from('nonsense')), { orientation: 1, placed: true });
});

test('PNG and WebP lose theirs, too', () => {
  const tiff = exif(FACTS);
  for (const [kind, picture, bare] of [['png', png(tiff), png(null)], ['webp', webp(tiff), webp(null)]]) {
    assert.equal(kindOf(picture), kind);
    const { bytes, facts } = strip(picture, kind);
    assert.deepEqual(facts, FACTS);
    assert.ok(!has(bytes, SECRET), kind);
    assert.deepEqual(Buffer.from(bytes), bare, `${kind}: what is drawn is left bit for bit`);
  }
  assert.equal(kindOf(Buffer.from('\0\0\0\x18ftypheic\0\0\0\0', 'latin1')), 'heic');
  assert.equal(kindOf(Buffer.from('%PDF-1.7')), 'other');
});

test('damaged pictures give nothing, and never an exception', () => {
  const random = seeded(99);
  const tiff = exif(FACTS);
  const whole = { jpeg: jpeg([segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), tiff])), xmp()]), png: png(tiff), webp: webp(tiff) };
  let read = 0;
  for (let n = 0; n < 6000; n += 1) {
    const kind = ['jpeg', 'png', 'webp'][n % 3];
    const bytes = Uint8Array.from(whole[kind].subarray(0, n % 2 ? whole[kind].length : Math.floor(random() * whole[kind].length)));
    for (let k = 0; k < 1 + 4 * random(); k += 1) bytes[Math.floor(random() * bytes.length)] = Math.floor(256 * random());
    const out = strip(bytes, kind);
    if (out) read += 1;
  }
  assert.ok(read > 100 && read < 5500, String(read));
  for (let n = 0; n < 3000; n += 1) {
    const bytes = Uint8Array.from(tiff);
    for (let k = 0; k < 3; k += 1) bytes[Math.floor(random() * bytes.length)] = Math.floor(256 * random());
    const { position } = readTiff(bytes);
    assert.ok(!position || (Math.abs(position.lat) <= 90 && Math.abs(position.lng) <= 180));
  }
});

test('what is too large or cannot be cut is drawn anew; what cannot be drawn is kept and told', async () => {
  const drawn = [];
  const draw = async (data) => {
    drawn.push(data.size);
    return new Blob(['small'], { type: 'image/jpeg' });
  };
  const large = jpeg([], Buffer.alloc(0), MOST_PHOTO + 10);
  assert.deepEqual((await seen(large, '', draw)).notices, ['smaller']);
  assert.deepEqual((await seen(large, '', async () => null)).notices, []);
  const heic = new Uint8Array(Buffer.from(`\0\0\0\x18ftypheic\0\0\0\0${SECRET}`, 'latin1'));
  assert.deepEqual((await seen(heic, '', draw)).notices, ['converted']);
  const kept = await seen(heic, '', async () => null);
  assert.deepEqual([kept.notices, kept.type, kept.bytes.length], [['kept_whole'], 'image/heic', heic.length]);
  const torn = jpeg([xmp()]).subarray(0, 60);
  assert.deepEqual((await seen(Uint8Array.from(torn), '', draw)).notices, ['converted']);
  assert.equal(drawn.length, 3);
  // A file is no picture, whatever it is called.
  assert.deepEqual(await seen(new Uint8Array(Buffer.from('%PDF-1.7')), 'image/jpeg', draw), { bytes: new Uint8Array(Buffer.from('%PDF-1.7')), type: 'image/jpeg', facts: { orientation: 1, placed: false }, notices: [] });
});

/** A store in memory that writes down what it is asked. */
function memory(said) {
  const kept = new Map();
  return {
    async put(data, type = data.type) {
      const bytes = Buffer.from(await data.arrayBuffer());
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      said.push(`put ${bytes.length}`);
      kept.set(digest, new Blob([bytes], { type }));
      return { digest, bytes: bytes.length, type };
    },
    async get(digest) {
      said.push('get');
      return kept.get(digest) ?? null;
    },
    async drop(digest) {
      said.push('drop');
      kept.delete(digest);
    },
    kept,
  };
}

test('bytes are in the store before anything is read of them, and the file is read once', async () => {
  const said = [];
  const list = new EvidenceList();
  const keeper = { blobs: memory(said), draft: 'd', changed: () => said.push('changed'), flush: async () => undefined };
  list.bind(keeper);
  const photo = jpeg([segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exif(FACTS)]))]);
  // Android's picker: the second read fails.
  const file = new Blob([photo], { type: 'image/jpeg' });
  let reads = 0;
  const once = new Proxy(file, { get: (of, name) => name === 'arrayBuffer' ? async () => {
    reads += 1;
    if (reads > 1) throw new DOMException('gone', 'NotReadableError');
    return of.arrayBuffer();
  } : of[name] });
  const { entry, notices, original } = await takeFile(list, keeper, once, '/sign_photo', 'IMG_1.jpg');
  assert.deepEqual(said, [`put ${photo.length}`, 'get', `put ${entry.bytes}`, 'changed', 'drop']);
  assert.deepEqual([...keeper.blobs.kept.keys()], [entry.digest], 'the original, which has the place, is gone');
  assert.equal(original, `sha256:${createHash('sha256').update(photo).digest('hex')}`);
  assert.notEqual(entry.digest, original);
  assert.deepEqual(notices, ['stripped']);
  const { digest: _, bytes: __, ...rest } = entry;
  assert.deepEqual(rest, { at: '/sign_photo', name: 'IMG_1.jpg', kind: 'photo', type: 'image/jpeg', takenAt: FACTS.takenAt, position: PLACE });
  assert.ok(!has(Buffer.from(await (await keeper.blobs.get(entry.digest)).arrayBuffer()), 'Exif\0\0MM\0*\0\0\0\x08\0\x04'));
  // A page that was killed before the last of it: the copy has its place, the original goes.
  const late = await keeper.blobs.put(new Blob([photo], { type: 'image/jpeg' }), 'image/jpeg', {});
  await takeFound(list, keeper, { ...late, at: '', kind: 'photo' });
  assert.deepEqual([list.all.map((one) => one.at), [...keeper.blobs.kept.keys()]], [['/sign_photo'], [entry.digest]]);
  list.remove(entry);
  // A page that was killed between the two: what came from the camera is found again, and goes through the same.
  const orphan = await keeper.blobs.put(new Blob([photo], { type: 'image/jpeg' }), 'image/jpeg', {});
  const found = await takeFound(list, keeper, { ...orphan, at: '', kind: 'photo' });
  assert.deepEqual([found.entry.at, found.entry.digest, found.notices], ['whole', entry.digest, ['stripped']]);
  assert.deepEqual([...keeper.blobs.kept.keys()], [entry.digest], 'and the bytes with the place are gone');
  // A store that is full adds nothing.
  await assert.rejects(takeFile(list, { ...keeper, blobs: { put: () => Promise.reject(new Error('full')), get: async () => null } }, file, '/x'), /full/);
  assert.equal(list.all.length, 1);
});

test('evidence follows its row, goes with it, and comes back with it', () => {
  const list = new EvidenceList();
  const entry = (at, n) => ({ digest: `sha256:${n}`, at, kind: 'photo', bytes: 1, type: 'image/jpeg' });
  const places = ['/sites/0/gate', '/sites/1/gate', '/sites/1/boundary', '/sites/2/gate', '/sites_of/2/gate', 'rule:x', '/sites/10/gate'];
  places.forEach((at, n) => list.add(entry(at, n)));
  const back = list.rowRemoved('/sites', 1);
  assert.deepEqual(list.all.map((one) => one.at), ['/sites/0/gate', '/sites/1/gate', '/sites_of/2/gate', 'rule:x', '/sites/9/gate']);
  assert.equal(list.at('/sites/1/gate')[0].digest, 'sha256:3');
  back();
  assert.deepEqual(list.all.map((one) => `${one.at} ${one.digest}`).sort(), places.map((at, n) => `${at} sha256:${n}`).sort());
});

test('bytes that nothing names leave the store, and come back with what names them', async () => {
  const list = new EvidenceList();
  const blobs = memory([]);
  list.bind({ blobs, draft: 'd', changed: () => undefined, flush: async () => undefined });
  const put = async (text, at) => {
    const { digest, bytes, type } = await blobs.put(new Blob([text], { type: 'text/plain' }));
    list.add({ digest, at, kind: 'file', bytes, type });
  };
  const settled = () => new Promise((done) => setTimeout(done, 20));
  const names = () => [...blobs.kept.values()].map((blob) => blob.size).sort();
  await put('a', '/x');
  await put('bb', '/rows/0/x');
  await put('a', '/y');
  list.remove(list.at('/x')[0]);
  await settled();
  assert.deepEqual(names(), [1, 2], 'still named at /y');
  const back = list.remove(list.at('/y')[0]);
  const rowBack = list.rowRemoved('/rows', 0);
  await settled();
  assert.deepEqual(names(), []);
  rowBack();
  back();
  await settled();
  assert.deepEqual(names(), [1, 2]);
  assert.deepEqual(list.all.map((one) => one.at).sort(), ['/rows/0/x', '/y']);
  list.clear();
  await settled();
  assert.deepEqual(names(), []);
});

test('the list tells its keeper each change, once', () => {
  const list = new EvidenceList();
  const entry = (at, n, type = 'image/jpeg') => ({ digest: `sha256:${n}`, at, kind: 'photo', bytes: 1, type });
  list.add(entry('/a', 1));
  const told = [];
  list.bind({ blobs: memory([]), changed: (all) => told.push(all.map((one) => one.digest.slice(7)).join('')), flush: async () => undefined }, [entry('/a', 0)]);
  list.add(entry('/a', 2));
  list.add(entry('/a', 2));
  const undo = list.remove(list.at('/a')[0]);
  undo();
  list.put(entry('/a', 3, 'x/route'));
  list.put(entry('/a', 4, 'x/route'));
  list.clear();
  list.clear();
  assert.deepEqual(told, ['012', '012', '12', '012', '0123', '0124', '']);
});
