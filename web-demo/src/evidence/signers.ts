// Who signs, and where a signature stands among the evidence. In: a role. Out: its place and its name. Must not know: how a signature is made.

import { say } from '../ui/i18n.ts';

export type Signer = 'inspector_1' | 'inspector_2' | 'inspected';

/** At least two officers inspect (行政处罚法 Art. 42); the inspected signs or is said to refuse. */
export const SIGNERS: readonly Signer[] = ['inspector_1', 'inspector_2', 'inspected'];

export const placeOf = (signer: Signer): string => `sign:${signer}`;

/** The role whose place this is. */
export const signerAt = (at: string): Signer | undefined => SIGNERS.find((one) => placeOf(one) === at);

export function signerName(signer: Signer): string {
  switch (signer) {
    case 'inspector_1': return say('检查人员一', 'First inspector');
    case 'inspector_2': return say('检查人员二', 'Second inspector');
    case 'inspected': return say('被检查单位在场人', 'For the inspected');
  }
}
