// The requests of an inspection to the server: the list of rulesets, a bundle's address, the recheck, what it knows of a report. In: plain values. Out: plain
// values, or a ServerFault that says in words what an inspector can do. Addresses are relative: page and server are one origin.

import type { Json } from './pointer.ts';
import { say, type Text } from './ui/i18n.ts';

export interface RulesetEntry {
  readonly id: string;
  readonly version?: string;
  readonly title: Text;
  /** Of the bundle in force. */
  readonly digest?: string;
  /** GB/T 2260 code of the area that the base holds for. */
  readonly jurisdiction?: string;
  /** Layers on the base, each for an area of its own. */
  readonly layers?: readonly { readonly id: string; readonly title: Text; readonly jurisdiction: string }[];
}

/** What the server says of a report that it has received. */
export interface KnownReport {
  readonly time?: string;
  readonly ruleset?: { readonly id?: string; readonly version?: string };
  readonly position?: number;
}

export interface RecheckRequest {
  readonly ruleset: string;
  readonly entry: Json;
  readonly asOf: string;
  readonly jurisdiction: string;
  readonly digest: string;
}

export interface RecheckAnswer {
  readonly agree: boolean;
  readonly digest: string;
  /** Digest of the server's bundle; differs where the server has other rules. */
  readonly ruleset: string;
  readonly verdict: string;
}

export class ServerFault extends Error {
  readonly status: number;
  constructor(readonly words: () => string, status = 0) {
    super(words());
    this.status = status;
  }
}

const PATIENCE = 20_000;

async function ask(path: string, init: RequestInit = {}): Promise<unknown> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  let response: Response;
  try {
    response = await fetch(path, { ...init, signal: stop.signal, headers: { accept: 'application/json', ...init.headers } });
  } catch {
    const late = stop.signal.aborted;
    throw new ServerFault(() => late
      ? say('服务器太久没有回答。所填内容还在，请稍后再试。', 'The server took too long. Your answers are still here; try again later.')
      : navigator.onLine
        ? say('连不上服务器。所填内容还在，请稍后再试。', 'The server cannot be reached. Your answers are still here; try again later.')
        : say('手机没有联网。所填内容还在，联网后再试。', 'This device is offline. Your answers are still here; try again when connected.'));
  } finally {
    clearTimeout(timer);
  }
  const text = await response.text().catch(() => '');
  let body: unknown = null;
  try {
    body = JSON.parse(text);
  } catch {
    // Said below: a server that answers no JSON is not ours.
  }
  if (!response.ok) throw refusal(response.status, body);
  if (body === null) {
    throw new ServerFault(() => say('服务器的回答读不懂，可能不是本系统的服务器。', 'The answer is not one of this system\'s server.'), response.status);
  }
  return body;
}

/** A refusal is a problem of RFC 9457; its type ends in a stable word. */
function refusal(status: number, body: unknown): ServerFault {
  const problem = (body ?? {}) as { type?: unknown; at?: unknown };
  const word = typeof problem.type === 'string' ? (problem.type.split('#').pop() ?? '') : '';
  const at = typeof problem.at === 'string' && problem.at !== '' ? ` ${problem.at}` : '';
  const detail = word ? ` [${word}${at}]` : '';
  return new ServerFault(() => {
    switch (true) {
      case status === 413:
        return say('这份记录太大，服务器不收。请减少列表的项数或者边界的点数。', 'This record is too large for the server. Shorten its lists or boundaries.');
      case status === 404:
        return say('服务器没有这套规则，可能已经更换。', 'The server does not have this ruleset; it may have been replaced.') + detail;
      case status === 408:
        return say('网络太慢，没有传完。所填内容还在，请再试一次。', 'The connection is too slow. Your answers are still here; try again.');
      case status === 429 || status === 503:
        return say('服务器正忙，请稍后再试。', 'The server is busy; try again later.') + detail;
      case status >= 500:
        return say(`服务器出错（${status}），请稍后再试。`, `The server failed (${status}); try again later.`) + detail;
      default:
        return say(`服务器不接受（${status}）。`, `The server refused it (${status}).`) + detail;
    }
  }, status);
}

/** The rulesets that the server has. */
export async function listRulesets(): Promise<readonly RulesetEntry[]> {
  const body = (await ask('v1/rulesets')) as { rulesets?: RulesetEntry[] } | RulesetEntry[];
  return Array.isArray(body) ? body : (body.rulesets ?? []);
}

export function bundleAddress(id: string): string {
  return new URL(`v1/bundles/${encodeURIComponent(id)}`, document.baseURI).href;
}

/** The server checks the same entry with its own bundle. */
export async function recheck(request: RecheckRequest): Promise<RecheckAnswer> {
  const body = (await ask('v1/recheck', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  })) as { agree?: boolean; report?: { digest?: string; ruleset?: { digest?: string }; verdict?: { outcome?: string } } };
  const digest = body.report?.digest ?? '';
  return {
    agree: digest !== '' && digest === request.digest,
    digest,
    ruleset: body.report?.ruleset?.digest ?? '',
    verdict: body.report?.verdict?.outcome ?? '',
  };
}

/** What the server knows of the report with this digest (64 hexadecimal digits); `null` where it has not received it. */
export async function knownReport(digest: string): Promise<KnownReport | null> {
  try {
    const body = (await ask(`v1/verify/${digest}`)) as KnownReport & { known?: boolean };
    return body.known === true ? body : null;
  } catch (error) {
    if (error instanceof ServerFault && error.status === 404) return null;
    throw error;
  }
}
