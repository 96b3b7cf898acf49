// The frame around every control: label, marks, hint, problem, findings; and whether the form asks for it at all. In: a
// field and its control. Out: a View. The control says how it takes the focus and how it shows a value that was set elsewhere.

import type { Field } from '../engine.ts';
import type { Snapshot } from '../inspection.ts';
import { messageText } from '../naming.ts';
import { soon } from '../flow/slices.ts';
import { bring, fill, h, uid, type Child } from '../ui/dom.ts';
import { bi, both, pick, say } from '../ui/i18n.ts';
import { icon } from '../ui/icons.ts';
import { covers, type Place, type View } from './view.ts';

export interface Control {
  readonly el: HTMLElement;
  /** The element that gets focus, and to which hint and problem belong. */
  readonly target: HTMLElement;
  /** A group of inputs: the frame is a fieldset with a legend. */
  readonly several?: boolean;
  /** An example of what can be read, shown with a problem. */
  readonly example?: () => string;
  /** Called with each snapshot. */
  update?(now: Snapshot): void;
  /** Handles pointers inside. */
  reveal?(pointer: string): boolean;
}

const MOST_NOTES = 3;

function marks(field: Field): Child[] {
  return [
    field.required ? h('span', { class: 'mark must', text: bi('必填', 'Required') })
      : field.type === 'attachment' || field.item?.type === 'attachment' ? h('span', { class: 'mark must', text: bi('选填', 'Optional') }) : null,
    field.sensitive
      ? h('span', { class: 'mark personal', title: bi('不写入结论和日志；在手机上加密保存', 'Never enters reports or logs; encrypted on the phone') },
          icon('lock'), h('span', { text: bi('个人信息', 'Personal data') }))
      : null,
  ];
}

/** Builds the frame. `make` is given the id for its input and the ids that describe it. */
export function shell(field: Field, place: Place, make: (id: string, describedBy: string) => Control): View {
  const id = uid('f');
  const hintId = `${id}-hint`;
  const problemId = `${id}-problem`;
  const describedBy = [field.hint ? hintId : '', problemId].filter(Boolean).join(' ');
  const control = make(id, describedBy);
  const name = h('span', { class: 'name', text: both(field.label) });
  const hint = field.hint ? h('p', { class: 'hint', id: hintId, text: both(field.hint) }) : null;
  const problem = h('p', { class: 'problem', id: problemId, hidden: true });
  const notes = h('ul', { class: 'notes', hidden: true });
  const given = h('span', { class: 'mark must', text: bi('已预填，可以改', 'Filled in; change it if needed'), hidden: true });
  const head = control.several
    ? h('legend', {}, name, ...marks(field), given)
    : h('div', { class: 'label-row' }, h('label', { for: id }, name), ...marks(field), given);
  const el = h(control.several ? 'fieldset' : 'div', { class: `field field-${field.type}`, id: `${id}-frame` }, head, hint, problem, control.el, notes);
  if (control.several) el.setAttribute('aria-describedby', describedBy);

  let forced = false;
  let shown = '';
  const view: View = {
    el,
    update(now) {
      const at = place.at();
      if (el.dataset['at'] !== at) el.dataset['at'] = at;
      const relevant = now.relevant(at);
      const answered = place.inspection.get(at) !== undefined;
      el.hidden = !relevant && !answered && !forced;
      el.classList.toggle('unasked', !relevant && answered);
      if (el.hidden) return;
      given.hidden = !place.inspection.isGiven(at);
      const found = now.problems(at).filter((one) => one.severity !== 'incomplete');
      const bad = found.some((one) => one.severity === 'error');
      problem.hidden = found.length === 0;
      problem.classList.toggle('warning', !bad);
      const findings = now.findings(at).filter((one) => (one.outcome === 'fail' || one.reason === 'too_close') && tellsHere(one.at, at, place));
      const key = JSON.stringify([say('zh', 'en'), found, findings.map((one) => [one.rule, one.item, one.reason, one.message])]);
      if (key !== shown) {
        shown = key;
        const words = found.map((one) => pick(one.message)).join('；');
        fill(problem, found.length ? [icon('problem'), h('span', {}, words, bad && control.example ? ' ' + control.example() : '')] : null);
        // Laid out aside in one frame and put into the form in the next: both at once take longer than a frame on a slow phone.
        const grows = notes.hidden && findings.length > 0;
        showNotes(notes, findings, place);
        if (grows) {
          notes.classList.add('coming');
          soon(notes, () => {
            notes.classList.remove('coming');
            return true;
          });
        }
      }
      if (bad) control.target.setAttribute('aria-invalid', 'true');
      else control.target.removeAttribute('aria-invalid');
      el.classList.toggle('bad', bad);
      control.update?.(now);
    },
    reveal(pointer) {
      const at = place.at();
      if (!covers(at, pointer)) return false;
      if (el.hidden) {
        forced = true;
        view.update(place.inspection.snapshot);
      }
      if (pointer !== at && control.reveal?.(pointer)) return true;
      bring(el);
      control.target.focus({ preventScroll: true });
      el.classList.remove('arrived');
      void el.offsetWidth; // restarts the animation
      el.classList.add('arrived');
      return true;
    },
  };
  return view;
}

/** A finding is told once: at the first answered field that it highlights. */
function tellsHere(highlighted: readonly string[], at: string, place: Place): boolean {
  return at === (highlighted.find((one) => place.inspection.get(one) !== undefined) ?? highlighted[0]);
}

function showNotes(list: HTMLElement, findings: ReturnType<Snapshot['findings']>, place: Place): void {
  list.hidden = findings.length === 0;
  fill(list, findings.slice(0, MOST_NOTES).map((one) => {
    const sign = one.outcome === 'fail' ? 'fail' : 'close';
    // A message speaks of a failure; what is not decided is named by its rule.
    const title = place.inspection.description.rules.find((rule) => rule.id === one.rule)?.title;
    const saying = sign === 'fail' ? messageText(place.inspection, one) : pick(title) || messageText(place.inspection, one);
    const button = h('button', { class: 'link', type: 'button', 'aria-label': `${say('为什么', 'Why')}：${saying}`, text: say('为什么', 'Why') });
    button.addEventListener('click', () => place.why(one.rule, one.item, button));
    const word = sign === 'fail' ? say('不合格', 'Fail') : say('太接近，不能定', 'Too close to tell');
    return h('li', { class: `note note-${sign}` }, icon(sign), h('span', { class: 'words' }, h('b', {}, word), ' ', saying), button);
  }));
  if (findings.length > MOST_NOTES) {
    list.append(h('li', { class: 'note more' }, say(`还有 ${findings.length - MOST_NOTES} 条，见结论`, `${findings.length - MOST_NOTES} more in the results`)));
  }
}
