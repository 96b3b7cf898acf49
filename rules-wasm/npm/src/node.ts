// The package in Node.js: the module is read from its file.

import { type InitOptions, initWith, type LoadOptions, loadWith } from "./api.js";
import type { WasmSource } from "./instantiate.js";
import { node } from "./platform-node.js";
import type { Ruleset } from "./ruleset.js";
import type { BundleSource } from "./source.js";

export * from "./exports.js";

const platform = () => node(() => new URL("../wasm/rules_wasm_bg.wasm", import.meta.url), () => import("./fallback.js"));

/** As in a browser. */
export function init(wasm?: WasmSource, options?: InitOptions): Promise<void> {
  return initWith(platform(), wasm, options);
}

/** As in a browser; a text that is no address is the path of a file. */
export function load(source: BundleSource, options?: LoadOptions): Promise<Ruleset> {
  return loadWith(platform(), source, options);
}
