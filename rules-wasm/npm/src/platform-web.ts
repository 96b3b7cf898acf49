// A browser, or whatever has `fetch` and resolves addresses against the script.

import type { Platform } from "./engine.js";

export function web(wasm: () => URL): Platform {
  return { wasm, fetch: (url, how) => fetch(url, how) };
}
