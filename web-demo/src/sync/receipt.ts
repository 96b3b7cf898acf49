// Is this receipt for what we sent, and from our server? In: a receipt, the digest that was sent, the server's public keys. Out: a word.
// Must not know: records, requests.

import * as ed from '@noble/ed25519';
import { fromBase64url, hex, utf8 } from '../store/bytes.ts';
import type { Receipt } from './record.ts';

export interface ServerKeys {
  readonly signing: readonly { readonly id: string; readonly alg: string; readonly public: string }[];
  readonly sealing: readonly { readonly id: string; readonly kem: string; readonly public: string }[];
}

/** `GET /v1/keys`, or null where it is something else. */
export function keysOf(body: unknown): ServerKeys | null {
  const { signing, sealing = [] } = (body ?? {}) as { signing?: unknown; sealing?: unknown };
  if (!Array.isArray(signing) || !Array.isArray(sealing)) return null;
  const text = (one: unknown, ...names: string[]): boolean => typeof one === 'object' && one !== null && names.every((name) => typeof (one as Record<string, unknown>)[name] === 'string');
  if (!signing.every((one) => text(one, 'id', 'alg', 'public')) || !sealing.every((one) => text(one, 'id', 'kem', 'public'))) return null;
  return { signing, sealing } as ServerKeys;
}

/** RFC 8785 for what a receipt holds: JSON values from JSON text. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value === 'object' && value !== null) {
    const record = value as Record<string, unknown>;
    return `{${Object.keys(record).sort().map((key) => `${JSON.stringify(key)}:${canonical(record[key])}`).join()}}`;
  }
  return JSON.stringify(value);
}

export type Verdict = 'good' | 'other_submission' | 'other_digest' | 'signature' | 'unknown_key';

/** The part of the check that needs no mathematics. */
export function about(receipt: Receipt, id: string, digest: string): 'good' | 'other_submission' | 'other_digest' {
  if (receipt.submission !== id) return 'other_submission';
  return receipt.digest === digest ? 'good' : 'other_digest';
}

/** Verifies the signature; without any known key there is nothing to verify with, and the digest alone decides. */
export async function signed(receipt: Receipt, keys: ServerKeys | null): Promise<'good' | 'signature' | 'unknown_key'> {
  if (!keys || keys.signing.length === 0) return 'good';
  const key = keys.signing.find((one) => one.id === receipt.key);
  const verify = VERIFIERS[key?.alg ?? ''];
  if (!key || !verify) return 'unknown_key';
  const [publicKey, signature] = [fromBase64url(key.public), fromBase64url(receipt.signature)];
  if (!publicKey || !signature || signature.length !== 64) return 'signature';
  const { signature: _apart, ...rest } = receipt;
  const good = await verify(signature, utf8(canonical(rest)), publicKey).catch(() => false);
  return good ? 'good' : 'signature';
}

type Verify = (signature: Uint8Array, bytes: Uint8Array, publicKey: Uint8Array) => Promise<boolean>;

const VERIFIERS: Record<string, Verify> = {
  Ed25519: async (signature, bytes, publicKey) => publicKey.length === 32 && ed.verifyAsync(signature, bytes, publicKey),
  // Loaded only where a server signs this way: few do.
  SM2: async (signature, bytes, publicKey) => {
    const { sm2 } = await import('sm-crypto-v2');
    return publicKey.length === 65 && sm2.doVerifySignature(bytes, hex(signature), hex(publicKey), { hash: true });
  },
};
