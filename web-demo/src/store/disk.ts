// The door to whatever keeps records: named shelves, changed in transactions that are on the disk when they resolve. In: nothing. Out: the
// types, and a disk in memory. Must not know: IndexedDB, encryption, what is kept.

/** Shelf → what stands on it. Everything personal in a value is sealed before it gets here. */
export interface Shelves {
  /** `holder` is the page that writes it; empty when it was closed. `bundle` is the digest of its ruleset. */
  drafts: { readonly id: string; readonly holder: string; readonly bundle: string; readonly sealed: Uint8Array };
  /** `owners` are the drafts and records that need the bytes; without any they go. */
  files: { readonly digest: string; readonly bytes: number; readonly type: string; readonly owners: readonly string[] };
  bytes: { readonly digest: string; readonly sealed: Uint8Array };
  outbox: import('../sync/record.ts').Waiting;
  bodies: { readonly key: number; readonly form: 'kept' | 'sealed'; readonly bytes: Uint8Array };
  bundles: { readonly digest: string; readonly id: string; readonly current: boolean; readonly text: string };
  leases: { readonly name: string; readonly holder: string; readonly beat: number };
  settings: { readonly name: string; readonly value: unknown };
}

export type Shelf = keyof Shelves;

/** The member of each value that it is found by. */
export const KEYS = {
  drafts: 'id', files: 'digest', bytes: 'digest', outbox: 'key', bodies: 'key', bundles: 'digest', leases: 'name', settings: 'name',
} as const satisfies { readonly [S in Shelf]: keyof Shelves[S] };

export const SHELVES = Object.keys(KEYS) as Shelf[];

/** Inside a transaction. Nothing but these calls may be awaited there: a browser ends a transaction that waits for anything else. */
export interface Transaction {
  get<S extends Shelf>(shelf: S, key: string | number): Promise<Shelves[S] | undefined>;
  all<S extends Shelf>(shelf: S): Promise<Shelves[S][]>;
  put<S extends Shelf>(shelf: S, value: Shelves[S]): void;
  remove(shelf: Shelf, key: string | number): void;
}

export interface Disk {
  /** Looks at some shelves, all at one moment. */
  look<T>(shelves: readonly Shelf[], work: (at: Transaction) => Promise<T>): Promise<T>;
  /** Changes some shelves, wholly or not at all, durably when it resolves. `work` may run twice: it must do nothing else. */
  change<T>(shelves: readonly Shelf[], work: (at: Transaction) => Promise<T>): Promise<T>;
}

type Cells = Map<Shelf, Map<string | number, unknown>>;

/** A disk that lasts as long as the page: for tests, and for a browser that refuses to store anything. */
export class MemoryDisk implements Disk {
  private cells: Cells = new Map(SHELVES.map((shelf) => [shelf, new Map()]));
  private last: Promise<unknown> = Promise.resolve();

  look<T>(_shelves: readonly Shelf[], work: (at: Transaction) => Promise<T>): Promise<T> {
    return this.inTurn(() => work(this.transaction(new Map())));
  }

  change<T>(_shelves: readonly Shelf[], work: (at: Transaction) => Promise<T>): Promise<T> {
    return this.inTurn(async () => {
      const written: Cells = new Map();
      const result = await work(this.transaction(written));
      for (const [shelf, values] of written) {
        for (const [key, value] of values) {
          if (value === undefined) this.cells.get(shelf)?.delete(key);
          else this.cells.get(shelf)?.set(key, value);
        }
      }
      return result;
    });
  }

  /** One transaction at a time, as on a disk. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.last.then(work, work);
    this.last = next.catch(() => undefined);
    return next;
  }

  private transaction(written: Cells): Transaction {
    const own = (shelf: Shelf): Map<string | number, unknown> => {
      const values = written.get(shelf) ?? new Map<string | number, unknown>();
      written.set(shelf, values);
      return values;
    };
    const copy = <T>(value: T): T => structuredClone(value);
    return {
      get: async (shelf, key) => {
        const mine = written.get(shelf);
        return copy(mine?.has(key) ? mine.get(key) : this.cells.get(shelf)?.get(key)) as never;
      },
      all: async (shelf) => {
        const merged = new Map(this.cells.get(shelf));
        for (const [key, value] of written.get(shelf) ?? []) merged.set(key, value);
        const byKey = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);
        return [...merged].filter(([, value]) => value !== undefined).sort(([a], [b]) => byKey(a, b)).map(([, value]) => copy(value)) as never;
      },
      put: (shelf, value) => void own(shelf).set((value as never)[KEYS[shelf]], copy(value)),
      remove: (shelf, key) => void own(shelf).set(key, undefined),
    };
  }
}
