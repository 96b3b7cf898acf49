// Two real browsers behind the few calls that the tests need: Chromium by Playwright, Firefox by Puppeteer over WebDriver BiDi. Both know `evaluate`, `goto` and
// `keyboard`, and report errors of a page. FIREFOX names another Firefox than the one in PATH, as CHROMIUM does for Chromium.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import puppeteer from "puppeteer-core";
import { startBrowser } from "../e2e/browser.mjs";

// Dates and times are those of the place that is inspected.
process.env.TZ = "Asia/Shanghai";

function findFirefox() {
  if (process.env.FIREFOX) return process.env.FIREFOX;
  const found = ["firefox-esr", "firefox"].flatMap((name) => (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name))).find(existsSync);
  if (!found) throw new Error("there is no Firefox in PATH; set FIREFOX, or run `cargo xtask setup`");
  return found;
}

const SIZE = { width: 800, height: 900 };

async function chromium() {
  const browser = await startBrowser();
  return { open: () => browser.newPage({ viewport: SIZE, locale: "zh-CN", reducedMotion: "reduce" }), close: () => browser.close() };
}

async function firefox() {
  const browser = await puppeteer.launch({
    browser: "firefox", executablePath: findFirefox(), headless: true, defaultViewport: SIZE,
    extraPrefsFirefox: { "intl.accept_languages": "zh-CN", "ui.prefersReducedMotion": 1, "accessibility.tabfocus": 7 },
  });
  return { open: () => browser.newPage(), close: () => browser.close() };
}

export const BROWSERS = { chromium, firefox };

/** A page that remembers what went wrong in it. */
export async function openPage(browser) {
  const page = await browser.open();
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error.stack ?? error)));
  page.on("console", (message) => ["error", "assert"].includes(message.type()) && faults.push(message.text()));
  return { page, faults };
}
