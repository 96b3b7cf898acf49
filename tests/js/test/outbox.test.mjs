// Nothing lost, nothing twice: the scenarios of outbox/scenarios.mjs one by one, a thousand random schedules of faults, and mistakes in the page's
// code that the same rules must notice.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pageModules } from '../lib/page.mjs';
import { perform } from '../outbox/perform.mjs';
import { MODULES, schedule } from '../outbox/schedules.mjs';
import { MUTANTS, SCENARIOS } from '../outbox/scenarios.mjs';

const SCHEDULES = 1_000;
const modules = await pageModules(MODULES);

describe('scenarios', () => {
  for (const scenario of SCENARIOS) {
    for (const leases of scenario.both ? [false, true] : [false]) {
      test(`${scenario.number} ${scenario.name}${leases ? ' (without Web Locks)' : ''}`, () => perform(modules, scenario, { leases: leases || scenario.leases }));
    }
  }
  test('all twenty are here', () => {
    assert.deepEqual([...new Set(SCENARIOS.map((one) => one.number))], Array.from({ length: 20 }, (_, n) => n + 1));
  });
});

test(`${SCHEDULES} schedules of faults lose nothing and double nothing`, async () => {
  const seen = { received: 0, killed: 0, taken: 0, restored: 0, corrected: 0, leases: 0, refused: 0 };
  for (let seed = 1; seed <= SCHEDULES; seed += 1) {
    const world = await schedule(modules, seed);
    assert.deepEqual(world.breaches, [], `seed ${seed}`);
    for (const key of Object.keys(seen)) seen[key] += world.seen[key];
  }
  // A calm sea proves nothing: each kind of trouble was met, and often.
  for (const [key, count] of Object.entries(seen)) assert.ok(count > SCHEDULES / 10, `${key}: ${count}`);
});

describe('each rule can fail', () => {
  for (const { breaks, ...change } of MUTANTS) {
    test(`${breaks}: ${change.file} with ${JSON.stringify(change.to.slice(0, 50))}`, async () => {
      const wrong = await pageModules(MODULES, change);
      const broken = new Set();
      for (const scenario of SCENARIOS.filter((one) => !one.each && !one.database)) {
        const told = await perform(wrong, scenario).then(() => '', (error) => String(error.message));
        if (told.includes(`'${breaks}'`)) broken.add(breaks);
      }
      for (let seed = 1; seed <= 60 && !broken.has(breaks); seed += 1) {
        const world = await schedule(wrong, seed, { wanted: breaks });
        for (const one of world.breaches) broken.add(one.rule);
      }
      assert.ok(broken.has(breaks), `nobody noticed; only ${[...broken].join()}`);
    });
  }
  test('saved_stays: a disk that says saved too early', async () => {
    const broken = new Set();
    for (let seed = 1; seed <= 120 && !broken.has('saved_stays'); seed += 1) for (const one of (await schedule(modules, seed, { lossy: true, wanted: 'saved_stays' })).breaches) broken.add(one.rule);
    assert.ok(broken.has('saved_stays'));
  });
});
