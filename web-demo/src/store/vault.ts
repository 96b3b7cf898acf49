// The key of this phone's store, and what it seals. In: bytes, and a PIN where one was set. Out: sealed bytes, and the way back. Must not
// know: what the bytes are, or how a PIN is asked for.
//
// One random data key seals everything. Without a PIN it is wrapped by a key that the browser keeps and does not export; with one, by a key
// made from the PIN, and a page has it only after the PIN was given. Setting a PIN therefore seals nothing anew, and other pages go on.

import { utf8 } from './bytes.ts';
import type { Disk, Transaction } from './disk.ts';
import { StoreFault } from './types.ts';

/** PBKDF2-SHA-256, as OWASP asks for in 2023 and later: a second or so on a cheap phone, once a visit. */
export const ITERATIONS = 600_000;
export const SHORTEST_PIN = 6;

type Bytes = Uint8Array<ArrayBuffer>;

type KeyRecord =
  /** Wrapped by a key that the browser holds and gives nobody. */
  | { readonly kind: 'open'; readonly holder: CryptoKey; readonly wrapped: Bytes }
  | { readonly kind: 'pin'; readonly salt: Bytes; readonly iterations: number; readonly wrapped: Bytes; readonly failures: number };

const NAME = 'key';
const NONCE = 12;

export interface Sealer {
  /** `about` is bound to the bytes: they open only as what they were sealed as. */
  seal(plain: Bytes, about: string): Promise<Bytes>;
  open(sealed: Uint8Array, about: string): Promise<Bytes>;
}

export async function encrypt(key: CryptoKey, plain: Bytes, about: string): Promise<Bytes> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
  const cipher = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: utf8(about) }, key, plain);
  const sealed = new Uint8Array(NONCE + cipher.byteLength);
  sealed.set(nonce);
  sealed.set(new Uint8Array(cipher), NONCE);
  return sealed;
}

export async function decrypt(key: CryptoKey, sealed: Uint8Array, about: string): Promise<Bytes> {
  const bytes = new Uint8Array(sealed);
  const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: bytes.subarray(0, NONCE), additionalData: utf8(about) }, key, bytes.subarray(NONCE));
  return new Uint8Array(plain);
}

/** The key that a PIN or a password makes. */
export async function keyFromPin(pin: string, salt: Bytes, iterations: number): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', utf8(pin.normalize('NFKC')), 'PBKDF2', false, ['deriveKey']);
  return crypto.subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

const imported = (raw: Bytes): Promise<CryptoKey> => crypto.subtle.importKey('raw', raw, 'AES-GCM', true, ['encrypt', 'decrypt']);

async function unwrap(wrapping: CryptoKey, wrapped: Bytes): Promise<CryptoKey> {
  const raw = await decrypt(wrapping, wrapped, NAME);
  const key = await imported(raw);
  raw.fill(0);
  return key;
}

async function wrap(wrapping: CryptoKey, key: CryptoKey): Promise<Bytes> {
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', key));
  const wrapped = await encrypt(wrapping, raw, NAME);
  raw.fill(0);
  return wrapped;
}

async function heldByBrowser(key: CryptoKey): Promise<KeyRecord> {
  const holder = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  return { kind: 'open', holder, wrapped: await wrap(holder, key) };
}

export type VaultState = 'open' | 'locked';

export class Vault implements Sealer {
  private key: CryptoKey | null = null;
  private pin = false;

  constructor(private readonly disk: Disk, private readonly iterations = ITERATIONS) {}

  /** Reads the key, making one at the first visit. */
  async start(): Promise<VaultState> {
    if (!globalThis.crypto?.subtle) throw new StoreFault('unavailable');
    let record = await this.record();
    if (!record) {
      const fresh = await heldByBrowser(await imported(crypto.getRandomValues(new Uint8Array(32))));
      record = await this.disk.change(['settings'], async (at) => {
        // Another page may have been first.
        const found = (await at.get('settings', NAME))?.value as KeyRecord | undefined;
        if (!found) at.put('settings', { name: NAME, value: fresh });
        return found ?? fresh;
      });
    }
    this.pin = record.kind === 'pin';
    if (record.kind === 'open') this.key = await unwrap(record.holder, record.wrapped);
    return this.state;
  }

  get state(): VaultState { return this.key ? 'open' : 'locked'; }
  get hasPin(): boolean { return this.pin; }

  /** Wrong PINs since the last right one. */
  async failures(): Promise<number> {
    const record = await this.record();
    return record?.kind === 'pin' ? record.failures : 0;
  }

  /** Throws `wrong_pin`. The failure is counted before the PIN is tried, so that ending the page does not save a try. */
  async unlock(pin: string): Promise<void> {
    const record = await this.record();
    if (record?.kind !== 'pin') {
      await this.start();
      return;
    }
    await this.count(record.failures + 1);
    const wrapping = await keyFromPin(pin, record.salt, record.iterations);
    try {
      this.key = await unwrap(wrapping, record.wrapped);
    } catch {
      throw new StoreFault('wrong_pin');
    }
    this.pin = true;
    await this.count(0);
  }

  /** Sets, changes or (null) removes the PIN. */
  async setPin(pin: string | null): Promise<void> {
    const key = this.key;
    if (!key) throw new StoreFault('locked');
    let value: KeyRecord;
    if (pin === null) {
      value = await heldByBrowser(key);
    } else {
      const salt = crypto.getRandomValues(new Uint8Array(16));
      const wrapped = await wrap(await keyFromPin(pin, salt, this.iterations), key);
      value = { kind: 'pin', salt, iterations: this.iterations, wrapped, failures: 0 };
    }
    await this.disk.change(['settings'], async (at) => at.put('settings', { name: NAME, value }));
    this.pin = value.kind === 'pin';
  }

  /** A new key for a phone whose PIN was forgotten. What the old one sealed can never be read again: the caller removes it. */
  async replace(also: (at: Transaction) => Promise<void>): Promise<void> {
    const key = await imported(crypto.getRandomValues(new Uint8Array(32)));
    const value = await heldByBrowser(key);
    await this.disk.change(['settings', 'drafts', 'files', 'bytes', 'outbox', 'bodies'], async (at) => {
      await also(at);
      at.put('settings', { name: NAME, value });
    });
    this.key = key;
    this.pin = false;
  }

  seal(plain: Bytes, about: string): Promise<Bytes> {
    if (!this.key) return Promise.reject(new StoreFault('locked'));
    return encrypt(this.key, plain, about);
  }

  async open(sealed: Uint8Array, about: string): Promise<Bytes> {
    if (!this.key) throw new StoreFault('locked');
    try {
      return await decrypt(this.key, sealed, about);
    } catch (error) {
      throw new StoreFault('damaged', error);
    }
  }

  private async record(): Promise<KeyRecord | undefined> {
    return (await this.disk.look(['settings'], (at) => at.get('settings', NAME)))?.value as KeyRecord | undefined;
  }

  private async count(failures: number): Promise<void> {
    await this.disk.change(['settings'], async (at) => {
      const record = (await at.get('settings', NAME))?.value as KeyRecord | undefined;
      if (record?.kind === 'pin') at.put('settings', { name: NAME, value: { ...record, failures } });
    });
  }
}

/** Seconds to wait before the next PIN: none for two mistakes, then doubling to ten minutes. */
export function pinDelay(failures: number): number {
  return failures < 3 ? 0 : Math.min(600, 2 ** (failures - 1));
}
