// A paper as a DOCX file, with the type sizes of Chinese official papers. In: a paper. Out: the file. Loaded only when somebody asks
// for one: the library is as large as the rest of the page.

import {
  AlignmentType, BorderStyle, Document, Footer, HeadingLevel, ImageRun, PageNumber, Packer, Paragraph, Table, TableCell, TableLayoutType, TableRow, TextRun,
  VerticalAlign, WidthType, convertMillimetersToTwip as mm, type ParagraphChild,
} from 'docx';
import type { Block, Paper, Signed } from './paper.ts';
import { codePng, verifyAddress } from './qr.ts';

/** Half points: 二号, 三号, 小四, 五号. */
const SIZE = { title: 44, head: 32, body: 28, small: 21 } as const;
const SONG = { ascii: 'Times New Roman', eastAsia: '宋体', hAnsi: 'Times New Roman', cs: 'Times New Roman' };
const HEI = { ...SONG, eastAsia: '黑体' };
const FANG = { ...SONG, eastAsia: '仿宋' };
const TEXT_WIDTH = mm(156);
const THIN = { style: BorderStyle.SINGLE, size: 4, color: '000000' } as const;
const NONE = { style: BorderStyle.NONE, size: 0, color: 'auto' } as const;

const run = (text: string, size: number = SIZE.body, font = FANG, bold = false): TextRun => new TextRun({ text, size, font, bold, color: '000000' });

function broken(text: string, size: number): TextRun[] {
  return text.split('\n').map((line, n) => new TextRun({ text: line, size, font: FANG, ...(n > 0 && { break: 1 }) }));
}

function paragraph(children: readonly ParagraphChild[], options: ConstructorParameters<typeof Paragraph>[0] & object = {}): Paragraph {
  return new Paragraph({ spacing: { line: 420, lineRule: 'atLeast' }, ...(options as object), children });
}

function cell(text: string, width: number, head = false): TableCell {
  return new TableCell({
    width: { size: width, type: WidthType.DXA }, verticalAlign: VerticalAlign.CENTER,
    margins: { top: 50, bottom: 50, left: 90, right: 90 },
    children: [new Paragraph({ alignment: head ? AlignmentType.CENTER : AlignmentType.LEFT, children: head ? [run(text, SIZE.small, HEI)] : broken(text, SIZE.small) })],
  });
}

function table(widths: readonly number[], rows: readonly TableRow[]): Table {
  const frame = { top: THIN, bottom: THIN, left: THIN, right: THIN, insideHorizontal: THIN, insideVertical: THIN };
  return new Table({ width: { size: TEXT_WIDTH, type: WidthType.DXA }, layout: TableLayoutType.FIXED, columnWidths: [...widths], rows: [...rows], borders: frame });
}

function written(block: Block, pages: { next: boolean }): (Paragraph | Table)[] {
  switch (block.kind) {
    case 'heading': {
      const first = pages.next;
      pages.next = false;
      return [new Paragraph({
        heading: block.level === 2 ? HeadingLevel.HEADING_2 : HeadingLevel.HEADING_1, pageBreakBefore: first, keepNext: true, spacing: { before: 200, after: 100 },
        children: [run(block.text, block.level === 2 ? SIZE.body : SIZE.head, HEI, block.level === 2)],
      })];
    }
    case 'title': {
      const first = pages.next;
      pages.next = false;
      return [middle(block.text, SIZE.title, HEI, first), middle(block.subtitle, SIZE.body, FANG)];
    }
    case 'para':
      return [paragraph([block.strong ? run(block.text, SIZE.body, HEI) : run(block.text)], block.plain
        ? { alignment: block.right ? AlignmentType.RIGHT : AlignmentType.LEFT } : { indent: { firstLine: SIZE.body * 20 } })];
    case 'quote':
      return [paragraph([run(`“${block.text}”——${block.source}`, 24, { ...SONG, eastAsia: '楷体' })], { indent: { left: 480, right: 240 }, spacing: { after: 100, line: 380 } })];
    case 'facts': {
      const widths = [TEXT_WIDTH * 0.2, TEXT_WIDTH * 0.8].map(Math.round);
      return [table(widths, block.rows.map(([name, value]) => new TableRow({ cantSplit: true, children: [cell(name, widths[0] ?? 0, true), cell(value, widths[1] ?? 0)] }))), gap()];
    }
    case 'table': {
      const widths = block.widths.map((one) => Math.round((TEXT_WIDTH * one) / 100));
      const row = (cells: readonly string[], head: boolean): TableRow =>
        new TableRow({ tableHeader: head, cantSplit: true, children: cells.map((text, n) => cell(text, widths[n] ?? 0, head)) });
      return [table(widths, [row(block.head, true), ...block.rows.map((cells) => row(cells, false))]), gap()];
    }
    case 'room':
      return [paragraph([run(`（${block.prompt}）`, SIZE.small)]), ...Array.from({ length: block.lines }, () => paragraph([run('')]))];
    case 'signatures':
      return block.who.map((who) => paragraph(typeof who === 'string' ? [run(`${who}：＿＿＿＿＿＿＿＿　　　　年　　月　　日`)] : signed(who), { spacing: { before: 240 }, keepLines: true }));
    case 'note':
      return [paragraph([run(block.text, SIZE.small, SONG)], { spacing: { before: 120, line: 320 } })];
    case 'page':
      pages.next = true;
      return [];
  }
}

const middle = (text: string, size: number, font: typeof SONG, first = false): Paragraph =>
  new Paragraph({ alignment: AlignmentType.CENTER, pageBreakBefore: first, spacing: { after: 160 }, children: [run(text, size, font)] });

function signed(one: Signed): ParagraphChild[] {
  const picture = one.drawing
    ? [new ImageRun({ type: 'png', data: one.drawing, transformation: { width: 130, height: 52 }, altText: { name: 'signature', title: '签名', description: `${one.who}的手写签名` } })] : [];
  return [run(`${one.who}：`), ...picture, run(`${one.words}　　${one.on}`)];
}

const gap = (): Paragraph => new Paragraph({ spacing: { line: 160 }, children: [] });

/** The digest with its code, side by side. */
async function seal(digest: string): Promise<Table> {
  const address = verifyAddress(digest);
  const widths = [mm(38), TEXT_WIDTH - mm(38)];
  const side = 116;
  const picture = new ImageRun({ type: 'png', data: await codePng(address), transformation: { width: side, height: side }, altText: { name: 'QR', title: '核验二维码', description: address } });
  const text = [['报告摘要（扫码核验）', SIZE.small], [digest, 16], [address, 16]] as const;
  const left = new TableCell({ width: { size: widths[0] ?? 0, type: WidthType.DXA }, children: [new Paragraph({ children: [picture] })] });
  const right = new TableCell({
    width: { size: widths[1] ?? 0, type: WidthType.DXA }, verticalAlign: VerticalAlign.CENTER,
    children: text.map(([one, size]) => new Paragraph({ children: [run(one, size, SONG)] })),
  });
  return new Table({
    width: { size: TEXT_WIDTH, type: WidthType.DXA }, layout: TableLayoutType.FIXED, columnWidths: widths, rows: [new TableRow({ cantSplit: true, children: [left, right] })],
    borders: { top: NONE, bottom: NONE, left: NONE, right: NONE, insideHorizontal: NONE, insideVertical: NONE },
  });
}

export async function docxOf(paper: Paper): Promise<Blob> {
  const pages = { next: false };
  const file = new Document({
    title: paper.title, creator: '未保规则 Weibao Rules', description: paper.digest,
    styles: { default: { document: { run: { font: FANG, size: SIZE.body } } } },
    sections: [{
      // GB/T 9704: A4, 37 mm above, 35 below, 28 left, 26 right.
      properties: { page: { size: { width: mm(210), height: mm(297) }, margin: { top: mm(37), bottom: mm(35), left: mm(28), right: mm(26) } } },
      footers: { default: new Footer({ children: [new Paragraph({ alignment: AlignmentType.CENTER, children: [new TextRun({ children: ['— ', PageNumber.CURRENT, ' —'], size: 24, font: SONG })] })] }) },
      children: [
        middle(paper.title, SIZE.title, HEI), ...(paper.subtitle ? [middle(paper.subtitle, SIZE.body, FANG)] : []),
        ...paper.blocks.flatMap((block) => written(block, pages)), gap(), await seal(paper.digest),
      ],
    }],
  });
  return Packer.toBlob(file);
}
