// What build.mjs makes of wasm-bindgen's glue: a factory of instances. The classes are those of rules-wasm/src.

/** An address in linear memory. */
export type Address = number;

/** Bytes that calls read. */
export interface Room {
  grow(size: number): Address;
}

export interface TablesHandle {
  insert(ruleset: RulesetHandle, name: string, text: string): void;
  share(): TablesHandle;
  free(): void;
}

export interface RulesetHandle {
  digest(): string;
  words(): string;
  tables(): TablesHandle;
  configure(asOf: string, jurisdiction: string | undefined, explain: boolean, all: boolean, limits: Uint32Array, tables?: TablesHandle): number;
  check(room: Room, length: number): string | undefined;
  outcomesOfText(room: Room, length: number): Address;
  /** Not in the portable module. */
  outcomesOfPacked?(room: Room, length: number): Address;
  distances(room: Room, length: number): string;
  session(room: Room, length: number): SessionHandle | undefined;
  free(): void;
}

export interface SessionHandle {
  set(room: Room, path: number, text: number): Address;
  remove(room: Room, path: number): Address;
  relevant(room: Room, path: number): boolean;
  report(explain?: boolean, all?: boolean): string;
  answers(): string;
  counts(): Uint32Array;
  outcomes(rule: number): string;
  free(): void;
}

export interface Glue {
  imports(): WebAssembly.Imports;
  start(instance: WebAssembly.Instance, module?: WebAssembly.Module): { memory: WebAssembly.Memory };
  drop(): void;
  Room: new () => Room;
  RulesetHandle: new (bundle: string) => RulesetHandle;
  /** Only in the author's build. */
  compile?: (input: object) => unknown;
}

export function glue(): Glue;
