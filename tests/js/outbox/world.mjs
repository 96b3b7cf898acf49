// One phone, its pages, its disk, the way to the server and the server, with a scheduler that decides what happens next. In: a seed and the page's
// modules. Out: pages to act in, faults to put between, and the breaches of what must always hold.
//
// Whatever a page waits for (disk, network, lock, timer) is a point where it may be killed: the scheduler then forgets its points, and what was
// under way has happened or has not, by chance.

import { createHash } from 'node:crypto';
import { MemoryDisk } from './memory.mjs';
import { reply, problem, ModelServer } from './server.mjs';

const sha256 = async (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const text = (bytes) => Buffer.from(bytes).toString();
const bytes = (text) => new Uint8Array(Buffer.from(text));

/** mulberry32: small, and the same everywhere. */
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Sealing that can be seen through, and that notices what it is bound to. */
const glass = {
  seal: async (plain, about) => new Uint8Array(Buffer.concat([Buffer.from(`${about}\n`), Buffer.from(plain)])),
  open: async (sealed, about) => {
    const head = Buffer.from(`${about}\n`);
    if (!Buffer.from(sealed).subarray(0, head.length).equals(head)) throw new Error(`sealed as another thing than ${about}`);
    return new Uint8Array(Buffer.from(sealed).subarray(head.length));
  },
};
const sealTo = async (_key, id, plain) => bytes(JSON.stringify({ sealed: 1, id, plain: text(plain) }));
const unpack = (body, id) => {
  try {
    const read = JSON.parse(text(body));
    return read.id === id ? Buffer.from(read.plain) : undefined;
  } catch {
    return undefined;
  }
};

const opened = new WeakMap();
/** A draft as it stands on the disk. */
function draftIn(record) {
  if (!opened.has(record)) opened.set(record, JSON.parse(text(record.sealed).split('\n').slice(1).join('\n')));
  return opened.get(record);
}

const LOGIN = '<!doctype html><title>校园网登录</title>';

/** What may happen to a request: `ask` before it reaches the server, `reply` to what comes back. */
export const FAULTS = {
  lost: { ask: () => 'nothing' },
  reply_lost: { reply: () => null },
  portal: { ask: () => reply(200, LOGIN, { type: 'text/html' }) },
  portal_json: { ask: () => reply(200, { ok: true }) },
  redirect: { ask: () => reply(302, '', { redirected: true }) },
  reply_cut: { reply: (given) => ({ ...given, body: given.body.slice(0, given.body.length >> 1) }) },
  body_cut: { body: (body) => body.slice(0, body.length >> 1) },
  other_digest: { reply: (given) => ({ ...given, body: given.body.replace(/("digest":"sha256:)([0-9a-f])/, (_, a, b) => a + (b === '0' ? '1' : '0')) }) },
  other_signature: { reply: (given) => ({ ...given, body: given.body.replace('"signature":"signed', '"signature":"forged') }) },
  many: { ask: () => problem(429, 'too-many', { 'retry-after': '7' }) },
  busy: { ask: () => problem(503, 'busy', { 'retry-after': '3' }) },
  broken: { ask: () => reply(500, '<h1>Bad gateway</h1>', { type: 'text/html' }) },
  proxy_403: { ask: () => reply(403, LOGIN, { type: 'text/html' }) },
};

export class World {
  random;
  server = new ModelServer(unpack);
  tasks = [];
  time = 0;
  /** Added to the phone's clock: it may stand anywhere. */
  skew = 0;
  pages = new Set();
  breaches = [];
  /** Submission id → what the inspector was told about it. */
  told = new Map();
  /** Plain bodies that were finished, by digest. */
  bodies = new Map();
  /** What each body was made of, for a correction. */
  finished = new Map();
  /** Faults for the next requests: `{ on, fault }`, used up one by one. */
  planned = [];
  /** Chance of a fault for each request. */
  weather = 0;
  leases = false;
  disk;
  holders = new Map();
  wiped = new Set();
  exported = new Set();
  relaxed = null;
  steps = 0;
  edits = 0;

  constructor(modules, seed) {
    this.modules = modules;
    this.random = chance(seed);
    this.disk = new MemoryDisk(modules.KEYS);
    this.leases = seed % 4 === 3;
  }

  pick(list) {
    return list[Math.floor(this.random() * list.length)];
  }

  breach(rule, detail) {
    if (this.breaches.length < 20) this.breaches.push({ rule, detail });
  }

  /** Something that a page waits for. `effect` happens when the scheduler lets it; a page killed before may have caused it all the same. */
  point(page, effect, { at = 0, lands = false } = {}) {
    return new Promise((resolve, reject) => {
      if (!page.alive) return;
      this.tasks.push({ page, at, lands, run: async () => effect(), resolve, reject });
    });
  }

  async settle() {
    await new Promise(setImmediate);
  }

  async step() {
    const awake = this.tasks.filter((task) => !task.page.asleep);
    const ready = awake.filter((task) => task.at <= this.time);
    if (ready.length === 0) {
      if (awake.length === 0) return false;
      this.time = Math.min(...awake.map((task) => task.at));
      return true;
    }
    const task = this.orderly ? ready[0] : this.pick(ready);
    this.tasks.splice(this.tasks.indexOf(task), 1);
    this.steps += 1;
    try {
      const value = await task.run();
      if (task.page.alive) task.resolve(value);
    } catch (error) {
      if (task.page.alive) task.reject(error);
    }
    await this.settle();
    if (this.moved) this.check();
    this.moved = false;
    return true;
  }

  /** Puts the real database, over an IndexedDB in memory, in the place of the disk. */
  async useDatabase() {
    await import('fake-indexeddb/auto');
    const opened = [];
    const open = indexedDB.open.bind(indexedDB);
    indexedDB.open = (...given) => {
      const request = open(...given);
      request.addEventListener('success', () => opened.push(request.result));
      return request;
    };
    const database = new this.modules.Database(`phone-${Math.floor(this.random() * 1e9)}`);
    // The world goes on looking at its own disk, which follows the database.
    const mirror = this.disk;
    const follow = (kind) => async (shelves, work) => {
      const result = await database[kind](shelves, work);
      for (const [shelf, cells] of mirror.cells) {
        cells.clear();
        const key = this.modules.KEYS[shelf];
        for (const value of await database.look([shelf], (at) => at.all(shelf))) cells.set(value[key], value);
      }
      return result;
    };
    mirror.look = database.look.bind(database);
    mirror.change = follow('change');
    watch(this);
    this.closes = () => opened.at(-1).close();
  }

  /** Until nothing is left to do, or `done` says so. */
  async run(done = () => false, most = this.most ?? 20_000) {
    await this.settle();
    for (let n = 0; n < most; n += 1) {
      if (done() || this.noticed || !(await this.step())) return;
    }
    this.breach('comes_to_rest', 'the pages never come to rest');
  }

  kill(page) {
    page.alive = false;
    this.pages.delete(page);
    const own = this.tasks.filter((task) => task.page === page);
    this.tasks = this.tasks.filter((task) => task.page !== page);
    for (const task of own) if (task.lands && this.random() < 0.5) void task.run().catch(() => undefined);
    for (const [name, holder] of this.holders) if (holder.page === page) this.holders.delete(name);
    if (this.relaxed) this.disk.cells = this.relaxed;
    return this.settle().then(() => this.check());
  }

  /** Was a rule broken that this world was made to break? */
  get noticed() {
    return this.wanted !== undefined && this.breaches.some((one) => one.rule === this.wanted);
  }

  open() {
    const page = new Page(this);
    this.pages.add(page);
    return page;
  }

  cells(shelf) {
    return [...this.disk.cells.get(shelf).values()];
  }

  /** What must hold at every moment. */
  check() {
    const drafts = new Map(this.cells('drafts').map((one) => [one.id, draftIn(one)]));
    const waiting = this.cells('outbox');
    for (const one of waiting) {
      if (one.phase !== 'received') continue;
      const given = one.receipt;
      if (!given || given.digest !== one.digest || given.submission !== one.id || !this.server.issued.has(given.signature)) {
        this.breach('received_only_with_receipt', `${one.key} is shown as received without a receipt of its own`);
      } else if (!this.server.completed.has(given.signature)) {
        this.breach('received_only_with_receipt', `${one.key} is shown as received and the server never said that it has all of it`);
      }
    }
    for (const [id, told] of this.told) {
      const draft = drafts.get(id);
      const records = waiting.filter((one) => one.id === id);
      const last = records.at(-1);
      if (draft && last && !draft.corrects) this.breach('one_list', `${id} is a draft and is waiting`);
      if (!draft && !last && !this.onServer(id, told.finished.at(-1)?.digest) && !this.exported.has(id) && !this.evicted) {
        this.breach('nothing_leaves', `${id} is nowhere: not here, not on the server`);
      }
      if (draft) {
        if (told.saved.some((edit) => !draft.answers.edits.includes(edit))) this.breach('saved_stays', `${id} was told saved and has lost an edit`);
        for (const photo of told.photos) {
          if (!this.disk.cells.get('bytes').has(photo)) this.breach('saved_stays', `a photo of ${id} is gone`);
        }
      }
      for (const { key, digest, edits, saved, parts } of told.finished) {
        if (saved.some((edit) => !edits.includes(edit))) this.breach('saved_stays', `${id} was finished with less than was saved`);
        const here = waiting.find((one) => one.key === key);
        if (!here && !this.onServer(id, digest) && !this.evicted) this.breach('nothing_leaves', `revision ${key} of ${id} left without being received`);
        if (here && here.phase !== 'received') {
          for (const part of parts) {
            if (!this.disk.cells.get('bytes').has(part) && !this.server.whole(part)) this.breach('nothing_leaves', `a part of ${id} is gone`);
          }
        }
      }
    }
  }

  onServer(id, digest) {
    return this.server.state.submissions.get(id)?.revisions.some((one) => one.digest === digest) ?? false;
  }

  /** What must hold when the network has been good for a while. `waits` are ids that need a person. */
  checkEnd({ attention = [], waiting = [] } = {}) {
    this.check();
    const known = this.server.state.submissions;
    for (const [id, entry] of known) {
      const told = this.told.get(id);
      if (!told) { this.breach('no_duplicates', `the server has ${id}, which nobody finished`); continue; }
      const digests = entry.revisions.map((one) => one.digest);
      if (new Set(digests).size !== digests.length || digests.length > told.finished.length) this.breach('no_duplicates', `${id} has ${digests.length} revisions for ${told.finished.length} finished`);
      entry.revisions.forEach((one, at) => {
        if (this.bodies.get(one.digest) !== one.plain) this.breach('byte_equal', `${id} is not what was finished`);
        if (told.finished.findIndex((other) => other.digest === one.digest) !== at) this.breach('in_order', `${id} has revisions in another order than they were made`);
      });
    }
    for (const one of this.cells('outbox')) {
      const name = `${one.id} (${one.phase}, ${one.fault?.code ?? 'no fault'})`;
      if (attention.includes(one.digest)) { if (one.phase !== 'attention') this.breach('told_when_refused', name); continue; }
      if (waiting.includes(one.id)) { if (one.phase === 'received') this.breach('received_only_with_receipt', name); continue; }
      if (one.phase !== 'received') this.breach('arrives', `${name} has not arrived`);
      else if (!this.onServer(one.id, one.digest) || !this.server.state.submissions.get(one.id).revisions.at(-1).parts.every((part) => this.server.whole(part))) this.breach('received_is_there', name);
    }
  }
}

class Page {
  alive = true;
  /** A page that the phone has put to sleep: it does nothing, and does not know it. */
  asleep = false;

  constructor(world) {
    const { modules } = world;
    this.world = world;
    this.holder = `page-${world.pages.size}-${world.steps}-${Math.floor(world.random() * 1e9)}`;
    const wait = (ms) => world.point(this, () => undefined, { at: world.time + ms });
    this.wait = wait;
    this.disk = this.diskOf();
    const locks = world.leases ? new modules.LeaseLocks(this.disk, this.holder, wait) : this.locks();
    const now = () => Date.parse('2026-03-02T09:00:00+08:00') + world.time + world.skew;
    this.drafts = new modules.Drafts({ disk: this.disk, vault: glass, locks, holder: this.holder, now, wait, random: (bytes) => bytes.forEach((_, at) => { bytes[at] = Math.floor(world.random() * 256); }) });
    this.blobs = new modules.Blobs(this.disk, glass, sha256);
    this.devices = new modules.Devices(this.disk, glass, sha256);
    this.queue = new modules.Queue({
      disk: this.disk, vault: glass, devices: this.devices, locks, send: (request) => this.send(request), sealTo, wait,
      signed: async (receipt) => (receipt.signature.startsWith('signed ') ? 'good' : 'signature'),
      elapsed: () => world.time, random: world.random,
    });
    this.desk = { disk: this.disk, vault: glass, blobs: this.blobs, holder: this.holder, now, sealTo, hash: sha256, owner: async () => (await this.devices.read()).active };
  }

  /** The world's disk, with a point before and after each transaction. */
  diskOf() {
    const { world } = this;
    const run = (kind) => (shelves, work) => world.point(this, async () => {
      if (kind === 'change' && world.full && shelves.includes('bytes')) throw new world.modules.StoreFault('full');
      const before = world.lossy ? new Map([...world.disk.cells].map(([shelf, values]) => [shelf, new Map(values)])) : null;
      const result = await world.disk[kind](shelves, work);
      if (kind === 'change') world.moved = true;
      if (kind === 'change' && before) world.relaxed = before;
      return result;
    }, { lands: kind === 'change' }).then((result) => world.point(this, () => result));
    return { look: run('look'), change: run('change') };
  }

  locks() {
    const { world } = this;
    const grant = (name) => {
      let end;
      const over = new Promise((resolve) => { end = resolve; });
      const holder = { page: this, end };
      world.holders.set(name, holder);
      return {
        over,
        release: () => {
          if (world.holders.get(name) === holder) world.holders.delete(name);
          end();
        },
      };
    };
    return {
      tryHold: (name) => world.point(this, () => (world.holders.has(name) ? null : grant(name))),
      take: (name) => world.point(this, () => {
        const before = world.holders.get(name);
        if (before?.page.alive) before.end();
        return grant(name);
      }),
    };
  }

  async send(request) {
    const { world } = this;
    const kind = request.path === 'v1/keys' ? 'keys' : request.path.includes('/parts/') ? 'part' : request.path.endsWith('/receipt') ? 'receipt' : 'entry';
    const planned = world.planned.findIndex((one) => one.on === kind || one.on === 'any');
    let fault = planned >= 0 ? FAULTS[world.planned.splice(planned, 1)[0].fault] : undefined;
    if (!fault && world.random() < world.weather) fault = FAULTS[world.pick(Object.keys(FAULTS))];
    const { Unreachable } = world.modules;
    const given = await world.point(this, () => {
      if (world.offline) return 'nothing';
      const stopped = fault?.ask?.();
      if (stopped) return stopped;
      const body = request.body && fault?.body ? fault.body(request.body) : request.body;
      world.moved = true;
      const answer = world.server.answer({ ...request, body });
      return fault?.reply ? fault.reply(answer) : answer;
    }, { lands: true });
    return world.point(this, () => {
      if (given === null || given === 'nothing') throw new Unreachable('unreachable');
      return given;
    });
  }

  // What an inspector does, and is told.

  async begin({ poison = false } = {}) {
    const given = { rulesetId: 'venue', rulesetDigest: `sha256:${'a'.repeat(64)}`, asOf: '2026-03-02', jurisdiction: '520402', answers: { edits: [], ...(poison && { poison }) }, title: '网吧' };
    const open = await this.drafts.begin(given, 'bundle');
    return open;
  }

  async correct({ id, digest }, without) {
    const { entry, evidence } = this.world.finished.get(digest);
    const given = { id, corrects: { digest, reason: '地址写错' }, rulesetId: 'venue', rulesetDigest: `sha256:${'a'.repeat(64)}`, asOf: '2026-03-02', jurisdiction: '520402', answers: { ...entry, edits: [...entry.edits] }, evidence: [...evidence], title: '网吧' };
    const open = await this.drafts.begin(given, 'bundle');
    const gone = without ? open.draft.evidence.shift() : undefined;
    if (gone && open.writable) {
      const told = this.world.told.get(id);
      told.photos = told.photos.filter((one) => one !== gone.digest);
      open.save();
      await open.flush();
      await this.blobs.drop(gone.digest, id);
    }
    return open;
  }

  async edit(open) {
    if (!open.writable) return;
    open.draft.answers.edits.push((this.world.edits += 1));
    open.save();
  }

  /** Waits until the page says 已保存. */
  async save(open) {
    const edits = [...open.draft.answers.edits];
    await open.flush();
    const told = this.world.told.get(open.draft.id);
    if (open.writable) told.saved = edits;
  }

  async photo(open, size = 10) {
    if (!open.writable) return;
    const data = new Uint8Array(size).fill(7);
    data.set(Array.from({ length: 8 }, () => Math.floor(this.world.random() * 256)));
    const found = await this.blobs.put({ size, type: 'image/jpeg', arrayBuffer: async () => data.buffer }, 'image/jpeg', { draft: open.draft.id });
    open.draft.evidence.push({ ...found, at: '/photos/0', kind: 'photo' });
    open.save();
    await open.flush();
    if (open.writable) this.world.told.get(open.draft.id).photos.push(found.digest);
  }

  async finish(open) {
    const { world } = this;
    // Finishing is durable at a moment that the page may not live to see: the world looks at the disk, not at the page.
    const kept = this.desk.hash;
    this.desk.hash = async (plain) => {
      const digest = await kept(plain);
      world.bodies.set(digest, text(plain));
      world.finished.set(digest, { entry: JSON.parse(text(plain)).entry, evidence: [...open.draft.evidence] });
      return digest;
    };
    await world.modules.finish(this.desk, open, { report: `sha256:${'b'.repeat(64)}`, entry: { ...open.draft.answers }, app: 'test' });
  }
}

/** Notes what was begun and finished as soon as it stands on the disk, whether or not the page lived to say so. */
export function watch(world) {
  const plain = world.disk.change.bind(world.disk);
  world.disk.change = async (shelves, work) => {
    const result = await plain(shelves, work);
    for (const { id } of world.cells('drafts')) {
      if (!world.told.has(id)) world.told.set(id, { saved: [], photos: [], finished: [] });
    }
    for (const one of world.cells('outbox')) {
      const told = world.told.get(one.id);
      if (!told || told.finished.some((other) => other.key === one.key)) continue;
      const { edits } = JSON.parse(world.bodies.get(one.digest)).entry;
      told.finished.push({ key: one.key, digest: one.digest, edits, saved: told.saved, parts: one.parts.map((part) => part.digest) });
    }
    return result;
  };
}
