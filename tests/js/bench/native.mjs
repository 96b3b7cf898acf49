// The core as a native addon of Node.js (tests/node-native), beside the WebAssembly module. In: the addon's file, a bundle, entries. Out: calls to time,
// after both gave the same bytes.

import assert from "node:assert/strict";

/** Loads an addon; `process.dlopen` takes a file of any name. */
export function addon(file) {
  const module = { exports: {} };
  process.dlopen(module, file);
  return module.exports.NativeRuleset;
}

/** Reports and findings of both are equal on these texts. */
export function equal(ruleset, native, texts, options) {
  for (const text of texts) {
    assert.equal(native.report(text), ruleset.checkText(text, options));
    // The third word counts the findings.
    assert.equal(native.outcomes(text)[2], ruleset.outcomes(text, options).length);
  }
}

/** What is timed: the same work, by the module and by the addon. */
export function contestants(ruleset, native, text, options) {
  const entry = JSON.parse(text);
  return {
    "native addon, outcomes from text": () => native.outcomes(text).length,
    "native addon, outcomes from an object": () => native.outcomes(JSON.stringify(entry)).length,
    "native addon, report from text": () => native.report(text).length,
    "WebAssembly, outcomes from text": () => ruleset.outcomes(text, options).length,
    "WebAssembly, outcomes from an object": () => ruleset.outcomes(entry, options).length,
    "WebAssembly, report from text": () => ruleset.checkText(text, options).length,
  };
}
