// The page for everybody: by keyboard alone, read by a screen reader (axe-core's rules), in both languages and both colour schemes, with
// targets that a thumb hits, and without sideways scrolling at 320 px.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, thumbs } from './axe.mjs';
import { phone, startBrowser } from './browser.mjs';
import { openResults, recheck, sample, start, untilVerdict } from './form.mjs';
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

for (const colorScheme of ['light', 'dark']) {
  for (const lang of ['zh', 'en']) {
    test(`axe-core finds nothing: ${colorScheme}, ${lang}`, async () => {
      const { page, close } = await phone(browser, { colorScheme, bypassCSP: true });
      await page.goto(`${server.url}?lang=${lang}`);
      await page.locator('[data-ruleset="venue"]').waitFor();
      await axe(page, 'start');
      await page.locator('#where').click();
      await axe(page, 'choosing a place');
      await page.keyboard.press('Escape');
      await page.locator('[data-ruleset="venue"]').click();
      await page.locator('#only-national').waitFor();
      await axe(page, 'the question for the place');
      await page.locator('#only-national').click();
      await page.locator('.form .field').first().waitFor();
      await axe(page, 'empty form');
      await sample(page);
      await page.locator('.bar[data-sign=fail]').waitFor();
      for (const toggle of await page.locator('.row-toggle').all()) await toggle.click();
      await page.locator('.form input[type=text]').first().fill('x');
      await page.locator('.form input[type=text]').first().blur();
      await axe(page, 'filled form with an error');
      await openResults(page);
      await recheck(page);
      await page.locator('.part-entry details summary').first().click();
      await axe(page, 'results');
      await page.locator('.card button.action').first().click();
      await page.locator('dialog details').last().evaluate((el) => { el.open = true; });
      await axe(page, 'why');
      await page.keyboard.press('Escape');
      await page.locator('#papers').click();
      for (const paper of await page.locator('.tab').all()) {
        await paper.click();
        await page.locator('.paper').first().waitFor();
        await axe(page, `papers: ${await paper.textContent()}`);
      }
      await close();
    });
  }
}

for (const colorScheme of ['light', 'dark']) {
  test(`axe-core finds nothing with big text, and where a report is verified: ${colorScheme}`, async () => {
    const { page, close } = await phone(browser, { colorScheme, bypassCSP: true, allow: [/Failed to load resource/] });
    await page.goto(server.url);
    await page.locator('#big-text').click();
    await start(page, server.url, 'venue');
    await page.locator('.option').first().click();
    await page.locator('#all-good').waitFor();
    await axe(page, 'form in big text');
    const digest = 'b'.repeat(64);
    await page.route('**/v1/verify/*', (route) => route.fulfill({ json: { known: true, time: '2026-03-02T01:30:00Z', ruleset: { id: 'venue', version: '1.0.0' }, position: 17 } }));
    page.on('dialog', (dialog) => dialog.accept());
    await page.goto(`${server.url}?#verify=${digest}`);
    await page.getByText('服务器收到过这份报告').waitFor();
    await axe(page, 'a report that the server knows');
    await page.unroute('**/v1/verify/*');
    await page.route('**/v1/verify/*', (route) => route.fulfill({ json: { known: false } }));
    await page.getByRole('button', { name: '再核一次' }).click();
    await page.getByText('服务器没有收到过这份报告').waitFor();
    await axe(page, 'a report that the server does not know');
    await close();
  });
  test(`axe-core finds nothing in a form with sections and in the book of rules: ${colorScheme}`, async () => {
    const { page, close } = await phone(browser, { colorScheme, bypassCSP: true });
    await start(page, server.url, 'assessment.linxi');
    await sample(page);
    await page.locator('details[data-section="school"] .fails').waitFor();
    await page.locator('details[data-section="school"] > summary').click();
    await axe(page, 'sections');
    await page.goto(`${server.url}/book/index.html`);
    await page.locator('input[type=search]').fill('200米');
    await axe(page, 'index of the book');
    await page.goto(`${server.url}/book/document-rongchang-2023.html`);
    await page.evaluate(() => { for (const one of document.querySelectorAll('details')) one.open = true; });
    await axe(page, 'a document');
    await page.goto(`${server.url}/book/hotel.html`);
    await axe(page, 'a ruleset');
    await close();
  });
}

test('by keyboard alone', async () => {
  const { page, close } = await phone(browser);
  await page.goto(server.url);
  await page.locator('[data-ruleset="venue"]').waitFor();
  const press = async (key, times = 1) => {
    for (let n = 0; n < times; n += 1) await page.keyboard.press(key);
  };
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() || document.activeElement?.id);
  const tabTo = async (test, most = 60) => {
    for (let n = 0; n < most; n += 1) {
      if (await page.evaluate(test)) return;
      await press('Tab');
    }
    assert.fail(`not reached by Tab; the focus is on ${await focused()}`);
  };
  await tabTo(() => document.activeElement?.getAttribute('data-ruleset') === 'venue');
  await press('Enter');
  await tabTo(() => document.activeElement?.id === 'only-national');
  await press('Enter');
  await page.locator('.form .field').first().waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1');
  await tabTo(() => document.activeElement?.closest('.form') !== null && document.activeElement?.closest('.form') !== undefined);
  await page.keyboard.type('蓝天网吧');
  await tabTo(() => document.activeElement?.getAttribute('type') === 'radio');
  await press('Space');
  await tabTo(() => document.activeElement?.closest('.field-boolean') != null);
  await press('ArrowLeft');
  await tabTo(() => document.activeElement?.classList.contains('bar') === true, 120);
  await press('Enter');
  assert.equal(await focused(), '检查结论');
  await tabTo(() => document.activeElement?.classList.contains('ask') === true);
  const asked = await focused();
  await press('Enter');
  assert.equal(await page.locator('.results.open').count(), 0);
  const landed = await page.evaluate(() => document.activeElement?.closest('.field')?.querySelector('.name')?.textContent);
  assert.ok(landed && asked?.includes(landed), `${asked} led to ${landed}`);
  // The sheet and the dialog close with Escape and give the focus back.
  await page.locator('#more > summary').focus();
  await press('Enter');
  await press('Tab');
  await press('Enter');
  await page.locator('dialog[open]').waitFor();
  await tabTo(() => document.activeElement?.classList.contains('danger') === true);
  await press('Enter');
  await page.locator('#more:not([open])').waitFor(); // the example is here: the verdict was the same before it
  await untilVerdict(page, '不合格');
  await page.locator('.bar').focus();
  await press('Enter');
  await tabTo(() => document.activeElement?.getAttribute('aria-label')?.startsWith('为什么') === true);
  await press('Enter');
  await page.locator('dialog[open]').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H2');
  await press('Escape');
  assert.match(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? ''), /^为什么/);
  await press('Escape');
  assert.ok(await page.evaluate(() => document.activeElement?.classList.contains('bar')));
  await close();
});

test('targets of 48 px, and no sideways scrolling', async () => {
  for (const width of [320, 360, 768, 1280]) {
    const { page, close } = await phone(browser, { viewport: { width, height: 740 } });
    await start(page, server.url, 'venue');
    await sample(page);
    await untilVerdict(page, '不合格');
    for (const toggle of await page.locator('.row-toggle').all()) await toggle.click();
    await thumbs(page, `${width} px`);
    await close();
  }
});

for (const colorScheme of ['light', 'dark']) {
  test(`axe-core finds nothing on the screens of the phone's records: ${colorScheme}`, async () => {
    const { page, close } = await phone(browser, { colorScheme, bypassCSP: true, viewport: { width: 320, height: 640 }, allow: [/Failed to load resource/] });
    const narrow = async (what) => assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320), `${what} scrolls sideways`);
    await start(page, server.url, 'hotel');
    await sample(page);
    await page.locator('.saved').filter({ hasText: '已保存' }).waitFor();
    await axe(page, 'an inspection that is saved');
    await page.locator('.tools').getByRole('button', { name: /首页/ }).click();
    await page.locator('[data-draft]').waitFor();
    await page.locator('#phone summary').click();
    await axe(page, 'the list with a draft');
    for (const id of ['pin', 'device', 'export']) {
      await page.locator(`#${id}`).click();
      await page.locator('dialog[open]').waitFor();
      await axe(page, id);
      await narrow(id);
      await page.keyboard.press('Escape');
    }
    await page.locator('[data-draft]').click();
    await page.locator('#finish').click();
    await page.locator('#submit-anyway').waitFor();
    await axe(page, 'what is lacking before submitting');
    await narrow('what is lacking before submitting');
    await page.locator('#submit-anyway').click();
    await page.locator('.finished').waitFor();
    await axe(page, 'what was submitted');
    await narrow('what was submitted');
    await page.locator('#home').click();
    await page.locator('#leave-leave').waitFor();
    await axe(page, 'leaving the record');
    await page.locator('#leave-leave').click();
    await page.locator('[data-list="waiting"]').waitFor();
    await axe(page, 'the list with a waiting record');
    await narrow('the list');
    await page.locator('#phone summary').click();
    await page.locator('#diagnostics').click();
    await page.locator('.abilities').waitFor();
    await axe(page, 'what this phone can do');
    await narrow('what this phone can do');
    await close();
  });
}
