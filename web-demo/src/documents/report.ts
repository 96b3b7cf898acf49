// The report of an inspection and the notices that go with its findings. In: data. Out: papers. A notice is written as orders to
// correct are, and says plainly that it is a draft and no authority's decision.

import { cited, type Item, type PaperData } from './data.ts';
import { heading, longDay, numeral, para, type Block, type Paper, type Signed } from './paper.ts';

const BLANK = '＿＿＿＿＿＿＿＿';
const NOTICE = '责令改正通知书';
const DRAFT = '（参考文本，不是行政机关的决定）';

export function nameOf(data: PaperData, what: string): string {
  return `${what}-${data.subject || data.ruleset.title}-${data.day}`.replace(/[\\/:*?"<>|\s]+/g, '_').slice(0, 80);
}

const failing = (data: PaperData): readonly Item[] => data.items.filter((one) => one.finding.outcome === 'fail');

function head(data: PaperData): Block {
  return { kind: 'facts', rows: [
    ['被检查单位', data.subject || BLANK], ['检查地点', data.place], ['检查日期', longDay(data.day)],
    ['检查事项', data.ruleset.title], ['适用规则', data.layers], ['结论', data.outcome], ['记录', data.entry],
  ] };
}

/** What was found, the clause in its words, what is to be done. */
function finding(one: Item, number: number): Block[] {
  const { finding: { remedy, duty, deadline } } = one;
  const rows: [string, string][] = [['查明的事实', [one.said, ...(one.values.length ? [`据以认定的填写：${one.values.join('；')}。`] : [])].join('\n')]];
  if (remedy) rows.push(['整改要求', remedy.zh]);
  if (duty) rows.push(['责任单位', duty.zh]);
  if (deadline) rows.push(['期限', longDay(deadline)]);
  if (one.files.length) rows.push(['佐证', one.files.join('；')]);
  return [
    heading(`（${numeral(number)}）${one.title}${one.about ? `——${one.about}` : ''}`, 2),
    ...one.clauses.slice(0, 3).map((clause): Block => ({ kind: 'quote', text: clause.quote, source: cited(clause) })),
    { kind: 'facts', rows },
  ];
}

/** Two inspectors and the inspected, with what each signed on the phone. */
function signers(data: PaperData, inspected: string): readonly (string | Signed)[] {
  return [['inspector_1', '检查人员'], ['inspector_2', '检查人员'], ['inspected', inspected]].map(([role, who]) => data.signed[role ?? ''] ?? who ?? '');
}

export function inspectionReport(data: PaperData): Paper {
  const fails = failing(data);
  const open = data.items.filter((one) => one.finding.outcome === 'undetermined' || one.finding.outcome === 'faulted');
  const passed = data.items.filter((one) => one.finding.outcome === 'pass');
  const none = data.items.length - fails.length - open.length - passed.length;
  const parts: { title: string; blocks: readonly Block[] }[] = [
    { title: '检查结论', blocks: [para(
      `经检查，共核对 ${data.items.length} 项：合格 ${passed.length} 项，不合格 ${fails.length} 项，待定 ${open.length} 项，不适用 ${none} 项。总的结论：${data.outcome}；${data.entry}。`)] },
    { title: '不合格事项', blocks: fails.length ? fails.flatMap((one, n) => finding(one, n + 1)) : [para('没有发现不合格事项。')] },
    { title: '待定事项', blocks: open.length ? [{ kind: 'table', head: ['事项', '为什么不能定'], widths: [55, 45],
      rows: open.map((one) => [one.title + (one.about ? `（${one.about}）` : ''), one.said]) }] : [para('没有待定事项。')] },
    { title: '合格事项', blocks: passed.length ? [{ kind: 'table', head: ['事项', '依据'], widths: [55, 45],
      rows: passed.map((one) => [one.title + (one.about ? `（${one.about}）` : ''), one.clauses[0] ? cited(one.clauses[0]) : '']) }] : [para('没有合格事项。')] },
    { title: '证据清单', blocks: data.attached.length ? [{ kind: 'table', head: ['序号', '名称', '用于', '文件指纹（SHA-256）'], widths: [9, 31, 28, 32],
      rows: data.attached.map((one, n) => [String(n + 1), one.taken ? `${one.name}\n${one.taken} 摄` : one.name, one.where, one.digest]) }] : [para('没有附件。')] },
  ];
  return {
    id: 'report', title: '未成年人保护检查报告', subtitle: data.ruleset.title, digest: data.digest, file: nameOf(data, '检查报告'),
    blocks: [head(data), ...parts.flatMap(({ title, blocks }, n) => [heading(`${numeral(n + 1)}、${title}`), ...blocks]),
      heading('签字'),
      { kind: 'signatures', who: signers(data, '被检查单位在场人') },
      { kind: 'note', text: '被检查单位对以上情况的意见：□ 属实　□ 有异议，另附说明。本报告由检查人员填写、计算机按所列规则核对，不是行政决定。' }],
  };
}

/** One notice a finding, each on a page of its own. `null` where nothing failed. */
export function notices(data: PaperData): Paper | null {
  const fails = failing(data);
  if (fails.length === 0) return null;
  return {
    id: 'notices', title: NOTICE, subtitle: DRAFT, digest: data.digest, file: nameOf(data, '整改提示'),
    blocks: fails.flatMap((one, n): Block[] => [...(n > 0 ? [{ kind: 'page' } as const, { kind: 'title', text: NOTICE, subtitle: DRAFT } as const] : []), ...notice(one, data)]),
  };
}

function notice(one: Item, data: PaperData): Block[] {
  const [first, ...more] = one.clauses;
  const { remedy, duty, deadline } = one.finding;
  return [
    { kind: 'para', text: '编号：＿＿＿＿〔　　〕　　号', plain: true, right: true },
    { kind: 'para', text: `${data.subject || BLANK}：`, plain: true, strong: true },
    para(`${longDay(data.day)}，检查人员在${data.place}对你单位进行检查，发现：${one.said}${one.about && !one.said.includes(one.about) ? `（${one.about}）` : ''}`),
    ...(one.values.length ? [para(`据以认定的填写：${one.values.join('；')}。`)] : []),
    para(first ? `上述情况不符合${cited(first)}的规定：` : '上述情况不符合规定。'),
    ...one.clauses.slice(0, 1).map((clause): Block => ({ kind: 'quote', text: clause.quote, source: cited(clause) })),
    ...(more.length ? [para(`同时参见${more.map(cited).join('、')}。`)] : []),
    { kind: 'facts', rows: [
      ['改正要求', remedy?.zh ?? '停止上述行为，改正到符合规定'],
      ['责任主体', duty?.zh ?? BLANK],
      ['改正期限', deadline ? `${longDay(deadline)}前` : '＿＿＿＿年＿＿月＿＿日前（规则没有写期限，由有权机关依法确定）'],
      ['规则编号', `${data.ruleset.id} ${one.finding.rule}`],
      ['核验', data.digest],
    ] },
    para('改正后请将整改情况书面报送检查机关。对检查情况有异议的，可以向检查机关陈述、申辩。'),
    { kind: 'note', text: '本文书由检查辅助工具按检查人员的填写生成，只供参考，不是行政机关的决定，不产生法律效力。是否责令改正、如何改正、何时改正，由有权机关依法决定，并以其制发、盖章的文书为准。' },
    { kind: 'signatures', who: signers(data, '被检查单位签收').map((one, n) => (n < 2 ? one : '被检查单位签收')) },
  ];
}
