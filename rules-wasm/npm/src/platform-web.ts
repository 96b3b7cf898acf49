// A browser, or whatever has `fetch` and resolves addresses against the script.

import type { Platform } from "./engine.js";
import { type Late, late } from "./late.js";
import { native } from "./text.js";

export function web(wasm: () => URL, portable?: Late): Platform {
  return late({ wasm, fetch: (url, how) => fetch(url, how), codec: native }, portable);
}
