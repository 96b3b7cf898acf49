// What a page must be for everybody: nothing that axe-core finds, targets of 48 px, no sideways scrolling. In: a page. Out: a failed assertion with
// the elements in it.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Findings of axe-core, in words. Its script is injected past the page's own policy. */
export async function axe(page, what) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.addScriptTag({ path: AXE }).catch(() => undefined);
  // As tall as the page is: what the bar covers at one place of scrolling is not covered at another.
  const usual = page.viewportSize();
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ ...usual, height: Math.max(usual.height, Math.min(height, 60_000)) });
  // What was off the screen is laid out a frame later.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100)))));
  const violations = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return violations.map((one) => `${one.id}: ${one.help} — ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + ' ' + (node.any[0]?.message ?? '')).join(' | ')}`);
  });
  await page.setViewportSize(usual);
  assert.deepEqual(violations, [], what);
}

/** Targets that a thumb hits, in what is on top. */
export async function thumbs(page, what) {
  const [small, overflow] = await page.evaluate(() => [
    [...(document.querySelector('dialog[open]') ?? document).querySelectorAll('button, select, input, summary, textarea')].flatMap((el) => {
      const target = el.closest('.segment, .option') ?? el;
      const box = target.getBoundingClientRect();
      const shown = box.width > 1 && box.height > 1 && getComputedStyle(target).visibility !== 'hidden' && !el.matches('.file, .native');
      return shown && box.height < 47.5 ? [`${el.outerHTML.slice(0, 90)} ${Math.round(box.height)}`] : [];
    }),
    document.documentElement.scrollWidth - document.documentElement.clientWidth,
  ]);
  assert.equal(overflow, 0, `${what}: ${overflow} px too wide`);
  assert.deepEqual(small, [], what);
}
