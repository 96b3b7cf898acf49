// Takes the pictures of the page for the README into docs/images: the real page with its example, on the real server. Run it with
// `npm run pictures -w tests/js` after a build and look at what it made.

import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { phone, startBrowser } from './browser.mjs';
import { field, openResults, recheck, start, untilVerdict } from './form.mjs';
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
} finally {
  await browser.close();
  await server.stop();
}
