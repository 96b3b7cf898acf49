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

test('one section is unfolded at a time, and the heading that was tapped stays under the finger', async () => {
  const { page, close } = await phone(browser);
  await start(page, server.url, 'assessment.linxi');
  await sample(page);
  const heading = (section) => page.locator(`details[data-section="${section}"] > summary`);
  const top = (section) => heading(section).evaluate((el) => Math.round(el.getBoundingClientRect().top));
  const unfolded = () => page.locator('details.section[open]').evaluateAll((all) => all.map((one) => one.dataset.section));
  assert.deepEqual(await unfolded(), ['ideology']);
  for (const section of ['family', 'school', 'organisation']) {
    await page.waitForTimeout(500); // what is drawn in slices is drawn
    await heading(section).evaluate((el) => el.scrollIntoView({ block: 'center', behavior: 'instant' }));
    await page.waitForTimeout(200);
    const before = await top(section);
    await heading(section).click();
    await page.locator(`details[data-section="${section}"] .field`).first().waitFor();
    assert.deepEqual(await unfolded(), [section]);
    assert.ok(Math.abs(await top(section) - before) <= 1, `${section} stood at ${before}, now at ${await top(section)}`);
  }
  // Read on, the heading sticks to the top; folded from there, it stays there.
  await page.evaluate(() => window.scrollBy(0, 900));
  const stuck = await top('organisation');
  await heading('organisation').focus();
  await page.keyboard.press('Enter');
  assert.deepEqual(await unfolded(), []);
  assert.ok(Math.abs(await top('organisation') - stuck) <= 1);
  await close();
});

test('an example taken while the form is still being drawn: nothing is drawn from what it replaced', async () => {
  const { page, context, close } = await phone(browser);
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(server.url);
  await page.locator('[data-ruleset="assessment.linxi"]').waitFor();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    document.querySelector('[data-ruleset="assessment.linxi"]').click();
    while (!document.querySelector('.form .field')) await frame();
    await frame();
    document.querySelector('#sample').click();
  });
  await page.locator('details[data-section="school"] .fails').waitFor();
  assert.deepEqual(errors, []);
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
