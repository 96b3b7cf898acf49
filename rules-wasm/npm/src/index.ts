// The package in browsers and bundlers.

import { type InitOptions, initWith, type LoadOptions, loadWith } from "./api.js";
import type { WasmSource } from "./instantiate.js";
import { web } from "./platform-web.js";
import type { Ruleset } from "./ruleset.js";
import type { BundleSource } from "./source.js";

export * from "./exports.js";

// Bundlers look for exactly this expression, copy the file and put its address here.
const platform = () => web(() => new URL("../wasm/rules_wasm_bg.wasm", import.meta.url), () => import("./fallback.js"));

/**
 * Loads the engine now instead of with the first ruleset. Needed only to say where the module is, or to have it early.
 */
export function init(wasm?: WasmSource, options?: InitOptions): Promise<void> {
  return initWith(platform(), wasm, options);
}

/**
 * Loads a bundle that `rules build` made. Refused bundles throw a {@link RulesError} whose code tells why (`B0104`: a byte was changed).
 *
 * @example
 * ```js
 * import { load } from "@weibao/rules";
 * const ruleset = await load("/rules/venue.rules.json");
 * const report = ruleset.check(answers, { asOf: "2026-03-02", jurisdiction: "520402" });
 * ```
 */
export function load(source: BundleSource, options?: LoadOptions): Promise<Ruleset> {
  return loadWith(platform(), source, options);
}
