// The disk in a browser: IndexedDB, written with strict durability. In: a name. Out: a Disk that opens again by itself when the system
// closed the database. Must not know: what is kept, or why.
//
// Strict, because since Chrome 121 a transaction counts as done while its bytes are still in the system's cache: a phone whose battery
// falls out then loses what the page called saved.

import { openDB, type IDBPDatabase } from 'idb';
import { KEYS, type Disk, type Shelf, type Transaction } from './disk.ts';
import { StoreFault } from './types.ts';

/** One step a version: what it changes in a store of the version before. Steps are never edited, only added. */
const STEPS: readonly ((database: IDBPDatabase) => void)[] = [
  (database) => {
    for (const shelf of ['drafts', 'files', 'bytes', 'outbox', 'bodies', 'bundles', 'leases', 'settings'] as const) database.createObjectStore(shelf, { keyPath: KEYS[shelf] });
  },
];

export const VERSION = STEPS.length;

/** Faults of IndexedDB by name; anything else is a fault of ours and goes on as it is. */
function asFault(error: unknown): unknown {
  const name = error instanceof Error ? error.name : '';
  if (name === 'QuotaExceededError') return new StoreFault('full', error);
  if (name === 'VersionError') return new StoreFault('newer', error);
  if (['InvalidStateError', 'UnknownError', 'SecurityError', 'NotAllowedError', 'TransactionInactiveError', 'AbortError', 'DataError'].includes(name)) return new StoreFault('unavailable', error);
  return error;
}

/** Is this what a database says that was closed under us? */
function closed(error: unknown): boolean {
  return error instanceof Error && (error.name === 'InvalidStateError' || error.name === 'UnknownError' || error.name === 'AbortError');
}

export class Database implements Disk {
  private opening: Promise<IDBPDatabase> | null = null;
  private outdated = false;

  /** `onNewer` is called when another tab brings a newer page: this one can store no more and should be reloaded. */
  constructor(private readonly name: string, private readonly onNewer: () => void = () => undefined) {}

  look<T>(shelves: readonly Shelf[], work: (at: Transaction) => Promise<T>): Promise<T> {
    return this.run(shelves, 'readonly', work);
  }

  change<T>(shelves: readonly Shelf[], work: (at: Transaction) => Promise<T>): Promise<T> {
    return this.run(shelves, 'readwrite', work);
  }

  private open(): Promise<IDBPDatabase> {
    if (this.outdated) return Promise.reject(new StoreFault('newer'));
    if (typeof indexedDB === 'undefined') return Promise.reject(new StoreFault('unavailable'));
    this.opening ??= openDB(this.name, VERSION, {
      upgrade: (database, from) => {
        for (const step of STEPS.slice(from)) step(database as unknown as IDBPDatabase);
      },
      blocking: (_current, _blocked, event) => {
        // A newer page waits to change the shelves: whoever holds the old ones open would block it for ever.
        (event.target as IDBDatabase | null)?.close();
        this.opening = null;
        this.outdated = true;
        this.onNewer();
      },
      terminated: () => {
        this.opening = null;
      },
    }).catch((error: unknown) => {
      this.opening = null;
      throw error;
    });
    return this.opening;
  }

  private async run<T>(shelves: readonly Shelf[], mode: 'readonly' | 'readwrite', work: (at: Transaction) => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.once(shelves, mode, work);
      } catch (error) {
        if (error instanceof StoreFault || !closed(error) || tries >= 2) throw asFault(error);
        // iOS closes databases of pages that it wants to take memory from, often without an event.
        await this.forget();
      }
    }
  }

  private async forget(): Promise<void> {
    const opened = this.opening;
    this.opening = null;
    await opened?.then((database) => database.close(), () => undefined);
  }

  private async once<T>(shelves: readonly Shelf[], mode: 'readonly' | 'readwrite', work: (at: Transaction) => Promise<T>): Promise<T> {
    const database = await this.open();
    const transaction = database.transaction([...shelves], mode, mode === 'readwrite' ? { durability: 'strict' } : {});
    const writes: Promise<unknown>[] = [];
    const write = (done: Promise<unknown>): void => {
      done.catch(() => undefined); // told by the transaction's end
      writes.push(done);
    };
    let result: T;
    try {
      result = await work({
        get: (shelf, key) => transaction.objectStore(shelf).get(key) as never,
        all: (shelf) => transaction.objectStore(shelf).getAll() as never,
        put: (shelf, value) => write((transaction.objectStore(shelf) as unknown as { put(value: unknown): Promise<unknown> }).put(value)),
        remove: (shelf, key) => write((transaction.objectStore(shelf) as unknown as { delete(key: unknown): Promise<unknown> }).delete(key)),
      });
      await Promise.all(writes);
    } catch (error) {
      transaction.done.catch(() => undefined);
      try {
        transaction.abort();
      } catch {
        // It has ended already.
      }
      throw error;
    }
    await transaction.done;
    return result;
  }
}
