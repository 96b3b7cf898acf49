// Puts the examples without a bundler beside the built page: dist/examples/NAME as they are, and the npm package under dist/examples/weibao. Those
// with a package.json are projects of their own.
// In: this folder and the built package. Out: files that any server can hand out.

import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '../dist/examples');
const weibao = dirname(createRequire(import.meta.url).resolve('@weibao/rules/package.json'));
const SCRIPTS = ['index.js', 'bind.js', 'element.js', 'typed.js'];

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const entry of readdirSync(here, { withFileTypes: true })) {
  if (entry.isDirectory() && !existsSync(join(here, entry.name, 'package.json'))) cpSync(join(here, entry.name), join(out, entry.name), { recursive: true });
}
for (const script of SCRIPTS) cpSync(join(weibao, 'dist', script), join(out, 'weibao/dist', script));
cpSync(join(weibao, 'wasm/rules_wasm_bg.wasm'), join(out, 'weibao/wasm/rules_wasm_bg.wasm'));
