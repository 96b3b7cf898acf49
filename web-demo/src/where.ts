// Where is inspected: a place found by its name or by its code, and the question that comes before the first inspection. In: the areas that rules hold
// for. Out: a code. Must not know: what is done with it.

import { divisions, findDivisions, type Division } from './divisions.ts';
import { COUNTRY, coversPlace, placeName } from './places.ts';
import { openDialog } from './ui/dialog.ts';
import { fill, h, live, uid, type Child } from './ui/dom.ts';
import { bi, say, type Text } from './ui/i18n.ts';
import { icon } from './ui/icons.ts';

export interface Area {
  readonly code: string;
  readonly title: Text;
}

const SHOWN = 12;

export interface Finder {
  readonly el: HTMLElement;
  readonly input: HTMLInputElement;
}

/** An input whose letters narrow the areas and find any county; six digits that nobody names are a place of their own. */
export function placeFinder(areas: readonly Area[], onChoose: (code: string) => void): Finder {
  const id = uid('place');
  const input = h('input', { type: 'text', id, autocomplete: 'off', enterkeyhint: 'search', placeholder: '关岭 / 520424' });
  const found = h('div', { class: 'found', role: 'group', 'aria-label': bi('找到的地方', 'Places found') });
  let all: ReadonlyMap<string, Division> | null = null;
  const load = (): void => {
    if (all) return;
    void divisions().then((read) => {
      all = read;
      if (input.value.trim() !== '') draw();
    }, () => undefined);
  };
  const draw = (): void => {
    const typed = input.value.normalize('NFKC').trim().toLowerCase();
    const listed = areas.filter((one) => [one.code, one.title.zh, one.title.en ?? '', placeName(one.code)].some((text) => text.toLowerCase().includes(typed))).map((one) => one.code);
    const named = typed === '' ? [] : /^\d+$/.test(typed) ? (all?.has(typed) ? [typed] : []) : findDivisions(all?.values() ?? [], typed, SHOWN).map((one) => one.code);
    const whole = /^\d{6}$/.test(typed) ? [typed] : [];
    const hits = [...new Set([...listed, ...named, ...whole])];
    fill(found, hits.map((code) => hitButton(code)), hits.length === 0 ? h('p', { class: 'hint', role: 'status' }, missWords()) : null);
  };
  const missWords = (): string => (all
    ? say('没有找到这个名字。请核对写法，或者填六位行政区划代码。', 'No such name. Check it, or type the six-digit division code.')
    : say('县区名称还没有装入（没有联网）。请填六位行政区划代码，或者清空后从列表里选。', 'The names of counties are not here (offline). Type the six-digit division code, or clear and choose from the list.'));
  const hitButton = (code: string): HTMLElement => {
    const button = h('button', { type: 'button', class: 'ask', 'data-place': code }, h('span', {}, h('b', {}, nameOf(code)), h('br'), h('small', {}, `${code} · ${rulesWords(code)}`)), icon('ask'));
    button.addEventListener('click', () => onChoose(code));
    return button;
  };
  const nameOf = (code: string): string => placeName(code, areas.find((one) => one.code === code)?.title);
  const rulesWords = (code: string): string => {
    const local = areas.filter((one) => one.code !== COUNTRY && coversPlace(one.code, code)).sort((a, b) => b.code.replace(/0+$/, '').length - a.code.replace(/0+$/, '').length)[0];
    if (!local) return say('只用全国规则', 'national rules only');
    return local.code === code ? say('有本地规则', 'has local rules') : say(`适用${nameOf(local.code)}的本地规则`, `local rules of ${nameOf(local.code)} hold`);
  };
  input.addEventListener('focus', load);
  input.addEventListener('input', () => {
    load();
    draw();
  });
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    found.querySelector<HTMLElement>('[data-place]')?.click();
  });
  live(found, draw);
  return { el: h('div', { class: 'where-find' }, h('label', { for: id, text: bi('市、县、区的名称，或者六位区划代码', 'City, county or district by name, or its six-digit code') }), input, found), input };
}

/** The question before the first inspection. National rules alone can be chosen, and are never assumed. Null where nobody answered. */
export function askPlace(areas: readonly Area[], opener: HTMLElement): Promise<string | null> {
  return new Promise((resolve) => {
    let answer: string | null = null;
    openDialog({
      title: say('在哪里检查？', 'Where is the inspection?'),
      opener,
      body: (close): Child => {
        const choose = (code: string): void => {
          answer = code;
          close(false);
        };
        const country = h('button', { type: 'button', class: 'action quiet', id: 'only-national' }, say('只用全国规则', 'National rules only'));
        country.addEventListener('click', () => choose(COUNTRY));
        return [
          h('p', {}, say('地点决定哪些本地规则适用、记录归哪里的办公室看。选一次就记住，以后可以在首页换。', 'The place decides which local rules hold and which office sees the record. It is remembered, and can be changed on the first screen.')),
          placeFinder(areas.filter((one) => one.code !== COUNTRY), choose).el,
          h('div', { class: 'row' }, country),
        ];
      },
    });
    [...document.querySelectorAll('dialog')].at(-1)?.addEventListener('close', () => resolve(answer));
  });
}

/** The place as it stands on the first screen, with a way to change it. */
export function placeChooser(areas: readonly Area[], now: () => string | null, onChange: (code: string) => void): Child {
  const title = h('span');
  const toggle = h('button', { type: 'button', class: 'where-now', id: 'where', 'aria-expanded': 'false' }, icon('place'), title, h('b', { class: 'change', text: () => (now() === null ? say('选', 'Choose') : say('换', 'Change')) }));
  const finder = placeFinder(areas, (code) => {
    onChange(code);
    showNow();
    open(false);
    toggle.focus();
  });
  const panel = h('div', { class: 'where-panel', hidden: true }, finder.el);
  const open = (is: boolean): void => {
    panel.hidden = !is;
    toggle.setAttribute('aria-expanded', String(is));
    if (is) finder.input.focus();
  };
  const showNow = (): void => {
    const code = now();
    const name = code === null ? '' : placeName(code, areas.find((one) => one.code === code)?.title);
    title.textContent = code === null ? say('地点：还没有选', 'Place: not chosen') : code === COUNTRY ? say('地点：全国（只用全国规则）', 'Place: whole country (national rules only)') : say(`地点：${name}`, `Place: ${name}`);
  };
  toggle.addEventListener('click', () => open(panel.hidden));
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    open(false);
    toggle.focus();
  });
  live(title, showNow);
  return [toggle, panel];
}
