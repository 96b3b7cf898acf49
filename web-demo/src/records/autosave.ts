// Keeps an inspection on the phone while it is filled in. In: the inspection, and the draft that it goes on from. Out: a line that says whether
// all is saved, and the draft to finish. Must not know: how the form is drawn.

import { evidenceOf, type Keeper } from '../evidence/list.ts';
import { takeFound } from '../evidence/take.ts';
import { subjectOf } from '../flow/subject.ts';
import type { Inspection } from '../inspection.ts';
import { randomly, uuidv7 } from '../store/bytes.ts';
import { store } from '../store/index.ts';
import { StoreFault, type Draft, type OpenDraft } from '../store/types.ts';
import type { Waiting } from '../sync/record.ts';
import { fill, h, live } from '../ui/dom.ts';
import { pick, say } from '../ui/i18n.ts';
import { icon } from '../ui/icons.ts';
import { hand, remember, storeBroken } from './keeper.ts';
import { storeFaultWords } from './words.ts';

export interface Saved {
  /** Says what is saved, and what to do where nothing can be. */
  readonly el: HTMLElement;
  readonly writable: boolean;
  /** Finishes: the record waits for the server. */
  finish(): Promise<Waiting>;
  /** Resolves when what was entered so far is on the disk. */
  flush(): Promise<void>;
  /** Is all that was entered on the disk? */
  readonly kept: boolean;
  /** Told whenever {@link Saved.kept} may have changed. */
  onState(listener: () => void): void;
  end(): Promise<void>;
}

type State = { kind: 'empty' } | { kind: 'saving' } | { kind: 'saved'; at: Date } | { kind: 'fault'; fault: StoreFault };

/** What the lists show: who is inspected, then what for. */
export function titleOf(inspection: Inspection): string {
  return [subjectOf(inspection).slice(0, 40), pick(inspection.ruleset.title)].filter((one) => one !== '').join(' · ');
}

export function autosave(inspection: Inspection, bundle: string, resumed?: OpenDraft, corrects?: Draft['corrects'], id = resumed?.draft.id ?? uuidv7(Date.now(), randomly)): Saved {
  let open: OpenDraft | null = resumed ?? null;
  let opening: Promise<OpenDraft> | null = null;
  let state: State = { kind: 'empty' };
  const evidence = evidenceOf(inspection);
  const out = h('p', { class: 'saved', role: 'status' });

  const listeners: (() => void)[] = [];
  const show = (next: State): void => {
    state = next;
    draw();
    for (const listener of listeners) listener();
  };
  const draw = (): void => {
    out.classList.toggle('saved-bad', state.kind === 'fault');
    switch (state.kind) {
      case 'empty':
        return fill(out, h('span', { class: 'hint' }, say('填写后自动保存在这台手机上。', 'Saved on this phone as you fill it in.')));
      case 'saving':
        return fill(out, h('span', { class: 'hint' }, say('正在保存……', 'Saving…')));
      case 'saved':
        return fill(out, icon('pass'), h('span', {}, say(`已保存在手机 ${clock(state.at)}`, `Saved on the phone ${clock(state.at)}`)));
      case 'fault':
        return fill(out, icon('problem'), h('span', { role: 'alert' }, storeFaultWords(state.fault.code)), take(state.fault));
    }
  };
  const take = (fault: StoreFault): HTMLElement | null => {
    if (fault.code !== 'taken' || !open) return null;
    const button = h('button', { type: 'button', class: 'link', text: say('在这里继续', 'Go on here') });
    button.addEventListener('click', async () => {
      await open?.takeOver();
      location.hash = `draft=${id}`;
      location.reload();
    });
    return button;
  };
  const trouble = (fault: StoreFault): void => show({ kind: 'fault', fault });

  // What the record that is corrected named: what of it goes was removed by somebody, and is not found again as if it had been forgotten.
  const before = evidence.all.map((one) => one.digest);
  const begin = async (): Promise<OpenDraft> => {
    if (open) return open;
    const broken = storeBroken();
    if (broken) throw broken;
    opening ??= store.drafts.begin({ id, ...contents(), rulesetId: inspection.ruleset.id, rulesetDigest: inspection.ruleset.digest, ...(corrects && { corrects, seen: before }) }, bundle).then((begun) => {
      open = begun;
      listen(open);
      // What was entered while the first write was under way.
      write(open);
      return open;
    }).catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };
  const contents = (): Pick<Draft, 'asOf' | 'jurisdiction' | 'answers' | 'evidence' | 'title' | 'subject'> => ({
    asOf: inspection.asOf, jurisdiction: inspection.jurisdiction, answers: inspection.answers, evidence: [...evidence.all], title: titleOf(inspection), subject: inspection.subject,
  });
  const write = (draft: OpenDraft): void => {
    Object.assign(draft.draft, contents());
    draft.save();
  };
  const listen = (draft: OpenDraft): void => {
    draft.onTrouble(trouble);
    draft.onSaved(() => show({ kind: 'saved', at: new Date() }));
  };
  const note = (): void => {
    if (open && !open.writable) return;
    if (!open && !opening && inspection.empty && evidence.all.length === 0) return;
    if (state.kind !== 'saving') show({ kind: 'saving' });
    if (open) {
      write(open);
    } else {
      begin().then(remember, (error: unknown) => trouble(error instanceof StoreFault ? error : new StoreFault('unavailable', error)));
    }
  };
  const flush = async (): Promise<void> => {
    inspection.flush();
    const begun = open ?? (opening ? await opening : null);
    await begun?.flush();
  };

  const keeper: Keeper = {
    blobs: store.blobs, draft: id, changed: note,
    flush: async () => {
      if (open && !open.writable) throw new StoreFault('taken');
      if (!open && !opening) await begin();
      await flush();
    },
  };
  const kept = resumed?.draft.evidence ?? [];
  evidence.bind(keeper, kept.filter((one) => one.at !== ''));
  // Stored when the page ended, and not seen through yet: a photo as it came from the camera, with its position in it.
  const found = Promise.all((open?.writable ? kept : []).filter((one) => one.at === '').map((one) => takeFound(evidence, keeper, one)));
  found.catch((error: unknown) => trouble(error instanceof StoreFault ? error : new StoreFault('unreadable', error)));
  inspection.onEdit(note);
  if (open) listen(open);
  const hidden = (): void => {
    // What was typed in the last frame has not been told to anybody yet.
    if (document.visibilityState === 'hidden') void flush().catch(() => undefined);
  };
  document.addEventListener('visibilitychange', hidden);
  window.addEventListener('pagehide', hidden);
  live(out, draw);
  if (resumed) show(resumed.writable ? { kind: 'saved', at: new Date(resumed.draft.changedAt) } : { kind: 'fault', fault: new StoreFault('taken') });

  return {
    el: out, flush,
    onState: (listener) => void listeners.push(listener),
    get kept() { return state.kind === 'saved'; },
    get writable() { return open?.writable ?? true; },
    async finish() {
      await found;
      inspection.flush();
      const begun = await begin();
      write(begun);
      const { entry, digest } = inspection.forRecheck();
      return hand(begun, { report: digest, entry, subject: { name: subjectOf(inspection) || titleOf(inspection) } });
    },
    async end() {
      document.removeEventListener('visibilitychange', hidden);
      window.removeEventListener('pagehide', hidden);
      const begun = open ?? (opening ? await opening.catch(() => null) : null);
      await begun?.close().catch(() => undefined);
      void remember();
    },
  };
}

function clock(at: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

