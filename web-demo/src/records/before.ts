// What a record still lacks, said by name before it is submitted: who is inspected, answers, photos, signatures. In: the inspection, and the ways to
// each place. Out: whether to submit. Must not know: how it is kept or sent.

import { evidenceOf } from '../evidence/list.ts';
import { unsigned } from '../evidence/signature.ts';
import { signerName } from '../evidence/signers.ts';
import { nameless } from '../flow/subject.ts';
import type { Inspection } from '../inspection.ts';
import { placeText } from '../naming.ts';
import { arrange } from '../results/digest.ts';
import { openDialog } from '../ui/dialog.ts';
import { h, type Child } from '../ui/dom.ts';
import { say } from '../ui/i18n.ts';

/** The ways to what is lacking. */
export interface ToPlaces {
  question(pointer: string): void;
  subject(): void;
  signatures(): void;
}

interface Lack {
  readonly words: string;
  readonly go: string;
  readonly to: () => void;
}

/** More are counted, not named: the form leads to them one after another. */
const NAMED = 4;

/** True at once where nothing is lacking; else what the inspector chooses. Without a name nobody finds the record again: then there is no going on. */
export function beforeSubmit(inspection: Inspection, opener: HTMLElement, ways: ToPlaces): Promise<boolean> {
  const lists = arrange(inspection.snapshot);
  const at = (pointer: string): string => placeText(inspection.description, pointer);
  const lacks: Lack[] = [];
  const fillIn = say('去填', 'Go there');
  const named = (words: (place: string) => string, places: readonly string[], rest: (count: number) => string, go = fillIn): void => {
    const all = [...new Set(places)];
    for (const pointer of all.slice(0, NAMED)) lacks.push({ words: words(at(pointer)), go, to: () => ways.question(pointer) });
    const next = all[NAMED];
    if (next !== undefined) lacks.push({ words: rest(all.length - NAMED), go, to: () => ways.question(next) });
  };
  const unnamed = nameless(inspection);
  if (unnamed) lacks.push({ words: say('没填：被检查单位名称', 'Missing: inspected unit'), go: fillIn, to: ways.subject });
  named((place) => say(`没填：${place}`, `Missing: ${place}`), lists.lacking.map((one) => one.at), (n) => say(`另有 ${n} 处没填`, `${n} more are missing`));
  named((place) => say(`有误：${place}`, `Wrong: ${place}`), lists.errors.map((one) => one.at), (n) => say(`另有 ${n} 处有误`, `${n} more are wrong`));
  named((place) => say(`没有照片或文件：${place}（没有它，有关的条款定不了）`, `No photo or file: ${place} (without it, its clauses stay open)`),
    lists.photos.map((one) => one.pointer), (n) => say(`另有 ${n} 处没有照片或文件`, `${n} more without a photo or file`), say('去补', 'Add it'));
  const missing = unsigned(evidenceOf(inspection));
  if (missing.length > 0) lacks.push({ words: say(`还没有签名：${missing.map(signerName).join('、')}`, `Not signed yet: ${missing.map(signerName).join(', ')}`), go: say('去签名', 'Go and sign'), to: ways.signatures });
  if (lacks.length === 0) return Promise.resolve(true);
  return new Promise((resolve) => {
    let answer = false;
    let after: (() => void) | null = null;
    openDialog({
      title: say('提交之前', 'Before submitting'), opener,
      body: (close) => {
        const line = ({ words, go, to }: Lack): Child => {
          const button = h('button', { type: 'button', class: 'action', 'aria-label': `${go}：${words}`, text: go });
          button.addEventListener('click', () => {
            after = to;
            close(false);
          });
          return h('li', {}, h('span', {}, words), button);
        };
        const sure = h('button', { type: 'button', class: 'action quiet', id: 'submit-anyway', text: missing.length > 0 ? say('不签名，照样提交', 'Submit without signatures') : say('照样提交', 'Submit all the same') });
        sure.addEventListener('click', () => {
          answer = true;
          close(false);
        });
        return [
          h('ul', { class: 'plain lacks' }, lacks.map(line)),
          h('p', { class: 'hint' }, unnamed ? say('单位名称填了才能提交：没有它，谁也找不到这份记录。', 'The unit\'s name is needed: without it nobody finds this record.')
            : say('照样提交，服务器也会收下并注明。提交以后，在出来的那一页还能出文书、能更正；离开那一页就都不能了。', 'Submitted all the same, the server takes it and says what is missing. On the page that follows, papers and corrections can still be made; once you leave it, no more.')),
          unnamed ? null : h('div', { class: 'row' }, sure),
        ];
      },
    });
    document.querySelector('dialog:last-of-type')?.addEventListener('close', () => {
      resolve(answer);
      after?.();
    });
  });
}
