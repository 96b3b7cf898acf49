// The inspection's page: context, form, verdict bar and results, held together. In: an inspection. Out: an element, and an end.

import { contextBar } from './context.ts';
import { evidenceOf } from './evidence/list.ts';
import { evidenceSection } from './evidence/section.ts';
import { sectioned } from './fields/sections.ts';
import type { Asked } from './flow/asked.ts';
import { nextOpen, nextTyped } from './flow/next.ts';
import { soon } from './flow/slices.ts';
import type { Inspection } from './inspection.ts';
import { stepOf, verdictBar } from './results/bar.ts';
import { arrange } from './results/digest.ts';
import { resultsPanel, wide } from './results/panel.ts';
import { recheckBox } from './results/recheck.ts';
import { showWhy } from './results/why.ts';
import { hasSample, loadSample } from './samples/index.ts';
import { confirmLoss } from './ui/dialog.ts';
import { fill, h } from './ui/dom.ts';
import { bi, both, say } from './ui/i18n.ts';

export interface Page {
  readonly el: HTMLElement;
  end(): void;
}

/** What stands around the form where it is kept on the phone: above it what is saved, below it the way to submit. */
export interface KeptParts {
  readonly above: HTMLElement;
  readonly below: HTMLElement;
}

export function inspectionPage(inspection: Inspection, onLeave: () => void, kept?: KeptParts): Page {
  const form = h('form', { class: 'form', novalidate: true, autocomplete: 'off', 'aria-label': bi('检查表', 'The form') });
  form.addEventListener('submit', (event) => event.preventDefault());
  const context = h('div');
  let fields: Asked;
  let layersShown = '';
  /** Where somebody was last: the button at the thumb goes on from there. */
  let at: Element | null = null;
  form.addEventListener('focusin', (event) => {
    at = event.target as Element;
  });
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing || !(event.target instanceof HTMLInputElement) || event.target.type !== 'text') return;
    event.preventDefault();
    inspection.flush();
    const next = nextTyped(inspection, form, fields.order(), event.target);
    if (next !== null) jump(next);
    else bar.next.focus(); // nothing is left to be typed: the phone's keyboard goes, and the thumb finds the next question
  });

  const why = (rule: string, item: string | undefined, opener: HTMLElement): void => {
    showWhy(inspection, rule, item, opener, (pointer) => {
      panel.close();
      jump(pointer);
    });
  };
  const jump = (pointer: string): void => {
    if (!fields.reveal(pointer)) form.querySelector<HTMLElement>('input, select, button')?.focus();
  };
  /** On to the next open question, to the first error, or, where nothing is open, to the papers. */
  const goOn = (): void => {
    panel.close();
    inspection.flush();
    const lists = arrange(inspection.snapshot);
    const step = stepOf(lists);
    if (step === 'done') return void papers();
    fields.settle(inspection.snapshot);
    const next = step === 'problem' ? lists.errors[0]?.at : nextOpen(inspection, form, fields.order(), at);
    if (next !== undefined && next !== null) jump(next);
  };
  /** The papers are a screen of their own over the form, which stays as it is. */
  const papers = async (): Promise<void> => {
    const { papersScreen } = await import('./documents/screen.ts');
    const screen = papersScreen(inspection, () => {
      screen.replaceWith(main);
      for (const one of [panel.el, bar.el]) one.hidden = false;
      main.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
      window.scrollTo(0, top);
    });
    const top = window.scrollY;
    main.replaceWith(screen);
    for (const one of [panel.el, bar.el]) one.hidden = true;
    window.scrollTo(0, 0);
    screen.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  };
  const panel = resultsPanel(inspection, {
    jump, why,
    papers: () => void papers(),
    onClose: () => {
      bar.button.setAttribute('aria-expanded', 'false');
      main.inert = false;
      bar.button.focus();
    },
  }, recheckBox(inspection));
  const bar = verdictBar({
    next: goOn,
    open: () => {
      if (panel.isOpen) return panel.close();
      bar.button.setAttribute('aria-expanded', 'true');
      if (!wide()) main.inert = true;
      panel.open();
    },
  });

  /** The form follows the layers: a place may add questions. */
  const build = (): void => {
    fill(context, contextBar(inspection, move));
    layersShown = inspection.description.layers.map((layer) => layer.id).join();
    fields = sectioned({ inspection, at: () => '', why });
    fill(form, ...fields.elements);
    fields.update(inspection.snapshot);
  };
  const move = (day: string, place: string): void => {
    const before = layersShown;
    inspection.move(day, place);
    const after = inspection.description.layers.map((layer) => layer.id).join();
    if (before !== after) build();
    else fill(context, contextBar(inspection, move));
  };

  const sample = h('button', { type: 'button', class: 'action', id: 'sample', text: bi('填入示例', 'Fill in an example') });
  sample.addEventListener('click', async () => {
    if (!inspection.empty && !(await confirmLoss(say('示例会代替现在所填的内容。', 'The example replaces what you have entered.'), say('用示例代替', 'Use the example'), sample))) return;
    const found = await loadSample(inspection.ruleset.id).catch(() => null);
    if (!found) return;
    inspection.replace(found.answers);
    evidenceOf(inspection).clear();
    inspection.move(found.asOf ?? inspection.asOf, found.jurisdiction ?? inspection.jurisdiction);
    build();
    sample.focus();
  });
  const clear = h('button', { type: 'button', class: 'action quiet', text: bi('清空', 'Clear all') });
  clear.addEventListener('click', async () => {
    if (inspection.empty || !(await confirmLoss(say('所填内容会全部清除，找不回来。', 'Everything you entered will be gone.'), say('全部清除', 'Clear all'), clear))) return;
    inspection.replace({});
    evidenceOf(inspection).clear();
    build();
    clear.focus();
  });
  const other = h('button', { type: 'button', class: 'action quiet', text: bi('换一套规则', 'Another ruleset') });
  other.addEventListener('click', async () => {
    if (!kept && !inspection.empty && !(await confirmLoss(say('换规则会清除现在所填的内容。', 'Changing the ruleset discards what you have entered.'), say('清除并更换', 'Discard and change'), other))) return;
    onLeave();
  });

  const main = h('main', { class: 'inspection', id: 'main' },
    h('h1', { tabindex: -1, text: both(inspection.ruleset.title) }),
    h('div', { class: 'row tools' }, hasSample(inspection.ruleset.id) ? sample : null, clear, other),
    kept?.above, context, form, evidenceSection(inspection), kept?.below);
  const shade = h('div', { class: 'shade', onclick: () => panel.close() });
  const el = h('div', { class: 'page' }, main, panel.el, shade, bar.el);

  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && panel.isOpen && !document.querySelector('dialog[open]')) panel.close();
  };
  const onUnload = (event: BeforeUnloadEvent): void => {
    if (!kept && !inspection.empty) event.preventDefault();
  };
  document.addEventListener('keydown', onKey);
  window.addEventListener('beforeunload', onUnload);

  build();
  const draw = (): void => {
    fields.update(inspection.snapshot);
    bar.update(inspection.snapshot);
    soon(panel, () => panel.update(inspection.snapshot));
  };
  inspection.onChange(draw);
  draw();

  return {
    el,
    end() {
      document.removeEventListener('keydown', onKey);
      window.removeEventListener('beforeunload', onUnload);
      inspection.close();
    },
  };
}
