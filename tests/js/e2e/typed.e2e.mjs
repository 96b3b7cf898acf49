// What people type, and what it becomes: the page's readers of numbers, days, identity numbers and boundaries, without a browser.
// `null` means: cannot be read; it stays on screen and the engine names the problem.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const page = new URL('../../../web-demo/', import.meta.url);
const { buildSync } = createRequire(new URL('package.json', page))('esbuild');

/** One TypeScript module of the page, as JavaScript. */
async function load(path) {
  const { outputFiles } = buildSync({ entryPoints: [fileURLToPath(new URL(`src/${path}`, page))], bundle: true, format: 'esm', write: false });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

function each(read, cases) {
  for (const [typed, value] of cases) assert.deepEqual(read(typed), value, JSON.stringify(typed));
}

test('numbers', async () => {
  const { typedNumber, typedInteger } = await load('typed/number.ts');
  each(typedNumber, [
    ['195', 195], ['１９５．５', 195.5], [' 1 234 ', 1234], ['1,234,567.5', 1234567.5], ['1，234', 1234], ['−3.5', -3.5], ['+2', 2], ['.5', 0.5], ['5.', 5], ['-0', 0],
    ['１９５。５', 195.5], ['12,34', null], ['1e3', null], ['0x10', null], ['一百', null], ['', null], ['-', null], ['.', null], ['1.2.3', null], ['195m', null], ['∞', null], ['NaN', null],
  ]);
  each((typed) => typedNumber(typed, 'm'), [['195米', 195], ['195 m', 195], ['195M', 195], ['１９５ｍ', 195], ['195 公里', null], ['195 km', null], ['米', null]]);
  each((typed) => typedNumber(typed, 'day'), [['60天', 60], ['60 日', 60], ['60 days', 60]]);
  each(typedInteger, [['12', 12], ['１２', 12], ['12.0', 12], ['12.5', null], ['9007199254740991', 9007199254740991], ['9007199254740993', null]]);
});

test('days', async () => {
  const { shortDateTime, typedDate, typedDateTime, today } = await load('typed/date.ts');
  each(typedDate, [
    ['2026-03-01', '2026-03-01'], ['2026年3月1日', '2026-03-01'], ['2026年3月1号', '2026-03-01'], ['２０２６年３月１日', '2026-03-01'], [' 2026 年 3 月 1 日 ', '2026-03-01'],
    ['2026.3.1', '2026-03-01'], ['2026/3/1', '2026-03-01'], ['2026－3－1', '2026-03-01'], ['20260301', '2026-03-01'], ['2024-02-29', '2024-02-29'],
    ['2026-02-29', null], ['2026-13-01', null], ['2026-00-10', null], ['2026-3/1', null], ['26-03-01', null], ['3月1日', null], ['明天', null], ['2026-03-01T00:00', null], ['0000-01-01', null], ['2100-02-29', null], ['2000-02-29', '2000-02-29'],
  ]);
  each(typedDateTime, [
    ['2026-03-01 09:30', '2026-03-01T09:30:00+08:00'], ['2026年3月1日9点30分', '2026-03-01T09:30:00+08:00'], ['2026年3月1日 下午3点', '2026-03-01T15:00:00+08:00'], ['2026年3月1日晚上9点半', '2026-03-01T21:30:00+08:00'],
    ['2026-03-01T09:30', '2026-03-01T09:30:00+08:00'], ['２０２６－０３－０１　０９：３０', '2026-03-01T09:30:00+08:00'], ['20260301 9:30', '2026-03-01T09:30:00+08:00'],
    ['2026-03-01T09:30:00+08:00', '2026-03-01T09:30:00+08:00'], ['2026-03-01T01:30:00Z', '2026-03-01T01:30:00Z'],
    ['2026-03-01', null], ['2026-03-01 25:00', null], ['2026-03-01 9:60', null], ['2026-02-30 9:00', null], ['9:30', null], ['', null],
  ]);
  each(shortDateTime, [['2026-03-01T09:30:00+08:00', '2026-03-01 09:30'], ['2026-03-01T09:30:05+08:00', '2026-03-01T09:30:05+08:00'], ['2026-03-01T01:30:00Z', '2026-03-01T01:30:00Z']]);
  assert.equal(today(new Date('2026-03-01T15:59:59Z')), '2026-03-01');
  assert.equal(today(new Date('2026-03-01T16:00:00Z')), '2026-03-02');
});

test('identity numbers and codes', async () => {
  const { identityNumber, typedText } = await load('typed/text.ts');
  each(identityNumber, [['11010519491231002x', '11010519491231002X'], ['１１０１０５ 19491231 002Ｘ', '11010519491231002X'], ['110105-19491231-0021', '110105194912310021'], ['130503670401001', '130503670401001'], ['1101051949', null], ['x', null]]);
  assert.equal(typedText('Ａ－０７', true), 'A-07');
  assert.equal(typedText('  张三说：“ＯＫ”  ', false), '  张三说：“ＯＫ”  ');
});

test('boundaries', async () => {
  const { typedShape, walkedShape, cornersOf } = await load('typed/geojson.ts');
  const polygon = { type: 'Polygon', coordinates: [[[1, 2], [3, 4], [5, 6], [1, 2]]] };
  const feature = { type: 'Feature', properties: { name: 'x' }, geometry: polygon };
  each((value) => typedShape(JSON.stringify(value)), [
    [polygon, polygon], [feature, polygon], [{ type: 'FeatureCollection', features: [feature] }, polygon],
    [{ type: 'FeatureCollection', features: [feature, feature] }, null], [{ type: 'Point', coordinates: [1, 2] }, null], [[], null], [null, null],
  ]);
  assert.equal(typedShape('{'), null);
  assert.equal(walkedShape([[1, 2], [3, 4]]), null);
  assert.deepEqual(walkedShape([[1, 2], [3, 4], [5, 6]]), polygon);
  assert.equal(cornersOf(polygon), 3);
  assert.equal(cornersOf({ type: 'MultiPolygon', coordinates: [polygon.coordinates, polygon.coordinates] }), 6);
});

test('pointers', async () => {
  const { erase, join, read, write } = await load('pointer.ts');
  const tree = {};
  assert.ok(write(tree, join('', 'a/b', 'c~d'), 1));
  assert.equal(read(tree, '/a~1b/c~0d'), 1);
  assert.ok(write(tree, '/list', [{}, {}]) && write(tree, '/list/1/x/y', 2));
  erase(tree, '/list/1/x/y');
  assert.deepEqual(tree, { 'a/b': { 'c~d': 1 }, list: [{}, {}] });
  erase(tree, '/a~1b/c~0d');
  assert.deepEqual(tree, { list: [{}, {}] });
  assert.equal(read(tree, '/list/length'), undefined);
  assert.equal(read(tree, '/__proto__/x'), undefined);
  assert.equal(write(tree, '/list/9/x', 1), false);
});
