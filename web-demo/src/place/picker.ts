// The nearest schools, to be picked: above the list of sites. In: the venue's place and the register. Out: sites with kind, name, boundary and
// nearest gate; the distances the engine takes from those.

import { isRecord, join, type Json, type Record_ } from '../pointer.ts';
import type { Inspection } from '../inspection.ts';
import { openDialog } from '../ui/dialog.ts';
import { fill, h, uid } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import { icon } from '../ui/icons.ts';
import { keepFixes } from '../evidence/fixes.ts';
import { evidenceOf } from '../evidence/list.ts';
import { locateButton } from './button.ts';
import type { Located } from './locating.ts';
import { nearest, openRegister, siteOf, type Near, type Register } from './register.ts';
import type { Roles } from './roles.ts';
import { intervalWords } from './site.ts';

/** Metres; no limit of any rule reaches so far. */
const AROUND = 20_000;
/** Shown at once; the rest is found by name. */
const SHOWN = 12;

export function registerButton(inspection: Inspection, roles: Roles): HTMLElement {
  const status = h('p', { class: 'status', role: 'status' });
  const button = h('button', { type: 'button', class: 'action soft register' }, icon('place'), h('span', { text: bi('从名册选最近的学校', 'Pick the nearest schools') }));
  const put = ({ result }: Located): void => inspection.set(roles.venue, { lng: result.lng, lat: result.lat, accuracy: result.accuracy, crs: 'wgs84' });
  // Where the venue has no place yet, it is taken here: the question itself may be folded away.
  const gps = locateButton({
    label: bi('站在场所门口定位', 'Locate, standing at the venue\'s door'),
    onProgress: put,
    onTaken: (located) => {
      put(located);
      void keepFixes(inspection, roles.venue, located);
      inspection.flush();
      void open();
    },
  });
  gps.el.hidden = true;
  const open = async (): Promise<void> => {
    const venue = inspection.get(roles.venue);
    if (!isRecord(venue) || typeof venue['lng'] !== 'number' || typeof venue['lat'] !== 'number' || typeof venue['crs'] !== 'string') {
      status.textContent = say('先给场所定位，再选学校。', 'Locate the venue first.');
      gps.el.hidden = false;
      gps.button.focus();
      return;
    }
    status.textContent = say('正在打开名册……', 'Opening the register…');
    const register = await openRegister();
    status.textContent = '';
    openPicker(inspection, roles, register, nearest(inspection.ruleset, venue as never, register.rows), button);
  };
  button.addEventListener('click', () => void open());
  return h('div', { class: 'register-box' }, button, status, gps.el);
}

const TO: Record<Near['to'], readonly [string, string]> = { boundary: ['到校园边界', 'to the boundary'], gate: ['到校门', 'to the gate'], point: ['到名册里的一点', 'to the register\'s point'] };

function openPicker(inspection: Inspection, roles: Roles, register: Register, all: readonly Near[], opener: HTMLElement): void {
  const searchId = uid('pick');
  const search = h('input', { id: searchId, type: 'text', autocomplete: 'off' });
  const rows = h('ul', { class: 'plain picker-list' });
  const status = h('p', { class: 'status', role: 'status' });
  const done = h('button', { type: 'button', class: 'action' });
  const draw = (): void => {
    const words = search.value.trim().toLowerCase();
    const found = all.filter((near) => near.row.name.toLowerCase().includes(words));
    const taken = all.filter((near) => isTaken(inspection, roles, near)).length;
    done.textContent = taken === 0 ? say('不选，关上', 'Close without any') : say(`选好了（${taken} 所）`, `Done (${taken})`);
    fill(rows, found.slice(0, SHOWN).map((near) => h('li', {}, line(near))));
    const closest = all[0]?.metres ?? null;
    status.textContent = found.length > 0 && closest !== null && closest > AROUND ? say(`名册里最近的也在 ${Math.round(closest / 1000)} 公里以外：这份名册多半不含本地。请在表里自己添加。`, `The nearest of the register is ${Math.round(closest / 1000)} km away: it hardly covers this place. Add the school by hand.`)
      : found.length === 0 ? say('名册里没有这个名字。请在表里自己添加。', 'No such name in the register; add the school by hand.')
      : found.length > SHOWN ? say(`共 ${found.length} 所，列出最近的 ${SHOWN} 所，其余请按名称找。`, `${found.length} in all, the nearest ${SHOWN} are listed; find others by name.`) : '';
  };
  const line = (near: Near): HTMLElement => {
    const index = indexOf(inspection, roles, near);
    const far = near.metres === null ? (near.fault === 'crs_mixed' ? say('坐标系不同，不能算距离', 'another coordinate system: no distance') : say('没有距离', 'no distance'))
      : `${say(...TO[near.to])} ${intervalWords({ value: near.metres, tolerance: near.tolerance })}`;
    const box = h('input', { type: 'checkbox', checked: isTaken(inspection, roles, near) });
    box.addEventListener('change', () => {
      status.textContent = box.checked ? take(near) : giveBack(near);
      const at = [...rows.querySelectorAll('input')].indexOf(box);
      const said = status.textContent;
      draw();
      status.textContent = said;
      rows.querySelectorAll('input')[at]?.focus();
    });
    return h('label', { class: 'option' }, box, h('span', {}, h('b', { class: 'pick-words' }, near.row.name, h('small', {}, far, index !== null && !box.checked ? ` · ${say('表里已有，勾选补上位置', 'in the form; tick to add its place')}` : ''))));
  };
  const take = (near: Near): string => {
    pick(inspection, roles, near, indexOf(inspection, roles, near));
    return say(`已填入 ${near.row.name}。`, `${near.row.name} is filled in.`);
  };
  /** A row goes again as long as nobody added to it. */
  const giveBack = (near: Near): string => {
    const index = indexOf(inspection, roles, near);
    if (index === null) return '';
    if (!isUntouched(inspection, roles, near, index)) return say(`${near.row.name}在表里已填了别的内容；要删，请在表里删。`, `More was entered for ${near.row.name}: remove it in the form.`);
    evidenceOf(inspection).rowRemoved(roles.sites, index);
    inspection.setList(roles.sites, sitesOf(inspection, roles).filter((_, n) => n !== index));
    return say(`已去掉 ${near.row.name}。`, `${near.row.name} is taken out.`);
  };
  const origin = register.from === 'example'
    ? say('服务器没有名册：下面是虚构的示例，不能用于执法。', 'The server has no register: these schools are invented examples, not for real inspections.')
    : register.from === 'kept' ? say('没有联网：用的是上次存下的名册。', 'Offline: the register of an earlier visit.') : say('来自服务器的名册。', 'The server\'s register.');
  search.addEventListener('input', draw);
  draw();
  openDialog({
    title: say('最近的学校和幼儿园', 'The nearest schools and kindergartens'),
    opener,
    body: (close) => {
      done.addEventListener('click', () => close(true));
      return [
        h('p', { class: register.from === 'example' ? 'advice-line' : 'hint' }, register.from === 'example' ? icon('problem') : null, h('span', {}, origin)),
        register.skipped ? h('p', { class: 'hint' }, say(`名册有 ${register.skipped} 行缺名称或者位置，没有列出。`, `${register.skipped} rows of the register lack a name or a place.`)) : null,
        h('div', { class: 'part' }, h('label', { for: searchId }, say('按名称找', 'Find by name')), search),
        status, rows, h('div', { class: 'dialog-foot' }, done),
      ];
    },
  });
}

const sitesOf = (inspection: Inspection, roles: Roles): readonly Json[] => {
  const value = inspection.get(roles.sites);
  return Array.isArray(value) ? value : [];
};

/** The row of the form that is this school, by name. */
function indexOf(inspection: Inspection, roles: Roles, near: Near): number | null {
  const index = sitesOf(inspection, roles).findIndex((site) => isRecord(site) && site['name'] === near.row.name);
  return index < 0 ? null : index;
}

/** It is in the form, with all that the register knows. */
function isTaken(inspection: Inspection, roles: Roles, near: Near): boolean {
  const index = indexOf(inspection, roles, near);
  const site = index === null ? null : sitesOf(inspection, roles)[index];
  return isRecord(site) && Object.keys(siteOf(near, roles.fields)).every((key) => site[key] !== undefined);
}

/** The row holds what picking it filled in and nothing else, neither an answer nor a photo. */
function isUntouched(inspection: Inspection, roles: Roles, near: Near, index: number): boolean {
  const site = sitesOf(inspection, roles)[index];
  const made: Record_ = siteOf(near, roles.fields);
  const own = join(roles.sites, index);
  return isRecord(site) && Object.keys(site).every((key) => JSON.stringify(site[key]) === JSON.stringify(made[key])) && !evidenceOf(inspection).all.some((one) => one.at === own || one.at.startsWith(`${own}/`));
}

/** A new row, or what a row of that name lacks: nothing that was entered is overwritten. */
function pick(inspection: Inspection, roles: Roles, near: Near, index: number | null): void {
  const made: Record_ = siteOf(near, roles.fields);
  const sites = sitesOf(inspection, roles);
  if (index === null) return inspection.setList(roles.sites, [...sites, made]);
  for (const [key, value] of Object.entries(made)) {
    const at = join(roles.sites, index, key);
    if (inspection.get(at) === undefined) inspection.set(at, value);
  }
}
