// Drafts: every change on the disk within a moment, in one page's hands at a time. In: a draft, changed in place. Out: the same after any
// crash. Must not know: what the answers mean, or what becomes of a finished draft.

import { fromUtf8, randomly, utf8, uuidv7 } from './bytes.ts';
import { own } from './blobs.ts';
import type { Disk, Shelves } from './disk.ts';
import type { Hold, Locks } from './locks.ts';
import { EVIDENCE_TYPE, StoreFault, type Draft, type DraftLine, type DraftStore, type OpenDraft } from './types.ts';
import type { Sealer } from './vault.ts';

/** What the store needs of the page around it. */
export interface Surroundings {
  readonly disk: Disk;
  readonly vault: Sealer;
  readonly locks: Locks;
  /** This page, among the pages of the phone. */
  readonly holder: string;
  readonly now: () => number;
  /** Fills with chance; the browser's own unless a test gives another. */
  readonly random?: (bytes: Uint8Array<ArrayBuffer>) => void;
  /** Resolves after about so many milliseconds. */
  readonly wait: (ms: number) => Promise<void>;
}

/** Changes closer together than this are written together. */
const PAUSE = 250;

/** What a draft's bytes are bound to, so that one draft cannot be put in another's place. */
export const aboutDraft = (id: string): string => `draft ${id}`;

export async function unseal(vault: Sealer, record: Shelves['drafts']): Promise<Draft> {
  return JSON.parse(fromUtf8(await vault.open(record.sealed, aboutDraft(record.id)))) as Draft;
}

export class Drafts implements DraftStore {
  private readonly opened = new Set<Opened>();

  constructor(private readonly around: Surroundings) {}

  async list(): Promise<readonly DraftLine[]> {
    const records = await this.around.disk.look(['drafts'], (at) => at.all('drafts'));
    const lines: DraftLine[] = [];
    for (const record of records) {
      const draft = await unseal(this.around.vault, record);
      const { id, title, rulesetId, rulesetDigest, jurisdiction, startedAt, changedAt } = draft;
      lines.push({ id, title, rulesetId, rulesetDigest, jurisdiction, startedAt, changedAt, evidence: draft.evidence.length, unclosed: record.holder !== '' && record.holder !== this.around.holder });
    }
    return lines.reverse();
  }

  async begin(given: Omit<Draft, 'id' | 'startedAt' | 'changedAt' | 'evidence'> & Partial<Pick<Draft, 'id' | 'evidence'>>, bundle: string): Promise<OpenDraft> {
    const { disk, vault, locks, holder, now } = this.around;
    const at = new Date(now()).toISOString();
    const draft: Draft = { evidence: [], ...given, id: given.id ?? uuidv7(now(), this.around.random ?? randomly), startedAt: at, changedAt: at };
    const hold = await locks.take(lockOf(draft.id));
    const sealed = await vault.seal(utf8(JSON.stringify(draft)), aboutDraft(draft.id));
    await disk.change(['drafts', 'bundles'], async (tx) => {
      tx.put('drafts', { id: draft.id, holder, bundle: draft.rulesetDigest, sealed });
      if (!(await tx.get('bundles', draft.rulesetDigest))) tx.put('bundles', { digest: draft.rulesetDigest, id: draft.rulesetId, current: false, text: bundle });
    });
    return this.opens(draft, hold);
  }

  async open(id: string): Promise<OpenDraft> {
    const hold = await this.around.locks.tryHold(lockOf(id));
    const draft = hold ? await this.claim(id, hold) : await this.read(id);
    return this.opens(draft, hold);
  }

  async discard(id: string): Promise<void> {
    for (const one of [...this.opened]) if (one.draft.id === id) await one.leave();
    await this.around.disk.change(['drafts', 'files', 'bytes', 'outbox'], async (at) => {
      at.remove('drafts', id);
      const sent = (await at.all('outbox')).filter((one) => one.id === id);
      await own(at, id, sent.flatMap((one) => one.parts.map((part) => part.digest)));
    });
  }

  /** Everything noted, on the disk; for a page that is about to be hidden. */
  async flush(): Promise<void> {
    await Promise.all([...this.opened].map((one) => one.flush().catch(() => undefined)));
  }

  private opens(draft: Draft, hold: Hold | null): Opened {
    const opened = new Opened(draft, hold, this.around, (id, taken) => this.claim(id, taken), () => this.opened.delete(opened));
    this.opened.add(opened);
    return opened;
  }

  private async read(id: string): Promise<Draft> {
    const record = await this.around.disk.look(['drafts'], (at) => at.get('drafts', id));
    if (!record) throw new StoreFault('gone');
    return unseal(this.around.vault, record);
  }

  /** Makes this page the writer, and gives what the last one saved, with bytes that no evidence names yet. */
  private async claim(id: string, hold: Hold): Promise<Draft> {
    try {
      const { record, files } = await this.around.disk.change(['drafts', 'files'], async (at) => {
        const found = await at.get('drafts', id);
        if (!found) throw new StoreFault('gone');
        at.put('drafts', { ...found, holder: this.around.holder });
        return { record: found, files: (await at.all('files')).filter((file) => file.owners.includes(id)) };
      });
      const draft = await unseal(this.around.vault, record);
      const named = new Set([...draft.evidence.map((one) => one.digest), ...(draft.seen ?? [])]);
      const text = JSON.stringify(draft.answers);
      for (const { digest, bytes, type } of files) {
        if (named.has(digest) || type === EVIDENCE_TYPE || text.includes(digest.slice('sha256:'.length))) continue;
        draft.evidence.push({ digest, at: '', kind: type.startsWith('image/') ? 'photo' : 'file', bytes, type });
      }
      return draft;
    } catch (error) {
      hold.release();
      throw error;
    }
  }
}

const lockOf = (id: string): string => `weibao draft ${id}`;

class Opened implements OpenDraft {
  draft: Draft;
  private hold: Hold | null;
  private listeners: ((fault: StoreFault) => void)[] = [];
  private savers: (() => void)[] = [];
  /** Rises with each change noted; `stored` follows. */
  private noted = 0;
  private stored = 0;
  private writing: Promise<void> | null = null;
  private timer = false;

  constructor(draft: Draft, hold: Hold | null, private readonly around: Surroundings, private readonly claim: (id: string, hold: Hold) => Promise<Draft>, private readonly onClose: () => void) {
    this.draft = draft;
    this.hold = null;
    if (hold) this.holdNow(hold);
  }

  get writable(): boolean { return this.hold !== null; }

  async takeOver(): Promise<void> {
    if (this.hold) return;
    const hold = await this.around.locks.take(lockOf(this.draft.id));
    this.draft = await this.claim(this.draft.id, hold);
    this.noted = this.stored = 0;
    this.holdNow(hold);
  }

  onTrouble(listener: (fault: StoreFault) => void): void {
    this.listeners.push(listener);
  }

  onSaved(listener: () => void): void {
    this.savers.push(listener);
  }

  save(): void {
    if (!this.hold) return;
    this.noted += 1;
    this.draft.changedAt = new Date(this.around.now()).toISOString();
    if (this.timer || this.writing) return;
    // The first change is written at once; those that follow closely, together.
    this.timer = true;
    void this.flush().catch(() => undefined).then(() => this.around.wait(PAUSE)).then(() => {
      this.timer = false;
      if (this.noted > this.stored && this.hold) return this.flush();
      return undefined;
    }).catch(() => undefined); // told to the listeners
  }

  async flush(): Promise<void> {
    while (this.writing) await this.writing.catch(() => undefined);
    if (this.noted === this.stored) return;
    this.writing = this.write().finally(() => { this.writing = null; });
    await this.writing;
    if (this.noted > this.stored) await this.flush();
  }

  async close(): Promise<void> {
    if (this.hold) {
      await this.flush();
      const { disk, holder } = this.around;
      await disk.change(['drafts'], async (at) => {
        const found = await at.get('drafts', this.draft.id);
        if (found?.holder === holder) at.put('drafts', { ...found, holder: '' });
      });
    }
    await this.leave();
  }

  /** Ends without a word on the disk. */
  async leave(): Promise<void> {
    while (this.writing) await this.writing.catch(() => undefined);
    const hold = this.hold;
    this.hold = null;
    hold?.release();
    this.onClose();
  }

  private holdNow(hold: Hold): void {
    this.hold = hold;
    void hold.over.then(() => {
      if (this.hold === hold) this.trouble(new StoreFault('taken'));
    });
  }

  private trouble(fault: StoreFault): void {
    if (fault.code === 'taken' || fault.code === 'gone') {
      this.hold?.release();
      this.hold = null;
    }
    for (const listener of this.listeners) listener(fault);
  }

  private async write(): Promise<void> {
    const { disk, vault, holder } = this.around;
    const noted = this.noted;
    const { id, rulesetDigest } = this.draft;
    this.draft.seen = [...new Set([...(this.draft.seen ?? []), ...this.draft.evidence.map((one) => one.digest)])];
    try {
      const sealed = await vault.seal(utf8(JSON.stringify(this.draft)), aboutDraft(id));
      await disk.change(['drafts'], async (at) => {
        const found = await at.get('drafts', id);
        if (!found) throw new StoreFault('gone');
        // The lock says who may; only this says who may still, when a page slept through the loss of its lock.
        if (found.holder !== holder) throw new StoreFault('taken');
        at.put('drafts', { id, holder, bundle: rulesetDigest, sealed });
      });
      this.stored = noted;
      if (this.noted === noted) for (const listener of this.savers) listener();
    } catch (error) {
      const fault = error instanceof StoreFault ? error : new StoreFault('unavailable', error);
      this.trouble(fault);
      throw fault;
    }
  }
}
