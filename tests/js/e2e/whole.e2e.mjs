// A whole inspection with what a phone knows: where it stands, a photo that says where it was taken, three signatures. Without a network, with the
// battery falling out after each step and again and again while it is sent; what the server then has is what was done, once and without what it must
// not have.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { exifSegment, iptc, SECRET, withSegments, xmp } from '../lib/pictures.mjs';
import { files, firstVisit, holding, Place, sha256, stored } from './place.mjs';
import { Phone } from './profile.mjs';

const DOOR = { lat: 26.25, lng: 105.9483, accuracy: 9 };
const SEGMENTS = [exifSegment({ takenAt: '2026-03-02T09:30:15+08:00', position: { lng: 105.9480481, lat: 26.2500167, accuracy: 4.8 } }), xmp(), iptc()];
const NAME = '青石坡镇第九百网吧';

/** The line still tells of the change before for the moment until the next is begun. */
async function saved(screen) {
  await new Promise((done) => setTimeout(done, 300));
  await screen.until(() => document.querySelector('.saved')?.textContent.includes('已保存'));
}

/** What is not asked yet is folded. */
const unfolded = (screen, selector) => screen.until((wanted) => {
  document.querySelectorAll('form details:not([open])').forEach((one) => { one.open = true; });
  return document.querySelector(wanted) !== null;
}, selector);

/** A picture that the browser can draw, as a camera would have written it. */
async function photo(screen) {
  const plain = await screen.page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [80, 40];
    canvas.getContext('2d').fillRect(0, 0, 80, 20);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg'));
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  return withSegments(Buffer.from(plain), SEGMENTS);
}

async function signed(screen, signer, name) {
  await screen.tap(`[data-signer="${signer}"]`);
  await screen.type('dialog[open] input[type=text]', name);
  await screen.tap('dialog[open] summary', '不能手写');
  await screen.tap('dialog[open] input[type=checkbox]');
  await screen.tap('dialog[open] button', '打字签名');
  await screen.shows('.signature-box', `${name} 打字签名`);
}

/** One after the other, each on the phone that the one before left. */
const STEPS = [
  ['the name', async (screen) => {
    await screen.type('#subject-card input', NAME);
    await saved(screen);
  }, async (screen) => screen.until((name) => document.querySelector('#subject-card input')?.value === name, NAME)],
  ['the kind', (screen) => screen.tap('[data-at="/venue_kind"] input[value="internet_cafe"]'), (screen) => screen.until(() => document.querySelector('[data-at="/venue_kind"] input:checked') !== null)],
  ['an answer', (screen) => screen.tap('[data-at="/sign_posted"] input[value="true"]'), (screen) => screen.until(() => document.querySelector('[data-at="/sign_posted"] input[value="true"]')?.checked)],
  ['the place', async (screen) => {
    await unfolded(screen, '[data-at="/location"] button.gps');
    await screen.tap('[data-at="/location"] button.gps');
    await screen.shows('[data-at="/location"]', '次定位');
    await screen.tap('[data-at="/location"] button', '就用这次定位');
    await screen.shows('[data-at="/location"]', '已定位，精度');
  }, (screen) => screen.until((lng) => Math.abs(Number(document.querySelector('[data-at="/location"] input[type=text]')?.value) - lng) < 1e-6, DOOR.lng)],
  ['a photo', async (screen) => {
    await unfolded(screen, '[data-at="/sign_photo"] input[type=file]');
    await screen.file('[data-at="/sign_photo"] input[type=file]:not([capture])', '标志.jpg', 'image/jpeg', await photo(screen));
    await screen.shows('[data-at="/sign_photo"]', '照片里的位置已取出另存');
  }, (screen) => screen.shows('[data-at="/sign_photo"] .evidence-row', '标志.jpg')],
  ['the first inspector', (screen) => signed(screen, 'inspector_1', '王建国'), (screen) => screen.shows('.signature-box', '王建国 打字签名')],
  ['the second', (screen) => signed(screen, 'inspector_2', '李秀英'), (screen) => screen.shows('.signature-box', '李秀英 打字签名')],
  ['the inspected', (screen) => signed(screen, 'inspected', '赵六'), (screen) => screen.shows('.signature-box', '赵六 打字签名')],
];

for (const kind of ['chromium', 'firefox']) {
  describe(kind, () => {
    test('with place, photo and signatures, the battery falling out at each step', async () => {
      const place = new Place();
      const phone = new Phone(kind, DOOR);
      try {
        let screen = await firstVisit(place, phone);
        await place.down();

        for (const [what, does, is] of STEPS) {
          await does(screen);
          await is(screen);
          await saved(screen);
          await phone.kill();
          await phone.start();
          screen = await phone.open(place.url);
          await screen.tap('#resume');
          await is(screen).catch((error) => { throw new Error(`${what} is not there any more: ${error.message}`); });
        }
        for (const [, , is] of STEPS) await is(screen);
        await screen.tap('#finish');
        await screen.tap('#submit-anyway');
        await screen.shows('h1', '已存手机，还没有发出');
        assert.deepEqual([...holding(phone.profile, NAME), ...holding(phone.profile, SECRET)], [], 'nothing of it stands on the disk in clear');

        await place.up();
        for (const moment of [0, 40, 120, 300]) {
          await phone.kill();
          await phone.start();
          screen = await phone.open(place.url);
          await screen.until(() => document.querySelector('#send-now, [data-list="received"]')?.click() === undefined);
          await new Promise((done) => setTimeout(done, moment));
        }
        await screen.shows('[data-list="received"]', '已签收 1 份');

        const rows = stored(place.data, 'SELECT digest, body FROM revisions');
        assert.equal(rows.length, 1, 'once');
        assert.equal(sha256(rows[0][1]), rows[0][0], 'byte for byte');
        const body = JSON.parse(rows[0][1]);
        assert.equal(body.subject.name, NAME);
        assert.deepEqual([body.entry.venue_kind, body.entry.sign_posted, body.entry.location.lng, body.entry.location.crs], ['internet_cafe', true, DOOR.lng, 'wgs84']);
        const bytes = new Map(files(place.data).map((file) => readFileSync(file)).map((one) => [sha256(one), one]));
        for (const { digest } of body.parts) assert.ok(bytes.has(digest), `${digest} is there, whole`);
        const list = JSON.parse(bytes.get(body.parts.find((one) => one.type === 'application/vnd.weibao.evidence+json').digest));
        const of = (at) => list.evidence.filter((one) => one.at === at);
        const [sign, ...others] = of('/sign_photo');
        assert.equal(others.length, 0);
        assert.deepEqual([sign.position.lng, sign.takenAt, sign.type], [105.9480481, '2026-03-02T09:30:15+08:00', 'image/jpeg'], 'its place is data');
        assert.ok(!bytes.get(sign.digest).includes(SECRET), 'and not in its bytes');
        assert.deepEqual(['inspector_1', 'inspector_2', 'inspected'].map((one) => of(`sign:${one}`).map(({ name }) => name)), [['王建国'], ['李秀英'], ['赵六']]);
        assert.equal(of('').length, 0);
        assert.deepEqual(holding(place.data, SECRET), [], 'the place is in no file of the server\'s as the camera wrote it');
        assert.deepEqual(phone.faults, []);
      } finally {
        await phone.end();
        await place.end();
      }
    });
  });
}
