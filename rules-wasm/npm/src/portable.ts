// The package for old WebViews and for mini programs: the same rulesets over the portable module. Needs nothing of the host that came after
// ES2018 and WebAssembly's first version; no TextDecoder, no fetch if it is given bytes, no import.meta.

import { Engine, type Platform } from "./engine.js";
import { RulesError } from "./errors.js";
import { type WasmSource, instantiate } from "./instantiate.js";
import { glue } from "./portable/glue.js";
import { utf8 } from "./portable/utf8.js";
import { fromPackage, isMiniProgram } from "./portable/wechat.js";
import { Ruleset } from "./ruleset.js";
import { type BundleSource, bundleText } from "./source.js";

export * from "./exports.js";

/** What {@link loadPortable} is told. */
export interface PortableOptions {
  /** Where the bundle is read from. A mini program gives its text, bytes or parsed JSON. */
  readonly bundle: BundleSource;
  /**
   * Where `portable.wasm` is: bytes, an address, a compiled module or an answer of `fetch`; in a mini program the path in the program's package. The first
   * call decides.
   */
  readonly wasm: WasmSource;
}

const engine = /* @__PURE__ */ new Engine(glue);

const platform: Platform = {
  codec: utf8,
  wasm() {
    throw new RulesError("bad_option", "/wasm", "where is portable.wasm?");
  },
  fetch: (url) => fetch(url),
  instantiate: (self, source, imports) => (typeof source === "string" && isMiniProgram() ? fromPackage(source, imports) : instantiate(self, source, imports)),
};

/**
 * Loads a bundle. What it gives is what `load` of `@weibao/rules` gives.
 *
 * @example
 * ```js
 * const { loadPortable } = require("./portable.js");
 * const ruleset = await loadPortable({ bundle, wasm: "/assets/portable.wasm" });
 * const report = ruleset.check(answers, { asOf: "2026-03-02", jurisdiction: "520402" });
 * ```
 */
export async function loadPortable({ bundle, wasm }: PortableOptions): Promise<Ruleset> {
  const [text] = await Promise.all([bundleText(bundle, platform), engine.start(platform, wasm)]);
  return new Ruleset(engine, text);
}
