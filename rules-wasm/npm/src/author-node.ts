// The author's entry point in Node.js.

import { type CompileInput, type CompileOutput, compileWith } from "./authoring.js";
import type { WasmSource } from "./instantiate.js";
import { node } from "./platform-node.js";

export type { CompileDiagnostic, CompileInput, CompileOutput } from "./authoring.js";
export { RulesError } from "./errors.js";

const platform = () => node(() => new URL("../wasm-author/rules_wasm_bg.wasm", import.meta.url));

/**
 * Compiles rulesets. Faulty ones give diagnostics, not errors.
 *
 * @example
 * ```js
 * import { compile } from "@weibao/rules/author";
 * const { bundles, diagnostics } = await compile({ files: { "cafe.yaml": text }, sources: { law: quoted } });
 * ```
 */
export function compile(input: CompileInput, options: { readonly wasm?: WasmSource } = {}): Promise<CompileOutput> {
  return compileWith(platform(), input, options.wasm);
}
