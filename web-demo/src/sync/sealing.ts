// Seals a body to the server, so that this phone itself cannot read it again. In: the server's public key, the submission's id, the body's
// bytes. Out: the bytes to send. HPKE (RFC 9180). Must not know: what the body says. Loaded only when something is finished.

import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { base64url, fromBase64url, utf8 } from '../store/bytes.ts';
import type { ServerKeys } from './receipt.ts';

export const SEALED_TYPE = 'application/vnd.weibao.sealed+json';
const INFO = 'weibao submission';

export const sealingKey = (keys: ServerKeys | null): ServerKeys['sealing'][number] | undefined => keys?.sealing.find((one) => one.kem === 'P-256');

export async function sealTo(key: ServerKeys['sealing'][number], id: string, plain: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const point = fromBase64url(key.public);
  if (!point) throw new Error('the sealing key is no base64url');
  const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const recipientPublicKey = await suite.kem.deserializePublicKey(point);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info: utf8(INFO) }, plain, utf8(id));
  return utf8(JSON.stringify({ sealed: 1, key: key.id, enc: base64url(new Uint8Array(enc)), ciphertext: base64url(new Uint8Array(ct)) }));
}
