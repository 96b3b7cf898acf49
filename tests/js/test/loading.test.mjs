// Loading over a network that misbehaves; hashes; and importing where there is no browser.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { badServer } from "../lib/badserver.mjs";
import { everythingBundle } from "../lib/bundles.mjs";

const at = (path) => new URL(`../../../rules-wasm/npm/${path}`, import.meta.url);
const WASM = readFileSync(at("wasm/rules_wasm_bg.wasm"));
const INTEGRITY = JSON.parse(readFileSync(at("dist/integrity.json"), "utf8"));
const sha = (bytes, bits = 384) => `sha${bits}-${createHash(`sha${bits}`).update(bytes).digest("base64")}`;

let server;
before(async () => {
  server = await badServer({ pkg: fileURLToPath(at(".")) });
});
after(() => server.stop());

let copies = 0;
/** The browser's entry with an engine of its own. */
const fresh = () => import(`${at("dist/index.js")}?${copies++}`);
const wasm = (fault, tag = "pkg") => `${server.url}/${fault}/${tag}/wasm/rules_wasm_bg.wasm`;
const asks = (fault) => server.log.filter((path) => path.startsWith(`/${fault}/`)).length;

/** Loads the engine with a fault and checks that the next call, without one, works. */
async function fails(fault, code, detail, requests, options) {
  const { init, load } = await fresh();
  await assert.rejects(init(wasm(fault), options), (error) => {
    assert.deepEqual([error.name, error.code], ["RulesError", code]);
    assert.match(error.detail, detail);
    return true;
  });
  assert.equal(asks(fault), requests, "requests");
  const ruleset = await load(everythingBundle(), { wasm: wasm("ok") });
  assert.equal(ruleset.id, "test.everything");
}

test("what the server answers instead of the module", async (t) => {
  await t.test("nothing", () => fails("missing", "wasm_unavailable", /^404 http/, 1));
  await t.test("a page that asks to log in", () => fails("html", "wasm_damaged", /magic word.* sent as text\/html/, 2));
  await t.test("half of it", () => fails("cut", "wasm_damaged", /CompileError.*application\/wasm/, 2));
  await t.test("half of it, and then silence", () => fails("broken", "wasm_damaged", /\S/, 2));
  await t.test("another module", async () => {
    const other = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 7, 1, 1, 97, 1, 98, 0, 0);
    for (const source of [other, new WebAssembly.Module(other)]) {
      const { init } = await fresh();
      await assert.rejects(init(source), { code: "wasm_damaged" });
    }
  });
  await t.test("no server", async () => {
    const { init } = await fresh();
    await assert.rejects(init("http://127.0.0.1:1/rules.wasm"), { code: "wasm_unavailable" });
  });
});

test("what is no fault: another type, a slow line, a line that broke once", async () => {
  for (const fault of ["mime", "slow", "once-cut", "once-broken", "once-html"]) {
    const { load } = await fresh();
    const [ruleset, again] = await Promise.all([load(everythingBundle(), { wasm: wasm(fault) }), load(everythingBundle())]);
    assert.equal(ruleset.digest, again.digest);
    assert.equal(asks(fault), fault.startsWith("once-") ? 2 : 1, fault);
  }
});

test("the module against its hash", async (t) => {
  const integrity = INTEGRITY["rules.wasm"];
  assert.equal(integrity, sha(WASM), "as published");
  const options = { integrity };
  await t.test("one byte is another", () => fails("altered", "integrity_mismatch", /^expected sha384-.*, got sha384-/, 2, options));
  await t.test("an altered module compiles without a hash, which is why there is one", async () => {
    const { init } = await fresh();
    await init(wasm("altered"));
  });
  await t.test("cut", () => fails("cut", "integrity_mismatch", /got sha384/, 4, options));
  await t.test("altered once, by a cache", async () => {
    const { init } = await fresh();
    await init(wasm("once-altered"), options);
  });
  await t.test("bytes, several hashes, the strongest counts", async () => {
    for (const good of [integrity, `${integrity} ${sha("x")}`, sha(WASM, 512), `sha256-AAAA ${integrity}`]) {
      const { init } = await fresh();
      await init(WASM, { integrity: good });
    }
    const { init } = await fresh();
    await assert.rejects(init(WASM, { integrity: `${sha(WASM, 256)} ${sha("x")}` }), { code: "integrity_mismatch", path: "/integrity/wasm" });
  });
  await t.test("what is no hash, and what cannot be checked", async () => {
    const { init, load } = await fresh();
    for (const bad of ["", "md5-AAAA", integrity.slice(7), 5]) {
      await assert.rejects(init(WASM, { integrity: bad }), { code: "bad_option", path: "/integrity/wasm" }, String(bad));
    }
    await assert.rejects(init(new WebAssembly.Module(WASM), options), { code: "bad_option", path: "/integrity/wasm" });
    await assert.rejects(init(WASM, { integrety: integrity }), { code: "bad_option", path: "/integrety" });
    await assert.rejects(load(everythingBundle(), { integrity: { wasn: integrity } }), { code: "bad_option", path: "/integrity/wasn" });
    await init(WASM);
    await assert.rejects(init(WASM, options), { code: "bad_option", path: "/integrity/wasm" }, "it runs already, unchecked");
  });
  await t.test("a page without https", async () => {
    const { init } = await fresh();
    const { crypto } = globalThis;
    Object.defineProperty(globalThis, "crypto", { value: {}, configurable: true });
    try {
      await assert.rejects(init(WASM, options), { code: "integrity_unchecked" });
    } finally {
      Object.defineProperty(globalThis, "crypto", { value: crypto, configurable: true });
    }
  });
});

test("a bundle against its hash", async () => {
  const { load } = await fresh();
  const text = everythingBundle();
  const bundle = sha(text);
  const load1 = (source, more = {}) => load(source, { wasm: WASM, integrity: { bundle, wasm: INTEGRITY["rules.wasm"] }, ...more });
  for (const source of [text, Buffer.from(text), new Response(text), Promise.resolve(new Response(text))]) {
    assert.equal((await load1(source)).id, "test.everything");
  }
  await assert.rejects(load1(`${text} `), { code: "integrity_mismatch", path: "/integrity/bundle" });
  await assert.rejects(load1(JSON.parse(text)), { code: "bad_option", path: "/integrity/bundle" });
  await assert.rejects(load1(Promise.reject(new TypeError("Failed to fetch"))), { code: "source_unavailable" });
  await assert.rejects(load1(new Response("<!doctype html>"), { integrity: {} }), { name: "RulesError" });
});

test("no WebAssembly, and none allowed", async () => {
  const { WebAssembly: real } = globalThis;
  const { Module } = real;
  const refuse = (when) => {
    real.Module = function (bytes) {
      if (when(bytes)) {
        throw new real.CompileError("blocked by CSP");
      }
      return new Module(bytes);
    };
    real.Module.prototype = Module.prototype;
  };
  try {
    for (const [when, code, detail] of [[() => true, "wasm_blocked", /'wasm-unsafe-eval'/]]) {
      refuse(when);
      const { init } = await fresh();
      await assert.rejects(init(WASM), (error) => error.code === code && detail.test(error.detail));
      real.Module = Module;
      await init(WASM);
    }
    delete globalThis.WebAssembly;
    const { init } = await fresh();
    await assert.rejects(init(WASM), { code: "wasm_unsupported" });
  } finally {
    real.Module = Module;
    Object.defineProperty(globalThis, "WebAssembly", { value: real, configurable: true, writable: true });
  }
});

test("importing on a server touches nothing of a browser", () => {
  const about = JSON.parse(readFileSync(at("package.json"), "utf8"));
  const files = Object.values(about.exports).flatMap((to) => (typeof to === "string" ? [to] : Object.values(to))).filter((file) => file.endsWith(".js") && !file.includes("worker-script"));
  const code = `
for (const name of ["window", "document", "navigator", "self", "location", "Worker", "fetch"]) {
  Object.defineProperty(globalThis, name, { configurable: true, get() { throw new Error(name + " was touched"); } });
}
const { compile, instantiate, instantiateStreaming, Module, Instance } = WebAssembly;
for (const name of ["compile", "instantiate", "instantiateStreaming", "Module", "Instance"]) WebAssembly[name] = () => { throw new Error("compiled"); };
for (const file of ${JSON.stringify(files.map((file) => at(file).href))}) await import(file);
console.log("quiet");`;
  assert.equal(execFileSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" }), "quiet\n");
});
