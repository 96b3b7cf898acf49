// Work that may wait, done in slices short enough that no frame is dropped for it. In: jobs, each under a key that names what it
// renews; a later job under the same key takes the place of the earlier. Out: nothing. Must not know: what the jobs do, but for whether the
// browser has something to draw after one.

/** True: it changed what stands on the screen, so that the next job waits until that is drawn. */
export type Job = () => unknown;

/** Milliseconds of a slice. A frame has sixteen, and the browser needs most of them. */
const SLICE = 5;

const jobs = new Map<object, Job>();
let waiting = false;

function run(): void {
  waiting = false;
  const end = performance.now() + SLICE;
  try {
    for (const [key, job] of jobs) {
      jobs.delete(key);
      if (job() === true || performance.now() >= end) break;
    }
  } finally {
    if (jobs.size > 0) ask(); // one that fails is reported as any error is, and stops no other
  }
}

function ask(): void {
  if (waiting) return;
  waiting = true;
  // After the next frame is drawn, so that a slice stands between two frames and never before one that shows what was typed.
  requestAnimationFrame(() => setTimeout(run));
}

/** Does the job soon. */
export function soon(key: object, job: Job): void {
  jobs.delete(key);
  jobs.set(key, job);
  ask();
}

/** Forgets every job: what they would renew is gone. */
export function forgetAll(): void {
  jobs.clear();
}
