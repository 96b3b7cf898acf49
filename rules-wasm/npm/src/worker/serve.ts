// The worker's side: an engine, and objects by the numbers that the page gave them. In: what is asked. Out: what is answered, one at a time.

import { compiledModule, initWith, loadWith } from "../api.js";
import type { Platform } from "../engine.js";
import { RulesError } from "../errors.js";
import type { WasmSource } from "../instantiate.js";
import type { CheckOptions } from "../options.js";
import { Ruleset } from "../ruleset.js";
import { Session } from "../session.js";
import { Tables } from "../tables.js";
import type { Answer, Ask, SentOptions } from "./messages.js";

type Held = Ruleset | Session | Tables;

/** Answers what is asked. */
export function server(platform: Platform): (ask: Ask) => Promise<Answer> {
  const held = new Map<number, Held>();

  function find<T extends Held>(kind: abstract new (...args: never[]) => T, number: number): T {
    const found = held.get(number);
    if (!(found instanceof kind)) {
      throw new RulesError("disposed");
    }
    return found;
  }

  const options = ({ tables, ...others }: SentOptions): CheckOptions => ({ ...others, ...(tables !== undefined && { tables: typeof tables === "number" ? find(Tables, tables) : tables }) });

  async function run(ask: Ask): Promise<unknown> {
    switch (ask.do) {
      case "init":
        await initWith(platform, ask.wasm as WasmSource | undefined, { integrity: ask.integrity });
        return compiledModule();
      case "load": {
        const ruleset = await loadWith(platform, ask.text);
        held.set(ask.made, ruleset);
        const { id, version, digest, title, layers, rules, params, tables, clauses } = ruleset;
        return { id, version, digest, title, layers, rules, params, tables, clauses };
      }
      case "tables":
        return void held.set(ask.made, find(Ruleset, ask.of).prepareTables(Object.fromEntries(ask.texts)));
      case "session":
        return void held.set(ask.made, find(Ruleset, ask.of).session(ask.answers, options(ask.options)));
      case "replace":
        return find(Session, ask.of).replace(find(Ruleset, ask.by), ask.options && options(ask.options));
      case "dispose":
        held.get(ask.of)?.dispose();
        return void held.delete(ask.of);
      case "call":
        return call(held.get(ask.of), ask.method, [...ask.given, ...(ask.options ? [options(ask.options)] : [])]);
    }
  }

  return async (ask) => {
    try {
      return { value: await run(ask) };
    } catch (error) {
      const { code, path, detail } = error instanceof RulesError ? error : new RulesError("engine_trap", "", String(error));
      return { fault: { code, path, detail } };
    }
  };
}

/** The methods that a page may call, each with what of its result can travel. */
const METHODS: Readonly<Record<string, (on: never, given: never) => unknown>> = {
  describe: (ruleset: Ruleset, given: Parameters<Ruleset["describe"]>) => ruleset.describe(...given),
  check: (ruleset: Ruleset, given: Parameters<Ruleset["check"]>) => ruleset.check(...given),
  checkText: (ruleset: Ruleset, given: Parameters<Ruleset["checkText"]>) => ruleset.checkText(...given),
  outcomes(ruleset: Ruleset, given: Parameters<Ruleset["outcomes"]>) {
    const outcomes = ruleset.outcomes(...given);
    return { verdict: outcomes.verdict, counts: outcomes.counts, outcomes: outcomes.toArray() };
  },
  set: (session: Session, given: Parameters<Session["setText"]>) => moved(session.setText(...given)),
  remove: (session: Session, given: Parameters<Session["remove"]>) => moved(session.remove(...given)),
  relevant: (session: Session, given: Parameters<Session["relevant"]>) => session.relevant(...given),
  report: (session: Session, given: Parameters<Session["report"]>) => session.report(...given),
  reportText: (session: Session, given: Parameters<Session["reportText"]>) => session.reportText(...given),
  answers: (session: Session) => session.answersText(),
  counts: (session: Session) => session.counts,
  all: (session: Session) => session.outcomes,
};

const moved = ({ rules, outcomes }: { rules: unknown; outcomes: unknown }): unknown => ({ rules, outcomes });

function call(on: Held | undefined, method: string, given: unknown[]): unknown {
  if (on === undefined) {
    throw new RulesError("disposed");
  }
  return METHODS[method]!(on as never, given as never);
}
