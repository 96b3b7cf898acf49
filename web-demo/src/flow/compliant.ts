// One tap for several plain questions: "nothing wrong with these". In: the yes-or-no questions that are open now. Out: a box that
// names every question with the answer it would give, gives them all, and takes them back. Which answer is the good one is tried
// on the engine: it is the one that fails no rule where the other fails one. A question that is only a fact is left to be answered.

import type { Field, Session } from '../engine.ts';
import type { Inspection, Snapshot } from '../inspection.ts';
import { fill, h, live } from '../ui/dom.ts';
import { bi, pick, say } from '../ui/i18n.ts';
import { icon } from '../ui/icons.ts';
import { soon } from './slices.ts';

/** Fewer are answered faster one by one; more are not read before they are answered. */
const FEWEST = 2;
const MOST = 14;

interface Answer {
  readonly pointer: string;
  readonly field: Field;
  readonly good: boolean;
}

export interface CompliantBox {
  readonly el: HTMLElement;
  update(now: Snapshot): void;
}

export function compliantBox(fields: readonly Field[], inspection: Inspection): CompliantBox {
  const list = h('ul', { class: 'plain' });
  const words = h('span');
  const go = h('button', { type: 'button', class: 'action soft', id: 'all-good' }, icon('pass'), words);
  const undo = h('div', { class: 'undo', hidden: true });
  const offer = h('div', { class: 'compliant', role: 'group', 'aria-label': bi('一次回答几问', 'Answer several at once') }, list, go);
  const el = h('div', { hidden: true }, offer, undo);
  const flags = fields.filter((field) => field.type === 'boolean');
  let answers: readonly Answer[] = [];

  const draw = (): void => {
    offer.hidden = answers.length < FEWEST;
    el.hidden = offer.hidden && undo.hidden;
    if (offer.hidden) return;
    fill(list, answers.map((one) => h('li', {}, `${pick(one.field.label)}：`, h('b', {}, one.good ? say('是', 'Yes') : say('否', 'No')))));
    words.textContent = say(`这 ${answers.length} 问都没有问题`, `Nothing wrong with these ${answers.length}`);
  };
  go.addEventListener('click', () => {
    const given = answers;
    for (const one of given) inspection.set(one.pointer, one.good);
    answers = [];
    const back = h('button', { type: 'button', class: 'action quiet', text: bi('撤销', 'Undo') });
    back.addEventListener('click', () => {
      for (const one of given) inspection.remove(one.pointer);
      undo.hidden = true;
      draw();
      go.focus();
    });
    fill(undo, h('span', { role: 'status', text: bi(`已答 ${given.length} 问，没有问题`, `${given.length} answered: nothing wrong`) }), back);
    undo.hidden = false;
    draw();
    back.focus({ preventScroll: true });
  });
  live(list, draw);
  return {
    el,
    update() {
      soon(el, () => {
        const now = inspection.snapshot;
        const due = now.open.within('');
        answers = flags.some((field) => due.get(field.name)?.waits === false) ? tried(inspection, flags) : [];
        if (answers.length > MOST) answers = [];
        draw();
      });
    },
  };
}

/** The good answers, with those of the follow-ups that they call for. */
function tried(inspection: Inspection, flags: readonly Field[]): readonly Answer[] {
  const trial = inspection.trial();
  try {
    const found: Answer[] = [];
    const left = new Set(flags.filter((field) => inspection.get(`/${field.name}`) === undefined));
    let again = true;
    while (again) {
      again = false;
      for (const field of left) {
        const pointer = `/${field.name}`;
        const good = trial.relevant(pointer) ? goodAnswer(trial, pointer) : null;
        if (good === null) continue;
        trial.set(pointer, good);
        found.push({ pointer, field, good });
        left.delete(field);
        again = true;
      }
    }
    return found;
  } finally {
    trial.dispose();
  }
}

function goodAnswer(trial: Session, pointer: string): boolean | null {
  const failing = (answer: boolean): number => {
    trial.set(pointer, answer);
    const { failed } = trial.counts;
    trial.remove(pointer);
    return failed;
  };
  const yes = failing(true);
  const no = failing(false);
  return yes === no ? null : yes < no;
}
