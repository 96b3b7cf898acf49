// Node.js: files are read, everything else is fetched.

import { readFile } from "node:fs/promises";
import type { Platform } from "./engine.js";
import { type Late, late } from "./late.js";
import { native } from "./text.js";

export function node(wasm: () => URL, portable?: Late): Platform {
  const platform: Platform = {
    codec: native,
    wasm,
    async fetch(url, how) {
      if (url instanceof URL ? url.protocol === "file:" : typeof url === "string" && !/^(?:https?|data|blob):/i.test(url)) {
        return readFile(typeof url === "string" && url.startsWith("file:") ? new URL(url) : (url as URL | string));
      }
      return fetch(url, how);
    },
  };
  return late(platform, portable);
}
