// Takes the pictures of the page into docs/images: the real page on the real server. `page-zh.png` and `page-en.png` are those of the README;
// `screens-*.png` show every screen at 360 px in both colour schemes. Run it with `npm run pictures -w tests/js` after a build, and look
// at what it made.

import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { phone, startBrowser } from './browser.mjs';
import { choose, field, openResults, recheck, sample, start, untilVerdict } from './form.mjs';
import { startOffice } from './office.mjs';
import { startServer } from './server.mjs';
import { tour } from './tour.mjs';

const folder = fileURLToPath(new URL('../../../docs/images/', import.meta.url));

async function shots(browser, url, lang, colorScheme) {
  const { page, close } = await phone(browser, { colorScheme });
  await page.goto(`${url}?lang=${lang}`);
  await start(page, `${url}?lang=${lang}`, 'venue');
  await sample(page);
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

/** Every screen of an inspection, as somebody comes to it. */
async function screens(browser, url, colorScheme) {
  const { page, close } = await phone(browser, { colorScheme });
  const out = [];
  const shot = async () => {
    await page.waitForTimeout(350);
    out.push(await page.screenshot());
  };
  await page.route('**/v1/verify/*', (route) => route.fulfill({ json: { known: true, time: '2026-03-02T01:30:00Z', ruleset: { id: 'venue', version: '1.0.0' }, position: 17 } }));
  await page.goto(url);
  await page.locator('[data-ruleset="venue"]').waitFor();
  await shot();
  await page.locator('#where').click();
  await page.keyboard.type('林西');
  await shot();
  await page.keyboard.press('Escape');
  await start(page, url, 'venue');
  await page.locator('.option').filter({ hasText: '网吧' }).first().click();
  await field(page, '设有未成年人禁入、限入标志').waitFor();
  await page.locator('#next').click();
  await shot();
  await page.locator('.compliant').evaluate((el) => el.scrollIntoView({ block: 'center' }));
  await shot();
  await sample(page);
  await page.locator('dialog .danger').click();
  await untilVerdict(page, '不合格');
  await page.locator('#finish').evaluate((el) => el.scrollIntoView({ block: 'center' }));
  await shot();
  await openResults(page);
  await shot();
  await page.locator('.card-fail').filter({ hasText: '入口处' }).locator('button.action').first().click();
  await page.locator('dialog[open]').waitFor();
  await shot();
  await page.locator('dialog[open] .dialog-body').evaluate((el) => el.lastElementChild.scrollIntoView({ block: 'end' }));
  await shot();
  await page.keyboard.press('Escape');
  await page.locator('#papers').click();
  await page.locator('.paper').waitFor();
  await shot();
  await page.locator('.paper-digest').evaluate((el) => el.scrollIntoView({ block: 'end' }));
  await shot();
  await start(page, url, 'assessment.linxi');
  await sample(page);
  await page.locator('details[data-section="school"] .fails').waitFor();
  await page.locator('details[data-section="organisation"]').evaluate((el) => el.scrollIntoView({ block: 'end' }));
  await shot();
  await page.locator('#big-text').click();
  await page.evaluate(() => window.scrollTo(0, 0));
  await shot();
  await page.locator('#big-text').click();
  await page.goto(`${url}?x#verify=${'58b56b59af7463dbfbeb9d01c6f3079d'.repeat(2)}`);
  await page.locator('.verify-out dl').waitFor();
  await shot();
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
  await here.getByRole('button', { name: '就用这次定位' }).click();
  const dialog = page.locator('dialog[open]');
  await dialog.locator('.picker-list input').first().waitFor();
  out.push(await page.screenshot());
  await dialog.locator('.picker-list input').first().check();
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

/** What is around the form, and the papers that are made of it. */
async function around(browser, colorScheme) {
  const office = await startOffice();
  const { page, context, close } = await phone(browser, { colorScheme, allow: [/Failed to load resource|ERR_INTERNET/] });
  const out = [];
  const shot = async () => {
    await page.waitForTimeout(350);
    out.push(await page.screenshot());
  };
  await tour(office, page, context, shot);
  await close();
  await office.stop();
  return out;
}

async function papers(browser, url, colorScheme) {
  const out = [];
  for (const [ruleset, paper] of [['venue', 'notices'], ['assessment.linxi', 'linxi'], ['negative_list', 'zero'], ['inspection.guyuan', 'guyuan']]) {
    const { page, close } = await phone(browser, { colorScheme });
    await start(page, url, ruleset);
    if (ruleset !== 'inspection.guyuan') await sample(page);
    await openResults(page);
    await page.locator('#papers').click();
    await page.locator(`.tab[data-paper="${paper}"]`).click();
    await page.locator(`.paper[data-paper="${paper}"]`).evaluate((el) => window.scrollTo(0, el.getBoundingClientRect().top + window.scrollY - 80));
    await page.waitForTimeout(500);
    out.push(await page.screenshot());
    await close();
  }
  return out;
}

/** Phones side by side, in rows. */
async function strip(browser, pictures, perRow, scale) {
  const width = Math.min(perRow, pictures.length);
  const page = await browser.newPage({ viewport: { width: 360 * width + 24 * (width + 1), height: 788 }, deviceScaleFactor: scale });
  const images = pictures.map((one) => `<img src="data:image/png;base64,${one.toString('base64')}">`).join('');
  await page.setContent(`<style>body{margin:0;display:flex;flex-wrap:wrap;gap:24px;padding:24px;background:#cfd8e3}img{width:360px;height:740px;border-radius:22px;box-shadow:0 10px 30px #0d2c4a55}</style>${images}`);
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  const picture = await page.screenshot({ fullPage: true });
  await page.close();
  return picture;
}

const [server, browser] = await Promise.all([startServer(), startBrowser()]);
const wanted = process.argv.slice(2);
const keep = async (name, made) => {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  await writeFile(`${folder}${name}.png`, await made());
  console.log(`docs/images/${name}.png`);
};
try {
  await mkdir(folder, { recursive: true });
  for (const lang of ['zh', 'en']) await keep(`page-${lang}`, async () => strip(browser, await shots(browser, server.url, lang, 'light'), 4, 1.2));
  for (const scheme of ['light', 'dark']) await keep(`screens-${scheme}`, async () => strip(browser, await screens(browser, server.url, scheme), 7, 0.75));
  for (const scheme of ['light', 'dark']) await keep(`around-${scheme}`, async () => strip(browser, [...(await around(browser, scheme)), ...(await papers(browser, server.url, scheme))], 8, 0.75));
  for (const scheme of ['light', 'dark']) await keep(`measuring-${scheme}`, async () => strip(browser, await measuring(browser, server.url, scheme), 5, 1.2));
} finally {
  await browser.close();
  await server.stop();
}
