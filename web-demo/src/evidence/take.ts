// From a file that was picked, or a photo that was taken, to evidence. In: a File. Out: an entry whose bytes are in the store, and words on what
// was done with it. The bytes are stored before anything is read of them: what comes later may be killed, and the file may be gone.

import { digestOf as bytesDigest } from '../store/bytes.ts';
import { WHOLE, type EvidenceList, type Keeper } from './list.ts';
import { NO_FACTS, type PhotoFacts } from './exif.ts';
import { MOST_PHOTO, redraw } from './picture.ts';
import { kindOf, strip, type PictureKind } from './strip.ts';
import type { BlobRef, Evidence } from '../store/types.ts';

/** What was noticed on the way; each has its words. */
export type Notice =
  /** A position was in the file and is cut out of the copy. */
  | 'stripped'
  /** Drawn anew, smaller. */
  | 'smaller'
  /** Drawn anew as JPEG. */
  | 'converted'
  /** The browser cannot read the format: kept whole, with whatever is in it. */
  | 'kept_whole';

export interface Taken {
  readonly entry: Evidence;
  readonly notices: readonly Notice[];
  /** Digest of the bytes as they came from the camera, where the copy differs. */
  readonly original: string;
}

export interface Seen {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly facts: PhotoFacts;
  readonly notices: readonly Notice[];
}

const TYPES: Record<PictureKind, string> = { jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp', heic: 'image/heic', other: '' };

/** A copy that may be kept: without position, not too large. `draw` draws a picture anew, or gives null. */
export async function seen(bytes: Uint8Array<ArrayBuffer>, type: string, draw: (data: Blob) => Promise<Blob | null>): Promise<Seen> {
  const kind = kindOf(bytes);
  const media = TYPES[kind] || type || 'application/octet-stream';
  if (kind === 'other') return { bytes, type: media, facts: NO_FACTS, notices: [] };
  const stripped = strip(bytes, kind);
  const facts = stripped?.facts ?? NO_FACTS;
  const notices: Notice[] = facts.placed ? ['stripped'] : [];
  if (stripped && stripped.bytes.length <= MOST_PHOTO) return { bytes: stripped.bytes, type: media, facts, notices };
  const drawn = await draw(new Blob([stripped?.bytes ?? bytes], { type: media }));
  if (drawn) return { bytes: new Uint8Array(await drawn.arrayBuffer()), type: drawn.type, facts, notices: [...notices, stripped ? 'smaller' : 'converted'] };
  return stripped ? { bytes: stripped.bytes, type: media, facts, notices } : { bytes, type: media, facts, notices: ['kept_whole'] };
}

/** Takes a file for a field or a rule. Throws what the store throws; then nothing was added. */
export async function takeFile(list: EvidenceList, keeper: Keeper, file: Blob, at: string, name?: string): Promise<Taken> {
  const first = await keeper.blobs.put(file, file.type, { ...ownerOf(keeper), ...(name !== undefined ? { name } : {}) });
  // From the store and not from the file: Android's picker gives files that can be read once.
  return copied(list, keeper, first, (await keeper.blobs.get(first.digest)) ?? file, at, name);
}

/** Takes bytes that were stored before a page ended, and that nothing names: of what they were is not known, so that they are of the whole. */
export async function takeFound(list: EvidenceList, keeper: Keeper, found: BlobRef): Promise<Taken | null> {
  const stored = await keeper.blobs.get(found.digest);
  return stored && copied(list, keeper, found, stored, null);
}

const ownerOf = (keeper: Keeper): { draft?: string } => (keeper.draft !== undefined ? { draft: keeper.draft } : {});

/** The entry of a copy that may be kept, in place of the bytes as they came. Without a place: of the whole, where no place has the copy yet. */
async function copied(list: EvidenceList, keeper: Keeper, first: BlobRef, data: Blob, at: string | null, name?: string): Promise<Taken> {
  const options = { ...ownerOf(keeper), ...(name !== undefined ? { name } : {}) };
  const copy = await seen(new Uint8Array(await data.arrayBuffer()), first.type, redraw);
  const digest = await bytesDigest(copy.bytes);
  const ref = digest === first.digest ? { ...first, type: copy.type } : await keeper.blobs.put(new Blob([copy.bytes], { type: copy.type }), copy.type, options);
  const entry: Evidence = {
    digest: ref.digest, at: at ?? WHOLE, ...(name ? { name } : {}), kind: copy.type.startsWith('image/') && !copy.notices.includes('kept_whole') ? 'photo' : 'file', bytes: ref.bytes, type: copy.type,
    ...(copy.facts.takenAt ? { takenAt: copy.facts.takenAt } : {}), ...(copy.facts.position ? { position: copy.facts.position } : {}),
  };
  if (at !== null || !list.names(ref.digest)) list.add(entry);
  // The original may hold a place; nothing names it, so nothing keeps it. A page that is killed before this finds both again.
  if (ref.digest !== first.digest && !list.names(first.digest)) await keeper.blobs.drop(first.digest, keeper.draft);
  return { entry, notices: copy.notices, original: first.digest };
}

/** Takes a record made on the page: fixes, a route, a note, a signature. */
export async function takeMade(list: EvidenceList, data: Blob, entry: Pick<Evidence, 'at' | 'kind'> & Partial<Evidence>, one: 'add' | 'put' = 'add'): Promise<Evidence> {
  const keeper = await list.kept();
  const ref = await keeper.blobs.put(data, data.type, ownerOf(keeper));
  const made: Evidence = { takenAt: new Date().toISOString(), ...entry, digest: ref.digest, bytes: ref.bytes, type: data.type };
  list[one](made);
  return made;
}
