// The page that stands in the README, as it stands there, with the package as npm would have laid it.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { phone, startBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

const repo = fileURLToPath(new URL('../../../', import.meta.url));
const TYPES = { js: 'text/javascript', wasm: 'application/wasm', json: 'application/json' };

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('the form of the README judges what it says that it judges', async () => {
  const html = /```html\n(.*?)```/s.exec(await readFile(`${repo}README.md`, 'utf8'))[1];
  const tab = await phone(browser, { bypassCSP: true });
  const { page } = tab;
  const warnings = [];
  page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
  await page.route('**/try.html', (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.route('**/venue.rules.json', (route) => route.fulfill({ path: `${repo}target/bundles/venue.rules.json`, contentType: 'application/json' }));
  await page.route('**/node_modules/@weibao/rules/**', (route) => {
    const path = new URL(route.request().url()).pathname.replace('/node_modules/@weibao/rules/', 'rules-wasm/npm/');
    return route.fulfill({ path: repo + path, contentType: TYPES[path.split('.').pop()] });
  });
  await page.goto(`${server.url}try.html`);
  await page.locator('[data-rules-verdict]', { hasText: 'Open' }).waitFor();
  await page.locator('[name=venue_kind]').selectOption('internet_cafe');
  await page.getByRole('button', { name: 'Add a school' }).click();
  await page.locator('[name="sites[0].kind"]').selectOption('school');
  await page.locator('[name="sites[0].name"]').fill('No. 1 Middle School');
  const measure = async (text) => {
    for (const name of ['d_boundary', 'd_gate_walking']) {
      await page.locator(`[name="sites[0].${name}"]`).fill(text);
      await page.locator(`[name="sites[0].${name}"]`).blur();
    }
  };
  const row = page.locator('[data-rules-row]');
  await measure('195 ± 12');
  await row.getByText('Open (critical, too close to the limit: measure again, more exactly)').first().waitFor();
  await measure('150');
  await row.getByText('Fail (critical)').first().waitFor();
  await measure('far');
  await row.getByText('write a number, with its accuracy where that is known: 195 or 195 ± 12').first().waitFor();
  assert.deepEqual(warnings, []);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('link', { name: /write a number/ }).first().waitFor();
  assert.ok(warnings.some((text) => text.includes('the page has no control named') && text.includes('sign_posted') && text.includes('persons (a list: data-rules-list="persons")')), warnings.join());

  // A box that is left by a press on the button: its hint must not move the button away under the press.
  await measure('195');
  const box = page.locator('[name="sites[0].d_boundary"]');
  await box.fill('abc');
  const before = warnings.length;
  const button = await page.getByRole('button', { name: 'Send' }).boundingBox();
  await page.mouse.move(button.x + 5, button.y + 5);
  await page.mouse.down();
  await page.waitForTimeout(150);
  await page.mouse.up();
  await page.waitForFunction(() => document.title.startsWith('Error'));
  await page.waitForTimeout(100);
  assert.equal(warnings.length, before + 1, 'the press was a submit');
  await tab.close();
});
