// The page's side: one call at a time, each with a deadline. In: how a worker is started. Out: rulesets and sessions whose methods are promises.
//
// A worker that does not answer in time is ended, and everything that lived in it with it. What is needed to make it again is kept here: the compiled
// module, the texts of bundles and tables, a session's answers and edits. A new worker is given the objects when they are used.

import type { Changes } from "../changes.js";
import type { Description, Form } from "../description.js";
import type { Platform } from "../engine.js";
import { RulesError } from "../errors.js";
import type { Integrity } from "../integrity.js";
import { escapeHalves, step, writeJson } from "../json.js";
import type { CheckOptions, TableData } from "../options.js";
import type { Outcome } from "../outcomes.js";
import type { Report, RuleOutcome, Verdict } from "../report.js";
import type { Answers, DescribeOptions, Ruleset } from "../ruleset.js";
import { type Path, pointer } from "../session.js";
import { type BundleSource, bundleText } from "../source.js";
import type { Answer, Ask, Line, SentOptions, Starter } from "./messages.js";

/** How a worker is used. */
export interface ConnectOptions {
  /** Milliseconds that a call may take in the worker; waiting for calls before it and loading the engine do not count. Default: 5000. */
  readonly deadline?: number | undefined;
  /** Where the wasm module is: an address, bytes or a compiled module. As in `load`. */
  readonly wasm?: string | URL | BufferSource | WebAssembly.Module | undefined;
  /** Hash of the wasm module, as in `@weibao/rules/integrity.json`. */
  readonly integrity?: string | undefined;
}

/** Options of a check in the worker: tables are data, or were prepared by {@link WorkerRuleset.prepareTables}. */
export type WorkerCheckOptions = Omit<CheckOptions, "tables"> & { readonly tables?: WorkerTables | Readonly<Record<string, TableData>> | undefined };

/** The outcomes of one check. */
export interface WorkerOutcomes {
  /** The verdict of the whole. */
  readonly verdict: Verdict["outcome"];
  /** Per outcome, over all rules and items. */
  readonly counts: Readonly<Record<RuleOutcome, number>>;
  /** In ruleset order. */
  readonly outcomes: readonly Outcome[];
}

/** The rules that an edit moved. */
export interface WorkerChange {
  /** Ids of the rules that moved. */
  readonly rules: readonly string[];
  /** What they say now. */
  readonly outcomes: readonly Outcome[];
}

const DEADLINE = 5_000;
/** Edits after which a session's answers are fetched and remembered instead of how they came about. */
const MOST_EDITS = 1_024;

interface Waiting {
  done(value: unknown): void;
  failed(error: RulesError): void;
}

/** The engine in a worker. Made by {@link connect}. */
export class WorkerEngine {
  private line: Line | undefined;
  /** Grows with each worker that went away. */
  private life = 0;
  private waiting: Waiting | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private started = false;
  private module: unknown;
  private numbers = 0;
  private closed = false;
  private most = DEADLINE;

  /** @internal */
  constructor(
    private readonly starter: Starter,
    private readonly platform: Platform,
    private readonly options: ConnectOptions,
  ) {
    this.deadline = options.deadline ?? DEADLINE;
  }

  /** Milliseconds that a call may take; a change holds for the calls that are not sent yet. */
  get deadline(): number {
    return this.most;
  }

  /** Milliseconds, more than none; otherwise `bad_option`. */
  set deadline(most: number) {
    if (typeof most !== "number" || !(most > 0 && most < 2 ** 31)) {
      throw new RulesError("bad_option", "/deadline", "milliseconds, more than none");
    }
    this.most = most;
  }

  /** Loads a bundle into the worker. */
  async load(source: BundleSource, options: { readonly integrity?: Pick<Integrity, "bundle"> | undefined } = {}): Promise<WorkerRuleset> {
    const text = await bundleText(source, this.platform, options.integrity?.bundle);
    const ruleset = new WorkerRuleset(this, this.number(), text);
    await this.inTurn(() => ruleset.there());
    return ruleset;
  }

  /** Ends the worker. Calls that it has not answered fail with `disposed`, and so do later ones. */
  close(): void {
    this.closed = true;
    this.lose(new RulesError("disposed"));
  }

  /** @internal */
  number(): number {
    return ++this.numbers;
  }

  /** The worker's number: objects of an earlier one are gone. @internal */
  get alive(): number {
    return this.life;
  }

  /** Runs when all calls before it are answered. @internal */
  inTurn<T>(call: () => Promise<T>): Promise<T> {
    const run = this.last.then(call);
    this.last = run.catch(() => undefined);
    return run;
  }

  /** Asks the worker, which is started if there is none. Only in turn. @internal */
  async ask(ask: Ask): Promise<unknown> {
    if (!this.started) {
      // What the page's own network does is not the engine's fault: no deadline.
      const wasm = this.module ?? (this.options.wasm instanceof URL ? this.options.wasm.href : this.options.wasm);
      const integrity = this.module === undefined ? this.options.integrity : undefined;
      this.module = await this.post({ do: "init", wasm, integrity });
      this.started = true;
    }
    return this.post(ask, this.deadline);
  }

  private post(ask: Ask, deadline?: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.closed) {
        throw new RulesError("disposed");
      }
      const timer = deadline && setTimeout(() => this.lose(new RulesError("deadline_exceeded", "", `no answer within ${deadline} ms; the worker was ended`)), deadline);
      this.waiting = {
        done: (value) => (clearTimeout(timer), resolve(value)),
        failed: (error) => (clearTimeout(timer), reject(error)),
      };
      try {
        this.line ??= this.start();
        this.line.send(ask);
      } catch (error) {
        // The host has no workers, or an option holds what cannot travel.
        this.waiting = undefined;
        clearTimeout(timer);
        const travels = (error as { name?: unknown } | undefined)?.name === "DataCloneError";
        reject(error instanceof RulesError ? error : new RulesError(travels ? "bad_option" : "worker_unavailable", "", String(error), error));
      }
    });
  }

  private start(): Line {
    const { life } = this;
    return this.starter(
      (message) => {
        const { waiting } = this;
        if (life === this.life && waiting) {
          this.waiting = undefined;
          const answer = message as Answer;
          if ("fault" in answer) {
            waiting.failed(new RulesError(answer.fault.code, answer.fault.path, answer.fault.detail));
          } else {
            waiting.done(answer.value);
          }
        }
      },
      (why) => life === this.life && this.lose(new RulesError("worker_unavailable", "", String((why as { message?: unknown } | undefined)?.message ?? why), why)),
    );
  }

  private lose(why: RulesError): void {
    const { line, waiting } = this;
    this.life++;
    this.line = this.waiting = undefined;
    this.started = false;
    line?.end();
    waiting?.failed(why);
  }
}

/** Something that lives in the worker and can be made there again. */
abstract class Remote {
  private life = -1;
  private disposed = false;

  /** @internal */
  constructor(
    /** @internal */
    readonly engine: WorkerEngine,
    /** @internal */
    readonly number: number,
  ) {}

  /** Makes the object in the worker. */
  protected abstract make(): Promise<unknown>;

  /** The object is in the worker that lives now. Only in turn. @internal */
  async there(): Promise<number> {
    if (this.disposed) {
      throw new RulesError("disposed");
    }
    if (this.life !== this.engine.alive) {
      await this.make();
      this.life = this.engine.alive;
    }
    return this.number;
  }

  /** @internal */
  async call(method: string, given: readonly unknown[], options?: WorkerCheckOptions | null): Promise<unknown> {
    return this.engine.inTurn(async () => {
      const of = await this.there();
      const sent = options === undefined ? undefined : await sendable(options);
      return this.engine.ask({ do: "call", of, method, given, ...(sent && { options: sent }) });
    });
  }

  /** Gives the memory in the worker back. */
  async dispose(): Promise<void> {
    await this.engine.inTurn(async () => {
      this.disposed = true;
      if (this.life === this.engine.alive) {
        await this.engine.ask({ do: "dispose", of: this.number });
      }
    });
  }
}

async function sendable(options: WorkerCheckOptions | null): Promise<SentOptions> {
  if (typeof options !== "object" || options === null) {
    throw new RulesError("bad_option", "", "options are required: at least { asOf: 'YYYY-MM-DD' }");
  }
  const { tables, ...others } = options;
  return { ...others, ...(tables !== undefined && { tables: tables instanceof WorkerTables ? await tables.there() : tables }) };
}

/** Options of a session for another ruleset: of the tables, those that it has. */
function carried(options: WorkerCheckOptions, ruleset: WorkerRuleset): WorkerCheckOptions {
  const { tables, ...others } = options;
  if (tables === undefined) {
    return options;
  }
  const known = <T>(entries: readonly (readonly [string, T])[]): (readonly [string, T])[] => entries.filter(([name]) => ruleset.about.tables.some((one) => one.name === name));
  return { ...others, tables: tables instanceof WorkerTables ? tables.carried(ruleset, known) : Object.fromEntries(known(Object.entries(tables))) };
}

const textOf = (answers: Answers): string => (typeof answers === "string" ? escapeHalves(answers) : writeJson(answers));

/** Reference data in the worker. */
export class WorkerTables extends Remote {
  /** @internal */
  constructor(
    private readonly ruleset: WorkerRuleset,
    private readonly texts: readonly (readonly [string, string])[],
  ) {
    super(ruleset.engine, ruleset.engine.number());
  }

  /** @internal */
  carried(ruleset: WorkerRuleset, known: (texts: WorkerTables["texts"]) => WorkerTables["texts"]): WorkerTables {
    return ruleset === this.ruleset ? this : new WorkerTables(ruleset, known(this.texts));
  }

  protected async make(): Promise<void> {
    await this.engine.ask({ do: "tables", made: this.number, of: await this.ruleset.there(), texts: this.texts });
  }
}

/** What is known of a ruleset without asking the worker. */
export type About = Pick<Ruleset, "id" | "version" | "digest" | "title" | "layers" | "rules" | "params" | "tables" | "clauses">;

/** A ruleset in the worker: what {@link Ruleset} has, with promises. */
export class WorkerRuleset extends Remote {
  /** Id, version, digest, title, layers, rules, params, tables, clauses. */
  about!: About;

  /** @internal */
  constructor(
    engine: WorkerEngine,
    number: number,
    private readonly text: string,
  ) {
    super(engine, number);
  }

  protected async make(): Promise<void> {
    this.about = (await this.engine.ask({ do: "load", made: this.number, text: this.text })) as About;
  }

  /** Such as `venue`. */
  get id(): string {
    return this.about.id;
  }

  /** Semantic version. */
  get version(): string {
    return this.about.version;
  }

  /** `sha256:` and 64 hexadecimal digits of the bundle's content. */
  get digest(): string {
    return this.about.digest;
  }

  /** As {@link Ruleset.describe}. */
  async describe(options: DescribeOptions = {}): Promise<Description> {
    return (await this.call("describe", [options])) as Description;
  }

  /** As {@link Ruleset.form}. */
  async form(options?: DescribeOptions): Promise<Form> {
    return (await this.describe(options)).form;
  }

  /** As {@link Ruleset.check}. */
  async check(answers: Answers, options: WorkerCheckOptions): Promise<Report> {
    return JSON.parse(await this.checkText(answers, options)) as Report;
  }

  /** As {@link Ruleset.checkText}: the same bytes. */
  async checkText(answers: Answers, options: WorkerCheckOptions): Promise<string> {
    return (await this.call("checkText", [textOf(answers)], options ?? null)) as string;
  }

  /** As {@link Ruleset.outcomes}, as plain data. */
  async outcomes(answers: Answers, options: WorkerCheckOptions): Promise<WorkerOutcomes> {
    return (await this.call("outcomes", [textOf(answers)], options ?? null)) as WorkerOutcomes;
  }

  /** As {@link Ruleset.prepareTables}; the data stays in the worker. */
  async prepareTables(data: Readonly<Record<string, TableData>>): Promise<WorkerTables> {
    const texts = Object.entries(data).map(([name, rows]) => [name, typeof rows === "string" ? escapeHalves(rows) : writeJson(rows, step("", name))] as const);
    const tables = new WorkerTables(this, texts);
    await this.engine.inTurn(() => tables.there());
    return tables;
  }

  /** As {@link Ruleset.session}. */
  async session(answers: Answers, options: WorkerCheckOptions): Promise<WorkerSession> {
    const session = new WorkerSession(this, textOf(answers), options);
    await this.engine.inTurn(() => session.there());
    return session;
  }
}

/** A session in the worker. An edit that was not in time was not made; all others are kept. */
export class WorkerSession extends Remote {
  private edits: [method: "set" | "remove", ...given: string[]][] = [];

  /** @internal */
  constructor(
    private ruleset: WorkerRuleset,
    private text: string,
    private options: WorkerCheckOptions,
  ) {
    super(ruleset.engine, ruleset.engine.number());
  }

  protected async make(): Promise<void> {
    const options = await sendable(this.options);
    await this.engine.ask({ do: "session", made: this.number, of: await this.ruleset.there(), answers: this.text, options });
    for (const [method, ...given] of this.edits) {
      await this.engine.ask({ do: "call", of: this.number, method, given });
    }
  }

  private edit(method: "set" | "remove", ...given: string[]): Promise<WorkerChange> {
    return this.engine.inTurn(async () => {
      const change = (await this.engine.ask({ do: "call", of: await this.there(), method, given })) as WorkerChange;
      if (this.edits.push([method, ...given]) > MOST_EDITS) {
        // The edit was made; to remember can wait for the next one.
        await this.remember().catch(() => undefined);
      }
      return change;
    });
  }

  private async remember(): Promise<void> {
    this.text = (await this.engine.ask({ do: "call", of: await this.there(), method: "answers", given: [] })) as string;
    this.edits = [];
  }

  /** As `Session.set`. */
  async set(path: Path, value: unknown): Promise<WorkerChange> {
    // What JSON cannot hold is told here; and what is sent, and kept, is a copy.
    const at = pointer(path);
    return this.edit("set", at, writeJson(value ?? null, at));
  }

  /** As `Session.remove`. */
  async remove(path: Path): Promise<WorkerChange> {
    return this.edit("remove", pointer(path));
  }

  /** As `Session.relevant`. */
  async relevant(path: Path): Promise<boolean> {
    return (await this.call("relevant", [pointer(path)])) as boolean;
  }

  /** As `Session.report`. */
  async report(options: { readonly explain?: boolean; readonly all?: boolean } = {}): Promise<Report> {
    return (await this.call("report", [options])) as Report;
  }

  /** The report as canonical JSON. */
  async reportText(options: { readonly explain?: boolean; readonly all?: boolean } = {}): Promise<string> {
    return (await this.call("reportText", [options])) as string;
  }

  /** A copy of the answers. */
  async answers(): Promise<unknown> {
    return JSON.parse((await this.call("answers", [])) as string);
  }

  /** How many outcomes failed, and how many are open. */
  async counts(): Promise<{ readonly failed: number; readonly open: number }> {
    return (await this.call("counts", [])) as { failed: number; open: number };
  }

  /** What every rule says now. */
  async outcomes(): Promise<readonly Outcome[]> {
    return (await this.call("all", [])) as readonly Outcome[];
  }

  /** As `Session.replace`: another ruleset, the same answers. Without `options` those of the session hold. */
  replace(ruleset: WorkerRuleset, options?: WorkerCheckOptions): Promise<Changes> {
    return this.engine.inTurn(async () => {
      const of = await this.there();
      await this.remember();
      const by = await ruleset.there();
      const next = options ?? carried(this.options, ruleset);
      const made = (await this.engine.ask({ do: "replace", of, by, options: await sendable(next) })) as Changes;
      this.ruleset = ruleset;
      this.options = next;
      return made;
    });
  }
}
