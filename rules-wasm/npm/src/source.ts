// Where a bundle comes from: text at the end, whatever it was.

import type { Platform } from "./engine.js";
import { RulesError } from "./errors.js";
import { verify } from "./integrity.js";
import { escapeHalves, writeJson } from "./json.js";

/**
 * What `load` reads a bundle from: its text, an address, bytes, an answer of `fetch`, or the parsed JSON. A text that
 * begins with `{` is the bundle itself, any other is an address.
 */
export type BundleSource = string | URL | Request | ArrayBuffer | Uint8Array | Response | Promise<Response> | object;

/** The bundle's text, and nothing if its bytes are not those that were promised. */
export async function bundleText(source: BundleSource, platform: Platform, integrity?: string): Promise<string> {
  const given: unknown = await reach(async () => source);
  if (typeof given === "string" && /^\s*\{/.test(given)) {
    await check(new TextEncoder().encode(given), integrity);
    return escapeHalves(given);
  }
  if (typeof given === "string" || given instanceof URL || (typeof Request === "function" && given instanceof Request)) {
    return read(await reach(() => platform.fetch(given as string | URL | Request)), integrity);
  }
  return read(given, integrity);
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

async function read(content: unknown, integrity: string | undefined): Promise<string> {
  if (typeof Response === "function" && content instanceof Response) {
    if (!content.ok) {
      throw new RulesError("source_unavailable", "", `${content.status} ${content.url}`);
    }
    return read(await reach(() => content.arrayBuffer()), integrity);
  }
  if (content instanceof ArrayBuffer || ArrayBuffer.isView(content)) {
    await check(content as BufferSource, integrity);
    return decode(content);
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

function decode(bytes: ArrayBuffer | ArrayBufferView): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes as BufferSource);
  } catch (error) {
    throw new RulesError("source_type", "", "not UTF-8", error);
  }
}
