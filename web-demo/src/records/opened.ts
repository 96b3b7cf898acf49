// An inspection with its draft: begun, resumed, finished, corrected, moved to a newer ruleset. In: what to open, and the screen. Out: screens. Must
// not know: how fields are drawn.

import type { Ruleset } from '../engine.ts';
import { Inspection } from '../inspection.ts';
import { papersOf } from '../documents/load.ts';
import { inspectionPage, type Page } from '../page.ts';
import { store } from '../store/index.ts';
import type { Draft, OpenDraft } from '../store/types.ts';
import type { Waiting } from '../sync/record.ts';
import { opened } from '../ui/back.ts';
import { openDialog } from '../ui/dialog.ts';
import { fill, h, uid } from '../ui/dom.ts';
import { bi, pick, say } from '../ui/i18n.ts';
import { icon } from '../ui/icons.ts';
import { outcomeName } from '../ui/words.ts';
import { autosave, type Saved } from './autosave.ts';
import { askLeave, finishButton, finishedScreen } from './finish.ts';
import { currentRuleset, rulesetOf, type Held } from './library.ts';

export interface Surface {
  readonly screen: HTMLElement;
  /** Back to the first screen. */
  readonly home: () => void;
  /** The draft of that id, in place of whatever is shown. */
  readonly open: (id: string) => void;
}

interface Begin {
  readonly held: Held;
  readonly inspection: Inspection;
  readonly resumed?: OpenDraft;
  readonly corrects?: Draft['corrects'];
  readonly id?: string;
  /** The rules that it was begun under are no longer on the phone. */
  readonly moved?: boolean;
}

/** Shows an inspection that saves itself. */
export function showInspection(surface: Surface, { held, inspection, resumed, corrects, id, moved = false }: Begin): Page {
  const saved = autosave(inspection, held.text, resumed, corrects, id);
  const notice = h('div', { class: 'notices' });
  const leave = async (): Promise<void> => {
    layer.done();
    await saved.end();
    page.end();
    surface.home();
  };
  const page: Page = inspectionPage(inspection, () => void leave(), {
    saved, notice,
    below: (ways) => finishButton(inspection, saved, ways, (record) => {
      layer.done();
      finished(surface, held, inspection, page, saved, record);
    }),
  });
  const layer = opened(() => void leave());
  fill(surface.screen, page.el);
  window.scrollTo(0, 0);
  surface.screen.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  if (resumed && !resumed.writable) page.el.querySelectorAll('form, .after-form').forEach((one) => one.setAttribute('inert', ''));
  if (moved) fill(notice, h('p', { class: 'notice' }, icon('open'), h('span', { text: bi('开始时的那版规则手机上已经没有了，这份草稿现在按现行规则判。请从头看一遍。', 'The rules that this draft was begun under are no longer on the phone; it is judged by the present ones now. Look it through again.') })));
  if (resumed?.writable) {
    void lookForNewer(notice, inspection, async (newer) => {
      await saved.flush();
      resumed.draft.rulesetDigest = newer.ruleset.digest;
      resumed.save();
      layer.done();
      await saved.end();
      page.end();
      surface.open(resumed.draft.id);
    });
  }
  return { el: page.el, end: () => { void saved.end(); page.end(); } };
}

/** Goes on with a draft, under the very ruleset that it was begun under. */
export async function resume(surface: Surface, id: string): Promise<Page> {
  const open = await store.drafts.open(id);
  const { draft } = open;
  try {
    const held = (await rulesetOf(draft.rulesetDigest)) ?? (await currentRuleset(draft.rulesetId));
    const inspection = new Inspection(held.ruleset, draft.asOf, draft.jurisdiction);
    inspection.subject = draft.subject ?? '';
    inspection.replace(draft.answers);
    const moved = held.ruleset.digest !== draft.rulesetDigest;
    if (open.writable && moved) {
      // The phone has lost the old text: the draft can only go on under the present one.
      draft.rulesetDigest = held.ruleset.digest;
      open.save();
    }
    return showInspection(surface, { held, inspection, resumed: open, moved });
  } catch (error) {
    await open.close().catch(() => undefined);
    throw error;
  }
}

function finished(surface: Surface, held: Held, inspection: Inspection, page: Page, saved: Saved, record: Waiting): void {
  void saved.end();
  const papers = async (): Promise<void> => {
    const back = (): void => {
      over.done();
      fill(surface.screen, shown.el);
      shown.look();
      shown.el.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    };
    const screen = await papersOf(inspection, back);
    if (!screen) return;
    const over = opened(back);
    fill(surface.screen, screen);
    window.scrollTo(0, 0);
    surface.screen.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  };
  /** What cannot be done afterwards is said before it is too late. */
  const leave = async (opener: HTMLElement): Promise<void> => {
    const choice = await askLeave(opener);
    if (choice === 'papers') return papers();
    if (choice !== 'leave') return;
    layer.done();
    shown.end();
    page.end();
    surface.home();
  };
  const layer = opened(() => {
    void leave(surface.screen);
    return false;
  });
  const shown = finishedScreen(record, {
    papers: () => void papers(),
    home: (opener) => void leave(opener),
    correct: () => askReason(surface.screen, (reason) => {
      layer.done();
      shown.end();
      showInspection(surface, { held, inspection, corrects: { digest: record.digest, reason }, id: record.id });
    }),
  });
  fill(surface.screen, shown.el);
  window.scrollTo(0, 0);
  surface.screen.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
}

/** A correction keeps the first version, and says why there is a second. */
function askReason(opener: HTMLElement, go: (reason: string) => void): void {
  openDialog({
    title: say('更正', 'Correct'), opener,
    body: (close) => {
      const id = uid('reason');
      const input = h('input', { id, type: 'text', maxlength: 200, autocomplete: 'off' });
      const out = h('p', { class: 'problem', role: 'alert' });
      const form = h('form', { novalidate: true },
        h('p', {}, say('原来的一份不会消失：服务器两份都存，并记下为什么改。', 'The first version does not vanish: the server keeps both, and why.')),
        h('label', { for: id }, say('为什么更正', 'Why')), input, out,
        h('div', { class: 'row' }, h('button', { type: 'submit', class: 'action', id: 'correct-go', text: say('去改', 'Go on') })));
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        if (input.value.trim() === '') {
          out.textContent = say('请写一句原因。', 'Write a reason.');
          return;
        }
        close(false);
        go(input.value.trim());
      });
      return form;
    },
  });
}

/** The ruleset was replaced since the draft was begun: said, with what would change, and left to the inspector. */
async function lookForNewer(notice: HTMLElement, inspection: Inspection, move: (newer: Held) => Promise<void>): Promise<void> {
  const newer = await currentRuleset(inspection.ruleset.id).catch(() => null);
  if (!newer || newer.ruleset.digest === inspection.ruleset.digest || !notice.isConnected) return;
  const show = h('button', { type: 'button', class: 'link', id: 'newer-rules', text: bi('看看会改变什么', 'See what would change') });
  show.addEventListener('click', () => changesDialog(inspection, newer.ruleset, show, () => move(newer)));
  fill(notice, h('p', { class: 'notice' }, icon('open'), h('span', { text: bi('规则已更新。这份草稿仍按开始时的规则判。', 'The rules were replaced. This draft is still judged by those that it was begun under.') }), show));
}

function changesDialog(inspection: Inspection, newer: Ruleset, opener: HTMLElement, move: () => Promise<void>): void {
  const options = { asOf: inspection.asOf, jurisdiction: inspection.jurisdiction };
  const trial = inspection.ruleset.session(inspection.answers, options);
  const made = trial.replace(newer, options);
  trial.dispose();
  const { verdict: { before, after }, problems: { added, removed } } = made;
  const title = (rule: string): string => {
    const found = newer.describe(options).rules.find((one) => one.id === rule) ?? inspection.description.rules.find((one) => one.id === rule);
    return found?.title ? pick(found.title) : rule;
  };
  openDialog({
    title: say('新规则会改变什么', 'What the new rules change'), opener,
    body: (close) => {
      const go = h('button', { type: 'button', class: 'action', id: 'move-over', text: say('换到新规则', 'Move to the new rules') });
      const stay = h('button', { type: 'button', class: 'action quiet', text: say('按原来的规则填完', 'Finish under the old ones') });
      go.addEventListener('click', () => {
        close(false);
        void move();
      });
      stay.addEventListener('click', () => close(true));
      return [
        h('p', {}, before === after ? say(`结论不变：${outcomeName(after)}`, `The verdict stays: ${outcomeName(after)}`)
          : say(`结论：${outcomeName(before)} → ${outcomeName(after)}`, `Verdict: ${outcomeName(before)} → ${outcomeName(after)}`)),
        h('p', {}, added.length + removed.length === 0 ? say('要填的不变。', 'What is to be filled in stays.')
          : say(`要填的：新增 ${added.length} 处，不再有 ${removed.length} 处`, `To be filled in: ${added.length} more, ${removed.length} less`)),
        made.findings.length === 0 ? h('p', {}, say('没有一条规则的结果改变。', 'No rule comes out otherwise.'))
          : h('ul', { class: 'changes' }, made.findings.slice(0, 40).map((one) => h('li', {}, `${title(one.rule)}：${one.before ? outcomeName(one.before) : say('没有', 'none')} → ${one.after ? outcomeName(one.after) : say('没有', 'none')}`))),
        h('div', { class: 'row' }, go, stay),
      ];
    },
  });
}
