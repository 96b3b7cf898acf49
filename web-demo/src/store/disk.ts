// The door to whatever keeps records: named shelves, changed in transactions that are on the disk when they resolve. In: nothing. Out: types.
// Must not know: IndexedDB, encryption, what is kept.

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
