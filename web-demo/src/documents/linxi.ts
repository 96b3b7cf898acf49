// Linxi's papers: the summary of the self-assessment against the 76 standards, item by item as the plan asks (逐条逐项对照), with the
// zero reports that items rest on; and the zero report of the negative list. In: data. Out: papers. Silence is not zero: an
// item that was not counted is never written down as none.

import type { Field } from '../engine.ts';
import type { Item, PaperData } from './data.ts';
import { heading, longDay, numeral, para, type Block, type Paper } from './paper.ts';
import { nameOf } from './report.ts';
import { countOf, filesOf, partsOf, progress, standing, told } from './standards.ts';

const UNIT = '（单位）＿＿＿＿＿＿＿＿';

/** An item of the negative list, and who answers for it. */
export interface Negative {
  readonly text: string;
  readonly units: string;
}

/** `negative` is the negative list, where it could be fetched: it makes the annex. */
export function linxiSummary(data: PaperData, negative: readonly Negative[]): Paper {
  const parts = partsOf(data);
  const lines = parts.flatMap((part) => part.lines);
  const zero = data.items.filter((one) => /零报告/.test(one.title) || one.values.some((value) => /零报告/.test(value)));
  const failed = lines.filter((line) => line.outcome === 'fail');
  return {
    id: 'linxi', title: `未成年人保护达标体系 ${lines.length} 项自查自评汇总`, subtitle: `${data.subject || UNIT}　${longDay(data.day)}`,
    digest: data.digest, file: nameOf(data, '76项自查汇总'),
    blocks: [
      para(`对照《林西县创建国家级未成年人保护示范县工作实施方案》附件的达标体系（试行），逐条逐项自查：共 ${lines.length} 项，达标 ${countOf(lines, 'pass')} 项，未达标 ${failed.length} 项，待定 ${countOf(lines, 'undetermined')} 项，不适用 ${countOf(lines, 'not_applicable')} 项。`),
      heading('一、总表'), progress(parts),
      heading('二、逐项对照'),
      ...parts.flatMap((part, n): Block[] => [heading(`（${numeral(n + 1)}）${part.title}`, 2), {
        kind: 'table', head: ['项', '达标要求', '自评', '说明', '佐证材料'], widths: [11, 35, 10, 26, 18],
        rows: part.lines.map((line) => [line.number, line.text, standing(line), told(line), filesOf(line).join('\n')]),
      }]),
      heading('三、未达标项的整改'),
      failed.length ? { kind: 'table', head: ['项', '问题', '整改措施', '责任单位', '期限'], widths: [11, 33, 28, 16, 12],
        rows: failed.flatMap((line) => line.items.filter((one) => one.finding.outcome === 'fail').map((one) =>
          [line.number, one.said, one.finding.remedy?.zh ?? '', one.finding.duty?.zh ?? '', one.finding.deadline ?? ''])) } : para('没有未达标项。'),
      heading('四、独特的做法和成功的经验'),
      { kind: 'room', prompt: '2021年以来的做法和经验（由本单位填写，不写未成年人的姓名和个人信息）', lines: 6 },
      heading('五、零报告'),
      ...zeroOf(zero),
      ...(negative.length ? [
        para('负面工作清单逐项梳理2021年以来的情况；没有该项内容的，书面作零报告说明。有数字和文号的零报告，由“负面清单”检查表另出，附在本汇总之后。'),
        { kind: 'table', head: ['条', '负面清单内容', '责任单位', '数量', '零报告文号'], widths: [10, 38, 24, 10, 18],
          rows: negative.map(({ text, units }, n) => [`第${n + 1}条`, text, units, '', '']) } as const,
      ] : []),
      { kind: 'signatures', who: ['填报人', '主要负责人（签字）', '单位（盖章）'] },
      { kind: 'note', text: '所有材料装订成册后报送县未保组。' },
    ],
  };
}

function zeroOf(items: readonly Item[]): Block[] {
  if (items.length === 0) return [];
  return [{ kind: 'table', head: ['事项', '自评', '填写', '佐证材料'], widths: [32, 12, 36, 20],
    rows: items.map((one) => [one.title, one.outcome, one.values.join('；') || one.said, one.files.join('；')]) }];
}

interface Counted {
  readonly item: Item;
  readonly label: string;
  readonly count: number | null;
  readonly zero: string;
  readonly determined: string;
}

const words = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The items of the list with their counts; the fields belong together by their names. */
function counted(data: PaperData): readonly Counted[] {
  const byName = new Map<string, Field>(data.description.form.fields.map((field) => [field.name, field]));
  return data.items.filter((one) => one.rule?.kind === 'trigger' && one.finding.outcome !== 'not_applicable').flatMap((item): Counted[] => {
    const field = item.finding.at.map((at) => byName.get(at.slice(1))).find((one) => one?.name.endsWith('_count'));
    if (!field) return [];
    const base = field.name.replace(/_count$/, '');
    const count = data.answer(field.name);
    return [{
      item, label: item.clauses[0]?.quote ?? item.title,
      count: typeof count === 'number' ? count : null,
      zero: words(data.answer(`${base}_zero_report_ref`)),
      determined: [words(data.answer(`${base}_determined_by`)), words(data.answer(`${base}_determination_doc`))].filter(Boolean).join('，'),
    }];
  });
}

export function zeroReport(data: PaperData): Paper | null {
  const all = counted(data);
  if (all.length === 0) return null;
  const none = all.filter((one) => one.count === 0);
  const some = all.filter((one) => (one.count ?? 0) > 0);
  const open = all.filter((one) => one.count === null);
  const from = words(data.answer('neg_period_from'));
  const to = words(data.answer('neg_period_to'));
  const unit = words(data.answer('unit_name')) || data.subject || UNIT;
  const period = `${from ? longDay(from) : '＿＿＿＿年＿＿月＿＿日'}至${to ? longDay(to) : '＿＿＿＿年＿＿月＿＿日'}`;
  return {
    id: 'zero', title: '负面工作清单零报告', subtitle: `${unit}　${longDay(words(data.answer('neg_reported_on')) || data.day)}`,
    digest: data.digest, file: nameOf(data, '零报告'),
    blocks: [
      para(`按照《林西县创建国家级未成年人保护示范县工作实施方案》附件“注2”的要求，本单位对${period}的情况逐项认真梳理、统计汇总，现书面报告如下。`),
      heading('一、没有该项内容，作零报告的'),
      none.length ? { kind: 'table', head: ['负面清单内容', '数量', '零报告文号'], widths: [62, 12, 26],
        rows: none.map((one) => [one.label, '0', one.zero || '（文号待编）']) } : para('没有作零报告的项。'),
      heading('二、有该项内容的'),
      some.length ? { kind: 'table', head: ['负面清单内容', '数量', '认定机关和文书', '结论'], widths: [48, 10, 28, 14],
        rows: some.map((one) => [one.label, String(one.count), one.determined, one.item.outcome]) } : para('没有。'),
      heading('三、还没有统计的'),
      open.length ? { kind: 'table', head: ['负面清单内容', '说明'], widths: [62, 38],
        rows: open.map((one) => [one.label, '没有填写。没有填写不等于没有发生，须补报']) } : para('没有。'),
      { kind: 'note', text: '以上内容真实、完整，如有不实，由本单位负责。不写入未成年人的姓名和个人信息。' },
      { kind: 'signatures', who: ['填报人', '主要负责人（签字）', '单位（盖章）'] },
    ],
  };
}
