// Place, distance and evidence on the real page: a phone that moves a little, schools of the register, a drawing whose pixels are measured, a
// route by segments, photos with a place in them, signatures. axe-core looks at each.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { exifSegment, iptc, SECRET, withSegments, xmp } from '../lib/pictures.mjs';
import { axe, thumbs } from './axe.mjs';
import { phone, startBrowser } from './browser.mjs';
import { addRow, choose, field, input, no, openResults, recheck, start, untilVerdict, yes } from './form.mjs';
import { startServer } from './server.mjs';

const DOOR = { longitude: 105.9483, latitude: 26.25, accuracy: 9 };

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** For everybody: a screen reader, and a thumb. */
async function everybody(page, what) {
  await axe(page, what);
  await thumbs(page, what);
}

/** A phone that stands at the venue's door; it may look for the register, which this server does not have. */
const atTheDoor = (options = {}) => phone(browser, { geolocation: DOOR, permissions: ['geolocation'], bypassCSP: true, allow: [/404/], ...options });

/** Questions that are not needed yet are folded; here they are looked for. */
async function unfold(page) {
  const folds = page.locator('form details.others:not([open]) > summary:visible');
  while ((await folds.count()) > 0) await folds.first().click();
}

/** Fixes, each a little beside the other and a little better. */
async function locate(page, context, times, point = null) {
  if (!point) {
    await unfold(page);
    point = field(page, '场所位置');
  }
  await point.locator('button.gps').click();
  for (let n = 1; n <= times; n += 1) {
    await point.getByText(`第 ${n} 次定位`).waitFor();
    if (n < times) await context.setGeolocation({ longitude: DOOR.longitude + 0.00001 * n, latitude: DOOR.latitude - 0.00001 * n, accuracy: DOOR.accuracy - n });
  }
  await point.getByRole('button', { name: '就用这次定位' }).click();
  await point.getByText(/已定位，精度/).waitFor();
}

async function pickSchool(page) {
  await page.getByRole('button', { name: '从名册选最近的学校' }).click();
  const dialog = page.locator('dialog[open]');
  await dialog.locator('.picker-list input').first().waitFor();
  return dialog;
}

for (const colorScheme of ['light', 'dark']) {
  test(`from the phone's place to a drawing to scale: ${colorScheme}`, async () => {
    const { page, context, close } = await atTheDoor({ colorScheme });
    await start(page, server.url, 'venue');
    await choose(page, '场所类型', '网吧');

    await page.getByRole('button', { name: '从名册选最近的学校' }).click();
    await page.getByText('先给场所定位，再选学校。').waitFor();
    // The place is taken right there, and the register opens.
    const here = page.locator('.register-box');
    await locate(page, context, 4, here);
    await here.getByText(/已定位，精度 ±7(\.\d)? 米（4 次定位的平均）/).waitFor();
    const point = field(page, '场所位置');
    const [lng, lat, accuracy] = await point.locator('input[type=text]').evaluateAll((all) => all.map((one) => Number(one.value)));
    // Between the fixes, nearer to the better ones, and no better than the best.
    assert.ok(lng > 105.948315 && lng < 105.94833 && lat < 26.249985 && lat > 26.24997, `${lng}, ${lat}`);
    assert.ok(accuracy >= 6, String(accuracy));
    assert.equal(await point.locator('select').inputValue(), 'wgs84');

    const dialog = page.locator('dialog[open]');
    await dialog.getByText('不能用于执法').waitFor();
    await everybody(page, 'the register');
    await dialog.getByLabel('按名称找').fill('第一');
    const first = dialog.locator('.picker-list input');
    assert.equal(await first.count(), 1);
    await first.check();
    await dialog.getByText('已填入 示例第一小学').waitFor();
    await dialog.getByRole('button', { name: '选好了（1 所）' }).waitFor();
    await first.uncheck();
    await dialog.getByText('已去掉 示例第一小学').waitFor();
    await dialog.getByRole('button', { name: '不选，关上' }).waitFor();
    await dialog.getByLabel('按名称找').fill('');
    const done = await dialog.locator('.dialog-foot button').boundingBox();
    assert.ok(done.y + done.height <= 740, 'the way on is on the screen however long the list is');
    await dialog.getByLabel('按名称找').fill('第一');
    await first.check();
    await dialog.getByRole('button', { name: '选好了（1 所）' }).click();

    const list = field(page, '周边的学校和幼儿园');
    assert.equal(await list.locator('.row-card').count(), 1);
    await list.locator('.row-toggle').click();
    const figure = list.locator('.site-figure');
    await figure.locator('svg').waitFor();
    const drawn = await figure.locator('svg').evaluate((svg) => {
      const width = (selector) => svg.querySelector(selector).getBoundingClientRect().width;
      const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
      const line = svg.querySelector('.plan-line');
      const limit = svg.querySelector('.plan-limit');
      const box = limit.getBBox();
      return {
        scale, bar: width('.plan-bar') / Number(svg.querySelector('.plan-bar').dataset.bar), disc: Number(svg.querySelector('[data-accuracy]').getAttribute('r')),
        line: line.getTotalLength(), limit: Number(limit.dataset.limit), stroke: parseFloat(limit.getAttribute('stroke-width')), rim: 2.5 * Number(svg.dataset.px), school: [box.width, box.height],
        title: svg.querySelector('title').textContent, words: svg.querySelector('desc').textContent,
      };
    });
    const distance = Number(/由位置推算 ([\d.]+) ±/.exec(drawn.words)[1]);
    assert.ok(Math.abs(drawn.bar / drawn.scale - 1) < 0.03, `a metre of the bar (its stroke counted) is a metre of the drawing: ${drawn.bar} ${drawn.scale}`);
    assert.ok(Math.abs(drawn.line - distance) <= 0.005 * distance, `${drawn.line} drawn for ${distance}`);
    assert.deepEqual([drawn.limit, drawn.disc], [200, accuracy]);
    assert.ok(Math.abs(drawn.stroke / 2 - drawn.rim / 2 - 200) < 0.01);
    // 105.94455–105.94635 and 26.24890–26.25105 in metres at that latitude: 99,905 and 110,780 a degree.
    assert.ok(Math.abs(drawn.school[0] - 179.8) < 0.9 && Math.abs(drawn.school[1] - 238.2) < 1.2, String(drawn.school));
    assert.match(drawn.words, /场所在示例第一小学（虚构）的东面/);
    assert.equal(await figure.locator('figcaption p').first().textContent(), drawn.words, 'the same words for everybody');
    // What the drawing says is what decides.
    assert.equal(await figure.locator('.distances tbody tr').first().locator('td').nth(1).textContent(), `${distance} ± ${accuracy}`);
    await everybody(page, 'the drawing');
    assert.ok((await recheck(page)).good);
    await close();
  });
}

test('the tape beside the phone: segments, their sum, the field, and back', async () => {
  const { page, context, close } = await atTheDoor();
  await start(page, server.url, 'venue');
  await choose(page, '场所类型', '网吧');
  await locate(page, context, 2);
  const row = await addRow(page, '周边的学校和幼儿园');
  await choose(page, '类型', '学校', row);
  await input(page, '名称', row).fill('第一小学');
  await unfold(page);
  const walking = field(page, '校门到场所的步行距离', row);
  await walking.getByRole('button', { name: /分段量/ }).click();
  const dialog = page.locator('dialog[open]');
  await dialog.getByLabel('长度（米）').fill('不知道');
  await dialog.getByRole('button', { name: '加这一段' }).click();
  await dialog.getByText('请写这一段的米数').waitFor();
  for (const [way, tool, metres] of [['gate', 'tape', '35.2'], ['crossing', 'wheel', '18'], ['stairs', 'tape', '100']]) {
    await dialog.getByLabel('哪一段').selectOption(way);
    await dialog.getByLabel('用什么量').selectOption(tool);
    await dialog.getByLabel('长度（米）').fill(metres);
    await dialog.getByLabel('长度（米）').press('Enter');
  }
  await dialog.getByText('共 3 段，153.2 ± 1.2 米，已写入表格。').waitFor();
  await everybody(page, 'segments');
  await dialog.getByRole('button', { name: '删除第 2 段' }).click();
  await dialog.getByText('共 2 段，135.2 ± 0.7 米').waitFor();
  await dialog.getByRole('button', { name: '量完了' }).click();
  assert.deepEqual(await walking.locator('input').evaluateAll((all) => all.map((one) => one.value)), ['135.2', '0.7']);
  await untilVerdict(page, '不合格');
  // What was measured is there when it is looked at again.
  await walking.getByRole('button', { name: /分段量/ }).click();
  await dialog.getByText('共 2 段，135.2 ± 0.7 米').waitFor();
  await page.keyboard.press('Escape');
  assert.ok((await recheck(page)).good);
  await close();
});

test('photos lose their place, files are kept, rows take theirs along, and what is removed comes back', async () => {
  const { page, close } = await atTheDoor();
  await start(page, server.url, 'venue');
  await choose(page, '场所类型', '网吧');
  await unfold(page);
  await yes(page, '设有未成年人禁入、限入标志');
  await unfold(page);
  const sent = [];
  page.on('request', (request) => request.method() !== 'GET' && sent.push(request.url()));
  const plain = Buffer.from(await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [80, 40];
    const context = canvas.getContext('2d');
    context.fillStyle = '#c00';
    context.fillRect(0, 0, 80, 20);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg'));
    return [...new Uint8Array(await blob.arrayBuffer())];
  }));
  const photo = withSegments(plain, [exifSegment({ orientation: 6, takenAt: '2026-03-02T09:30:15+08:00', position: { lng: 105.9480481, lat: 26.2500167, accuracy: 4.8 } }), xmp(), iptc()]);
  const sign = field(page, '标志照片');
  const picked = sign.locator('input[type=file]');
  assert.deepEqual(await picked.evaluateAll((all) => all.map((one) => [one.accept, one.getAttribute('capture'), one.multiple])), [['image/*', 'environment', false], ['', null, true]]);
  await picked.nth(1).setInputFiles([{ name: '标志.jpg', mimeType: 'image/jpeg', buffer: photo }, { name: '说明.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') }]);
  await sign.getByText('已存 2 个：照片里的位置已取出另存').waitFor();
  await sign.getByText('摄于 2026-03-02 09:30 · 位置 105.9480481, 26.2500167').waitFor();
  await sign.locator('.evidence-look img').waitFor();
  const thumbnail = await sign.locator('.evidence-look img').evaluate((image) => [image.naturalWidth, image.naturalHeight]);
  assert.deepEqual(thumbnail, [40, 80], 'the right way up');
  const stored = await page.evaluate(async () => {
    const databases = await indexedDB.databases();
    const open = indexedDB.open(databases[0].name);
    await new Promise((done) => { open.onsuccess = done; });
    const all = open.result.transaction('files').objectStore('files').getAllKeys();
    await new Promise((done) => { all.onsuccess = done; });
    open.result.close();
    return all.result;
  });
  const digest = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  assert.ok(stored.includes(digest(Buffer.from('%PDF-1.7'))), 'the file as it is');
  assert.ok(!stored.includes(digest(photo)) && stored.length === 2, 'the original with its place is kept nowhere');
  // The copy that is named is neither the original nor has anything of the place; its bytes are those in the dialog's picture.
  await sign.getByRole('button', { name: '查看 标志.jpg' }).click();
  const shown = Buffer.from(await page.locator('dialog[open] img').evaluate(async (image) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    canvas.getContext('2d').drawImage(image, 0, 0);
    return [...canvas.getContext('2d').getImageData(image.naturalWidth - 10, 5, 1, 1).data];
  }));
  assert.ok(shown[0] > 180 && shown[1] < 40, `the red half is on the right: ${[...shown]}`);
  await page.keyboard.press('Escape');
  assert.ok(!Buffer.from(plain).includes(SECRET));
  assert.deepEqual(sent, []);

  await sign.getByRole('button', { name: '删除 标志.jpg' }).click();
  assert.equal(await sign.locator('.evidence-row').count(), 1);
  await sign.getByRole('button', { name: '撤销删除' }).click();
  assert.deepEqual(await sign.locator('.evidence-words b').allTextContents(), ['标志.jpg', '说明.pdf']);
  await sign.getByRole('button', { name: '写记录' }).click();
  await page.locator('dialog[open] textarea').fill('标志被海报遮住一半。');
  await page.locator('dialog[open]').getByRole('button', { name: '存下' }).click();
  await sign.getByText('标志被海报遮住一半。').waitFor();
  await everybody(page, 'evidence of a field');
  assert.ok((await recheck(page)).good);
  await page.keyboard.press('Escape');

  // A rule has its own.
  await no(page, '设有未成年人禁入、限入标志');
  await untilVerdict(page, '不合格');
  const results = await openResults(page);
  await results.locator('.card button.action').first().click();
  const why = page.locator('dialog[open]');
  await why.locator('input[type=file]').nth(1).setInputFiles({ name: '问询.txt', mimeType: 'text/plain', buffer: Buffer.from('问') });
  await why.getByText('已存 1 个。').waitFor();
  await everybody(page, 'evidence of a rule');
  await close();
});

test('somebody who does not wait for the satellites types the place', async () => {
  const { page, close } = await atTheDoor();
  await page.addInitScript(() => {
    // A phone that never finds itself.
    navigator.geolocation.watchPosition = () => 1;
  });
  await start(page, server.url, 'venue');
  await choose(page, '场所类型', '网吧');
  await unfold(page);
  const point = field(page, '场所位置');
  await point.locator('button.gps').click();
  const left = async () => Number(/最多再等 (\d+) 秒/.exec(await point.locator('.gps-left').textContent())?.[1]);
  const first = await left();
  assert.ok(first <= 40 && first >= 38, String(first));
  await page.waitForTimeout(2_100);
  assert.ok((await left()) < first, 'the wait is counted');
  await everybody(page, 'waiting for a position');
  await point.getByRole('button', { name: '不等了，手工填' }).click();
  await point.getByText('已停止定位').waitFor();
  assert.ok(await point.getByLabel('经度').evaluate((el) => el === document.activeElement));
  assert.equal(await point.locator('.gps-left').textContent(), '');
  await close();
});

test('signatures: drawn, typed, refused', async () => {
  const { page, close } = await atTheDoor();
  await start(page, server.url, 'venue');
  const box = page.locator('.signature-box');
  const dialog = page.locator('dialog[open]');
  await box.getByRole('button', { name: '签名：检查人员一' }).click();
  // The keyboard does not come up over the pad, which says what it is for.
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H2');
  const hint = dialog.locator('.pad-hint', { hasText: '请在此手写' });
  await hint.waitFor();
  await dialog.getByRole('button', { name: '用手写的签名' }).click();
  await dialog.getByText('请先写姓名。').waitFor();
  await dialog.getByLabel('姓名').fill('张三');
  await dialog.getByRole('button', { name: '用手写的签名' }).click();
  await dialog.getByText('还没有签。').waitFor();
  await everybody(page, 'signature');
  const pad = await dialog.locator('canvas').boundingBox();
  const stroke = async (y) => {
    await page.mouse.move(pad.x + 20, pad.y + y);
    await page.mouse.down();
    await page.mouse.move(pad.x + 200, pad.y + y + 20, { steps: 8 });
    await page.mouse.up();
  };
  await stroke(30);
  await hint.waitFor({ state: 'hidden' });
  await dialog.getByRole('button', { name: '撤销一笔' }).click();
  await hint.waitFor();
  await dialog.getByRole('button', { name: '用手写的签名' }).click();
  await dialog.getByText('还没有签。').waitFor();
  await stroke(30);
  await stroke(60);
  await dialog.getByRole('button', { name: '用手写的签名' }).click();
  await box.getByText('检查人员一：已存手写签名。').waitFor();
  assert.ok(await box.getByRole('button', { name: '重签：检查人员一' }).evaluate((el) => el === document.activeElement), 'the focus comes back');

  // By keyboard alone.
  await box.getByRole('button', { name: '签名：检查人员二' }).press('Enter');
  assert.equal(await dialog.locator('.names button', { hasText: '张三' }).count(), 0, 'who signed as the other is not offered');
  await dialog.getByLabel('姓名').fill('李四');
  await dialog.getByText('不能手写：打字签名').press('Enter');
  await dialog.getByRole('button', { name: '打字签名' }).press('Enter');
  await dialog.getByText('请先勾选确认。').waitFor();
  await page.keyboard.press('Space');
  await dialog.getByRole('button', { name: '打字签名' }).press('Enter');
  await box.getByText('检查人员二：已存打字签名。').waitFor();

  await box.getByRole('button', { name: '签名：被检查单位在场人' }).click();
  await dialog.getByLabel('姓名').fill('王某');
  await dialog.locator('summary', { hasText: '拒绝签名' }).click();
  await dialog.getByLabel(/^情况/).fill('称须请示老板');
  await dialog.getByRole('button', { name: '记为拒绝签名' }).click();
  await box.getByText('被检查单位在场人：已存拒绝签名。').waitFor();
  assert.equal(await box.locator('.sign-pass').count(), 3);
  // The next inspection offers the inspectors, and never the inspected.
  await page.locator('#to-home').click();
  await page.locator('[data-ruleset="hotel"]').click();
  await box.getByRole('button', { name: '签名：检查人员一' }).click();
  await dialog.locator('.names button', { hasText: '李四' }).waitFor();
  assert.deepEqual(await dialog.locator('.names button').allTextContents(), ['李四', '张三', '不再记住']);
  await dialog.getByRole('button', { name: '张三' }).click();
  assert.equal(await dialog.getByLabel('姓名').inputValue(), '张三');
  await everybody(page, 'names that are offered');
  const stored = await page.evaluate(() => new Promise((resolve) => {
    const open = indexedDB.open('weibao');
    open.onsuccess = () => {
      const all = open.result.transaction('settings').objectStore('settings').getAll();
      all.onsuccess = () => resolve(JSON.stringify([all.result.map((one) => [one.name, one.value instanceof Uint8Array ? new TextDecoder().decode(one.value) : one.value]), localStorage]));
    };
  }));
  assert.ok(stored.includes('inspectors') && !stored.includes('张三'), 'sealed');
  await dialog.getByRole('button', { name: '不再记住' }).click();
  await dialog.locator('.names').waitFor({ state: 'hidden' });
  await close();
});

test('a map with tiles only where the page is configured for one', async () => {
  const asked = [];
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mM8w8DwHwAEhgGAiSNoAAAAAABJRU5ErkJggg==', 'base64');
  const tiles = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(200, { 'content-type': 'image/png' }).end(png);
  });
  await new Promise((done) => tiles.listen(0, '127.0.0.1', done));
  const address = `http://127.0.0.1:${tiles.address().port}`;
  const opened = [];
  try {
    // Behind the page's own address, as an operator who proxies a map service has it: the policy then allows it as it is.
    const open = async (setting) => {
      const { page, context, close } = await atTheDoor();
      opened.push(close);
      await page.route('**/tiles/**', async (route) => route.fulfill({ response: await route.fetch({ url: address + new URL(route.request().url()).pathname }) }));
      await page.route('**/', async (route) => {
        const response = await route.fetch();
        const body = await response.text();
        await route.fulfill({ response, body: setting ? body.replace('<head>', `<head><meta name="weibao-tiles" content='${JSON.stringify(setting)}'>`) : body });
      });
      await start(page, server.url, 'venue');
      await choose(page, '场所类型', '网吧');
      await locate(page, context, 2);
      const dialog = await pickSchool(page);
      await dialog.locator('.picker-list input').first().check();
      await dialog.getByRole('button', { name: '选好了' }).click();
      await field(page, '周边的学校和幼儿园').locator('.row-toggle').click();
      await page.locator('.site-figure svg').waitFor();
      return { page, button: page.getByRole('button', { name: '看在线地图' }) };
    };
    assert.equal(await (await open(null)).button.count(), 0);
    assert.deepEqual(asked, []);
    const { page, button } = await open({ url: 'tiles/{z}/{x}/{y}.png', crs: 'cgcs2000', attribution: '测试瓦片', review: 'GS（2024）0000号' });
    await button.click();
    const dialog = page.locator('dialog[open]');
    await dialog.getByText('审图号：GS（2024）0000号').waitFor();
    await dialog.locator('.leaflet-tile-loaded').first().waitFor();
    await dialog.locator('.map-pin', { hasText: '校门' }).waitFor();
    assert.ok(asked.every((one) => /^\/tiles\/\d+\/\d+\/\d+\.png$/.test(one)) && asked.length > 0, String(asked));
    // The tile of the venue at that zoom is among them: x = (lng + 180) / 360 · 2^z.
    const zoom = Number(asked[0].split('/')[2]);
    assert.ok(asked.some((one) => one.startsWith(`/tiles/${zoom}/${Math.floor(((DOOR.longitude + 180) / 360) * 2 ** zoom)}/`)), String(asked));
  } finally {
    tiles.close();
    tiles.closeAllConnections();
    for (const close of opened) await close();
  }
});
