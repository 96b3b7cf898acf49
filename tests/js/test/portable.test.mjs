// The portable script and module: as in a mini program, where nearly everything is missing, and against the usual module.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { load } from "@weibao/rules";
import { loadPortable } from "@weibao/rules/portable";
import { everythingBundle } from "../lib/bundles.mjs";
import { Answers, seeded } from "../lib/random.mjs";

const wasm = readFileSync(fileURLToPath(import.meta.resolve("@weibao/rules/portable.wasm")));
const script = readFileSync(fileURLToPath(new URL("portable.cjs", import.meta.resolve("@weibao/rules/portable"))), "utf8");
const options = { asOf: "2026-03-02" };

/** What came after ES2018 and the browser's own classes: a mini program has none of it. */
const MISSING = `
for (const name of ["TextEncoder", "TextDecoder", "fetch", "URL", "Request", "Response", "WebAssembly", "BigInt", "WeakRef", "FinalizationRegistry", "globalThis", "structuredClone", "AggregateError"]) delete this[name];
delete Object.fromEntries; delete Object.hasOwn; delete Promise.allSettled; delete Promise.any;
for (const name of ["flat", "flatMap", "at", "findLast", "toSorted"]) { delete Array.prototype[name]; delete Uint8Array.prototype[name]; }
for (const name of ["matchAll", "replaceAll", "at", "trimStart", "isWellFormed", "toWellFormed"]) delete String.prototype[name];
`;

/** Runs the script as WeChat does. `trap` makes the next check end in one. */
function miniProgram() {
  const state = { paths: [], trap: false };
  const WXWebAssembly = {
    async instantiate(path, imports) {
      state.paths.push(path);
      const { instance } = await WebAssembly.instantiate(wasm, imports);
      const check = (...words) => {
        if (state.trap) {
          state.trap = false;
          throw new WebAssembly.RuntimeError("unreachable");
        }
        return instance.exports.rules_check(...words);
      };
      return { instance: { exports: { ...instance.exports, rules_check: check } } };
    },
  };
  const context = createContext({ module: { exports: {} }, WXWebAssembly });
  runInContext(`${MISSING}\nvar exports = module.exports;\n${script}`, context);
  return { ...context.module.exports, state };
}

test("in a mini program: by path, without TextDecoder, fetch or WebAssembly", async () => {
  const { loadPortable, state } = miniProgram();
  const [there, here] = await Promise.all([loadPortable({ bundle: everythingBundle(), wasm: "/assets/rules.wasm" }), load(everythingBundle())]);
  assert.deepEqual(state.paths, ["/assets/rules.wasm"]);
  const answers = JSON.stringify({ age: 17, name: "𠮷野家·小明" });
  assert.equal(there.checkText(answers, options), here.checkText(answers, options));
  assert.equal(there.digest, here.digest);
  state.trap = true;
  assert.throws(() => there.checkText(answers, options), { code: "engine_trap" });
  // Another instance is on its way.
  await new Promise((done) => setTimeout(done, 50));
  assert.equal(there.checkText(answers, options), here.checkText(answers, options));
  assert.equal(state.paths.length, 2);
});

test("no syntax that came after ES2018", () => {
  const code = script.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, '""');
  assert.doesNotMatch(code, /\?\?|\?\.[A-Za-z_$([]|catch\{|import\.meta|\bimport\(|\d_\d|\d+n\b/);
});

test("the same API gives the same answers", async () => {
  const [there, here] = await Promise.all([loadPortable({ bundle: everythingBundle(), wasm }), load(everythingBundle())]);
  assert.deepEqual(there.describe({ asOf: options.asOf }), here.describe({ asOf: options.asOf }));
  const rows = { schools: [{ id: "s1", name: "一中", location: { lng: 105.95, lat: 26.25, crs: "wgs84" } }] };
  const both = [there, here].map((ruleset) => ({ ruleset, options: { ...options, explain: true, all: true, limits: { items: 40 }, tables: ruleset.prepareTables(rows) } }));
  const form = here.form(options).fields;
  for (let seed = 0; seed < (process.env.FAST ? 100 : 600); seed++) {
    const answers = new Answers(seed).fields(form);
    const [a, b] = both.map(({ ruleset, options }) => {
      const out = [ruleset.checkText(answers, options), JSON.stringify(ruleset.outcomes(answers, options).toArray())];
      const session = ruleset.session({}, options);
      for (const [key, value] of Object.entries(answers)) {
        try {
          const change = session.set([key], value);
          out.push(change.rules.join(), JSON.stringify(change.outcomes), String(session.relevant([key])));
        } catch (error) {
          out.push(error.code, error.path);
        }
      }
      out.push(JSON.stringify(session.counts), session.reportText(), JSON.stringify(session.answers));
      session.dispose();
      return out;
    });
    assert.deepEqual(a, b, `seed ${seed}`);
  }
});

test("its UTF-8 is the host's", async () => {
  const [there, here] = await Promise.all([loadPortable({ bundle: everythingBundle(), wasm }), load(everythingBundle())]);
  const random = seeded(8);
  const unit = () => [0x41, 0x7f, 0x80, 0x7ff, 0x800, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xfeff, 0xffff, Math.floor(random() * 0x10000)][Math.floor(random() * 13)];
  for (let i = 0; i < 300; i++) {
    const text = String.fromCharCode(...Array.from({ length: Math.floor(random() * 40) }, unit));
    assert.equal(there.checkText({ name: text, [text]: 1 }, options), here.checkText({ name: text, [text]: 1 }, options), JSON.stringify(text));
    assert.equal(there.checkText(text, options), here.checkText(text, options));
  }
  // Bytes of a bundle: what is no UTF-8 is refused where the host's decoder refuses it, the rest is another bundle.
  const bundle = Buffer.from(everythingBundle());
  for (let i = 0; i < 300; i++) {
    const bytes = Uint8Array.from(bundle.subarray(0, 64));
    for (let k = 0; k < 4; k++) bytes[2 + Math.floor(random() * 60)] = [0x80, 0xbf, 0xc0, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xa0, 0x9f][Math.floor(random() * 12)];
    const code = async (promise) => promise.then(() => "loaded", (error) => error.code);
    assert.equal(await code(loadPortable({ bundle: bytes, wasm })), await code(load(bytes)));
  }
});

test("what is refused has its code", async () => {
  await assert.rejects(loadPortable({ bundle: "{", wasm }), { code: "B0101" });
  const ruleset = await loadPortable({ bundle: everythingBundle(), wasm });
  assert.throws(() => ruleset.check({}, { asOf: "2026-02-30" }), { code: "bad_as_of", path: "/asOf" });
  assert.throws(() => ruleset.check({}, { asOf: "2026-03-02", jurisdiction: "52" }), { code: "bad_jurisdiction" });
  assert.throws(() => ruleset.prepareTables({ nobody: [] }), { code: "bad_table", path: "/nobody", detail: "no_such_table" });
  const session = ruleset.session({}, options);
  assert.throws(() => session.set("/nowhere", 1), { code: "no_such_place", path: "/nowhere" });
  ruleset.dispose();
  assert.throws(() => ruleset.check({}, options), { code: "disposed" });
});

test("distances are the same", async () => {
  const [there, here] = await Promise.all([loadPortable({ bundle: everythingBundle(), wasm }), load(everythingBundle())]);
  const random = seeded(7);
  const point = (crs) => ({ lng: 73 + 60 * random(), lat: 18 + 35 * random(), accuracy: Math.round(300 * random()) / 10, crs });
  for (const crs of ["wgs84", "cgcs2000", "gcj02", "bd09"]) {
    const [from, to] = [point(crs), [...Array.from({ length: 50 }, () => point(crs)), point("wgs84"), {}]];
    assert.deepEqual(there.distances(from, to), here.distances(from, to), crs);
  }
});
