// Where to go next. In: the form and what is open. Out: the place of the next open question after the one that somebody was at, or
// of the next that is typed, for the keyboard's own key. It follows the order on the screen and begins again at the top.

import type { FieldType } from '../engine.ts';
import type { Inspection } from '../inspection.ts';
import { find } from '../naming.ts';
import { join, keysOf } from '../pointer.ts';

const TYPED: readonly FieldType[] = ['text', 'integer', 'number', 'date', 'datetime', 'measure', 'ref'];

/** Open places in the order of the form: those whose turn it is. Photos that the record may do without are not among them. */
export function openPlaces(inspection: Inspection, order: readonly string[]): readonly string[] {
  const { places } = inspection.snapshot.open;
  const by = new Map<string, string[]>();
  for (const [pointer, due] of places) {
    if (due.waits || due.optional) continue;
    const top = keysOf(pointer)[0] ?? '';
    by.set(top, [...(by.get(top) ?? []), pointer]);
  }
  return order.flatMap((name) => by.get(name) ?? []);
}

function frame(form: HTMLElement, pointer: string): Element | null {
  const keys = keysOf(pointer);
  for (let n = keys.length; n > 0; n -= 1) {
    const drawn = form.querySelector(`[data-at="${CSS.escape(join('', ...keys.slice(0, n)))}"]`);
    if (drawn) return drawn;
  }
  return null;
}

/** The first place that stands below `from`, else the first of all. A place that is not drawn yet stands below. */
function after(form: HTMLElement, places: readonly string[], from: Element | null): string | null {
  if (!from?.isConnected) return places[0] ?? null;
  const here = from.closest('[data-at]');
  const below = (pointer: string): boolean => {
    const at = frame(form, pointer);
    if (!at) return true;
    if (at === here) return false;
    if (here && at.contains(here)) return !at.matches('.field-list') || !pointer.startsWith((at.getAttribute('data-at') ?? '') + '/');
    return (from.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  };
  const own = here?.getAttribute('data-at');
  return places.find(below) ?? places.find((one) => one !== own) ?? null;
}

export function nextOpen(inspection: Inspection, form: HTMLElement, order: readonly string[], from: Element | null): string | null {
  return after(form, openPlaces(inspection, order), from);
}

export function nextTyped(inspection: Inspection, form: HTMLElement, order: readonly string[], from: Element): string | null {
  const { fields } = inspection.description.form;
  const typed = openPlaces(inspection, order).filter((pointer) => {
    const type = find(fields, pointer).field?.type;
    return type !== undefined && TYPED.includes(type);
  });
  const own = from.closest('[data-at]')?.getAttribute('data-at');
  return after(form, typed.filter((one) => one !== own), from);
}
