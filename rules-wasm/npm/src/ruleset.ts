// A loaded ruleset: what it is, and checks.

import { type Clause, type Crs, type Description, type Form, type Layer, type Param, type RawPlan, type Rule, type Table, describe } from "./description.js";
import type { Engine } from "./engine.js";
import { RulesError } from "./errors.js";
import type { Address, RulesetHandle } from "./glue.js";
import { escapeHalves, step, writeJson } from "./json.js";
import { type Layout, layout } from "./layout.js";
import { type CheckOptions, type PlaceAndDay, type TableData, clean } from "./options.js";
import { type Names, Outcomes } from "./outcomes.js";
import { FULL, pack, UNFIT } from "./pack.js";
import { plansOf } from "./plan.js";
import type { Report, Text } from "./report.js";
import { Session } from "./session.js";
import { Tables } from "./tables.js";

/** A submission: an object shaped like the form, or its JSON text. */
export type Answers = object | string;

/** A place as a form has it: a point with its accuracy, or a GeoJSON area; both with their coordinate system. */
export type Place =
  | { readonly lng: number; readonly lat: number; readonly accuracy?: number; readonly crs: Crs }
  | { readonly type: "Polygon" | "MultiPolygon"; readonly coordinates: unknown; readonly crs: Crs };

/** Metres, give or take the tolerance; or the word of why there are none, such as `crs_mixed`. */
export type Distance = { readonly value: number; readonly tolerance: number } | { readonly fault: string };

/** No options are these. */
const NONE: CheckOptions = { asOf: "" };

interface Variant {
  readonly description: Description;
  readonly layout: Layout;
  readonly names: Names;
}

/** What {@link Ruleset.describe} goes by. */
export type DescribeOptions = Partial<PlaceAndDay>;

/**
 * A loaded ruleset. Made by {@link load}; checks are synchronous and keep nothing of what they are given.
 *
 * @example
 * ```js
 * const report = ruleset.check({ venue_kind: "internet_cafe" }, { asOf: "2026-03-02" });
 * report.verdict.outcome; // "undetermined"
 * ```
 */
export class Ruleset {
  private generation = -1;
  private handle: RulesetHandle | undefined;
  private disposed = false;
  /** `sha256:…` of the bundle's content. */
  readonly digest: string;
  /** The base and all layers of the bundle. */
  readonly layers: readonly Layer[];
  private readonly plans: readonly RawPlan[];
  private readonly words: Pick<Names, "reasonWords" | "faultWords">;
  private readonly variants: (Variant | undefined)[] = [];
  // What the handle is configured with.
  private last: CheckOptions = NONE;
  private current: Variant | undefined;
  private packs = false;

  /** @internal */
  constructor(
    /** @internal */
    readonly engine: Engine,
    private readonly bundle: string,
  ) {
    const handle = this.living();
    // The engine has read the bundle and found it sound, so this needs no checks of its own.
    this.plans = plansOf(bundle);
    const layers = ([] as Layer[]).concat(...this.plans.map((plan) => plan.layers));
    this.layers = layers.filter((layer, i) => layers.findIndex((other) => other.id === layer.id) === i);
    this.digest = this.engine.run(() => handle.digest());
    const [reasonWords, faultWords] = this.engine.run(() => handle.words()).split("\n").map((line) => line.split("|"));
    this.words = { reasonWords: reasonWords!, faultWords: faultWords! };
  }

  /** Id of the base ruleset, such as `venue`. */
  get id(): string {
    return this.base.id;
  }

  /** Version of the base ruleset. */
  get version(): string {
    return this.base.version;
  }

  /** As shown to people. */
  get title(): Text {
    return this.base.title;
  }

  private get base(): Layer {
    return this.layers[0]!;
  }

  /** All clauses of the base and the layers. */
  get clauses(): readonly Clause[] {
    return this.union((description) => description.clauses, (clause) => clause.id);
  }

  /** All rules of the base and the layers. */
  get rules(): readonly Rule[] {
    return this.union((description) => description.rules, (rule) => rule.id);
  }

  /** Params of the base. Their values for a place are in {@link describe}. */
  get params(): readonly Param[] {
    return this.variant(0).description.params;
  }

  /** All tables that checks may be given. */
  get tables(): readonly Table[] {
    return this.union((description) => description.tables, (table) => table.name);
  }

  /**
   * What holds for a place and a day: form, rules, clauses, params and tables of the base with the layers that apply.
   * Without a day: the base alone. Where the ruleset does not hold at all, it is the base, too.
   */
  describe(options: DescribeOptions = {}): Description {
    const { asOf, jurisdiction } = options;
    if (asOf === undefined) {
      if (jurisdiction !== undefined) {
        throw new RulesError("bad_option", "/asOf", "layers hold for a place on a day: give both");
      }
      return this.variant(0).description;
    }
    this.configure({ asOf, jurisdiction });
    return this.current!.description;
  }

  /** The form to draw for a place and a day. */
  form(options?: DescribeOptions): Form {
    return this.describe(options).form;
  }

  /** Checks answers and gives the whole report. */
  check(answers: Answers, options: CheckOptions): Report {
    return JSON.parse(this.checkText(answers, options)) as Report;
  }

  /** The report as canonical JSON (RFC 8785): the bytes that are equal on every platform. */
  checkText(answers: Answers, options: CheckOptions): string {
    const text = answersText(answers);
    const handle = this.configure(options);
    return this.engine.run(() => handle.check(this.engine.given, this.engine.put(text))!);
  }

  /**
   * Checks answers and gives outcomes with their paths only: no messages, no digests, no problems of the entry. Made for
   * checking at every key stroke; {@link check} costs several times as much.
   */
  outcomes(answers: Answers, options: CheckOptions): Outcomes {
    const { engine } = this;
    const handle = options === this.last && this.isCurrent() ? this.handle! : this.configure(options);
    const variant = this.current!;
    let at: Address = 0;
    if (typeof answers !== "string" && this.packs) {
      const length = this.pack(variant.layout, answers);
      if (length >= 0) {
        try {
          at = handle.outcomesOfPacked!(engine.given, length);
        } catch (error) {
          throw engine.failed(error);
        }
      }
    }
    if (at === 0) {
      const text = answersText(answers);
      at = engine.run(() => handle.outcomesOfText(engine.given, engine.put(text)));
    }
    return new Outcomes(engine.words(at >>> 0), variant.names);
  }

  private pack(layout: Layout, answers: object): number {
    const { engine } = this;
    let at = engine.room(16_384);
    for (;;) {
      const bytes = engine.bytes;
      const length = pack(layout, answers, bytes, engine.data, at, engine.roomEnd);
      if (length !== FULL) {
        return length;
      }
      const size = engine.roomEnd - at;
      if (size > 1 << 23) {
        return UNFIT;
      }
      at = engine.room(2 * size);
    }
  }

  /**
   * Distances from one place to many, as every rule measures them: on the WGS-84 ellipsoid, 0 inside an area, accuracies added up. For a page
   * that shows distances before they are answers; JavaScript's own mathematics differs from browser to browser.
   *
   * @example
   * ```js
   * ruleset.distances({ lng: 105.952, lat: 26.25, accuracy: 8, crs: "wgs84" }, [gate, grounds]);
   * // [{ value: 199.81, tolerance: 8 }, { value: 172.3, tolerance: 8 }]
   * ```
   */
  distances(from: Place, to: readonly Place[]): Distance[] {
    const handle = this.living();
    const text = writeJson([from, to], "");
    const told = JSON.parse(this.engine.run(() => handle.distances(this.engine.given, this.engine.put(text)))) as Distance[] | { fault: string };
    if (!Array.isArray(told)) {
      throw new RulesError("bad_option", "", told.fault);
    }
    return told;
  }

  /** Begins a session: answers that change one at a time. */
  session(answers: Answers, options: CheckOptions): Session {
    const handle = this.configure(options);
    return new Session(this, handle, answersText(answers), this.options(options), this.current!.names.rules);
  }

  /** Options that do not change when the caller's object does. */
  private options(options: CheckOptions): CheckOptions {
    const { tables } = options;
    return { ...options, ...(tables !== undefined && { tables: tables instanceof Tables ? tables : this.prepareTables(tables) }) };
  }

  /** Reads reference data once, for many checks. */
  prepareTables(data: Readonly<Record<string, TableData>>): Tables {
    const texts = Object.entries(data).map(([name, rows]) => [name, typeof rows === "string" ? escapeHalves(rows) : writeJson(rows, step("", name))] as const);
    const tables = new Tables(this, texts);
    this.tablesHandle(tables);
    return tables;
  }

  private tablesHandle(tables: Tables): NonNullable<Tables["handle"]> {
    if (tables.ruleset !== this) {
      throw new RulesError("bad_option", "/tables", "these tables were prepared for another ruleset");
    }
    const ruleset = this.living();
    if (tables.handle === undefined || tables.generation !== this.engine.generation) {
      if (tables.generation === Infinity) {
        throw new RulesError("disposed", "/tables");
      }
      tables.handle = this.engine.run(() => {
        const handle = ruleset.tables();
        for (const [name, text] of tables.texts) {
          handle.insert(ruleset, name, text);
        }
        return handle;
      });
      tables.generation = this.engine.generation;
    }
    return tables.handle;
  }

  /** @internal */
  release(tables: Tables): void {
    if (tables.generation === this.engine.generation) {
      tables.handle?.free();
    }
    tables.handle = undefined;
    tables.generation = Infinity;
  }

  /** The living handle, with these options for the next call. @internal */
  configure(options: CheckOptions): RulesetHandle {
    if (options === this.last && this.isCurrent()) {
      return this.handle!;
    }
    const cleaned = clean(options);
    const { tables, limits } = options;
    const handle = this.living();
    const given = tables === undefined ? undefined : this.tablesHandle(tables instanceof Tables ? tables : this.prepareTables(tables));
    const number = this.engine.run(() => handle.configure(...cleaned, given?.share()));
    this.current = this.variant(Math.max(number, 0));
    this.packs = limits === undefined && handle.outcomesOfPacked !== undefined;
    // The same object again can only mean the same options if nobody can have changed it.
    this.last = Object.isFrozen(options) && (tables === undefined || tables instanceof Tables) && limits === undefined ? options : NONE;
    return handle;
  }

  private isCurrent(): boolean {
    return this.generation === this.engine.generation && !this.disposed;
  }

  /** The handle in the living instance. */
  private living(): RulesetHandle {
    if (this.disposed) {
      throw new RulesError("disposed");
    }
    if (this.handle === undefined || this.generation !== this.engine.generation) {
      const { api, generation } = this.engine;
      this.handle = this.engine.run(() => new api.RulesetHandle(this.bundle));
      this.generation = generation;
      this.last = NONE;
    }
    return this.handle;
  }

  private variant(number: number): Variant {
    const known = this.variants[number];
    if (known !== undefined) {
      return known;
    }
    const raw = this.plans[number]!;
    const made = layout(raw);
    const variant = {
      description: describe(raw),
      layout: made,
      names: { places: made.places, rules: made.rules, reasons: made.reasons, ...this.words },
    };
    this.variants[number] = variant;
    return variant;
  }

  private union<T>(of: (description: Description) => readonly T[], key: (item: T) => string): readonly T[] {
    const all = new Map<string, T>();
    for (let number = 0; number < this.plans.length; number++) {
      for (const item of of(this.variant(number).description)) {
        if (!all.has(key(item))) {
          all.set(key(item), item);
        }
      }
    }
    return [...all.values()];
  }

  /** Gives the memory back at once. Without it, the garbage collector does so some day. */
  dispose(): void {
    if (this.handle !== undefined && this.isCurrent()) {
      this.handle.free();
    }
    this.handle = undefined;
    this.disposed = true;
  }
}

function answersText(answers: Answers): string {
  return typeof answers === "string" ? escapeHalves(answers) : writeJson(answers);
}
