// The two tags of docs/embed.md in a browser, and the two lines with which docs/browsers.md tries a device.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load } from '@weibao/rules';
import { phone, startBrowser } from './browser.mjs';

const repo = fileURLToPath(new URL('../../../', import.meta.url));
const venue = join(process.env.RULES_BUNDLES ?? join(repo, 'target/bundles'), 'venue.rules.json');
const block = (name, words) => new RegExp(`^\`\`\`${words}\\n([^]*?)^\`\`\``, 'm').exec(readFileSync(join(repo, 'docs', name), 'utf8'))[1];
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm' };

let server;
let browser;
let address;
before(async () => {
  const made = {
    '/': `<!doctype html><html lang="zh"><meta charset="utf-8"><link rel="icon" href="data:,"><title>embed</title>${block('embed.md', 'html')}`,
    '/entry.js': block('embed.md', 'js browser'),
    '/device.html': `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>device</title><body><script type="module">${block('browsers.md', 'js device')}</script>`,
    '/venue.rules.json': readFileSync(venue),
  };
  server = createServer(({ url }, response) => {
    const file = url.startsWith('/weibao/') && join(repo, 'rules-wasm/npm', normalize(url.slice('/weibao'.length)));
    response.setHeader('content-type', TYPES[extname(url)] ?? TYPES['.html']);
    response.end(made[url] ?? readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${server.address().port}`;
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  server?.close();
});

test('two tags: the verdict follows the answers', async () => {
  const { page, close } = await phone(browser);
  await page.goto(`${address}/`);
  const verdict = page.locator('[data-rules-verdict]');
  await verdict.locator('.rules-outcome').waitFor();
  await page.selectOption('#kind', 'bar');
  await page.getByLabel('否', { exact: true }).check();
  await page.locator('[data-rules-verdict] [data-outcome="fail"], [data-rules-verdict]:has-text("不合格")').first().waitFor();
  await close();
});

test('two lines tell a device by its digest', async () => {
  const { page, close } = await phone(browser);
  await page.goto(`${address}/device.html`);
  const { digest } = (await load(venue)).check({}, { asOf: '2026-03-02' });
  await page.waitForFunction((digest) => document.body.textContent.includes(digest), digest);
  assert.match(await page.textContent('body'), /Chrom/);
  await close();
});
