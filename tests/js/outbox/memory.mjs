// A disk in memory, with the transactions of a real one: whole or not at all, one after another. In: changes. Out: what was stored. Values are handed
// out as they are and frozen, so that whoever changes one in place is found out.

const byKey = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

export class MemoryDisk {
  last = Promise.resolve();

  /** `keys` names the member that each shelf finds its values by. */
  constructor(keys) {
    this.keys = keys;
    this.cells = new Map(Object.keys(keys).map((shelf) => [shelf, new Map()]));
  }

  look(_shelves, work) {
    return this.inTurn(() => work(this.transaction(new Map())));
  }

  change(_shelves, work) {
    return this.inTurn(async () => {
      const written = new Map();
      const result = await work(this.transaction(written));
      for (const [shelf, values] of written) {
        for (const [key, value] of values) {
          if (value === undefined) this.cells.get(shelf).delete(key);
          else this.cells.get(shelf).set(key, value);
        }
      }
      return result;
    });
  }

  inTurn(work) {
    const next = this.last.then(work, work);
    this.last = next.catch(() => undefined);
    return next;
  }

  transaction(written) {
    const own = (shelf) => {
      if (!written.has(shelf)) written.set(shelf, new Map());
      return written.get(shelf);
    };
    return {
      get: async (shelf, key) => (written.get(shelf)?.has(key) ? written.get(shelf).get(key) : this.cells.get(shelf).get(key)),
      all: async (shelf) => {
        const merged = new Map(this.cells.get(shelf));
        for (const [key, value] of written.get(shelf) ?? []) merged.set(key, value);
        return [...merged].filter(([, value]) => value !== undefined).sort(([a], [b]) => byKey(a, b)).map(([, value]) => value);
      },
      put: (shelf, value) => void own(shelf).set(value[this.keys[shelf]], Object.freeze(value)),
      remove: (shelf, key) => void own(shelf).set(key, undefined),
    };
  }
}
