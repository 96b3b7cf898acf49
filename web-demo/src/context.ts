// Place and day of the check, above the form: they choose which layers apply. In: the layers of the ruleset. Out: changes.

import type { Inspection } from './inspection.ts';
import { divisions } from './divisions.ts';
import { hasName, placeName, shortPlaceName } from './places.ts';
import { typedDate } from '@weibao/rules/typed';
import { h, uid } from './ui/dom.ts';
import { bi, pick, say } from './ui/i18n.ts';
import { icon } from './ui/icons.ts';
import { usedPlace } from './ui/recent.ts';
import { placeFinder } from './where.ts';

const OTHER = 'other';

export function contextBar(inspection: Inspection, onMove: (day: string, place: string) => void): HTMLElement {
  const placeId = uid('place');
  const dayId = uid('day');
  const codes = new Map(inspection.ruleset.layers.map((layer) => [layer.jurisdiction, layer.title]));
  const select = h('select', { id: placeId },
    [...codes].map(([code, title]) => h('option', { value: code, text: () => placeName(code, title) })),
    codes.has(inspection.jurisdiction) ? null : h('option', { value: inspection.jurisdiction, text: () => shortPlaceName(inspection.jurisdiction) }),
    h('option', { value: OTHER, text: bi('其他地方……', 'Another place…') }));
  select.value = inspection.jurisdiction;
  if (!codes.has(inspection.jurisdiction) && !hasName(inspection.jurisdiction)) void divisions().catch(() => undefined);
  const go = (code: string): void => {
    usedPlace(code);
    onMove(inspection.asOf, code);
  };
  const finder = placeFinder([...codes].map(([code, title]) => ({ code, title })), go);
  finder.el.hidden = true;
  const day = h('input', { id: dayId, type: 'text', autocomplete: 'off', value: inspection.asOf });
  const fault = h('p', { class: 'problem', role: 'alert', hidden: true });
  const complain = (words: string): void => {
    fault.textContent = words;
    fault.hidden = words === '';
  };

  select.addEventListener('change', () => {
    finder.el.hidden = select.value !== OTHER;
    if (finder.el.hidden) go(select.value);
    else finder.input.focus();
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
  return h('section', { class: 'context', 'data-places': true, 'aria-label': bi('地点和日期', 'Place and day') },
    h('div', { class: 'context-row' },
      h('div', { class: 'part' }, h('label', { for: placeId }, icon('place'), h('span', { text: bi('检查地点', 'Place') })), select),
      h('div', { class: 'part day' }, h('label', { for: dayId }, icon('day'), h('span', { text: bi('检查日', 'Day') })), day)),
    finder.el, fault,
    h('p', { class: 'hint layers' }, h('span', { text: () => `${say('适用规则：', 'Rules that apply: ')}${layers.map((layer) => pick(layer.title)).join(' ＋ ') || say('无', 'none')}` })));
}
