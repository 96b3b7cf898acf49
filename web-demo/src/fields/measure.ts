// A measured quantity: value ± tolerance. Without a tolerance it is taken as exact, which the hint says.

import { methodOf } from '../place/roles.ts';
import { join } from '../pointer.ts';
import { typedNumber } from '@weibao/rules/typed';
import { h } from '../ui/dom.ts';
import { bi, pick, say } from '../ui/i18n.ts';
import { unitName } from '../ui/words.ts';
import { bindTyped } from './scalar.ts';
import { shell } from './shell.ts';
import type { Maker } from './view.ts';

export const measureView: Maker = (field, place) =>
  shell(field, place, (id, describedBy) => {
    const parse = (text: string): number | null => typedNumber(text, field.unit);
    const input = (key: string, label: () => string, own: string): [HTMLInputElement, () => void] => {
      const el = h('input', { id: own, type: 'text', inputmode: 'decimal', autocomplete: 'off', 'aria-label': label, 'aria-describedby': describedBy });
      return [el, bindTyped(el, () => join(place.at(), key), place, parse)];
    };
    const [value, showValue] = input('value', bi('测得的值', 'Measured value'), id);
    const [tolerance, showTolerance] = input('tolerance', bi('误差，正负', 'Tolerance, plus or minus'), `${id}-tolerance`);
    const el = h('div', { class: 'measure' }, value, h('span', { class: 'pm', 'aria-hidden': 'true' }, '±'), tolerance,
      field.unit ? h('span', { class: 'unit', text: () => unitName(field.unit) }) : null);
    // A distance can be put together on the way; the dialog is loaded when somebody does.
    const pieces = h('button', { type: 'button', class: 'link', 'aria-label': () => `${say('分段量', 'By segments')}：${pick(field.label)}`, text: bi('分段量', 'By segments') });
    pieces.addEventListener('click', () => void import('../place/route-dialog.ts').then(({ measureBySegments }) => measureBySegments(place.inspection, place.at(), pieces)));
    const whole = field.unit === 'm' && methodOf(place.at()) ? h('div', { class: 'measured' }, el, pieces) : el;
    return {
      el: whole, target: value, several: true,
      example: () => say('请写数字，如 195 ± 2。', 'Write numbers, such as 195 ± 2.'),
      update() {
        showValue();
        showTolerance();
      },
      reveal(pointer) {
        if (!pointer.endsWith('/tolerance')) return false;
        tolerance.focus();
        return true;
      },
    };
  });
