// Seals what this phone must be able to use before any PIN is given: device tokens. In: bytes. Out: sealed bytes. The key never leaves the
// browser, so what is copied off the disk alone opens nothing. Must not know: what is sealed.

import type { Disk } from './disk.ts';
import { StoreFault } from './types.ts';
import { decrypt, encrypt, type Sealer } from './vault.ts';

const NAME = 'browser_key';

export class BrowserKey implements Sealer {
  private key: Promise<CryptoKey> | null = null;

  constructor(private readonly disk: Disk) {}

  async seal(plain: Uint8Array<ArrayBuffer>, about: string): Promise<Uint8Array<ArrayBuffer>> {
    return encrypt(await this.get(), plain, about);
  }

  async open(sealed: Uint8Array, about: string): Promise<Uint8Array<ArrayBuffer>> {
    const key = await this.get();
    return decrypt(key, sealed, about).catch((error: unknown) => {
      throw new StoreFault('damaged', error);
    });
  }

  private get(): Promise<CryptoKey> {
    this.key ??= this.make().catch((error: unknown) => {
      this.key = null;
      throw error;
    });
    return this.key;
  }

  private async make(): Promise<CryptoKey> {
    const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    return this.disk.change(['settings'], async (at) => {
      const found = (await at.get('settings', NAME))?.value as CryptoKey | undefined;
      if (!found) at.put('settings', { name: NAME, value: fresh });
      return found ?? fresh;
    });
  }
}
