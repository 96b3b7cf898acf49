// Requests to the server. In: a request. Out: the reply as it came. Must not know: what it means.

import type { Reply } from './answer.ts';

export interface Request_ {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'PATCH';
  /** Relative to the page: page and server are one origin. */
  readonly path: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
}

/** Nothing came back, or not all of it. */
export class Unreachable extends Error {
  readonly code: 'offline' | 'timeout' | 'unreachable' | 'cut_off';
  constructor(code: Unreachable['code']) {
    super(code);
    this.code = code;
  }
}

export type Transport = (request: Request_) => Promise<Reply>;

/** A minute for the answer, and a second for each ten kilobytes that go up: 2G at a village school. */
const patience = (bytes: number): number => 60_000 + bytes / 10;

export const overNetwork: Transport = async ({ method, path, token, headers = {}, body }) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience(body?.length ?? 0));
  try {
    const response = await fetch(new URL(path, document.baseURI), {
      method, signal: stop.signal, cache: 'no-store', credentials: 'omit', redirect: 'manual', referrerPolicy: 'no-referrer',
      headers: { accept: 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
      ...(body && { body }),
    });
    let text: string;
    try {
      text = await response.text();
    } catch {
      throw new Unreachable('cut_off');
    }
    return {
      status: response.status, body: text, redirected: response.redirected || response.type === 'opaqueredirect',
      type: (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
      header: (name) => response.headers.get(name),
    };
  } catch (error) {
    if (error instanceof Unreachable) throw error;
    throw new Unreachable(stop.signal.aborted ? 'timeout' : navigator.onLine ? 'unreachable' : 'offline');
  } finally {
    clearTimeout(timer);
  }
};
