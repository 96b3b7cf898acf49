// Papers of a table of standards, item by item: several rules of one item are one line. In: data. Out: lines and the tables made of them.

import { bySection, type Item, type PaperData } from './data.ts';
import type { Block } from './paper.ts';

export interface Line {
  /** `第31项`; what the clause is called. */
  readonly number: string;
  readonly text: string;
  readonly outcome: string;
  readonly items: readonly Item[];
}

/** The last word of an article that names a place in an annex: `附件 任务分解表 第31项` is `第31项`. */
const short = (article: string): string => article.split(' ').at(-1) ?? article;

/** An item is as good as its worst rule. */
const WORST = ['fail', 'faulted', 'undetermined', 'pass', 'not_applicable'];
const WORDS: Record<string, string> = { fail: '未达标', faulted: '算不出', undetermined: '待定', pass: '达标', not_applicable: '不适用' };

export function linesOf(items: readonly Item[]): readonly Line[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = item.clauses[0]?.id ?? item.finding.rule;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()].map((group) => {
    const clause = group[0]?.clauses[0];
    return {
      number: clause ? short(clause.article) : group[0]?.title ?? '',
      text: clause?.quote ?? group.map((one) => one.title).join('；'),
      outcome: WORST.find((one) => group.some((item) => item.finding.outcome === one)) ?? 'not_applicable',
      items: group,
    };
  });
}

export interface Part {
  readonly title: string;
  readonly lines: readonly Line[];
}

export const partsOf = (data: PaperData): readonly Part[] =>
  bySection(data).map(({ title, items }) => ({ title: title ?? '其他', lines: linesOf(items) }));

export const standing = (line: Line): string => WORDS[line.outcome] ?? line.outcome;

export const countOf = (lines: readonly Line[], outcome: string): number => lines.filter((one) => one.outcome === outcome).length;

/** What was found at an item: each failure and each open matter once. */
export function told(line: Line): string {
  const said = line.items.filter((one) => one.finding.outcome !== 'pass' && one.finding.outcome !== 'not_applicable')
    .map((one) => (one.finding.outcome === 'fail' ? one.said : `${one.title}：${one.said}`));
  return [...new Set(said)].join('\n');
}

export const filesOf = (line: Line): readonly string[] => [...new Set(line.items.flatMap((one) => one.files))];

export function progress(parts: readonly Part[]): Block {
  const all = parts.flatMap((part) => part.lines);
  const row = (title: string, lines: readonly Line[]): readonly string[] =>
    [title, String(lines.length), ...['pass', 'fail', 'undetermined', 'not_applicable'].map((one) => String(countOf(lines, one)))];
  return { kind: 'table', head: ['部分', '项数', '达标', '未达标', '待定', '不适用'], widths: [35, 13, 13, 13, 13, 13],
    rows: [...parts.map((part) => row(part.title, part.lines)), row('合计', all)] };
}
