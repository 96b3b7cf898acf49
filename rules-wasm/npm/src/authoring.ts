// Compiling rulesets in JavaScript, for an editor of rules. In: files as text. Out: bundles and diagnostics. Forms never load this.

import { Engine, type Platform } from "./engine.js";
import { RulesError } from "./errors.js";
import { glue } from "./glue-author.js";
import type { WasmSource } from "./instantiate.js";

/** What is compiled. */
export interface CompileInput {
  /** Ruleset files by name. `NAME.cases.yaml` holds the cases of `NAME.yaml`, `NAME.SECTION.part.yaml` one of its sections. */
  readonly files: Readonly<Record<string, string>>;
  /** The stored texts of the documents that clauses quote, by id. */
  readonly sources?: Readonly<Record<string, string>>;
  /** Registers of clauses that rulesets cite, by the id of their document, as YAML. */
  readonly registers?: Readonly<Record<string, string>>;
  /** Tables that rulesets include, by name, as CSV. */
  readonly tables?: Readonly<Record<string, string>>;
}

/** What is wrong, or should be looked at. */
export interface CompileDiagnostic {
  /** Stable code; each has a page in the documentation. */
  readonly code: string;
  /** An error keeps the bundle from being made. */
  readonly severity: "error" | "warning" | "note";
  /** What is wrong, in English. */
  readonly message: string;
  /** What to write instead. */
  readonly help: readonly string[];
  /** Name of the file. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** UTF-16 unit of the line, from 0. */
  readonly column: number;
  /** Offset in the file's text, in UTF-16 units. */
  readonly start: number;
  /** Offset after the last. */
  readonly end: number;
}

/** What came of it. */
export interface CompileOutput {
  /** One bundle for every base without errors, with its layers. Give `text` to `load` of `@weibao/rules`. */
  readonly bundles: readonly { readonly id: string; readonly text: string }[];
  /** Of all files, sorted by place. */
  readonly diagnostics: readonly CompileDiagnostic[];
  /** The diagnostics drawn as text, as the command line shows them. */
  readonly rendered: string;
}

const engine = /* @__PURE__ */ new Engine(glue);

export async function compileWith(platform: Platform, input: CompileInput, wasm?: WasmSource): Promise<CompileOutput> {
  await engine.start(platform, wasm);
  return engine.run(() => {
    const { compile } = engine.api;
    if (compile === undefined) {
      throw new RulesError("wasm_unavailable", "", "this module has no compiler");
    }
    return compile({ sources: {}, tables: {}, ...input }) as CompileOutput;
  });
}
