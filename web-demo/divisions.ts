// The names of today's divisions for the page, out of the reference table of the rules. In: rulesets/tables/division-codes.csv. Out: the module
// `virtual:divisions`, a text of lines `code name`, where a name is without the names of the province and the prefecture that it begins with.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const ID = 'virtual:divisions';

/** The text of the module: divisions that exist, by code. */
export function divisionLines(csv: string): string {
  const rows = csv.trim().split(/\r?\n/).slice(1).map((line) => line.split(',')).filter(([, , , until]) => until === '');
  const names = new Map(rows.map(([code = '', name = '']) => [code, name]));
  return rows.map(([code = '', name = '']) => {
    const above = [`${code.slice(0, 4)}00`, `${code.slice(0, 2)}0000`].filter((one) => one !== code).map((one) => names.get(one)).find((one) => one !== undefined && name.startsWith(one));
    return `${code}${above === undefined ? name : name.slice(above.length)}`;
  }).join('\n');
}

export function divisions(): Plugin {
  return {
    name: 'weibao-divisions',
    resolveId: (id) => (id === ID ? `\0${ID}` : null),
    load(id) {
      if (id !== `\0${ID}`) return null;
      const table = fileURLToPath(new URL('../rulesets/tables/division-codes.csv', import.meta.url));
      this.addWatchFile(table);
      return `export default ${JSON.stringify(divisionLines(readFileSync(table, 'utf8')))};`;
    },
  };
}
