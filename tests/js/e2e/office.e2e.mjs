// The office view against the real server: login and purpose, filters, one record with its why, the ledger with a conflict, a trial,
// publishing, devices, a session that ends meanwhile; and axe-core on each view.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { axe } from './axe.mjs';
import { startBrowser } from './browser.mjs';
import { desk, logIn, open, startOffice } from './office.mjs';

let office;
let browser;
let tab;
let page;
before(async () => {
  [office, browser] = await Promise.all([startOffice(), startBrowser()]);
  tab = await desk(browser, { bypassCSP: true });
  page = tab.page;
});
after(async () => {
  try {
    await tab?.close();
  } finally {
    await browser?.close();
    await office?.stop();
  }
});

const rows = () => page.locator('tbody tr');
const apply = async () => {
  const answered = page.waitForResponse((one) => one.url().includes('/v1/submissions?'));
  await page.getByRole('button', { name: '筛选' }).click();
  await answered;
};

test('a wrong password is told in words, the right one leads to the records, and the purpose is asked once', async () => {
  await page.goto(office.url);
  await page.getByLabel('用户名').fill('demo-admin');
  await page.getByLabel('密码').fill('not the password');
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByText('用户名或者密码不对').waitFor();
  await axe(page, 'login');
  await logIn(page, office);
  assert.equal(await rows().count(), 4);
  await page.getByText('查阅目的：日常复核').waitFor();
  await page.reload();
  await rows().first().waitFor();
  const log = await office.api('GET', 'v1/access-log');
  assert.ok(JSON.stringify(log).includes('日常复核'), 'the purpose is in the access log');
  await axe(page, 'records');
});

test('filters narrow the list, and stay when another view was open', async () => {
  await page.getByLabel('地区码').fill('520400');
  await page.getByLabel('结论').selectOption('fail');
  await apply();
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 2);
  await open(page, '规则版本');
  await page.getByText('各版本，新的在前').waitFor();
  await axe(page, 'versions');
  await open(page, '检查记录');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 2);
  assert.equal(await page.getByLabel('地区码').inputValue(), '520400');
  const saved = page.waitForEvent('download');
  await page.locator('[data-format=csv]').click();
  const text = await readFile(await (await saved).path(), 'utf8');
  assert.ok(text.includes(office.ids.hotel) && !text.includes(office.ids.clean), 'the export holds what is filtered');
  await page.getByRole('button', { name: '清除' }).click();
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 4);
  await page.getByLabel('两次判定是否一致').selectOption('false');
  await apply();
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
  assert.match(await rows().first().textContent(), /草原客栈.*不一致/);
  await page.getByRole('button', { name: '清除' }).click();
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 4);
});

test('a record says why, in the words of the law, and keeps personal data covered', async () => {
  await page.getByRole('link', { name: '迎宾旅馆' }).click();
  await page.getByRole('heading', { level: 1, name: '迎宾旅馆' }).waitFor();
  const finding = page.locator('[data-rule=guardian_contact]');
  await finding.getByText('必须询问未成年人父母或者其他监护人的联系方式，并记录备查；').waitFor();
  assert.match(await finding.textContent(), /不合格/);
  const birth = page.getByText('2010-06-18').last();
  assert.equal(await birth.isVisible(), false, 'personal data is covered');
  await page.locator('.covered summary').first().press('Enter');
  assert.equal(await page.locator('.covered[open]').count(), 1);
  await axe(page, 'record');
  await page.goto(`${office.url}#/entry/${office.ids.bent}`);
  await page.getByText('手机算出的报告与服务器的不同').waitFor();
  assert.equal(await page.getByText('/verdict/outcome').isVisible(), false, 'what only a verification needs is folded');
  await page.locator('section', { hasText: '判定与差异' }).getByText('技术信息（核验用）').click();
  await page.getByText('手机与服务器不同之处').waitFor();
  await page.getByText('/verdict/outcome').waitFor();
  await axe(page, 'record that differs');
});

test('a record is judged again on request', async () => {
  await page.locator('[data-do=replay]').click();
  await page.locator('.note-pass', { hasText: '重新判定的结果与保存的一字不差' }).waitFor();
});

test('a photo is opened, and its bytes are those that the receipt names; a file is never run', async () => {
  await page.goto(`${office.url}#/entry/${office.ids.hotel}`);
  const opener = page.locator('.table-frame [data-part]');
  await opener.first().click();
  const picture = page.locator('.shown img');
  await picture.waitFor();
  assert.ok(await picture.evaluate((image) => image.decode().then(() => image.naturalWidth === 192)));
  await page.getByText('摘要相符').waitFor();
  await axe(page, 'photo');
  await opener.nth(1).click();
  await page.locator('.shown figcaption', { hasText: '文件 访客.html' }).getByText('摘要相符').waitFor();
  assert.equal(await picture.count(), 0);
  assert.match(await page.locator('.shown a').getAttribute('download'), /^[0-9a-f-]+$/);
  const log = await office.api('GET', 'v1/access-log');
  assert.ok(JSON.stringify(log).includes('/parts/'), 'opening a photo is a read that is logged');
});

test('every signature is listed with its name, and nothing is program text', async () => {
  await page.goto(`${office.url}#/entries`);
  await rows().first().waitFor();
  await page.goto(`${office.url}#/entry/${office.ids.hotel}`);
  const files = page.locator('section', { has: page.getByRole('heading', { name: '佐证材料' }) });
  for (const words of ['签名：检查人员一 王建国（手写签名）', '签名：检查人员二 李秀英（手写签名）', '签名：被检查单位在场人 赵六（拒绝签名）', '文件 访客.html']) await files.locator('tbody th', { hasText: words }).waitFor();
  assert.equal(await files.locator('tbody').first().locator('th', { hasText: '照片' }).count(), 1);
  await files.locator('[data-at="sign:inspector_2"]').click();
  await files.locator('.shown img').waitFor();
  await files.locator('[data-at="sign:inspected"]').click();
  await files.locator('.shown blockquote', { hasText: '赵六 · 称须请示老板' }).waitFor();
  await axe(page, 'signatures');
  // The photo opens where it was attached, too.
  const answers = page.locator('section', { has: page.getByRole('heading', { name: '所填内容' }) });
  await answers.locator('[data-at="/patrol_log"]').click();
  await answers.locator('.shown img').waitFor();
  assert.equal(await page.locator('.shown img').count(), 1, 'one is open at a time');
  const text = await page.locator('main').innerText();
  for (const raw of ['vnd.weibao', 'sha256', 'sign:', '"id"', '/guests/', 'device:']) assert.ok(!text.includes(raw), `${raw}: ${text.slice(Math.max(0, text.indexOf(raw) - 80), text.indexOf(raw) + 80)}`);
  await files.getByText('技术信息（核验用）').click();
  await files.getByText('application/vnd.weibao.evidence+json').waitFor();
  await axe(page, 'technical');
});

test('areas stand beside their records', async () => {
  await open(page, '按地区');
  await page.locator('[data-area="150424"]').click();
  await page.waitForFunction(() => document.querySelectorAll('.list tbody tr').length === 1);
  assert.match(await page.locator('.list tbody tr').textContent(), /草原客栈/);
  await axe(page, 'areas');
});

test('charts have names, and tables behind them with the same numbers', async () => {
  await open(page, '统计');
  const topics = page.locator('[data-by=topic]');
  await topics.locator('svg[role=img]').waitFor();
  assert.equal(await page.locator('svg[role=img]').count(), 4);
  await topics.locator('summary').click();
  const hotel = topics.locator('tbody tr', { hasText: '旅馆接待未成年人入住检查' });
  assert.deepEqual(await hotel.locator('td').allTextContents(), ['2', '0', '1', '0']);
  await axe(page, 'statistics');
});

test('a change of the ledger that somebody overtook is not lost and not forced', async () => {
  await open(page, '整改台账');
  const listed = page.locator('tbody tr', { hasText: '没有落实安全巡查' });
  await listed.getByRole('link').first().click();
  await page.getByLabel('整改措施').fill('每班巡查两次并签字');
  const { items } = await office.api('GET', `v1/rectifications?submission=${office.ids.bent}`);
  await office.api('PATCH', `v1/rectifications/${items[0].id}`, { unit: '县公安局' }, { 'if-match': `"${items[0].version}"` });
  await page.getByRole('button', { name: '保存' }).click();
  const conflict = page.locator('.conflict');
  await conflict.getByText('县公安局').waitFor();
  assert.equal(await page.getByLabel('整改措施').inputValue(), '每班巡查两次并签字');
  await axe(page, 'conflict');
  await conflict.getByRole('button', { name: '用我的内容覆盖' }).click();
  await page.locator('.entry-head', { hasText: '整改中' }).waitFor();
  const kept = await office.api('GET', `v1/rectifications/${items[0].id}`);
  assert.deepEqual([kept.measure, kept.unit, kept.state], ['每班巡查两次并签字', '县公安局', 'measure_set'], 'both changes stand');
});

test('an item is done, rejected with a reason, and marked overdue', async () => {
  await page.getByLabel('整改期限').fill('2026-03-20');
  await page.getByLabel('这一步').selectOption('done');
  await page.getByLabel('完成日').fill('2026-03-15');
  await page.getByRole('button', { name: '保存' }).click();
  await page.locator('.entry-head', { hasText: '待复查' }).waitFor();
  await page.getByLabel('这一步').selectOption('rejected');
  await page.getByLabel('说明').fill('没有巡查签字表');
  await page.getByRole('button', { name: '保存' }).click();
  await page.locator('.entry-head', { hasText: '退回重改' }).waitFor();
  await page.getByRole('cell', { name: '没有巡查签字表' }).waitFor();
  await open(page, '整改台账');
  await page.getByLabel('只看逾期').check();
  await page.getByRole('button', { name: '筛选' }).click();
  await page.locator('tr.late', { hasText: '没有落实安全巡查' }).getByText('已逾期').waitFor();
  await axe(page, 'ledger');
});

test('a trial names the records that flip and changes nothing; publishing adds the version', async () => {
  await open(page, '规则版本');
  await page.getByLabel('主题').selectOption('hotel');
  await page.getByLabel('规则包').setInputFiles(await office.nextHotel());
  await page.locator('[data-do=trial]').click();
  const flips = page.locator('table', { has: page.locator('caption', { hasText: '结论会变的记录' }) });
  await flips.getByRole('link', { name: '清风宾馆' }).waitFor();
  assert.match(await flips.locator('tbody tr', { hasText: '清风宾馆' }).textContent(), /合格.*不合格.*safety_patrols/);
  assert.equal((await office.api('GET', 'v1/rulesets/hotel/versions')).versions.length, 1);
  await axe(page, 'trial');
  await page.locator('[data-do=publish]').click();
  await page.getByRole('dialog').getByRole('button', { name: '发布', exact: true }).click();
  await page.getByRole('rowheader', { name: '1.1.0' }).waitFor();
  await page.getByLabel('规则包').setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
  tab.faults.length = 0;
  await page.locator('[data-do=trial]').click();
  await page.getByText('这个文件不是能用的规则包').waitFor();
  tab.faults.length = 0; // the refusal that was just provoked
});

test('a device is let in by a code, sends, and sends no more once revoked', async () => {
  await open(page, '设备');
  await page.getByLabel('设备名称').fill('西秀一组');
  await page.getByLabel('地区码').fill('520402');
  await page.getByRole('button', { name: '发一个二维码' }).click();
  const picture = page.locator('img.qr');
  await picture.waitFor();
  assert.ok(await picture.evaluate((image) => image.decode().then(() => image.naturalWidth > 100)), 'the code is drawn');
  await page.getByText('不能扫码').click();
  const link = await page.locator('.secret').textContent();
  assert.match(link, /\/#device=wb_device_/);
  const token = link.split('#device=')[1];
  const me = () => fetch(`${office.server.url}v1/me`, { headers: { authorization: `Bearer ${token}` } }).then((one) => one.status);
  assert.equal(await me(), 200);
  await axe(page, 'devices');
  await page.getByRole('button', { name: '作废 西秀一组' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '作废', exact: true }).click();
  await page.getByText('已作废：西秀一组').waitFor();
  assert.equal(await me(), 401);
  assert.equal(await page.locator('.secret').count(), 0);
});

test('a session that ended is renewed in place, with the filters kept', async () => {
  await open(page, '检查记录');
  await rows().first().waitFor();
  await page.getByLabel('对象名称').fill('网吧');
  await tab.context.clearCookies();
  await page.getByRole('button', { name: '筛选' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('用户名').fill('demo-admin');
  await axe(page, 'login in place');
  await dialog.getByLabel('密码').fill(office.password);
  await dialog.getByLabel('密码').press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
  assert.equal(await page.getByLabel('对象名称').inputValue(), '网吧');
  await page.getByRole('button', { name: '退出' }).click();
  await page.getByRole('heading', { name: '未保办公室' }).waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0, 'the purpose is forgotten');
});
