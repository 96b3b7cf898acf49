// Numbers and texts, typed. In: what is typed. Out: the value where it can be read; where it cannot, the text itself once the
// field is left, so that it stays on screen and the engine names its problem.

import type { Field } from '../engine.ts';
import { plainNumber, shortDateTime, typedDate, typedDateTime, typedInteger, typedNumber, typedText } from '@weibao/rules/typed';
import { h, write } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import { unitName } from '../ui/words.ts';
import { shell } from './shell.ts';
import type { Maker, Place } from './view.ts';
import { keysOf, type Json } from '../pointer.ts';

/** Binds an input to a place: `parse` gives the value or null. */
export function bindTyped(input: HTMLInputElement | HTMLTextAreaElement, at: () => string, place: Pick<Place, 'inspection'>, parse: (text: string) => Json, written: (value: Json | undefined) => string = asTyped): () => void {
  const put = (final: boolean): void => {
    const text = input.value;
    if (text.trim() === '') return place.inspection.remove(at());
    const value = parse(text);
    if (value !== null) {
      place.inspection.set(at(), value);
      if (final) input.value = written(value);
    } else if (final) {
      place.inspection.set(at(), text);
    } else {
      place.inspection.remove(at());
    }
  };
  // The key that goes on to the next question says so.
  if (input instanceof HTMLInputElement) input.enterKeyHint = 'next';
  input.addEventListener('input', (event) => {
    if (!(event as InputEvent).isComposing) put(false);
  });
  input.addEventListener('compositionend', () => put(false));
  input.addEventListener('change', () => put(true));
  const show = (): void => {
    if (document.activeElement !== input) input.value = written(place.inspection.get(at()));
  };
  show();
  return show;
}

function asTyped(value: Json | undefined): string {
  if (typeof value === 'number') return plainNumber(value);
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
}

const EXAMPLES: Partial<Record<Field['type'], () => string>> = {
  integer: () => say('请写整数，如 12。', 'Write a whole number, such as 12.'),
  number: () => say('请写数字，如 195.5。', 'Write a number, such as 195.5.'),
  date: () => say('请写成 2026-03-01 或 2026年3月1日。', 'Write 2026-03-01.'),
  datetime: () => say('请写成 2026-03-01 09:30。', 'Write 2026-03-01 09:30.'),
};

export const numberView: Maker = (field, place) =>
  shell(field, place, (id, describedBy) => {
    const whole = field.type === 'integer';
    const input = h('input', { id, type: 'text', inputmode: whole ? 'numeric' : 'decimal', autocomplete: 'off', 'aria-describedby': describedBy, class: 'short' });
    const parse = (text: string): number | null => (whole ? typedInteger : typedNumber)(text, field.unit);
    const update = bindTyped(input, place.at, place, parse);
    const unit = field.unit ? h('span', { class: 'unit', text: () => unitName(field.unit) }) : null;
    return { el: h('div', { class: 'with-unit' }, input, unit), target: input, example: EXAMPLES[field.type]!, update };
  });

export const textView: Maker = (field, place) =>
  shell(field, place, (id, describedBy) => {
    const long = (field.maxLength ?? 0) > 120;
    const common = { id, autocomplete: 'off', spellcheck: 'false', 'aria-describedby': describedBy };
    const input = long ? h('textarea', { ...common, rows: 3 }) : h('input', { ...common, type: 'text' });
    const update = bindTyped(input, place.at, place, (text) => typedText(text, field.pattern !== undefined));
    return { el: input, target: input, update };
  });

export const dayView: Maker = (field, place) =>
  shell(field, place, (id, describedBy) => {
    const timed = field.type === 'datetime';
    const input = h('input', {
      id, type: 'text', inputmode: 'text', autocomplete: 'off', 'aria-describedby': describedBy, class: 'short',
      // Written as nobody would leave it, so that it is not taken for an answer.
      placeholder: timed ? bi('如 20260301 9:30', 'e.g. 20260301 9:30') : bi('如 20260301', 'e.g. 20260301'),
    });
    const update = bindTyped(input, place.at, place, timed ? typedDateTime : typedDate, timed ? (value) => shortDateTime(asTyped(value)) : asTyped);
    const typed = h('div', { class: 'with-unit' }, input, picker(input, timed, field));
    // What is found on the spot happened on the day of the inspection, and what stands in a register did not: one tap, no answer by itself.
    if (timed || !field.required || field.sensitive || keysOf(place.at()).length < 3) return { el: typed, target: input, example: EXAMPLES[field.type]!, update };
    const same = h('button', { type: 'button', class: 'link clear' });
    same.addEventListener('click', () => {
      input.value = place.inspection.asOf;
      place.inspection.set(place.at(), input.value);
      same.hidden = true;
      input.focus({ preventScroll: true });
    });
    const offer = (): void => {
      update();
      same.hidden = place.inspection.get(place.at()) !== undefined;
      write(same, say(`就是检查日 ${place.inspection.asOf}`, `The day of the inspection, ${place.inspection.asOf}`));
    };
    offer();
    return { el: h('div', {}, typed, same), target: input, example: EXAMPLES[field.type]!, update: offer };
  });

/** A button that opens the phone's own calendar and types what was picked. */
function picker(input: HTMLInputElement, timed: boolean, field: Field): HTMLElement {
  const native = h('input', { type: timed ? 'datetime-local' : 'date', class: 'native', tabindex: -1, 'aria-hidden': 'true' });
  const button = h('button', {
    type: 'button', class: 'side', text: () => say('选日期', 'Pick'),
    'aria-label': () => `${say('选日期', 'Pick')}：${say(field.label.zh, field.label.en ?? field.label.zh)}`,
  });
  button.addEventListener('click', () => {
    native.value = timed ? input.value.slice(0, 16).replace(' ', 'T') : input.value;
    if (typeof native.showPicker === 'function') native.showPicker();
    else native.focus();
  });
  native.addEventListener('change', () => {
    if (native.value === '') return;
    input.value = timed ? native.value.replace('T', ' ') : native.value;
    input.dispatchEvent(new Event('change'));
  });
  return h('span', { class: 'picker' }, button, native);
}
