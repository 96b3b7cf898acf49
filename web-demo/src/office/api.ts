// Requests of the office view. In: method, path, body. Out: plain values, or an `OfficeFault` that says in words what to do.
// The session is a cookie that no script sees. Where it has ended, whoever set `renew` is asked to log in and the request is made again,
// so that nothing that was filtered or typed is lost. Must not know: what is shown.

import { faultWords } from './faults.ts';

export class OfficeFault extends Error {
  constructor(
    readonly words: () => string,
    readonly status: number,
    /** The stable word at the end of the problem's type. */
    readonly word = '',
    /** What in the request is wrong. */
    readonly at = '',
  ) {
    super(words());
  }
}

/** Words for whatever was thrown. */
export function wordsOf(error: unknown): () => string {
  if (error instanceof OfficeFault) return error.words;
  console.error(error);
  return faultWords(0, 'page', '', '');
}

export interface Call {
  readonly method?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: Blob;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Does it give entries, so that the purpose must be told? */
  readonly reads?: boolean;
  /** Seconds to wait for the answer's beginning. */
  readonly patience?: number;
}

let renew: (() => Promise<boolean>) | null = null;
let askPurpose: (() => Promise<string | null>) | null = null;

/** Who is asked for a new login and for the purpose. */
export function connect(hooks: { renew: () => Promise<boolean>; purpose: () => Promise<string | null> }): void {
  renew = hooks.renew;
  askPurpose = hooks.purpose;
}

function address(path: string, query: Call['query'] = {}): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '');
  const text = new URLSearchParams(given).toString();
  return text ? `${path}?${text}` : path;
}

async function once(path: string, call: Call): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json', 'x-weibao': '1', ...call.headers };
  let body: BodyInit | null = null;
  if (call.raw) {
    headers['content-type'] = 'application/json';
    body = call.raw;
  } else if (call.body !== undefined) {
    headers['content-type'] = 'application/json';
    body = JSON.stringify(call.body);
  }
  if (call.reads && askPurpose) {
    const purpose = await askPurpose();
    if (purpose === null) throw new OfficeFault(faultWords(0, 'no-purpose', '', ''), 0, 'no-purpose');
    headers['x-purpose'] = encodeURIComponent(purpose);
  }
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), (call.patience ?? 30) * 1000);
  try {
    return await fetch(address(path, call.query), { method: call.method ?? 'GET', headers, body, signal: stop.signal, cache: 'no-store' });
  } catch {
    throw new OfficeFault(faultWords(0, stop.signal.aborted ? 'late' : navigator.onLine ? 'unreachable' : 'offline', '', ''), 0);
  } finally {
    clearTimeout(timer);
  }
}

async function refused(response: Response): Promise<OfficeFault> {
  const body = (await response.json().catch(() => null)) as { type?: unknown; at?: unknown; detail?: unknown; code?: unknown } | null;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const word = text(body?.type).split('#').pop() ?? '';
  const detail = [text(body?.detail), text(body?.code)].filter(Boolean).join(' ');
  return new OfficeFault(faultWords(response.status, word, text(body?.at), detail), response.status, word, text(body?.at));
}

/** The response, when it is a good one. */
export async function ask(path: string, call: Call = {}): Promise<Response> {
  let response = await once(path, call);
  const fault = response.ok ? null : await refused(response);
  if (!fault) return response;
  if (fault.status !== 401 || fault.word === 'wrong-password' || !renew) throw fault;
  if (!(await renew())) throw fault;
  response = await once(path, call);
  if (!response.ok) throw await refused(response);
  return response;
}

/** The answer's JSON. */
export async function get<T>(path: string, call: Call = {}): Promise<T> {
  const response = await ask(path, call);
  if (response.status === 204) return null as T;
  try {
    return (await response.json()) as T;
  } catch {
    throw new OfficeFault(faultWords(response.status, 'not-ours', '', ''), response.status);
  }
}

/** Saves an answer as a file. */
export async function download(path: string, call: Call): Promise<void> {
  const response = await ask(path, { patience: 120, ...call, headers: { accept: '*/*' } });
  const named = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '');
  const blob = await response.blob().catch(() => null);
  if (!blob) throw new OfficeFault(faultWords(0, 'cut-off', '', ''), 0);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = named?.[1] ?? 'export';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
