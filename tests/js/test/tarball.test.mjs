// What npm would publish, installed into an empty project and used there, in Node.js and through a bundler.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { everythingBundle } from "../lib/bundles.mjs";

const source = fileURLToPath(new URL("../../../rules-wasm/npm", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "rules-tarball-"));
const run = (program, args, options) => execFileSync(program, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], ...options });

before(() => {
  const [tarball] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", folder], { cwd: source }));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", version: "1.0.0", type: "module" }));
  run("npm", ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", `./${tarball.filename}`]);
  writeFileSync(join(folder, "bundle.json"), everythingBundle());
});
after(() => rmSync(folder, { recursive: true, force: true }));

test("only what is used is packed, and nothing comes with it", () => {
  const installed = join(folder, "node_modules/@weibao/rules");
  assert.deepEqual(readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith(".")), ["@weibao"]);
  const about = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  assert.equal(about.dependencies, undefined);
  assert.deepEqual(about.sideEffects.map((file) => file.slice(7, -3)), ["element", "types-cli", "worker-script", "worker-script-node"], "only the custom element, the command and the workers do something when they are loaded");
  const files = readdirSync(installed).sort();
  assert.deepEqual(files.filter((name) => !["wasm-author"].includes(name)), ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "dist", "package.json", "wasm", "wasm-portable"]);
  assert.deepEqual(readdirSync(join(installed, "wasm-portable")), ["rules.wasm"]);
  assert.deepEqual(readdirSync(join(installed, "wasm")), ["rules_wasm_bg.wasm"]);
  for (const [name, target] of Object.entries(about.exports).flatMap(([name, to]) => (typeof to === "string" ? [[name, to]] : Object.values(to).map((one) => [name, one])))) {
    assert.ok(name.includes("author") || existsSync(join(installed, target)), target);
  }
});

test("it works in Node.js", () => {
  writeFileSync(
    join(folder, "use.mjs"),
    `import { load } from "@weibao/rules";
const ruleset = await load("bundle.json");
console.log(ruleset.check({ agreed: true }, { asOf: "2026-03-02" }).digest);`,
  );
  assert.match(run(process.execPath, ["use.mjs"]), /^sha256:[0-9a-f]{64}\n$/);
  writeFileSync(
    join(folder, "use.cjs"),
    `const { loadPortable } = require("@weibao/rules/portable");
const { readFileSync } = require("fs");
loadPortable({ bundle: readFileSync("bundle.json"), wasm: readFileSync(require.resolve("@weibao/rules/portable.wasm")) })
  .then((ruleset) => console.log(ruleset.check({ agreed: true }, { asOf: "2026-03-02" }).digest));`,
  );
  assert.equal(run(process.execPath, ["use.cjs"]), run(process.execPath, ["use.mjs"]));
  assert.match(run(process.execPath, ["--conditions=browser", "use.mjs"]), /^sha256:/, "with conditions that a test runner sets, too");
});

test("its command writes types", () => {
  assert.match(run(join(folder, "node_modules/.bin/weibao-types"), ["bundle.json"]), /export interface TestEverythingAnswers \{/);
});

test("every entry can be imported in Node.js", () => {
  const about = JSON.parse(readFileSync(join(folder, "node_modules/@weibao/rules/package.json"), "utf8"));
  const entries = Object.keys(about.exports).filter((name) => !/json$|wasm$|author/.test(name));
  writeFileSync(join(folder, "entries.mjs"), entries.map((name) => `await import("@weibao/rules${name.slice(1)}");`).join("\n"));
  run(process.execPath, ["entries.mjs"]);
  assert.ok(entries.includes("./bind") && entries.includes("./element"));
});

test("Vite bundles it, and the module stays a file of its own", async () => {
  writeFileSync(join(folder, "index.html"), '<script type="module" src="/page.js"></script>');
  writeFileSync(join(folder, "page.js"), 'import { load } from "@weibao/rules";\nload("/bundle.json").then((ruleset) => { document.title = ruleset.id; });');
  const vite = await import(pathToFileURL(createRequire(new URL("../../../web-demo/package.json", import.meta.url)).resolve("vite")).href.replace("index.cjs", "dist/node/index.js"));
  await vite.build({ root: folder, logLevel: "error", configFile: false });
  const assets = readdirSync(join(folder, "dist/assets"));
  const module = assets.find((name) => name.endsWith(".wasm"));
  const script = assets.find((name) => name.endsWith(".js"));
  assert.ok(module && script, assets.join());
  const code = readFileSync(join(folder, "dist/assets", script), "utf8");
  assert.ok(code.includes(module), "the script names the module");
  assert.ok(!code.includes("node:fs"), "nothing of Node.js is in it");
  assert.ok(statSync(join(folder, "dist/assets", script)).size < 60_000);
});
