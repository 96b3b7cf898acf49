// The inspection's page: context, form, verdict bar and results, held together. In: an inspection. Out: an element, and an end.

import { contextBar } from './context.ts';
import { papersOf } from './documents/load.ts';
import { evidenceOf } from './evidence/list.ts';
import { evidenceSection } from './evidence/section.ts';
import { sectioned } from './fields/sections.ts';
import { revealSignatures, unsigned } from './evidence/signature.ts';
import type { Asked } from './flow/asked.ts';
import { nextOpen, nextTyped } from './flow/next.ts';
import { followDay, giveDay } from './flow/prefill.ts';
import { forgetAll, soon } from './flow/slices.ts';
import { nameField, nameless, subjectCard } from './flow/subject.ts';
import type { Inspection } from './inspection.ts';
import type { Saved } from './records/autosave.ts';
import type { ToPlaces } from './records/before.ts';
import { stepOf, verdictBar } from './results/bar.ts';
import { arrange } from './results/digest.ts';
import { resultsPanel, wide } from './results/panel.ts';
import { recheckBox } from './results/recheck.ts';
import { showWhy } from './results/why.ts';
import { hasSample, loadSample } from './samples/index.ts';
import { opened, type Layer } from './ui/back.ts';
import { confirmLoss } from './ui/dialog.ts';
import { bring, fill, h, write } from './ui/dom.ts';
import { bi, both, say } from './ui/i18n.ts';

export interface Page {
  readonly el: HTMLElement;
  end(): void;
}

/** What keeps the form on the phone: what is saved stands above it, the way to submit below it. */
export interface KeptParts {
  readonly saved: Pick<Saved, 'el' | 'kept' | 'onState'>;
  readonly notice: HTMLElement;
  below(ways: ToPlaces): HTMLElement;
}

export function inspectionPage(inspection: Inspection, onLeave: () => void, kept: KeptParts): Page {
  const form = h('form', { class: 'form', novalidate: true, autocomplete: 'off', 'aria-label': bi('检查表', 'The form') });
  form.addEventListener('submit', (event) => event.preventDefault());
  const context = h('div');
  const subject = subjectCard(inspection);
  const evidence = evidenceOf(inspection);
  let fields!: Asked;
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
  const ways: ToPlaces = {
    question: jump,
    subject: () => subject.focus(),
    signatures: () => revealSignatures(evidence),
  };
  /** On to the next open question, to the first error, or, where nothing is asked any more, to the signatures and to submitting. */
  const goOn = (): void => {
    panel.close();
    inspection.flush();
    const lists = arrange(inspection.snapshot);
    const step = stepOf(lists, nameless(inspection));
    if (step === 'done') {
      if (unsigned(evidence).length > 0) return ways.signatures();
      const submit = main.querySelector<HTMLElement>('#finish');
      if (submit) bring(submit);
      return submit?.focus({ preventScroll: true });
    }
    // The name comes first, and once more when nothing else is left.
    if (nameless(inspection) && (at === null || lists.asking === 0)) return ways.subject();
    fields.settle(inspection.snapshot);
    const next = step === 'problem' ? lists.errors[0]?.at : nextOpen(inspection, form, fields.order(), at);
    if (next !== undefined && next !== null) jump(next);
  };
  /** The papers are a screen of their own over the form, which stays as it is. */
  const papers = async (): Promise<void> => {
    const back = (): void => {
      layer.done();
      screen?.replaceWith(main);
      for (const one of [panel.el, bar.el]) one.hidden = false;
      main.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
      window.scrollTo(0, top);
    };
    const screen = await papersOf(inspection, back);
    if (!screen) return;
    const layer = opened(back);
    const top = window.scrollY;
    main.replaceWith(screen);
    for (const one of [panel.el, bar.el]) one.hidden = true;
    window.scrollTo(0, 0);
    screen.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  };
  /** The results over the form, as the back key knows them; beside the form they are no layer. */
  let sheet: Layer | null = null;
  const panel = resultsPanel(inspection, {
    jump, why,
    papers: () => void papers(),
    onClose: () => {
      sheet?.done();
      sheet = null;
      bar.button.setAttribute('aria-expanded', 'false');
      main.inert = false;
      bar.button.focus();
    },
  }, recheckBox(inspection));
  const bar = verdictBar({
    next: goOn,
    nameless: () => nameless(inspection),
    unsigned: () => unsigned(evidence).length > 0,
    open: () => {
      if (panel.isOpen) return panel.close();
      bar.button.setAttribute('aria-expanded', 'true');
      if (!wide()) {
        main.inert = true;
        sheet = opened(() => panel.close());
      }
      inspection.flush();
      panel.update(inspection.snapshot);
      panel.open();
    },
  });

  /** The form follows the layers: a place may add questions. */
  const build = (): void => {
    fill(context, contextBar(inspection, move));
    layersShown = inspection.description.layers.map((layer) => layer.id).join();
    fields = sectioned({ inspection, at: () => '', why });
    fill(form, nameField(inspection) === null ? subject.el : null, ...fields.elements);
    fields.update(inspection.snapshot);
  };
  const move = (day: string, place: string): void => {
    const before = layersShown;
    inspection.move(day, place);
    followDay(inspection);
    const after = inspection.description.layers.map((layer) => layer.id).join();
    if (before !== after) build();
    else fill(context, contextBar(inspection, move));
  };

  const sample = h('button', { type: 'button', class: 'action quiet', id: 'sample', text: bi('填入示例', 'Fill in an example') });
  sample.addEventListener('click', async () => {
    if (!inspection.empty && !(await confirmLoss(say('示例会代替现在所填的内容。', 'The example replaces what you have entered.'), say('用示例代替', 'Use the example'), sample))) return;
    const found = await loadSample(inspection.ruleset.id).catch(() => null);
    if (!found) return;
    inspection.replace(found.answers);
    evidence.clear();
    if (nameless(inspection)) inspection.name(say('示例单位', 'Example unit'));
    inspection.move(found.asOf ?? inspection.asOf, found.jurisdiction ?? inspection.jurisdiction);
    build();
    closeMenu();
  });
  const clear = h('button', { type: 'button', class: 'action quiet', id: 'clear', text: bi('清空', 'Clear all') });
  clear.addEventListener('click', async () => {
    if ((inspection.empty && evidence.all.length === 0) || !(await confirmLoss(say('所填内容会全部清除，找不回来。', 'Everything you entered will be gone.'), say('全部清除', 'Clear all'), clear))) return;
    inspection.replace({});
    inspection.name('');
    evidence.clear();
    giveDay(inspection);
    build();
    closeMenu();
  });
  // What replaces or clears everything is no everyday step: it does not stand beside the way home.
  const menu = h('details', { class: 'menu', id: 'more' }, h('summary', { class: 'action quiet', text: bi('更多', 'More') }),
    h('div', { class: 'row' }, hasSample(inspection.ruleset.id) ? sample : null, clear));
  const closeMenu = (): void => {
    menu.open = false;
    menu.querySelector('summary')?.focus();
  };
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    event.stopPropagation();
    closeMenu();
  });
  const homeWords = (): string => (kept.saved.kept ? say('← 首页（草稿已存）', '← First screen (draft saved)') : say('← 首页', '← First screen'));
  const home = h('button', { type: 'button', class: 'action quiet', id: 'to-home', onclick: onLeave, text: homeWords });
  kept.saved.onState(() => write(home, homeWords()));

  const main = h('main', { class: 'inspection', id: 'main' },
    h('h1', { tabindex: -1, text: both(inspection.ruleset.title) }),
    h('div', { class: 'row tools' }, home, menu),
    h('div', {}, kept.saved.el, kept.notice), context, form, evidenceSection(inspection), kept.below(ways));
  const shade = h('div', { class: 'shade', onclick: () => panel.close() });
  const el = h('div', { class: 'page' }, main, panel.el, shade, bar.el);

  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && panel.isOpen && !document.querySelector('dialog[open]')) panel.close();
  };
  document.addEventListener('keydown', onKey);

  build();
  const updateBar = (): boolean => {
    bar.update(inspection.snapshot);
    return true;
  };
  const updatePanel = (): void => panel.update(inspection.snapshot);
  // What was just answered is drawn first, the verdict with the next frame: both in one would take longer than a frame on a slow phone.
  inspection.onChange(() => {
    subject.update();
    soon(bar, updateBar);
    fields.update(inspection.snapshot);
    soon(panel, updatePanel);
  });
  evidence.onChange(() => soon(bar, updateBar));
  subject.update();
  fields.update(inspection.snapshot);
  updateBar();
  soon(panel, updatePanel);

  return {
    el,
    end() {
      document.removeEventListener('keydown', onKey);
      forgetAll();
      inspection.close();
    },
  };
}
