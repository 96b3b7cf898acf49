// What the page reads by itself, without a browser: boundaries, and pointers into the answers. Numbers, days and texts are read by the
// package (test/typed.test.mjs).

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
