// The members of a record in two parts: those that can still change something, or hold an answer, and the others, folded. In: fields
// and what the engine says is open. Out: members like any record's. What was put into the first part keeps its place while somebody
// types: newcomers go below, and what no longer matters leaves only when `settle` is called.

import type { Field } from '../engine.ts';
import type { Snapshot } from '../inspection.ts';
import { isRecord, join, keysOf } from '../pointer.ts';
import type { Members } from '../fields/record.ts';
import { viewOf } from '../fields/index.ts';
import { covers, type Place, type View } from '../fields/view.ts';
import { fill, h } from '../ui/dom.ts';
import { language, say } from '../ui/i18n.ts';
import { sooner, type Due } from './open.ts';
import { isNear, watchNear } from './near.ts';
import { soon } from './slices.ts';
import { keepStill } from './still.ts';

export interface Asked extends Members {
  /** Puts away what no longer matters and is not answered. */
  settle(now: Snapshot): void;
  /** Names of the fields as they stand on the screen. */
  order(): readonly string[];
}

/** `soonest` asks first what decides soonest; `form` keeps the order of the form, as a printed table has it. */
export type Order = 'soonest' | 'form';

/** Fields drawn at once; more follow in slices, so that a long section opens without a stop. */
const AT_ONCE = 10;

interface Slot {
  readonly field: Field;
  readonly number: number;
  view: View | null;
  /** What the view was drawn from. */
  drawn: string;
}

export function asked(fields: readonly Field[], place: Place, order: Order): Asked {
  const parts = new Parts(fields, place, order);
  // As a record of functions, so that members may be made of others.
  return {
    elements: parts.elements,
    update: (now) => parts.update(now),
    reveal: (pointer) => parts.reveal(pointer),
    settle: (now) => parts.settle(now),
    order: () => parts.order(),
  };
}

class Parts implements Asked {
  readonly elements: HTMLElement[];
  private readonly first = h('div', { class: 'asked' });
  private readonly others = h('div', { class: 'asked' });
  private readonly title = h('span');
  private readonly fold = h('details', { class: 'others' }, h('summary', {}, this.title), this.others);
  private readonly slots: readonly Slot[];
  /** Those of the first part, in the order shown. */
  private shown: Slot[] = [];
  private words = '';
  /** Names the job that admits the fields beyond the first. */
  private readonly more = {};
  /** And the job that looks for photos in cards that are gone. */
  private readonly strays = {};

  constructor(fields: readonly Field[], private readonly place: Place, private readonly sorting: Order) {
    this.slots = fields.map((field, number) => ({ field, number, view: null, drawn: '' }));
    this.elements = [this.first, this.fold];
    this.fold.addEventListener('toggle', () => {
      if (this.fold.open) this.drawOthers(this.now);
    });
  }

  /** For work that was put off: a snapshot of before may be of a session that has ended. */
  private get now(): Snapshot {
    return this.place.inspection.snapshot;
  }

  private at(slot: Slot): string {
    return join(this.place.at(), slot.field.name);
  }

  private view(slot: Slot): View {
    if (!slot.view) {
      slot.view = viewOf(slot.field, { ...this.place, at: () => join(this.place.at(), slot.field.name) });
      watchNear(slot.view.el);
    }
    return slot.view;
  }

  /** What every row must have stands in the first part from the start, before the engine has said anything of a new row. */
  private needed(slot: Slot): boolean {
    return this.place.at() !== '' && slot.field.required === true && !slot.field.conditional;
  }

  /** What a row is called by, a text that it must have, stands first. */
  private rank(slot: Slot): number {
    return this.needed(slot) && slot.field.type === 'text' ? slot.number - this.slots.length : slot.number;
  }

  private answered(): ReadonlySet<string> {
    const record = this.place.inspection.get(this.place.at());
    return new Set(isRecord(record) ? Object.keys(record) : []);
  }

  private sorted(slots: readonly Slot[], due: ReadonlyMap<string, Due>, answered: ReadonlySet<string>): Slot[] {
    const given = (slot: Slot): number => (this.place.inspection.isGiven(this.at(slot)) ? 2 : answered.has(slot.field.name) ? 0 : 1);
    return [...slots].sort((a, b) => {
      if (this.sorting === 'form') return this.rank(a) - this.rank(b);
      const one = due.get(a.field.name);
      const two = due.get(b.field.name);
      return given(a) - given(b) || (given(a) === 1 && one && two ? sooner(one, two) : 0) || a.number - b.number;
    });
  }

  update(now: Snapshot): void {
    const due = now.open.within(this.place.at());
    const answered = this.answered();
    const matters = (slot: Slot): boolean => answered.has(slot.field.name) || due.get(slot.field.name)?.waits === false || this.needed(slot);
    const newcomers = this.sorted(this.slots.filter((slot) => !this.shown.includes(slot) && matters(slot) && !this.busy(slot)), due, answered);
    const fresh = newcomers.slice(0, AT_ONCE);
    if (fresh.length > 0) keepStill(() => this.admit(fresh));
    if (newcomers.length > AT_ONCE) soon(this.more, () => this.update(this.now));
    for (const slot of this.shown) {
      const view = this.view(slot);
      if (fresh.includes(slot) || this.busy(slot)) this.refresh(slot, now);
      else soon(view, () => this.refresh(slot, this.now) && isNear(view.el));
      view.el.classList.toggle('idle', !matters(slot));
    }
    soon(this.strays, () => this.rehouse(this.now));
    if (this.fold.open) soon(this, () => this.drawOthers(this.now));
    this.name(now);
  }

  /** Draws a view anew where what it shows may have changed, and says whether it did. Records hold questions that depend on answers
   *  elsewhere: they are always looked through, and whether anything in them changed is not known here. */
  private refresh(slot: Slot, now: Snapshot): boolean {
    const { field } = slot;
    const at = this.at(slot);
    const key = field.fields ? '' : `${language()} ${at} ${now.relevant(at)} ${JSON.stringify(this.place.inspection.get(at)) ?? ''}${now.said(at)}`;
    if (key !== '' && key === slot.drawn) return false;
    slot.drawn = key;
    this.view(slot).update(now);
    return key !== '';
  }

  /** What has the focus is not moved: it would lose it. */
  private busy(slot: Slot): boolean {
    return slot.view !== null && slot.view.el.contains(document.activeElement);
  }

  /** Follow-ups stand right below the answer that called for them; the others at the end, or in the form's order. A photo that an answer calls
   *  for is no question of its own: it stands in the card of the question before it, so that the next card stays where it is tapped. */
  private admit(newcomers: readonly Slot[]): void {
    let below = this.shown.findIndex((slot) => this.busy(slot)) + 1;
    for (const slot of newcomers) {
      const host = this.hostOf(slot);
      const here = host ? this.shown.indexOf(host) + 1 : this.sorting === 'form' ? this.shown.findIndex((one) => this.rank(one) > this.rank(slot))
        : slot.field.conditional && below > 0 ? below++ : -1;
      if (host && here < below) below += 1;
      const next = here < 0 ? [] : this.shown.slice(here);
      this.shown.splice(here < 0 ? this.shown.length : here, 0, slot);
      const before = next.find((one) => this.view(one).el.parentElement === this.first);
      if (host) this.view(host).el.append(this.view(slot).el);
      else this.first.insertBefore(this.view(slot).el, before ? this.view(before).el : null);
    }
  }

  /** The question in whose card a conditional photo stands: the nearest one before it in the form that is shown. */
  private hostOf(slot: Slot): Slot | null {
    if (slot.field.type !== 'attachment' || !slot.field.conditional || slot.field.required) return null;
    const earlier = this.shown.filter((one) => one.number < slot.number && ['boolean', 'choice'].includes(one.field.type) && !this.view(one).el.hidden);
    return earlier.reduce<Slot | null>((best, one) => (best && best.number > one.number ? best : one), null);
  }

  private guests(host: Slot): readonly Slot[] {
    return this.shown.filter((one) => this.view(one).el.parentElement === this.view(host).el);
  }

  /** A card that is not asked any more would hide the photos in it, which may still be asked: they go to another. */
  private rehouse(now: Snapshot): void {
    const strays = this.shown.filter((host) => this.view(host).el.hidden).flatMap((host) => this.guests(host)).filter((one) => now.relevant(this.at(one)));
    if (strays.length === 0) return;
    this.shown = this.shown.filter((one) => !strays.includes(one));
    for (const one of strays) this.view(one).el.remove();
    this.update(now);
  }

  private rest(now: Snapshot): readonly Slot[] {
    return this.slots.filter((slot) => !this.shown.includes(slot) && (slot.view?.el.contains(document.activeElement) || now.relevant(this.at(slot))));
  }

  private drawOthers(now: Snapshot): void {
    const rest = this.rest(now);
    const gone = this.slots.filter((slot) => slot.view?.el.parentElement === this.others && !rest.includes(slot));
    for (const slot of gone) this.refresh(slot, now);
    rest.forEach((slot, n) => {
      const { el } = this.view(slot);
      if (this.others.children[n] !== el && !el.contains(document.activeElement)) this.others.insertBefore(el, this.others.children[n] ?? null);
      this.refresh(slot, now);
    });
  }

  private name(now: Snapshot): void {
    const count = this.rest(now).length;
    const words = say(`其他项目（${count} 项，现在不用答）`, `Other items (${count}, not needed now)`);
    if (words !== this.words) fill(this.title, words);
    this.words = words;
    this.fold.hidden = count === 0;
  }

  settle(now: Snapshot): void {
    const due = now.open.within(this.place.at());
    const answered = this.answered();
    const leaves = this.shown.filter((slot) => !answered.has(slot.field.name) && !due.has(slot.field.name) && !this.busy(slot));
    if (leaves.length === 0) return;
    leaves.push(...leaves.flatMap((slot) => this.guests(slot)).filter((one) => !leaves.includes(one)));
    keepStill(() => {
      this.shown = this.shown.filter((slot) => !leaves.includes(slot));
      for (const slot of leaves) this.view(slot).el.remove();
      this.update(now);
    });
  }

  order(): readonly string[] {
    return [...this.shown, ...this.slots.filter((slot) => !this.shown.includes(slot))].map((slot) => slot.field.name);
  }

  reveal(pointer: string): boolean {
    const slot = this.slots.find((one) => one.field.name === keysOf(pointer)[keysOf(this.place.at()).length]);
    if (!slot || !covers(this.at(slot), pointer)) return false;
    const now = this.place.inspection.snapshot;
    if (!this.shown.includes(slot)) {
      const due = now.open.within(this.place.at()).get(slot.field.name);
      if (due?.waits !== false && !this.needed(slot) && this.rest(now).includes(slot)) {
        this.fold.open = true;
        this.drawOthers(now);
      } else {
        this.admit([slot]);
      }
    }
    this.view(slot).update(now);
    return this.view(slot).reveal(pointer);
  }
}
