// A fixture made a project of its own: copied into a temporary folder, with the packed package installed. And a browser that opens what was built.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from '@weibao/rules';
import { phone } from '../e2e/browser.mjs';
import { everythingBundle } from '../lib/bundles.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The strictest policy under which a page of these bundlers works; frames, styles and images do not matter here. */
export const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";

let tarball;

/** Copies a fixture, installs the package (offline) and `more` (from the registry), and gives the folder. */
export function project(name, more = []) {
  const folder = mkdtempSync(join(tmpdir(), `rules-${name}-`));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  const npm = (args, cwd) => execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (!tarball) {
    const [{ filename }] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], here('../../../rules-wasm/npm')));
    tarball = readFileSync(join(folder, filename));
  }
  cpSync(here(`fixtures/${name}`), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: `fixture-${name}`, version: '1.0.0', private: true, type: 'module' }));
  writeFileSync(join(folder, 'rules.tgz'), tarball);
  npm(['install', ...(more.length > 0 ? ['--prefer-offline'] : ['--offline']), '--no-audit', '--no-fund', '--ignore-scripts', './rules.tgz', ...more], folder);
  return folder;
}

export const bundle = everythingBundle;

/** Opens a page and compares what it was told, here and in its worker, with the engine in Node.js. */
export async function opens(browser, url, allow = []) {
  const ruleset = await load(everythingBundle());
  const expected = ruleset.checkText({ agreed: true, age: 30 }, { asOf: '2026-03-02' });
  const { page, close } = await phone(browser, { allow: [/favicon/, /Failed to load resource.*404/, ...allow] });
  await page.goto(url);
  await page.waitForFunction(() => globalThis.told !== undefined, undefined, { timeout: 30_000 }).catch(() => undefined);
  const told = await page.evaluate(() => globalThis.told);
  const server = await page.locator('#server').textContent({ timeout: 100 }).catch(() => undefined);
  await close();
  assert.deepEqual(told, { here: expected, there: expected });
  return { server, expected };
}
