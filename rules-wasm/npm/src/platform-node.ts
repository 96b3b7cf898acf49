// Node.js: files are read, everything else is fetched.

import type { Platform } from "./engine.js";
import { type Late, late } from "./late.js";
import { native } from "./text.js";

/** The one thing that is used of `node:fs/promises`, so that the package needs no types of Node.js. */
interface Files {
  readFile(path: URL | string): Promise<Uint8Array<ArrayBuffer>>;
}

export function node(wasm: () => URL, portable?: Late): Platform {
  const platform: Platform = {
    codec: native,
    wasm,
    async fetch(url) {
      if (url instanceof URL ? url.protocol === "file:" : typeof url === "string" && !/^(?:https?|data|blob):/i.test(url)) {
        const name = "node:fs/promises";
        const { readFile } = (await import(name)) as Files;
        return readFile(typeof url === "string" && url.startsWith("file:") ? new URL(url) : (url as URL | string));
      }
      return fetch(url);
    },
  };
  return late(platform, portable);
}
