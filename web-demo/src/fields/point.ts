// A place: longitude, latitude, accuracy in metres, coordinate system. The phone gives all four; typed coordinates need their
// system named, because the systems differ by hundreds of metres.

import { watch, type Watching } from '../gps.ts';
import { join } from '../pointer.ts';
import { typedNumber } from '@weibao/rules/typed';
import { h, uid } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import { icon } from '../ui/icons.ts';
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
    const status = h('p', { class: 'status', role: 'status' });
    const start = h('button', { type: 'button', class: 'action soft gps' }, icon('place'), h('span', { text: bi('用手机定位', 'Use GPS') }));
    const take = h('button', { type: 'button', class: 'action quiet', text: bi('就用这个', 'Use this one'), hidden: true });
    const clear = h('button', { type: 'button', class: 'link clear', text: bi('清除', 'Clear'), hidden: true });
    let watching: Watching | null = null;
    const allowed = field.crs === undefined || field.crs.includes('wgs84');
    start.addEventListener('click', () => {
      if (watching) return;
      start.setAttribute('aria-disabled', 'true');
      status.textContent = say('正在定位……', 'Looking for a position…');
      let ended = false;
      const made = watch((fix) => {
        place.inspection.set(place.at(), { lng: fix.lng, lat: fix.lat, accuracy: fix.accuracy, crs: 'wgs84' });
        status.textContent = say(`精度 ±${fix.accuracy} 米，还在变准……`, `Accuracy ±${fix.accuracy} m, still improving…`);
        take.hidden = false;
      }, (fault) => {
        ended = true;
        watching = null;
        take.hidden = true;
        start.removeAttribute('aria-disabled');
        const value = place.inspection.get(join(place.at(), 'accuracy'));
        status.textContent = fault ?? (typeof value === 'number' ? say(`已定位，精度 ±${value} 米`, `Position taken, accuracy ±${value} m`) : '');
      });
      if (!ended) watching = made;
    });
    take.addEventListener('click', () => {
      watching?.stop();
      start.focus();
    });
    clear.addEventListener('click', () => {
      watching?.stop();
      place.inspection.remove(place.at());
      status.textContent = '';
      start.focus();
    });
    const el = h('div', { class: 'point' },
      h('div', { class: 'row' }, allowed ? start : null, take), status,
      h('div', { class: 'parts' },
        number('lng', '经度', 'Longitude', '105.94'), number('lat', '纬度', 'Latitude', '26.25'),
        number('accuracy', '精度（米）', 'Accuracy (m)', '0'),
        h('div', { class: 'part' }, h('span', { class: 'part-name', 'aria-hidden': 'true', text: bi('坐标系', 'System') }), system)),
      clear);
    return {
      el, target: allowed ? start : el.querySelector('input') ?? el, several: true,
      example: () => say('四项都要：经度、纬度、精度、坐标系。', 'All four: longitude, latitude, accuracy, system.'),
      update() {
        for (const show of shows) show();
        clear.hidden = place.inspection.get(place.at()) === undefined;
      },
    };
  });
