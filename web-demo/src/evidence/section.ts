// Evidence that belongs to no single field: of the whole inspection, of a rule, and the signatures. In: an inspection. Out: elements for the end of
// the form and for the why view.

import type { Inspection } from '../inspection.ts';
import { h } from '../ui/dom.ts';
import { bi, pick, say } from '../ui/i18n.ts';
import { evidenceOf, WHOLE } from './list.ts';
import { evidencePanel } from './panel.ts';
import { signaturePanel } from './signature.ts';

export function evidenceSection(inspection: Inspection): HTMLElement {
  const list = evidenceOf(inspection);
  const panel = evidencePanel({ list, at: () => WHOLE, about: () => say('现场佐证', 'Evidence of the whole') });
  return h('div', { class: 'form after-form' },
    h('section', { class: 'field', 'aria-label': bi('现场佐证', 'Evidence of the whole') },
      h('h2', { class: 'name', text: bi('现场佐证', 'Evidence of the whole') }),
      h('p', { class: 'hint', text: bi('门头、全景、笔录等，不属于某一项的。某一项的佐证加在那一项，某一条结论的加在“为什么”里。', 'Front, overview, minutes and the like. What belongs to a question is added there; what belongs to a finding, under "Why".') }),
      panel.el),
    signaturePanel(list));
}

/** Evidence of a rule, for the why view. */
export function ruleEvidence(inspection: Inspection, rule: string): HTMLElement {
  const title = inspection.description.rules.find((one) => one.id === rule)?.title;
  return evidencePanel({ list: evidenceOf(inspection), at: () => `rule:${rule}`, about: () => pick(title) || rule }).el;
}
