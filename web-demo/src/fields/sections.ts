// The form of a ruleset with sections: each folds, says how far it has come, and draws its fields when it is first opened, so that
// a self-assessment of hundreds of questions opens at once. In: the form and its sections. Out: members like any record's.

import type { Field, SectionCounts } from '../engine.ts';
import type { Snapshot } from '../inspection.ts';
import { fill, h } from '../ui/dom.ts';
import { both, say } from '../ui/i18n.ts';
import { keysOf } from '../pointer.ts';
import { members, type Members } from './record.ts';
import type { Place } from './view.ts';

/** Fields of no section stand first, unfolded. */
export function sectioned(place: Place): Members {
  const { form, sections } = place.inspection.description;
  const within = new Set(sections.flatMap((section) => section.fields));
  const loose = members(form.fields.filter((field) => !within.has(field.name)), place);
  const folds = sections.map(({ id, title, fields }, number) => {
    const own = form.fields.filter((field) => fields.includes(field.name));
    return fold(id, both(title), own, place, number === 0);
  });
  return {
    elements: [...loose.elements, ...folds.flatMap((one) => one.elements)],
    update(now) {
      loose.update(now);
      folds.forEach((one) => one.update(now));
    },
    reveal: (pointer) => loose.reveal(pointer) || folds.some((one) => one.reveal(pointer)),
  };
}

function fold(id: string, title: () => string, fields: readonly Field[], place: Place, open: boolean): Members {
  const progress = h('span', { class: 'progress' });
  const bar = h('progress', { max: 1, value: 0, 'aria-hidden': 'true' });
  const el = h('details', { class: 'section', 'data-section': id }, h('summary', {}, h('b', { text: title }), progress, bar));
  let inner: Members | null = null;
  const draw = (): Members => {
    if (!inner) {
      inner = members(fields, place);
      el.append(...inner.elements);
      inner.update(place.inspection.snapshot);
    }
    return inner;
  };
  el.addEventListener('toggle', () => {
    if (el.open) draw().update(place.inspection.snapshot);
  });
  if (open) {
    el.open = true;
    draw();
  }
  return {
    elements: [el],
    update(now) {
      tell(now, id, progress, bar);
      if (el.open) inner?.update(now);
    },
    reveal(pointer) {
      if (!fields.some((field) => field.name === keysOf(pointer)[0])) return false;
      const drawn = draw();
      el.open = true;
      drawn.update(place.inspection.snapshot);
      return drawn.reveal(pointer);
    },
  };
}

function tell(now: Snapshot, id: string, words: HTMLElement, bar: HTMLProgressElement): void {
  const found: SectionCounts | undefined = now.report.verdict.sections?.find((one) => one.section === id);
  if (!found) return;
  const { pass, fail, undetermined, not_applicable: none, faulted } = found.counts;
  const decided = pass + fail + none;
  const all = decided + undetermined + faulted;
  bar.max = Math.max(all, 1);
  bar.value = decided;
  fill(words, say(`已定 ${decided}/${all}`, `${decided} of ${all} decided`), fail > 0 ? h('b', { class: 'fails' }, say(` · 不合格 ${fail}`, ` · ${fail} failed`)) : null);
}
