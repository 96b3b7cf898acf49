// A phone: the system's Chromium at 360 × 740 with a finger. In: nothing. Out: pages, each in a context of its own, that fail the
// test on an error in the page. CHROMIUM names another browser than the one in PATH.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** The browser that the variable names, or the first of these in PATH. */
export function findBrowser(variable, names) {
  if (process.env[variable]) return process.env[variable];
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
  if (!found) throw new Error(`there is no ${names[0]} in PATH; set ${variable}`);
  return found;
}

export function startBrowser() {
  return chromium.launch({ executablePath: findBrowser('CHROMIUM', ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']), args: ARGS });
}

/** A page on a phone. `allow` lists errors that the test provokes; `place` is the place that was chosen on it before. */
export async function phone(browser, { allow = [], place, ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, locale: 'zh-CN', timezoneId: 'Asia/Shanghai',
    // Tests answer requests themselves, which a service worker would be asked first; records.e2e.mjs is about it.
    reducedMotion: 'reduce', serviceWorkers: 'block', ...options,
  });
  context.setDefaultTimeout(15_000);
  if (place) await context.addInitScript((code) => localStorage.getItem('weibao-recent') ?? localStorage.setItem('weibao-recent', JSON.stringify({ topics: [], place: code })), place);
  const page = await context.newPage();
  const faults = [];
  const note = (text) => {
    if (!allow.some((one) => one.test(text))) faults.push(text);
  };
  page.on('pageerror', (error) => note(String(error.stack ?? error)));
  page.on('console', (message) => message.type() === 'error' && note(message.text()));
  return {
    page, context, faults,
    async close() {
      await context.close();
      if (faults.length > 0) throw new Error(`errors in the page:\n${faults.join('\n')}`);
    },
  };
}
