// The portable module as the rest of the package sees a module: the classes of glue.d.ts over the byte interface of docs/hosts.md.
//
// In: calls with texts and rooms. Out: numbers, addresses, texts; a refused call throws its three lines, as the other module does. So rulesets,
// tables and sessions are the same code over either. There are no packed answers here: whoever has some sends JSON text.

import type { Address, Glue, Room, RulesetHandle, SessionHandle, TablesHandle } from "../glue.js";
import { utf8 } from "./utf8.js";

type Call = (...numbers: number[]) => number;

/** What the module exports. */
interface Abi {
  readonly memory: WebAssembly.Memory;
  readonly rules_version: Call;
  readonly rules_answer: Call;
  readonly rules_alloc: Call;
  readonly rules_free: Call;
  readonly rules_drop: Call;
  readonly rules_load: Call;
  readonly rules_digest: Call;
  readonly rules_words: Call;
  readonly rules_tables: Call;
  readonly rules_insert: Call;
  readonly rules_prepare: Call;
  readonly rules_variant: Call;
  readonly rules_check: Call;
  readonly rules_outcomes: Call;
  readonly rules_distances: Call;
  readonly rules_session: Call;
  readonly rules_session_set: Call;
  readonly rules_session_remove: Call;
  readonly rules_session_relevant: Call;
  readonly rules_session_report: Call;
  readonly rules_session_answers: Call;
  readonly rules_session_open: Call;
  readonly rules_session_rule: Call;
}

/** The protocol that this file speaks. */
const VERSION = 1;
/** In the order in which options.ts gives them. */
const LIMITS = ["answerBytes", "depth", "items", "positions", "steps", "textBytes", "problems", "rows"];
/** A limit that is not lowered. */
const UNSET = 0xffffffff;

export function glue(): Glue {
  let abi: Abi | undefined;
  let answerAt = 0;

  const living = (): Abi => abi!;

  /** Where the last answer stands, and its length. */
  function answer(): [at: Address, length: number] {
    const words = new DataView(living().memory.buffer, answerAt >>> 0, 8);
    return [words.getUint32(0, true), words.getUint32(4, true)];
  }

  function text(): string {
    const [at, length] = answer();
    return utf8.decode(new Uint8Array(living().memory.buffer, at, length));
  }

  /** The number that a call gave; 0 with an answer is a refusal. */
  function told(number: number): number {
    if (number === 0 && answer()[1] > 0) {
      throw text();
    }
    return number >>> 0;
  }

  /** Calls with texts in memory of their own. */
  function withTexts(texts: readonly string[], call: (...places: number[]) => number): number {
    const places: number[] = [];
    for (const one of texts) {
      const at = memory(3 * one.length);
      places.push(at, utf8.encodeInto(one, new Uint8Array(living().memory.buffer, at)));
    }
    const number = call(...places);
    // Not where the call trapped: then nobody may call again. Freeing answers, too, so the answer is read before.
    const refused = number === 0 && answer()[1] > 0 ? text() : undefined;
    for (let i = 0; i < places.length; i += 2) {
      living().rules_free(places[i]!);
    }
    if (refused !== undefined) {
      throw refused;
    }
    return number >>> 0;
  }

  function memory(size: number): Address {
    const at = living().rules_alloc(size) >>> 0;
    if (at === 0) {
      throw new RangeError("the host gives the module no more memory");
    }
    return at;
  }

  const forgotten = typeof FinalizationRegistry === "function" ? new FinalizationRegistry<number>((handle) => abi?.rules_drop(handle)) : undefined;

  /** Something that lives in the module. */
  class Held {
    constructor(readonly handle: number) {
      forgotten?.register(this, handle, this);
    }
    free(): void {
      forgotten?.unregister(this);
      abi?.rules_drop(this.handle);
    }
  }

  class Bytes implements Room {
    at: Address = 0;
    grow(size: number): Address {
      if (this.at !== 0) {
        living().rules_free(this.at);
        this.at = 0;
      }
      return (this.at = memory(size));
    }
  }
  const at = (room: Room): Address => (room as Bytes).at;

  class Tables extends Held implements TablesHandle {
    insert(_: RulesetHandle, name: string, rows: string): void {
      withTexts([name, rows], (...places) => living().rules_insert(this.handle, ...places));
    }
    /** A prepared check keeps what it needs of them. */
    share(): TablesHandle {
      return this;
    }
  }

  class Sessions extends Held implements SessionHandle {
    constructor(
      handle: number,
      private readonly explain: boolean,
      private readonly all: boolean,
    ) {
      super(handle);
    }
    set(room: Room, path: number, value: number): Address {
      told(living().rules_session_set(this.handle, at(room), path, at(room) + path, value));
      return answer()[0];
    }
    remove(room: Room, path: number): Address {
      told(living().rules_session_remove(this.handle, at(room), path));
      return answer()[0];
    }
    relevant(room: Room, path: number): boolean {
      return told(living().rules_session_relevant(this.handle, at(room), path)) === 1;
    }
    report(explain = this.explain, all = this.all): string {
      told(living().rules_session_report(this.handle, Number(explain), Number(all)));
      return text();
    }
    answers(): string {
      told(living().rules_session_answers(this.handle));
      return text();
    }
    counts(): Uint32Array {
      told(living().rules_session_open(this.handle));
      return new Uint32Array(living().memory.buffer, answer()[0], 2).slice();
    }
    outcomes(rule: number): string {
      told(living().rules_session_rule(this.handle, rule));
      return text();
    }
  }

  class Rulesets extends Held implements RulesetHandle {
    private prepared: Held | undefined;
    private explain = false;
    private all = false;
    constructor(bundle: string) {
      super(withTexts([bundle], (...places) => living().rules_load(...places)));
    }
    digest(): string {
      told(living().rules_digest(this.handle));
      return text();
    }
    words(): string {
      told(living().rules_words());
      return text();
    }
    tables(): TablesHandle {
      return new Tables(told(living().rules_tables(this.handle)));
    }
    configure(asOf: string, jurisdiction: string | undefined, explain: boolean, all: boolean, limits: Uint32Array, tables?: TablesHandle): number {
      const lowered: Record<string, number> = {};
      limits.forEach((limit, i) => {
        if (limit !== UNSET) {
          lowered[LIMITS[i]!] = limit;
        }
      });
      const options = JSON.stringify({ asOf, jurisdiction, explain, all, limits: lowered });
      const given = (tables as Tables | undefined)?.handle ?? 0;
      const prepared = new Held(withTexts([options], (...places) => living().rules_prepare(this.handle, given, ...places)));
      this.prepared?.free();
      this.prepared = prepared;
      this.explain = explain;
      this.all = all;
      return told(living().rules_variant(prepared.handle)) - 1;
    }
    check(room: Room, length: number): string {
      told(living().rules_check(this.prepared!.handle, at(room), length));
      return text();
    }
    outcomesOfText(room: Room, length: number): Address {
      told(living().rules_outcomes(this.prepared!.handle, at(room), length));
      return answer()[0];
    }
    distances(room: Room, length: number): string {
      told(living().rules_distances(at(room), length));
      return text();
    }
    session(room: Room, length: number): SessionHandle {
      return new Sessions(told(living().rules_session(this.prepared!.handle, at(room), length)), this.explain, this.all);
    }
    override free(): void {
      this.prepared?.free();
      this.prepared = undefined;
      super.free();
    }
  }

  return {
    imports: () => ({}),
    start(instance) {
      abi = instance.exports as unknown as Abi;
      if (abi.rules_version() !== VERSION) {
        throw `wasm_unavailable\n\nthe module speaks version ${abi.rules_version()}, this script ${VERSION}`;
      }
      answerAt = abi.rules_answer();
      return abi;
    },
    drop: () => {
      abi = undefined;
    },
    Room: Bytes,
    RulesetHandle: Rulesets,
  };
}
