// What the server knows of a report that somebody holds on paper. In: the digest from the paper's code. Out: an element that says it
// in plain words. The server says only that it knows the report, since when and by which rules; what stands in it is nobody's here.

import { knownReport, ServerFault, type KnownReport } from './server.ts';
import { fill, h, type Child } from './ui/dom.ts';
import { bi, language } from './ui/i18n.ts';
import { icon } from './ui/icons.ts';

export function verifyScreen(digest: string, onLeave: () => void): HTMLElement {
  const out = h('div', { role: 'status', class: 'verify-out' });
  const again = h('button', { type: 'button', class: 'action', text: bi('再核一次', 'Check again') });
  const ask = async (): Promise<void> => {
    fill(out, h('p', { text: bi('正在核验……', 'Checking…') }));
    try {
      const known = await knownReport(digest);
      fill(out, known ? found(known) : unknown());
    } catch (error) {
      const words = error instanceof ServerFault ? error.words : bi('没有核成，请重试。', 'The check did not succeed; try again.');
      fill(out, h('p', { class: 'recheck-bad' }, icon('problem'), h('span', { text: words })));
    }
  };
  again.addEventListener('click', () => void ask());
  void ask();
  return h('main', { class: 'start', id: 'main' },
    h('h1', { tabindex: -1, text: bi('核验报告', 'Verify a report') }),
    h('p', { class: 'hint', text: bi('报告摘要（和纸上的逐字对照）：', 'Digest of the report (compare it with the paper):') }),
    h('p', {}, h('code', { class: 'verify-digest' }, `sha256:${digest}`)),
    out,
    h('div', { class: 'row' }, again, h('button', { type: 'button', class: 'action quiet', text: bi('去首页', 'To the start'), onclick: onLeave })));
}

function found(known: KnownReport): Child {
  const row = (name: () => string, value: () => string): HTMLElement => h('div', {}, h('dt', { text: name }), h('dd', { text: value }));
  const time = (): string => {
    const at = new Date(known.time ?? '');
    return Number.isNaN(at.getTime()) ? (known.time ?? '') : at.toLocaleString(language() === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: 'Asia/Shanghai' });
  };
  return [
    h('div', { class: 'verdict verdict-pass' }, icon('pass'), h('div', {},
      h('b', { text: bi('服务器收到过这份报告', 'The server has received this report') }),
      h('p', { text: bi('摘要相同，就是报告的每一个字都相同。', 'An equal digest means that the report is the same to the letter.') }))),
    h('dl', { class: 'values' },
      known.time ? row(bi('收到时间（北京时间）', 'Received (China time)'), time) : null,
      known.ruleset?.id ? row(bi('规则', 'Rules'), () => `${known.ruleset?.id ?? ''} ${known.ruleset?.version ?? ''}`) : null,
      known.position !== undefined ? row(bi('在审计链的位置', 'Place in the audit chain'), () => String(known.position)) : null),
    h('p', { class: 'hint', text: bi('这里只核对报告有没有被改过，不说明结论对不对；报告是检查人员的记录，不是行政决定。', 'This tells whether the report was changed, not whether it is right. A report is a record of inspectors, not a decision of an authority.') }),
  ];
}

function unknown(): Child {
  return h('div', { class: 'verdict verdict-open' }, icon('open'), h('div', {},
    h('b', { text: bi('服务器没有收到过这份报告', 'The server does not know this report') }),
    h('p', { text: bi('可能还没有送出、送到了别的服务器，或者内容被改过。请向出具的人核对。', 'It may not have been sent yet, or to another server, or it was changed. Ask whoever issued it.') })));
}
