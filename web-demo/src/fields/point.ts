// A place: longitude, latitude, accuracy in metres, coordinate system. The phone gives all four; typed coordinates need their
// system named, because the systems differ by hundreds of metres.

import { keepFixes } from '../evidence/fixes.ts';
import { locateButton } from '../place/button.ts';
import type { Averaged } from '../place/average.ts';
import { join } from '../pointer.ts';
import { typedNumber } from '@weibao/rules/typed';
import { h, uid } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import { systemName } from '../ui/words.ts';
import { bindTyped } from './scalar.ts';
import { shell } from './shell.ts';
import type { Maker, Place } from './view.ts';

const SYSTEMS = ['wgs84', 'cgcs2000', 'gcj02', 'bd09'];

/** A select of the coordinate systems that the field accepts. */
export function systemSelect(place: Pick<Place, 'inspection'>, at: () => string, allowed: readonly string[] | undefined, describedBy: string): [HTMLSelectElement, () => void] {
  const select = h('select', { 'aria-label': bi('坐标系', 'Coordinate system'), 'aria-describedby': describedBy },
    h('option', { value: '', text: bi('请选', 'Choose') }),
    (allowed ?? SYSTEMS).map((code) => h('option', { value: code, text: () => systemName(code) })));
  select.addEventListener('change', () => {
    if (select.value === '') place.inspection.remove(at());
    else place.inspection.set(at(), select.value);
  });
  const show = (): void => {
    const value = place.inspection.get(at());
    select.value = typeof value === 'string' ? value : '';
  };
  show();
  return [select, show];
}

export const pointView: Maker = (field, place) =>
  shell(field, place, (id, describedBy) => {
    const shows: (() => void)[] = [];
    const number = (key: string, zh: string, en: string, hint: string): HTMLElement => {
      const own = key === 'lng' ? id : uid('p');
      const input = h('input', { id: own, type: 'text', inputmode: 'decimal', autocomplete: 'off', 'aria-describedby': describedBy, placeholder: hint });
      shows.push(bindTyped(input, () => join(place.at(), key), place, (text) => typedNumber(text.replace(/[°度]$/, ''), key === 'accuracy' ? 'm' : undefined)));
      return h('div', { class: 'part' }, h('label', { for: own, text: bi(zh, en) }), input);
    };
    const [system, showSystem] = systemSelect(place, () => join(place.at(), 'crs'), field.crs, describedBy);
    shows.push(showSystem);
    const clear = h('button', { type: 'button', class: 'link clear', text: bi('清除', 'Clear'), hidden: true });
    const allowed = field.crs === undefined || field.crs.includes('wgs84');
    const put = (result: Averaged): void => place.inspection.set(place.at(), { lng: result.lng, lat: result.lat, accuracy: result.accuracy, crs: 'wgs84' });
    const gps = locateButton({
      label: bi('用手机定位', 'Use GPS'),
      onProgress: (now) => put(now.result),
      onTaken: (located) => {
        put(located.result);
        void keepFixes(place.inspection, place.at(), located);
      },
      manual: () => document.getElementById(id)?.focus(),
    });
    clear.addEventListener('click', () => {
      gps.reset();
      place.inspection.remove(place.at());
      gps.button.focus();
    });
    const el = h('div', { class: 'point' },
      allowed ? gps.el : null,
      h('div', { class: 'parts' },
        number('lng', '经度', 'Longitude', '105.94'), number('lat', '纬度', 'Latitude', '26.25'),
        number('accuracy', '精度（米）', 'Accuracy (m)', '0'),
        h('div', { class: 'part' }, h('span', { class: 'part-name', 'aria-hidden': 'true', text: bi('坐标系', 'System') }), system)),
      clear);
    return {
      el, target: allowed ? gps.button : el.querySelector('input') ?? el, several: true,
      example: () => say('四项都要：经度、纬度、精度、坐标系。', 'All four: longitude, latitude, accuracy, system.'),
      update() {
        for (const show of shows) show();
        clear.hidden = place.inspection.get(place.at()) === undefined;
      },
    };
  });
