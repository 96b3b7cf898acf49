// A boundary: walked corner by corner with the phone, or pasted as GeoJSON. Which coordinate system a pasted one is in must be said.

import { keepFixes } from '../evidence/fixes.ts';
import type { Averaged } from '../place/average.ts';
import { locateButton } from '../place/button.ts';
import { isRecord, join, type Json } from '../pointer.ts';
import { cornersOf, typedShape, walkedShape } from '../typed/geojson.ts';
import { h } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import { systemSelect } from './point.ts';
import { shell } from './shell.ts';
import type { Maker } from './view.ts';

export const areaView: Maker = (field, place) =>
  shell(field, place, (id, describedBy) => {
    const status = h('p', { class: 'status', role: 'status' });
    const text = h('textarea', { id, rows: 3, spellcheck: 'false', autocomplete: 'off', 'aria-describedby': describedBy, class: 'code', placeholder: '{"type":"Polygon","coordinates":[[[105.95,26.249],…]]}' });
    const [system, showSystem] = systemSelect(place, () => join(place.at(), 'crs'), field.crs, describedBy);
    const summary = h('span', { class: 'summary-text' });
    const clear = h('button', { type: 'button', class: 'link clear', text: bi('清除边界', 'Clear the boundary'), hidden: true });

    const current = (): Json | undefined => place.inspection.get(place.at());
    const crs = (): Json | undefined => {
      const value = current();
      return isRecord(value) ? value['crs'] : undefined;
    };

    text.addEventListener('change', () => {
      const typed = text.value.trim();
      if (typed === '') return place.inspection.remove(place.at());
      const shape = typedShape(typed);
      const known = crs();
      place.inspection.set(place.at(), shape ? (known === undefined ? { ...shape } : { ...shape, crs: known }) : typed);
    });

    let walked: Averaged[] = [];
    const back = h('button', { type: 'button', class: 'action quiet', text: bi('撤销一个角', 'Undo a corner'), hidden: true });
    const store = (): void => {
      const shape = walkedShape(walked.map((fix) => [fix.lng, fix.lat] as const));
      if (shape) place.inspection.set(place.at(), { ...shape, crs: 'wgs84' });
      else place.inspection.remove(place.at());
      const worst = Math.max(0, ...walked.map((fix) => fix.accuracy));
      back.hidden = walked.length === 0;
      status.textContent = walked.length === 0 ? '' : say(
        `已记 ${walked.length} 个角${walked.length < 3 ? '，至少要 3 个' : ''}。最差精度 ±${worst} 米，边界不带误差，量距离时请留余地。`,
        `${walked.length} corners taken${walked.length < 3 ? ', at least 3 are needed' : ''}. Worst accuracy ±${worst} m; a boundary carries no tolerance, so allow for it.`);
    };
    const gps = locateButton({
      label: bi('记下这个角', 'Take this corner'),
      onTaken: (located) => {
        walked = [...walked, located.result];
        store();
        void keepFixes(place.inspection, place.at(), located, 'add');
      },
    });
    const corner = gps.button;
    back.addEventListener('click', () => {
      walked = walked.slice(0, -1);
      store();
      corner.focus();
    });
    clear.addEventListener('click', () => {
      walked = [];
      gps.reset();
      place.inspection.remove(place.at());
      text.value = '';
      back.hidden = true;
      status.textContent = '';
      text.focus();
    });

    const allowed = field.crs === undefined || field.crs.includes('wgs84');
    const paste = h('details', { class: 'paste' },
      h('summary', { text: bi('粘贴 GeoJSON', 'Paste GeoJSON') }),
      text, h('div', { class: 'part' }, h('span', { class: 'part-name', 'aria-hidden': 'true', text: bi('坐标系', 'System') }), system));
    text.setAttribute('aria-label', 'GeoJSON');
    const update = (): void => {
      const value = current();
      showSystem();
      clear.hidden = value === undefined;
      const corners = cornersOf(value);
      summary.textContent = corners > 0 ? say(`边界有 ${corners} 个角`, `The boundary has ${corners} corners`) : '';
      if (document.activeElement !== text && value !== undefined) {
        if (isRecord(value)) {
          const { crs: _, ...shape } = value;
          if (Object.keys(shape).length > 0 && typedShape(text.value) === null) text.value = JSON.stringify(shape);
        } else if (typeof value === 'string') {
          text.value = value;
        }
      } else if (value === undefined && document.activeElement !== text) {
        text.value = '';
      }
      if (typeof value === 'string') paste.open = true;
    };
    update();
    const el = h('div', { class: 'area' }, allowed ? gps.el : null, h('div', { class: 'row' }, back), status, summary, paste, clear);
    return {
      el, target: allowed ? corner : text, several: true, update,
      example: () => say('请粘贴 GeoJSON 的 Polygon 或 MultiPolygon，并选坐标系。', 'Paste a GeoJSON Polygon or MultiPolygon and choose its system.'),
    };
  });
