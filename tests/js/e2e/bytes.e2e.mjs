// How much a phone must fetch before the first inspection can begin: the page, the engine and the rules, as they are sent. Photographs and
// fonts are none of it. Bytes are no time: the same build gives the same number on every machine.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { phone, startBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

const MOST = 300_000;

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('the first inspection is fetched with less than 300 kB', async () => {
  // What is fetched for the next visit, by the service worker and of the other rulesets, comes after, and is not waited for.
  const { page, context, close } = await phone(browser, { place: '000000', serviceWorkers: 'block', allow: [/ServiceWorker|service worker/i] });
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  const sizes = new Map();
  const names = new Map();
  cdp.on('Network.requestWillBeSent', ({ requestId, request }) => names.set(requestId, new URL(request.url).pathname));
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => sizes.set(names.get(requestId), encodedDataLength));
  await page.goto(server.url);
  await page.locator('[data-ruleset="venue"]').click();
  await page.locator('.form .field').first().waitFor();
  await page.waitForLoadState('networkidle');
  const all = [...sizes].filter(([name]) => !/v1\/bundles\/(?!venue$)/.test(name)).sort(([, a], [, b]) => b - a);
  const sum = all.reduce((total, [, bytes]) => total + bytes, 0);
  const list = all.map(([name, bytes]) => `${String(bytes).padStart(7)} ${name}`).join('\n');
  console.log(`${sum} bytes\n${list}`);
  assert.ok(sum < MOST, `${sum} bytes:\n${list}`);
  assert.ok(all.some(([name]) => name.endsWith('.wasm')), 'the engine is among them');
  assert.ok(!all.some(([name]) => /docx|leaflet/.test(name)), 'what is needed later comes later');
  await close();
});
