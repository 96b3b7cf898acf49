// What the package does where the usual module is too new for the engine: the portable module, loaded only then.

import type { Fallback, Platform } from "./engine.js";
import { glue } from "./portable/glue.js";
import { utf8 } from "./portable/utf8.js";

export function fallback(platform: Platform): Fallback {
  return {
    glue,
    // Bundlers look for exactly this expression, copy the file and put its address here.
    platform: { ...platform, codec: utf8, wasm: () => new URL("../wasm-portable/rules.wasm", import.meta.url), portable: undefined },
  };
}
