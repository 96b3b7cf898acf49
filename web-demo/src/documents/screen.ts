// The papers of an inspection: which there are, one on the screen as it will be printed, and the ways to have it. In: an inspection.
// Out: an element. Nothing is sent anywhere. Loaded when somebody asks for a paper.

import '../style/paper.css';
import { bundleAddress } from '../server.ts';
import { loadRuleset } from '../engine.ts';
import type { Inspection } from '../inspection.ts';
import { fill, h, uid } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import { icon } from '../ui/icons.ts';
import { signedOn } from './signed.ts';
import { paperData, type PaperData } from './data.ts';
import { nameField, subjectOf } from '../flow/subject.ts';
import { guyuanReport } from './guyuan.ts';
import { linxiSummary, zeroReport, type Negative } from './linxi.ts';
import type { Paper } from './paper.ts';
import { drawn } from './print.ts';
import { inspectionReport, notices } from './report.ts';

interface Kind {
  readonly id: string;
  readonly words: () => string;
  make(data: PaperData): Promise<Paper | null>;
}

const KINDS: readonly (Kind & { readonly only?: (data: PaperData) => boolean })[] = [
  { id: 'guyuan', words: bi('自查自评报告', 'Self-assessment report'), only: (data) => data.ruleset.id === 'inspection.guyuan', make: async (data) => guyuanReport(data) },
  { id: 'linxi', words: bi('76 项汇总', 'Summary of 76 items'), only: (data) => data.ruleset.id === 'assessment.linxi', make: async (data) => linxiSummary(data, await negativeList()) },
  { id: 'zero', words: bi('零报告', 'Zero report'), only: (data) => data.description.layers.some((one) => one.id === 'negative_list.linxi'), make: async (data) => zeroReport(data) },
  { id: 'report', words: bi('检查报告', 'Report'), make: async (data) => inspectionReport(data) },
  { id: 'notices', words: bi('整改通知（参考）', 'Notices (drafts)'), make: async (data) => notices(data) },
];

/** Linxi's negative list, for the annex of the summary; nothing where it cannot be fetched. */
async function negativeList(): Promise<readonly Negative[]> {
  try {
    const { clauses, rules } = (await loadRuleset(bundleAddress('negative_list'))).describe({ asOf: '2023-07-24', jurisdiction: '150424' });
    return clauses.filter((one) => one.id.startsWith('linxi_neg_')).map((clause) => ({
      text: clause.quote, units: rules.find((rule) => rule.clauses[0] === clause.id)?.duty?.zh ?? '',
    }));
  } catch {
    return [];
  }
}

export function papersScreen(inspection: Inspection, back: () => void): HTMLElement {
  const subjectId = uid('subject');
  const subject = h('input', { type: 'text', id: subjectId, maxlength: 60, autocomplete: 'off', value: subjectOf(inspection), enterkeyhint: 'done' });
  const tabs = h('div', { class: 'row tabs', role: 'group', 'aria-label': bi('文书', 'Papers') });
  const sheet = h('div', { class: 'sheet' });
  const status = h('p', { class: 'status', role: 'status' });
  const print = h('button', { type: 'button', class: 'action', id: 'print' }, icon('print'), h('span', { text: bi('打印或存 PDF', 'Print or save PDF') }));
  const word = h('button', { type: 'button', class: 'action quiet', id: 'docx', text: bi('存 Word 文件', 'Save as Word') });
  let named = subjectOf(inspection);
  let data = paperData(inspection, named);
  let signed: PaperData['signed'] = {};
  const kinds = KINDS.filter((one) => one.only?.(data) ?? true);
  let chosen: Kind | undefined = kinds[0];
  let paper: Paper | null = null;

  const show = async (): Promise<void> => {
    const asked = chosen;
    const made = await asked?.make(data);
    if (asked !== chosen) return;
    paper = made ?? null;
    for (const one of [print, word]) one.disabled = paper === null;
    if (paper) fill(sheet, drawn(paper));
    else fill(sheet, h('p', { class: 'papers-none', text: bi('没有不合格事项，不用出这份文书。', 'Nothing failed: this paper is not needed.') }));
  };
  const buttons = kinds.map((kind) => {
    const button = h('button', { type: 'button', class: 'tab', 'data-paper': kind.id, 'aria-pressed': String(kind === chosen), text: kind.words });
    button.addEventListener('click', () => {
      chosen = kind;
      for (const [n, one] of buttons.entries()) one.setAttribute('aria-pressed', String(kinds[n] === kind));
      void show();
    });
    return button;
  });
  fill(tabs, buttons);
  subject.addEventListener('change', () => {
    // The form's own name stays as it was answered there: a paper may have it in full.
    named = subject.value.trim();
    if (nameField(inspection) === null) inspection.name(named);
    data = paperData(inspection, named, signed);
    void show();
  });
  print.addEventListener('click', () => window.print());
  word.addEventListener('click', async () => {
    if (!paper) return;
    word.setAttribute('aria-busy', 'true');
    status.textContent = say('正在做 Word 文件……', 'Making the Word file…');
    try {
      const { docxOf } = await import('./docx.ts');
      save(await docxOf(paper), `${paper.file}.docx`);
      status.textContent = say('已存到下载目录。', 'Saved to your downloads.');
    } catch (error) {
      console.error(error);
      status.textContent = say('Word 文件没有做成。请检查网络后再试，或者用“打印或存 PDF”。', 'The Word file was not made. Check the connection and try again, or print to PDF.');
    }
    word.removeAttribute('aria-busy');
  });
  void show();
  // Drawings come from the store; the paper stands without them until they are there.
  void signedOn(inspection).then((found) => {
    if (Object.keys(found).length === 0) return;
    signed = found;
    data = paperData(inspection, named, signed);
    void show();
  });
  return h('main', { class: 'papers', id: 'main' },
    h('div', { class: 'papers-tools' },
      h('button', { type: 'button', class: 'action quiet', id: 'back-to-form', text: bi('← 回到检查表', '← Back to the form'), onclick: back }),
      h('h1', { tabindex: -1, text: bi('出文书', 'Papers') }),
      h('div', { class: 'part' }, h('label', { for: subjectId, text: bi('被检查单位（写在文书上）', 'Inspected unit (stands on the papers)') }), subject),
      tabs, h('div', { class: 'row' }, print, word), status),
    sheet);
}

function save(file: Blob, name: string): void {
  const link = h('a', { href: URL.createObjectURL(file), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
