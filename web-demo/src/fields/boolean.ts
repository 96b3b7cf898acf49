// Yes, no, and not answered: three answers, because a question that nobody asked is not a no.

import { h, uid } from '../ui/dom.ts';
import { bi } from '../ui/i18n.ts';
import { shell } from './shell.ts';
import type { Maker } from './view.ts';

export const booleanView: Maker = (field, place) =>
  shell(field, place, (id) => {
    const name = uid('b');
    const radio = (value: 'true' | 'false' | 'none'): HTMLInputElement =>
      h('input', { type: 'radio', name, value, id: value === 'true' ? id : `${id}-${value}` });
    const yes = radio('true');
    const no = radio('false');
    const none = radio('none');
    const all = [yes, no, none] as const;
    const show = (): void => {
      const value = place.inspection.get(place.at());
      (value === true ? yes : value === false ? no : none).checked = true;
      // The focus of a jump goes to the chosen radio, as the Tab key would.
    };
    const el = h('div', { class: 'segments' },
      h('label', { class: 'segment' }, yes, h('span', { text: bi('是', 'Yes') })),
      h('label', { class: 'segment' }, no, h('span', { text: bi('否', 'No') })),
      h('label', { class: 'segment none' }, none, h('span', { text: bi('未填', 'Not answered') })));
    el.addEventListener('change', () => {
      const value = all.find((one) => one.checked)?.value;
      if (value === 'none') place.inspection.remove(place.at());
      else place.inspection.set(place.at(), value === 'true');
    });
    show();
    return { el, target: yes, several: true, update: show };
  });
