// A record that was finished and waits for its receipt, as it stands on the disk. In: nothing. Out: types. Must not know: how it is sent,
// or what is in it: its body is sealed.

/** What the server gave for a submission; `server.md` of the docs says what each member is. */
export interface Receipt {
  readonly receipt: number;
  readonly submission: string;
  readonly revision: number;
  readonly digest: string;
  readonly time: string;
  readonly position: number;
  readonly key: string;
  readonly signature: string;
  readonly [member: string]: unknown;
}

export interface Part {
  readonly digest: string;
  readonly bytes: number;
  readonly type: string;
  readonly done: boolean;
}

/** Where a record stands. The home list has one place for each. */
export type Phase =
  /** Its body is to be sent. */
  | 'entry'
  /** The server has the body; photos and files follow. */
  | 'parts'
  /** All was sent; the server is asked whether it has all. */
  | 'closing'
  /** 已签收. */
  | 'received'
  /** The server refuses it: a person must look. */
  | 'attention';

export interface Waiting {
  /** The place in the queue, from a counter that only rises: clocks of phones jump. */
  readonly key: number;
  /** The submission's id. */
  readonly id: string;
  /** Who may send it: the fingerprint of a device token, or empty until a token is known. */
  readonly owner: string;
  /** Of the plain body's bytes. */
  readonly digest: string;
  readonly bytes: number;
  readonly rulesetId: string;
  /** Sealed like a draft: the name that the list shows. */
  readonly title: Uint8Array;
  readonly finishedAt: string;
  /** The digest of the revision that it replaces, and why. */
  readonly corrects?: { readonly digest: string; readonly reason: string };
  readonly phase: Phase;
  readonly parts: readonly Part[];
  /** Tries of this record in a row that came to nothing. */
  readonly attempts: number;
  /** How often the server said that it cannot read what arrived. */
  readonly unclear?: number;
  /** Why the last one came to nothing, or what must be looked at. */
  readonly fault?: { readonly code: string; readonly status: number };
  readonly receipt?: Receipt;
  /** The server keeps it and cannot judge it yet. */
  readonly quarantined?: boolean;
  /** The server's clock when it was last asked whether it still has it, in milliseconds. */
  readonly askedAt?: number;
}
