import { startBrowser, phone } from './e2e/browser.mjs';
import { startServer } from './e2e/server.mjs';
import { writeFile } from 'node:fs/promises';
const server = await startServer(); const browser = await startBrowser();
for (const [rs, papers] of [['venue', ['report', 'notices']], ['assessment.linxi', ['linxi']], ['negative_list', ['zero']], ['inspection.guyuan', ['guyuan']]]) {
  const { page, context } = await phone(browser, { acceptDownloads: true });
  page.on('pageerror', e => console.log(e.stack)); page.on('console', m => m.type() === 'error' && console.log(m.text()));
  await page.goto(server.url); await page.locator(`[data-ruleset="${rs}"]`).click(); await page.locator('.form .field').first().waitFor();
  if (rs !== 'inspection.guyuan') { await page.locator('#sample').click(); await page.waitForTimeout(600); }
  else { for (const i of [0, 4, 7]) await page.locator('.form .segments').nth(i).locator('.segment').nth(i === 4 ? 1 : 0).click().catch(() => {}); }
  await page.locator('.bar').click(); await page.locator('#papers').click(); await page.locator('.paper').waitFor();
  await page.locator('.papers-tools input').fill('某某网吧'); await page.locator('.papers-tools input').blur(); await page.waitForTimeout(200);
  for (const id of papers) {
    await page.locator(`.tab[data-paper="${id}"]`).click(); await page.locator(`.paper[data-paper="${id}"]`).waitFor();
    await page.screenshot({ path: `/tmp/p3/screen-${id}.png` });
    await writeFile(`/tmp/p3/${id}.pdf`, await page.pdf({ preferCSSPageSize: true }));
    const [d] = await Promise.all([page.waitForEvent('download'), page.locator('#docx').click()]); console.log(d.suggestedFilename()); await d.saveAs(`/tmp/p3/${id}.docx`);
  }
  await context.close();
}
await browser.close(); await server.stop();
