// Pieces that every office view is made of: tables, labelled inputs, notices, busy buttons, dialogs with an answer. In: what is shown.
// Out: elements. Must not know: the server.

import { fill, h, uid, type Child } from '../ui/dom.ts';
import { openDialog } from '../ui/dialog.ts';
import { bi } from '../ui/i18n.ts';
import { icon, type Sign } from '../ui/icons.ts';
import { signOf } from '../ui/words.ts';
import { wordsOf } from './api.ts';
import { outcomeWord } from './words.ts';

type Live = () => string;

export interface Column<T> {
  readonly title: Live;
  readonly cell: (row: T) => Child;
  /** Numbers stand to the right. */
  readonly number?: boolean;
  /** The cell that names the row. */
  readonly head?: boolean;
}

/** A table that scrolls sideways by itself, also by keyboard. */
export function table<T>(caption: Live, columns: readonly Column<T>[], rows: readonly T[], mark?: (row: T) => string): HTMLElement {
  const name = uid('caption');
  const body = rows.map((row) => h('tr', { class: mark?.(row) || null }, columns.map((column) => {
    const props = { class: column.number ? 'number' : null };
    return column.head ? h('th', { ...props, scope: 'row' }, column.cell(row)) : h('td', props, column.cell(row));
  })));
  return h('div', { class: 'table-frame', role: 'region', tabindex: 0, 'aria-labelledby': name },
    h('table', {}, h('caption', { id: name, text: caption }),
      h('thead', {}, h('tr', {}, columns.map((column) => h('th', { scope: 'col', class: column.number ? 'number' : null, text: column.title })))),
      h('tbody', {}, body)));
}

/** A label above its input. */
export function labelled(label: Live, input: HTMLElement, hint?: Live): HTMLElement {
  input.id ||= uid('in');
  const note = hint ? h('small', { class: 'hint', id: uid('hint'), text: hint }) : null;
  if (note) input.setAttribute('aria-describedby', note.id);
  return h('div', { class: 'labelled' }, h('label', { for: input.id, text: label }), input, note);
}

export type Choice = readonly [value: string, label: Live];

export function select(name: string, choices: readonly Choice[], value = ''): HTMLSelectElement {
  const element = h('select', { name }, choices.map(([code, label]) => h('option', { value: code, text: label })));
  element.value = value;
  return element;
}

export function button(label: Live, go: (button: HTMLButtonElement) => void, kind = 'quiet'): HTMLButtonElement {
  const element = h('button', { type: 'button', class: `action ${kind}`, text: label });
  element.addEventListener('click', () => {
    if (!element.hasAttribute('aria-busy')) go(element);
  });
  return element;
}

/** A place where it is said how something went; screen readers read it aloud. */
export function notice(): { el: HTMLElement; say: (sign: Sign | null, words: Child) => void; fault: (error: unknown) => void; clear: () => void } {
  const el = h('div', { class: 'notice', role: 'status' });
  const tell = (sign: Sign | null, words: Child): void => fill(el, h('p', { class: `note note-${sign ?? 'plain'}` }, sign ? icon(sign) : null, h('span', {}, words)));
  return { el, say: tell, fault: (error) => tell('problem', wordsOf(error)), clear: () => el.replaceChildren() };
}

/** Runs something that takes time: the button is busy meanwhile, and a fault is told. */
export async function busy(from: HTMLElement, told: ReturnType<typeof notice>, run: () => Promise<void>): Promise<void> {
  from.setAttribute('aria-busy', 'true');
  try {
    await run();
  } catch (error) {
    told.fault(error);
  } finally {
    from.removeAttribute('aria-busy');
  }
}

/** A dialog that ends with an answer, or with null where it was closed. */
export function answerOf<T>(title: string, opener: HTMLElement, body: (done: (answer: T) => void) => Child): Promise<T | null> {
  return new Promise((resolve) => {
    let answer: T | null = null;
    openDialog({ title, opener, body: (close) => body((given) => {
      answer = given;
      close(true);
    }) });
    [...document.querySelectorAll('dialog')].at(-1)?.addEventListener('close', () => resolve(answer));
  });
}

/** An outcome by sign and word. */
export function outcomeMark(outcome: string | null): HTMLElement {
  return h('span', { class: `mark mark-${outcome ?? 'none'}` }, icon(outcome === null ? 'none' : signOf(outcome)), h('span', { text: () => outcomeWord(outcome ?? 'none') }));
}

/** A term and what it is. */
export function facts(pairs: readonly (readonly [term: Live, value: Child])[]): HTMLElement {
  return h('dl', { class: 'facts' }, pairs.map(([term, value]) => h('div', {}, h('dt', { text: term }), h('dd', {}, value))));
}

export function section(title: Live, ...children: Child[]): HTMLElement {
  const id = uid('section');
  return h('section', { class: 'panel', 'aria-labelledby': id }, h('h2', { id, text: title }), ...children);
}

/** What a view is: its title and all that stands below. */
export function view(title: Live, ...children: Child[]): HTMLElement {
  return h('div', { class: 'panel' }, h('h1', { tabindex: -1, text: title }), ...children);
}

export const nothing = (words: Live): HTMLElement => h('p', { class: 'hint', text: words });
export const loading = (): HTMLElement => h('p', { class: 'hint', role: 'status', text: bi('正在读取……', 'Loading…') });
