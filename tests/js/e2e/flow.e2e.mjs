// The way through an inspection: place and topic at once, what can still matter first, the button at the thumb, the keyboard's own key,
// several plain questions with one tap, and papers at the end. The taps of a whole inspection are counted.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { phone, startBrowser } from './browser.mjs';
import { field, input, no, openResults, recheck, sample, start, untilVerdict, verdict } from './form.mjs';
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

/** Taps in the page, counted by the page itself: what the keyboard does is no tap. */
const count = (page) => page.addInitScript(() => {
  globalThis.taps = 0;
  addEventListener('pointerdown', () => { globalThis.taps += 1; }, true);
});

const focused = (page) => page.evaluate(() => document.activeElement?.closest('.field')?.querySelector('.name')?.textContent ?? document.activeElement?.textContent);
const shown = (page) => page.locator('.form > .asked > .field:visible > * > .name, .form > .asked > .field:visible > legend > .name').allTextContents();

test('a full inspection of an internet café takes at most 12 taps beyond typing', async () => {
  // Nobody gave this phone a token: the record waits.
  const { page, context, close } = await phone(browser, { allow: [/Failed to load resource/] });
  await context.addInitScript(() => localStorage.setItem('weibao-recent', JSON.stringify({ topics: ['venue'], place: '520400' })));
  await count(page);
  await page.goto(server.url);
  await page.locator('[data-ruleset="venue"]').tap();
  // What the form asks first: the one tap into a text. From there the keyboard's key goes from one typed question to the next.
  await page.locator('#next').tap();
  assert.equal((await focused(page))?.trim(), '被检查单位名称');
  await page.keyboard.type('蓝天网吧');
  const option = (label, words, within) => field(page, label, within).locator('.option').filter({ hasText: words }).first();
  await option('场所类型', '网吧').tap();
  await field(page, '正在申请设立、尚未发证').locator('.segment').nth(1).tap();
  await field(page, '周边的学校和幼儿园').locator('.add').tap();
  const row = page.locator('.row-card').first();
  await option('类型', '学校', row).tap();
  await page.locator('#all-good').tap();
  await field(page, '现场发现或者台账证实进入的人员（逐人）').getByRole('button', { name: '确认没有' }).tap();
  await field(page, '抽查的从业人员（逐人）').getByRole('button', { name: '确认没有' }).tap();
  await page.locator('[data-at="/sells_restricted"] .segment').nth(1).tap();
  // A photograph is a tap and the camera.
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.locator('[data-at="/sign_photo"]').getByRole('button', { name: /拍照/ }).tap()]);
  await chooser.setFiles({ name: '标志.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('sign') });
  await input(page, '名称', row).tap();
  const typed = { 名称: '第一小学', 许可证首次核发日期: '20240520', 开业日期: '20240601', 登记内容和记录备份可以查到多少日以前: '75', 边界到场所的直线距离: '412', 校门到场所的直线距离: '420', 校门到场所的步行距离: '450' };
  for (let n = 0; n < 12; n += 1) {
    const name = (await focused(page))?.trim();
    if (!(name in typed)) break;
    await page.keyboard.type(typed[name]);
    await page.keyboard.press('Enter');
  }
  await page.locator('#next[data-step="done"]').waitFor();
  assert.equal(await verdict(page), '合格');
  assert.equal(await page.locator('.bar-words small').textContent(), '填写完整');
  const taps = () => page.evaluate(() => globalThis.taps);
  console.log(`taps to a record that can be submitted: ${await taps()}`);
  assert.ok((await recheck(page)).good, 'the server agrees');
  await page.keyboard.press('Escape');
  // The results were opened to compare with the server: those two taps are not the inspector's.
  const own = (await taps()) - 2;
  assert.ok(own <= 12, `${own} taps`);
  // Nothing is asked any more: the button at the thumb leads to the signatures, and submitting without them is said.
  assert.equal((await page.locator('#next').textContent()).trim(), '去签名、提交');
  await page.locator('#finish').tap();
  await page.locator('dialog[open]').getByText('还没有签名：检查人员一、检查人员二、被检查单位在场人').waitFor();
  await page.getByRole('button', { name: '不签名，照样提交' }).tap();
  await page.getByRole('heading', { name: '已存手机，还没有发出' }).waitFor();
  assert.ok((await taps()) - 2 <= 14);
  // What was submitted can still be printed.
  await page.locator('#papers-after').click();
  await page.locator('.paper[data-paper="report"]').getByText('填写完整').first().waitFor();
  await close();
});

test('what can still matter comes first, and nothing jumps while somebody types', async () => {
  const { page, close } = await phone(browser);
  await start(page, server.url, 'venue');
  assert.equal((await shown(page))[0], '场所类型');
  assert.ok(!(await shown(page)).includes('标志在显著位置'), 'a follow-up waits for its turn');
  await field(page, '场所类型').locator('.option').filter({ hasText: '网吧' }).click();
  await field(page, '设有未成年人禁入、限入标志').waitFor();
  const before = await shown(page);
  const days = input(page, '登记内容和记录备份可以查到多少日以前');
  await days.focus();
  const top = () => days.evaluate((el) => Math.round(el.getBoundingClientRect().top));
  const at = await top();
  await page.keyboard.type('75', { delay: 60 });
  await page.waitForTimeout(300);
  assert.ok(Math.abs((await top()) - at) <= 1, 'the field stays under the finger');
  assert.deepEqual((await shown(page)).slice(0, before.length), before, 'and so does the order');
  // The follow-up stands right below the answer that called for it.
  await field(page, '设有未成年人禁入、限入标志').locator('.segment').nth(0).click();
  await field(page, '标志在显著位置').waitFor();
  const order = await shown(page);
  assert.equal(order[order.indexOf('设有未成年人禁入、限入标志') + 1], '标志在显著位置');
  // The rest is folded, not gone.
  const others = page.locator('.form > .others');
  await others.locator('summary').click();
  await others.getByText('场所位置').waitFor();
  await close();
});

test('the button at the thumb goes from one open question to the next, and round again', async () => {
  const { page, close } = await phone(browser);
  await start(page, server.url, 'hotel');
  const seen = [];
  for (let n = 0; n < 4; n += 1) {
    await page.locator('#next').click();
    const name = await focused(page);
    const height = await page.evaluate(() => document.activeElement?.getBoundingClientRect().top ?? -1);
    assert.ok(height > 40 && height < 700, `${name} is on the screen`);
    seen.push(name);
  }
  assert.equal(new Set(seen).size, seen.length, seen.join(', '));
  await close();
});

test('several plain questions with one tap, taken back with another', async () => {
  const { page, close } = await phone(browser);
  await start(page, server.url, 'venue');
  await field(page, '场所类型').locator('.option').filter({ hasText: '网吧' }).click();
  const box = page.locator('.compliant');
  await box.waitFor();
  const said = await box.locator('li').allTextContents();
  assert.ok(said.includes('保存期内的记录被修改或者删除：否'), said.join('；'));
  assert.ok(!said.some((one) => one.startsWith('正在申请设立')), 'a question of fact is not answered for anybody');
  await page.locator('#all-good').click();
  await page.locator('.undo').getByText(`已答 ${said.length} 问`).waitFor();
  await field(page, '设有未成年人禁入、限入标志').locator('input[value=true]:checked').waitFor();
  await page.locator('.undo').getByRole('button', { name: '撤销' }).click();
  await field(page, '设有未成年人禁入、限入标志').locator('input[value=none]:checked').waitFor();
  await close();
});

test('why a finding fails, and which other answer would change it', async () => {
  const { page, close } = await phone(browser);
  await start(page, server.url, 'venue');
  await sample(page);
  await untilVerdict(page, '不合格');
  const results = await openResults(page);
  await results.locator('.card-fail').filter({ hasText: '入口处的显著位置没有悬挂' }).getByRole('button', { name: /^为什么/ }).click();
  const change = page.locator('dialog[open]').getByRole('button', { name: '“标志在入口处”如果是“是”：合格' });
  await change.click();
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  assert.equal(await focused(page), '标志在入口处');
  await close();
});

test('the place is found by name, kept, and brings its rules', async () => {
  const { page, context, close } = await phone(browser);
  await page.goto(server.url);
  await page.locator('#where').click();
  await page.keyboard.type('林西');
  await page.locator('.found [data-place="150424"]').waitFor();
  assert.equal(await page.locator('.found [data-place]').first().getAttribute('data-place'), '150424', 'what has local rules comes first');
  await page.keyboard.press('Enter');
  assert.match(await page.locator('#where').textContent(), /内蒙古林西/);
  await page.locator('details').getByText('其他地方的检查表').click();
  await page.locator('details [data-ruleset="inspection.guyuan"]').waitFor();
  await page.locator('[data-ruleset="school"]').click();
  await page.locator('.form .field').first().waitFor();
  await page.getByText(/适用规则：.*林西/).waitFor();
  const again = await context.newPage();
  await again.goto(server.url);
  assert.match(await again.locator('#where').textContent(), /内蒙古林西/);
  assert.equal(await again.locator('[data-ruleset]').first().getAttribute('data-ruleset'), 'school', 'what was used last comes first');
  await close();
});

test('no inspection begins at a place that nobody chose', async () => {
  const { page, context, close } = await phone(browser);
  await page.goto(server.url);
  await page.locator('#where', { hasText: '还没有选' }).waitFor();
  await page.locator('[data-ruleset="venue"]').click();
  const dialog = page.locator('dialog[open]');
  await dialog.getByText('在哪里检查？').waitFor();
  await dialog.getByRole('button', { name: '关闭' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await page.locator('.form').count(), 0, 'no answer opens nothing');
  await page.locator('[data-ruleset="venue"]').click();
  // A county by its name, below a place that has rules of its own.
  await dialog.locator('input').fill('关岭');
  await dialog.locator('[data-place="520424"]', { hasText: '适用贵州安顺的本地规则' }).click();
  await page.locator('.form .field').first().waitFor();
  await page.getByText(/适用规则：.*安顺/).waitFor();
  assert.match(await page.locator('.context select').evaluate((el) => el.selectedOptions[0].textContent), /关岭布依族苗族自治县/);
  // It is remembered, by name, and elsewhere there are national rules alone.
  const again = await context.newPage();
  await again.goto(server.url);
  await again.locator('#where', { hasText: '贵州省安顺市关岭布依族苗族自治县' }).waitFor();
  await again.locator('#where').click();
  await again.locator('.where-panel input').fill('茫崖');
  await again.locator('.found [data-place]', { hasText: '只用全国规则' }).waitFor();
  await again.locator('.where-panel input').fill('没有这个县');
  await again.getByText('没有找到这个名字').waitFor();
  await again.locator('.where-panel input').fill('520499');
  await again.locator('.found [data-place="520499"]', { hasText: '贵州安顺（520499）' }).waitFor();
  await close();
});

test('an address that names a form asks for the place, too', async () => {
  const { page, close } = await phone(browser);
  await page.goto(`${server.url}#hotel`);
  await page.locator('#only-national').click();
  await page.locator('.form .field').first().waitFor();
  assert.equal(await page.locator('.context select').inputValue(), '000000');
  await close();
});

test('big text is kept, and nothing falls off the screen', async () => {
  const { page, close } = await phone(browser, { place: '000000', viewport: { width: 320, height: 740 } });
  await page.goto(server.url);
  const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize));
  const usual = await size();
  await page.locator('#big-text').click();
  assert.ok((await size()) > usual * 1.3);
  await page.reload();
  assert.ok((await size()) > usual * 1.3);
  const fits = async (what) => assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, what);
  await page.locator('[data-ruleset="venue"]').waitFor();
  await fits('start');
  await page.locator('[data-ruleset="venue"]').click();
  await page.locator('.form .field').first().waitFor();
  await sample(page);
  await untilVerdict(page, '不合格');
  await fits('form');
  await openResults(page);
  await fits('results');
  await page.locator('#papers').click();
  await page.locator('.paper').waitFor();
  await fits('papers');
  await close();
});

test('an answer that makes others idle leaves them in reach', async () => {
  const { page, close } = await phone(browser);
  await start(page, server.url, 'venue');
  await field(page, '场所类型').locator('.option').filter({ hasText: '网吧' }).click();
  await field(page, '最近一次延续或者变更的日期').waitFor({ state: 'hidden' });
  await no(page, '正在申请设立、尚未发证');
  await input(page, '许可证首次核发日期').fill('2024-05-20');
  await page.locator('#next').click();
  await page.locator('.form > .others > summary').click();
  await page.locator('.form > .others').getByText('许可证办过延续或者变更').waitFor();
  await close();
});
