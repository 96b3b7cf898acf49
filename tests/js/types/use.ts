// Compiled by test/types.test.mjs and never run: the types say what the package does, and refuse what it does not.

import {
  type Change,
  type Changes,
  type CheckOptions,
  type Description,
  type ErrorCode,
  type Field,
  type Finding,
  init,
  load,
  type Outcome,
  type Outcomes,
  type Pointer,
  type Problem,
  type Report,
  RulesError,
  type Ruleset,
  type Session,
  type Tables,
} from "@weibao/rules";
import { connect, type WorkerChange, type WorkerEngine, type WorkerRuleset, type WorkerSession } from "@weibao/rules/worker";
import { elementRules, formioHooks, jsonFormsErrors, rjsfValidate, vantRules, veeSchema } from "@weibao/rules/adapters";
import { compile, type CompileDiagnostic } from "@weibao/rules/author";
import { bind, type Binding, type BindOptions } from "@weibao/rules/bind";
import { jsonSchema } from "@weibao/rules/schema";
import { type Issue, type RulesSchema, standardSchema } from "@weibao/rules/standard";
import { typedDate } from "@weibao/rules/typed";
import type { StandardSchemaV1 } from "@standard-schema/spec";

await init();
await init(new URL("https://example.org/rules.wasm"));
const ruleset: Ruleset = await load(fetch("/venue.rules.json"), { wasm: "/rules.wasm" });
await load(new Uint8Array());
await load({ bundle: "weibao-rules" });
// @ts-expect-error a number is no source
await load(1);

const options: CheckOptions = { asOf: "2026-03-02", jurisdiction: "520402", explain: true, limits: { steps: 1000 } };
// @ts-expect-error the day is required
const noDay: CheckOptions = {};
// @ts-expect-error there is no such option
const misspelt: CheckOptions = { asOf: "2026-03-02", jurisdictions: "520402" };
// @ts-expect-error a code is text: it may begin with a zero
const number: CheckOptions = { asOf: "2026-03-02", jurisdiction: 520402 };

const tables: Tables = ruleset.prepareTables({ schools: [{ id: "s1" }], workdays: { years: [2026], days: [["2026-01-01", "off"]] } });
const report: Report = ruleset.check({ a: 1 }, { ...options, tables });
const findings: readonly Finding[] = report.verdict.findings;
const problems: readonly Problem[] = report.entry.problems;
const zh: string = findings[0]!.message.zh;
const en: string | undefined = findings[0]!.message.en;
if (report.verdict.outcome === "not_applicable") {
  const reason: "out_of_force" | "other_area" | undefined = report.verdict.reason;
  void reason;
}
// @ts-expect-error a report is read, not written
report.digest = "";
// @ts-expect-error there is no such outcome
void (report.verdict.outcome === "passed");

const outcomes: Outcomes = ruleset.outcomes({}, options);
const list: Outcome[] = [...outcomes];
const paths: readonly Pointer[] = list[0]!.at;
const failed: number = outcomes.counts.fail;

const session: Session = ruleset.session({}, options);
const change: Change = session.set(["guests", 0, "age"], 16);
session.set("/guests/0/age", null);
session.remove("/guests/0");
// @ts-expect-error a path is a pointer or its keys
session.set(1, 2);
const asked: boolean = session.relevant("/guests");

const description: Description = ruleset.describe({ asOf: "2026-03-02", jurisdiction: "520402" });
function draw(field: Field): string {
  return field.type === "group" || field.type === "list" ? (field.fields ?? []).map(draw).join() : (field.options?.map((option) => option.code).join() ?? field.path);
}
description.form.fields.map(draw);

const built = await compile({ files: { "a.yaml": "" } });
const faults: readonly CompileDiagnostic[] = built.diagnostics;
await load(built.bundles[0]!.text);
// @ts-expect-error files are texts
await compile({ files: { "a.yaml": 1 } });
void faults;

try {
  ruleset.check({}, options);
} catch (error) {
  if (error instanceof RulesError) {
    const code: ErrorCode = error.code;
    const where: [string, string] = [error.path, error.detail];
    void [code, where, code === "engine_trap", code === "B0104"];
    // @ts-expect-error there is no such code
    void (code === "engine_traps");
  }
}
// @ts-expect-error what is internal is not in the types
void ruleset.engine;

interface Entry {
  agreed: boolean;
}
const schema: RulesSchema<Entry> = standardSchema<Entry>(ruleset, { ...options, findings: "fail", lang: "en" });
const standard: StandardSchemaV1<Entry, Entry> = schema;
type Out = StandardSchemaV1.InferOutput<typeof schema>;
const out: Out = { agreed: true };
const result = schema["~standard"].validate({});
const issues: readonly Issue[] = result.issues ?? [];
const severity: "error" | "incomplete" | "warning" | "critical" | "major" | "moderate" | "minor" | undefined = issues[0]?.severity;
// @ts-expect-error there is no such selection
standardSchema(ruleset, { ...options, findings: "some" });
vantRules(schema, () => ({}))("guests[0].ref");
elementRules(standardSchema(ruleset, options), () => ({}), ["blur", "change"]);
rjsfValidate(standardSchema(ruleset, options))({}, {});
jsonFormsErrors(standardSchema(ruleset, options), {});
formioHooks(standardSchema(ruleset, options));
veeSchema(schema).cast({});
void jsonSchema(ruleset, { asOf: "2026-03-02" });

const how: BindOptions = { asOf: "2026-03-02", blocking: { incomplete: false }, onSubmit: (answers, { digest }) => void [answers, digest] };
const binding: Binding = bind(document.createElement("form"), ruleset, how);
// @ts-expect-error a form, and nothing else
bind(document.body, ruleset, how);
// @ts-expect-error the day is required
bind(document.createElement("form"), ruleset, {});
const day: string | null = typedDate("2026年3月1日");

void [standard, out, severity, binding.blocked, day];
void [noDay, misspelt, number, problems, zh, en, paths, failed, change, asked];

async function loading(): Promise<void> {
  await init(undefined, { integrity: "sha384-" });
  const other = await load("/b", { integrity: { wasm: "sha384-", bundle: "sha384-" } });
  // @ts-expect-error there is no such hash
  await load("/b", { integrity: { code: "sha384-" } });
  const changes: Changes = ruleset.session({}, options).replace(other, { asOf: "2026-03-02" });
  const moved: Changes | undefined = binding.rebind(other);
  const engine: WorkerEngine = connect({ deadline: 100, worker: () => new Worker("/worker.js", { type: "module" }) });
  const there: WorkerRuleset = await engine.load("/b", { integrity: { bundle: "sha384-" } });
  const report: Report = await there.check({}, { asOf: "2026-03-02", tables: await there.prepareTables({}) });
  const session: WorkerSession = await there.session({}, { asOf: "2026-03-02" });
  const { rules }: WorkerChange = await session.set("/a", 1);
  // @ts-expect-error the day is required
  await there.check({}, {});
  void [changes.findings[0]?.before, moved, report, rules, await session.replace(there)];
  engine.close();
}
void loading;
