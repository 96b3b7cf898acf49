// Subresource integrity for what the package loads: bytes against a published hash, before anything reads them.

import { RulesError } from "./errors.js";

/** What came is what was published, or nothing is loaded. */
export interface Integrity {
  /** Of the WebAssembly file: the value in `@weibao/rules/integrity.json`. */
  readonly wasm?: string | undefined;
  /** Of the bundle's bytes. */
  readonly bundle?: string | undefined;
}

const HASH = /^sha(256|384|512)-[A-Za-z0-9+/]+={0,2}$/;

/** The hashes of an integrity text that count: those of its strongest algorithm, as in HTML. */
function hashes(integrity: string, path: string): string[] {
  const all = String(integrity).split(/\s+/).filter(Boolean);
  if (all.length === 0 || !all.every((one) => HASH.test(one))) {
    throw new RulesError("bad_option", path, "sha384-… in Base64, as in integrity.json");
  }
  const strongest = all.map((one) => one.slice(0, 7)).sort().pop()!;
  return all.filter((one) => one.startsWith(strongest));
}

/** Nothing, or an error: altered bytes, or no means to tell. */
export async function verify(bytes: BufferSource, integrity: string, path: string): Promise<void> {
  const wanted = hashes(integrity, path);
  const subtle = typeof crypto === "object" ? (crypto.subtle as SubtleCrypto | undefined) : undefined;
  if (subtle === undefined) {
    throw new RulesError("integrity_unchecked", path, "this host has no crypto.subtle; browsers have it on https pages only");
  }
  const name = wanted[0]!.slice(3, 6);
  const digest = new Uint8Array(await subtle.digest(`SHA-${name}`, bytes));
  const found = `sha${name}-${btoa(String.fromCharCode(...digest))}`;
  if (!wanted.includes(found)) {
    throw new RulesError("integrity_mismatch", path, `expected ${wanted.join(" ")}, got ${found}`);
  }
}
