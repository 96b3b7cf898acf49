// Names of places. In: a GB/T 2260 code. Out: what an inspector calls it, and which places lie in which. Only names for the places of
// the rulesets that the project ships; any other layer is named by its title.

import { pick, type Text } from './ui/i18n.ts';

const NAMES: Record<string, Text> = {
  '000000': { zh: '全国', en: 'Whole country' },
  '140500': { zh: '山西晋城', en: 'Jincheng, Shanxi' },
  '150424': { zh: '内蒙古林西', en: 'Linxi, Inner Mongolia' },
  '500153': { zh: '重庆荣昌', en: 'Rongchang, Chongqing' },
  '520400': { zh: '贵州安顺', en: 'Anshun, Guizhou' },
  '640400': { zh: '宁夏固原', en: 'Guyuan, Ningxia' },
};

export function placeName(code: string, title?: Text): string {
  return pick(NAMES[code]) || pick(title) || code;
}

/** A code that ends in pairs of zeros covers all codes below it: `520400` holds in `520402`. */
export function coversPlace(area: string, code: string): boolean {
  return code.startsWith(area.replace(/(00)+$/, ''));
}
