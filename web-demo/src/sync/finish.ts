// From a draft to the queue, in one transaction. In: a draft in hand, and what the engine made of it. Out: a record that waits, or the draft
// as it was. Must not know: how it is sent.

import { own, type Blobs } from '../store/blobs.ts';
import { digestOf, utf8 } from '../store/bytes.ts';
import type { Disk } from '../store/disk.ts';
import { EVIDENCE_TYPE, StoreFault, type Draft, type Evidence, type Json, type OpenDraft } from '../store/types.ts';
import type { Sealer } from '../store/vault.ts';
import { aboutBody } from './queue.ts';
import type { ServerKeys } from './receipt.ts';
import type { Waiting } from './record.ts';

export interface Judged {
  /** Digest of the plain report, as the phone's engine made it. */
  readonly report: string;
  /** The answers as the engine holds them. */
  readonly entry: Json;
  /** Digests of the tables that were given. */
  readonly tables?: Readonly<Record<string, string>>;
  /** Name and kind of what was inspected, for the office's list. */
  readonly subject?: { readonly name: string; readonly kind?: string; readonly place?: string };
  /** Version of the page. */
  readonly app: string;
}

export interface Desk {
  readonly disk: Disk;
  readonly vault: Sealer;
  readonly blobs: Pick<Blobs, 'putBytes'>;
  readonly holder: string;
  readonly now: () => number;
  readonly owner: () => Promise<string>;
  readonly sealTo: (key: ServerKeys['sealing'][number], id: string, plain: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>;
  readonly hash?: (bytes: Uint8Array<ArrayBuffer>) => Promise<string>;
}

export const aboutTitle = (key: number): string => `title ${key}`;

/** The longest place that the server takes for a part; a longer one stands in the evidence list alone. */
const LONGEST_PLACE = 200;

/** The body of a submission: what is signed for by the receipt, byte for byte. */
export function bodyOf(draft: Draft, judged: Judged, parts: readonly Named[], sequence: number, finishedAt: string): string {
  return JSON.stringify({
    ruleset: { id: draft.rulesetId, digest: draft.rulesetDigest }, asOf: draft.asOf, jurisdiction: draft.jurisdiction,
    entry: judged.entry, report: judged.report, ...(judged.tables && { tables: judged.tables }),
    parts: parts.map(({ digest, bytes, type, at }) => ({ digest, bytes, type, at: utf8(at).length > LONGEST_PLACE ? '' : at })),
    context: { startedAt: draft.startedAt, finishedAt, sequence, app: judged.app },
    ...(judged.subject && { subject: judged.subject }), ...(draft.corrects && { reason: draft.corrects.reason }),
  });
}

type Named = Pick<Evidence, 'digest' | 'bytes' | 'type' | 'at'>;

/** The server takes so many, the list of evidence among them. */
const MOST_PARTS = 200;

const once = <T extends { readonly digest: string }>(all: readonly T[]): T[] => [...new Map([...all].reverse().map((one) => [one.digest, one])).values()].reverse();

/** Each use of bytes by itself, so that who reads the record sees all of them; the bytes travel once. Where those were too many, each digest at the first
 *  place that names it: the list of evidence has every use in any case. */
export function partsOf(evidence: readonly Named[]): Named[] {
  const placed = evidence.filter((one) => one.at !== '' || !evidence.some((other) => other.digest === one.digest && other.at !== ''));
  return placed.length < MOST_PARTS ? placed : once(placed);
}

/** Throws `taken` or `gone` where the draft is no longer in this page's hands, and what the store throws; then nothing has changed. */
export async function finish(desk: Desk, open: OpenDraft, judged: Judged): Promise<Waiting> {
  await open.flush();
  const { draft } = open;
  if (!open.writable) throw new StoreFault('taken');
  const finishedAt = new Date(desk.now()).toISOString();
  // A number that is taken and not used leaves a gap, which is no harm; the same number twice would be.
  const { key, keys } = await desk.disk.change(['settings'], async (at) => {
    const next = (((await at.get('settings', 'sequence'))?.value as number | undefined) ?? 0) + 1;
    at.put('settings', { name: 'sequence', value: next });
    return { key: next, keys: (await at.get('settings', 'keys'))?.value as ServerKeys | undefined };
  });
  const parts = partsOf(draft.evidence);
  if (draft.evidence.length > 0) {
    const list = utf8(JSON.stringify({ evidence: draft.evidence }));
    parts.push({ ...(await desk.blobs.putBytes(list, EVIDENCE_TYPE, { draft: draft.id })), at: '' });
  }
  const plain = utf8(bodyOf(draft, judged, parts, key, finishedAt));
  const digest = await (desk.hash ?? digestOf)(plain);
  const sealing = keys?.sealing.find((one) => one.kem === 'P-256');
  const body = sealing
    ? { key, form: 'sealed' as const, bytes: await desk.sealTo(sealing, draft.id, plain) }
    : { key, form: 'kept' as const, bytes: await desk.vault.seal(plain, aboutBody(key)) };
  const record: Waiting = {
    key, id: draft.id, owner: await desk.owner(), digest, bytes: plain.length, rulesetId: draft.rulesetId,
    title: await desk.vault.seal(utf8(draft.title), aboutTitle(key)), finishedAt, ...(draft.corrects && { corrects: draft.corrects }),
    phase: 'entry', attempts: 0, parts: once(parts).map((one) => ({ digest: one.digest, bytes: one.bytes, type: one.type, done: false })),
  };
  await desk.disk.change(['drafts', 'outbox', 'bodies', 'files', 'bytes'], async (at) => {
    const found = await at.get('drafts', draft.id);
    if (!found) throw new StoreFault('gone');
    if (found.holder !== desk.holder) throw new StoreFault('taken');
    at.remove('drafts', draft.id);
    at.put('outbox', record);
    at.put('bodies', body);
    const earlier = (await at.all('outbox')).filter((one) => one.id === draft.id).flatMap((one) => one.parts.map((part) => part.digest));
    await own(at, draft.id, [...earlier, ...record.parts.map((one) => one.digest)]);
  });
  await open.close().catch(() => undefined); // nothing of it is left to close
  return record;
}
