// Forms for a visit without a network: fetched in the background, not against the will of who pays for bytes, gone on with after a failure, and said to
// be missing where they are.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe } from './axe.mjs';
import { phone, startBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const count = async () => (await (await fetch(`${server.url}v1/rulesets`)).json()).rulesets.length;

test('who saves data is asked; what is missing is marked without a network; a failure is gone on from', async () => {
  const { page, context, close } = await phone(browser, { place: '000000', bypassCSP: true, allow: [/Failed to load resource/] });
  await context.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }));
  const all = await count();
  let asked = 0;
  page.on('request', (request) => { asked += request.url().includes('/v1/bundles/') ? 1 : 0; });
  await page.goto(server.url);
  const line = page.locator('.kept-line');
  // The topic that comes first is fetched while somebody reads.
  await line.getByText(`还有 ${all} 套检查表没下载（手机开着省流量）`).or(line.getByText(`还有 ${all - 1} 套检查表没下载（手机开着省流量）`)).waitFor();
  await page.waitForTimeout(6_000);
  assert.ok(asked <= 1, `${asked} rulesets were fetched with data saver on`);
  await axe(page, 'forms are missing');

  await context.setOffline(true);
  await line.getByText('没有联网：还有').waitFor();
  await page.locator('[data-ruleset="hotel"] .not-here').waitFor();
  await axe(page, 'forms are missing, offline');
  await context.setOffline(false);
  await page.locator('[data-ruleset="hotel"] .not-here').waitFor({ state: 'hidden' });

  // A login page in place of some: nothing of it is kept, and what came before is.
  let good = 0;
  await page.route('**/v1/bundles/*', (route) => ((good += 1) <= 5 ? route.continue() : route.fulfill({ contentType: 'text/html', body: '<html>login</html>' })));
  await page.locator('#fetch-all').click();
  await line.getByText(new RegExp(`还有 ${all - 5}|还有 ${all - 6}`)).waitFor();
  await page.locator('#fetch-all').waitFor();
  await page.unroute('**/v1/bundles/*');
  asked = 0;
  await page.locator('#fetch-all').click();
  await line.getByText(`${all} 套检查表已存到手机，没网也能用`).waitFor();
  assert.ok(asked <= all - 5, `${asked}: those that were here are not fetched again`);
  await axe(page, 'all forms are here');

  await page.reload();
  await page.locator('[data-kept="all"]').waitFor();
  await close();
});

test('otherwise they come by themselves, after the first screen', async () => {
  const { page, close } = await phone(browser, { place: '000000' });
  await page.goto(server.url);
  await page.locator('[data-kept="all"]').waitFor({ timeout: 60_000 });
  await page.getByText('这台手机', { exact: true }).click();
  await page.locator('#diagnostics').click();
  await page.getByText(`${await count()} 套都在`).waitFor();
  await close();
});
