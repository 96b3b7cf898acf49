// What build.mjs makes of wasm-bindgen's glue: a factory of instances. The classes are those of rules-wasm/src.

import type { RawPlan, Layer } from "./description.js";

/** An address in linear memory. */
export type Address = number;

export interface TablesHandle {
  insert(ruleset: RulesetHandle, name: string, text: string): void;
  share(): TablesHandle;
  free(): void;
}

export interface Head {
  digest: string;
  layers: Layer[];
  variants: number;
  reasonWords: string[];
  faultWords: string[];
}

export interface RulesetHandle {
  head(): Head;
  plan(variant: number): RawPlan;
  tables(): TablesHandle;
  configure(asOf: string, jurisdiction: string | undefined, explain: boolean, all: boolean, limits: Uint32Array, tables?: TablesHandle): number;
  check(length: number): string | undefined;
  outcomesOfText(length: number): Address;
  outcomesOfPacked(length: number): Address;
  session(length: number): SessionHandle | undefined;
  free(): void;
}

export interface SessionHandle {
  set(path: number, text: number): Address;
  remove(path: number): Address;
  relevant(path: number): boolean;
  report(explain?: boolean, all?: boolean): string;
  answers(): string;
  counts(): Uint32Array;
  outcomes(rule: number): string;
  free(): void;
}

export interface Glue {
  imports(): WebAssembly.Imports;
  start(instance: WebAssembly.Instance, module: WebAssembly.Module): { memory: WebAssembly.Memory };
  drop(): void;
  room(size: number): Address;
  RulesetHandle: new (bundle: string) => RulesetHandle;
  /** Only in the author's build. */
  compile?: (input: object) => unknown;
}

export function glue(): Glue;
