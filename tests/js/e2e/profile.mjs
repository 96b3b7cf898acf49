// A browser with a profile that outlives it, so that it can be killed and started again like a phone. In: which browser. Out: pages, and a kill that no
// page can prepare for. Chromium and Firefox by Puppeteer, behind the few calls that a test needs.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { findBrowser } from './browser.mjs';

const PHONE = { width: 360, height: 740, deviceScaleFactor: 1 };
const OPTIONS = {
  chromium: { browser: 'chrome', args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'] },
  firefox: { browser: 'firefox', extraPrefsFirefox: { 'intl.accept_languages': 'zh-CN', 'ui.prefersReducedMotion': 1 } },
};
const NAMES = { chromium: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'], firefox: ['firefox-esr', 'firefox'] };

/** Firefox asks a service by the network where it stands; here that is a text. */
const positionOf = ({ lat, lng, accuracy }) => ({
  'permissions.default.geo': 1, 'geo.provider.use_geoclue': false, 'geo.provider.network.url': `data:application/json,${JSON.stringify({ location: { lat, lng }, accuracy })}`,
});

export class Phone {
  profile = mkdtempSync(join(tmpdir(), 'phone-'));
  browser = null;
  faults = [];

  /** `at`: where the phone stands, which the page may ask; `{ lat, lng, accuracy }`. */
  constructor(kind, at = null) {
    this.kind = kind;
    this.at = at;
  }

  async start() {
    // Puppeteer puts its own preferences beside the profile's and takes them back when the browser has ended, a moment later; it fails where
    // there are none to save.
    for (let n = 0; n < 50 && existsSync(join(this.profile, 'user.js')); n += 1) await new Promise((done) => setTimeout(done, 100));
    for (const file of ['user.js', 'prefs.js']) if (this.kind === 'firefox' && !existsSync(join(this.profile, file))) writeFileSync(join(this.profile, file), '');
    this.browser = await puppeteer.launch({
      ...OPTIONS[this.kind], ...(this.at && this.kind === 'firefox' && { extraPrefsFirefox: { ...OPTIONS.firefox.extraPrefsFirefox, ...positionOf(this.at) } }), executablePath: findBrowser(this.kind.toUpperCase(), NAMES[this.kind]), headless: true, userDataDir: this.profile, defaultViewport: PHONE,
      env: { ...process.env, TZ: 'Asia/Shanghai', LANG: 'zh_CN.UTF-8' },
    });
  }

  /** The battery falls out. */
  async kill() {
    const child = this.browser.process();
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    await this.browser.disconnect().catch(() => undefined);
    for (const lock of ['SingletonLock', 'lock', '.parentlock']) rmSync(join(this.profile, lock), { force: true });
  }

  async open(url) {
    const page = await this.browser.newPage();
    page.on('pageerror', (error) => this.faults.push(String(error.stack ?? error)));
    if (this.at && this.kind === 'chromium') {
      await this.browser.defaultBrowserContext().overridePermissions(new URL(url).origin, ['geolocation']);
      await page.setGeolocation({ latitude: this.at.lat, longitude: this.at.lng, accuracy: this.at.accuracy });
    }
    await page.goto(url);
    return new Screen(page);
  }

  async end() {
    await this.browser?.close().catch(() => undefined);
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

export class Screen {
  constructor(page) {
    this.page = page;
  }

  /** Waits until `look` gives something. It runs in the page. */
  async until(look, argument, what = String(look)) {
    for (let n = 0; n < 300; n += 1) {
      const found = await this.page.evaluate(look, argument).catch(() => null);
      if (found) return found;
      await new Promise((done) => setTimeout(done, 100));
    }
    const text = await this.page.evaluate(() => document.body.innerText.slice(0, 1_500)).catch(() => '');
    throw new Error(`never: ${what}\nthe page says:\n${text}`);
  }

  shows(selector, words = '') {
    return this.until(([select, text]) => [...document.querySelectorAll(select)].some((one) => one.checkVisibility() && one.textContent.includes(text)), [selector, words], `${selector} with “${words}”`);
  }

  /** Clicks what is shown under these words, as a finger would. */
  async tap(selector, words = '') {
    await this.shows(selector, words);
    await this.page.evaluate(([select, text]) => {
      const found = [...document.querySelectorAll(select)].find((one) => one.checkVisibility() && one.textContent.includes(text));
      found.scrollIntoView({ block: 'center' });
      found.click();
    }, [selector, words]);
  }

  async type(selector, text) {
    await this.shows(selector);
    await this.page.evaluate(([select, value]) => {
      const found = document.querySelector(select);
      found.focus();
      found.value = value;
      found.dispatchEvent(new InputEvent('input', { bubbles: true }));
      found.dispatchEvent(new Event('change', { bubbles: true }));
    }, [selector, text]);
  }

  /** Picks a file of these bytes. */
  file(selector, name, type, bytes) {
    return this.page.evaluate(([select, file, media, data]) => {
      const input = document.querySelector(select);
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(data), (char) => char.charCodeAt(0))], file, { type: media }));
      input.files = transfer.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }, [selector, name, type, Buffer.from(bytes).toString('base64')]);
  }

  count(selector) {
    return this.page.evaluate((select) => document.querySelectorAll(select).length, selector);
  }

  close() {
    return this.page.close();
  }
}
