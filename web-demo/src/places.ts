// Names of places. In: a GB/T 2260 code. Out: what an inspector calls it. Only names for the places of the rulesets that the
// project ships; any other layer is named by its title.

import { pick, type Text } from './ui/i18n.ts';

const NAMES: Record<string, Text> = {
  '000000': { zh: '全国', en: 'Whole country' },
  '520400': { zh: '贵州安顺', en: 'Anshun, Guizhou' },
  '150424': { zh: '内蒙古林西', en: 'Linxi, Inner Mongolia' },
};

export function placeName(code: string, title?: Text): string {
  return pick(NAMES[code]) || pick(title) || code;
}
