// The phone's store and what the outbox believes: disk, keys, export file, tokens, receipts, replies, service worker. In: the page's modules in Node, over an
// IndexedDB in memory. Out: nothing.

import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { pageModules } from '../lib/page.mjs';

const page = await pageModules([
  'store/types.ts', 'store/disk.ts', 'store/database.ts', 'store/vault.ts', 'store/browserkey.ts', 'store/bytes.ts', 'store/blobs.ts', 'store/drafts.ts', 'store/locks.ts', 'store/canary.ts', 'store/bundles.ts',
  'sync/exportfile.ts', 'sync/devices.ts', 'sync/answer.ts', 'sync/receipt.ts', 'sync/machine.ts', 'sync/finish.ts', 'sync/sealing.ts',
]);
const utf8 = (text) => new TextEncoder().encode(text);
const text = (bytes) => new TextDecoder().decode(bytes);
let count = 0;
const disk = () => new page.Database(`store-${(count += 1)}`);
/** Fewer rounds than a phone makes: what is tested does not depend on them. */
const ROUNDS = 1_000;

describe('the disk', () => {
  test('writes are asked to be on the disk before they count', async () => {
    const asked = [];
    const plain = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function transaction(...given) {
      asked.push(given.slice(1));
      return plain.apply(this, given);
    };
    try {
      const one = disk();
      await one.change(['settings'], async (at) => at.put('settings', { name: 'x', value: 1 }));
      await one.look(['settings'], (at) => at.get('settings', 'x'));
    } finally {
      IDBDatabase.prototype.transaction = plain;
    }
    const ours = asked.filter(([mode]) => mode !== 'versionchange');
    assert.deepEqual(ours.map(([mode, options]) => [mode, options?.durability]), [['readwrite', 'strict'], ['readonly', undefined]]);
  });

  test('a change is whole or not at all', async () => {
    const one = disk();
    await assert.rejects(one.change(['settings', 'leases'], async (at) => {
      at.put('settings', { name: 'x', value: 1 });
      at.put('leases', { name: 'l', holder: 'h', beat: 1 });
      throw new page.StoreFault('taken');
    }), { code: 'taken' });
    assert.deepEqual(await one.look(['settings', 'leases'], async (at) => [await at.all('settings'), await at.all('leases')]), [[], []]);
  });

  test('no room, and a store of a newer page, are told by code', async () => {
    const one = disk();
    await assert.rejects(one.change(['settings'], async () => { throw new DOMException('', 'QuotaExceededError'); }), { code: 'full' });
    const name = `store-${(count += 1)}`;
    await new Promise((resolve) => { const open = indexedDB.open(name, page.VERSION + 1); open.onsuccess = () => { open.result.close(); resolve(); }; });
    await assert.rejects(new page.Database(name).look(['settings'], (at) => at.all('settings')), { code: 'newer' });
  });

  test('a newer page is let in, and this one says so', async () => {
    let told = 0;
    const name = `store-${(count += 1)}`;
    const old = new page.Database(name, () => { told += 1; });
    await old.change(['settings'], async (at) => at.put('settings', { name: 'x', value: 1 }));
    await new Promise((resolve, reject) => { const open = indexedDB.open(name, page.VERSION + 1); open.onsuccess = resolve; open.onblocked = reject; });
    assert.equal(told, 1);
    await assert.rejects(old.look(['settings'], (at) => at.all('settings')), { code: 'newer' });
  });
});

describe('the key', () => {
  test('without a PIN the next visit opens; sealed bytes open only as what they were', async () => {
    const one = disk();
    const vault = new page.Vault(one, ROUNDS);
    assert.equal(await vault.start(), 'open');
    const sealed = await vault.seal(utf8('第一小学'), 'draft 1');
    assert.ok(!text(sealed).includes('第一'));
    const again = new page.Vault(one, ROUNDS);
    await again.start();
    assert.equal(text(await again.open(sealed, 'draft 1')), '第一小学');
    await assert.rejects(again.open(sealed, 'draft 2'), { code: 'damaged' });
    sealed[20] ^= 1;
    await assert.rejects(again.open(sealed, 'draft 1'), { code: 'damaged' });
  });

  test('a PIN locks the next visit; wrong ones are counted, and the right one is the end of it', async () => {
    const one = disk();
    const vault = new page.Vault(one, ROUNDS);
    await vault.start();
    const sealed = await vault.seal(utf8('a'), 'x');
    await vault.setPin('１３５７９０');
    assert.equal(text(await vault.open(sealed, 'x')), 'a', 'nothing is sealed anew');
    const next = new page.Vault(one, ROUNDS);
    assert.equal(await next.start(), 'locked');
    await assert.rejects(next.open(sealed, 'x'), { code: 'locked' });
    for (let n = 1; n <= 3; n += 1) {
      await assert.rejects(next.unlock('000000'), { code: 'wrong_pin' });
      assert.equal(await next.failures(), n);
    }
    await next.unlock('135790');
    assert.equal(await next.failures(), 0);
    assert.equal(text(await next.open(sealed, 'x')), 'a');
    // What stands in the store opens nothing by itself.
    const record = await one.look(['settings'], (at) => at.get('settings', 'key'));
    assert.deepEqual(Object.keys(record.value).sort(), ['failures', 'iterations', 'kind', 'salt', 'wrapped']);
  });

  test('each wrong PIN after the second costs longer', () => {
    const delays = Array.from({ length: 16 }, (_, failures) => page.pinDelay(failures));
    assert.deepEqual(delays.slice(0, 5), [0, 0, 0, 4, 8]);
    assert.equal(Math.max(...delays), 600);
    assert.ok(page.ITERATIONS >= 600_000);
  });
});

describe('the export file', () => {
  const around = async () => {
    const one = disk();
    const vault = new page.Vault(one, ROUNDS);
    await vault.start();
    const locks = new page.LeaseLocks(one, 'page', (ms) => new Promise((done) => { setTimeout(done, ms).unref(); }));
    const drafts = new page.Drafts({ disk: one, vault, locks, holder: 'page', now: Date.now, wait: (ms) => new Promise((done) => { setTimeout(done, ms); }) });
    return { disk: one, vault, drafts, blobs: new page.Blobs(one, vault) };
  };

  test('bytes that no evidence names yet come back after a kill; what was removed does not', async () => {
    const from = await around();
    const given = { rulesetId: 'venue', rulesetDigest: `sha256:${'a'.repeat(64)}`, asOf: '2026-03-02', jurisdiction: '520402', answers: {}, title: '一' };
    const open = await from.drafts.begin(given, 'the bundle');
    const removed = await from.blobs.put(new Blob(['removed']), 'image/jpeg', { draft: open.draft.id });
    open.draft.evidence = [{ ...removed, at: '/photos/0', kind: 'photo' }];
    open.save();
    await open.flush();
    open.draft.evidence = [];
    open.save();
    await open.flush();
    const fresh = await from.blobs.put(new Blob(['fresh']), 'image/jpeg', { draft: open.draft.id });
    const again = new page.Drafts({ disk: from.disk, vault: from.vault, locks: new page.LeaseLocks(from.disk, 'page', (ms) => new Promise((done) => { setTimeout(done, ms).unref(); })), holder: 'page', now: Date.now, wait: async () => undefined });
    const { draft } = await again.open(open.draft.id);
    assert.deepEqual(draft.evidence, [{ digest: fresh.digest, at: '', kind: 'photo', bytes: 5, type: 'image/jpeg' }]);
  });

  test('goes to another phone whole: drafts, waiting records, bytes, rulesets', async () => {
    const from = await around();
    const given = { rulesetId: 'venue', rulesetDigest: `sha256:${'a'.repeat(64)}`, asOf: '2026-03-02', jurisdiction: '520402', answers: { name: '第一小学' }, title: '一' };
    const kept = await from.drafts.begin(given, 'the bundle');
    const photo = await from.blobs.put(new Blob(['photo']), 'image/jpeg', { draft: kept.draft.id });
    kept.draft.evidence.push({ ...photo, at: '/photos/0', kind: 'photo' });
    kept.save();
    await kept.close();
    const gone = await from.drafts.begin({ ...given, title: '二' }, 'the bundle');
    const desk = { ...from, holder: 'page', now: Date.now, owner: async () => 'somebody', sealTo: page.sealTo };
    const record = await page.finish(desk, gone, { report: `sha256:${'b'.repeat(64)}`, entry: gone.draft.answers, app: 'test' });

    const file = await page.exported(from.disk, from.vault, 'a password', ROUNDS);
    assert.ok(!file.includes('第一小学') && !file.includes('venue'));
    const to = await around();
    await assert.rejects(page.imported(to.disk, to.vault, file, 'another'), { code: 'wrong_pin' });
    await assert.rejects(page.imported(to.disk, to.vault, file.slice(0, -9), 'a password'), { code: 'damaged' });
    assert.deepEqual(await page.imported(to.disk, to.vault, file, 'a password'), { drafts: 1, records: 1, known: 0 });
    assert.deepEqual(await page.imported(to.disk, to.vault, file, 'a password'), { drafts: 0, records: 0, known: 2 }, 'twice is once');
    const open = await to.drafts.open(kept.draft.id);
    assert.deepEqual(open.draft, kept.draft);
    assert.equal(await (await to.blobs.get(photo.digest)).text(), 'photo');
    const [there] = await to.disk.look(['outbox'], (at) => at.all('outbox'));
    assert.deepEqual([there.id, there.digest, there.phase, there.owner], [record.id, record.digest, 'entry', '']);
    const body = await to.disk.look(['bodies'], (at) => at.get('bodies', there.key));
    assert.equal(await page.digestOf(await to.vault.open(body.bytes, `body ${there.key}`)), record.digest);
  });
});

test('a token is found in what is scanned, and stands in the store sealed', async () => {
  const token = 'wb_device_AbCdEf0123456789_-xyz';
  for (const given of [token, ` ${token}\n`, `https://example.org/#device=${token}`, `weibao:1?server=https://example.org&token=${token}`]) assert.equal(page.tokenIn(given), token);
  for (const given of ['', 'https://example.org/', 'wb_device_', `<b>${token}`]) assert.equal(page.tokenIn(given), null);
  const one = disk();
  const devices = new page.Devices(one, new page.BrowserKey(one));
  const owner = await devices.add(token);
  assert.deepEqual([(await devices.read()).active, (await devices.read()).of(owner)], [owner, token]);
  const all = await one.look(['settings'], (at) => at.all('settings'));
  assert.ok(!JSON.stringify(all, (_, value) => (value instanceof Uint8Array ? text(value) : value)).includes(token));
});

test('a receipt counts by its digest and its signature', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'jwk' }).x;
  const keys = { signing: [{ id: 'k1', alg: 'Ed25519', public: raw }], sealing: [] };
  const digest = `sha256:${'c'.repeat(64)}`;
  const bare = { receipt: 1, submission: 'id', revision: 1, digest, answers: digest, report: null, ruleset: digest, parts: [], time: '2026-03-02T01:00:00.123Z', position: 17, chain: digest, key: 'k1' };
  const receipt = { ...bare, signature: sign(null, Buffer.from(page.canonical(bare)), privateKey).toString('base64url') };
  assert.equal(page.canonical({ b: [1, { z: null, a: '一' }], a: 'x' }), '{"a":"x","b":[1,{"a":"一","z":null}]}');
  assert.equal(await page.signed(receipt, keys), 'good');
  assert.equal(await page.signed({ ...receipt, position: 18 }, keys), 'signature');
  assert.equal(await page.signed({ ...receipt, key: 'k2' }, keys), 'unknown_key');
  assert.equal(await page.signed({ ...receipt, signature: 'x' }, keys), 'signature');
  assert.equal(await page.signed(receipt, null), 'good', 'no key is known yet');
  // The page and the server verify the same receipt by SM2 (tests/tests/submissions.rs).
  const sm2 = JSON.parse(await readFile(new URL('../../data/receipts/sm2.json', import.meta.url), 'utf8'));
  assert.equal(await page.signed(sm2.receipt, sm2.keys), 'good');
  assert.equal(await page.signed({ ...sm2.receipt, position: 99 }, sm2.keys), 'signature');
  assert.equal(await page.signed({ ...sm2.receipt, signature: receipt.signature }, sm2.keys), 'signature');
  assert.equal(page.about(receipt, 'id', digest), 'good');
  assert.equal(page.about(receipt, 'other', digest), 'other_submission');
  assert.equal(page.about(receipt, 'id', `sha256:${'d'.repeat(64)}`), 'other_digest');
});

test('a body is sealed so that only the server opens it', async () => {
  const { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } = await import('@hpke/core');
  const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const pair = await suite.kem.generateKeyPair();
  const point = new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey));
  const sealed = JSON.parse(text(await page.sealTo({ id: 's1', kem: 'P-256', public: page.base64url(point) }, 'the id', utf8('第一小学'))));
  assert.deepEqual([sealed.sealed, sealed.key], [1, 's1']);
  const open = (id) => suite.open({ recipientKey: pair.privateKey, enc: page.fromBase64url(sealed.enc), info: utf8('weibao submission') }, page.fromBase64url(sealed.ciphertext), utf8(id));
  assert.equal(text(await open('the id')), '第一小学');
  await assert.rejects(open('another id'));
});

describe('what a reply means', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const receipt = { receipt: 1, submission: 'i', revision: 1, digest, time: '2026-03-02T01:00:00Z', position: 1, key: 'k', signature: 's' };
  const JSON_ = 'application/json';
  const PROBLEM = 'application/problem+json';
  const good = JSON.stringify({ receipt, state: 'complete', missing: [] });
  const said = (type) => JSON.stringify({ type: `https://example.org/problems#${type}`, status: 0 });
  for (const [status, type, body, headers, kind, code] of [
    [201, JSON_, good, {}, 'receipt'], [200, JSON_, good, {}, 'receipt'], [202, JSON_, good.replace('complete', 'quarantined'), {}, 'receipt'],
    [200, 'text/html', '<html>', {}, 'foreign', 'login_page'], [200, JSON_, good.slice(0, 40), {}, 'foreign', 'truncated'], [200, JSON_, '{"ok":true}', {}, 'foreign', 'not_receipt'],
    [200, 'text/plain', good, {}, 'foreign', 'not_json'], [302, '', '', {}, 'foreign', 'redirect'], [511, 'text/html', '', {}, 'foreign', 'login_page'],
    [403, 'text/html', '<html>', {}, 'foreign', 'not_our_refusal'], [404, 'text/html', '<html>', {}, 'foreign', 'not_our_refusal'],
    [401, PROBLEM, said('no-access'), {}, 'denied', 'no-access'], [403, PROBLEM, said('forbidden'), {}, 'refused', 'forbidden'], [404, PROBLEM, said('unknown-part'), {}, 'gone', 'unknown-part'],
    [409, PROBLEM, said('conflict'), {}, 'refused', 'conflict'], [412, PROBLEM, said('stale'), {}, 'refused', 'stale'], [413, PROBLEM, said('too-large'), {}, 'refused', 'too-large'],
    [422, PROBLEM, said('bad-request'), {}, 'refused', 'bad-request'], [422, PROBLEM, said('wrong-digest'), {}, 'unclear', 'wrong-digest'], [400, PROBLEM, said('bad-json'), {}, 'unclear', 'bad-json'],
    [429, PROBLEM, said('too-many'), { 'retry-after': '7' }, 'busy', 'too_many'], [503, 'text/html', '', { 'retry-after': 'Mon, 02 Mar 2026 01:00:30 GMT', date: 'Mon, 02 Mar 2026 01:00:00 GMT' }, 'busy', 'server_error'], [500, 'text/html', '', {}, 'busy', 'server_error'],
  ]) {
    test(`${status} ${type} ${body.slice(0, 24)} is ${kind}`, () => {
      const answer = page.answerOf({ status, type, body, redirected: false, header: (name) => headers[name] ?? null }, 'receipt');
      assert.deepEqual([answer.kind, answer.code], [kind, code]);
      if (headers['retry-after']) assert.equal(answer.wait, status === 429 ? 7 : 30);
    });
  }
});

test('every phase has an answer to everything that can happen', () => {
  const happenings = ['receipt', 'part', 'foreign', 'unreachable', 'busy', 'denied', 'gone', 'unclear', 'refused', 'locked', 'lost', 'retry'];
  for (const [phase, moves] of Object.entries(page.TABLE)) {
    assert.deepEqual(Object.keys(moves).sort(), [...happenings].sort(), phase);
    // 已签收 is reached by the server's word alone.
    for (const [happened, move] of Object.entries(moves)) if (phase !== 'received') assert.ok(move.to !== 'received', `${phase} ${happened}`);
  }
});

test('the service worker answers for its own files and for nothing else', async () => {
  const source = fileURLToPath(new URL('../../../web-demo/sw/sw.ts', import.meta.url));
  const files = [{ url: 'index.html', revision: '1' }, { url: 'assets/a-1.js', revision: null }];
  const made = await build({ entryPoints: [source], bundle: true, format: 'iife', write: false, define: { 'self.__FILES': JSON.stringify(files), 'process.env.NODE_ENV': '"production"' }, logLevel: 'error' });
  const listeners = {};
  const self = { registration: { scope: 'https://example.org/page/' }, location: new URL('https://example.org/page/sw.js'), addEventListener: (name, listener) => { listeners[name] = listener; }, skipWaiting: async () => undefined };
  const caches = { match: async () => 'kept', open: async () => ({ put: async () => undefined }), delete: async () => true };
  runInNewContext(made.outputFiles[0].text, { self, registration: self.registration, caches, location: self.location, URL, Request, Response, Headers, fetch: async () => 'fetched', console, addEventListener: self.addEventListener });
  const answered = (method, path, mode = 'cors') => {
    let hit = false;
    listeners.fetch({ request: { method, url: `https://example.org${path}`, mode }, respondWith: () => { hit = true; } });
    return hit;
  };
  for (const [method, path, mode, is] of [
    ['GET', '/page/', 'navigate', true], ['GET', '/page/index.html', 'navigate', true], ['GET', '/page/?lang=en', 'navigate', true], ['GET', '/page/assets/a-1.js', 'cors', true],
    ['POST', '/page/', 'navigate', false], ['POST', '/page/assets/a-1.js', 'cors', false], ['PUT', '/page/v1/submissions/x', 'cors', false], ['GET', '/page/v1/rulesets', 'cors', false],
    ['GET', '/page/v1/submissions/x/receipt', 'cors', false], ['GET', '/page/book/index.html', 'navigate', false], ['GET', '/elsewhere', 'cors', false],
  ]) assert.equal(answered(method, path, mode), is, `${method} ${path}`);
});

test('a record names every use of its bytes, and sends them once', () => {
  const use = (digest, at) => ({ digest, bytes: 1, type: 'image/png', at });
  const evidence = [use('a', 'sign:inspector_1'), use('a', 'sign:inspector_2'), use('b', ''), use('b', '/photo'), use('c', '')];
  assert.deepEqual(page.partsOf(evidence).map((one) => [one.digest, one.at]), [['a', 'sign:inspector_1'], ['a', 'sign:inspector_2'], ['b', '/photo'], ['c', '']]);
  const many = Array.from({ length: 300 }, (_, n) => use(String(n % 2), `/p/${n}`));
  assert.deepEqual(page.partsOf(many).map((one) => one.at), ['/p/0', '/p/1'], 'more than the server takes: each once');
});

describe('rulesets for a visit without a network', () => {
  const folder = new URL('../../../target/bundles/', import.meta.url);
  test('a text counts by the digest of its content, signed or not', async () => {
    for (const name of ['hotel', 'venue', 'tasks.linxi']) {
      const whole = await readFile(new URL(`${name}.rules.json`, folder), 'utf8');
      const { digest } = JSON.parse(whole);
      assert.equal(await page.contentDigest(whole), digest, name);
      assert.equal(await page.contentDigest(whole.replace(',"tables":', `,"signature":{"key":"00","value":"11"},"tables":`)), digest, 'the signature is no content');
      assert.equal(await page.contentDigest(whole.replace('旅馆', '宾馆').replace('未成年人', '成年人')), null, 'altered');
      assert.equal(await page.contentDigest(whole.slice(0, -40)), null, 'cut');
    }
    assert.equal(await page.contentDigest('<html>log in</html>'), null);
  });

  test('which are here is known without reading them, also in a store of before', async () => {
    const one = disk();
    await one.change(['bundles'], async (at) => {
      at.put('bundles', { digest: 'sha256:a', id: 'a', current: true, text: 'a' });
      at.put('bundles', { digest: 'sha256:old', id: 'b', current: false, text: 'old' });
    });
    const bundles = new page.Bundles(one);
    assert.deepEqual([...(await bundles.held())], [['a', 'sha256:a']]);
    await bundles.keep('b', 'sha256:b', 'b');
    await bundles.keep('a', 'sha256:a2', 'a2');
    assert.deepEqual(Object.fromEntries(await bundles.held()), { a: 'sha256:a2', b: 'sha256:b' });
    assert.equal(await bundles.byDigest('sha256:a'), null, 'the text before it goes');
    assert.equal((await bundles.current('a')).text, 'a2');
  });
});
