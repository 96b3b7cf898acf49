// What every field view is. A view shows one field at one place of the answers: it writes what is entered, and is told after
// each check what the engine says of its place. Must not know rules.

import type { Field } from '../engine.ts';
import type { Inspection, Snapshot } from '../inspection.ts';

export interface View {
  readonly el: HTMLElement;
  /** Shows what the engine says now. */
  update(now: Snapshot): void;
  /** Moves the focus here, or to the view inside for a longer pointer. False where the pointer is not here. */
  reveal(pointer: string): boolean;
}

/** What a view is given beside its field. */
export interface Place {
  readonly inspection: Inspection;
  /** The pointer now: it changes when an earlier row of a list is removed. */
  readonly at: () => string;
  /** Opens the why view of a finding. */
  readonly why: (rule: string, item: string | undefined, opener: HTMLElement) => void;
}

export type Maker = (field: Field, place: Place) => View;

/** Is `pointer` this place or inside it? */
export function covers(place: string, pointer: string): boolean {
  return pointer === place || pointer.startsWith(place + '/');
}
