// The form of a ruleset with sections: each folds, says how far it has come, and draws its fields when it is first opened, so that
// a self-assessment of hundreds of questions opens at once. In: the form and its sections. Out: members like any record's.

import type { Field, SectionCounts } from '../engine.ts';
import { asked, type Asked } from '../flow/asked.ts';
import { compliantBox } from '../flow/compliant.ts';
import { soon } from '../flow/slices.ts';
import type { Snapshot } from '../inspection.ts';
import { fill, h } from '../ui/dom.ts';
import { both, say } from '../ui/i18n.ts';
import { join, keysOf } from '../pointer.ts';
import type { Place } from './view.ts';

/** Fields of no section stand first, unfolded; there, what decides soonest is asked first. A section is a table worked through in its order.
 *  Where all fields stand in sections one is unfolded at a time: the phone draws no hundreds of questions, and the next section is never screens away. */
export function sectioned(place: Place): Asked {
  const { form, sections } = place.inspection.description;
  const within = new Set(sections.flatMap((section) => section.fields));
  const free = form.fields.filter((field) => !within.has(field.name));
  const loose = asked(free, place, 'soonest');
  const box = compliantBox(free, place.inspection);
  const table = free.length === 0;
  const folds: readonly Fold[] = sections.map(({ id, title, fields }) => {
    const own = form.fields.filter((field) => fields.includes(field.name));
    return fold(id, both(title), own, place, { table, opens: (one) => table && folds.forEach((other) => other !== one && other.close()) });
  });
  if (table) folds[0]?.open();
  const [first, ...others] = loose.elements;
  let drawn = false;
  return {
    elements: [...(first ? [first] : []), box.el, ...others, ...folds.flatMap((one) => one.elements)],
    update(now) {
      loose.update(now);
      box.update(now);
      for (const one of folds) {
        // A section is a task of its own, but for the one that somebody is in, and but for the first time.
        if (drawn && !one.elements[0]?.contains(document.activeElement)) soon(one, () => one.update(place.inspection.snapshot));
        else one.update(now);
      }
      drawn = true;
    },
    settle(now) {
      loose.settle(now);
      folds.forEach((one) => one.settle(now));
    },
    order: () => [...loose.order(), ...folds.flatMap((one) => one.order())],
    reveal: (pointer) => loose.reveal(pointer) || folds.some((one) => one.reveal(pointer)),
  };
}

interface Fold extends Asked {
  open(): void;
  close(): void;
}

interface Folding {
  /** Of a table of standards. Else, beside fields of no section, a section unfolds by itself once the record surely needs an answer in it. */
  readonly table: boolean;
  /** Called before this one is unfolded. */
  opens(one: Fold): void;
}

function fold(id: string, title: () => string, fields: readonly Field[], place: Place, how: Folding): Fold {
  const progress = h('span', { class: 'progress' });
  const bar = h('progress', { max: 1, value: 0, 'aria-hidden': 'true' });
  const el = h('details', { class: 'section', 'data-section': id }, h('summary', {}, h('b', { text: title }), progress, bar));
  let inner: Asked | null = null;
  const draw = (): Asked => {
    if (!inner) {
      inner = asked(fields, place, 'form');
      el.append(...inner.elements);
    }
    return inner;
  };
  const open = (): Asked => {
    how.opens(self);
    el.hidden = false;
    el.open = true;
    return draw();
  };
  const summary = el.querySelector('summary');
  // The heading that was tapped stays under the finger, whatever is folded above it.
  summary?.addEventListener('click', (event) => {
    event.preventDefault();
    const before = summary.getBoundingClientRect().top;
    if (el.open) el.open = false;
    else open().update(place.inspection.snapshot);
    window.scrollBy({ top: el.getBoundingClientRect().top - before, behavior: 'instant' });
  });
  // The browser unfolds by itself what it looks for in the page.
  el.addEventListener('toggle', () => {
    if (el.open) open().update(place.inspection.snapshot);
  });
  let ready = !how.table;
  const unfold = (now: Snapshot): void => {
    const due = now.open.within('');
    if (!fields.some((field) => due.get(field.name)?.required)) return;
    ready = false;
    open();
  };
  const self: Fold = {
    elements: [el],
    open,
    close() {
      el.open = false;
    },
    update(now) {
      if (progress.dataset['said'] === undefined) tell(now, id, progress, bar);
      else soon(bar, () => tell(place.inspection.snapshot, id, progress, bar));
      el.hidden = idle(now, fields, place);
      if (ready) unfold(now);
      if (el.open && !el.hidden) inner?.update(now);
    },
    settle(now) {
      if (el.open) inner?.settle(now);
    },
    order: () => inner?.order() ?? fields.map((field) => field.name),
    reveal(pointer) {
      if (!fields.some((field) => field.name === keysOf(pointer)[0])) return false;
      const drawn = open();
      drawn.update(place.inspection.snapshot);
      return drawn.reveal(pointer);
    },
  };
  return self;
}

/** A section that the answers so far have ruled out is not shown; one with an answer in it always is. */
function idle(now: Snapshot, fields: readonly Field[], place: Place): boolean {
  return fields.every((field) => {
    const at = join(place.at(), field.name);
    return !now.relevant(at) && place.inspection.get(at) === undefined;
  });
}

/** True where it says something else than before. */
function tell(now: Snapshot, id: string, words: HTMLElement, bar: HTMLProgressElement): boolean {
  const found: SectionCounts | undefined = now.report.verdict.sections?.find((one) => one.section === id);
  if (!found) return false;
  const { pass, fail, undetermined, not_applicable: none, faulted } = found.counts;
  const decided = pass + fail + none;
  const all = decided + undetermined + faulted;
  const text = all > 0 && none === all ? say('不适用', 'not applicable') : say(`已有结论 ${decided}/${all} 条`, `${decided} of ${all} decided`);
  if (words.dataset['said'] === text + fail) return false;
  words.dataset['said'] = text + fail;
  bar.max = Math.max(all, 1);
  bar.value = decided;
  fill(words, text, fail > 0 ? h('b', { class: 'fails' }, say(` · 不合格 ${fail}`, ` · ${fail} failed`)) : null);
  return true;
}
