// What came back for a request, by what it means for a record. In: the raw reply. Out: one answer of a short list. Must not know: records,
// phases, how a request is made.
//
// Between phone and server stand proxies, gateways and the login pages of hotels. Only what carries our receipt is a receipt, and only a
// problem in our server's own form is its refusal; anything else says nothing about the record and is tried again.

import type { Receipt } from './record.ts';

/** A reply as the network gave it. */
export interface Reply {
  readonly status: number;
  /** Media type without parameters, in lower case. */
  readonly type: string;
  readonly redirected: boolean;
  readonly body: string;
  /** A header by its name in lower case, or null. */
  header(name: string): string | null;
}

export interface Envelope {
  readonly receipt: Receipt;
  readonly state: 'complete' | 'incomplete' | 'quarantined';
  readonly missing: readonly string[];
}

export type Answer =
  | { readonly kind: 'receipt'; readonly envelope: Envelope }
  /** Done, without a receipt: a part was taken. */
  | { readonly kind: 'done' }
  /** The reply is not our server's, or damaged on the way. */
  | { readonly kind: 'foreign'; readonly code: string; readonly status: number }
  | { readonly kind: 'unreachable'; readonly code: string }
  /** The server cannot now. `wait` in seconds where it said so. */
  | { readonly kind: 'busy'; readonly code: string; readonly status: number; readonly wait?: number }
  | { readonly kind: 'denied'; readonly code: string; readonly status: number }
  | { readonly kind: 'gone'; readonly code: string; readonly status: number }
  /** Nobody can say whether the request or the way is damaged: tried again a few times. */
  | { readonly kind: 'unclear'; readonly code: string; readonly status: number }
  | { readonly kind: 'refused'; readonly code: string; readonly status: number };

/** What the server says of bytes that are not what they should be; the way may have damaged them. */
const DAMAGED = new Set(['bad-json', 'broken-off', 'wrong-digest', 'not-opened']);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const DIGEST = /^sha256:[0-9a-f]{64}$/;

function receiptOf(value: unknown): Receipt | null {
  if (!isRecord(value)) return null;
  const { receipt, submission, revision, digest, time, position, key, signature } = value;
  const fits = receipt === 1 && typeof submission === 'string' && typeof revision === 'number' && typeof digest === 'string' && DIGEST.test(digest)
    && typeof time === 'string' && !Number.isNaN(Date.parse(time)) && typeof position === 'number' && typeof key === 'string' && typeof signature === 'string';
  return fits ? (value as unknown as Receipt) : null;
}

function envelopeOf(body: unknown): Envelope | null {
  if (!isRecord(body)) return null;
  const receipt = receiptOf(body['receipt']);
  const { state, missing = [] } = body;
  if (!receipt || (state !== 'complete' && state !== 'incomplete' && state !== 'quarantined')) return null;
  if (!Array.isArray(missing) || !missing.every((one) => typeof one === 'string')) return null;
  return { receipt, state, missing };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Seconds of a Retry-After header: a number, or a date measured against the server's own clock. */
export function waitOf(reply: Reply): number | undefined {
  const given = reply.header('retry-after')?.trim();
  if (!given) return undefined;
  if (/^\d{1,9}$/.test(given)) return Number(given);
  const [until, now] = [Date.parse(given), Date.parse(reply.header('date') ?? '')];
  return Number.isNaN(until) || Number.isNaN(now) ? undefined : Math.max(0, Math.round((until - now) / 1000));
}

/** The reply to a request about a record; `expects` says what a success looks like. */
export function answerOf(reply: Reply, expects: 'receipt' | 'done'): Answer {
  const { status } = reply;
  if (reply.redirected || (status >= 300 && status < 400) || status === 0) return { kind: 'foreign', code: 'redirect', status };
  if (status === 511 || status === 407) return { kind: 'foreign', code: 'login_page', status };
  if (status >= 200 && status < 300) {
    if (expects === 'done') return status !== 204 && reply.type === 'text/html' ? { kind: 'foreign', code: 'login_page', status } : { kind: 'done' };
    if (reply.type !== 'application/json') return { kind: 'foreign', code: reply.type === 'text/html' ? 'login_page' : 'not_json', status };
    const body = parsed(reply.body);
    if (body === undefined) return { kind: 'foreign', code: 'truncated', status };
    const envelope = envelopeOf(body);
    return envelope ? { kind: 'receipt', envelope } : { kind: 'foreign', code: 'not_receipt', status };
  }
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    const wait = waitOf(reply);
    return { kind: 'busy', code: status === 429 ? 'too_many' : status >= 500 ? 'server_error' : 'slow', status, ...(wait !== undefined && { wait }) };
  }
  const problem = reply.type === 'application/problem+json' ? parsed(reply.body) : undefined;
  if (!isRecord(problem)) return { kind: 'foreign', code: 'not_our_refusal', status };
  const word = typeof problem['type'] === 'string' ? (/[a-z][a-z0-9_-]{0,40}$/.exec(problem['type'])?.[0] ?? '') : '';
  const code = word || String(status);
  // 403 is about this record; 401 about the token.
  if (status === 401) return { kind: 'denied', code, status };
  if (status === 404 || status === 410) return { kind: 'gone', code, status };
  if (status === 400 || DAMAGED.has(code)) return { kind: 'unclear', code, status };
  return { kind: 'refused', code, status };
}
