// From the first question to leaving the record: who is inspected, what is filled in beforehand, the phone's back key, what is lacking before
// submitting, and what the page says of a record that only waits.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { phone, startBrowser } from './browser.mjs';
import { choose, field, input, openResults, start } from './form.mjs';
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

const saved = (page) => page.locator('.saved').filter({ hasText: '已保存' }).waitFor();
const refused = { allow: [/Failed to load resource/] };

test('the unit is asked first, and names the draft, the papers and the submission', async () => {
  const { page, close } = await phone(browser, refused);
  await start(page, server.url, 'hotel');
  assert.equal(await page.locator('.form .field:visible .name').first().textContent(), '被检查单位名称');
  await page.locator('#next').click();
  await page.keyboard.type('青石旅馆');
  await saved(page);
  await page.locator('#to-home').filter({ hasText: '草稿已存' }).click();
  await page.locator('[data-draft]').filter({ hasText: /^青石旅馆 · / }).click();
  assert.equal(await input(page, '被检查单位名称').inputValue(), '青石旅馆');
  await openResults(page);
  await page.locator('#papers').click();
  await page.locator('.paper').getByText('青石旅馆').first().waitFor();
  assert.equal(await page.locator('.papers input').inputValue(), '青石旅馆');
  await page.locator('#back-to-form').click();
  // What is sent is caught on its way, as the server would read it.
  let body = null;
  await page.route('**/v1/keys', (route) => route.fulfill({ status: 503, json: {} }));
  await page.exposeFunction('caught', (text) => { body = JSON.parse(text); });
  await page.evaluate(() => {
    const encode = TextEncoder.prototype.encode;
    TextEncoder.prototype.encode = function caught(text) {
      if (typeof text === 'string' && text.includes('"sequence"')) void globalThis.caught(text);
      return encode.call(this, text);
    };
  });
  await page.locator('#finish').click();
  await page.locator('#submit-anyway').click();
  await page.locator('.finished').waitFor();
  for (let n = 0; n < 50 && body === null; n += 1) await page.waitForTimeout(50);
  assert.equal(body.subject.name, '青石旅馆');
  await close();
});

test('a record without a name is not submitted; one that names itself is not asked twice', async () => {
  const { page, close } = await phone(browser, refused);
  await start(page, server.url, 'hotel');
  await page.locator('#finish').click();
  const dialog = page.locator('dialog[open]');
  await dialog.getByText('没填：被检查单位名称').waitFor();
  assert.equal(await dialog.locator('#submit-anyway').count(), 0);
  await dialog.getByRole('button', { name: '去填：没填：被检查单位名称' }).click();
  await page.waitForFunction(() => document.activeElement?.closest('#subject-card'));
  await start(page, server.url, 'family');
  assert.equal(await page.locator('#subject-card').count(), 0, 'a child has a code, which the form asks itself');
  await field(page, '未成年人代号').waitFor();
  await close();
});

test('the day above is the day of the inspection, marked, and gives way to what somebody enters', async () => {
  const { page, close } = await phone(browser);
  await start(page, server.url, 'venue');
  const day = page.locator('.context .day input');
  assert.equal(await input(page, '检查日期').inputValue(), await day.inputValue());
  await field(page, '检查日期').getByText('已预填，可以改').waitFor();
  await day.fill('20260302');
  await day.blur();
  await page.waitForFunction(() => document.querySelector('[data-at="/inspected_on"] input').value === '2026-03-02');
  await input(page, '检查日期').fill('20260301');
  await input(page, '检查日期').blur();
  await field(page, '检查日期').getByText('已预填，可以改').waitFor({ state: 'hidden' });
  await page.locator('.context .day input').fill('20260303');
  await page.locator('.context .day input').blur();
  await page.waitForTimeout(300);
  assert.equal(await input(page, '检查日期').inputValue(), '2026-03-01');
  // Nothing but what was filled in is no draft.
  await start(page, server.url, 'hotel');
  await page.waitForTimeout(400);
  await page.locator('#to-home').click();
  await page.locator('[data-draft]').first().waitFor();
  assert.equal(await page.locator('[data-draft]').count(), 1);
  await close();
});

test('a row has its code, first and in sight; what lacks is named and led to', async () => {
  const { page, close } = await phone(browser, refused);
  await start(page, server.url, 'hotel');
  await page.locator('#next').click();
  await page.keyboard.type('青石旅馆');
  const list = field(page, '抽查的入住人员（逐人）');
  await list.locator('.add').click();
  const row = list.locator('.row-card').first();
  assert.equal(await input(page, '代号', row).inputValue(), '01');
  assert.equal(await row.locator('.row-body > .asked > .field .name').first().textContent(), '代号');
  assert.equal(await row.locator('.others .field').count(), 0, 'what a row must have is asked, not folded');
  await list.locator('.add').click();
  assert.equal(await input(page, '代号', list.locator('.row-card').nth(1)).inputValue(), '02');
  await input(page, '代号', row).fill('');
  await page.locator('#finish').click();
  const lack = page.locator('dialog[open] li').filter({ hasText: /没填：抽查的入住人员（逐人） 第 1 项 · 代号/ });
  await lack.getByRole('button', { name: /^去填/ }).click();
  await page.waitForFunction(() => document.activeElement?.closest('[data-at="/guests/0/ref"]'));
  await close();
});

test('“none” is taken back like any answer', async () => {
  const { page, close } = await phone(browser);
  await start(page, server.url, 'hotel');
  const list = field(page, '抽查的入住人员（逐人）');
  await list.getByText('没有就点“确认没有”').waitFor();
  await list.getByRole('button', { name: '确认没有' }).click();
  await list.getByText('已填：没有').waitFor();
  await list.getByRole('button', { name: '撤销' }).click();
  await list.getByText('还没有填').waitFor();
  await list.getByRole('button', { name: '确认没有' }).waitFor();
  await close();
});

test('a photo that an answer calls for stands in its card, and the next question stays under the finger', async () => {
  const { page, close } = await phone(browser);
  await start(page, server.url, 'venue');
  await choose(page, '场所类型', '网吧');
  const sign = field(page, '设有未成年人禁入、限入标志');
  await sign.waitFor();
  await sign.evaluate((el) => el.scrollIntoView({ block: 'center' }));
  const next = await sign.evaluateHandle((el) => el.nextElementSibling);
  const top = () => next.evaluate((el) => Math.round(el.getBoundingClientRect().top));
  const before = await top();
  await sign.locator('.segment').first().click();
  const follow = field(page, '标志在显著位置');
  await follow.waitFor();
  await page.waitForTimeout(200);
  assert.ok(Math.abs((await top()) - before) <= 2, `${before} → ${await top()}`);
  const entrance = field(page, '标志在入口处');
  const there = async () => Math.round((await entrance.boundingBox()).y);
  await entrance.locator('.segment').first().click();
  const place = await there();
  await follow.locator('.segment').first().click();
  const photo = page.locator('.field .field[data-at="/sign_photo"]');
  await photo.getByText('选填').waitFor();
  await page.waitForTimeout(200);
  assert.ok(Math.abs((await there()) - place) <= 2, `${place} → ${await there()}`);
  await photo.getByRole('button', { name: /^拍照/ }).waitFor();
  // Its card is asked of internet cafés alone: in a bar the photo stands in another.
  await entrance.locator('.segment').nth(2).click();
  await choose(page, '场所类型', '酒吧');
  await entrance.waitFor({ state: 'hidden' });
  await photo.getByRole('button', { name: /^拍照/ }).waitFor();
  await close();
});

test('the back key closes the sheet, then the form, and the draft is there', async () => {
  const { page, close } = await phone(browser);
  await start(page, server.url, 'hotel');
  await page.locator('#next').click();
  await page.keyboard.type('青石旅馆');
  await saved(page);
  await openResults(page);
  await page.goBack();
  await page.locator('.results.open').waitFor({ state: 'detached' });
  await page.locator('.results').waitFor({ state: 'hidden' });
  assert.equal(await input(page, '被检查单位名称').inputValue(), '青石旅馆');
  // Closed by hand, the sheet leaves nothing behind in the history; papers opened from it are one step of their own.
  await openResults(page);
  await page.keyboard.press('Escape');
  await openResults(page);
  const heights = () => page.locator('.segment:visible').evaluateAll((all) => all.map((one) => one.offsetHeight));
  const before = await heights();
  await page.locator('#papers').click();
  await page.locator('.paper').waitFor();
  await page.goBack();
  await page.locator('form.form').waitFor();
  assert.equal(await page.locator('.paper').count(), 0);
  assert.deepEqual(await heights(), before, 'the form looks as it did before the papers');
  await page.waitForTimeout(100);
  await page.goBack();
  await page.locator('[data-draft]').filter({ hasText: '青石旅馆' }).waitFor();
  assert.ok(!page.url().includes('青石') && (await page.evaluate(() => JSON.stringify(history.state))) === '{"weibao":0}', 'nothing of it is in the history');
  await close();
});

test('a record that only waits is not called sent, and leaving it is asked about', async () => {
  const { page, context, close } = await phone(browser, { allow: [/Failed to load resource|ERR_INTERNET/] });
  await start(page, server.url, 'hotel');
  await page.locator('#next').click();
  await page.keyboard.type('青石旅馆');
  await saved(page);
  await context.setOffline(true);
  await page.locator('#finish').click();
  await page.locator('#submit-anyway').click();
  await page.getByRole('heading', { name: '已存手机，还没有发出' }).waitFor();
  assert.deepEqual(await page.locator('.finished .step > span:not(.sign):not(.sr)').allTextContents(), ['已存手机', '待送达', '待签收']);
  assert.equal(await page.locator('.finished .step .sign-pass').count(), 1);
  await page.goBack();
  await page.locator('dialog[open]').getByText('离开后不能再出文书、不能更正').waitFor();
  await page.goBack();
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  await page.locator('.finished').waitFor();
  await context.setOffline(false);
  await page.locator('#home').click();
  await page.locator('#leave-papers').click();
  await page.locator('.paper').getByText('青石旅馆').first().waitFor();
  await page.goBack();
  await page.locator('.finished').waitFor();
  await page.locator('#home').click();
  await page.locator('#leave-leave').click();
  await page.locator('[data-list="waiting"]').getByText('青石旅馆').waitFor();
  await close();
});
