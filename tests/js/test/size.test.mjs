// What a form downloads for each entry beside the engine: brotli as servers do it, against a budget. The engine's own budget is `cargo xtask size`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";

const BUDGETS = { bind: 12_000, typed: 2_500, standard: 1_600, adapters: 1_600, schema: 3_000, element: 23_500, worker: 4_000, "worker-script": 12_500 };

for (const [entry, most] of Object.entries(BUDGETS)) {
  test(`${entry}.js is small, and needs nothing`, () => {
    const bytes = readFileSync(new URL(`../../../rules-wasm/npm/dist/${entry}.js`, import.meta.url));
    const size = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
    assert.ok(size <= most, `${size} of ${most} bytes`);
    assert.doesNotMatch(bytes.toString(), /^import\s|\bimport\s*["'{*]|\brequire\(|\beval\(|new Function/m);
  });
}
