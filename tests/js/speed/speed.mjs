// How fast the page is on a slow phone: `npm run speed -w tests/js`, after a build. A processor four times slower, and for the first
// load a network as slow as "slow 4G" of the browser's own tools. It prints numbers and judges none: a busy machine gives others.
// `node speed/speed.mjs edits` leaves out the first load; with EACH=1 every edit is printed.

import { phone, startBrowser } from '../e2e/browser.mjs';
import { startServer } from '../e2e/server.mjs';

const RATE = 4;
/** 1.44 Mbit/s and 562.5 ms, as the browser's tools have it. */
const SLOW_4G = { offline: false, downloadThroughput: (1.44e6) / 8, uploadThroughput: 0.675e6 / 8, latency: 562.5 };
/** Where in a section: its first question, its middle, its last. */
const EDITS_AT = [0, 0.5, 1];

const [server, browser] = await Promise.all([startServer(), startBrowser()]);
const say = (what, value, unit = 'ms') => console.log(`${what.padEnd(72)} ${String(Math.round(value)).padStart(6)} ${unit}`);
const median = (all) => [...all].sort((a, b) => a - b)[all.length >> 1] ?? 0;

/** The tasks of the page's main thread while `work` runs: how long each kept the processor, whatever else the machine did. */
async function tasks(cdp, work) {
  const events = [];
  const gather = ({ value }) => events.push(...value);
  cdp.on('Tracing.dataCollected', gather);
  await cdp.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel', '__metadata'] } });
  await work();
  const complete = new Promise((done) => cdp.once('Tracing.tracingComplete', done));
  await cdp.send('Tracing.end');
  await complete;
  cdp.off('Tracing.dataCollected', gather);
  const mains = new Set(events.filter((one) => one.name === 'thread_name' && one.args?.name === 'CrRendererMain').map((one) => `${one.pid}/${one.tid}`));
  return events.filter((one) => one.ph === 'X' && one.name.endsWith('RunTask') && mains.has(`${one.pid}/${one.tid}`)).map((one) => (one.tdur ?? one.dur ?? 0) / 1000);
}

/**
 * The frames the page is given while `work` runs, each asked for in the one before: those left out, and those that began later than a
 * frame after their time because something still kept the processor. Either is a frame dropped.
 */
async function frames(page, work) {
  await page.evaluate(() => {
    const seen = { dropped: 0, last: 0, going: true };
    window.seenFrames = seen;
    const FRAME = 1000 / 60;
    requestAnimationFrame(function next(time) {
      if (seen.last > 0) seen.dropped += Math.max(0, Math.round((time - seen.last) / FRAME) - 1) + (performance.now() - time > FRAME ? 1 : 0);
      seen.last = time;
      if (seen.going) requestAnimationFrame(next);
    });
  });
  await work();
  return page.evaluate(() => {
    window.seenFrames.going = false;
    return window.seenFrames.dropped;
  });
}

/** Where a finger goes for the answers to a question not answered so yet, scrolled to the middle of the screen; none when the section has none. */
const answersAt = (page, section, at) => page.evaluate(async ({ section, at }) => {
  const inputs = [...document.querySelectorAll(`details[data-section="${section}"] .segment input`)].filter((one) => !one.checked && one.value !== 'none' && one.getClientRects().length > 0);
  const field = inputs[Math.floor((inputs.length - 1) * at)]?.closest('.field');
  field?.scrollIntoView({ block: 'center', behavior: 'instant' });
  await new Promise((done) => setTimeout(done, 1000));
  const choices = [...(field?.querySelectorAll('.segment input') ?? [])].filter((one) => one.value !== 'none');
  return [...choices.filter((one) => !one.checked), ...choices.filter((one) => one.checked)].slice(0, 2).map((one) => {
    const box = one.getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  });
}, { section, at });

/** Taps a yes or no in every section, unfolded one after the other as somebody fills in the form. */
async function edits(page, cdp, what) {
  const longest = [];
  const busy = [];
  const dropped = [];
  const idle = [];
  const sections = await page.locator('details.section').evaluateAll((all) => all.filter((one) => !one.hidden).map((one) => one.dataset.section));
  const unfolded = (section) => page.evaluate((id) => {
    const fold = document.querySelector(`details[data-section="${id}"]`);
    if (!fold.open) fold.querySelector('summary').click();
  }, section);
  const tapped = async (place) => {
    await page.touchscreen.tap(place.x, place.y);
    await page.waitForTimeout(1200);
  };
  for (const section of sections) {
    await unfolded(section);
    await page.waitForTimeout(2500);
    for (const at of EDITS_AT) {
      const places = await answersAt(page, section, at);
      if (places.length === 0) continue;
      const [one, other] = places;
      for (const place of [one, other, one]) dropped.push(await frames(page, () => tapped(place)));
      idle.push(await frames(page, () => page.waitForTimeout(1200)));
      const all = await tasks(cdp, () => tapped(other));
      longest.push(Math.max(...all));
      busy.push(all.reduce((sum, one) => sum + one, 0));
    }
  }
  say(`${what}: edits that drop a frame`, dropped.filter((one) => one > 0).length, `of ${dropped.length}`);
  say(`${what}: the same time with no edit, that drops a frame`, idle.filter((one) => one > 0).length, `of ${idle.length}`);
  say(`${what}: longest task after an edit, median of ${longest.length}`, median(longest), 'ms of processor');
  say(`${what}: longest of all`, Math.max(...longest), 'ms of processor');
  say(`${what}: all tasks after an edit, median`, median(busy), 'ms of processor');
  say(`${what}: edits with a task beyond a frame of 16.7 ms`, longest.filter((one) => one > 16.7).length, `of ${longest.length}`);
  if (process.env.EACH) console.log(`frames dropped: ${dropped.join(' ')}\nlongest task: ${longest.map((one) => one.toFixed(1)).join(' ')}`);

  // The witness that the count can fail: an edit that keeps the processor a frame and a half longer.
  await page.evaluate(() => document.addEventListener('change', () => {
    const end = performance.now() + 25;
    while (performance.now() < end);
  }, true));
  const slowed = [];
  for (const section of sections) {
    await unfolded(section);
    await page.waitForTimeout(1000);
    const [place] = await answersAt(page, section, 0);
    if (place) slowed.push(await frames(page, () => tapped(place)));
  }
  say(`${what}: with 25 ms put into each, edits that drop a frame`, slowed.filter((one) => one > 0).length, `of ${slowed.length}`);
}

/** What the machine does today: 100,000 numbers sorted by the same processor. Other figures are to be read against it. */
async function reference(page) {
  const all = [];
  for (let n = 0; n < 15; n += 1) {
    all.push(await page.evaluate(() => {
      let seed = 1;
      const numbers = Float64Array.from({ length: 100_000 }, () => (seed = (seed * 48271) % 2147483647));
      const from = performance.now();
      numbers.sort();
      return performance.now() - from;
    }));
  }
  return median(all);
}

async function assessment() {
  const { page, context } = await phone(browser);
  const cdp = await context.newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: RATE });
  say('reference: 100,000 numbers sorted', await reference(page));
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await page.goto(server.url);
  await page.locator('[data-ruleset="assessment.linxi"]').waitFor();
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: RATE });
  const until = (selector, click) => page.evaluate(async ([selector, click]) => {
    const from = performance.now();
    document.querySelector(click).click();
    while (!document.querySelector(selector)) await new Promise((done) => requestAnimationFrame(done));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return performance.now() - from;
  }, [selector, click]);
  for (const [what, ...where] of [
    ['from the tap to the empty form', '.form .field', '[data-ruleset="assessment.linxi"]'],
    ['from there to the form with all answers in it', 'details[data-section="school"] .fails', '#sample'],
  ]) {
    let wall = 0;
    const all = await tasks(cdp, async () => { wall = await until(...where); });
    say(`76 items: ${what}`, wall);
    say(`76 items: ${what}: tasks of the page`, all.reduce((sum, one) => sum + one, 0), 'ms of processor');
  }
  await edits(page, cdp, '76 items, section by section');
  say('reference once more', await reference(page));
  await context.close();
}

async function firstLoad() {
  const { page, context } = await phone(browser, { place: '000000' });
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', SLOW_4G);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: RATE });
  let bytes = 0;
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
  const from = performance.now();
  await page.goto(server.url, { waitUntil: 'commit' });
  await page.locator('[data-ruleset="venue"]').waitFor();
  say('slow 4G: from nothing to topics that can be tapped', performance.now() - from);
  say('slow 4G: bytes until then', bytes / 1000, 'kB');
  const reading = performance.now();
  await page.waitForTimeout(1500); // somebody reads and chooses
  await page.locator('[data-ruleset="venue"]').tap();
  await page.locator('.form .field').first().waitFor();
  say('slow 4G: from the topics to the form, 1.5 s of choosing with it', performance.now() - reading);
  await page.waitForTimeout(500);
  say('slow 4G: bytes with engine and rules', bytes / 1000, 'kB');
  await context.close();
}

try {
  if (!process.argv.includes('edits')) await firstLoad();
  await assessment();
} finally {
  await browser.close();
  await server.stop();
}
