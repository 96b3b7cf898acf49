// When nobody does anything with the page: the time for work that nobody waits for. In: touches, keys, scrolling. Out: promises. Must not
// know: what the work is.

/** Milliseconds without a touch or a key after which somebody is taken to be reading or away. */
const QUIET = 1_500;
/** Somebody who never pauses is not waited for longer than this. */
const LATEST = 60_000;

let last = 0;
for (const kind of ['pointerdown', 'keydown', 'input', 'scroll']) {
  addEventListener(kind, () => {
    last = performance.now();
  }, { capture: true, passive: true });
}

const after = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Resolves when nobody has touched the page for a moment and the browser has nothing else to do, or when that has not come for long. */
export async function quiet(): Promise<void> {
  const latest = performance.now() + LATEST;
  for (;;) {
    const left = Math.min(last + QUIET, latest) - performance.now();
    if (left <= 0) break;
    await after(left);
  }
  if ('requestIdleCallback' in window) await new Promise((done) => requestIdleCallback(done, { timeout: QUIET }));
}
