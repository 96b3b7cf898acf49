// Names of places. In: a GB/T 2260 code. Out: what an inspector calls it, and which places lie in which. Short names are known for the places of
// the rulesets that the project ships, any other layer is named by its title, and counties by their table once that was loaded.

import { pick, say, type Text } from './ui/i18n.ts';

export const COUNTRY = '000000';

const NAMES: Record<string, Text> = {
  [COUNTRY]: { zh: '全国', en: 'Whole country' },
  '140500': { zh: '山西晋城', en: 'Jincheng, Shanxi' },
  '150424': { zh: '内蒙古林西', en: 'Linxi, Inner Mongolia' },
  '500153': { zh: '重庆荣昌', en: 'Rongchang, Chongqing' },
  '520400': { zh: '贵州安顺', en: 'Anshun, Guizhou' },
  '640400': { zh: '宁夏固原', en: 'Guyuan, Ningxia' },
};

interface Learned {
  /** With its province and prefecture. */
  readonly name: string;
  /** Without them. */
  readonly own: string;
}

let learned: ReadonlyMap<string, Learned> = new Map();
export function learnNames(names: ReadonlyMap<string, Learned>): void {
  learned = names;
}

/** A place that has no name here is called by the nearest that has one and contains it, with its own code: `贵州安顺（520424）`. */
export function placeName(code: string, title?: Text): string {
  const name = pick(NAMES[code]) || pick(title) || learned.get(code)?.name;
  if (name) return name;
  const around = Object.keys(NAMES).find((one) => one !== COUNTRY && coversPlace(one, code));
  return around !== undefined ? say(`${pick(NAMES[around])}（${code}）`, `${pick(NAMES[around])} (${code})`) : code;
}

/** The same where there is little room: a county without its province and prefecture. */
export function shortPlaceName(code: string, title?: Text): string {
  return pick(NAMES[code]) || pick(title) || learned.get(code)?.own || placeName(code);
}

/** Has it a name without its table? */
export const hasName = (code: string): boolean => code in NAMES;

/** The name, and the code behind it. */
export function placeWithCode(code: string, title?: Text): string {
  const name = placeName(code, title);
  return name.includes(code) ? name : say(`${name}（${code}）`, `${name} (${code})`);
}

/** A code that ends in pairs of zeros covers all codes below it: `520400` holds in `520402`. */
export function coversPlace(area: string, code: string): boolean {
  return code.startsWith(area.replace(/(00)+$/, ''));
}
