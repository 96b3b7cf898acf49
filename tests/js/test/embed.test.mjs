// docs/embed.md: what runs in Node.js runs, what a bundler takes is built without a warning, and what other languages do is what their own tests do.

import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { load } from "@weibao/rules";
import { compileScript, parse } from "vue/compiler-sfc";

const repo = fileURLToPath(new URL("../../../", import.meta.url));
const page = readFileSync(join(repo, "docs/embed.md"), "utf8");
const venue = join(process.env.RULES_BUNDLES ?? join(repo, "target/bundles"), "venue.rules.json");
// Below this folder, so that packages are found as in any project.
const folder = mkdtempSync(join(repo, "tests/js/.embed-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

function blocks(words) {
  const found = [...page.matchAll(new RegExp(`^\`\`\`${words}\\n([^]*?)^\`\`\``, "gm"))].map((match) => match[1]);
  assert.ok(found.length > 0, words);
  return found;
}

function file(name, text) {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

test("the Node.js backend agrees with an honest form only", async () => {
  const there = process.cwd();
  copyFileSync(venue, join(folder, "venue.rules.json"));
  process.chdir(folder);
  try {
    const { agrees } = await import(pathToFileURL(file("backend.mjs", blocks("js node")[0])));
    const options = { asOf: "2026-03-02" };
    const answers = { venue_kind: "bar" };
    const { digest } = (await load(venue)).check(answers, options);
    assert.equal(agrees({ answers, ...options, digest }), true);
    assert.equal(agrees({ answers: { venue_kind: "internet_cafe" }, ...options, digest }), false);
  } finally {
    process.chdir(there);
  }
});

test("the old WebView's script, by require", async () => {
  const start = createRequire(import.meta.url)(file("old.cjs", blocks("js require")[0]));
  const wasm = readFileSync(join(repo, "rules-wasm/npm/wasm-portable/rules.wasm"));
  assert.equal(await start(readFileSync(venue, "utf8"), wasm), "undetermined");
});

test("what a bundler takes is built without a warning", async () => {
  const [vue] = blocks("vue bundle");
  const { descriptor, errors } = parse(vue);
  assert.deepEqual(errors, []);
  const files = [
    ...blocks("jsx bundle").map((text, i) => file(`react${i}.jsx`, text)),
    ...blocks("js bundle").map((text, i) => file(`script${i}.js`, text)),
    file("vue.js", compileScript(descriptor, { id: "embed", inlineTemplate: true }).content),
  ];
  for (const entry of files) {
    const { warnings, outputFiles } = await build({
      entryPoints: [entry], bundle: true, format: "esm", write: false, jsx: "automatic", target: "es2022", loader: { ".wasm": "file" }, outdir: folder, logLevel: "silent",
      // The package finds its module itself; what that does with bundlers is tested in bundlers.mjs.
      logOverride: { "empty-import-meta": "silent" }, external: ["./fallback.js"], conditions: ["browser"],
    });
    assert.deepEqual(warnings, [], entry);
    assert.ok(outputFiles[0].text.includes("venue.rules.json"));
  }
});

test("Python and C say what their hosts in tests/hosts do", () => {
  for (const [language, host] of [["python", "tests/hosts/python/parity.py"], ["c", "tests/hosts/c/host.c"]]) {
    const source = readFileSync(join(repo, host), "utf8");
    for (const line of blocks(language)[0].trim().split("\n")) assert.ok(source.includes(line), `${host} has no line \`${line}\``);
  }
});
