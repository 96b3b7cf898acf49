// A plain HTML form, bound to the hotel's rules without any bundler, under the server's own content security policy: rows, keyboard, screen reader,
// error summary, announcements, and the same report as the command line's.

import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { everythingBundle, rules } from '../lib/bundles.mjs';
import { phone, startBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const HOTEL = process.env.RULES_BUNDLES ?? fileURLToPath(new URL('../../../target/bundles', import.meta.url));

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function open(options) {
  const { page, close } = await phone(browser, options);
  await page.goto(`${server.url}examples/plain/index.html`);
  await page.locator('form[data-ready]').waitFor();
  // What a screen reader would be told: every change of the live region's text.
  await page.evaluate(() => {
    globalThis.said = [];
    const live = document.querySelector('.rules-live');
    new MutationObserver(() => live.textContent && globalThis.said.push(live.textContent)).observe(live, { childList: true, characterData: true, subtree: true });
  });
  return { page, close };
}

const said = async (page) => {
  await page.waitForTimeout(900);
  return page.evaluate(() => globalThis.said.splice(0));
};
const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.getAttribute('name') || document.activeElement?.textContent);
const named = (page, name) => page.locator(`[name="${name}"]`);

/** The report's bytes that the command line gives for the same answers on the same day. */
function checked({ answers, report }, bundle = `${HOTEL}/hotel.rules.json`) {
  const args = ['check', '--ruleset', bundle, '--input', '-', '--as-of', report.as_of, '--jurisdiction', report.jurisdiction, '--format', 'json'];
  try {
    return rules(args, { input: JSON.stringify(answers), stdio: ['pipe', 'pipe', 'inherit'] }).trim();
  } catch (error) {
    // The exit status is the verdict.
    return error.stdout.trim();
  }
}

const state = (page) => page.evaluate(() => ({ answers: globalThis.binding.answers, report: globalThis.binding.report, text: globalThis.binding.reportText }));

async function fillGuest(page, number, values) {
  for (const [name, value] of Object.entries(values)) {
    const control = named(page, `guests[${number}].${name}`);
    if ((await control.evaluate((one) => one.localName)) === 'select') await control.selectOption(value);
    else {
      await control.fill(value);
      await control.blur();
    }
  }
}

const MINOR = {
  ref: 'G-1', checked_in_at: '２０２６年３月１日 晚上9点40分', birth_date: '2010年6月18日', id_checked: 'true', registered: 'true', guardian_asked: 'true', guardian_recorded: 'false', accompanied: 'false',
  runaway: 'false', suspicious: 'false',
};

test('what is typed becomes values, and the report is that of the command line', async () => {
  const { page, close } = await open();
  assert.deepEqual(await page.evaluate(() => globalThis.binding.unmatched), { controls: [], fields: [] });
  await named(page, 'inspected_on').fill('２０２６年３月２日');
  await named(page, 'inspected_on').blur();
  assert.equal(await named(page, 'inspected_on').inputValue(), '2026-03-02', 'shown as it was read');
  await named(page, 'hotel_kind').selectOption('hotel');
  await page.locator('[data-rules-add]').click();
  await fillGuest(page, 0, MINOR);
  await page.locator('[data-rules-add]').click();
  await fillGuest(page, 1, { ref: 'G-2', checked_in_at: '2026-03-01 15:05', birth_date: '19491231', id_number: '１１０１０５ 19491231 002ｘ' });
  await named(page, 'patrols').first().check();
  await named(page, 'visitors_managed').last().check();
  await named(page, 'check_and_report_system').first().check();
  await named(page, 'check_and_report_files').setInputFiles(['一', '二'].map((name) => ({ name: `${name}.txt`, mimeType: 'text/plain', buffer: Buffer.from(name) })));
  await named(page, 'patrol_log').setInputFiles({ name: 'log.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('x') });
  await page.locator('[data-rules-verdict] .rules-outcome[data-outcome=fail]').waitFor();
  const now = await state(page);
  assert.equal(now.answers.guests[0].checked_in_at, '2026-03-01T21:40:00+08:00');
  assert.equal(now.answers.guests[1].id_number, '11010519491231002X');
  assert.equal(now.answers.guests[0].guardian_recorded, false);
  assert.deepEqual([now.answers.check_and_report_files.map((one) => one.name), now.answers.patrol_log.name], [['一.txt', '二.txt'], 'log.jpg']);
  assert.equal(checked(now), now.text, 'byte for byte');
  // The finding stands beside its answer, apart from errors, and says in words how grave it is.
  const finding = page.locator('.field', { has: named(page, 'guests[0].guardian_recorded') }).locator('.rules-finding');
  assert.match(await finding.textContent(), /^不合格（严重）：G-1：没有询问/);
  assert.equal(await named(page, 'guests[0].guardian_recorded').getAttribute('aria-invalid'), null);
  assert.equal(await page.locator('.rules-error').count(), 0, 'nothing is an error before a submit');
  // What is not asked is hidden; what depends on an answer turns up.
  assert.equal(await named(page, 'guests[0].police_report').isVisible(), false);
  await named(page, 'guests[0].suspicious').selectOption('true');
  await named(page, 'guests[0].police_report').waitFor();
  await close();
});

test('rows are added and removed, and answers stay with their rows', async () => {
  const { page, close } = await open();
  for (let n = 0; n < 3; n += 1) {
    await page.locator('[data-rules-add]').click();
    assert.equal(await focused(page), await named(page, `guests[${n}].ref`).getAttribute('id'), 'a new row takes the focus');
    await named(page, `guests[${n}].ref`).fill(`G-${n}`);
  }
  assert.match((await said(page)).join(), /已添加：抽查的入住人员（逐人） 第 3 项/);
  await page.locator('[data-rules-row]').nth(1).locator('[data-rules-remove]').click();
  assert.equal(await focused(page), await named(page, 'guests[1].ref').getAttribute('id'));
  assert.match((await said(page)).join(), /已删除：抽查的入住人员（逐人） 第 2 项/);
  assert.deepEqual((await state(page)).answers.guests, [{ ref: 'G-0' }, { ref: 'G-2' }]);
  assert.deepEqual(await page.locator('[data-rules-number]').allTextContents(), ['1', '2']);
  const ids = await page.evaluate(() => [...document.querySelectorAll('[id]')].map((one) => one.id));
  assert.equal(new Set(ids).size, ids.length, 'ids are unique');
  // A script adds a control of its own, and takes it away.
  await page.evaluate(() => {
    const control = Object.assign(document.createElement('input'), { name: 'guests[7].ref', value: 'G-7' });
    control.setAttribute('aria-label', 'x');
    document.querySelector('form').append(control);
  });
  await page.waitForFunction(() => globalThis.binding.answers.guests.length === 3);
  assert.equal((await state(page)).answers.guests[2].ref, 'G-7', 'rows are counted as they stand');
  await page.evaluate(() => document.querySelector('[name="guests[7].ref"]').remove());
  await page.waitForFunction(() => globalThis.binding.answers.guests.length === 2);
  for (let n = 0; n < 2; n += 1) await page.locator('[data-rules-remove]').first().click();
  assert.equal((await state(page)).answers.guests, undefined, 'no rows are no answer');
  await page.locator('[data-rules-none]').check();
  assert.deepEqual((await state(page)).answers.guests, [], 'the box says that there are none');
  await close();
});

test('a refused submit: the summary takes the focus, leads to fields, and is announced once', async () => {
  const { page, close } = await open();
  const title = await page.title();
  await page.locator('[data-rules-add]').click();
  await named(page, 'guests[0].birth_date').fill('前年');
  await named(page, 'guests[0].birth_date').blur();
  // A hint, politely and once.
  const hint = page.locator('.field', { has: named(page, 'guests[0].birth_date') }).locator('.rules-hint');
  assert.match(await hint.textContent(), /^提示：/);
  assert.equal(await named(page, 'guests[0].birth_date').getAttribute('aria-invalid'), null);
  const heard = (await said(page)).filter((one) => one.includes('出生日期'));
  assert.equal(heard.length, 1, heard.join());
  assert.equal(await named(page, 'guests[0].birth_date').evaluate((one) => one.validity.customError), true, 'the Constraint Validation API knows at any time');
  await page.evaluate(() => globalThis.binding.refresh());
  assert.deepEqual(await said(page), [], 'not said again');

  await page.locator('[type=submit]').click();
  assert.equal(await page.evaluate(() => document.activeElement?.hasAttribute('data-rules-summary')), true);
  assert.deepEqual(await said(page), [], 'what has the focus is not announced as well');
  assert.equal(await page.locator('[role=alert]').count(), 0);
  assert.equal(await page.title(), `错误：${title}`);
  const lines = await page.locator('[data-rules-summary] li').allTextContents();
  const { report } = await state(page);
  assert.equal(lines.length, report.entry.problems.filter((one) => one.severity !== 'warning').length);
  for (const line of lines) assert.ok(report.entry.problems.some((one) => line.endsWith(one.message.zh)), line);
  assert.equal(await page.locator('[data-rules-summary] li a').count(), lines.length, 'each leads somewhere');
  const birth = named(page, 'guests[0].birth_date');
  assert.equal(await birth.getAttribute('aria-invalid'), 'true');
  const [first, second] = (await birth.getAttribute('aria-describedby')).split(' ');
  assert.match(await page.locator(`#${first}`).textContent(), /^错误：/, 'the error is read first');
  assert.match(second, /^birth-/, 'the hint of the page stays');
  await page.locator('[data-rules-summary] a', { hasText: '出生日期' }).click();
  assert.equal(await focused(page), await birth.getAttribute('id'));
  const patrols = page.locator('[data-rules-summary] a', { hasText: '落实安全巡查' });
  await patrols.click();
  assert.equal(await focused(page), await named(page, 'patrols').first().getAttribute('id'));
  const group = page.locator('fieldset', { has: named(page, 'patrols') });
  assert.equal(await group.getAttribute('aria-invalid'), 'true');
  assert.equal(await group.getAttribute('aria-required'), 'true');

  // Corrected: its error goes away at once, the others stay; a row that is new since has none.
  await birth.fill('2010-06-18');
  await birth.blur();
  assert.equal(await birth.getAttribute('aria-invalid'), null);
  assert.equal(await page.locator('[data-rules-summary] a', { hasText: '出生日期' }).count(), 0);
  await page.locator('[data-rules-add]').click();
  await page.locator('[data-rules-row]').nth(1).waitFor();
  assert.equal(await page.locator('[data-rules-row]').nth(1).locator('.rules-error').count(), 0);
  await page.locator('[data-rules-row]').nth(1).locator('[data-rules-remove]').click();

  await named(page, 'inspected_on').fill('2026-03-02');
  await named(page, 'hotel_kind').selectOption('hotel');
  await fillGuest(page, 0, MINOR);
  for (const name of ['patrols', 'visitors_managed', 'check_and_report_system', 'rules_posted']) await named(page, name).last().check();
  assert.equal(await page.locator('[data-rules-summary]').isVisible(), false);
  assert.equal(await page.title(), title);
  assert.equal((await state(page)).report.verdict.outcome, 'fail', 'a violation is recorded, not refused');
  assert.equal(await page.evaluate(() => document.querySelector('form').checkValidity()), true);
  await page.locator('[type=submit]').click();
  assert.match(await page.locator('#sent').textContent(), new RegExp((await state(page)).report.digest));
  await close();
});

test('by keyboard alone', async () => {
  const { page, close } = await open();
  const tabTo = async (wanted, key = 'Tab') => {
    for (let n = 0; n < 80; n += 1) {
      if (await page.evaluate((selector) => document.activeElement?.matches(selector), wanted)) return;
      await page.keyboard.press(key);
    }
    assert.fail(`${wanted} was not reached; the focus is on ${await focused(page)}`);
  };
  await tabTo('[name=inspected_on]');
  await page.keyboard.type('2026.3.2');
  await tabTo('[data-rules-add]');
  await page.keyboard.press('Enter');
  await page.keyboard.type('G-1');
  await tabTo('[name="guests[0].guardian_asked"]');
  await page.keyboard.press('ArrowDown');
  await tabTo('[name=patrols]');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await tabTo('[type=submit]');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.hasAttribute('data-rules-summary')), true);
  await page.keyboard.press('Tab');
  const line = await page.evaluate(() => document.activeElement?.textContent);
  await page.keyboard.press('Enter');
  const label = await page.evaluate(() => document.activeElement?.labels?.[0]?.textContent);
  assert.ok(label && line.includes(label.trim()), `${line} led to ${label}`);
  const { answers } = await state(page);
  assert.equal(answers.inspected_on, '2026-03-02');
  assert.equal(answers.guests[0].guardian_asked, true);
  assert.equal(answers.patrols, false);
  await tabTo('[data-rules-remove]');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.matches('[data-rules-add]')), true, 'the last row gone, the button that adds one has the focus');
  await close();
});

for (const colorScheme of ['light', 'dark']) {
  test(`axe-core finds nothing: ${colorScheme}`, async () => {
    const { page, close } = await open({ colorScheme, bypassCSP: true });
    await page.addScriptTag({ path: AXE });
    const axe = async (what) => {
      const violations = await page.evaluate(async () => {
        const { violations } = await globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
        return violations.map((one) => `${one.id}: ${one.help} — ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
      });
      assert.deepEqual(violations, [], what);
    };
    await axe('empty');
    await page.locator('[data-rules-add]').click();
    await fillGuest(page, 0, { ...MINOR, birth_date: 'x' });
    await axe('with a hint');
    await fillGuest(page, 0, { birth_date: '2010-06-18', suspicious: 'true' });
    await page.locator('[type=submit]').click();
    await page.locator('[data-rules-verdict] details').evaluate((one) => { one.open = true; });
    await axe('refused, with findings');
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(wide, 0);
    await close();
  });
}

test('answers are filled in again, and everything can be taken away', async () => {
  const { page, close } = await open();
  const sample = { inspected_on: '2026-03-02', hotel_kind: 'esports_part', guests: [{ ref: 'A', checked_in_at: '2026-03-01T21:40:00+08:00', suspicious: true, police_report: 'late' }, { ref: 'B', accompanied: false }], patrols: true };
  await page.evaluate((answers) => globalThis.binding.fill(answers), sample);
  assert.deepEqual((await state(page)).answers, sample);
  assert.equal(await named(page, 'guests[0].checked_in_at').inputValue(), '2026-03-01 21:40');
  await page.evaluate(() => globalThis.binding.fill({ guests: [] }));
  assert.deepEqual((await state(page)).answers, { guests: [] });
  await page.evaluate(() => document.querySelector('form').reset());
  await page.waitForFunction(() => Object.keys(globalThis.binding.answers).length === 0);
  await page.locator('[type=submit]').click();
  await page.evaluate(() => globalThis.binding.destroy());
  assert.equal(await page.locator('.rules-messages, .rules-live, [aria-invalid], [aria-required], [data-rules-field][hidden]').count(), 0);
  assert.equal(await page.locator('form').evaluate((form) => form.noValidate), false);
  await close();
});

test('hostile answers: a code, and the next look is right', async () => {
  const { page, close } = await open();
  await page.locator('[data-rules-add]').click();
  const set = (value) => page.evaluate((text) => {
    document.querySelector('[name="guests[0].ref"]').value = typeof text === 'number' ? 'x'.repeat(text) : text;
    globalThis.binding.refresh();
    const { fault, blocked, report } = globalThis.binding;
    return { fault, blocked, codes: report?.entry.problems.filter((one) => one.severity === 'error').map((one) => one.code) };
  }, value);
  assert.deepEqual(await set(17_000_000), { fault: { code: 'answers_too_large' }, blocked: true, codes: undefined });
  await page.locator('[type=submit]').click();
  assert.match(await page.locator('[data-rules-summary]').textContent(), /answers_too_large/);
  assert.deepEqual((await set(2_000_000)).codes, ['too_large']);
  assert.deepEqual((await set('\ud800')).codes, ['lone_surrogate']);
  assert.deepEqual((await set('<img src=x onerror=alert(1)>')).fault, undefined);
  assert.equal(await page.locator('form img').count(), 0);
  assert.deepEqual((await set('G-1')).codes, []);
  // Answers that no form can show leave it as it is.
  const codes = await page.evaluate(() => {
    const cyclic = {};
    cyclic.self = cyclic;
    const all = [undefined, cyclic, { get patrols() { throw new Error('no'); } }, new Proxy({}, { ownKeys() { throw new Error('no'); } }), { guests: new Array(1e6).fill({}) }, { guests: new Array(5001).fill({}) }, '{', []];
    return all.map((one) => {
      try {
        globalThis.binding.fill(one);
        return `filled: ${JSON.stringify(globalThis.binding.answers).length}`;
      } catch (error) {
        return error.code ?? String(error);
      }
    });
  });
  assert.deepEqual([codes, (await state(page)).answers.guests], [['answers_type', 'answers_cyclic', 'answers_unreadable', 'answers_unreadable', 'answers_too_large', 'answers_too_large', 'answers_type', 'answers_type'], [{ ref: 'G-1' }]]);
  // Names that no ruleset has.
  const unmatched = await page.evaluate(() => {
    for (const name of ['__proto__', 'guests[__proto__].ref', 'constructor.prototype', 'guests[0].__proto__', '[', '/', '', 'guests[999999999999].ref']) {
      const control = Object.assign(document.createElement('input'), { name, value: 'x' });
      document.querySelector('form').append(control);
    }
    globalThis.binding.refresh();
    return { unmatched: globalThis.binding.unmatched.controls, guests: globalThis.binding.answers.guests.map((one) => one.ref), clean: {}.ref };
  });
  assert.deepEqual(unmatched.guests, ['G-1', 'x', 'x'], 'odd row keys are rows, in the order of the document');
  assert.deepEqual(unmatched.unmatched, ['__proto__', 'constructor.prototype', 'guests[0].__proto__', '[', '/']);
  await close();
});

test('every type of field, groups, lists in lists, lists of scalars', async () => {
  const { page, close } = await open();
  const bundle = everythingBundle();
  const at = (name, value = '', more = '') => `<input name="${name}" value='${value}' ${more}>`;
  const html = [
    at('agreed', 'x', 'type=checkbox checked'), at('age', '１８ 岁'), at('ratio', '1,234.5'), at('/name', '张三'), at('code', 'ａｂ123'),
    '<select name=kind><option>a<option selected>b</select>', at('marks', 'red', 'type=checkbox checked'), at('marks', 'green', 'type=checkbox'), at('marks[]', 'blue', 'type=checkbox checked'),
    at('day', '2026年3月1日'), at('moment', '2026-03-01T09:30', 'type=datetime-local'), at('width', '１２米 ± 0.5'),
    at('place.lng', '105.95'), at('place[lat]', '26.25'), at('place.crs', 'wgs84', 'type=hidden'), '<textarea name=ground>{"type":"Polygon","coordinates":[]}</textarea>', at('ground.crs', 'wgs84'),
    at('photo', 'p-1'), at('school', 's1'), at('address[street]', '中山路'), at('address.inner.floor', '2楼'), at('aliases', '阿三'), at('aliases', ''), at('aliases', '小张'),
    '<div data-rules-list=people><template><div><input name="people[].nick" id="nick-[]"><label for="nick-[]">x</label><div data-rules-list="people[].pets"><template><div><input name="people[].pets[].legs" id="legs-[]-[]"></div></template></div><button type=button data-rules-add="people[].pets">+</button></div></template></div><button type=button data-rules-add=people>+</button>',
    at('csrf', 'x', 'type=hidden'), at('age', '99', 'disabled'), '<button name=age value=7>',
  ].join('');
  const result = await page.evaluate(async ([markup, text]) => {
    const [{ load }, { bind }] = await Promise.all(['index', 'bind'].map((name) => import(new URL(`../weibao/dist/${name}.js`, location.href).href)));
    const form = document.createElement('form');
    form.innerHTML = markup;
    document.body.append(form);
    const binding = bind(form, await load(text), { asOf: '2026-03-02', jurisdiction: '520402', lang: 'en' });
    const click = (name) => form.querySelector(`[data-rules-add="${name}"]`).click();
    const set = (name, value) => { form.querySelector(`[name="${name}"]`).value = value; };
    click('people'); click('people'); click('people[1].pets'); click('people[1].pets'); click('people[0].pets');
    set('people[0].nick', 'a'); set('people[1].nick', 'b'); set('people[0].pets[0].legs', '４'); set('people[1].pets[1].legs', '3');
    binding.refresh();
    const { answers, report, reportText } = binding;
    const copy = structuredClone(answers);
    binding.fill({ ...answers, people: answers.people.slice(1) });
    return { answers: copy, report, reportText, unmatched: binding.unmatched, again: binding.answers, ids: [...form.querySelectorAll('[id]')].map((one) => one.id), text: form.textContent };
  }, [html, bundle]);
  const { answers, report, reportText, unmatched, again, ids } = result;
  assert.deepEqual(answers, {
    agreed: true, age: 18, ratio: 1234.5, name: '张三', code: 'ab123', kind: 'b', marks: ['red', 'blue'], day: '2026-03-01', moment: '2026-03-01T09:30:00+08:00', width: { value: 12, tolerance: 0.5 },
    place: { lng: 105.95, lat: 26.25, crs: 'wgs84' }, ground: { type: 'Polygon', coordinates: [], crs: 'wgs84' }, photo: 'p-1', school: 's1', address: { street: '中山路', inner: { floor: '2楼' } },
    aliases: ['阿三', null, '小张'], people: [{ nick: 'a', pets: [{ legs: 4 }] }, { nick: 'b', pets: [{}, { legs: 3 }] }],
  });
  assert.deepEqual(unmatched, { controls: ['csrf'], fields: ['people.years', 'people.fine'] });
  assert.deepEqual(again.people, [{ nick: 'b', pets: [{}, { legs: 3 }] }]);
  assert.equal(new Set(ids).size, ids.length);
  const file = `${mkdtempSync(join(tmpdir(), 'rules-'))}/everything.rules.json`;
  writeFileSync(file, bundle);
  assert.equal(checked({ answers, report }, file), reportText);
  await close();
});

test('a host may let findings block, and speak English', async () => {
  const { page, close } = await open();
  const lines = await page.evaluate(async (text) => {
    const [{ load }, { bind }] = await Promise.all(['index', 'bind'].map((name) => import(new URL(`../weibao/dist/${name}.js`, location.href).href)));
    const section = document.createElement('section');
    section.lang = 'en-GB';
    section.innerHTML = '<form><label>Agreed <select name=agreed><option><option>yes<option>no</select></label><label>Photograph <input name=photo value=p></label><label>Floor <input name=address.inner.floor></label><label>Ratio <input name=ratio></label></form>';
    document.body.append(section);
    const [form] = section.children;
    const sent = [];
    const binding = bind(form, await load(text), { asOf: '2026-03-02', jurisdiction: '520402', blocking: { findings: 'fail' }, onSubmit: (answers) => sent.push(answers) });
    const out = [];
    const submit = () => {
      form.requestSubmit();
      out.push([...form.querySelectorAll('.rules-summary h2, .rules-summary li, .rules-message')].map((one) => one.textContent));
    };
    const set = (name, value) => {
      form.elements[name].value = value;
      form.elements[name].dispatchEvent(new Event('change', { bubbles: true }));
    };
    submit();
    set('agreed', 'no');
    submit();
    set('agreed', 'yes');
    set('address.inner.floor', '1');
    submit();
    binding.destroy();
    return { out, sent };
  }, everythingBundle());
  assert.deepEqual(lines.out, [
    ['There is a problem: not submitted yet', 'Agreed: a required answer is missing', 'Error: a required answer is missing'],
    ['There is a problem: not submitted yet', 'Agreed: Must agree', 'Fail (critical): Must agree'],
    [],
  ]);
  assert.deepEqual(lines.sent, [{ agreed: true, photo: 'p', address: { inner: { floor: 1 } } }]);
  await close();
});

test('the tag alone: a form-associated element that carries the report', async () => {
  const { page, close } = await phone(browser);
  await page.goto(`${server.url}examples/plain/element.html`);
  await page.waitForFunction(() => document.querySelector('weibao-rules').binding !== undefined);
  const data = () => page.evaluate(() => Object.fromEntries(new FormData(document.querySelector('form'))));
  await page.locator('[name=patrols]').selectOption('false');
  await page.locator('.rules-outcome[data-outcome=fail]').waitFor();
  await page.locator('[name=inspected_on]').fill('明天');
  await page.locator('[name=inspected_on]').blur();
  assert.equal(await page.evaluate(() => document.querySelector('form').checkValidity()), false);
  await page.locator('[type=submit]').click();
  assert.equal(await page.evaluate(() => document.activeElement?.classList.contains('rules-summary')), true, 'the summary is made where the page has none');
  await page.locator('[name=inspected_on]').fill('2026年3月2日');
  await page.locator('[name=inspected_on]').blur();
  const { answers, report } = await data();
  assert.deepEqual(JSON.parse(answers), { inspected_on: '2026-03-02', patrols: false });
  assert.equal(checked({ answers: JSON.parse(answers), report: { as_of: '2026-03-02', jurisdiction: '000000' } }), report);
  await page.evaluate(() => document.querySelector('weibao-rules').remove());
  assert.equal(await page.locator('.rules-messages').count(), 0);
  await close();
});
