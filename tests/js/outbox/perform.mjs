// Plays a scenario: one step after another on one phone, in order, each until it is done. In: the page's modules and a scenario. Out: nothing, or an
// AssertionError.

import assert from 'node:assert/strict';
import { World, watch } from './world.mjs';

const TOKENS = ['wb_device_0000000000000000001', 'wb_device_0000000000000000002'];
const DAY = 86_400_000;

class Play {
  page;
  other;
  open = null;
  ids = [];
  marks = new Map();
  told = null;

  constructor(modules, scenario, leases) {
    this.modules = modules;
    this.scenario = scenario;
    this.world = new World(modules, 1);
    Object.assign(this.world, { orderly: true, leases, lossy: scenario.lossy ?? false });
    watch(this.world);
    this.world.server.tokens = new Set([TOKENS[0]]);
    this.world.planned = (scenario.net ?? []).map(([on, fault]) => ({ on, fault }));
    this.page = this.world.open();
  }

  /** Lets the world go until the job is done, or for ever if it is left running. */
  async until(job) {
    let done = false;
    let failure = null;
    job.then(() => { done = true; }, (error) => { done = true; failure = error; });
    await this.world.run(() => done);
    assert.ok(done, 'it never ends');
    if (failure) throw failure;
  }

  async step(step) {
    const { world, page } = this;
    const [word, ...rest] = step.split(' ');
    if (word === 'clock') { world.skew = Number(rest[0]) * 1000; return undefined; }
    if (word === 'evicted:') {
      const found = await this.start();
      return assert.equal(found?.lost, Number(rest[0]), 'what the mark tells');
    }
    const job = STEPS[step];
    assert.ok(job, `no such step: ${step}`);
    return job(this, world, page);
  }

  async start() {
    let found;
    await this.until(this.modules.evicted(this.page.disk, this.mark).then((value) => { found = value; }));
    return found;
  }

  mark = { read: () => this.marks.get('open') ?? null, write: (value) => void this.marks.set('open', value) };

  record(at) {
    return this.world.cells('outbox').find((one) => one.id === this.ids[at]);
  }
}

const begin = async (play, options) => {
  await play.until(play.page.begin(options).then((open) => { play.open = open; }));
  if (!play.ids.includes(play.open.draft.id)) play.ids.push(play.open.draft.id);
};
const finish = (play) => play.until(play.page.finish(play.open));
const photo = (play, size) => play.until(play.page.photo(play.open, size));
const send = async (play, page = play.page) => {
  void page.queue.flush();
  await play.world.run();
};
const killed = async (play, world, job) => {
  void job.catch(() => undefined);
  await world.settle();
  for (let n = 0; n < play.at; n += 1) await world.step();
  await world.kill(play.page);
  play.page = world.open();
};

const STEPS = {
  begin: (play) => begin(play),
  'begin poison': (play) => begin(play, { poison: true }),
  edit: (play, _world, page) => page.edit(play.open),
  save: (play, _world, page) => play.until(page.save(play.open)),
  photo: (play) => photo(play),
  'big photo': (play) => photo(play, 900_000),
  'big answers': (play) => { play.open.draft.answers.note = 'x'.repeat(3_000); play.open.save(); },
  'photo fails: full': (play) => assert.rejects(photo(play), { code: 'full' }),
  finish: (play) => finish(play),
  send: (play) => send(play),
  'send once': (play) => play.until(play.page.queue.flush()),
  'finish, killed': (play, world, page) => killed(play, world, page.finish(play.open)),
  'send, killed': (play, world, page) => killed(play, world, page.queue.flush()),
  'both send': async (play, world) => {
    void play.page.queue.flush();
    void play.other.queue.flush();
    await world.run();
  },
  'P sleeps': (_play, _world, page) => { page.asleep = true; },
  'P wakes': (_play, _world, page) => { page.asleep = false; },
  'Q takes the draft': async (play) => {
    await play.until(play.other.drafts.open(play.ids[0]).then((open) => { play.second = open; }));
    if (!play.second.writable) await play.until(play.second.takeOver());
  },
  'Q edits and saves': async (play) => {
    await play.other.edit(play.second);
    await play.until(play.other.save(play.second));
  },
  'P edits and is told: taken': async (play, _world, page) => {
    let told;
    play.open.onTrouble((fault) => { told = fault.code; });
    await page.edit(play.open);
    await play.until(page.save(play.open)).catch((fault) => { told = fault.code; });
    assert.equal(told, 'taken');
    assert.ok(!play.open.writable);
  },
  'Q finishes': (play) => play.until(play.other.finish(play.second)),
  'Q opens': (play, world) => { play.other = world.open(); },
  kill: async (play, world, page) => { await world.kill(page); play.page = world.open(); },
  'finish drafts': async (play, _world, page) => {
    let lines;
    await play.until(page.drafts.list().then((found) => { lines = found; }));
    for (const { id, unclosed } of lines) {
      assert.ok(unclosed, 'the list says that the page was killed over it');
      await play.until(page.drafts.open(id).then((open) => { play.open = open; }));
      assert.ok(play.open.writable);
      await finish(play);
    }
  },
  correct: async (play, world, page) => {
    const last = world.cells('outbox').at(-1);
    const { answers, evidence, rulesetId, rulesetDigest, asOf, jurisdiction, title } = play.open.draft;
    const given = { id: last.id, corrects: { digest: last.digest, reason: '地址写错' }, answers: { ...answers }, evidence: [...evidence], rulesetId, rulesetDigest, asOf, jurisdiction, title };
    await play.until(page.drafts.begin(given, 'bundle').then((open) => { play.open = open; }));
  },
  'remove photos': async (play, _world, page) => {
    const gone = play.open.draft.evidence;
    play.open.draft.evidence = [];
    await play.until(page.save(play.open));
    for (const { digest } of gone) await play.until(page.blobs.drop(digest, play.open.draft.id));
  },
  'remove what needs a person': async (play, world, page) => {
    for (const one of world.cells('outbox')) if (one.phase === 'attention') await play.until(page.queue.remove(one.key));
  },
  'remove what was received': (play, _world, page) => play.until(page.queue.removeReceived()),
  heal: (play) => { delete play.open.draft.answers.poison; play.open.save(); },
  'both tokens': (_play, world) => { world.server.tokens = new Set(TOKENS); },
  replay: (_play, world) => {
    const answer = world.server.answer(world.server.last);
    assert.equal(answer.status, 200);
    assert.equal(JSON.parse(answer.body).receipt.signature, world.cells('outbox')[0].receipt.signature, 'the same receipt');
  },
  full: (_play, world) => { world.full = true; },
  'not full': (_play, world) => { world.full = false; },
  'database closes': (_play, world) => { world.closes(); },
  'lose bytes': (_play, world) => { for (const one of world.cells('bytes')) world.disk.cells.get('bytes').delete(one.digest); },
  mark: (play, _world, page) => play.start().then(() => play.until(play.modules.marked(page.disk, play.mark))),
  evict: (_play, world) => { for (const shelf of world.disk.cells.values()) shelf.clear(); world.evicted = true; },
  '30 records': async (play) => {
    for (let n = 0; n < 30; n += 1) { await begin(play); await finish(play); }
  },
  revoke: (_play, world) => { world.server.tokens = new Set([TOKENS[1]]); },
  'revoke first': (_play, world) => { world.server.tokens = new Set([TOKENS[1]]); },
  'other user': (play, _world, page) => play.until(page.devices.add(TOKENS[1])),
  'new token': async (play, _world, page) => {
    let tokens;
    await play.until(page.devices.read().then((found) => { tokens = found; }));
    await play.until(page.devices.add(TOKENS[1], tokens.owners));
  },
  'all wait: denied': (play) => {
    const all = play.ids.map((_, at) => play.record(at));
    assert.ok(all.every((one) => one.phase === 'entry'), 'none is lost or shown as sent');
    assert.ok(all.some((one) => one.fault?.code === 'no-access'));
  },
  'first waits: denied': (play) => assert.deepEqual([play.record(0).phase, play.record(0).fault?.code], ['entry', 'no-access']),
  backup: (play, world) => { play.backup = world.server.backup(); },
  restore: (play, world) => world.server.restore(play.backup),
  'server forgets': (_play, world) => { world.server.state.submissions.clear(); },
  'server loses part': (_play, world) => { world.server.state.parts.clear(); },
  'server lacks ruleset': (_play, world) => { world.server.knows = false; },
  'server takes less': (_play, world) => { world.server.most = 2_000; },
  'office keeps a month': (_play, world) => { world.server.keptDays = 30; },
  'a month': (_play, world) => { world.server.now += 31 * DAY; },
  'two days': (_play, world) => { world.server.now += 2 * DAY; },
  'eight days': (_play, world) => { world.server.now += 8 * DAY; },
  'still here': (play) => assert.equal(play.record(0)?.phase, 'received'),
  removed: (_play, world) => {
    for (const shelf of ['outbox', 'bodies', 'files', 'bytes']) assert.deepEqual(world.cells(shelf), [], shelf);
  },
  'new ruleset': (play, _world, page) => play.until(new play.modules.Bundles(page.disk).keep('venue', `sha256:${'c'.repeat(64)}`, 'newer')),
  'old text here': async (play, _world, page) => {
    const bundles = new play.modules.Bundles(page.disk);
    let found;
    await play.until(Promise.all([bundles.byDigest(`sha256:${'a'.repeat(64)}`), bundles.current('venue')]).then((both) => { found = both; }));
    assert.deepEqual([found[0], found[1].text], ['bundle', 'newer']);
  },
};

async function once(modules, scenario, leases, at) {
  const play = new Play(modules, scenario, leases);
  const { world } = play;
  play.at = at;
  if (scenario.database) await world.useDatabase();
  await play.until(play.page.devices.add(TOKENS[0]));
  for (const step of scenario.steps) {
    try {
      await play.step(step);
    } catch (error) {
      error.message += `\nat step '${step}'; broken: ${world.breaches.map((one) => `'${one.rule}'`).join()}`;
      throw error;
    }
    await world.settle();
  }
  const rules = new Set(world.breaches.map((one) => one.rule));
  if (scenario.breaks) return assert.deepEqual([...rules], scenario.breaks);
  const known = new Set(scenario.known ?? []);
  assert.deepEqual(world.breaches.filter((one) => !known.has(one.rule)), []);
  const records = world.cells('outbox').sort((a, b) => a.key - b.key);
  assert.deepEqual(records.map((one) => one.phase), scenario.end, JSON.stringify(records.map((one) => one.fault)));
  for (const code of scenario.says ?? []) assert.ok(records.some((one) => one.fault?.code === code), `${code} is told`);
  const ids = [...new Set(records.map((one) => one.id))];
  if (scenario.revisions) assert.deepEqual(ids.map((id) => world.server.state.submissions.get(id).revisions.length), scenario.revisions);
  if (scenario.quarantined) assert.ok(records.every((one) => one.quarantined));
  if (scenario.order) {
    const positions = records.map((one) => one.receipt.position);
    assert.deepEqual(positions, [...positions].sort((a, b) => a - b), 'sent in the order in which they were finished');
  }
  const attention = records.filter((one) => one.phase === 'attention').map((one) => one.digest);
  const waiting = scenario.waits ? records.filter((one) => one.phase !== 'received').map((one) => one.id) : [];
  world.checkEnd({ attention, waiting });
  assert.deepEqual(world.breaches.filter((one) => !known.has(one.rule)), []);
}

export async function perform(modules, scenario, { leases = scenario.leases ?? false } = {}) {
  for (let at = 0; at <= (scenario.each ?? 0); at += 1) await once(modules, scenario, leases, at);
}
