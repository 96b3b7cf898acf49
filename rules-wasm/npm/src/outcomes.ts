// Outcomes of a check, decoded from the engine's words when somebody looks. The format is in rules-wasm/src/outcomes.rs.

import type { Places } from "./layout.js";
import type { Pointer, Reason, RuleOutcome, Verdict } from "./report.js";

/** What one rule says, for the whole or for one item; without texts. */
export interface Outcome {
  /** Id of the rule. */
  readonly rule: string;
  /** What it says. */
  readonly outcome: RuleOutcome;
  /** The list item it is about, for rules with `each`. */
  readonly item?: Pointer;
  /** With `undetermined` and `faulted`: why. */
  readonly reason?: Reason;
  /** What to highlight. */
  readonly at: readonly Pointer[];
  /** With `undetermined`: the answers that could still decide it. */
  readonly missing: readonly Pointer[];
}

/** What the decoder goes by: names of one ruleset. */
export interface Names {
  readonly places: readonly Places[];
  readonly rules: readonly string[];
  readonly reasons: readonly string[];
  readonly reasonWords: readonly string[];
  readonly faultWords: readonly string[];
}

const WORDS: readonly RuleOutcome[] = ["not_applicable", "pass", "fail", "undetermined", "faulted"];
const WHOLE: readonly Verdict["outcome"][] = ["pass", "fail", "undetermined", "not_applicable"];
const HEAD = 8;
const RECORD = 0xffffff;

/**
 * The outcomes of one check, in ruleset order: those that fail, are undetermined or faulted (with the option `all`, every one).
 * Nothing is decoded before it is asked for.
 */
export class Outcomes implements Iterable<Outcome> {
  private list: readonly Outcome[] | undefined;

  /** @internal */
  constructor(
    private readonly words: readonly number[],
    private readonly names: Names,
  ) {}

  /** The verdict of the whole. */
  get verdict(): Verdict["outcome"] {
    return WHOLE[this.words[1]!]!;
  }

  /** How many outcomes there are to iterate. */
  get length(): number {
    return this.words[2]!;
  }

  /** How many rules and items had each outcome; rules of kind `entry` are not counted, as in a report. */
  get counts(): Readonly<Record<RuleOutcome, number>> {
    const [not_applicable, pass, fail, undetermined, faulted] = this.words.slice(3, HEAD) as [number, number, number, number, number];
    return { pass, fail, undetermined, faulted, not_applicable };
  }

  /** Decodes all of them. */
  [Symbol.iterator](): Iterator<Outcome> {
    return this.toArray()[Symbol.iterator]();
  }

  /** All of them, decoded once. */
  toArray(): readonly Outcome[] {
    return (this.list ??= this.decode());
  }

  private decode(): Outcome[] {
    const words = this.words;
    const { rules } = this.names;
    const out: Outcome[] = [];
    let at = HEAD;
    for (let left = this.length; left > 0; left--) {
      const head = words[at]!;
      const reason = words[at + 1]!;
      const sizes = words[at + 2]!;
      at += 3;
      const made: { -readonly [Key in keyof Outcome]: Outcome[Key] } = {
        rule: rules[head & 0xffffff]!,
        outcome: WORDS[(head >>> 24) & 7]!,
        at: [],
        missing: [],
      };
      if (head >>> 27 === 1) {
        made.item = this.place(at);
        at = this.after(at);
      }
      if (reason !== 0) {
        made.reason = this.reason(reason);
      }
      for (let i = sizes & 0xffff; i > 0; i--) {
        (made.at as Pointer[]).push(this.place(at));
        at = this.after(at);
      }
      for (let i = sizes >>> 16; i > 0; i--) {
        (made.missing as Pointer[]).push(this.place(at));
        at = this.after(at);
      }
      out.push(made);
    }
    return out;
  }

  private after(at: number): number {
    return at + 1 + 2 * (this.words[at]! >>> 24);
  }

  private place(at: number): Pointer {
    const words = this.words;
    const head = words[at]!;
    const slot = head & 0xffffff;
    let scope = this.names.places[0]!;
    let path = "";
    const end = at + 1 + 2 * (head >>> 24);
    for (let i = at + 1; i < end; i += 2) {
      const list = words[i]!;
      path += `${scope.pointers[list]!}/${words[i + 1]!}`;
      scope = this.names.places[scope.scopes[list]!]!;
    }
    return slot === RECORD ? path : path + scope.pointers[slot]!;
  }

  private reason(number: number): Reason {
    const { reasons, reasonWords, faultWords } = this.names;
    if (number >= 0x10000) {
      return reasons[number - 0x10000]!;
    }
    return number >= 0x100 ? faultWords[number - 0x100]! : reasonWords[number - 1]!;
  }
}
