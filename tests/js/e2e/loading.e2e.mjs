// Loading in a real browser: content security policies, hashes, servers that misbehave, the worker and its deadline, hot replacement in a bound form.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load } from '@weibao/rules';
import { compile } from '@weibao/rules/author';
import { badServer } from '../lib/badserver.mjs';
import { everythingBundle } from '../lib/bundles.mjs';
import { phone, startBrowser } from './browser.mjs';

const PKG = fileURLToPath(new URL('../../../rules-wasm/npm', import.meta.url));
const INTEGRITY = JSON.parse(readFileSync(join(PKG, 'dist/integrity.json'), 'utf8'))['rules.wasm'];
const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; require-trusted-types-for 'script'";
const NOISE = [/Failed to load resource/, /Content.Security.Policy/, /wasm/, /WebAssembly/];
const options = { asOf: '2026-03-02' };

let server;
let browser;
let digest;
const files = mkdtempSync(join(tmpdir(), 'rules-loading-'));
before(async () => {
  writeFileSync(join(files, 'bundle.json'), everythingBundle());
  writeFileSync(join(files, 'busy.js'), 'onmessage = ({ data }) => { if (data.do === "init") postMessage({ value: undefined }); else for (;;); };');
  [server, browser] = await Promise.all([badServer({ pkg: PKG, files }), startBrowser()]);
  digest = (await load(everythingBundle())).check({ age: 3 }, options).digest;
});
after(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(files, { recursive: true, force: true });
});

/** Opens an empty page under a policy, runs `code` there with the package as `rules`, and gives what it returns or the error's code and detail. */
async function inPage(csp, code, entry = 'index', allow = NOISE) {
  const { page, close } = await phone(browser, { allow });
  await page.goto(`${server.url}/page?csp=${encodeURIComponent(csp)}`);
  const told = await page.evaluate(
    async ([entry, code, options]) => {
      const rules = await import(`/ok/pkg/dist/${entry}.js`);
      // No eval: the policies of these pages forbid it. Steps are named.
      const [name, ...given] = code;
      const steps = {
        async check(wasm, loading) {
          if (wasm) await rules.init(wasm, loading);
          const ruleset = await rules.load('/ok/files/bundle.json');
          return { digest: ruleset.check({ age: 3 }, options).digest };
        },
        async load(address, loading) {
          return { digest: (await rules.load(address, loading)).check({ age: 3 }, options).digest };
        },
        async worker(wasm) {
          const engine = rules.connect({ wasm });
          const ruleset = await engine.load('/ok/files/bundle.json');
          const { digest } = await ruleset.check({ age: 3 }, options);
          engine.close();
          return { digest };
        },
        async absent() {
          const engine = rules.connect({ worker: () => new Worker('/missing/files/worker.js', { type: 'module' }) });
          return engine.load('/ok/files/bundle.json');
        },
        async busy() {
          let first = true;
          const engine = rules.connect({
            deadline: 300,
            worker: () => new Worker(first ? ((first = false), '/ok/files/busy.js') : '/ok/pkg/dist/worker-script.js', { type: 'module' }),
          });
          const begin = performance.now();
          const code = await engine.load('/ok/files/bundle.json').catch((error) => error.code);
          const took = performance.now() - begin;
          engine.deadline = 10_000;
          const ruleset = await engine.load('/ok/files/bundle.json');
          return { code, took, digest: (await ruleset.check({ age: 3 }, options)).digest };
        },
      };
      try {
        return await steps[name](...given);
      } catch (error) {
        return { name: error.name, code: error.code, path: error.path, detail: error.detail };
      }
    },
    [entry, code, options],
  );
  await close();
  return told;
}

const wasm = (fault) => `/${fault}/pkg/wasm/rules_wasm_bg.wasm`;

test('the strictest policy that can work, and what is said where wasm-unsafe-eval is missing', async () => {
  assert.deepEqual(await inPage(STRICT, ['check'], 'index', []), { digest });
  for (const csp of ["script-src 'self'", "default-src 'self'", "script-src 'self' 'unsafe-inline'; connect-src *"]) {
    const told = await inPage(csp, ['check']);
    assert.deepEqual([told.name, told.code], ['RulesError', 'wasm_blocked'], csp);
    assert.match(told.detail, /add 'wasm-unsafe-eval' to its script-src/);
  }
  const cut = await inPage("script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'", ['check']);
  assert.match(cut.code, /^(wasm|source)_unavailable$/, 'nothing may be fetched');
});

test('a server that misbehaves', async () => {
  for (const fault of ['mime', 'slow', 'once-cut', 'once-broken', 'once-html', 'once-altered']) {
    const integrity = fault === 'once-altered' ? INTEGRITY : undefined;
    assert.deepEqual(await inPage(STRICT, ['check', wasm(fault), { integrity }]), { digest }, fault);
  }
  for (const [fault, code, detail] of [['missing', 'wasm_unavailable', /^404/], ['html', 'wasm_damaged', /text\/html/], ['cut', 'wasm_damaged', /application\/wasm/], ['broken', 'wasm_damaged', /\S/]]) {
    const told = await inPage(STRICT, ['check', wasm(fault)]);
    assert.equal(told.code, code, fault);
    assert.match(told.detail, detail);
  }
});

test('hashes of the module and of bundles', async () => {
  assert.deepEqual(await inPage(STRICT, ['check', wasm('ok'), { integrity: INTEGRITY }]), { digest });
  assert.equal((await inPage(STRICT, ['check', wasm('altered'), { integrity: INTEGRITY }])).code, 'integrity_mismatch');
  const bytes = new TextEncoder().encode(everythingBundle());
  const bundle = `sha384-${Buffer.from(await crypto.subtle.digest('SHA-384', bytes)).toString('base64')}`;
  assert.deepEqual(await inPage(STRICT, ['load', '/mime/files/bundle.json', { integrity: { bundle, wasm: INTEGRITY } }]), { digest });
  const told = await inPage(STRICT, ['load', '/altered/files/bundle.json', { integrity: { bundle } }]);
  assert.deepEqual([told.code, told.path], ['integrity_mismatch', '/integrity/bundle']);
  assert.match((await inPage(STRICT, ['load', '/altered/files/bundle.json'])).code, /^B01/, 'the bundle has a digest of its own');
});

test('the tag with hashes', async () => {
  const { page, close } = await phone(browser, { allow: NOISE });
  for (const [integrity, event, code] of [[INTEGRITY, 'rules-ready'], [INTEGRITY.replace(/.$/, '='), 'rules-failed', 'integrity_mismatch']]) {
    await page.goto(`${server.url}/page?csp=${encodeURIComponent(STRICT.replace(/; require.*/, ''))}`);
    const told = await page.evaluate(async (integrity) => {
      await import('/ok/pkg/dist/element.js');
      const form = document.createElement('form');
      const tag = document.createElement('weibao-rules');
      for (const [name, value] of Object.entries({ bundle: '/ok/files/bundle.json', 'as-of': '2026-03-02', 'wasm-integrity': integrity })) tag.setAttribute(name, value);
      const told = new Promise((resolve) => {
        for (const type of ['rules-ready', 'rules-failed']) tag.addEventListener(type, ({ detail }) => resolve([type, detail.code]));
      });
      form.append(tag);
      document.body.append(form);
      return told;
    }, integrity);
    assert.deepEqual(told, code ? [event, code] : [event, undefined]);
  }
  await close();
});

test('a worker: policy, script and deadline', async () => {
  const policy = `${STRICT.replace(/; require.*/, '')}; worker-src 'self'`;
  assert.deepEqual(await inPage(policy, ['worker'], 'worker', []), { digest });
  assert.deepEqual(await inPage(policy, ['worker', wasm('mime')], 'worker'), { digest }, 'an address is the page’s');
  assert.equal((await inPage(policy, ['worker', wasm('missing')], 'worker')).code, 'wasm_unavailable');
  assert.equal((await inPage("script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'", ['worker'], 'worker')).code, 'worker_unavailable');
  assert.equal((await inPage(policy, ['absent'], 'worker')).code, 'worker_unavailable');
  const { code, took, digest: next } = await inPage(policy, ['busy'], 'worker');
  assert.equal(code, 'deadline_exceeded');
  assert.ok(took >= 300 && took < 5_000, `${took} ms`);
  assert.equal(next, digest, 'the next call works');
});

const rulesetText = (version, limit, more) => `ruleset: try.hot
version: ${version}
title: { zh: 试换, en: Replaced }
jurisdiction: "000000"
sources:
  c: { document: law, title: 法, article: 第一条, quote: 应当, publisher: 甲, grade: original }
fields:
  - { name: width, type: number, label: { zh: 宽, en: Width } }
  - { name: note, type: text, label: { zh: 注, en: Note }${more} }
rules:
  - { id: wide, title: { zh: 宽, en: Wide }, kind: duty, severity: major, clauses: [c], require: width > ${limit} }
`;

test('a bound form goes on with another version, and what is filled in stays', async () => {
  for (const [name, version, limit, more] of [['one', '1.0.0', 10, ', relevant: width > 100'], ['two', '2.0.0', 20, ', required: true']]) {
    const { bundles, rendered } = await compile({ files: { 'hot.yaml': rulesetText(version, limit, more) }, sources: { law: '应当' } });
    assert.equal(bundles.length, 1, rendered);
    writeFileSync(join(files, `${name}.json`), bundles[0].text);
  }
  const { page, close } = await phone(browser);
  await page.goto(`${server.url}/page`);
  const told = await page.evaluate(async (options) => {
    const [{ load }, { bind }] = await Promise.all([import('/ok/pkg/dist/index.js'), import('/ok/pkg/dist/bind.js')]);
    document.body.innerHTML = '<form lang="en"><label for="w">W</label><input id="w" name="width" value="15"><p data-rules-field><label for="n">N</label><input id="n" name="note"></p><button>Go</button></form>';
    const [one, two] = await Promise.all([load('/ok/files/one.json'), load('/ok/files/two.json')]);
    const binding = bind(document.querySelector('form'), one, options);
    const hidden = () => !document.querySelector('#n').checkVisibility();
    const before = { verdict: binding.report.verdict.outcome, hidden: hidden() };
    const changes = binding.rebind(two);
    const after = { verdict: binding.report.verdict.outcome, hidden: hidden(), width: document.querySelector('#w').value, version: binding.report.ruleset.version };
    let thrown;
    try {
      binding.rebind(one, { asOf: 'never' });
    } catch (error) {
      thrown = error.code;
    }
    return { before, after, changes, thrown, still: binding.report.ruleset.version, valid: binding.validate() };
  }, options);
  assert.deepEqual(told.before, { verdict: 'pass', hidden: true });
  assert.deepEqual(told.after, { verdict: 'fail', hidden: false, width: '15', version: '2.0.0' });
  assert.deepEqual(told.changes.findings, [{ rule: 'wide', before: 'pass', after: 'fail' }]);
  assert.deepEqual(told.changes.problems.added.map(({ code, at }) => [code, at]), [['required', '/note']]);
  assert.deepEqual([told.thrown, told.still, told.valid], ['bad_as_of', '2.0.0', false]);
  await close();
});
