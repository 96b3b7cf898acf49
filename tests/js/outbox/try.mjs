import { pageModules } from '../lib/page.mjs';
import { schedule } from './schedules.mjs';
const modules = await pageModules(['store/disk.ts','store/types.ts','store/drafts.ts','store/blobs.ts','store/locks.ts','sync/queue.ts','sync/devices.ts','sync/finish.ts','sync/transport.ts','sync/machine.ts','sync/answer.ts']);
const n = Number(process.argv[2] ?? 20), from = Number(process.argv[3] ?? 1);
const t=Date.now(); let bad=0, subs=0, steps=0;
for (let seed=from; seed<from+n; seed++) {
  const w = await schedule(modules, seed);
  subs += w.server.state.submissions.size; steps+=w.steps;
  if (w.breaches.length) { bad++; if (bad<6) console.log(seed, w.breaches.slice(0,3)); }
}
console.log({n, bad, subs, steps, ms: Date.now()-t});
