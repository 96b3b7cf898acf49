// What was signed on the phone, for papers. In: an inspection. Out: by role, who signed and how, with the drawing where there is one. A
// signature that cannot be read is left to be made on paper.

import { evidenceOf } from '../evidence/list.ts';
import { placeOf, SIGNERS } from '../evidence/signers.ts';
import { today } from '@weibao/rules/typed';
import type { Inspection } from '../inspection.ts';
import type { Signed } from './paper.ts';

const ROLES = { inspector_1: '检查人员', inspector_2: '检查人员', inspected: '被检查单位在场人' } as const;

export async function signedOn(inspection: Inspection): Promise<Readonly<Record<string, Signed>>> {
  const list = evidenceOf(inspection);
  const found: Record<string, Signed> = {};
  for (const role of SIGNERS) {
    const entry = list.at(placeOf(role)).find((one) => one.kind === 'signature');
    if (!entry) continue;
    const bytes = await list.kept().then((keeper) => keeper.blobs.get(entry.digest)).catch(() => null);
    if (!bytes) continue;
    const drawing = entry.type === 'image/png' ? new Uint8Array(await bytes.arrayBuffer()) : null;
    found[role] = { who: ROLES[role], words: [entry.name, drawing ? '' : entry.by].filter(Boolean).join(' '), drawing, on: entry.takenAt === undefined ? '' : today(new Date(entry.takenAt)) };
  }
  return found;
}
