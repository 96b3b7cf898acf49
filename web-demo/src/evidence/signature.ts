// Signatures of both inspectors and of the inspected: drawn, or typed by who cannot draw, or refused with the reason. In: the list of evidence. Out:
// entries of kind `signature` at `sign:ROLE`. A finger's drawing alone is no reliable electronic signature in the sense of 电子签名法 Art. 13; the
// page says so where it is signed.

import type { Evidence } from '../store/types.ts';
import { openDialog } from '../ui/dialog.ts';
import { bring, fill, h, live, uid } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import { icon } from '../ui/icons.ts';
import type { EvidenceList } from './list.ts';
import { pad } from './pad.ts';
import { placeOf, signerName, SIGNERS, type Signer } from './signers.ts';
import { takeMade } from './take.ts';
import { SIGNATURE_TYPE } from './media.ts';
import { forgetNames, knownNames, rememberName } from './names.ts';
import { refusedWords } from './words.ts';

/** What is kept of a signature that was not drawn. */
export interface TypedSignature {
  readonly signature: 1;
  readonly signer: Signer;
  readonly name: string;
  readonly how: 'typed' | 'refused';
  readonly statement: string;
  readonly at: string;
}

/** Those who have neither signed nor been noted to refuse. */
export function unsigned(list: EvidenceList): readonly Signer[] {
  return SIGNERS.filter((signer) => !list.at(placeOf(signer)).some((one) => one.kind === 'signature'));
}

/** To the first who has not signed. */
export function revealSignatures(list: EvidenceList): void {
  const button = document.querySelector<HTMLElement>(`[data-signer="${unsigned(list)[0] ?? SIGNERS[0]}"]`);
  if (!button) return;
  bring(button);
  button.focus({ preventScroll: true });
}

export function signaturePanel(list: EvidenceList): HTMLElement {
  const rows = h('ul', { class: 'plain signatures' });
  const status = h('p', { class: 'status', role: 'status' });
  const draw = (): void => fill(rows, SIGNERS.map((signer) => {
    const signed = list.at(placeOf(signer)).find((one) => one.kind === 'signature');
    const button = h('button', { type: 'button', class: signed ? 'action quiet' : 'action soft', 'data-signer': signer, 'aria-label': `${signed ? say('重签', 'Sign anew') : say('签名', 'Sign')}：${signerName(signer)}`, text: signed ? say('重签', 'Sign anew') : say('签名', 'Sign') });
    button.addEventListener('click', () => dialog(list, signer, button, (words) => {
      status.textContent = words;
      // The row was drawn anew meanwhile.
      rows.querySelector<HTMLElement>(`[data-signer="${signer}"]`)?.focus();
    }));
    return h('li', { class: 'signature-row' },
      h('span', { class: 'evidence-words' }, h('b', {}, signerName(signer)), h('small', {}, signed ? signedWords(signed) : say('还没有签', 'not signed yet'))),
      signed ? icon('pass') : null, button);
  }));
  const el = h('section', { class: 'field signature-box', 'aria-label': bi('签名', 'Signatures') },
    h('h2', { class: 'name', text: bi('签名', 'Signatures') }),
    h('p', { class: 'hint', text: bi('检查人员两名，被检查单位在场人一名。手写签名只作现场记录，不等于“可靠的电子签名”。', 'Two inspectors, and one for the inspected. A drawn signature records who was there; it is no "reliable electronic signature" in the sense of the law.') }),
    rows, status);
  live(el, draw);
  list.onChange(draw);
  return el;
}

function signedWords(entry: Evidence): string {
  const when = entry.takenAt ? new Date(entry.takenAt).toLocaleString(say('zh-CN', 'en'), { hour12: false }) : '';
  return `${entry.name ?? ''} ${entry.by ?? ''} · ${when}`.trim();
}

function dialog(list: EvidenceList, signer: Signer, opener: HTMLElement, told: (words: string) => void): void {
  const nameId = uid('sign');
  const name = h('input', { id: nameId, type: 'text', autocomplete: 'off', maxlength: 40 });
  const names = h('div', { class: 'row names', hidden: true });
  if (signer !== 'inspected') void offerNames(list, signer, name, names);
  const drawn = pad();
  const fault = h('p', { class: 'problem', role: 'alert', hidden: true });
  const complain = (words: string, at: HTMLElement): void => {
    fault.textContent = words;
    fault.hidden = false;
    at.focus();
  };
  openDialog({
    title: `${say('签名', 'Signature')}：${signerName(signer)}`,
    opener,
    body: (close) => {
      const keep = async (data: Blob, how: 'drawn' | 'typed' | 'refused'): Promise<void> => {
        const words = { drawn: say('手写签名', 'signed by hand'), typed: say('打字签名', 'signed by typing'), refused: say('拒绝签名', 'refused to sign') };
        const before = list.at(placeOf(signer));
        try {
          await takeMade(list, data, { at: placeOf(signer), kind: 'signature', by: words[how], name: name.value.trim() });
          for (const old of before) list.remove(old);
          if (signer !== 'inspected') void rememberName(name.value.trim());
          close(false);
          told(say(`${signerName(signer)}：已存${words[how]}。`, `${signerName(signer)}: ${words[how]}, kept.`));
        } catch (error) {
          complain(refusedWords(error), name);
        }
      };
      const typed = (how: 'typed' | 'refused', statement: string): Blob => {
        const record: TypedSignature = { signature: 1, signer, name: name.value.trim(), how, statement, at: new Date().toISOString() };
        return new Blob([JSON.stringify(record)], { type: SIGNATURE_TYPE });
      };
      const named = (): boolean => {
        if (name.value.trim() !== '') return true;
        complain(say('请先写姓名。', 'Write the name first.'), name);
        return false;
      };
      const sign = h('button', { type: 'button', class: 'action', text: say('用手写的签名', 'Use the drawn signature') });
      sign.addEventListener('click', async () => {
        if (!named()) return;
        const picture = await drawn.picture();
        if (picture) await keep(picture, 'drawn');
        else complain(say('还没有签。请在框里手写，或者用下面的打字签名。', 'Nothing is drawn yet. Sign in the box, or by typing below.'), drawn.el);
      });
      const agreement = say('本人确认：检查情况属实。', 'I confirm that the record of the inspection is true.');
      const agreeId = uid('sign');
      const agree = h('input', { type: 'checkbox', id: agreeId });
      const type = h('button', { type: 'button', class: 'action quiet', text: say('打字签名', 'Sign by typing') });
      type.addEventListener('click', () => {
        if (!named()) return;
        if (!agree.checked) return complain(say('请先勾选确认。', 'Tick the confirmation first.'), agree);
        void keep(typed('typed', agreement), 'typed');
      });
      const reasonId = uid('sign');
      const reason = h('input', { id: reasonId, type: 'text', maxlength: 200, autocomplete: 'off' });
      const refuse = h('button', { type: 'button', class: 'action quiet', text: say('记为拒绝签名', 'Record the refusal') });
      refuse.addEventListener('click', () => {
        if (!named()) return;
        if (reason.value.trim() === '') return complain(say('请写明拒绝的情况。', 'Write what happened.'), reason);
        void keep(typed('refused', reason.value.trim()), 'refused');
      });
      return [
        fault,
        h('div', { class: 'part' }, h('label', { for: nameId }, say('姓名', 'Name')), name, names),
        drawn.el, h('div', { class: 'row' }, sign),
        h('details', { open: false }, h('summary', {}, say('不能手写：打字签名', 'Cannot draw: sign by typing')),
          h('label', { class: 'option', for: agreeId }, agree, h('span', {}, agreement)), h('div', { class: 'row' }, type)),
        signer === 'inspected' ? h('details', {}, h('summary', {}, say('拒绝签名', 'Refused')),
          h('div', { class: 'part' }, h('label', { for: reasonId }, say('情况（由两名检查人员注明）', 'What happened (both inspectors note it)')), reason), h('div', { class: 'row' }, refuse)) : null,
      ];
    },
  });
}

/** The names that signed here before, each a tap; but the one who signed as the other inspector. */
async function offerNames(list: EvidenceList, signer: Signer, into: HTMLInputElement, out: HTMLElement): Promise<void> {
  const others = SIGNERS.filter((one) => one !== signer).flatMap((one) => list.at(placeOf(one)).map((entry) => entry.name));
  const names = (await knownNames()).filter((one) => !others.includes(one));
  if (names.length === 0) return;
  const forget = h('button', { type: 'button', class: 'link', text: say('不再记住', 'Forget them') });
  forget.addEventListener('click', () => {
    void forgetNames();
    out.hidden = true;
    into.focus();
  });
  fill(out, names.map((one) => {
    const button = h('button', { type: 'button', class: 'action soft', text: one });
    button.addEventListener('click', () => {
      into.value = one;
    });
    return button;
  }), forget);
  out.hidden = false;
}
