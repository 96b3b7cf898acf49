// Random schedules of faults: pages are killed wherever they wait, the network, the clock, the server and its tokens misbehave, two pages work at
// once. In: the page's modules and a seed. Out: the breaches, which must be none.

import { watch, World } from './world.mjs';

export const MODULES = [
  'store/disk.ts', 'store/types.ts', 'store/drafts.ts', 'store/blobs.ts', 'store/locks.ts', 'store/bundles.ts', 'store/canary.ts', 'store/database.ts',
  'sync/queue.ts', 'sync/devices.ts', 'sync/finish.ts', 'sync/transport.ts', 'sync/machine.ts', 'sync/answer.ts',
];

const TOKEN = 'wb_device_0000000000000000001';
const NEXT_TOKEN = 'wb_device_0000000000000000002';
const DAY = 86_400_000;
/** What the server says of bytes that the way damaged. */
const DAMAGED = new Set(['bad-json', 'wrong-digest', 'not-opened']);

/** Works on whatever drafts there are, then begins new ones, as long as the page lives. */
async function inspect(world, page) {
  const { random } = world;
  const work = async (open) => {
    if (!open.writable) {
      if (random() < 0.5) return open.close();
      await open.takeOver();
      world.seen.taken += 1;
    }
    for (let left = 1 + Math.floor(random() * 4); left > 0; left -= 1) {
      // People think, walk, and are called away.
      if (random() < 0.4) await page.wait(Math.floor(random() * 12_000));
      await page.edit(open);
      if (random() < 0.4) await page.save(open);
      if (random() < 0.25) await page.photo(open, random() < 0.1 ? 300_000 : 10);
    }
    if (world.calm || random() < 0.8) {
      await page.finish(open);
      if (random() < 0.15) await correct(open.draft.id);
      if (random() < 0.7) void page.queue.flush();
    } else {
      await open.close();
    }
  };
  /** What was finished is corrected, sent or not, and a photo of it may be taken out. */
  const correct = async (id) => {
    const last = world.cells('outbox').filter((one) => one.id === id).at(-1);
    if (!last || world.finished.get(last.digest).entry.poison) return; // what is refused waits for a person, and its correction with it
    world.seen.corrected += 1;
    await work(await page.correct(last, random() < 0.5));
  };
  const guarded = async (job) => {
    try {
      await job();
    } catch (error) {
      if (!(error instanceof world.modules.StoreFault)) world.breach('no_crash', String(error.stack ?? error));
    }
  };
  await guarded(async () => {
    for (const line of await page.drafts.list()) await guarded(async () => work(await page.drafts.open(line.id)));
  });
  while (world.begun < world.goal) {
    world.begun += 1;
    await guarded(async () => work(await page.begin({ poison: random() < world.poison })));
  }
  await guarded(() => page.queue.flush());
}

function visit(world) {
  const page = world.open();
  void inspect(world, page);
  return page;
}

async function misbehave(world, memory) {
  const { random } = world;
  const pages = [...world.pages];
  const dice = random();
  if (dice < 0.35 && pages.length > 0) {
    await world.kill(world.pick(pages));
    world.seen.killed += 1;
    if (world.pages.size === 0) visit(world);
  } else if (dice < 0.5 && pages.length < 3) visit(world);
  else if (dice < 0.6) world.skew = world.pick([0, -365 * DAY, 365 * DAY, 3_300_000, -3_300_000]);
  else if (dice < 0.7) world.offline = !world.offline;
  else if (dice < 0.76) memory.backup = world.server.backup();
  else if (dice < 0.82 && memory.backup) { world.server.restore(memory.backup); world.seen.restored += 1; }
  else if (dice < 0.88) world.server.tokens = new Set(random() < 0.5 ? [NEXT_TOKEN] : [TOKEN]);
  else if (dice < 0.94) world.full = random() < 0.3;
  else if (pages.length > 0) void world.pick(pages).queue.flush().catch(() => undefined);
}

export async function schedule(modules, seed, { steps = 240, lossy = false, wanted } = {}) {
  const world = new World(modules, seed);
  const { random } = world;
  watch(world);
  world.seen = { received: 0, killed: 0, taken: 0, restored: 0, corrected: 0, leases: world.leases ? 1 : 0, refused: 0 };
  if (wanted) Object.assign(world, { wanted, most: 3_000 });
  Object.assign(world, { begun: 0, goal: 2 + Math.floor(random() * 4), poison: random() < 0.2 ? 0.3 : 0, weather: random() < 0.2 ? 0 : random() * 0.8, lossy });
  world.server.tokens = new Set([TOKEN]);
  world.server.sealing = random() < 0.8;
  const memory = {};
  const first = world.open();
  void first.devices.add(TOKEN).then(() => inspect(world, first));
  for (let n = 0; n < steps; n += 1) {
    if (world.noticed) return world;
    if (random() < 0.06) await misbehave(world, memory);
    if (!(await world.step())) {
      if (random() < 0.5) visit(world);
      else world.time += 1_000;
      await world.settle();
    }
  }
  // The weather clears: what is left must arrive.
  for (const page of [...world.pages]) await world.kill(page);
  Object.assign(world, { weather: 0, offline: false, full: false, skew: 0, calm: true, lossy: false, relaxed: null });
  world.server.tokens = new Set([NEXT_TOKEN]);
  const renewed = world.open();
  void renewed.devices.read().then((tokens) => renewed.devices.add(NEXT_TOKEN, tokens.owners.filter((one) => one !== tokens.active || one !== '')));
  await world.run();
  for (let visits = 0; visits < 3; visits += 1) {
    world.server.now += 2 * DAY;
    const page = visit(world);
    await world.run();
    // Refused by a way that damaged it: a person presses 重试. What the server itself refuses is refused again.
    for (const one of world.cells('outbox')) if (one.phase === 'attention' && DAMAGED.has(one.fault.code)) void page.queue.retry(one.key);
    await world.run();
    for (const page of [...world.pages]) await world.kill(page);
  }
  const refused = world.cells('outbox').filter((one) => world.bodies.get(one.digest)?.includes('"poison":true')).map((one) => one.digest);
  world.checkEnd({ attention: refused });
  world.seen.refused = refused.length;
  world.seen.received = world.cells('outbox').filter((one) => one.phase === 'received').length;
  return world;
}
