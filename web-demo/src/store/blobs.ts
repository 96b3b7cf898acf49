// Bytes of evidence, sealed and found by their digest. In: a Blob. Out: its digest, once it is on the disk. Must not know: which field or rule
// it belongs to.

import { digestOf } from './bytes.ts';
import type { Disk, Transaction } from './disk.ts';
import { StoreFault, type BlobRef, type BlobStore } from './types.ts';
import type { Sealer } from './vault.ts';

/** What the server takes as one part. */
export const MOST_BYTES = 20 * 1024 * 1024;

/** Owner of bytes that were put in without saying for what. */
export const UNOWNED = '';

interface PutOptions {
  readonly name?: string;
  readonly draft?: string;
}

export class Blobs implements BlobStore {
  constructor(private readonly disk: Disk, private readonly vault: Sealer, private readonly hash = digestOf) {}

  async put(data: Blob, type: string = data.type, options: PutOptions = {}): Promise<BlobRef> {
    if (data.size > MOST_BYTES) throw new StoreFault('too_large');
    let plain: Uint8Array<ArrayBuffer>;
    try {
      plain = new Uint8Array(await (typeof data.arrayBuffer === 'function' ? data.arrayBuffer() : new Response(data).arrayBuffer()));
    } catch (error) {
      // Android's photo picker hands out files that it cannot read a moment later.
      throw new StoreFault('unreadable', error);
    }
    return this.putBytes(plain, type, options);
  }

  /** The same for bytes that are here already. */
  async putBytes(plain: Uint8Array<ArrayBuffer>, type: string, options: PutOptions = {}): Promise<BlobRef> {
    const digest = await this.hash(plain);
    const sealed = await this.vault.seal(plain, digest);
    const owner = options.draft ?? UNOWNED;
    const media = type === '' ? 'application/octet-stream' : type;
    await this.disk.change(['files', 'bytes'], async (at) => {
      const found = await at.get('files', digest);
      at.put('files', { digest, bytes: plain.length, type: media, owners: [...new Set([...(found?.owners ?? []), owner])] });
      if (!found) at.put('bytes', { digest, sealed });
    });
    return { digest, bytes: plain.length, type: media, ...(options.name !== undefined && { name: options.name }) };
  }

  /** A draft needs them no more. What was finished under the same id, and is corrected by that draft, keeps what it names. */
  async drop(digest: string, draft: string = UNOWNED): Promise<void> {
    await this.disk.change(['files', 'bytes', 'outbox'], async (at) => {
      const found = await at.get('files', digest);
      if (!found) return;
      if ((await at.all('outbox')).some((one) => one.id === draft && one.parts.some((part) => part.digest === digest))) return;
      const owners = found.owners.filter((one) => one !== draft);
      if (owners.length > 0) return at.put('files', { ...found, owners });
      at.remove('files', digest);
      at.remove('bytes', digest);
    });
  }

  async get(digest: string): Promise<Blob | null> {
    const found = await this.disk.look(['files', 'bytes'], async (at) => ({ file: await at.get('files', digest), bytes: await at.get('bytes', digest) }));
    if (!found.file || !found.bytes) return null;
    return new Blob([await this.vault.open(found.bytes.sealed, digest)], { type: found.file.type });
  }
}

/** Inside a transaction over `files` and `bytes`: `owner` needs these and no others. */
export async function own(at: Transaction, owner: string, digests: readonly string[]): Promise<void> {
  const needed = new Set(digests);
  for (const file of await at.all('files')) {
    const owners = file.owners.filter((one) => one !== owner && !(one === UNOWNED && needed.has(file.digest)));
    if (needed.has(file.digest)) owners.push(owner);
    if (owners.length === 0) {
      at.remove('files', file.digest);
      at.remove('bytes', file.digest);
    } else if (owners.join() !== file.owners.join()) {
      at.put('files', { ...file, owners });
    }
  }
}
