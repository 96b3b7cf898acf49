// The screens around the form, in the order in which somebody comes to them: signing, submitting, what waits, what needs a person, the phone itself, a
// draft that was cut off, newer rules, the PIN. In: an office, a page of its phone, and what to do at each screen. Out: nothing. The tests look at each
// with axe-core; the pictures of docs/ are taken of the same.

import { readFile } from 'node:fs/promises';
import { choose, field, sample, topic, yes } from './form.mjs';

const kept = (page) => page.locator('#to-home').getByText('草稿已存').waitFor();

export async function tour(office, page, context, see) {
  const dialog = page.locator('dialog[open]');
  const escape = async () => {
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  };
  /** Opens what a button under 这台手机 opens. */
  const ofPhone = async (id) => {
    if (!(await page.locator('#phone').evaluate((el) => el.open))) await page.locator('#phone > summary').click();
    await page.locator(`#${id}`).click();
  };

  await page.goto(`${office.server.url}#device=${office.device}`);
  await topic(page, 'hotel');
  await sample(page);
  await page.locator('[data-signer="inspector_1"]').click();
  await see('签名');
  await escape();
  await context.setOffline(true);
  await page.locator('#finish').click();
  await dialog.waitFor();
  await see('提交前');
  await page.locator('#submit-anyway').click();
  await page.getByRole('heading', { name: '已存手机，还没有发出' }).waitFor();
  await see('还没有发出');
  await page.locator('#correct').click();
  await see('更正');
  await escape();
  await page.locator('#home').click();
  await see('离开前');
  await escape();
  await context.setOffline(false);
  await page.getByRole('heading', { name: '已提交，服务器已签收' }).waitFor();
  await see('已签收');
  await page.locator('#home').click();
  await page.locator('#leave-leave').click();

  // One that the server refuses, for what it says of it.
  await page.route('**/v1/submissions/*', (route) => route.fulfill({ status: 422, contentType: 'application/problem+json', body: JSON.stringify({ type: `${office.server.url}problems#bad-request`, status: 422 }) }));
  await topic(page, 'venue');
  await page.locator('#subject-card input').fill('蓝天网吧');
  await choose(page, '场所类型', '网吧');
  await kept(page);
  await page.locator('#finish').click();
  await page.locator('#submit-anyway').click();
  await page.getByRole('heading', { name: '已存手机，服务器没有收下' }).waitFor();
  await see('没有收下');
  await page.locator('#home').click();
  await page.locator('#leave-leave').click();
  await page.locator('[data-list="attention"]').waitFor();
  await page.locator('#received-line').click();
  await page.locator('[data-list="attention"]').evaluate((el) => el.scrollIntoView({ block: 'start' }));
  await see('需处理和已签收');
  await page.unroute('**/v1/submissions/*');

  for (const id of ['device', 'export', 'remove-received', 'pin']) {
    await ofPhone(id);
    await dialog.waitFor();
    await see(id);
    await escape();
  }
  await ofPhone('diagnostics');
  await page.locator('.abilities').waitFor();
  await see('这台手机能做什么');
  await page.goBack();

  // Little room, as the browser tells it.
  await page.evaluate(() => { navigator.storage.estimate = async () => ({ quota: 100e6, usage: 80e6 }); });
  await topic(page, 'hotel');
  await yes(page, '落实安全巡查');
  await kept(page);
  await page.locator('#to-home').click();
  await page.getByText('空间只剩约 19 MB').waitFor();
  await page.evaluate(() => window.scrollTo(0, document.querySelector('.records').offsetTop - 70));
  await see('空间快满');

  // A draft that was cut off, then the same under newer rules, then in a second page.
  await page.locator('[data-draft]').click();
  await field(page, '落实安全巡查').waitFor();
  await office.api('POST', 'v1/rulesets', JSON.parse(await readFile(await office.nextHotel(), 'utf8')));
  await page.reload();
  await page.locator('#resume').waitFor();
  await see('上次没有填完');
  await page.locator('#resume').click();
  await page.locator('#newer-rules').waitFor();
  await see('规则已更新');
  await page.locator('#newer-rules').click();
  await dialog.waitFor();
  await see('新规则会改变什么');
  await escape();

  await page.locator('#to-home').click();
  await ofPhone('pin');
  for (const input of await dialog.locator('.pin').all()) await input.fill('246810');
  await page.locator('#pin-set').click();
  await page.getByText('PIN：已设置').waitFor();
  await page.reload();
  await page.getByRole('heading', { name: '请输入 PIN' }).waitFor();
  await page.locator('.pin').fill('000000');
  await page.locator('#unlock').click();
  await page.getByText('PIN 不对').waitFor();
  await see('输入 PIN');
}
