// A list: rows that are added, opened one at a time, and removed with a way back. Rows are drawn only when they are opened, and
// twenty to a page, so that thousands stay quick. "None" is an answer of its own: an empty list is not a missing one.

import type { Field } from '../engine.ts';
import { evidenceOf } from '../evidence/list.ts';
import type { Snapshot } from '../inspection.ts';
import { registerButton } from '../place/picker.ts';
import { isSites, rolesOf } from '../place/roles.ts';
import { siteFigure } from '../place/site.ts';
import { isRecord, join, keysOf, type Json } from '../pointer.ts';
import { bring, fill, h, live, write } from '../ui/dom.ts';
import { bi, both, pick, say } from '../ui/i18n.ts';
import { icon } from '../ui/icons.ts';
import { viewOf } from './index.ts';
import { asked } from '../flow/asked.ts';
import { isCode, nextCode } from '../flow/prefill.ts';
import type { Members } from './record.ts';
import { shell } from './shell.ts';
import type { Maker, Place } from './view.ts';

const PAGE = 20;

interface Row {
  el: HTMLElement;
  index: number;
  open: boolean;
  inner: Members | null;
  body: HTMLElement;
  title: HTMLElement;
  marks: HTMLElement;
  toggle: HTMLButtonElement;
}

export const listView: Maker = (field, place) =>
  shell({ ...field, ...(field.hint && { hint: withButton(field.hint) }) }, place, (id, describedBy) => new ListControl(field, place, id, describedBy));

/** Rulesets say, for any form, that an empty list stands for none; this form has a button for it, which is named instead. */
function withButton(hint: NonNullable<Field['hint']>): NonNullable<Field['hint']> {
  return {
    zh: hint.zh.replace(/没有的?填空表/, '没有就点“确认没有”').replace(/(的?)填空表/, (_, of: string) => `${of && `${of}，`}点“确认没有”`),
    ...(hint.en !== undefined && { en: hint.en.replace(/\ban empty list if (there (?:is|was) (?:nobody|none))/i, 'tap “There are none” if $1') }),
  };
}

class ListControl {
  readonly el: HTMLElement;
  readonly target: HTMLButtonElement;
  readonly several = true;
  private readonly rowsEl = h('ol', { class: 'rows' });
  private readonly pager = h('nav', { class: 'pager', 'aria-label': bi('翻页', 'Pages'), hidden: true });
  private readonly none: HTMLButtonElement;
  private readonly some = h('button', { type: 'button', class: 'action quiet', hidden: true, text: bi('撤销', 'Undo') });
  private readonly state = h('p', { class: 'status', role: 'status' });
  private readonly undo = h('div', { class: 'undo', hidden: true });
  private rows: Row[] = [];
  private page = 0;
  private drawn = '';

  constructor(private readonly field: Field, private readonly place: Place, id: string, describedBy: string) {
    this.target = h('button', { type: 'button', class: 'action soft add', id, 'aria-describedby': describedBy },
      h('span', { text: bi('＋ 添加一项', '＋ Add one') }));
    this.none = h('button', { type: 'button', class: 'action quiet', text: bi('确认没有', 'There are none') });
    this.target.addEventListener('click', () => this.add());
    this.none.addEventListener('click', () => {
      this.place.inspection.setList(this.place.at(), []);
      this.shows(this.some);
    });
    // “None” is an answer; given by mistake, it is taken back like one.
    this.some.addEventListener('click', () => {
      this.place.inspection.remove(this.place.at());
      this.shows(this.none);
    });
    live(this.state, () => this.showState());
    const roles = rolesOf(place.inspection.description.form.fields);
    const register = isSites(roles, place.at()) ? registerButton(place.inspection, roles) : null;
    this.el = h('div', { class: 'list' }, this.state, register, this.rowsEl, this.pager, this.undo, h('div', { class: 'row' }, this.target, this.none, this.some));
  }

  /** One of the two stands there, at once, and has the focus. */
  private shows(one: HTMLElement): void {
    this.none.hidden = one !== this.none;
    this.some.hidden = one !== this.some;
    this.showState();
    one.focus({ preventScroll: true });
  }

  private value(): Json | undefined {
    return this.place.inspection.get(this.place.at());
  }

  private items(): readonly Json[] {
    const value = this.value();
    return Array.isArray(value) ? value : [];
  }

  private showState(): void {
    const value = this.value();
    write(this.state, typeof value === 'string' ? value
      : !Array.isArray(value) ? say('还没有填', 'Not answered yet')
      : value.length === 0 ? say('已填：没有', 'Answered: none') : say(`共 ${value.length} 项`, `${value.length} in all`));
  }

  private add(): void {
    const items = this.items();
    const at = join(this.place.at(), items.length);
    this.place.inspection.setList(this.place.at(), [...items, this.field.item ? null : {}]);
    const code = this.field.fields?.find(isCode);
    if (code) this.place.inspection.give(join(at, code.name), nextCode(items, code.name));
    this.page = Math.floor(items.length / PAGE);
    this.undo.hidden = true;
    this.draw();
    const row = this.rows.find((one) => one.index === items.length);
    if (row) {
      this.setOpen(row, true);
      row.inner?.reveal(this.firstOf(row));
    }
  }

  private firstOf(row: Row): string {
    const at = join(this.place.at(), row.index);
    const fields = this.field.fields ?? [];
    const first = fields.find((one) => this.place.inspection.get(join(at, one.name)) === undefined) ?? fields[0];
    return first ? join(at, first.name) : at;
  }

  private removeRow(index: number): void {
    const items = this.items();
    const gone = items[index];
    const evidenceBack = evidenceOf(this.place.inspection).rowRemoved(this.place.at(), index);
    this.place.inspection.setList(this.place.at(), items.filter((_, n) => n !== index));
    const open = this.rows.filter((row) => row.open && row.index !== index).map((row) => (row.index > index ? row.index - 1 : row.index));
    this.draw(open);
    const back = h('button', { type: 'button', class: 'action quiet', text: bi('撤销删除', 'Undo') });
    back.addEventListener('click', () => {
      const now = [...this.items()];
      now.splice(index, 0, gone ?? null);
      evidenceBack();
      this.place.inspection.setList(this.place.at(), now);
      this.undo.hidden = true;
      this.page = Math.floor(index / PAGE);
      this.draw();
      this.rows.find((row) => row.index === index)?.toggle.focus();
    });
    fill(this.undo, h('span', { role: 'status', text: say(`已删除第 ${index + 1} 项`, `Item ${index + 1} removed`) }), back);
    this.undo.hidden = false;
    back.focus();
  }

  /** Draws the rows of the page when their number or the page has changed. */
  private draw(open: readonly number[] = this.rows.filter((row) => row.open).map((row) => row.index)): void {
    const count = this.items().length;
    const pages = Math.max(1, Math.ceil(count / PAGE));
    this.page = Math.min(this.page, pages - 1);
    const first = this.page * PAGE;
    this.rows = [];
    for (let index = first; index < Math.min(count, first + PAGE); index += 1) this.rows.push(this.makeRow(index));
    fill(this.rowsEl, this.rows.map((row) => row.el));
    this.rowsEl.setAttribute('start', String(first + 1));
    this.drawn = `${count}/${this.page}`;
    for (const row of this.rows) if (open.includes(row.index)) this.setOpen(row, true);
    this.drawPager(pages);
    this.update(this.place.inspection.snapshot);
  }

  private drawPager(pages: number): void {
    this.pager.hidden = pages < 2;
    const go = (by: number, text: () => string): HTMLElement => {
      const button = h('button', { type: 'button', class: 'action quiet', text });
      button.disabled = this.page + by < 0 || this.page + by >= pages;
      button.addEventListener('click', () => {
        this.page += by;
        this.draw([]);
        bring(this.el);
        this.rows[0]?.toggle.focus({ preventScroll: true });
      });
      return button;
    };
    fill(this.pager, go(-1, bi('上一页', 'Previous')), h('span', { text: () => say(`第 ${this.page + 1} / ${pages} 页`, `Page ${this.page + 1} of ${pages}`) }), go(1, bi('下一页', 'Next')));
  }

  private makeRow(index: number): Row {
    const body = h('div', { class: 'row-body', hidden: true });
    const title = h('span', { class: 'row-title' });
    const marks = h('span', { class: 'row-marks' });
    const toggle = h('button', { type: 'button', class: 'row-toggle', 'aria-expanded': 'false' }, title, marks);
    const remove = h('button', { type: 'button', class: 'row-remove', 'aria-label': () => say(`删除第 ${index + 1} 项`, `Remove item ${index + 1}`), text: bi('删除', 'Remove') });
    const row: Row = { el: h('li', { class: 'row-card' }, h('div', { class: 'row-head' }, toggle, remove), body), index, open: false, inner: null, body, title, marks, toggle };
    toggle.addEventListener('click', () => this.setOpen(row, !row.open));
    remove.addEventListener('click', () => this.removeRow(index));
    live(title, () => this.showTitle(row));
    return row;
  }

  private setOpen(row: Row, open: boolean): void {
    row.open = open;
    row.toggle.setAttribute('aria-expanded', String(open));
    row.body.hidden = !open;
    row.el.classList.toggle('open', open);
    if (open && !row.inner) {
      const place: Place = { ...this.place, at: () => join(this.place.at(), row.index) };
      if (this.field.item) {
        const item: Field = { ...this.field.item, label: { zh: `第 ${row.index + 1} 项`, en: `Item ${row.index + 1}` } };
        const view = viewOf(item, place);
        row.inner = { elements: [view.el], update: (now) => view.update(now), reveal: (pointer) => view.reveal(pointer) };
      } else {
        row.inner = this.record(place);
      }
      fill(row.body, ...row.inner.elements);
      row.inner.update(this.place.inspection.snapshot);
    }
  }

  /** The members of a row; below those of a site stands its drawing. */
  private record(place: Place): Members {
    const inner = asked(this.field.fields ?? [], place, 'form');
    const roles = rolesOf(place.inspection.description.form.fields);
    if (!isSites(roles, this.place.at())) return inner;
    const figure = siteFigure(place.inspection, roles, place.at);
    return {
      elements: [...inner.elements, figure.el],
      reveal: (pointer) => inner.reveal(pointer),
      update(now) {
        inner.update(now);
        figure.update(now);
      },
    };
  }

  /** Names a row by its first answers that are short and not personal. */
  private showTitle(row: Row): void {
    const item = this.items()[row.index];
    const words: string[] = [];
    if (isRecord(item)) {
      for (const field of this.field.fields ?? []) {
        const value = item[field.name];
        if (field.sensitive || words.length === 2 || value === undefined) continue;
        if (field.type === 'text' || field.type === 'ref') words.push(String(value).slice(0, 16));
        else if (field.type === 'choice') words.push(pick(field.options?.find((option) => option.code === value)?.label).split(/[（(]/)[0]?.trim() ?? '');
      }
    } else if (typeof item === 'string' || typeof item === 'number') {
      if (!this.field.item?.sensitive) words.push(String(item).slice(0, 24));
    }
    const number = say(`第 ${row.index + 1} 项`, `Item ${row.index + 1}`);
    const name = words.length ? ` ${words.filter(Boolean).join(' · ')}` : '';
    if (row.title.textContent !== number + name) fill(row.title, h('b', {}, number), name);
  }

  update(now: Snapshot): void {
    const count = this.items().length;
    if (this.drawn !== `${count}/${this.page}`) return this.draw();
    this.showState();
    const value = this.value();
    this.none.hidden = value !== undefined;
    this.some.hidden = !(Array.isArray(value) && count === 0 && this.undo.hidden);
    this.target.disabled = this.field.maxItems !== undefined && count >= this.field.maxItems;
    for (const row of this.rows) {
      this.showTitle(row);
      const mark = now.marks(join(this.place.at(), row.index));
      const signs = [say('zh', 'en'), mark.problems > 0, mark.fails > 0, mark.close > 0].join();
      if (row.marks.dataset['signs'] !== signs) {
        row.marks.dataset['signs'] = signs;
        fill(row.marks,
          mark.problems ? [icon('problem'), h('span', { class: 'sr', text: say('填写有误', 'has errors') })] : null,
          mark.fails ? [icon('fail'), h('span', { class: 'sr', text: say('不合格', 'fails') })] : null,
          mark.close ? [icon('close'), h('span', { class: 'sr', text: say('太接近', 'too close') })] : null);
      }
      if (row.open) row.inner?.update(now);
    }
  }

  reveal(pointer: string): boolean {
    const index = Number(keysOf(pointer)[keysOf(this.place.at()).length]);
    if (!Number.isInteger(index) || index < 0 || index >= this.items().length) return false;
    const page = Math.floor(index / PAGE);
    if (page !== this.page) {
      this.page = page;
      this.draw([]);
    }
    const row = this.rows.find((one) => one.index === index);
    if (!row) return false;
    this.setOpen(row, true);
    if (row.inner?.reveal(pointer)) return true;
    bring(row.el);
    row.toggle.focus({ preventScroll: true });
    return true;
  }
}

/** Text of a list's label with an item's number: for places named outside the form. */
export function itemName(field: Field, index: number): string {
  return `${both(field.label)()} ${say(`第 ${index + 1} 项`, `item ${index + 1}`)}`;
}
