// Work that may wait, done in slices short enough that no frame is dropped for it. In: jobs, each under a key that names what it
// renews; a later job under the same key takes the place of the earlier. Out: nothing. Must not know: what the jobs do.

/** Milliseconds of a slice. A frame has sixteen, and the browser needs most of them. */
const SLICE = 5;

const jobs = new Map<object, () => void>();
let waiting = false;

function run(): void {
  waiting = false;
  const end = performance.now() + SLICE;
  for (const [key, job] of jobs) {
    jobs.delete(key);
    job();
    if (performance.now() >= end) break;
  }
  if (jobs.size > 0) ask();
}

function ask(): void {
  if (waiting) return;
  waiting = true;
  // After the next frame is drawn, so that a slice stands between two frames and never before one that shows what was typed.
  requestAnimationFrame(() => setTimeout(run));
}

/** Does the job soon. */
export function soon(key: object, job: () => void): void {
  jobs.delete(key);
  jobs.set(key, job);
  ask();
}

/** Forgets a job that was not done yet. */
export function forget(key: object): void {
  jobs.delete(key);
}
