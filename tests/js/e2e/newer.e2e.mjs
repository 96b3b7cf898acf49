// Two inspections at once, each in a page of its own. And a ruleset that is replaced while a draft is open: the draft is judged by what it was begun
// under, is told what would change, and is moved over or not as the inspector says.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { axe } from './axe.mjs';
import { phone, startBrowser } from './browser.mjs';
import { field, topic, untilVerdict, verdict, yes } from './form.mjs';
import { startOffice } from './office.mjs';

let office;
let browser;
before(async () => {
  [office, browser] = await Promise.all([startOffice(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await office?.stop();
});

const PATROLS = '落实安全巡查';
const checked = (page) => field(page, PATROLS).locator('input:checked').getAttribute('value');

async function goOn(page) {
  await page.locator('[data-draft]').click();
  await page.locator('.form .field').first().waitFor();
}

test('a draft is told what newer rules change, stays under its own or moves over, and goes on', async () => {
  const { page, close } = await phone(browser, { bypassCSP: true });
  await page.goto(office.server.url);
  await topic(page, 'hotel');
  await yes(page, PATROLS);
  await page.locator('#to-home').getByText('草稿已存').waitFor();
  const before = await verdict(page);
  await page.locator('#to-home').click();
  await page.locator('[data-draft]').waitFor();

  await office.api('POST', 'v1/rulesets', JSON.parse(await readFile(await office.nextHotel(), 'utf8')));

  await goOn(page);
  const newer = page.locator('#newer-rules');
  await newer.waitFor();
  assert.equal(await verdict(page), before, 'judged by the rules that it was begun under');
  await axe(page, 'newer rules');
  await newer.click();
  const dialog = page.locator('dialog[open]');
  await dialog.getByText('四、加强安全巡查：待定 → 不合格').waitFor();
  await axe(page, 'what newer rules change');
  await dialog.getByRole('button', { name: '按原来的规则填完' }).click();
  assert.equal(await verdict(page), before);

  // The same after the page was ended, which keeps the old text for this draft alone.
  await page.reload();
  await page.locator('#resume').click();
  await newer.click();
  await page.locator('#move-over').click();
  await untilVerdict(page, '不合格');
  assert.equal(await newer.count(), 0);
  assert.equal(await checked(page), 'true', 'what was answered is there');

  // It is a form like any other: it hears of answers, keeps them, and is closed by one step back.
  await yes(page, '落实访客管理');
  await page.locator('#to-home').getByText('草稿已存').waitFor();
  await page.goBack();
  await page.locator('[data-draft]').waitFor();
  await goOn(page);
  await untilVerdict(page, '不合格');
  assert.equal(await newer.count(), 0);
  await close();
});

test('two inspections at once: each keeps its own, and both are received', async () => {
  const { page, context, close } = await phone(browser);
  await page.goto(`${office.server.url}#device=${office.device}`);
  await page.locator('[data-ruleset="hotel"]').waitFor();
  const other = await context.newPage();
  await other.goto(office.server.url);
  await topic(page, 'hotel');
  await topic(other, 'venue');
  const name = (one, text) => one.locator('#subject-card input, [data-at="/name"] input').first().fill(text);
  for (const part of ['青', '青石', '青石镇']) {
    await name(page, `${part}旅馆`);
    await name(other, `${part}网吧`);
  }
  for (const one of [page, other]) await one.locator('#to-home').getByText('草稿已存').waitFor();
  for (const [one, text] of [[page, '青石镇旅馆'], [other, '青石镇网吧']]) {
    await one.reload();
    await one.addLocatorHandler(one.locator('#resume'), () => one.getByRole('button', { name: '先不填' }).click());
    await one.locator('[data-draft]', { hasText: text }).click();
    await one.locator('#finish').click();
    await one.locator('#submit-anyway').click();
    await one.getByRole('heading', { name: '已提交，服务器已签收' }).waitFor();
  }
  const { items } = await office.api('GET', `v1/submissions?text=${encodeURIComponent('青石镇')}`);
  assert.deepEqual(items.map((one) => one.subject?.name).sort(), ['青石镇旅馆', '青石镇网吧']);
  await close();
});
