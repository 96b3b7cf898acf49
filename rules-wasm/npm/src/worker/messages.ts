// What a page and its worker say to each other. Plain data, and one compiled module.

import type { ErrorCode } from "../errors.js";
import type { Integrity } from "../integrity.js";
import type { CheckOptions } from "../options.js";

/** Options of a check as they travel: tables that were prepared are named by their number. */
export type SentOptions = Omit<CheckOptions, "tables"> & { readonly tables?: CheckOptions["tables"] | number };

/** What is asked, with the numbers of the objects that it is about. Objects are numbered by the page, so that they can be made again. */
export type Ask =
  | { readonly do: "init"; readonly wasm: unknown; readonly integrity: Integrity["wasm"] }
  | { readonly do: "load"; readonly made: number; readonly text: string }
  | { readonly do: "tables"; readonly made: number; readonly of: number; readonly texts: readonly (readonly [string, string])[] }
  | { readonly do: "session"; readonly made: number; readonly of: number; readonly answers: string; readonly options: SentOptions }
  | { readonly do: "replace"; readonly of: number; readonly by: number; readonly options: SentOptions | undefined }
  | { readonly do: "dispose"; readonly of: number }
  /** A method with its arguments; `options` says which of them are options of a check. */
  | { readonly do: "call"; readonly of: number; readonly method: string; readonly given: readonly unknown[]; readonly options?: SentOptions };

export interface Fault {
  readonly code: ErrorCode;
  readonly path: string;
  readonly detail: string;
}

export type Answer = { readonly value: unknown } | { readonly fault: Fault };

/** One end of the line to a worker. */
export interface Line {
  send(message: unknown): void;
  /** Ends the worker, whatever it is doing. */
  end(): void;
}

/** What starts a worker: it is told who listens, and who is told if the worker goes away. */
export type Starter = (heard: (message: unknown) => void, lost: (why: unknown) => void) => Line;
