// Who is inspected: the first thing asked, because the office and the phone's own lists find a record by it. In: an inspection. Out: a card for the
// form, and the name for lists. A unit is named, never a person; a form that asks for a name or a code itself is not asked twice.

import type { Field } from '../engine.ts';
import type { Inspection } from '../inspection.ts';
import { join } from '../pointer.ts';
import { bring, h, uid } from '../ui/dom.ts';
import { bi } from '../ui/i18n.ts';

const LONGEST = 60;

export interface SubjectCard {
  readonly el: HTMLElement;
  focus(): void;
  /** Shows a name that was set elsewhere. */
  update(): void;
}

/** The form's own question for it: a text at the top that every record of the form must have, such as a school's name or a child's code. */
export function nameField(inspection: Inspection): Field | null {
  return inspection.description.form.fields.find((one) => one.type === 'text' && one.required && !one.sensitive && !one.conditional) ?? null;
}

/** The name as the lists show it; empty where nobody gave one. */
export function subjectOf(inspection: Inspection): string {
  const own = nameField(inspection);
  const answer = own ? inspection.get(join('', own.name)) : undefined;
  return own ? (typeof answer === 'string' ? answer.trim().slice(0, LONGEST) : '') : inspection.subject;
}

/** Is the name still to be asked by the card? The form's own question is among the form's. */
export function nameless(inspection: Inspection): boolean {
  return inspection.subject === '' && nameField(inspection) === null;
}

export function subjectCard(inspection: Inspection): SubjectCard {
  const id = uid('subject');
  const input = h('input', { type: 'text', id, maxlength: LONGEST, autocomplete: 'off', enterkeyhint: 'next', 'aria-required': 'true', 'aria-describedby': `${id}-hint` });
  // Told once the field is left, too: an input method hands over its last word only then.
  const put = (): void => inspection.name(input.value.trim());
  input.addEventListener('input', (event) => {
    if (!(event as InputEvent).isComposing) put();
  });
  input.addEventListener('compositionend', put);
  input.addEventListener('change', put);
  const el = h('div', { class: 'field field-subject', id: 'subject-card' },
    h('div', { class: 'label-row' },
      h('label', { for: id }, h('span', { class: 'name', text: bi('被检查单位名称', 'Inspected unit') })), h('span', { class: 'mark must', text: bi('必填', 'Required') })),
    h('p', { class: 'hint', id: `${id}-hint`, text: bi('发给办公室，只用于找到这份记录。写单位，不写个人姓名。', 'Goes to the office, only to find this record by. A unit, never a person\'s name.') }),
    input);
  const card: SubjectCard = {
    el,
    focus() {
      bring(el);
      input.focus({ preventScroll: true });
    },
    update() {
      if (document.activeElement !== input && input.value !== inspection.subject) input.value = inspection.subject;
    },
  };
  card.update();
  return card;
}
