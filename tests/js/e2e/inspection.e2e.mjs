// The main job on a real page with the real server: an internet café near a school is inspected, the verdict changes while typing, every
// finding says why, and the server's recheck comes to the same bytes.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { phone, startBrowser } from './browser.mjs';
import { addRow, choose, field, input, no, openResults, others, recheck, sample, start, unanswered, untilVerdict, verdict, yes } from './form.mjs';
import { startServer } from './server.mjs';

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('an internet café near a school', async () => {
  const { page, close } = await phone(browser);
  await start(page, server.url, 'venue');
  assert.equal(await verdict(page), '待定');
  await page.locator('.context select').selectOption('520400');
  await page.locator('.context .day input').fill('2026年3月2日');
  await page.locator('.context .day input').blur();
  assert.equal(await page.locator('.context .day input').inputValue(), '2026-03-02');
  await page.getByText('安顺市新设立场所距离').waitFor();

  await input(page, '检查日期').fill('２０２６．３．２');
  await input(page, '检查日期').blur();
  assert.equal(await input(page, '检查日期').inputValue(), '2026-03-02');
  await choose(page, '场所类型', '网吧');
  await no(page, '正在申请设立、尚未发证');
  const row = await addRow(page, '周边的学校和幼儿园');
  await choose(page, '类型', '学校', row);
  await input(page, '名称', row).fill('第一小学');
  const walking = field(page, '校门到场所的步行距离', row).locator('input');

  // The verdict follows the keys: 1, 19, 195 metres are within 200, 1950 is not decided by the walk alone.
  await walking.first().pressSequentially('195', { delay: 30 });
  await untilVerdict(page, '不合格');
  await row.locator('.note-fail').first().waitFor();
  await walking.first().press('0');
  await untilVerdict(page, '待定');
  await walking.first().press('Backspace');
  await untilVerdict(page, '不合格');

  // Measured less exactly, it is neither a violation nor a pass; the margin says by how much.
  await walking.nth(1).fill('12');
  await untilVerdict(page, '待定');
  await row.locator('.note-close').first().waitFor();
  const results = await openResults(page);
  await results.locator('.card-close').getByText('按测得的值，离要求差 5 米').first().waitFor();
  await page.keyboard.press('Escape');
  await walking.nth(1).fill('2');
  await untilVerdict(page, '不合格');

  await openResults(page);
  const card = results.locator('.card-fail').filter({ hasText: '距第一小学没有超过 200 米' });
  await card.getByRole('button', { name: /^为什么/ }).click();
  const why = page.locator('dialog[open]');
  await why.getByText('中学、小学校园周围200米范围内和居民住宅楼（院）内不得设立互联网上网服务营业场所。').waitFor();
  await why.getByText('《互联网上网服务营业场所管理条例》').first().waitFor();
  await why.getByText('第九条').first().waitFor();
  await why.getByText('195 ± 2 米').waitFor();
  await why.getByText('200 米', { exact: true }).waitFor();
  await why.getByText('谁来办').waitFor();
  await page.keyboard.press('Escape');
  await why.waitFor({ state: 'detached' });

  const answer = await recheck(page);
  assert.ok(answer.good, answer.words);
  assert.match(answer.own, /^sha256:[0-9a-f]{64}$/);
  assert.equal(answer.own, answer.server);
  // An edit makes the answer one about other answers: it goes.
  await page.keyboard.press('Escape');
  await walking.first().fill('300');
  await openResults(page);
  assert.equal(await page.locator('.digest-own').count(), 0);
  await close();
});

test('a question that can still decide leads to its field', async () => {
  const { page, close } = await phone(browser);
  await start(page, server.url, 'venue');
  await choose(page, '场所类型', '网吧');
  const results = await openResults(page);
  const ask = results.locator('.part-ask .ask').filter({ hasText: '设有未成年人禁入、限入标志' }).first();
  await ask.click();
  assert.equal(await page.locator('.results.open').count(), 0);
  const frame = field(page, '设有未成年人禁入、限入标志');
  assert.ok(await frame.evaluate((el) => el.contains(document.activeElement)), 'the focus is in the field');
  await no(page, '设有未成年人禁入、限入标志');
  await untilVerdict(page, '不合格');
  // Not asked any more once there is no sign.
  await field(page, '标志在入口处').waitFor({ state: 'hidden' });
  // Not answered is an answer that can be given back.
  await unanswered(page, '设有未成年人禁入、限入标志');
  await untilVerdict(page, '待定');
  await yes(page, '设有未成年人禁入、限入标志');
  await field(page, '标志在入口处').waitFor();
  await close();
});

test('every example of every ruleset is judged alike on both sides', async () => {
  const { page, close } = await phone(browser);
  page.on('dialog', (dialog) => dialog.accept());
  for (const ruleset of ['venue', 'hotel', 'school_phone', 'negative_list']) {
    await start(page, server.url, ruleset);
    await sample(page);
    await untilVerdict(page, '不合格');
    const answer = await recheck(page);
    assert.ok(answer.good, `${ruleset}: ${answer.words}`);
    assert.equal(answer.own, answer.server, ruleset);
    assert.equal(await page.locator('.chip:visible .sign-problem').count(), 0, `${ruleset}: the example has no errors`);
    for (const button of (await page.locator('.card button.action').all()).slice(0, 6)) {
      await button.click();
      assert.notEqual((await page.locator('dialog[open] blockquote').first().textContent()).trim(), '');
      await page.keyboard.press('Escape');
    }
  }
  await close();
});

test('what cannot be read stays on screen, with its problem', async () => {
  const { page, close } = await phone(browser);
  await start(page, server.url, 'venue');
  const date = input(page, '检查日期');
  await date.fill('三月初');
  assert.equal(await field(page, '检查日期').locator('.problem').isVisible(), false, 'no complaint while typing');
  await date.blur();
  await field(page, '检查日期').locator('.problem').filter({ hasText: '2026年3月1日' }).waitFor();
  assert.equal(await date.inputValue(), '三月初');
  assert.equal(await date.getAttribute('aria-invalid'), 'true');
  const results = await openResults(page);
  await results.locator('.entry-invalid').waitFor();
  assert.ok((await recheck(page)).good, 'the server sees the same problem');
  await results.locator('.part-entry .ask').filter({ hasText: '检查日期' }).first().click();
  assert.ok(await date.evaluate((el) => el === document.activeElement));
  await date.fill('20260302');
  await date.blur();
  assert.equal(await date.inputValue(), '2026-03-02');
  await field(page, '检查日期').locator('.problem').waitFor({ state: 'hidden' });
  await close();
});

test('a row is removed and taken back', async () => {
  const { page, close } = await phone(browser);
  await start(page, server.url, 'venue');
  await others(page);
  const list = field(page, '周边的学校和幼儿园');
  await list.getByRole('button', { name: '确认没有' }).click();
  await list.getByText('已填：没有').waitFor();
  for (const name of ['甲校', '乙校', '丙校']) {
    const row = await addRow(page, '周边的学校和幼儿园');
    await input(page, '名称', row).fill(name);
  }
  await list.getByRole('button', { name: '删除第 2 项' }).click();
  await list.locator('.row-title').filter({ hasText: '丙校' }).waitFor();
  assert.deepEqual(await list.locator('.row-title').allTextContents(), ['第 1 项 甲校', '第 2 项 丙校']);
  await input(page, '名称', list.locator('.row-card').nth(1)).fill('丁校');
  await list.locator('.row-title').filter({ hasText: '丁校' }).waitFor();
  assert.deepEqual(await list.locator('.row-title').allTextContents(), ['第 1 项 甲校', '第 2 项 丁校']);
  await list.getByRole('button', { name: '撤销删除' }).click();
  await list.locator('.row-title').filter({ hasText: '乙校' }).waitFor();
  assert.deepEqual(await list.locator('.row-title').allTextContents(), ['第 1 项 甲校', '第 2 项 乙校', '第 3 项 丁校']);
  assert.ok((await recheck(page)).good);
  await close();
});

test('English and back, with what was typed in place', async () => {
  const { page, close } = await phone(browser);
  await start(page, server.url, 'venue');
  await others(page);
  const row = await addRow(page, '周边的学校和幼儿园');
  await input(page, '名称', row).fill('第一小学');
  await input(page, '检查日期').fill('三月初');
  await input(page, '检查日期').blur();
  await page.locator('#language').click();
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  await page.getByRole('heading', { name: 'Entertainment venues and internet cafés near schools' }).waitFor();
  assert.equal(await input(page, 'Day of the inspection').inputValue(), '三月初');
  assert.equal(await input(page, 'Name', page.locator('.row-card').first()).inputValue(), '第一小学');
  assert.equal(await verdict(page), 'Open');
  await openResults(page);
  await page.getByRole('heading', { name: 'Still to ask' }).waitFor();
  await page.locator('#language').click();
  await page.getByRole('heading', { name: '还要问' }).waitFor();
  await close();
});
