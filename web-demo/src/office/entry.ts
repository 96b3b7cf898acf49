// One record whole: verdicts and their differences, findings with quoted law, answers, files, receipt, history, replay. In: an id. Out:
// a view. It shows what the server judged; it judges nothing.

import { fill, h, type Child } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import { entryName } from '../ui/words.ts';
import { answers } from './answers.ts';
import { get } from './api.ts';
import { areaText, subjectName } from './entries.ts';
import { topicName } from './filters.ts';
import { files } from './files.ts';
import { bookOf, findingCards, itemName, ruleTitle, type Book } from './findings.ts';
import type { Office } from './main.ts';
import { busy, button, facts, loading, nothing, notice, outcomeMark, section, table } from './parts.ts';
import type { Receipt, Replay, Report, Verdict, WholeEntry } from './types.ts';
import { findingWord, ledgerName, shortDigest, stateName, timeText } from './words.ts';

/** What only a verification needs. */
const technical = (...children: Child[]): HTMLElement => h('details', { class: 'technical' }, h('summary', { text: bi('技术信息（核验用）', 'Technical, for verification') }), ...children);

const digest = (text: string | null | undefined): HTMLElement => h('code', { title: text ?? '' }, shortDigest(text ?? '—'));

/** Rule and item → outcome, of what is no pass. */
function outcomes(report: Report | null): Map<string, string> {
  return new Map((report?.verdict.findings ?? []).map((one) => [`${one.rule}\n${one.item ?? ''}`, one.outcome]));
}

/** Where the version named and the version in force come to other findings. */
function moved(named: Verdict, inForce: Verdict): { rule: string; item: string; from: string; to: string }[] {
  const [before, after] = [outcomes(named.report), outcomes(inForce.report)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [from, to] = [before.get(key) ?? 'none', after.get(key) ?? 'none'];
    const [rule = '', item = ''] = key.split('\n');
    return from === to ? [] : [{ rule, item, from, to }];
  });
}

function verdicts(one: WholeEntry, book: Book | null): Child {
  const { named, inForce } = one.reports;
  const rows = [named && { name: bi('手机所用的版本', 'The version the phone used'), verdict: named }, inForce && { name: bi('检查日有效的版本', 'The version in force that day'), verdict: inForce }].filter((row) => row !== null);
  if (rows.length === 0) return nothing(bi('还没有判定：服务器没有这份记录所用的规则。发布那套规则后会自动判定。', 'Not judged yet: the server does not have the ruleset. It is judged once that is published.'));
  const changes = named && inForce ? moved(named, inForce) : [];
  return [
    table(bi('两个判定', 'Both verdicts'), [
      { title: bi('依据', 'Under'), head: true, cell: (row) => row.name },
      { title: bi('版本', 'Version'), cell: (row) => row.verdict.version },
      { title: bi('结论', 'Outcome'), cell: (row) => outcomeMark(row.verdict.outcome) },
      { title: bi('填写', 'Entry'), cell: (row) => () => entryName(row.verdict.entryOutcome) },
    ], rows),
    inForce ? null : nothing(bi('检查日有效的就是手机所用的版本。', 'The version in force that day is the one the phone used.')),
    changes.length > 0 ? table(bi('两个判定不同之处', 'Where the two verdicts differ'), [
      { title: bi('规则', 'Rule'), head: true, cell: (row) => ruleTitle(book, row.rule) },
      { title: bi('项', 'Item'), cell: (row) => () => itemName(book, row.item, one.entry) },
      { title: bi('手机版本', 'Phone’s version'), cell: (row) => () => findingWord(row.from) },
      { title: bi('有效版本', 'In force'), cell: (row) => () => findingWord(row.to) },
    ], changes) : null,
    one.agree === false ? h('p', { class: 'note note-problem' }, h('span', {}, bi('手机算出的报告与服务器的不同。', 'The phone’s report is not the server’s.'))) : null,
    one.agree === true ? nothing(bi('手机和服务器各判一次，两次一致。', 'Phone and server judged it each for itself, and agree.')) : null,
    one.agree === false && one.differs.length === 0 ? nothing(bi('手机没有送来它的报告，所以不能逐处比较。', 'The phone did not send its report, so that places cannot be compared.')) : null,
    technical(table(bi('报告的摘要', 'Digests of the reports'), [
      { title: bi('依据', 'Under'), head: true, cell: (row) => row.name },
      { title: bi('摘要', 'Digest'), cell: (row) => h('code', {}, row.digest) },
      { title: bi('引擎', 'Engine'), cell: (row) => row.engine },
    ], [{ name: bi('手机自己的报告', 'The phone’s own report'), digest: one.clientReport, engine: one.context?.app ?? '—' }, ...rows.map(({ name, verdict }) => ({ name, digest: verdict.digest, engine: verdict.engine }))]),
    one.differs.length > 0 ? table(bi('手机与服务器不同之处', 'Where phone and server differ'), [
      { title: bi('位置', 'Place'), head: true, cell: (row) => h('code', {}, row.at) },
      { title: bi('手机', 'Phone'), cell: (row) => h('code', {}, row.client === undefined ? '—' : JSON.stringify(row.client)) },
      { title: bi('服务器', 'Server'), cell: (row) => h('code', {}, row.server === undefined ? '—' : JSON.stringify(row.server)) },
    ], one.differs) : null),
  ];
}

function replayBox(id: string): HTMLElement {
  const told = notice();
  const more = h('div');
  const go = button(bi('重新判定一次', 'Judge it again'), () => void busy(go, told, async () => {
    fill(more);
    const found = await get<Replay>(`v1/submissions/${id}/replay`, { reads: true, patience: 60 });
    const left = found.unavailable ?? 0;
    if (found.same && left > 0) told.say('none', bi(`有 ${left} 个判定不能重做：内容已删除，或者规则不在。`, `${left} verdicts cannot be judged again: answers deleted, or the ruleset is not here.`));
    else if (found.same) told.say('pass', bi('重新判定的结果与保存的一字不差。', 'Judged again, the result is byte for byte what is stored.'));
    else told.say('fail', bi('重新判定的结果与保存的不同。请把下面的内容告诉管理员。', 'Judged again, the result is another. Tell the administrator what stands below.'));
    if (found.differs?.length) {
      fill(more, table(bi('不同之处', 'What differs'), [
        { title: bi('修订', 'Revision'), head: true, cell: (row) => String(row.revision) },
        { title: bi('依据', 'Under'), cell: (row) => row.basis === 'named' ? bi('手机所用的版本', 'the phone’s version') : bi('有效版本', 'the version in force') },
        { title: bi('保存的', 'Stored'), cell: (row) => digest(row.stored) },
        { title: bi('现在的', 'Now'), cell: (row) => digest(row.now) },
        { title: bi('位置', 'Places'), cell: (row) => h('code', {}, row.at.join(' ')) },
      ], found.differs));
    }
  }), 'soft');
  go.dataset['do'] = 'replay';
  return section(bi('重演', 'Replay'), h('p', { class: 'hint', text: bi('用当时的答案、规则和名册再判一次，看结果是否一字不差。', 'The stored answers are judged again with the ruleset and tables of then.') }), h('div', { class: 'row' }, go), told.el, more);
}

function receiptFacts(receipt: Receipt): Child {
  return [facts([[bi('签收时间', 'Received'), timeText(receipt.time)], [bi('签收编号', 'Number'), String(receipt.position)]]), technical(
    facts([[bi('链摘要', 'Chain'), h('code', {}, receipt.chain)], [bi('签名公钥', 'Key'), h('code', {}, receipt.key)], [bi('签名', 'Signature'), h('code', {}, receipt.signature)]]),
    h('p', { text: bi('收据原文', 'The receipt as it was signed') }), h('pre', { tabindex: 0 }, JSON.stringify(receipt, null, 2)))];
}

function content(office: Office, one: WholeEntry, book: Book | null): Child {
  const name = subjectName(one);
  const heading = h('h1', { tabindex: -1 }, name);
  const evidence = files(one, book);
  return [
    h('div', { class: 'entry-head' }, h('div', {}, heading, h('p', { class: 'hint' }, topicName(office.topics, one.ruleset), ' · ', areaText(one.area), ' · ', one.asOf, one.subject?.place ? ` · ${one.subject.place}` : '')), outcomeMark(one.outcome)),
    facts([
      [bi('签收编号', 'Number'), String(one.position)], [bi('修订', 'Revision'), String(one.revision)], [bi('接收状态', 'State'), () => stateName(one.state)],
      [bi('收到', 'Received'), timeText(one.receivedAt)],
      [bi('开始 – 完成', 'Begun – finished'), one.context ? `${timeText(one.context.startedAt)} – ${timeText(one.context.finishedAt)}` : '—'],
    ]),
    technical(facts([[bi('记录编号', 'Id'), h('code', {}, one.id)], [bi('来自', 'Sent by'), h('code', {}, one.sender)], [bi('正文摘要', 'Digest'), h('code', {}, one.digest)]])),
    section(bi('为什么', 'Why'), one.why
      ? [book ? null : nothing(bi('规则原文没有取到，只显示规则编号。', 'The ruleset could not be fetched; rules are shown by their ids.')), findingCards(one.why, book, one.entry)]
      : nothing(one.purged ? bi('内容已按期删除，只保留判定。', 'The answers were deleted in due time; the verdict is kept.') : bi('还没有判定。', 'Not judged yet.'))),
    section(bi('判定与差异', 'Verdicts and differences'), verdicts(one, book)),
    section(bi('整改', 'Rectification'), one.rectifications.length === 0 ? nothing(bi('没有整改事项。', 'Nothing to rectify.')) : table(bi('整改事项', 'Items'), [
      { title: bi('事项', 'Item'), head: true, cell: (row) => office.may('read') ? h('a', { href: `#/ledger/${row.id}` }, ruleTitle(book, row.rule)) : ruleTitle(book, row.rule) },
      { title: bi('项', 'Place'), cell: (row) => () => itemName(book, row.item, one.entry) },
      { title: bi('状态', 'State'), cell: (row) => () => ledgerName(row.state) }, { title: bi('期限', 'Due'), cell: (row) => row.due ?? '—' },
    ], one.rectifications)),
    section(bi('所填内容', 'Answers'), one.entry ? answers(one.entry, book?.description ?? null, evidence.at) : nothing(bi('内容已按期删除。', 'The answers were deleted in due time.'))),
    section(bi('佐证材料', 'Evidence'), evidence.section),
    section(bi('签收', 'Receipt'), one.receipt ? receiptFacts(one.receipt) : nothing(bi('没有收据。', 'No receipt.')),
      one.completion ? [h('h3', { text: bi('材料收齐', 'All parts here') }), receiptFacts(one.completion)] : null),
    section(bi('修订历史', 'History'), table(bi('各次修订', 'Revisions'), [
      { title: bi('修订', 'Revision'), head: true, cell: (row) => String(row.revision) }, { title: bi('收到', 'Received'), cell: (row) => timeText(row.receivedAt) },
      { title: bi('更正理由', 'Reason'), cell: (row) => row.reason ?? '—' }, { title: bi('结论', 'Outcome'), cell: (row) => outcomeMark(row.outcome) },
      { title: bi('签收编号', 'Number'), number: true, cell: (row) => String(row.position) },
    ], one.revisions)),
    office.may('read') ? replayBox(one.id) : null,
  ];
}

export function entryView(office: Office, id: string): HTMLElement {
  const told = notice();
  const body = h('div', { class: 'stack' }, loading());
  const el = h('div', { class: 'stack one' },
    h('div', { class: 'row noprint' }, h('a', { class: 'action quiet', href: '#/entries' }, bi('← 返回列表', '← Back to the list')), button(bi('打印', 'Print'), () => window.print())), told.el, body);
  async function load(): Promise<void> {
    try {
      const one = await get<WholeEntry>(`v1/submissions/${encodeURIComponent(id)}`, { reads: true });
      const book = await bookOf(one);
      fill(body, content(office, one, book));
      document.title = say('检查记录', 'Record');
      body.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    } catch (error) {
      told.fault(error);
      fill(body, button(bi('重试', 'Try again'), () => {
        told.clear();
        fill(body, loading());
        void load();
      }));
    }
  }
  void load();
  return el;
}
