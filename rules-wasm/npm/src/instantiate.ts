// From wherever a module may come from to an instance: streamed where that works, checked before it is compiled where that is wished,
// asked for once more where the way was at fault. What cannot be mended is an error that says what to change.

import type { Platform } from "./engine.js";
import { RulesError } from "./errors.js";
import { verify } from "./integrity.js";

/** Where a wasm module may come from. */
export type WasmSource = string | URL | Request | Response | Promise<Response> | BufferSource | WebAssembly.Module;

/** A living instance, and how to make another of the same module. */
export interface Started {
  readonly instance: WebAssembly.Instance;
  readonly module?: WebAssembly.Module;
  again(imports: WebAssembly.Imports): WebAssembly.Instance | Promise<WebAssembly.Instance>;
}

/** Is it an address of something? Mini programs do not even have the classes. */
export function isAddress(value: unknown): value is string | URL | Request {
  return typeof value === "string" || (typeof URL === "function" && value instanceof URL) || (typeof Request === "function" && value instanceof Request);
}

/** Did the engine refuse a module that uses what it does not know yet? */
export function isTooNew(error: unknown): boolean {
  return error instanceof RulesError && error.code === "wasm_unsupported" && typeof WebAssembly === "object";
}

type Instantiated = WebAssembly.WebAssemblyInstantiatedSource;

export async function instantiate(platform: Platform, source: WasmSource, imports: WebAssembly.Imports, integrity?: string): Promise<Started> {
  const { instance, module } = await compile(platform, source, imports, integrity);
  return {
    instance,
    module,
    again(imports) {
      try {
        return new WebAssembly.Instance(module, imports);
      } catch {
        // Old browsers make no large instance synchronously on the page's main thread.
        return WebAssembly.instantiate(module, imports);
      }
    },
  };
}

async function compile(platform: Platform, source: WasmSource, imports: WebAssembly.Imports, integrity?: string): Promise<Instantiated> {
  able();
  const given = await settled(source);
  if (given instanceof WebAssembly.Module) {
    if (integrity !== undefined) {
      throw new RulesError("bad_option", "/integrity/wasm", "a compiled module has no bytes to check");
    }
    return { module: given, instance: await WebAssembly.instantiate(given, imports).catch((error: unknown) => damaged(error, "")) };
  }
  if (!isAddress(given)) {
    return from(given, imports, integrity);
  }
  try {
    return await from(await settled(platform.fetch(given)), imports, integrity);
  } catch (error) {
    // A cache or a line may have cut or altered it. What a server refuses it will refuse again.
    if (!(error instanceof RulesError) || !/^(wasm_damaged|integrity_mismatch)$/.test(error.code)) {
      throw error;
    }
    return from(await settled(platform.fetch(given, { cache: "reload" })), imports, integrity);
  }
}

async function settled<T>(promise: T | Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw error instanceof RulesError ? error : new RulesError("wasm_unavailable", "", String(error), error);
  }
}

async function from(content: Response | BufferSource, imports: WebAssembly.Imports, integrity: string | undefined): Promise<Instantiated> {
  let told = "";
  let bytes: BufferSource;
  if (typeof Response === "function" && content instanceof Response) {
    const type = content.headers.get("content-type");
    told = `; ${content.url || "the response"} was sent as ${type}`;
    if (!content.ok) {
      throw new RulesError("wasm_unavailable", "", `${content.status} ${content.url}`);
    }
    // Streaming asks for this very type; many servers send another. A hash needs all bytes first.
    if (integrity === undefined && typeof WebAssembly.instantiateStreaming === "function" && type === "application/wasm") {
      return WebAssembly.instantiateStreaming(content, imports).catch((error: unknown) => damaged(error, told));
    }
    try {
      bytes = await content.arrayBuffer();
    } catch (error) {
      return damaged(error, told);
    }
  } else {
    bytes = content as BufferSource;
  }
  if (integrity !== undefined) {
    await verify(bytes, integrity, "/integrity/wasm");
  }
  try {
    return (await WebAssembly.instantiate(bytes as BufferSource, imports)) as Instantiated;
  } catch (error) {
    return damaged(error, told);
  }
}

function damaged(error: unknown, told: string): never {
  const old = error instanceof WebAssembly.CompileError && compiles(1, 5, 1, 96, 1, 111, 0);
  if (old) {
    throw new RulesError("wasm_unsupported", "", "WebAssembly without reference types: it needs Chrome 96, Safari 15.1 or Firefox 79", error);
  }
  // Vite's development server moves modules away from the files beside them.
  const vite = told.includes("/.vite/") ? "; tell Vite not to move it: optimizeDeps: { exclude: ['@weibao/rules'] }" : "";
  throw new RulesError("wasm_damaged", "", `${String(error)}${told}${vite}`, error);
}

/** Compiles the smallest module; of `more`, the smallest that has a reference as a parameter. */
function compiles(...more: number[]): unknown {
  try {
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, ...more));
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Can this page compile modules at all? Asked of it rather than read out of messages, which differ from browser to browser. */
function able(): void {
  if (typeof WebAssembly !== "object") {
    throw new RulesError("wasm_unsupported", "", "there is no WebAssembly here: the browser is too old, or locked down");
  }
  const blocked = compiles();
  if (blocked !== undefined) {
    throw new RulesError("wasm_blocked", "", "the content security policy forbids WebAssembly: add 'wasm-unsafe-eval' to its script-src", blocked);
  }
}
