// The papers that an inspection ends in: on the screen, in print and as a Word file from the same words; the code on them leads to the
// page that says what the server knows of the report.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { unzipSync, strFromU8 } from 'fflate';
import { phone, startBrowser } from './browser.mjs';
import { sample, start } from './form.mjs';
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

/** The papers of a ruleset's example. */
async function papers(page, ruleset, example = true) {
  if (page.listenerCount('dialog') === 0) page.on('dialog', (dialog) => dialog.accept());
  await start(page, server.url, ruleset);
  if (example) {
    await sample(page);
    await page.locator('.chip .sign-fail').waitFor();
  }
  await page.locator('.bar').click();
  await page.locator('#papers').click();
  await page.locator('.paper').waitFor();
}

const pick = async (page, id) => {
  await page.locator(`.tab[data-paper="${id}"]`).click();
  const paper = page.locator(`.paper[data-paper="${id}"]`);
  await paper.waitFor();
  return paper;
};

/** The text of a Word file, paragraph by paragraph. */
async function word(page) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#docx').click()]);
  const parts = unzipSync(new Uint8Array(await readFile(await download.path())));
  const xml = strFromU8(parts['word/document.xml']);
  const text = [...xml.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)].map((one) => one[1]).join('').replace(/&quot;/g, '"').replace(/&amp;/g, '&');
  return { name: download.suggestedFilename(), text, parts: Object.keys(parts) };
}

test('the report: findings, clauses in their words, remedies; the same on paper and in the Word file', async () => {
  const { page, close } = await phone(browser, { acceptDownloads: true });
  await papers(page, 'venue');
  await page.locator('.papers-tools input').fill('某某网吧');
  await page.locator('.papers-tools input').blur();
  const paper = await pick(page, 'report');
  for (const words of ['未成年人保护检查报告', '某某网吧', '贵州安顺（520400）', '2026年3月2日', '中学、小学校园周围200米范围内和居民住宅楼（院）内不得设立互联网上网服务营业场所。',
    '《互联网上网服务营业场所管理条例》第九条', '整改要求', '责任单位', '待定事项', '证据清单', '检查人员：', '不是行政决定']) {
    await paper.getByText(words).first().waitFor();
  }
  // A birth date decided, and is on no paper.
  assert.ok(!(await paper.textContent()).includes('2009-04-11'), 'no personal data');
  const digest = await paper.locator('.paper-digest code').textContent();
  assert.match(digest, /^sha256:[0-9a-f]{64}$/);
  assert.equal(await paper.locator('.address').textContent(), `${server.url}verify/${digest.slice(7)}`);
  const { name, text, parts } = await word(page);
  assert.equal(name, '检查报告-某某网吧-2026-03-02.docx');
  assert.ok(parts.some((one) => one.startsWith('word/media/')), 'the code is in it');
  for (const words of ['某某网吧', '中学、小学校园周围200米范围内', digest, '检查人员：']) assert.ok(text.includes(words), words);
  assert.ok(!text.includes('2009-04-11'));
  // What is printed is the paper alone.
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('.top, .papers-tools, .bar-frame').evaluateAll((all) => all.filter((one) => one.getClientRects().length > 0).length), 0);
  await close();
});

test('a notice a finding, which says that it is no decision', async () => {
  const { page, close } = await phone(browser, { acceptDownloads: true });
  await papers(page, 'venue');
  const failed = await page.locator('.bar-counts .sign-fail').locator('..').evaluate((el) => parseInt(el.textContent, 10));
  const paper = await pick(page, 'notices');
  assert.equal(await paper.locator('.paper-title').count(), failed);
  assert.equal(await paper.getByText('不是行政机关的决定，不产生法律效力').count(), failed);
  await paper.getByText('在入口处悬挂标志').waitFor();
  const { text } = await word(page);
  assert.equal(text.split('不是行政机关的决定，不产生法律效力').length - 1, failed);
  await close();
});

test('nothing failed: no notice is made', async () => {
  const { page, close } = await phone(browser);
  await papers(page, 'venue', false);
  await page.locator('.tab[data-paper="notices"]').click();
  await page.getByText('没有不合格事项，不用出这份文书。').waitFor();
  assert.ok(await page.locator('#print').isDisabled());
  await page.locator('#back-to-form').click();
  await page.locator('.form .field').first().waitFor();
  await close();
});

test('Linxi: 76 items, one line each, and the zero reports', async () => {
  const { page, close } = await phone(browser, { acceptDownloads: true });
  await papers(page, 'assessment.linxi');
  const paper = await pick(page, 'linxi');
  await paper.getByText('未成年人保护达标体系 76 项自查自评汇总').waitFor();
  const numbers = await paper.locator('tbody tr td:first-child').allTextContents();
  for (let n = 1; n <= 76; n += 1) assert.equal(numbers.filter((one) => one === `第${n}项`).length, n === 31 ? 2 : 1, `item ${n}`);
  await paper.getByText('存在履职不力、导致未成年人未办理户籍登记的').waitFor();
  await papers(page, 'negative_list');
  const zero = await pick(page, 'zero');
  await zero.getByText('负面工作清单零报告').waitFor();
  await zero.getByText('某公函〔2026〕12号').waitFor();
  await zero.getByText('某县纪委监委，某纪〔2026〕3号').waitFor();
  assert.ok((await word(page)).text.includes('某公函〔2026〕12号'));
  await close();
});

test('Guyuan: the self-assessment report has the parts that the plan asks for', async () => {
  const { page, close } = await phone(browser);
  await papers(page, 'inspection.guyuan', false);
  const paper = await pick(page, 'guyuan');
  assert.deepEqual((await paper.locator('h3').allTextContents()).slice(0, 5),
    ['一、亮点工作和经验做法', '二、督查重点内容落实情况', '三、存在的问题和不足', '四、下步措施和工作打算', '五、意见建议']);
  await paper.getByText('（七）司法保护情况').waitFor();
  await paper.getByText('主要领导（签字）').waitFor();
  await close();
});

test('the code on a paper: known, unknown, and no answer', async () => {
  const { page, close } = await phone(browser, { allow: [/Failed to load resource/] });
  const digest = 'a'.repeat(64);
  await page.route(`**/v1/verify/${digest}`, (route) => route.fulfill({ json: { known: true, time: '2026-03-02T01:30:00Z', ruleset: { id: 'venue', version: '1.0.0' }, position: 17 } }));
  await page.goto(`${server.url}verify/${digest}`);
  await page.getByText('服务器收到过这份报告').waitFor();
  assert.match(page.url(), new RegExp(`#verify=${digest}$`), 'the server sends the code on to the page');
  await page.getByText('venue 1.0.0').waitFor();
  await page.getByText(/2026\/3\/2 0?9:30/).waitFor();
  await page.unroute(`**/v1/verify/${digest}`);
  await page.route(`**/v1/verify/${digest}`, (route) => route.fulfill({ json: { known: false } }));
  await page.getByRole('button', { name: '再核一次' }).click();
  await page.getByText('服务器没有收到过这份报告').waitFor();
  await page.unroute(`**/v1/verify/${digest}`);
  await page.route(`**/v1/verify/${digest}`, (route) => route.abort());
  await page.getByRole('button', { name: '再核一次' }).click();
  await page.getByText('连不上服务器').waitFor();
  await close();
});
