// What a bound form shows of a report: lines beside controls, entries of the summary, what is announced. In: a report, a reading, and which controls were
// touched or reported. Out: plain data. It selects; the engine decided.

import type { Description } from "../description.js";
import { type Issue, issuesOf, type Lang, say, type Selection } from "../issues.js";
import type { Finding, Report } from "../report.js";
import { type Anchor, anchor } from "./anchors.js";
import type { Line } from "./messages.js";
import type { Control, Reading } from "./read.js";
import type { Entry } from "./summary.js";
import { findingWord, markWord, placeWords, problemWords } from "./words.js";

/** Everything that is to be shown. */
export interface View {
  readonly spots: ReadonlyMap<string, { readonly anchor: Anchor; readonly lines: readonly Line[] }>;
  readonly entries: readonly Entry[];
  /** What keeps from submitting. */
  readonly blockers: readonly Issue[];
  /** Messages of the Constraint Validation API. */
  readonly validity: ReadonlyMap<Control, string>;
  /** All lines in full, for the live region: by spot, findings under the empty key. */
  readonly sayings: readonly { readonly pointer: string; readonly finding: boolean; readonly text: string }[];
}

/** What the view goes by. */
export interface Given {
  readonly report: Report;
  readonly reading: Reading;
  readonly description: Description;
  readonly lang: Lang;
  readonly blocking: Selection;
  /** Was it left, with something typed or chosen? */
  touched(control: Control): boolean;
  /** Is its error shown, because a submit was refused? */
  reported(controls: readonly Control[]): boolean;
}

/** A finding is told once: at the first place with a control that holds an answer, else at the first with a control. */
function placeOf({ at, item }: Finding, reading: Reading): Anchor | undefined {
  const answered = at.find((pointer) => reading.places.get(pointer)?.value !== undefined);
  return anchor(reading, answered ?? at[0] ?? item ?? "");
}

/** As they stand in the document; what leads nowhere comes first. */
function inOrder({ focus: a }: Entry, { focus: b }: Entry): number {
  if (a === undefined || b === undefined || a === b) {
    return Number(a !== undefined) - Number(b !== undefined);
  }
  return a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1;
}

export function viewOf(given: Given): View {
  const { report, reading, description, lang, blocking } = given;
  const { fields } = description.form;
  const spots = new Map<string, { anchor: Anchor; lines: Line[] }>();
  const sayings: { pointer: string; finding: boolean; text: string }[] = [];
  const entries: Entry[] = [];
  const validity = new Map<Control, string>();
  const add = (spot: Anchor | undefined, line: Line, at: string): void => {
    const name = placeWords(description, at, lang);
    const colon = lang === "en" ? ": " : "：";
    sayings.push({ pointer: spot?.pointer ?? "", finding: line.kind === "finding", text: [name, line.word, line.text].filter(Boolean).join(colon) });
    if (spot) {
      const old = spots.get(spot.pointer);
      if (old) {
        old.lines.push(line);
      } else {
        spots.set(spot.pointer, { anchor: spot, lines: [line] });
      }
    }
  };
  const blockers = issuesOf(report, fields, lang, blocking);
  const blocks = new Set(blockers.filter((one) => one.part === "entry").map((one) => `${one.code} ${one.at} ${one.rule ?? ""}`));
  for (const issue of blockers) {
    const spot = anchor(reading, issue.at);
    const message = issue.part === "entry" ? problemWords(issue, issue.message, fields, lang) : issue.message;
    const [control] = spot?.controls ?? [];
    if (control) {
      validity.set(control, [validity.get(control), message].filter(Boolean).join("；"));
    }
    if (given.reported(spot?.controls ?? [])) {
      const name = placeWords(description, issue.at, lang);
      entries.push({ text: name === "" ? message : `${name}${lang === "en" ? ": " : "："}${message}`, focus: spot?.focus });
    }
  }
  entries.sort(inOrder);
  for (const problem of report.entry.problems) {
    const spot = anchor(reading, problem.at);
    const controls = spot?.controls ?? [];
    const isBlocking = blocks.has(`${problem.code} ${problem.at} ${problem.rule ?? ""}`);
    const isReported = isBlocking && given.reported(controls);
    const touched = controls.some((one) => given.touched(one));
    if (isReported || (touched && problem.severity !== "incomplete")) {
      const kind = isReported ? "error" : problem.severity === "warning" ? "warning" : "hint";
      add(spot, { kind, word: markWord(kind, lang), text: problemWords(problem, say(problem.message, lang), fields, lang), severity: problem.severity }, problem.at);
    }
  }
  for (const finding of report.verdict.findings) {
    if (finding.outcome === "fail" || finding.reason === "too_close") {
      const { outcome, severity } = finding;
      add(placeOf(finding, reading), { kind: "finding", word: findingWord(finding, lang), text: say(finding.message, lang), outcome, severity }, finding.item ?? "");
    }
  }
  return { spots, entries, blockers, validity, sayings };
}
