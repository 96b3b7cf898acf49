// What every entry point shares: one engine for the runtime module.

import { Engine, type Platform } from "./engine.js";
import { glue } from "./glue.js";
import type { WasmSource } from "./instantiate.js";
import { Ruleset } from "./ruleset.js";
import { type BundleSource, bundleText } from "./source.js";

/** What `load` may be told. */
export interface LoadOptions {
  /** Where the wasm module is, where the bundler does not know: an address, bytes, a response or a compiled module. The first call decides. */
  readonly wasm?: WasmSource;
}

const engine = /* @__PURE__ */ new Engine(glue);

export async function initWith(platform: Platform, wasm?: WasmSource): Promise<void> {
  await engine.start(platform, wasm);
}

export async function loadWith(platform: Platform, source: BundleSource, options: LoadOptions = {}): Promise<Ruleset> {
  const [text] = await Promise.all([bundleText(source, platform), engine.start(platform, options.wasm)]);
  return new Ruleset(engine, text);
}
