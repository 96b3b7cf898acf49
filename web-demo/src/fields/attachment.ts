// A file as evidence: photos, files, notes, several. The answer names the first of them, because a rule asks whether there is any.

import { evidenceOf } from '../evidence/list.ts';
import { evidencePanel } from '../evidence/panel.ts';
import { entryName } from '../evidence/words.ts';
import { isRecord } from '../pointer.ts';
import { h } from '../ui/dom.ts';
import { bi, pick } from '../ui/i18n.ts';
import { shell } from './shell.ts';
import type { Maker } from './view.ts';

export const attachmentView: Maker = (field, place) =>
  shell(field, place, (id, describedBy) => {
    const list = evidenceOf(place.inspection);
    const panel = evidencePanel({ list, at: place.at, id, describedBy, about: () => pick(field.label) });
    const given = h('p', { class: 'status' });
    const clear = h('button', { type: 'button', class: 'link clear', text: bi('移除', 'Remove'), hidden: true });
    const answered = (): string | null => {
      const value = place.inspection.get(place.at());
      return typeof value === 'string' ? value : isRecord(value) ? String(value['name'] ?? value['id'] ?? '') : null;
    };
    /** A note alone is no file that a rule asks for. */
    const files = () => list.at(place.at()).filter((one) => one.kind === 'photo' || one.kind === 'file');
    const digestOf = (): string => {
      const value = place.inspection.get(place.at());
      return isRecord(value) && typeof value['sha256'] === 'string' ? `sha256:${value['sha256']}` : '';
    };
    let known = new Set(files().map((one) => one.digest));
    list.onChange(() => {
      if (!panel.el.isConnected) return;
      const now = files();
      const named = digestOf();
      const gone = known.has(named) && !now.some((one) => one.digest === named);
      known = new Set(now.map((one) => one.digest));
      const first = now[0];
      if (first && !now.some((one) => one.digest === named)) {
        const sha256 = first.digest.slice(7);
        place.inspection.set(place.at(), { id: `file-${sha256.slice(0, 16)}`, name: entryName(first), sha256 });
      } else if (!first && gone) {
        place.inspection.remove(place.at());
      }
    });
    clear.addEventListener('click', () => {
      place.inspection.remove(place.at());
      panel.target.focus();
    });
    const update = (): void => {
      const name = answered();
      // An answer whose file is not here: of an example, or of another phone.
      const elsewhere = name !== null && !files().some((one) => one.digest === digestOf());
      given.textContent = elsewhere ? `✓ ${name}` : '';
      clear.hidden = !elsewhere;
      panel.update();
    };
    update();
    return { el: h('div', { class: 'attachment' }, panel.el, given, clear), target: panel.target, several: true, update };
  });
