// The author's build: rulesets compile in JavaScript to the bundles that the engine loads, and faults stand at their places.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "@weibao/rules";
import { compile } from "@weibao/rules/author";
import { everythingBundle } from "../lib/bundles.mjs";

const ruleset = (require) => `ruleset: try.author
version: 1.0.0
title: { zh: 试写, en: Trial }
jurisdiction: "000000"
sources:
  c: { document: law, title: 法, article: 第一条, quote: 应当, publisher: 甲, grade: original }
fields:
  - { name: shown, type: boolean, label: { zh: 已张贴, en: Shown } }
rules:
  - { id: r, title: { zh: 张贴, en: Show }, kind: duty, severity: major, clauses: [c], require: ${require} }
`;

test("a ruleset compiles to a bundle that decides", async () => {
  const { bundles, diagnostics } = await compile({ files: { "try.yaml": ruleset("shown") }, sources: { law: "第一条 应当张贴。" } });
  assert.deepEqual(diagnostics.filter((one) => one.severity === "error"), []);
  const loaded = await load(new TextEncoder().encode(bundles[0].text));
  assert.equal(loaded.check({ shown: false }, { asOf: "2026-03-02" }).verdict.outcome, "fail");
});

test("the bundle is that of the command line", async () => {
  const read = (path) => readFileSync(new URL(`../rules/${path}`, import.meta.url), "utf8");
  const { bundles } = await compile({ files: { "everything.yaml": read("everything.yaml") }, sources: { "everything-source": read("sources/everything-source.txt") } });
  assert.equal(bundles[0].text, everythingBundle());
});

test("a fault stands at its place, in the units of JavaScript", async () => {
  const text = ruleset("shwon");
  const { bundles, diagnostics, rendered } = await compile({ files: { "try.yaml": text }, sources: { law: "应当" } });
  assert.equal(bundles.length, 0);
  const fault = diagnostics.find((one) => one.severity === "error");
  assert.equal(text.slice(fault.start, fault.end), "shwon");
  assert.ok(fault.help.join().includes("shown") || fault.message.includes("shown"));
  assert.match(rendered, /shwon/);
});

test("parts are sections of their ruleset, and clauses come from registers", async () => {
  const text = ruleset("shown").replace("rules:\n", "sections:\n  - { id: signs, title: { zh: 标志, en: Signs } }\ndocuments: [notice]\nrules:\n");
  const part = `section: signs
fields:
  - { name: judged, type: finding, label: { zh: 认定, en: Judged } }
rules:
  - { id: seen, title: { zh: 显著, en: Seen }, kind: duty, severity: major, clauses: [notice_1], require: met(judged) }
`;
  const register = `document: notice
title: { zh: 通知, en: Notice }
grade: original
units: { 教育局: education bureau }
clauses:
  - { id: notice_1, article: 第一条, quote: 应当显著, units: [教育局] }
`;
  const { bundles, diagnostics } = await compile({
    files: { "try.yaml": text, "try.signs.part.yaml": part },
    sources: { law: "应当", notice: "第一条 应当显著。" },
    registers: { notice: register },
  });
  assert.deepEqual(diagnostics.filter((one) => one.severity === "error"), []);
  const loaded = await load(new TextEncoder().encode(bundles[0].text));
  const options = { asOf: "2026-03-02", jurisdiction: "000000" };
  assert.deepEqual(loaded.describe(options).sections, [{ id: "signs", title: { zh: "标志", en: "Signs" }, fields: ["judged"], rules: ["seen"] }]);
  const { verdict } = loaded.check({ shown: true, judged: "partly_met" }, options);
  assert.equal(verdict.sections[0].counts.undetermined, 1);
  assert.equal(verdict.findings[0].reason, "partly_met");
  assert.deepEqual(verdict.findings[0].duty, { zh: "教育局", en: "education bureau" });
});

test("files that are no texts are refused with the code of a wrong option", async () => {
  await assert.rejects(compile({ files: { "a.yaml": 5 } }), { name: "RulesError", code: "bad_option" });
});
