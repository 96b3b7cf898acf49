// One of several, or several of several. Few options are listed to be tapped; many of one go into a select.

import { h, uid } from '../ui/dom.ts';
import { bi, both } from '../ui/i18n.ts';
import { shell } from './shell.ts';
import type { Maker } from './view.ts';

const LISTED = 6;

export const choiceView: Maker = (field, place) =>
  shell(field, place, (id, describedBy) => {
    const options = field.options ?? [];
    if (options.length > LISTED) {
      const select = h('select', { id, 'aria-describedby': describedBy },
        h('option', { value: '', text: bi('（未填）', '(not answered)') }),
        options.map((option) => h('option', { value: option.code, text: both(option.label) })));
      select.addEventListener('change', () => {
        if (select.value === '') place.inspection.remove(place.at());
        else place.inspection.set(place.at(), select.value);
      });
      const update = (): void => {
        const value = place.inspection.get(place.at());
        select.value = typeof value === 'string' ? value : '';
      };
      update();
      return { el: select, target: select, update };
    }
    const name = uid('c');
    const inputs = options.map((option, n) => h('input', { type: 'radio', name, value: option.code, id: n === 0 ? id : `${id}-${n}` }));
    const clear = h('button', { type: 'button', class: 'link clear', text: bi('清除选择', 'Clear the choice'), hidden: true });
    const update = (): void => {
      const value = place.inspection.get(place.at());
      for (const input of inputs) input.checked = input.value === value;
      clear.hidden = value === undefined;
    };
    const el = h('div', { class: 'options' },
      options.map((option, n) => h('label', { class: 'option' }, inputs[n], h('span', { text: both(option.label) }))), clear);
    el.addEventListener('change', (event) => {
      place.inspection.set(place.at(), (event.target as HTMLInputElement).value);
      clear.hidden = false;
    });
    clear.addEventListener('click', () => {
      place.inspection.remove(place.at());
      update();
      inputs[0]?.focus();
    });
    update();
    return { el, target: inputs[0] ?? el, several: true, update };
  });

export const choicesView: Maker = (field, place) =>
  shell(field, place, (id) => {
    const options = field.options ?? [];
    const inputs = options.map((option, n) => h('input', { type: 'checkbox', value: option.code, id: n === 0 ? id : `${id}-${n}` }));
    const el = h('div', { class: 'options' },
      options.map((option, n) => h('label', { class: 'option' }, inputs[n], h('span', { text: both(option.label) }))));
    el.addEventListener('change', () => {
      const chosen = inputs.filter((input) => input.checked).map((input) => input.value);
      if (chosen.length === 0) place.inspection.remove(place.at());
      else place.inspection.set(place.at(), chosen);
    });
    const update = (): void => {
      const value = place.inspection.get(place.at());
      for (const input of inputs) input.checked = Array.isArray(value) && value.includes(input.value);
    };
    update();
    return { el, target: inputs[0] ?? el, several: true, update };
  });
