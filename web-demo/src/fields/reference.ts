// A key into a table. Where the check was given the table, its rows are offered while typing; else the key is typed.

import { h, uid } from '../ui/dom.ts';
import { typedText } from '@weibao/rules/typed';
import { bindTyped } from './scalar.ts';
import { shell } from './shell.ts';
import type { Maker } from './view.ts';

const OFFERED = 500;

export const referenceView: Maker = (field, place) =>
  shell(field, place, (id, describedBy) => {
    const rows = place.inspection.rowsOf(field.table ?? '');
    const list = rows.length > 0 ? h('datalist', { id: uid('d') },
      rows.slice(0, OFFERED).map((row) => h('option', { value: row.key }, row.label))) : null;
    const input = h('input', { id, type: 'text', autocomplete: 'off', 'aria-describedby': describedBy, list: list?.id });
    const update = bindTyped(input, place.at, place, (text) => typedText(text, true));
    return { el: h('div', {}, input, list), target: input, update };
  });
