// What would change a finding: which other answer to one of the questions that decided it would come out otherwise. In: a finding
// with its evidence. Out: the answers that were tried on the engine with success. Measured values are told by their margin instead.

import type { Field, Finding } from '../engine.ts';
import type { Inspection } from '../inspection.ts';
import { find } from '../naming.ts';

export interface Instead {
  readonly pointer: string;
  readonly value: boolean | string;
  readonly outcome: string;
}

const MOST = 6;

export function whatWouldChange(inspection: Inspection, finding: Finding): readonly Instead[] {
  if (finding.outcome !== 'fail') return [];
  const trial = inspection.trial();
  try {
    const found: Instead[] = [];
    for (const { at } of finding.evidence?.values ?? []) {
      const now = inspection.get(at);
      if (now === undefined) continue;
      for (const value of others(find(inspection.description.form.fields, at).field, now)) {
        trial.set(at, value);
        const outcome = trial.outcomes.find((one) => one.rule === finding.rule && one.item === finding.item)?.outcome ?? 'not_applicable';
        if (outcome !== finding.outcome && found.length < MOST) found.push({ pointer: at, value, outcome });
      }
      trial.set(at, now);
    }
    // What makes it pass says what to do; that a rule would not apply to something else says little, and is told only where nothing helps.
    const passing = found.filter((one) => one.outcome === 'pass');
    return passing.length > 0 ? passing : found.slice(0, 2);
  } finally {
    trial.dispose();
  }
}

function others(field: Field | null, now: unknown): readonly (boolean | string)[] {
  if (field?.type === 'boolean' && typeof now === 'boolean') return [!now];
  if (field?.type === 'choice') return (field.options ?? []).map((one) => one.code).filter((code) => code !== now);
  return [];
}
