// A session: answers that change one at a time. An edit costs the rules that read it, not the ruleset.

import { type Changes, changes } from "./changes.js";
import { RulesError } from "./errors.js";
import type { SessionHandle } from "./glue.js";
import { step, writeJson } from "./json.js";
import type { CheckOptions } from "./options.js";
import type { Outcome } from "./outcomes.js";
import type { Pointer, Report } from "./report.js";
import type { Ruleset } from "./ruleset.js";
import { Tables } from "./tables.js";

/** A place in the answers: a JSON Pointer, or its keys. */
export type Path = Pointer | readonly (string | number)[];

/** The rules that an edit moved. */
export interface Change {
  /** Ids of the rules whose outcome, for the whole or for some item, is another than before. */
  readonly rules: readonly string[];
  /** What those rules say now, decoded when it is read. */
  readonly outcomes: readonly Outcome[];
}

/** Edits after which the answers themselves are remembered instead of how they came about. */
const MOST_EDITS = 4_096;

/**
 * Answers that change one at a time, with what the rules say of them. Made by {@link Ruleset.session}. Its report is,
 * byte for byte, that of a fresh check of the same answers.
 *
 * @example
 * ```js
 * const session = ruleset.session({}, { asOf: "2026-03-02" });
 * session.set("/guests/0/age", 16).rules; // ids of the rules that moved
 * session.report().verdict.outcome;
 * ```
 */
export class Session {
  private generation: number;
  private disposed = false;
  /** What was done since `text`, to begin again after a trap. */
  private edits: [path: string, text: string | undefined][] = [];

  /** @internal */
  constructor(
    private ruleset: Ruleset,
    configured: ReturnType<Ruleset["configure"]>,
    private text: string,
    private options: CheckOptions,
    private rules: readonly string[],
  ) {
    this.generation = ruleset.engine.generation;
    this.handle = this.begin(configured);
  }

  private handle: SessionHandle;

  private begin(configured: ReturnType<Ruleset["configure"]>): SessionHandle {
    const { engine } = this.ruleset;
    return engine.run(() => configured.session(engine.given, engine.put(this.text))!);
  }

  /** The handle in the living instance; after a trap, all edits are made again. */
  private living(): SessionHandle {
    if (this.disposed) {
      throw new RulesError("disposed");
    }
    const { engine } = this.ruleset;
    if (this.generation !== engine.generation) {
      const configured = this.ruleset.configure(this.options);
      const { generation } = engine;
      this.handle = this.begin(configured);
      for (const [path, text] of this.edits) {
        this.apply(this.handle, path, text);
      }
      this.generation = generation;
    }
    return this.handle;
  }

  private apply(handle: SessionHandle, path: string, text: string | undefined): number {
    const { engine } = this.ruleset;
    try {
      const length = engine.put(path);
      return text === undefined ? handle.remove(engine.given, length) : handle.set(engine.given, length, engine.put(text, length));
    } catch (error) {
      throw engine.failed(error);
    }
  }

  private edit(path: Path, text: string | undefined): Change {
    const handle = this.living();
    const at = pointer(path);
    const address = this.apply(handle, at, text) >>> 0;
    const words = this.ruleset.engine.words(address);
    if (this.edits.push([at, text]) > MOST_EDITS) {
      this.text = handle.answers();
      this.edits = [];
    }
    return new Moved(this, words, this.rules);
  }

  /**
   * Sets the answer at a place, or a new item one past the end of a list. `undefined` and `null` mean: not answered.
   * What is wrong with a value is told by the report, not thrown.
   */
  set(path: Path, value: unknown): Change {
    return this.edit(path, writeJson(value ?? null, pointer(path)));
  }

  /** The same with JSON text that `writeJson` made. @internal */
  setText(path: Pointer, text: string): Change {
    return this.edit(path, text);
  }

  /** Removes an answer, or an item of a list: those behind it move up. */
  remove(path: Path): Change {
    return this.edit(path, undefined);
  }

  /** What every rule says now: passes and rules that do not apply, too. */
  get outcomes(): readonly Outcome[] {
    return ([] as Outcome[]).concat(...this.rules.map((_, rule) => this.of(rule)));
  }

  /** @internal */
  of(rule: number): readonly Outcome[] {
    const handle = this.living();
    return JSON.parse(this.ruleset.engine.run(() => handle.outcomes(rule))) as Outcome[];
  }

  /** How many findings fail, and how many are undetermined or faulted. Cheap. */
  get counts(): { readonly failed: number; readonly open: number } {
    const handle = this.living();
    const [failed, open] = this.ruleset.engine.run(() => handle.counts());
    return { failed: failed!, open: open! };
  }

  /** Is this field or group asked? `false` only where that is sure: a condition that nobody can tell yet asks. */
  relevant(path: Path): boolean {
    const handle = this.living();
    const { engine } = this.ruleset;
    return engine.run(() => handle.relevant(engine.given, engine.put(pointer(path))));
  }

  /** The answers as they are now. A copy. */
  get answers(): unknown {
    return JSON.parse(this.answersText());
  }

  /** The same as text, which holds numbers that JavaScript does not. @internal */
  answersText(): string {
    const handle = this.living();
    return this.ruleset.engine.run(() => handle.answers());
  }

  /** The report of the answers as they are now. */
  report(options?: { readonly explain?: boolean; readonly all?: boolean }): Report {
    return JSON.parse(this.reportText(options)) as Report;
  }

  /** The same as canonical JSON (RFC 8785). */
  reportText(options: { readonly explain?: boolean; readonly all?: boolean } = {}): string {
    const handle = this.living();
    return this.ruleset.engine.run(() => handle.report(options.explain, options.all));
  }

  /**
   * Puts another ruleset, or another version of this one, in the place of the session's, and keeps the answers: those that the new form does not know are problems
   * of the report, and come back with a ruleset that knows them. Without `options` those of the session hold; of its tables, those that the new ruleset has.
   * If it throws, nothing was changed.
   *
   * @example
   * ```js
   * const { verdict, problems, findings } = session.replace(await load("/v1/bundles/hotel"));
   * ```
   */
  replace(ruleset: Ruleset, options?: CheckOptions): Changes {
    const before = this.report({ all: true });
    const { tables, ...others } = this.options;
    const kept = tables instanceof Tables && tables.ruleset !== ruleset ? tables.readable(ruleset) : tables;
    const next = ruleset.session(this.answersText(), options ?? { ...others, ...(kept !== undefined && { tables: kept }) });
    try {
      const made = changes(before, next.report({ all: true }));
      this.dispose();
      Object.assign(this, next);
      return made;
    } catch (error) {
      next.dispose();
      throw error;
    }
  }

  /** Gives the memory back at once. Without it, the garbage collector does so some day. */
  dispose(): void {
    if (!this.disposed && this.generation === this.ruleset.engine.generation) {
      this.handle.free();
    }
    this.disposed = true;
  }
}

class Moved implements Change {
  constructor(
    private readonly session: Session,
    private readonly words: readonly number[],
    private readonly names: readonly string[],
  ) {}

  get rules(): readonly string[] {
    return this.words.slice(1).map((rule) => this.names[rule]!);
  }

  get outcomes(): readonly Outcome[] {
    return ([] as Outcome[]).concat(...this.words.slice(1).map((rule) => this.session.of(rule)));
  }
}

/** A path as text. @internal */
export function pointer(path: Path): Pointer {
  return typeof path === "string" ? path : path.reduce<string>((at, key) => step(at, key), "");
}
