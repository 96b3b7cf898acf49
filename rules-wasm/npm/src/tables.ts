// Reference data that was read once and is used by many checks.

import type { TablesHandle } from "./glue.js";
import type { TableData } from "./options.js";
import type { Ruleset } from "./ruleset.js";

/** Tables that are ready for checks of one ruleset; made by {@link Ruleset.prepareTables}. */
export class Tables {
  /** @internal */
  handle: TablesHandle | undefined;
  /** @internal */
  generation = -1;

  /** @internal */
  constructor(
    /** @internal */
    readonly ruleset: Ruleset,
    /** JSON texts by name: what is needed to begin again after a trap. @internal */
    readonly texts: readonly (readonly [string, string])[],
  ) {}

  /** The same data, for another ruleset that has tables of these names. @internal */
  readable(ruleset: Ruleset): Record<string, TableData> {
    const names = new Set(ruleset.tables.map(({ name }) => name));
    return Object.fromEntries(this.texts.filter(([name]) => names.has(name)));
  }

  /** Gives the memory back at once. Without it, the garbage collector does so some day. */
  dispose(): void {
    this.ruleset.release(this);
  }
}

/** @internal */
export type GivenTables = Tables | Readonly<Record<string, TableData>>;
