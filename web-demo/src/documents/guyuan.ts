// Guyuan's self-assessment report, as the plan for the joint inspection of 2023 asks for it: part 4 (4) names highlights and
// experience, how the key content is carried out, problems and next measures; part 3 (1) adds results and suggestions, and the key
// content is gone through item by item (part 4 (2)). Signed and sealed by the principal leader; annex 1 is the list of those in
// charge, left blank because it names persons. In: data. Out: a paper.

import type { PaperData } from './data.ts';
import { heading, longDay, numeral, para, type Block, type Paper } from './paper.ts';
import { nameOf } from './report.ts';
import { countOf, filesOf, partsOf, progress, standing, told, type Part } from './standards.ts';

/** Sections of the plan's part 2; the others are about the inspection's own steps. */
const OWN_STEPS = ['实施步骤', '工作要求', '其他'];

export function guyuanReport(data: PaperData): Paper {
  const parts = partsOf(data);
  const key = parts.filter((part) => !OWN_STEPS.includes(part.title));
  const steps = parts.filter((part) => OWN_STEPS.includes(part.title));
  const lines = key.flatMap((part) => part.lines);
  return {
    id: 'guyuan', title: '未成年人保护工作自查自评报告', subtitle: `${data.subject || '（单位）＿＿＿＿＿＿＿＿'}　${longDay(data.day)}`,
    digest: data.digest, file: nameOf(data, '自查自评报告'),
    blocks: [
      para('按照《固原市迎接全国全区未成年人保护工作联合督查实施方案》要求，对照督查重点内容逐条开展自查自评，总结《中华人民共和国未成年人保护法》施行（2021年6月1日）以来的工作，现将情况报告如下。'),
      heading('一、亮点工作和经验做法'),
      { kind: 'room', prompt: '成效和典型经验（由本单位填写，不写未成年人的姓名和个人信息）', lines: 6 },
      heading('二、督查重点内容落实情况'),
      para(`重点内容共 ${lines.length} 条，达标 ${countOf(lines, 'pass')} 条，未达标 ${countOf(lines, 'fail')} 条，待定 ${countOf(lines, 'undetermined')} 条，不适用 ${countOf(lines, 'not_applicable')} 条。`),
      progress(key),
      ...key.flatMap((part, n): Block[] => [heading(`（${numeral(n + 1)}）${part.title}`, 2), table(part)]),
      heading('三、存在的问题和不足'),
      ...problems(key),
      { kind: 'room', prompt: '其他问题和原因分析（由本单位填写）', lines: 3 },
      heading('四、下步措施和工作打算'),
      ...measures(key),
      { kind: 'room', prompt: '其他打算（由本单位填写）', lines: 3 },
      heading('五、意见建议'),
      { kind: 'room', prompt: '由本单位填写', lines: 4 },
      ...(steps.length ? [heading('六、实施步骤和工作要求的落实情况'), ...steps.map(table)] : []),
      { kind: 'note', text: '经主要领导签字、加盖公章后报送。涉密材料不写入本报告，按方案刻盘报送。' },
      { kind: 'signatures', who: ['主要领导（签字）', '单位（盖章）', '报送日期'] },
      { kind: 'page' },
      heading('附件1　未成年人保护工作分管领导及联络员信息'),
      { kind: 'table', head: ['', '单位', '姓名', '职务', '联系电话'], widths: [16, 28, 18, 18, 20], rows: [['分管领导', data.subject, '', '', ''], ['联络员', data.subject, '', '', '']] },
      { kind: 'note', text: '姓名和电话不在本系统里填写，请在纸上填写。' },
    ],
  };
}

function table(part: Part): Block {
  return { kind: 'table', head: ['条款', '督查重点内容', '自评', '说明', '佐证材料'], widths: [13, 31, 10, 29, 17],
    rows: part.lines.map((line) => [line.number, line.text, standing(line), told(line), filesOf(line).join('\n')]) };
}

function problems(parts: readonly Part[]): Block[] {
  const lines = parts.flatMap((part) => part.lines).filter((line) => line.outcome === 'fail');
  if (lines.length === 0) return [para('逐条自查没有发现未达标的内容。')];
  return lines.map((line, n) => para(`${n + 1}．${told(line).replace(/\n/g, '')}`));
}

function measures(parts: readonly Part[]): Block[] {
  const items = parts.flatMap((part) => part.lines).flatMap((line) => line.items).filter((one) => one.finding.outcome === 'fail' && one.finding.remedy);
  if (items.length === 0) return [para('继续保持，并对待定的内容补齐资料。')];
  return [{ kind: 'table', head: ['序号', '问题', '整改措施', '责任单位', '期限'], widths: [9, 33, 30, 16, 12],
    rows: items.map((one, n) => [String(n + 1), one.title, one.finding.remedy?.zh ?? '', one.finding.duty?.zh ?? '', one.finding.deadline ?? '']) }];
}
