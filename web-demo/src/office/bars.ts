// A bar chart as SVG, and the table behind it. In: rows with counts. Out: an element. Colour is never alone: each part has a pattern of
// its own, and the numbers stand beside and in the table. Must not know: what is counted.

import { h, uid } from '../ui/dom.ts';
import { say } from '../ui/i18n.ts';
import { table } from './parts.ts';

export interface Part {
  readonly kind: 'fail' | 'open' | 'pass' | 'none';
  readonly label: () => string;
}

export interface Bar {
  readonly label: () => string;
  /** One number for each part. */
  readonly values: readonly number[];
}

const NS = 'http://www.w3.org/2000/svg';
const ROW = 34;
/** Room for names and for all, and letters that fit into a name; in half the page and in the whole of it. */
const HALF = { left: 236, width: 640, letters: 27 };
const WHOLE = { left: 440, width: 1200, letters: 52 };
/** Room for the sum behind a bar. */
const NUMBER = 50;

function svg(tag: string, attributes: Record<string, string | number>, ...children: (Node | string)[]): SVGElement {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** Shortened to what fits: a Chinese character is as wide as two letters. */
function fitted(text: string, room: number): string {
  let width = 0;
  let out = '';
  for (const letter of text) {
    width += letter.charCodeAt(0) > 0x2e80 ? 2 : 1;
    if (width > room) return `${out}…`;
    out += letter;
  }
  return out;
}

function patterns(id: string): SVGElement {
  const stripes = svg('pattern', { id: `${id}-open`, width: 8, height: 8, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    svg('rect', { width: 8, height: 8, class: 'open-ground' }), svg('rect', { width: 3.5, height: 8, class: 'open-ink' }));
  const dots = svg('pattern', { id: `${id}-none`, width: 7, height: 7, patternUnits: 'userSpaceOnUse' },
    svg('rect', { width: 7, height: 7, class: 'none-ground' }), svg('circle', { cx: 3.5, cy: 3.5, r: 1.4, class: 'none-ink' }));
  return svg('defs', {}, stripes, dots);
}

const fillOf = (id: string, kind: Part['kind']): Record<string, string> => kind === 'open' || kind === 'none'
  ? { fill: `url(#${id}-${kind})`, class: `bar-${kind}` } : { class: `bar-${kind}` };

/** The chart, its key, and the table. `first` is what the rows are called; `whole`: it has the page's width. */
export function barChart(title: () => string, first: () => string, parts: readonly Part[], bars: readonly Bar[], whole = false): HTMLElement {
  const { left, width: all, letters } = whole ? WHOLE : HALF;
  const id = uid('chart');
  const sums = bars.map((bar) => bar.values.reduce((sum, value) => sum + value, 0));
  const scale = (all - left - NUMBER) / Math.max(1, ...sums);
  const drawing = svg('svg', { viewBox: `0 0 ${all} ${bars.length * ROW}`, role: 'img', 'aria-labelledby': `${id}-title ${id}-desc`, class: 'chart' },
    svg('title', { id: `${id}-title` }, title()),
    svg('desc', { id: `${id}-desc` }, say('数字在下面的表里。', 'The numbers are in the table below.')), patterns(id));
  bars.forEach((bar, row) => {
    const y = row * ROW;
    let x = left;
    const name = bar.label();
    drawing.append(svg('text', { x: left - 10, y: y + ROW / 2, class: 'bar-name', 'text-anchor': 'end', 'dominant-baseline': 'central' }, svg('title', {}, name), fitted(name, letters)));
    bar.values.forEach((value, index) => {
      const part = parts[index];
      if (value === 0 || !part) return;
      const width = value * scale;
      drawing.append(svg('rect', { x, y: y + 6, width, height: ROW - 12, ...fillOf(id, part.kind) }, svg('title', {}, `${name} · ${part.label()} ${value}`)));
      x += width;
    });
    drawing.append(svg('text', { x: x + 8, y: y + ROW / 2, class: 'bar-number', 'dominant-baseline': 'central' }, String(sums[row] ?? 0)));
  });
  const key = h('ul', { class: 'chart-key' }, parts.map((part) => {
    const swatch = svg('svg', { width: 18, height: 18, 'aria-hidden': 'true', focusable: 'false' }, svg('rect', { width: 18, height: 18, ...fillOf(id, part.kind) }));
    return h('li', {}, swatch, h('span', { text: part.label }));
  }));
  const columns = [
    { title: first, head: true, cell: (bar: Bar) => bar.label },
    ...parts.map((part, index) => ({ title: part.label, number: true, cell: (bar: Bar) => String(bar.values[index] ?? 0) })),
  ];
  return h('figure', { class: 'figure' }, key, drawing, h('details', {}, h('summary', { text: () => say('数据表', 'The numbers as a table') }), table(() => title() + say('（数据）', ' (numbers)'), columns, bars)));
}
