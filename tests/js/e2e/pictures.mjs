// Takes the pictures of the page for the README into docs/images: the real page with its example, on the real server. Run it with
// `npm run pictures -w tests/js` after a build and look at what it made.

import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { phone, startBrowser } from './browser.mjs';
import { choose, field, openResults, recheck, start, untilVerdict } from './form.mjs';
import { startServer } from './server.mjs';

const folder = fileURLToPath(new URL('../../../docs/images/', import.meta.url));

async function shots(browser, url, lang, colorScheme) {
  const { page, close } = await phone(browser, { colorScheme });
  await page.goto(`${url}?lang=${lang}`);
  await start(page, `${url}?lang=${lang}`, 'venue');
  await page.locator('#sample').click();
  await untilVerdict(page, lang === 'zh' ? '不合格' : 'Fail');
  const list = field(page, lang === 'zh' ? '周边的学校和幼儿园' : 'Schools and kindergartens nearby');
  const row = list.locator('.row-card').first();
  await row.locator('.row-toggle').click();
  await field(page, lang === 'zh' ? '边界到场所的直线距离' : 'Straight from the boundary', row).evaluate((el) => window.scrollTo(0, el.getBoundingClientRect().top + window.scrollY - 90));
  const out = [await page.screenshot()];
  await openResults(page);
  await page.locator('.results').evaluate((el) => el.scrollTo(0, 0));
  out.push(await page.screenshot());
  await page.locator('.card-fail button.action').first().click();
  await page.locator('dialog[open]').waitFor();
  out.push(await page.screenshot());
  await page.keyboard.press('Escape');
  await recheck(page);
  await page.locator('.recheck').evaluate((el) => el.scrollIntoView({ block: 'end' }));
  out.push(await page.screenshot());
  await close();
  return out;
}

/** Measuring: the phone's place, the register, the drawing, segments, evidence. The schools are invented. */
async function measuring(browser, url, colorScheme) {
  const door = { longitude: 105.9483, latitude: 26.25, accuracy: 14 };
  const { page, context, close } = await phone(browser, { colorScheme, geolocation: door, permissions: ['geolocation'], allow: [/404/] });
  await start(page, url, 'venue');
  await choose(page, '场所类型', '网吧');
  await page.getByRole('button', { name: '从名册选最近的学校' }).click();
  const here = page.locator('.register-box');
  await here.locator('button.gps').click();
  const out = [];
  for (let n = 1; n <= 5; n += 1) {
    await here.getByText(`第 ${n} 次定位`).waitFor();
    if (n === 5) out.push(await page.screenshot());
    else await context.setGeolocation({ longitude: door.longitude + 0.00002 * Math.sin(2 * n), latitude: door.latitude + 0.00002 * Math.cos(3 * n), accuracy: door.accuracy - n });
  }
  await here.getByRole('button', { name: '就用这个' }).click();
  const dialog = page.locator('dialog[open]');
  await dialog.locator('.picker-list button').first().waitFor();
  out.push(await page.screenshot());
  await dialog.locator('.picker-list button').first().click();
  await dialog.getByRole('button', { name: '选好了' }).click();
  const row = field(page, '周边的学校和幼儿园').locator('.row-card').first();
  await row.locator('.row-toggle').click();
  await row.locator('svg.plan').evaluate((el) => window.scrollTo(0, el.getBoundingClientRect().top + window.scrollY - 76));
  out.push(await page.screenshot());
  await field(page, '校门到场所的步行距离', row).getByRole('button', { name: /分段量/ }).click();
  for (const [way, metres] of [['gate', '35.2'], ['crossing', '18.5'], ['pavement', '164']]) {
    await dialog.getByLabel('哪一段').selectOption(way);
    await dialog.getByLabel('长度（米）').fill(metres);
    await dialog.getByLabel('长度（米）').press('Enter');
  }
  await dialog.evaluate((el) => el.scrollTo(0, 0));
  out.push(await page.screenshot());
  await page.keyboard.press('Escape');
  const panel = page.locator('.after-form');
  await panel.locator('input[type=file]').nth(1).setInputFiles([{ name: '询问笔录.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') }, { name: '门头.png', mimeType: 'image/png', buffer: out[2] }]);
  await panel.locator('.evidence-look img').waitFor();
  await panel.evaluate((el) => window.scrollTo(0, el.getBoundingClientRect().top + window.scrollY - 76));
  // The bar and the header follow a frame later.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  out.push(await page.screenshot());
  await close();
  return out;
}

/** Phones side by side. */
async function strip(browser, pictures) {
  const page = await browser.newPage({ viewport: { width: 360 * pictures.length + 24 * (pictures.length + 1), height: 788 }, deviceScaleFactor: 1.2 });
  const images = pictures.map((one) => `<img src="data:image/png;base64,${one.toString('base64')}">`).join('');
  await page.setContent(`<style>body{margin:0;display:flex;gap:24px;padding:24px;background:#cfd8e3}img{width:360px;height:740px;border-radius:22px;box-shadow:0 10px 30px #0d2c4a55}</style>${images}`);
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  const picture = await page.screenshot();
  await page.close();
  return picture;
}

const [server, browser] = await Promise.all([startServer(), startBrowser()]);
try {
  await mkdir(folder, { recursive: true });
  for (const [name, lang, colorScheme] of [['page-zh', 'zh', 'light'], ['page-en', 'en', 'light']]) {
    const pictures = await shots(browser, server.url, lang, colorScheme);
    await writeFile(`${folder}${name}.png`, await strip(browser, pictures));
    console.log(`docs/images/${name}.png`);
  }
  for (const colorScheme of ['light', 'dark']) {
    await writeFile(`${folder}measuring-${colorScheme}.png`, await strip(browser, await measuring(browser, server.url, colorScheme)));
    console.log(`docs/images/measuring-${colorScheme}.png`);
  }
} finally {
  await browser.close();
  await server.stop();
}
