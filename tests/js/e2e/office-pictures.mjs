// Takes the pictures of the office view into docs/images: the real page on the real server, with the records of its test. Run it with
// `npm run pictures -w tests/js` after a build and look at what it made.

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startBrowser } from './browser.mjs';
import { desk, logIn, open, startOffice } from './office.mjs';

const folder = process.env.PICTURES ?? fileURLToPath(new URL('../../../docs/images/', import.meta.url));

const [office, browser] = await Promise.all([startOffice(), startBrowser()]);
try {
  await mkdir(folder, { recursive: true });
  const shot = async (page, name) => {
    await page.screenshot({ path: `${folder}/${name}.png` });
    console.log(`docs/images/${name}.png`);
  };
  const { page, close } = await desk(browser);
  await logIn(page, office);
  await shot(page, 'office-records');
  await page.getByRole('link', { name: '迎宾旅馆' }).click();
  await page.locator('[data-rule=guardian_contact] blockquote').first().waitFor();
  await shot(page, 'office-record');
  await page.emulateMedia({ colorScheme: 'dark' });
  await open(page, '统计');
  await page.locator('svg.chart').nth(3).waitFor();
  await shot(page, 'office-statistics');
  await close();
} finally {
  await browser.close();
  await office.stop();
}
