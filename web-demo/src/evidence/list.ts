// The evidence of an inspection: what was attached to which field or rule. In: entries whose bytes are in the store. Out: the list, and a word to
// whoever saves it. Must not know: how bytes are made or shown.

import type { Inspection } from '../inspection.ts';
import { join, keysOf } from '../pointer.ts';
import type { BlobStore, Evidence } from '../store/types.ts';

/** What saves the list; the page's drafts are one. */
export interface Keeper {
  readonly blobs: BlobStore;
  /** Owner of the bytes. */
  readonly draft?: string;
  /** Called after each change with the whole list. */
  changed(list: readonly Evidence[]): void;
  /** Everything is on the disk when it resolves: the camera may be opened, which may end this page. */
  flush(): Promise<void>;
}

/** Where evidence of the whole inspection is kept. */
export const WHOLE = 'whole';

export class EvidenceList {
  private items: readonly Evidence[] = [];
  private keeper: Keeper | null = null;
  private readonly listeners = new Set<() => void>();

  /** Hands the list to a keeper, with what it has kept. */
  bind(keeper: Keeper, kept: readonly Evidence[] = []): void {
    this.keeper = keeper;
    this.items = [...kept, ...this.items];
    this.tell();
  }

  /** The keeper. Where the page has given none, the bytes go to the phone's store and the list lives as long as the page. */
  async kept(): Promise<Keeper> {
    if (this.keeper) return this.keeper;
    const { store } = await import('../store/index.ts');
    await store.vault.start();
    this.keeper ??= { blobs: store.blobs, changed: () => undefined, flush: () => Promise.resolve() };
    return this.keeper;
  }

  get all(): readonly Evidence[] { return this.items; }

  at(place: string): readonly Evidence[] {
    return this.items.filter((one) => one.at === place);
  }

  add(entry: Evidence): void {
    // The same bytes at the same place are the same evidence.
    this.items = [...this.items.filter((one) => one.at !== entry.at || one.digest !== entry.digest), entry];
    this.save();
  }

  /** Removes an entry with its bytes, and gives a way back to where it stood. */
  remove(entry: Evidence): () => void {
    const index = this.items.indexOf(entry);
    if (index < 0) return () => undefined;
    this.items = this.items.filter((one) => one !== entry);
    this.save();
    const bytesBack = this.release([entry]);
    return () => {
      bytesBack();
      const items = [...this.items];
      items.splice(Math.min(index, items.length), 0, entry);
      this.items = items;
      this.save();
    };
  }

  /** In place of what stood there of this type, which is the record of one thing, such as a route. */
  put(entry: Evidence): void {
    const before = this.items.filter((one) => one.at === entry.at && one.type === entry.type);
    this.items = [...this.items.filter((one) => !before.includes(one)), entry];
    this.save();
    this.release(before);
  }

  clear(): void {
    if (this.items.length === 0) return;
    const before = this.items;
    this.items = [];
    this.save();
    this.release(before);
  }

  /** A row of a list went: its evidence goes with it, and that of later rows moves up. Gives a way back. */
  rowRemoved(list: string, index: number): () => void {
    const before = this.items;
    this.items = before.flatMap((one) => {
      const row = rowOf(one.at, list);
      if (row === null || row < index) return [one];
      return row === index ? [] : [{ ...one, at: moved(one.at, list, row - 1) }];
    });
    if (this.items.length !== before.length || this.items.some((one, n) => one !== before[n])) this.save();
    const gone = before.filter((one) => rowOf(one.at, list) === index);
    const bytesBack = this.release(gone);
    return () => {
      bytesBack();
      this.items = [...this.items.map((one) => {
        const row = rowOf(one.at, list);
        return row !== null && row >= index ? { ...one, at: moved(one.at, list, row + 1) } : one;
      }), ...gone];
      this.save();
    };
  }

  /** Does anything name these bytes? */
  names(digest: string): boolean {
    return this.items.some((one) => one.digest === digest);
  }

  /** Bytes that nothing names any more leave the store, which would else find them again with the draft. The way back puts them in again: they
   *  are held in memory so long. */
  private release(gone: readonly Evidence[]): () => void {
    const keeper = this.keeper;
    if (!keeper || gone.length === 0) return () => undefined;
    const held = Promise.all(gone.map(async ({ digest }) => {
      const data = await keeper.blobs.get(digest);
      // Not before the draft that names them no more is on the disk: a page that ends in between must not leave one that names what is gone.
      await keeper.flush();
      if (data && !this.names(digest)) await keeper.blobs.drop(digest, keeper.draft);
      return data;
    })).catch(() => []);
    return () => void held.then((all) => Promise.all(all.map((data) => data && keeper.blobs.put(data, data.type, keeper.draft !== undefined ? { draft: keeper.draft } : {})))).catch(() => undefined);
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private save(): void {
    this.keeper?.changed(this.items);
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** The row of `list` that a place is in. */
function rowOf(at: string, list: string): number | null {
  if (!at.startsWith(`${list}/`)) return null;
  const row = Number(keysOf(at)[keysOf(list).length]);
  return Number.isInteger(row) ? row : null;
}

function moved(at: string, list: string, row: number): string {
  return join(list, row, ...keysOf(at).slice(keysOf(list).length + 1));
}

const lists = new WeakMap<Inspection, EvidenceList>();

/** The list of an inspection; the same each time. */
export function evidenceOf(inspection: Inspection): EvidenceList {
  let list = lists.get(inspection);
  if (!list) {
    list = new EvidenceList();
    lists.set(inspection, list);
  }
  return list;
}
