// The words that a bound form adds around the ruleset's own texts, in both languages. In: codes. Out: text. They say what was decided; they
// decide nothing.

import type { Description, Field } from "../description.js";
import { keysOf, type Lang, say } from "../issues.js";
import type { Finding, Pointer, Text } from "../report.js";

type Words = Readonly<Record<string, Text>>;

const of = (words: Words, code: string, lang: Lang): string => say(words[code] ?? { zh: code, en: code }, lang);

const MARKS: Words = {
  error: { zh: "错误", en: "Error" },
  incomplete: { zh: "错误", en: "Error" },
  hint: { zh: "提示", en: "Hint" },
  warning: { zh: "注意", en: "Note" },
};
const SEVERITIES: Words = {
  critical: { zh: "严重", en: "Critical" },
  major: { zh: "重大", en: "Major" },
  moderate: { zh: "一般", en: "Moderate" },
  minor: { zh: "轻微", en: "Minor" },
};
const OUTCOMES: Words = {
  pass: { zh: "合格", en: "Pass" },
  fail: { zh: "不合格", en: "Fail" },
  undetermined: { zh: "待定", en: "Open" },
  faulted: { zh: "算不出", en: "Faulted" },
  not_applicable: { zh: "不适用", en: "Not applicable" },
};

export const markWord = (code: string, lang: Lang): string => of(MARKS, code, lang);
export const outcomeWord = (code: string, lang: Lang): string => of(OUTCOMES, code, lang);

/** `不合格（严重）`: the outcome, and how grave; of what a better measurement would decide, that it would. */
export function findingWord({ outcome, severity, reason }: Pick<Finding, "outcome" | "severity" | "reason">, lang: Lang): string {
  const grave = of(SEVERITIES, severity, lang);
  const close = reason === "too_close" ? say(TEXTS.close, lang) : "";
  return lang === "en" ? `${outcomeWord(outcome, lang)} (${grave.toLowerCase()}${close})` : `${outcomeWord(outcome, lang)}（${grave}${close}）`;
}

/** Sentences. */
export const TEXTS = {
  summary: (count: number): Text => ({ zh: `有 ${count} 处要改，才能提交`, en: `${count === 1 ? "There is a problem" : `There are ${count} problems`}: not submitted yet` }),
  titled: { zh: "错误：", en: "Error: " },
  verdict: { zh: "结论", en: "Verdict" },
  open: (count: number): Text => ({ zh: `待定 ${count} 项`, en: `${count} open` }),
  failed: (count: number): Text => ({ zh: `不合格 ${count} 项`, en: `${count} failed` }),
  close: { zh: "，离限值太近，请用更准的办法重测", en: ", too close to the limit: measure again, more exactly" },
  answer: { zh: "去填写", en: "Answer" },
  look: { zh: "看", en: "See" },
  added: (label: string, number: number): Text => ({ zh: `已添加：${label} 第 ${number} 项`, en: `Added: ${label}, item ${number}` }),
  removed: (label: string, number: number): Text => ({ zh: `已删除：${label} 第 ${number} 项`, en: `Removed: ${label}, item ${number}` }),
  unusable: (code: string): Text => ({ zh: `这份记录检查不了（${code}）`, en: `This record cannot be checked (${code})` }),
};

/** How an answer of a type is written. */
const SHAPES: Words = {
  measure: { zh: "请填数字，知道误差的也写上，例如 195 或 195 ± 12", en: "write a number, with its accuracy where that is known: 195 or 195 ± 12" },
  date: { zh: "请填日期，例如 2026-03-01", en: "write a day, such as 2026-03-01" },
  datetime: { zh: "请填日期和时间，例如 2026-03-01 21:40", en: "write a day and a time, such as 2026-03-01 21:40" },
  number: { zh: "请填数字", en: "write a number" },
  integer: { zh: "请填整数", en: "write a whole number" },
};

/** Of an answer that cannot be read: how it is to be written. Of any other problem: its own words. */
export function problemWords({ code, at }: { readonly code: string; readonly at: Pointer }, own: string, fields: readonly Field[], lang: Lang): string {
  const shape = code === "wrong_type" ? SHAPES[fieldAt(fields, at)?.type ?? ""] : undefined;
  return shape ? say(shape, lang) : own;
}

/** The field that a place belongs to. */
export function fieldAt(fields: readonly Field[], pointer: Pointer): Field | undefined {
  let inside: readonly Field[] | undefined = fields;
  let found: Field | undefined;
  for (const key of keysOf(pointer)) {
    // The key of a row is a number; its fields are those of its list.
    const next: Field | undefined = inside?.find((one) => one.name === key);
    if (next !== undefined) {
      found = next;
      inside = next.fields;
    }
  }
  return found;
}

/** A place in the words of the form: `入住人员 第 1 项 · 代号`. */
export function placeWords(description: Description, pointer: Pointer, lang: Lang): string {
  const words: string[] = [];
  let inside: readonly Field[] | undefined = description.form.fields;
  const keys = keysOf(pointer);
  for (let i = 0; i < keys.length; i++) {
    const field: Field | undefined = inside?.find((one) => one.name === keys[i]);
    if (field === undefined) {
      break;
    }
    let label = say(field.label, lang);
    if (field.type === "list" && keys[i + 1] !== undefined) {
      label += lang === "en" ? `, item ${Number(keys[++i]) + 1}` : ` 第 ${Number(keys[++i]) + 1} 项`;
    }
    words.push(label);
    inside = field.fields;
  }
  return words.join(" · ");
}

/** Title of the rule, and its first clause: `《…办法》第六条`. */
export function clauseWords(description: Description, finding: Finding): string {
  const clause = description.clauses.find((one) => one.id === finding.clauses[0]);
  return clause ? `《${clause.title.replace(/^《|》$/g, "")}》${clause.article}` : "";
}
