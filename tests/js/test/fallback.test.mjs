// An engine that is too old for the usual module: the package takes the portable one by itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { init, load } from "@weibao/rules";
import { everythingBundle } from "../lib/bundles.mjs";

/** What an old engine says of a module that uses what it does not know. */
const { instantiate } = WebAssembly;
const seen = [];
WebAssembly.instantiate = async (source, imports) => {
  const [from = "nothing"] = Object.keys(imports);
  if (from !== "nothing" && !from.includes("rules_wasm")) {
    // Node.js has modules of its own.
    return instantiate(source, imports);
  }
  seen.push(from);
  if (from !== "nothing") {
    throw new WebAssembly.CompileError("WebAssembly.instantiate(): invalid value type 'externref' @+12");
  }
  return instantiate(source, imports);
};

// Nor does it know references when it is asked for the smallest module with one.
const { Module } = WebAssembly;
WebAssembly.Module = new Proxy(Module, {
  construct(target, [bytes]) {
    if (bytes.length === 15) {
      throw new WebAssembly.CompileError("invalid value type 'externref'");
    }
    return new target(bytes);
  },
});

test("the portable module steps in, and only where the other does not compile", async () => {
  await assert.rejects(init("/there/is/nothing.wasm"), { code: "wasm_unavailable" });
  assert.deepEqual(seen, []);
  const ruleset = await load(everythingBundle());
  assert.deepEqual(seen, ["./rules_wasm_bg.js", "nothing"], "the usual one was tried, and the one without imports runs");
  const report = ruleset.check({ age: 17 }, { asOf: "2026-03-02" });
  assert.match(report.digest, /^sha256:/);
  const session = ruleset.session({}, { asOf: "2026-03-02" });
  session.set("/age", 17);
  assert.equal(session.report().digest, report.digest);
});
