// The recheck: sends the entry to the server and shows both digests and whether they agree. In: the inspection. Out: an element.
// Equal digests mean that both sides applied the same rules to the same answers and came to the same report, byte for byte.

import type { Inspection } from '../inspection.ts';
import { recheck, ServerFault, type RecheckAnswer } from '../server.ts';
import { fill, h, live } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import { icon } from '../ui/icons.ts';

type State =
  | { kind: 'idle' }
  | { kind: 'asking' }
  | { kind: 'answered'; answer: RecheckAnswer; own: string; ruleset: string }
  | { kind: 'failed'; words: () => string };

export function recheckBox(inspection: Inspection): HTMLElement {
  let state: State = { kind: 'idle' };
  let edits = 0;
  const out = h('div', { class: 'recheck-out', role: 'status' });
  const button = h('button', { type: 'button', class: 'action recheck-go' }, icon('send'), h('span', { text: bi('送服务器复核', 'Recheck on the server') }));

  const draw = (): void => {
    button.toggleAttribute('aria-busy', state.kind === 'asking');
    switch (state.kind) {
      case 'idle':
        return fill(out, h('p', { class: 'hint' }, say(
          '服务器用同一套规则重算，两边的报告应当一字不差。只比对，不保存。',
          'The server checks again with the same rules; both reports should be equal to the byte. It compares and keeps nothing.')));
      case 'asking':
        return fill(out, h('p', {}, say('正在复核……', 'Checking…')));
      case 'failed':
        return fill(out, h('p', { class: 'recheck-bad' }, icon('problem'), h('span', {}, state.words())));
      case 'answered': {
        const { answer, own } = state;
        const otherRules = answer.ruleset !== '' && answer.ruleset !== state.ruleset;
        fill(out,
          h('p', { class: answer.agree ? 'recheck-good' : 'recheck-bad' }, icon(answer.agree ? 'pass' : 'problem'),
            h('b', {}, answer.agree ? say('一致：两边的报告一字不差', 'They agree: both reports are equal to the byte') : say('不一致', 'They differ'))),
          answer.agree ? null : h('p', {}, otherRules
            ? say('服务器的规则版本与本页不同。请刷新页面再查。', 'The server has other rules than this page. Reload the page and check again.')
            : say('请把两个摘要告诉管理员。', 'Give both digests to the administrator.')),
          h('dl', { class: 'digests' },
            h('div', {}, h('dt', {}, say('本页', 'This page')), h('dd', {}, h('code', { class: 'digest-own' }, own))),
            h('div', {}, h('dt', {}, say('服务器', 'Server')), h('dd', {}, h('code', { class: 'digest-server' }, answer.digest)))));
      }
    }
  };

  button.addEventListener('click', async () => {
    if (state.kind === 'asking') return;
    state = { kind: 'asking' };
    draw();
    const asked = edits;
    try {
      const { entry, digest } = inspection.forRecheck();
      const { asOf, jurisdiction, ruleset } = inspection;
      const answer = await recheck({ ruleset: ruleset.id, entry, asOf, jurisdiction, digest });
      state = { kind: 'answered', answer, own: digest, ruleset: ruleset.digest };
    } catch (error) {
      const words = error instanceof ServerFault ? error.words : bi('复核没有做成，请重试。', 'The recheck did not succeed; try again.');
      state = { kind: 'failed', words };
    }
    if (edits !== asked) state = { kind: 'idle' };
    draw();
  });
  // An answer about other answers says nothing: it goes when something is edited.
  inspection.onChange(() => {
    edits += 1;
    if (state.kind === 'idle' || state.kind === 'asking') return;
    state = { kind: 'idle' };
    draw();
  });
  live(out, draw);
  return h('section', { class: 'recheck' }, h('h3', { text: bi('复核', 'Recheck') }), button, out);
}
