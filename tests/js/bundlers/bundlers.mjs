// Vite, webpack and esbuild build a project that uses the packed package, and Chromium opens it under a strict policy.

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { startBrowser } from '../e2e/browser.mjs';
import { badServer } from '../lib/badserver.mjs';
import { bundle, opens, POLICY, project } from './project.mjs';

// Vite is the page's, esbuild the package's: their versions are pinned there.
const vite = await import(pathToFileURL(createRequire(new URL('../../../web-demo/package.json', import.meta.url)).resolve('vite')).href);
const { default: webpack } = await import('webpack');
const esbuild = await import(pathToFileURL(createRequire(new URL('../../../rules-wasm/npm/package.json', import.meta.url)).resolve('esbuild')).href);

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());

/** Serves a folder and opens it. */
async function served(root, modules) {
  writeFileSync(join(root, 'bundle.json'), bundle());
  const server = await badServer({ root }, { csp: POLICY });
  try {
    await opens(browser, `${server.url}/index.html`);
    assert.ok(server.log.some((path) => path.endsWith('.wasm')), 'the module is a file of its own');
  } finally {
    await server.stop();
  }
  const files = readdirSync(root, { recursive: true }).filter((file) => file.endsWith('.wasm'));
  assert.ok(files.length >= 1 && files.length <= modules, files.join());
}

test(`Vite ${vite.version}`, async (t) => {
  const root = project('vite');
  await t.test('build', async () => {
    await vite.build({ root, logLevel: 'error', configFile: join(root, 'vite.config.js') });
    await served(join(root, 'dist'), 2);
  });
  await t.test('development server', async () => {
    mkdirSync(join(root, 'public'));
    writeFileSync(join(root, 'public/bundle.json'), bundle());
    const server = await vite.createServer({ root, logLevel: 'error', configFile: join(root, 'vite.config.js'), server: { host: '127.0.0.1', port: 0 } });
    try {
      await server.listen();
      await opens(browser, server.resolvedUrls.local[0]);
    } finally {
      await server.close();
    }
  });
});

test(`webpack ${webpack.version}`, async () => {
  const root = project('webpack');
  const stats = await new Promise((resolve, reject) => {
    webpack({ mode: 'production', context: root, entry: './page.js', output: { path: join(root, 'dist') }, performance: { maxAssetSize: 400_000 } }, (error, made) => (error ? reject(error) : resolve(made)));
  });
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  assert.deepEqual([errors, warnings], [[], []]);
  copyFileSync(join(root, 'index.html'), join(root, 'dist/index.html'));
  await served(join(root, 'dist'), 3);
});

test(`esbuild ${esbuild.version}`, async () => {
  const root = project('esbuild');
  const { warnings } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: { page: 'page.js', worker: '@weibao/rules/worker-script' },
    bundle: true, format: 'esm', minify: true, outdir: join(root, 'dist'), loader: { '.wasm': 'file' }, publicPath: '/', logLevel: 'silent',
  });
  assert.deepEqual(warnings, []);
  copyFileSync(join(root, 'index.html'), join(root, 'dist/index.html'));
  await served(join(root, 'dist'), 2);
});
