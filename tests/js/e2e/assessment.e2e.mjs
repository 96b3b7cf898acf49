// A form in sections: the self-assessment of 76 standards opens at once, says how far each section has come, leads to an open question in a
// section that was folded, and the server's recheck comes to the same bytes. And the book of rules beside it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { phone, startBrowser } from './browser.mjs';
import { openResults, recheck, sample, start } from './form.mjs';
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

const progress = (page, section) => page.locator(`details[data-section="${section}"] .progress`).textContent();

test('76 standards in sections', async () => {
  const { page, close } = await phone(browser);
  await start(page, server.url, 'assessment.linxi');
  assert.equal(await page.locator('details.section').count(), 11);
  // Only the first section is drawn before somebody opens another.
  assert.equal(await page.locator('details.section:not([open]) .field').count(), 0);
  assert.match(await progress(page, 'school'), /^已有结论 0\/\d+ 条$/);
  await sample(page);
  await page.locator('details[data-section="school"] .fails').waitFor();
  assert.match(await progress(page, 'school'), /不合格 1$/);
  const before = await progress(page, 'judicial');

  const results = await openResults(page);
  const ask = results.locator('.part-ask .ask').first();
  const asked = await ask.textContent();
  await ask.click();
  const landed = await page.evaluate(() => document.activeElement?.closest('.field')?.querySelector('.name')?.textContent);
  assert.ok(landed && asked?.includes(landed.trim()), `${asked} led to ${landed}`);
  assert.ok(await page.evaluate(() => document.activeElement?.closest('details.section')?.open), 'its section is open');
  assert.match(before, /^已有结论 \d+\/\d+ 条$/);

  const checked = await recheck(page);
  assert.ok(checked.good, checked.words);
  assert.equal(checked.own, checked.server);
  await close();
});

test('the book of rules finds a clause by its number', async () => {
  const { page, close } = await phone(browser);
  await page.goto(server.url);
  await page.getByText('规则汇编').click();
  await page.locator('input[type=search]').fill('第31项');
  const found = page.locator('form.search li a').first();
  assert.match(await found.textContent(), /林西县.*第31项/);
  await found.click();
  const clause = page.locator('article:target');
  await clause.getByText('每所中小学至少要配备1名专职心理健康教育教师').waitFor();
  await clause.getByText('“专职心理健康教育教师数”不少于').first().waitFor();
  await close();
});
