// The members of a record, in order: of the form itself, of a group, of a list's row. Out: views that are updated and revealed together.

import type { Field } from '../engine.ts';
import type { Snapshot } from '../inspection.ts';
import { join } from '../pointer.ts';
import { h } from '../ui/dom.ts';
import { both } from '../ui/i18n.ts';
import { viewOf } from './index.ts';
import { covers, type Maker, type Place, type View } from './view.ts';

export interface Members {
  readonly elements: HTMLElement[];
  update(now: Snapshot): void;
  reveal(pointer: string): boolean;
}

export function members(fields: readonly Field[], place: Place): Members {
  const views: View[] = fields.map((field) => viewOf(field, { ...place, at: () => join(place.at(), field.name) }));
  return {
    elements: views.map((view) => view.el),
    update: (now) => views.forEach((view) => view.update(now)),
    reveal: (pointer) => views.some((view) => view.reveal(pointer)),
  };
}

/** A group is a fieldset of its own. */
export const groupView: Maker = (field, place) => {
  const inner = members(field.fields ?? [], place);
  const el = h('fieldset', { class: 'group' },
    h('legend', {}, h('span', { class: 'name', text: both(field.label) })),
    field.hint ? h('p', { class: 'hint', text: both(field.hint) }) : null, ...inner.elements);
  return {
    el,
    update(now) {
      const at = place.at();
      if (el.dataset['at'] !== at) el.dataset['at'] = at;
      el.hidden = !now.relevant(at) && place.inspection.get(at) === undefined;
      if (!el.hidden) inner.update(now);
    },
    reveal(pointer) {
      if (!covers(place.at(), pointer)) return false;
      el.hidden = false;
      return inner.reveal(pointer);
    },
  };
};
