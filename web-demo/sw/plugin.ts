// Builds the service worker beside the page, with the list of the page's files in it. In: what Vite wrote. Out: sw.js.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Plugin } from 'vite';

/** What is kept for a visit without a network; pictures of the documentation, the book and the office's page are not. */
const KEPT = /^(index\.html|manifest\.webmanifest|icons\/.*|assets\/.*\.(js|css|wasm))$/;
/** Old browsers' module, maps, and what only the office opens: kept when they were needed once. */
const LEFT = /^assets\/((office|leaflet|verify)[-.]|rules-[^.]*\.wasm)/;

export function serviceWorker(): Plugin {
  let out = '';
  return {
    name: 'weibao-service-worker',
    apply: 'build',
    configResolved(config) {
      out = join(config.root, config.build.outDir);
    },
    async closeBundle() {
      const files = readdirSync(out, { recursive: true, withFileTypes: true })
        .filter((one) => one.isFile()).map((one) => relative(out, join(one.parentPath, one.name)).split(sep).join('/'))
        .filter((name) => KEPT.test(name) && !LEFT.test(name)).sort()
        // Names of assets hold their digest already.
        .map((url) => ({ url, revision: url.startsWith('assets/') ? null : createHash('sha256').update(readFileSync(join(out, url))).digest('hex').slice(0, 16) }));
      await build({
        entryPoints: [fileURLToPath(new URL('./sw.ts', import.meta.url))], outfile: join(out, 'sw.js'), bundle: true, minify: true, format: 'iife', target: ['chrome69', 'safari13'],
        // Both know it; esbuild goes by a bug of the first Safari 13.
        supported: { destructuring: true },
        define: { 'self.__FILES': JSON.stringify(files), 'process.env.NODE_ENV': '"production"' }, logLevel: 'error',
      });
    },
  };
}
