// Names of places on the page: every division of the reference table by its code, and found by its name. In: the page's modules in Node. Out: nothing.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pageModules } from '../lib/page.mjs';

const page = await pageModules(['divisions.ts', 'places.ts', '../divisions.ts']);
const csv = readFileSync(new URL('../../../rulesets/tables/division-codes.csv', import.meta.url), 'utf8');
const all = page.readDivisions(page.divisionLines(csv));

test('the short lines hold every division of today, whole', () => {
  const today = csv.trim().split('\n').slice(1).map((line) => line.split(',')).filter((row) => row[3] === '');
  assert.equal(all.size, today.length);
  for (const [code, name] of today) assert.equal(all.get(code)?.name, name, code);
});

test('a county is found by its own name before others that only lie there', () => {
  const codes = (words) => page.findDivisions(all.values(), words, 12).map((one) => one.code);
  assert.deepEqual(codes('关岭'), ['520424']);
  assert.equal(codes('安顺')[0], '520400');
  assert.ok(codes('安顺').includes('520402'), 'and its districts');
  assert.deepEqual(codes('没有这个县'), []);
});

test('a place without a name of its own is called by the nearest that has one', () => {
  assert.equal(page.placeName('520424'), '贵州安顺（520424）');
  assert.equal(page.placeName('110101'), '110101', 'nothing is made up');
  assert.equal(page.placeWithCode('520400'), '贵州安顺（520400）');
  assert.equal(page.placeWithCode('520424'), '贵州安顺（520424）');
  page.learnNames(all);
  assert.equal(page.placeName('520424'), '贵州省安顺市关岭布依族苗族自治县');
  assert.equal(page.shortPlaceName('520424'), '关岭布依族苗族自治县');
});
