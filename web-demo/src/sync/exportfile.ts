// Drafts and waiting records as one encrypted file, the last resort when nothing can be sent, and back again. In: a PIN of its own. Out: text of a
// file, or records in the store. Must not know: how a file is saved or picked. The format is described in docs/field-page.md.

import { base64url, fromBase64url, fromUtf8, randomly, utf8, uuidv7 } from '../store/bytes.ts';
import { aboutBody } from './queue.ts';
import { aboutTitle } from './finish.ts';
import type { Waiting } from './record.ts';
import { aboutDraft, unseal } from '../store/drafts.ts';
import type { Disk, Shelves } from '../store/disk.ts';
import { StoreFault, type Draft } from '../store/types.ts';
import { decrypt, encrypt, ITERATIONS, keyFromPin, type Sealer } from '../store/vault.ts';

const KIND = 'weibao records';
const ABOUT = 'weibao records 1';

interface File_ {
  readonly kind: typeof KIND;
  readonly version: 1;
  readonly kdf: { readonly name: 'PBKDF2-SHA-256'; readonly salt: string; readonly iterations: number };
  /** AES-256-GCM: twelve bytes of nonce, ciphertext, tag; over UTF-8 JSON of `Contents`. */
  readonly cipher: string;
}

interface Contents {
  readonly drafts: readonly Draft[];
  readonly records: readonly (Omit<Waiting, 'title'> & { readonly title: string; readonly body: { readonly form: 'kept' | 'sealed'; readonly bytes: string } | null })[];
  readonly files: readonly { readonly digest: string; readonly type: string; readonly owners: readonly string[]; readonly bytes: string }[];
  readonly bundles: readonly Shelves['bundles'][];
}

/** Everything that has no receipt yet. Nothing is removed by it. */
export async function exported(disk: Disk, vault: Sealer, pin: string, iterations = ITERATIONS): Promise<string> {
  const all = await disk.look(['drafts', 'outbox', 'bodies', 'files', 'bytes', 'bundles'], async (at) => ({
    drafts: await at.all('drafts'), records: (await at.all('outbox')).filter((one) => one.phase !== 'received'), bodies: await at.all('bodies'),
    files: await at.all('files'), bytes: await at.all('bytes'), bundles: await at.all('bundles'),
  }));
  const drafts: Draft[] = [];
  for (const one of all.drafts) drafts.push(await unseal(vault, one));
  const records: Contents['records'][number][] = [];
  for (const one of all.records) {
    const body = all.bodies.find((other) => other.key === one.key);
    const bytes = body && (body.form === 'kept' ? await vault.open(body.bytes, aboutBody(one.key)) : body.bytes);
    const title = fromUtf8(await vault.open(one.title, aboutTitle(one.key)));
    records.push({ ...one, title, body: body && bytes ? { form: body.form, bytes: base64url(bytes) } : null });
  }
  const owners = new Set([...drafts.map((one) => one.id), ...records.map((one) => one.id)]);
  const files: Contents['files'][number][] = [];
  for (const { digest, type, owners: of } of all.files) {
    const needed = of.filter((one) => owners.has(one));
    const held = all.bytes.find((one) => one.digest === digest);
    if (needed.length > 0 && held) files.push({ digest, type, owners: needed, bytes: base64url(await vault.open(held.sealed, digest)) });
  }
  const digests = new Set(drafts.map((one) => one.rulesetDigest));
  const contents: Contents = { drafts, records, files, bundles: all.bundles.filter((one) => digests.has(one.digest)) };
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const cipher = await encrypt(await keyFromPin(pin, salt, iterations), utf8(JSON.stringify(contents)), ABOUT);
  return JSON.stringify({ kind: KIND, version: 1, kdf: { name: 'PBKDF2-SHA-256', salt: base64url(salt), iterations }, cipher: base64url(cipher) } satisfies File_);
}

export interface Imported {
  readonly drafts: number;
  readonly records: number;
  /** Already here: left as they are. */
  readonly known: number;
}

/** Puts the contents of a file into this phone's store. Throws `damaged` where it is no such file, `wrong_pin`; then nothing has changed. */
export async function imported(disk: Disk, vault: Sealer, text: string, pin: string): Promise<Imported> {
  const file = read(text);
  const salt = fromBase64url(file.kdf.salt);
  const cipher = fromBase64url(file.cipher);
  if (!salt || !cipher) throw new StoreFault('damaged');
  const key = await keyFromPin(pin, salt, file.kdf.iterations);
  const plain = await decrypt(key, cipher, ABOUT).catch(() => {
    throw new StoreFault('wrong_pin');
  });
  const contents = JSON.parse(fromUtf8(plain)) as Contents;

  const first = await disk.change(['settings'], async (at) => {
    const before = ((await at.get('settings', 'sequence'))?.value as number | undefined) ?? 0;
    at.put('settings', { name: 'sequence', value: before + contents.records.length });
    return before + 1;
  });
  const drafts: Shelves['drafts'][] = [];
  for (const one of contents.drafts) drafts.push({ id: one.id, holder: '', bundle: one.rulesetDigest, sealed: await vault.seal(utf8(JSON.stringify(one)), aboutDraft(one.id)) });
  const records: Waiting[] = [];
  const bodies: Shelves['bodies'][] = [];
  for (const [at, { body, title, ...one }] of contents.records.entries()) {
    const at_ = first + at;
    records.push({ ...one, key: at_, owner: '', title: await vault.seal(utf8(title), aboutTitle(at_)) });
    const bytes = body && fromBase64url(body.bytes);
    if (body && bytes) bodies.push({ key: at_, form: body.form, bytes: body.form === 'kept' ? await vault.seal(bytes, aboutBody(at_)) : bytes });
  }
  const files: { file: Shelves['files']; sealed: Uint8Array }[] = [];
  for (const { digest, type, owners, bytes } of contents.files) {
    const plainBytes = fromBase64url(bytes);
    if (plainBytes) files.push({ file: { digest, type, owners, bytes: plainBytes.length }, sealed: await vault.seal(plainBytes, digest) });
  }
  return disk.change(['drafts', 'outbox', 'bodies', 'files', 'bytes', 'bundles'], async (at) => {
    const here = await at.all('outbox');
    const ids = new Set([...(await at.all('drafts')).map((one) => one.id), ...here.map((one) => one.id)]);
    let [newDrafts, newRecords, known] = [0, 0, 0];
    for (const one of drafts) {
      if (ids.has(one.id)) { known += 1; continue; }
      at.put('drafts', one);
      newDrafts += 1;
    }
    for (const one of records) {
      if (here.some((other) => other.id === one.id && other.digest === one.digest)) { known += 1; continue; }
      at.put('outbox', one);
      const body = bodies.find((other) => other.key === one.key);
      if (body) at.put('bodies', body);
      newRecords += 1;
    }
    for (const { file: one, sealed } of files) {
      const found = await at.get('files', one.digest);
      at.put('files', { ...one, owners: [...new Set([...(found?.owners ?? []), ...one.owners])] });
      if (!found) at.put('bytes', { digest: one.digest, sealed });
    }
    for (const one of contents.bundles) if (!(await at.get('bundles', one.digest))) at.put('bundles', { ...one, current: false });
    return { drafts: newDrafts, records: newRecords, known };
  });
}

function read(text: string): File_ {
  try {
    const file = JSON.parse(text) as Partial<File_>;
    const fits = file.kind === KIND && file.version === 1 && typeof file.cipher === 'string' && file.kdf?.name === 'PBKDF2-SHA-256'
      && typeof file.kdf.salt === 'string' && Number.isInteger(file.kdf.iterations) && file.kdf.iterations <= 10_000_000 && file.kdf.iterations >= 1;
    if (fits) return file as File_;
  } catch {
    // Said below.
  }
  throw new StoreFault('damaged');
}

/** A name for the file that says nothing of what is in it. */
export const exportName = (): string => `weibao-${uuidv7(Date.now(), randomly).slice(-6)}.json`;
