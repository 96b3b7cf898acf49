// What every entry point shares: one engine for the runtime module.

import { Engine, type Platform } from "./engine.js";
import { glue } from "./glue.js";
import type { WasmSource } from "./instantiate.js";
import type { Integrity } from "./integrity.js";
import { known } from "./options.js";
import { Ruleset } from "./ruleset.js";
import { type BundleSource, bundleText } from "./source.js";

/** What `init` may be told. */
export interface InitOptions {
  /** Hash of the WebAssembly file, checked before it is compiled: `sha384-…`, as in `@weibao/rules/integrity.json`. The first call decides. */
  readonly integrity?: string | undefined;
}

/** What `load` may be told. */
export interface LoadOptions {
  /** Where the wasm module is, where the bundler does not know: an address, bytes, a response or a compiled module. The first call decides. */
  readonly wasm?: WasmSource | undefined;
  /** Hashes that are checked before anything is compiled or read. */
  readonly integrity?: Integrity | undefined;
}

const engine = /* @__PURE__ */ new Engine(glue);

/** The compiled module of the one engine. */
export function compiledModule(): WebAssembly.Module | undefined {
  return engine.compiled;
}

export async function initWith(platform: Platform, wasm?: WasmSource, options: InitOptions = {}): Promise<void> {
  known(options, "", ["integrity"]);
  await engine.start(platform, wasm, options.integrity);
}

export async function loadWith(platform: Platform, source: BundleSource, options: LoadOptions = {}): Promise<Ruleset> {
  const { wasm, integrity = {} } = options;
  known(options, "", ["wasm", "integrity"]);
  known(integrity, "/integrity", ["wasm", "bundle"]);
  const [text] = await Promise.all([bundleText(source, platform, integrity.bundle), engine.start(platform, wasm, integrity.wasm)]);
  return new Ruleset(engine, text);
}
