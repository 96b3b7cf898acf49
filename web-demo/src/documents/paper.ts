// A paper: what is printed, before anybody decides how. In: nothing. Out: the types that the writers of papers fill and that the two
// renderers (print, DOCX) draw. Papers are written in Chinese, as the offices that receive them ask. Must not know: any ruleset.

export type Block =
  | { readonly kind: 'heading'; readonly text: string; readonly level?: 1 | 2 }
  /** A title further on, where a paper holds several of a kind. */
  | { readonly kind: 'title'; readonly text: string; readonly subtitle: string }
  | { readonly kind: 'para'; readonly text: string; readonly plain?: boolean; readonly strong?: boolean; readonly right?: boolean }
  | { readonly kind: 'quote'; readonly text: string; readonly source: string }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[]; readonly widths: readonly number[] }
  /** Room to write by hand, with what belongs there. */
  | { readonly kind: 'room'; readonly prompt: string; readonly lines: number }
  | { readonly kind: 'signatures'; readonly who: readonly (string | Signed)[] }
  | { readonly kind: 'note'; readonly text: string }
  /** The next block begins a page. */
  | { readonly kind: 'page' };

/** Who signs, with what was signed on the phone: a drawing (PNG), or words in its place. */
export interface Signed {
  readonly who: string;
  readonly words: string;
  readonly drawing: Uint8Array | null;
  readonly on: string;
}

export interface Paper {
  /** Stable: `report`, `notices`, … */
  readonly id: string;
  readonly title: string;
  readonly subtitle?: string;
  readonly blocks: readonly Block[];
  /** Stands at the end of the paper as a code to be scanned and in letters. */
  readonly digest: string;
  /** Name of a file, without its ending. */
  readonly file: string;
}

export const heading = (text: string, level: 1 | 2 = 1): Block => ({ kind: 'heading', text, level });
export const para = (text: string): Block => ({ kind: 'para', text });

const NUMERALS = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];

/** `一`, `十二`, `二十`: headings of Chinese papers are counted so. Up to 99. */
export function numeral(value: number): string {
  if (value <= 10) return NUMERALS[value] ?? String(value);
  const tens = Math.floor(value / 10);
  const ones = value % 10;
  return `${tens > 1 ? NUMERALS[tens] : ''}十${ones > 0 ? NUMERALS[ones] : ''}`;
}

/** `2026年3月2日`. */
export function longDay(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return year && month && date ? `${year}年${month}月${date}日` : day;
}
