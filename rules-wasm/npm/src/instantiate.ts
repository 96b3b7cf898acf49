// From a source to an instance: fetched, streamed where the server lets it, and what goes wrong as a RulesError.

import type { Platform } from "./engine.js";
import { RulesError } from "./errors.js";

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
  return error instanceof RulesError && error.code === "wasm_unavailable" && (error as { cause?: unknown }).cause instanceof WebAssembly.CompileError;
}

type Instantiated = WebAssembly.WebAssemblyInstantiatedSource;

export async function instantiate(platform: Platform, source: WasmSource, imports: WebAssembly.Imports): Promise<Started> {
  const { instance, module } = await compile(platform, source, imports);
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

async function compile(platform: Platform, source: WasmSource, imports: WebAssembly.Imports): Promise<Instantiated> {
  try {
    const given = await source;
    if (given instanceof WebAssembly.Module) {
      return { module: given, instance: await WebAssembly.instantiate(given, imports) };
    }
    const content = isAddress(given) ? await platform.fetch(given) : given;
    if (typeof Response === "function" && content instanceof Response) {
      return await fromResponse(content, imports);
    }
    return await WebAssembly.instantiate(content as BufferSource, imports);
  } catch (error) {
    if (error instanceof RulesError) {
      throw error;
    }
    const blocked = error instanceof WebAssembly.CompileError && /unsafe-eval|Content Security|disallowed/i.test(error.message);
    throw new RulesError(blocked ? "wasm_blocked" : "wasm_unavailable", "", String(error), error);
  }
}

async function fromResponse(response: Response, imports: WebAssembly.Imports): Promise<Instantiated> {
  if (!response.ok) {
    throw new RulesError("wasm_unavailable", "", `${response.status} ${response.url}`);
  }
  // Streaming asks for this very type; many servers send another.
  if (typeof WebAssembly.instantiateStreaming === "function" && response.headers.get("content-type") === "application/wasm") {
    return WebAssembly.instantiateStreaming(response, imports);
  }
  return WebAssembly.instantiate(await response.arrayBuffer(), imports);
}
