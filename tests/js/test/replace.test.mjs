// Another ruleset in the place of a session's, with the answers kept; several rulesets and versions side by side.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { load } from "@weibao/rules";
import { compile } from "@weibao/rules/author";
import { everythingBundle } from "../lib/bundles.mjs";

const options = { asOf: "2026-03-02" };

/** A ruleset whose versions differ in a limit, a field and a rule. */
const text = ({ version, limit, field, rule = "" }) => `ruleset: try.hot
version: ${version}
title: { zh: 试换, en: Replaced }
jurisdiction: "000000"
sources:
  c: { document: law, title: 法, article: 第一条, quote: 应当, publisher: 甲, grade: original }
tables:
  schools:
    label: { zh: 学校, en: Schools }
    key: id
    columns: [{ name: id, type: text, label: 编号 }]
fields:
  - { name: width, type: number, label: { zh: 宽, en: Width } }
  - ${field}
  - name: rows
    type: list
    label: { zh: 行, en: Rows }
    fields:
      - { name: age, type: integer, label: { zh: 年龄, en: Age } }
rules:
  - { id: wide, title: { zh: 宽, en: Wide }, kind: duty, severity: major, clauses: [c], require: width > ${limit} }
  - { id: old, title: { zh: 年龄, en: Old }, kind: duty, severity: major, clauses: [c], each: row in rows, require: row.age >= ${limit} }
${rule}`;
const FIRST = { version: "1.0.0", limit: 10, field: "{ name: before, type: text, label: { zh: 旧, en: Before } }" };
const SECOND = {
  version: "2.0.0",
  limit: 20,
  field: "{ name: after, type: text, required: true, label: { zh: 新, en: After } }",
  rule: "  - { id: fresh, title: { zh: 新, en: Fresh }, kind: duty, severity: major, clauses: [c], require: after == \"yes\" }\n",
};

let first;
let second;
before(async () => {
  const make = async (about) => {
    const { bundles, rendered } = await compile({ files: { "hot.yaml": text(about) }, sources: { law: "应当" } });
    assert.equal(bundles.length, 1, rendered);
    return load(bundles[0].text);
  };
  [first, second] = [await make(FIRST), await make(SECOND)];
});

test("two versions and another ruleset side by side", async () => {
  const other = await load(everythingBundle());
  const at = (ruleset) => ruleset.check({ width: 15 }, options);
  for (let round = 0; round < 3; round++) {
    assert.equal(at(first).verdict.findings.find(({ rule }) => rule === "wide"), undefined);
    assert.equal(at(second).verdict.findings.find(({ rule }) => rule === "wide").outcome, "fail");
    assert.equal(at(other).ruleset.id, "test.everything");
  }
  assert.deepEqual([first.version, second.version], ["1.0.0", "2.0.0"]);
});

test("answers stay, and what changed is listed", () => {
  const session = first.session({ before: "kept" }, options);
  session.set("/width", 15);
  session.set("/rows/0", { age: 15 });
  session.set("/rows/1", { age: 30 });
  const { answers } = session;
  const changes = session.replace(second);
  assert.deepEqual(session.answers, answers);
  assert.deepEqual(changes.ruleset, { before: first.check({}, options).ruleset, after: second.check({}, options).ruleset });
  assert.deepEqual(changes.verdict, { before: "pass", after: "fail" });
  assert.deepEqual(changes.entry, { before: "complete", after: "incomplete" });
  assert.deepEqual(changes.problems.added.map(({ code, at }) => [code, at]), [["required", "/after"], ["unknown_key", "/before"]]);
  assert.deepEqual(changes.problems.removed, []);
  assert.deepEqual(changes.findings, [
    { rule: "wide", before: "pass", after: "fail" },
    { rule: "old", item: "/rows/0", before: "pass", after: "fail" },
    { rule: "fresh", after: "undetermined" },
  ]);
  assert.equal(session.reportText(), second.checkText(answers, options), "byte for byte that of a fresh check");
  assert.deepEqual(session.set("/after", "yes").rules, ["fresh"], "it goes on with the new rules");

  // And back: the answer that the second did not know is there again.
  const back = session.replace(first);
  assert.deepEqual(back.problems.removed.map(({ code, at }) => [code, at]), [["unknown_key", "/before"]]);
  assert.deepEqual(back.findings.at(-1), { rule: "fresh", before: "pass" });
  assert.equal(session.answers.before, "kept");
});

test("the same ruleset again changes nothing", () => {
  const session = first.session({ width: 1 }, options);
  const { findings, problems, verdict } = session.replace(first);
  assert.deepEqual([findings, problems, verdict], [[], { added: [], removed: [] }, { before: "fail", after: "fail" }]);
});

test("numbers that JavaScript would round stay as they are", () => {
  const session = first.session('{"width":12345678901234567890.5,"before":null}', options);
  const report = session.reportText();
  session.replace(second);
  session.replace(first);
  assert.equal(session.reportText(), report);
});

test("tables come along where the new ruleset has them", async () => {
  const tables = first.prepareTables({ schools: [{ id: "s1" }] });
  const session = first.session({ width: 15 }, { ...options, tables });
  session.replace(second);
  assert.deepEqual(Object.keys(session.report().tables), ["schools"]);
  session.replace(first, options);
  assert.deepEqual(Object.keys(session.report().tables), []);
});

test("what throws changes nothing", () => {
  const session = first.session({ width: 15 }, options);
  const report = session.reportText();
  assert.throws(() => session.replace(second, { asOf: "2026-02-30" }), { code: "bad_as_of" });
  assert.equal(session.reportText(), report);
  session.dispose();
  assert.throws(() => session.replace(second), { code: "disposed" });
});
