// Place and day of the check, above the form: they choose which layers apply. In: the layers of the ruleset. Out: changes.

import type { Inspection } from './inspection.ts';
import { placeName } from './places.ts';
import { compact, typedDate } from '@weibao/rules/typed';
import { h, uid } from './ui/dom.ts';
import { bi, pick, say } from './ui/i18n.ts';
import { icon } from './ui/icons.ts';

const OTHER = 'other';

export function contextBar(inspection: Inspection, onMove: (day: string, place: string) => void): HTMLElement {
  const placeId = uid('place');
  const dayId = uid('day');
  const codes = new Map(inspection.ruleset.layers.map((layer) => [layer.jurisdiction, layer.title]));
  const select = h('select', { id: placeId },
    [...codes].map(([code, title]) => h('option', { value: code, text: () => placeName(code, title) })),
    codes.has(inspection.jurisdiction) ? null : h('option', { value: inspection.jurisdiction, text: inspection.jurisdiction }),
    h('option', { value: OTHER, text: bi('其他地方（填区划代码）', 'Another place (division code)') }));
  select.value = inspection.jurisdiction;
  const code = h('input', { type: 'text', inputmode: 'numeric', maxlength: 12, placeholder: '520402', 'aria-label': bi('六位区划代码', 'Six-digit division code'), hidden: true });
  const day = h('input', { id: dayId, type: 'text', autocomplete: 'off', value: inspection.asOf });
  const fault = h('p', { class: 'problem', role: 'alert', hidden: true });
  const complain = (words: string): void => {
    fault.textContent = words;
    fault.hidden = words === '';
  };

  select.addEventListener('change', () => {
    code.hidden = select.value !== OTHER;
    if (code.hidden) onMove(inspection.asOf, select.value);
    else code.focus();
  });
  code.addEventListener('change', () => {
    const typed = compact(code.value);
    if (/^\d{6}$/.test(typed)) {
      complain('');
      onMove(inspection.asOf, typed);
    } else {
      complain(say('区划代码是六位数字，如 520402。', 'A division code has six digits, such as 520402.'));
    }
  });
  day.addEventListener('change', () => {
    const typed = typedDate(day.value);
    if (typed) {
      complain('');
      day.value = typed;
      onMove(typed, inspection.jurisdiction);
    } else {
      complain(say('检查日请写成 2026-03-01 或 2026年3月1日。', 'Write the day as 2026-03-01.'));
    }
  });
  const layers = inspection.description.layers;
  return h('section', { class: 'context', 'aria-label': bi('地点和日期', 'Place and day') },
    h('div', { class: 'context-row' },
      h('div', { class: 'part' }, h('label', { for: placeId }, icon('place'), h('span', { text: bi('检查地点', 'Place') })), select, code),
      h('div', { class: 'part day' }, h('label', { for: dayId }, icon('day'), h('span', { text: bi('检查日', 'Day') })), day)),
    fault,
    h('p', { class: 'hint layers' }, h('span', { text: () => `${say('适用规则：', 'Rules that apply: ')}${layers.map((layer) => `${pick(layer.title)} ${layer.version}`).join(' ＋ ') || say('无', 'none')}` })));
}
