// Sends what was finished, and keeps it until the server's receipt is here. In: ports to disk, network, locks, chance and time. Out: records
// moved on by the table in `machine.ts`. Must not know: browsers, words, how a record is shown.
//
// One pass goes through all records; one page at a time makes passes. A pass that is killed anywhere is made again: the request is the
// same, and the server answers the same receipt.

import type { Disk, Transaction } from '../store/disk.ts';
import type { Locks } from '../store/locks.ts';
import { own } from '../store/blobs.ts';
import { StoreFault } from '../store/types.ts';
import type { Sealer } from '../store/vault.ts';
import { answerOf, type Answer, type Reply } from './answer.ts';
import type { Devices, Tokens } from './devices.ts';
import { after, pause, TABLE, type Happening, type Step } from './machine.ts';
import { about, keysOf, type ServerKeys } from './receipt.ts';
import type { Receipt, Waiting } from './record.ts';
import { Unreachable, type Request_, type Transport } from './transport.ts';
import { upload } from './upload.ts';

export interface Ports {
  readonly disk: Disk;
  readonly vault: Sealer;
  readonly devices: Devices;
  readonly locks: Locks;
  readonly send: Transport;
  readonly signed: (receipt: Receipt, keys: ServerKeys | null) => Promise<'good' | 'signature' | 'unknown_key'>;
  readonly sealTo: (key: ServerKeys['sealing'][number], id: string, plain: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>;
  /** Milliseconds since some moment; never jumps. */
  readonly elapsed: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly random: () => number;
  readonly table?: typeof TABLE;
}

/** What a page shows of the queue as a whole. */
export interface QueueState {
  readonly sending: boolean;
  /** Why the last pass stopped: the way to the server, not a record. */
  readonly fault: string | null;
  /** Milliseconds, on `elapsed`, before which the server asked not to be asked. */
  readonly notBefore: number;
}

interface ServerClock {
  /** The latest time that the server told, in milliseconds. */
  readonly now: number;
  /** The furthest position in its chain that a receipt named. */
  readonly position: number;
}

const DAY = 86_400_000;
const KEYS_LAST = DAY / 4;
export const KEPT_DAYS = 7;
export const SENDER = 'weibao sender';
/** After so many records in a row in vain, the way is what fails. */
const IN_A_ROW = 2;

type SettingName = 'keys' | 'server' | 'kept_days';

export class Queue {
  private running: Promise<void> | null = null;
  private again = false;
  private vain = 0;
  private alarm = 0;
  /** When the keys were last fetched, on `elapsed`. */
  private keysAt: number | null = null;
  private listeners: (() => void)[] = [];
  private current: QueueState = { sending: false, fault: null, notBefore: 0 };

  constructor(private readonly ports: Ports) {}

  get state(): QueueState { return this.current; }

  onChange(listener: () => void): () => void {
    this.listeners.push(listener);
    return () => { this.listeners = this.listeners.filter((one) => one !== listener); };
  }

  /** Sends what can be sent now. Asking again while it runs makes one more pass after it. */
  flush(): Promise<void> {
    this.again = this.running !== null;
    this.running ??= this.passes().finally(() => { this.running = null; });
    return this.running;
  }

  /** A person wants a record that stands under 需处理 to be tried again. */
  async retry(key: number): Promise<void> {
    await this.move(key, 'attention', { kind: 'retry' });
    void this.flush();
  }

  async keys(): Promise<ServerKeys | null> {
    return (await this.setting<ServerKeys>('keys')) ?? null;
  }

  private async passes(): Promise<void> {
    const alarm = ++this.alarm;
    let left = false;
    do {
      this.again = false;
      if (this.ports.elapsed() < this.current.notBefore) { left = true; break; }
      const hold = await this.ports.locks.tryHold(SENDER);
      if (!hold) { left = true; break; }
      let over = false;
      void hold.over.then(() => { over = true; });
      this.say({ ...this.current, sending: true });
      let fault: string | null;
      try {
        fault = await this.pass(() => over);
      } catch (error) {
        fault = error instanceof StoreFault ? error.code : 'internal';
        if (!(error instanceof StoreFault)) console.error('the queue stopped', error instanceof Error ? error.name : '');
      } finally {
        hold.release();
      }
      left = fault !== null;
      this.vain = fault === null ? 0 : this.vain + 1;
      this.say({ ...this.current, sending: false, fault });
    } while (this.again);
    if (!left) return;
    const delay = Math.max(this.current.notBefore - this.ports.elapsed(), pause(this.vain, this.ports.random));
    void this.ports.wait(delay).then(() => {
      if (alarm === this.alarm) void this.flush();
    });
  }

  /** Goes through all records once. Gives what stopped it, or null. */
  private async pass(over: () => boolean): Promise<string | null> {
    const tokens = await this.ports.devices.read();
    await this.bind(tokens.active);
    if ((await this.ports.disk.look(['outbox'], (at) => at.all('outbox'))).length === 0) return null;
    // The keys come with the server's time, by which records are asked for again and removed.
    if (this.keysAt === null || this.ports.elapsed() - this.keysAt > KEYS_LAST) {
      const fault = await this.fetchKeys(tokens.of(tokens.active));
      if (fault === 'no_submissions' || (fault !== null && !(await this.keys()))) return fault;
    }
    const seen = new Set<number>();
    const held = new Set<string>();
    let [row, stopped, asksAll]: [number, string | null, boolean] = [0, null, false];
    for (;;) {
      if (over()) return stopped;
      const record = await this.next(seen, held, tokens, asksAll);
      if (!record) return stopped;
      seen.add(record.key);
      const { last, wait, wentBack } = await this.see(record, tokens.of(record.owner));
      asksAll ||= wentBack;
      if (!last) continue;
      if (last.then === 'hold') held.add(record.owner);
      const code = last.record.fault?.code ?? null;
      if (last.then === 'hold') {
        stopped = code;
        continue;
      }
      if (last.record.phase === 'attention' || !last.vain) {
        if (code !== 'locked') row = 0;
        continue;
      }
      stopped = code;
      row += 1;
      if (wait !== undefined) {
        this.say({ ...this.current, notBefore: this.ports.elapsed() + wait * 1000 });
        return stopped;
      }
      if (row >= IN_A_ROW) return stopped;
    }
  }

  /** Forgets a record that needs a person, when that person says so; it was not received. False where it needs none any more. */
  async remove(key: number): Promise<boolean> {
    const gone = await this.ports.disk.change(['drafts', 'outbox', 'bodies', 'files', 'bytes'], async (at) => {
      const found = await at.get('outbox', key);
      if (found?.phase !== 'attention') return false;
      await forget(at, found.id, [found]);
      // The server never had it: what was to correct it takes its place.
      for (const one of found.receipt ? [] : await at.all('outbox')) {
        if (one.id !== found.id || one.corrects?.digest !== found.digest) continue;
        const { corrects: _gone, ...rest } = one;
        at.put('outbox', { ...rest, ...(found.corrects && { corrects: found.corrects }) });
      }
      return true;
    });
    this.tell();
    return gone;
  }

  /** Makes room: forgets what was received, before its days are over. A record with a correction that is still on its way stays. Gives how many. */
  async removeReceived(): Promise<number> {
    const gone = await this.ports.disk.change(['drafts', 'outbox', 'bodies', 'files', 'bytes'], async (at) => {
      const ids = new Map<string, Waiting[]>();
      for (const one of await at.all('outbox')) ids.set(one.id, [...(ids.get(one.id) ?? []), one]);
      const whole = [...ids].filter(([, records]) => records.every((one) => one.phase === 'received'));
      for (const [id, records] of whole) await forget(at, id, records);
      return whole.length;
    });
    this.tell();
    return gone;
  }

  /** One record, as far as it goes now. */
  private async see(record: Waiting, token: string | undefined): Promise<{ last: Step | null; wait?: number; wentBack: boolean }> {
    let last: Step | null = null;
    let wentBack = false;
    let at = record;
    // A server that forgets its parts as fast as they come must not keep the pass for ever.
    for (let left = 2 * record.parts.length + 6; left > 0; left -= 1) {
      const { happened, wait, receipt } = await this.work(at, token);
      if (receipt) wentBack = (await this.noteServer(receipt.time, receipt.position)) || wentBack;
      last = await this.move(at.key, at.phase, happened);
      if (wait !== undefined) return { last, wait, wentBack };
      if (!last || last.then !== 'on') break;
      if (at.phase === 'closing' && last.record.phase === 'closing') break;
      at = last.record;
    }
    return { last, wentBack };
  }

  private async work(record: Waiting, token: string | undefined): Promise<{ happened: Happening; wait?: number; receipt?: Receipt }> {
    try {
      if (record.phase === 'entry') return await this.sendEntry(record, token);
      if (record.phase === 'parts') return await this.sendPart(record, token);
      return await this.ask(record, { method: 'GET', path: `v1/submissions/${record.id}/receipt`, ...(token !== undefined && { token }) });
    } catch (error) {
      if (error instanceof Unreachable) return { happened: { kind: 'unreachable', code: error.code } };
      if (error instanceof StoreFault && error.code === 'locked') return { happened: { kind: 'locked', code: 'locked' } };
      if (error instanceof StoreFault && error.code === 'damaged') return { happened: { kind: 'lost', code: 'damaged' } };
      throw error;
    }
  }

  private async sendEntry(record: Waiting, token: string | undefined): Promise<{ happened: Happening; wait?: number; receipt?: Receipt }> {
    const found = await this.ports.disk.look(['bodies'], (at) => at.get('bodies', record.key));
    if (!found) return { happened: { kind: 'lost', code: 'body_missing' } };
    let { bytes, form }: { bytes: Uint8Array; form: 'kept' | 'sealed' } = found;
    if (form === 'kept') {
      const plain = await this.ports.vault.open(bytes, aboutBody(record.key));
      const key = (await this.keys())?.sealing.find((one) => one.kem === 'P-256');
      bytes = plain;
      if (key) {
        const sealed = await this.ports.sealTo(key, record.id, plain);
        await this.ports.disk.change(['bodies'], async (at) => at.put('bodies', { key: record.key, form: 'sealed', bytes: sealed }));
        [bytes, form] = [sealed, 'sealed'];
      }
    }
    return this.ask(record, {
      method: 'PUT', path: `v1/submissions/${record.id}`, ...(token !== undefined && { token }), body: new Uint8Array(bytes),
      headers: {
        'content-type': form === 'sealed' ? 'application/vnd.weibao.sealed+json' : 'application/json',
        ...(record.corrects && { 'if-match': `"${record.corrects.digest}"` }),
      },
    });
  }

  private async sendPart(record: Waiting, token: string | undefined): Promise<{ happened: Happening; wait?: number }> {
    const part = record.parts.find((one) => !one.done);
    if (!part) return { happened: { kind: 'part', digest: '' } };
    const found = await this.ports.disk.look(['bytes'], (at) => at.get('bytes', part.digest));
    if (!found) return { happened: { kind: 'lost', code: 'part_missing' } };
    const bytes = await this.ports.vault.open(found.sealed, part.digest);
    const answer = await upload(this.ports.send, { submission: record.id, digest: part.digest, type: part.type, ...(token !== undefined && { token }) }, new Uint8Array(bytes));
    if (answer.kind === 'done' || answer.kind === 'receipt') return { happened: { kind: 'part', digest: part.digest } };
    return { happened: answer, ...(answer.kind === 'busy' && answer.wait !== undefined && { wait: answer.wait }) };
  }

  /** A request that a receipt answers. */
  private async ask(record: Waiting, request: Request_): Promise<{ happened: Happening; wait?: number; receipt?: Receipt }> {
    const reply = await this.ports.send(request);
    const answer: Answer = answerOf(reply, 'receipt');
    if (answer.kind === 'done') return { happened: { kind: 'foreign', code: 'not_receipt', status: reply.status } };
    if (answer.kind !== 'receipt') return { happened: answer, ...(answer.kind === 'busy' && answer.wait !== undefined && { wait: answer.wait }) };
    const { receipt } = answer.envelope;
    const verdict = await this.verdict(record, receipt, request.token);
    if (verdict !== 'good') return { happened: { kind: 'foreign', code: verdict, status: reply.status } };
    const serverTime = await this.serverTime(reply, receipt);
    return { happened: { kind: 'receipt', envelope: answer.envelope, serverTime }, receipt };
  }

  private async verdict(record: Waiting, receipt: Receipt, token: string | undefined): Promise<string> {
    const claim = about(receipt, record.id, record.digest);
    if (claim !== 'good') return claim;
    const first = await this.ports.signed(receipt, await this.keys());
    if (first === 'good') return first;
    // The server may have a new key since the last visit.
    await this.fetchKeys(token);
    return this.ports.signed(receipt, await this.keys());
  }

  /** Null when the keys are here, else why not. */
  private async fetchKeys(token: string | undefined): Promise<string | null> {
    let reply: Reply;
    try {
      reply = await this.ports.send({ method: 'GET', path: 'v1/keys', ...(token !== undefined && { token }) });
    } catch (error) {
      if (error instanceof Unreachable) return error.code;
      throw error;
    }
    if (reply.status === 404 && reply.type === 'application/problem+json') return 'no_submissions';
    if (reply.status !== 200 || reply.redirected || reply.type !== 'application/json') return answerCode(reply);
    let body: unknown;
    try {
      body = JSON.parse(reply.body);
    } catch {
      return 'truncated';
    }
    const keys = keysOf(body);
    if (!keys) return 'not_receipt';
    await this.noteServer(reply.header('date') ?? '', 0);
    const days = (body as { keptDays?: unknown }).keptDays;
    await this.ports.disk.change(['settings'], async (at) => {
      at.put('settings', { name: 'keys', value: keys });
      if (typeof days === 'number' && days >= 0 && days <= 3650) at.put('settings', { name: 'kept_days', value: days });
    });
    this.keysAt = this.ports.elapsed();
    return null;
  }

  /** Records that were finished before this phone had a token become the first token's. */
  private async bind(owner: string): Promise<void> {
    if (owner === '') return;
    const unbound = (await this.ports.disk.look(['outbox'], (at) => at.all('outbox'))).some((one) => one.owner === '');
    if (!unbound) return;
    await this.ports.disk.change(['outbox'], async (at) => {
      for (const one of await at.all('outbox')) if (one.owner === '') at.put('outbox', { ...one, owner });
    });
  }

  /** Those that failed least first, so that one that always fails is in nobody's way; then in the order in which they were finished. */
  private async next(seen: ReadonlySet<number>, held: ReadonlySet<string>, tokens: Tokens, asksAll: boolean): Promise<Waiting | undefined> {
    const { all, clock } = await this.ports.disk.look(['outbox', 'settings'], async (at) => ({
      all: await at.all('outbox'), clock: (await at.get('settings', 'server'))?.value as ServerClock | undefined,
    }));
    const open = new Set<string>();
    const fit: Waiting[] = [];
    for (const one of all.sort((a, b) => a.key - b.key)) {
      const behind = open.has(one.id); // a correction waits for what it corrects
      if (one.phase !== 'received' || one.askedAt === undefined) open.add(one.id);
      if (behind || seen.has(one.key) || held.has(one.owner) || (one.owner !== '' && tokens.of(one.owner) === undefined)) continue;
      const due = one.phase === 'received' ? asksAll || (clock?.now ?? 0) - (one.askedAt ?? 0) > DAY : one.phase !== 'attention';
      // A revision that was corrected since is asked for no more, as the server answers with the newest; but for a new token, which first has to be
      // given the record over, and a server that was restored from before it, which takes no correction of what it has not.
      if (due && !(one.phase === 'received' && one.askedAt !== undefined && !asksAll && all.some((other) => other.id === one.id && other.key > one.key))) fit.push(one);
    }
    return fit.sort((a, b) => a.attempts - b.attempts || a.key - b.key)[0];
  }

  /** Writes what follows, if the record still stands where it stood; another page may have been quicker. */
  private async move(key: number, phase: Waiting['phase'], happened: Happening): Promise<Step | null> {
    const step = await this.ports.disk.change(['drafts', 'outbox', 'bodies', 'files', 'bytes', 'settings'], async (at) => {
      const found = await at.get('outbox', key);
      if (!found || found.phase !== phase) return null;
      const next = after(found, happened, this.ports.table);
      const days = ((await at.get('settings', 'kept_days'))?.value as number | undefined) ?? KEPT_DAYS;
      const clock = (await at.get('settings', 'server'))?.value as ServerClock | undefined;
      if (found.phase === 'received' && next.record.phase === 'received' && happened.kind === 'receipt' && clock && clock.now - Date.parse(happened.envelope.receipt.time) > days * DAY) {
        // Received, kept as long as was asked, and the server has just said that it still has it.
        await forget(at, found.id, (await at.all('outbox')).filter((one) => one.id === found.id && one.key <= key));
      } else {
        at.put('outbox', next.record);
      }
      return next;
    });
    this.tell();
    return step;
  }

  private async serverTime(reply: Reply, receipt: Receipt): Promise<number> {
    const told = Math.max(Date.parse(reply.header('date') ?? '') || 0, Date.parse(receipt.time) || 0);
    await this.noteServer(new Date(told).toISOString(), 0);
    return told;
  }

  /** Keeps the furthest that the server told of time and position. True when it stands before that: it was restored from a backup. */
  private async noteServer(time: string, position: number): Promise<boolean> {
    const now = Date.parse(time) || 0;
    const before = await this.setting<ServerClock>('server');
    const next = { now: Math.max(before?.now ?? 0, now), position: Math.max(before?.position ?? 0, position) };
    if (next.now !== before?.now || next.position !== before.position) {
      await this.ports.disk.change(['settings'], async (at) => at.put('settings', { name: 'server', value: next }));
    }
    return position > 0 && position <= (before?.position ?? 0);
  }

  private async setting<T>(name: SettingName): Promise<T | undefined> {
    return (await this.ports.disk.look(['settings'], (at) => at.get('settings', name)))?.value as T | undefined;
  }

  private say(state: QueueState): void {
    this.current = state;
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Removes records of an id, and the bytes that only they named. */
async function forget(at: Transaction, id: string, records: readonly Waiting[]): Promise<void> {
  for (const { key } of records) {
    at.remove('outbox', key);
    at.remove('bodies', key);
  }
  // A draft that corrects them may name any of the bytes, and what it names is sealed.
  if (await at.get('drafts', id)) return;
  const left = (await at.all('outbox')).filter((one) => one.id === id && !records.some(({ key }) => key === one.key));
  await own(at, id, left.flatMap((one) => one.parts.map((part) => part.digest)));
}

function answerCode(reply: Reply): string {
  const answer = answerOf(reply, 'receipt');
  return 'code' in answer ? answer.code : 'not_receipt';
}

/** What a body that is not sealed to the server yet is bound to. */
export const aboutBody = (key: number): string => `body ${key}`;
