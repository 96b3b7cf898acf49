// Where a bundle comes from: text at the end, whatever it was.

import type { Platform } from "./engine.js";
import { RulesError } from "./errors.js";
import { verify } from "./integrity.js";
import { isAddress } from "./instantiate.js";
import { escapeHalves, writeJson } from "./json.js";
import type { Codec } from "./text.js";

/**
 * What `load` reads a bundle from: its text, an address, bytes, an answer of `fetch`, or the parsed JSON. A text that
 * begins with `{` is the bundle itself, any other is an address.
 */
export type BundleSource = string | URL | Request | ArrayBuffer | Uint8Array | Response | Promise<Response> | object;

/** The bundle's text, and nothing if its bytes are not those that were promised. */
export async function bundleText(source: BundleSource, platform: Platform, integrity?: string): Promise<string> {
  const given: unknown = await reach(async () => source);
  if (typeof given === "string" && /^\s*\{/.test(given)) {
    await (integrity !== undefined && check(new TextEncoder().encode(given), integrity));
    return escapeHalves(given);
  }
  if (isAddress(given)) {
    return read(await reach(() => platform.fetch(given)), platform.codec, integrity);
  }
  return read(given, platform.codec, integrity);
}

async function check(bytes: BufferSource, integrity: string | undefined): Promise<void> {
  if (integrity !== undefined) {
    await verify(bytes, integrity, "/integrity/bundle");
  }
}

async function reach<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof RulesError ? error : new RulesError("source_unavailable", "", String(error), error);
  }
}

async function read(content: unknown, codec: Codec, integrity: string | undefined): Promise<string> {
  if (typeof Response === "function" && content instanceof Response) {
    if (!content.ok) {
      throw new RulesError("source_unavailable", "", `${content.status} ${content.url}`);
    }
    const bytes = await reach(() => content.arrayBuffer());
    // A page in place of the bundle: the address is wrong, and a server said 200.
    if (new Uint8Array(bytes)[0] === 0x3c) {
      throw new RulesError("source_type", "", `a web page came from ${content.url}, and no bundle: is the address right?`);
    }
    return read(bytes, codec, integrity);
  }
  if (content instanceof ArrayBuffer || ArrayBuffer.isView(content)) {
    await check(content as BufferSource, integrity);
    return decode(content, codec);
  }
  if (typeof content === "object" && content !== null) {
    if (integrity !== undefined) {
      throw new RulesError("bad_option", "/integrity/bundle", "parsed JSON has no bytes to check");
    }
    try {
      return writeJson(content);
    } catch (error) {
      throw new RulesError("source_type", "", String(error), error);
    }
  }
  throw new RulesError("source_type", "", typeof content);
}

function decode(bytes: ArrayBuffer | ArrayBufferView, codec: Codec): string {
  try {
    return codec.decode(bytes);
  } catch (error) {
    throw new RulesError("source_type", "", "not UTF-8", error);
  }
}
