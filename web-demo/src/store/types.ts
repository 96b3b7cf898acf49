// What the store keeps, as the rest of the page sees it: drafts, their evidence, and the bytes behind it. In: nothing. Out: types.
// Must not know: how anything is stored or sent.

import type { Json } from '../pointer.ts';

export type { Json };

/** Bytes in the store, by what they are. */
export interface BlobRef {
  /** `sha256:` and 64 hexadecimal digits, over the bytes as they were put in. */
  readonly digest: string;
  readonly bytes: number;
  /** Media type. */
  readonly type: string;
  readonly name?: string;
}

export interface BlobStore {
  /**
   * Copies bytes into the store, encrypted. When it resolves they are on the disk: a page that is killed a moment later has them still.
   * Give the draft that they are for, so that bytes that no evidence names yet are found again with it.
   * Throws a {@link StoreFault}: `full`, `locked`, `too_large`, `unreadable`, `unavailable`.
   */
  put(data: Blob, type?: string, options?: { readonly name?: string; readonly draft?: string }): Promise<BlobRef>;
  /** The draft needs these bytes no more, and they are not found again with it; where nobody else needs them, they go. */
  drop(digest: string, draft?: string): Promise<void>;
  /** The bytes, or null where the store has none of that digest. */
  get(digest: string): Promise<Blob | null>;
}

export interface Evidence {
  readonly digest: string;
  /** JSON Pointer of the field, `rule:ID` for a rule, or empty: found again after a crash, neither seen through nor placed yet. */
  readonly at: string;
  readonly kind: 'photo' | 'file' | 'signature' | 'note';
  readonly bytes: number;
  readonly type: string;
  /** RFC 3339. */
  readonly takenAt?: string;
  readonly position?: { readonly lng: number; readonly lat: number; readonly crs: string; readonly accuracy?: number };
  /** Who took or signed it. */
  readonly by?: string;
  /** The file's name, or what a note or signature is called. */
  readonly name?: string;
}

/** What is known of each photo and file beyond its bytes travels as a part of its own, so that the body keeps the form that every sender has. */
export const EVIDENCE_TYPE = 'application/vnd.weibao.evidence+json';

export interface Draft {
  /** UUIDv7; becomes the submission's id. */
  readonly id: string;
  readonly rulesetId: string;
  /** Of the bundle that it was begun under, until somebody moves it over; the store keeps that bundle's text as long as the draft. */
  rulesetDigest: string;
  asOf: string;
  jurisdiction: string;
  answers: { [key: string]: Json };
  evidence: Evidence[];
  /** Digests that the evidence has named so far, kept by the store: bytes that were named once and are not now were removed by somebody. */
  seen?: readonly string[];
  /** RFC 3339, by the phone's clock: for people to read, never to order by. */
  startedAt: string;
  changedAt: string;
  /** What the list of records shows. */
  title: string;
  /** Who is inspected, where the form does not ask it itself. */
  subject?: string;
  /** Set where it corrects a record that was finished before: the digest of that record's body, and why. */
  corrects?: { readonly digest: string; readonly reason: string };
}

/** A draft in the hands of this page. One page at a time may write it. */
export interface OpenDraft {
  /** The object that the page changes; hand it to {@link OpenDraft.save} after each change. */
  readonly draft: Draft;
  /** False while another page of this phone has it open: then it is for reading, until {@link OpenDraft.takeOver}. */
  readonly writable: boolean;
  /** Takes the draft from the other page, with what that page had saved; `draft` is replaced by it. */
  takeOver(): Promise<void>;
  /** Says that another page took this draft, or that what is saved cannot be stored. */
  onTrouble(listener: (fault: StoreFault) => void): void;
  /** Says that everything noted so far is on the disk. */
  onSaved(listener: () => void): void;
  /** Notes a change. It is on the disk within 300 ms, or at once when the page is hidden or left. */
  save(): void;
  /** Resolves when every change noted so far is on the disk; throws the fault that prevents it. */
  flush(): Promise<void>;
  /** Gives the draft back, saved. */
  close(): Promise<void>;
}

/** One line of the list of drafts. */
export interface DraftLine {
  readonly id: string;
  readonly title: string;
  readonly rulesetId: string;
  readonly rulesetDigest: string;
  readonly jurisdiction: string;
  readonly startedAt: string;
  readonly changedAt: string;
  readonly evidence: number;
  /** Left by a page that did not close it: the page was killed, or is open elsewhere. */
  readonly unclosed: boolean;
}

export interface DraftStore {
  list(): Promise<readonly DraftLine[]>;
  /** Begins a draft; `bundle` is the ruleset's text, kept so that the draft can be finished under it. */
  begin(draft: Omit<Draft, 'id' | 'startedAt' | 'changedAt' | 'evidence'> & Partial<Pick<Draft, 'id' | 'evidence'>>, bundle: string): Promise<OpenDraft>;
  open(id: string): Promise<OpenDraft>;
  /** Drops a draft and the bytes that only it names. */
  discard(id: string): Promise<void>;
}

/** What kept the store from doing its work. Words for each are in `records/words.ts`. */
export type StoreFaultCode =
  /** No room: smaller photos, export, or delete what was received. */
  | 'full'
  /** The PIN is needed first. */
  | 'locked'
  | 'wrong_pin'
  /** Another page took the draft. */
  | 'taken'
  /** No draft of that id (any more). */
  | 'gone'
  /** More bytes than one attachment may have. */
  | 'too_large'
  /** The file picked cannot be read. */
  | 'unreadable'
  /** What is stored cannot be decrypted or is not what it should be. */
  | 'damaged'
  /** A newer version of this page changed the store; reload. */
  | 'newer'
  /** IndexedDB or WebCrypto is missing or refused. */
  | 'unavailable';

export class StoreFault extends Error {
  readonly code: StoreFaultCode;
  constructor(code: StoreFaultCode, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
