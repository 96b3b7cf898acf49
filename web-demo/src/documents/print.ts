// A paper as elements: what is seen on the screen and what the browser prints on A4. In: a paper. Out: an element, dressed by paper.css.

import { h, type Child } from '../ui/dom.ts';
import type { Block, Paper, Signed } from './paper.ts';
import { codeSvg, verifyAddress } from './qr.ts';

export function drawn(paper: Paper): HTMLElement {
  const address = verifyAddress(paper.digest);
  return h('article', { class: 'paper', lang: 'zh-CN', 'data-paper': paper.id, 'aria-label': paper.title },
    h('h2', { class: 'paper-title' }, paper.title),
    paper.subtitle ? h('p', { class: 'paper-subtitle' }, paper.subtitle) : null,
    paper.blocks.map(block),
    h('footer', { class: 'paper-digest' }, h('div', { class: 'code', role: 'img', 'aria-label': `核验二维码：${address}` }, codeSvg(address)),
      h('div', {}, h('p', {}, '报告摘要（扫码核验）'), h('code', {}, paper.digest), h('p', { class: 'address' }, address))));
}

function lines(text: string): Child {
  return text.split('\n').map((line, n) => [n > 0 ? h('br') : null, line]);
}

function block(one: Block): Child {
  switch (one.kind) {
    case 'heading':
      return h(one.level === 2 ? 'h4' : 'h3', {}, one.text);
    case 'title':
      return [h('h2', { class: 'paper-title' }, one.text), h('p', { class: 'paper-subtitle' }, one.subtitle)];
    case 'para':
      return h('p', { class: one.plain ? (one.right ? 'plain right' : 'plain') : 'para' }, one.strong ? h('b', {}, one.text) : lines(one.text));
    case 'quote':
      return h('blockquote', {}, h('p', {}, `“${one.text}”`), h('cite', {}, `——${one.source}`));
    case 'facts':
      return h('table', { class: 'facts' }, h('tbody', {}, one.rows.map(([name, value]) => h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, lines(value))))));
    case 'table':
      return h('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': one.head.filter(Boolean).join('、') }, h('table', {},
        h('colgroup', {}, one.widths.map((width) => h('col', { width: `${width}%` }))),
        h('thead', {}, h('tr', {}, one.head.map((name) => (name === '' ? h('td', {}) : h('th', { scope: 'col' }, name))))),
        h('tbody', {}, one.rows.map((row) => h('tr', {}, row.map((cell) => h('td', {}, lines(cell))))))));
    case 'room':
      return h('div', { class: 'room', 'data-lines': one.lines }, h('p', { class: 'prompt' }, `（${one.prompt}）`), Array.from({ length: one.lines }, () => h('div', { class: 'rule' })));
    case 'signatures':
      return h('div', { class: 'signatures' }, one.who.map((who) => typeof who === 'string'
        ? h('div', {}, h('span', {}, `${who}：`), h('span', { class: 'line' }), h('span', { class: 'when' }, '年　　月　　日')) : signed(who)));
    case 'note':
      return h('p', { class: 'paper-note' }, one.text);
    case 'page':
      return h('div', { class: 'new-page' });
  }
}

function signed(one: Signed): HTMLElement {
  const picture = one.drawing ? h('img', { class: 'signed', alt: `${one.who}的手写签名`, src: URL.createObjectURL(new Blob([one.drawing as BlobPart], { type: 'image/png' })) }) : null;
  // The picture is decoded once; its address is not needed after that.
  picture?.addEventListener('load', () => URL.revokeObjectURL(picture.src), { once: true });
  return h('div', {}, h('span', {}, `${one.who}：`), h('span', { class: 'line' }, picture, one.words), h('span', { class: 'when' }, one.on));
}
