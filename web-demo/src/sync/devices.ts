// The tokens that this phone may send with. In: a token from a QR code or a link. Out: the token of whoever a record belongs to. Must not
// know: what is sent. A token only writes; it is never put into an address, a log or a file.

import { digestOf, fromUtf8, utf8 } from '../store/bytes.ts';
import type { Disk } from '../store/disk.ts';
import type { Sealer } from '../store/vault.ts';

const NAME = 'devices';
const ABOUT = 'device token';
/** As many people share one phone at most. */
const MOST = 20;

interface Stored {
  readonly active: string;
  readonly list: readonly { readonly owner: string; readonly sealed: Uint8Array }[];
}

export interface Tokens {
  /** Fingerprint of the token in use; empty while there is none. */
  readonly active: string;
  /** The token of an owner, if this phone has it. */
  of(owner: string): string | undefined;
  readonly owners: readonly string[];
}

/** Is it a device token? `wb_device_` and base64url. */
export const isToken = (text: string): boolean => /^wb_[a-z]{1,16}_[A-Za-z0-9_-]{16,200}$/.test(text);

/** Finds the token in what was scanned or pasted: itself, a link with `#device=`, or `weibao:1?server=…&token=…`. */
export function tokenIn(text: string): string | null {
  const found = /(?:[#&?](?:device|token)=)([A-Za-z0-9_%-]+)/.exec(text.trim())?.[1] ?? text.trim();
  return isToken(found) ? found : null;
}

export class Devices {
  constructor(private readonly disk: Disk, private readonly outer: Sealer, private readonly hash: (bytes: Uint8Array<ArrayBuffer>) => Promise<string> = digestOf) {}

  async read(): Promise<Tokens> {
    const stored = await this.stored();
    const opened = new Map<string, string>();
    for (const one of stored.list) opened.set(one.owner, fromUtf8(await this.outer.open(one.sealed, ABOUT)));
    return { active: stored.active, of: (owner) => opened.get(owner), owners: [...opened.keys()] };
  }

  /**
   * Puts a token into use. Records without an owner become its own; records of `takes` as well, which only a person may decide: they are
   * of the same device, and its old token is no longer good.
   */
  async add(token: string, takes: readonly string[] = []): Promise<string> {
    const owner = (await this.hash(utf8(token))).slice(7, 23);
    const sealed = await this.outer.seal(utf8(token), ABOUT);
    await this.disk.change(['settings', 'outbox'], async (at) => {
      const before = ((await at.get('settings', NAME))?.value ?? { active: '', list: [] }) as Stored;
      const list = [...before.list.filter((one) => one.owner !== owner && !takes.includes(one.owner)), { owner, sealed }].slice(-MOST);
      at.put('settings', { name: NAME, value: { active: owner, list } satisfies Stored });
      for (const record of await at.all('outbox')) {
        if (record.owner === '') {
          at.put('outbox', { ...record, owner });
        } else if (record.owner !== owner && takes.includes(record.owner)) {
          // To be asked for at once: the server does not know them as this token's until it is sent their very bytes again.
          const { askedAt: _before, ...rest } = record;
          at.put('outbox', { ...rest, owner });
        }
      }
    });
    return owner;
  }

  private async stored(): Promise<Stored> {
    const found = await this.disk.look(['settings'], (at) => at.get('settings', NAME));
    return (found?.value ?? { active: '', list: [] }) as Stored;
  }
}
