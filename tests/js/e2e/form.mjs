// The page as an inspector sees it: fields by their labels, the verdict bar, the sheet with results.

/** The frame of a field, by its label; `within` narrows it to a row. */
export function field(page, label, within = page.locator('form')) {
  return within.locator('.field').filter({ has: page.locator(`:scope > .label-row .name, :scope > legend .name`).getByText(label, { exact: true }) }).last();
}

export const input = (page, label, within) => field(page, label, within).locator('input[type=text]').first();

export const yes = (page, label, within) => field(page, label, within).locator('.segment').nth(0).click();
export const no = (page, label, within) => field(page, label, within).locator('.segment').nth(1).click();
export const unanswered = (page, label, within) => field(page, label, within).locator('.segment').nth(2).click();
export const choose = (page, label, option, within) => field(page, label, within).locator('.option').filter({ hasText: option }).first().click();

/** Adds a row to a list and gives it, open. */
export async function addRow(page, label) {
  const list = field(page, label);
  await list.locator('.add').first().click();
  return list.locator('.row-card').last();
}

export const verdict = (page) => page.locator('.bar-words b').textContent();

/** Waits until the bar says so. */
export const untilVerdict = (page, words) => page.locator('.bar-words b').filter({ hasText: new RegExp(`^${words}$`) }).waitFor();

export async function openResults(page) {
  if ((await page.locator('.results.open').count()) === 0) await page.locator('.bar').click();
  await page.locator('.results.open').waitFor();
  return page.locator('.results');
}

const watched = new WeakSet();

/** Opens a ruleset from the first screen; what an earlier visit left unfinished is put off. */
export async function start(page, url, ruleset) {
  if (!watched.has(page)) {
    watched.add(page);
    await page.addLocatorHandler(page.locator('dialog[open] #resume'), () => page.getByRole('button', { name: /先不填|Not now/ }).click());
  }
  await page.goto(url);
  await topic(page, ruleset);
}

/** Taps a form on the first screen. A phone that no place was told asks for one first: the whole country. */
export async function topic(page, ruleset) {
  const card = page.locator(`[data-ruleset="${ruleset}"]`);
  await card.waitFor({ state: 'attached' });
  // Forms of other places than the one that was chosen are folded.
  if (!(await card.isVisible())) await page.locator('details', { has: card }).locator('summary').first().click();
  await card.click();
  await page.locator('.form .field, #only-national').first().waitFor();
  if ((await page.locator('#only-national').count()) > 0) await page.locator('#only-national').click();
  await page.locator('.form .field').first().waitFor();
}

/** Rechecks and gives both digests and the words. */
export async function recheck(page) {
  const results = await openResults(page);
  await results.locator('.recheck-go').click();
  await results.locator('.recheck-good, .recheck-bad').first().waitFor();
  const text = (selector) => results.locator(selector).first().textContent({ timeout: 500 }).catch(() => '');
  return { good: (await results.locator('.recheck-good').count()) === 1, words: await text('.recheck-out'), own: await text('.digest-own'), server: await text('.digest-server') };
}

/** Unfolds what the form does not ask now. */
export async function others(page) {
  await page.locator('.form > .others > summary').click();
  await page.locator('.form > .others .field').first().waitFor();
}

/** Fills in the example of the ruleset; `sure` says yes to losing what is there. */
export async function sample(page, sure = false) {
  if (!(await page.locator('#sample').isVisible())) await page.locator('#more > summary').click();
  await page.locator('#sample').click();
  if (sure) await page.locator('dialog[open] .danger').click();
}
