// What the package offers, as docs/javascript.md says.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { load, RulesError } from "@weibao/rules";
import { everythingBundle } from "../lib/bundles.mjs";

const options = { asOf: "2026-03-02" };
const bundle = everythingBundle();
const ruleset = await load(bundle);

test("a bundle from anywhere", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rules-"));
  const file = join(folder, "x.rules.json");
  writeFileSync(file, bundle);
  const server = createServer((request, response) => {
    response.statusCode = request.url === "/x" ? 200 : 404;
    response.end(request.url === "/x" ? bundle : "no");
  }).listen(0);
  try {
    const address = `http://localhost:${server.address().port}`;
    const bytes = new TextEncoder().encode(bundle);
    for (const source of [file, pathToFileURL(file), pathToFileURL(file).href, bytes, bytes.buffer, JSON.parse(bundle), fetch(`${address}/x`), await fetch(`${address}/x`), `${address}/x`]) {
      const loaded = await load(source);
      assert.equal(loaded.digest, ruleset.digest);
      loaded.dispose();
      assert.throws(() => loaded.check({}, options), { code: "disposed" });
    }
    await assert.rejects(load(`${address}/y`), { code: "source_unavailable" });
    await assert.rejects(load(fetch(`${address}/y`)), { code: "source_unavailable" });
    await assert.rejects(load(join(folder, "absent")), { code: "source_unavailable" });
    await assert.rejects(load("http://localhost:1/"), { code: "source_unavailable" });
    for (const source of [1, null, undefined, () => 1, new Uint8Array([0xff, 0xfe])]) {
      await assert.rejects(load(source), { code: "source_type" });
    }
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});

test("bundles that are refused", async () => {
  const changed = JSON.parse(bundle);
  changed.variants[0].rules[0].severity = "minor";
  for (const [source, code] of [["{", "B0101"], ["{}", "B0102"], [{ ...JSON.parse(bundle), format: 99 }, "B0103"], [changed, "B0104"], [bundle.replace("万有", "萬有"), "B0104"]]) {
    await assert.rejects(load(source), (error) => error instanceof RulesError && error.code === code && error.detail !== "");
  }
});

test("what a ruleset is", () => {
  assert.equal(ruleset.id, "test.everything");
  assert.equal(ruleset.version, "1.2.3");
  assert.deepEqual(ruleset.title, { zh: "万有登记", en: "Everything" });
  assert.match(ruleset.digest, /^sha256:[0-9a-f]{64}$/);
  assert.deepEqual(ruleset.layers.map(({ id, jurisdiction, effective }) => ({ id, jurisdiction, effective })), [
    { id: "test.everything", jurisdiction: "520000", effective: { from: "2021-06-01", until: "2099-01-01" } },
  ]);
  assert.deepEqual(ruleset.clauses.map((clause) => [clause.id, clause.quote]), [["every_1", "登记应当完整，年龄不得为负。"]]);
  assert.equal(ruleset.rules.find((rule) => rule.id === "grown").each, true);
  assert.deepEqual(ruleset.params.map(({ name, value, unit, clause }) => ({ name, value, unit, clause })), [
    { name: "lowest", value: 0, unit: "year", clause: "every_1" },
    { name: "unset", value: undefined, unit: undefined, clause: undefined },
  ]);
  assert.deepEqual(ruleset.tables.map((table) => [table.name, table.kind, table.included, table.columns.map((column) => column.type)]), [["schools", "rows", false, ["text", "text", "point"]]]);
});

test("the form can be drawn", () => {
  const { fields } = ruleset.form(options);
  const by = Object.fromEntries(fields.map((field) => [field.name, field]));
  assert.deepEqual(fields.map((field) => field.type), [
    "boolean", "integer", "number", "text", "text", "choice", "choices", "date", "datetime", "measure", "point", "area", "attachment", "ref", "group", "list", "list",
  ]);
  assert.deepEqual(by.age, { name: "age", path: "/age", type: "integer", label: { zh: "年龄", en: "Age" }, required: false, conditional: false, sensitive: false, unit: "year", min: 0, max: 150 });
  assert.equal(by.name.sensitive, true);
  assert.equal(by.code.pattern, "[A-Z]{2}[0-9]{3}");
  assert.deepEqual(by.kind.options[1], { code: "b", label: { zh: "乙", en: "B" } });
  assert.equal(by.day.min, "2000-01-01");
  assert.deepEqual(by.place.crs, ["wgs84", "gcj02"]);
  assert.equal(by.school.table, "schools");
  assert.equal(by.address.fields[1].type, "group");
  assert.equal(by.address.fields[1].conditional, true);
  assert.equal(by.address.fields[1].fields[0].path, "/address/inner/floor");
  assert.equal(by.aliases.item.type, "text");
  assert.deepEqual(by.people.fields.map((field) => field.path), ["/nick", "/years", "/fine", "/pets"]);
  assert.equal(by.people.fields[3].fields[0].type, "integer");
});

test("a report", () => {
  const answers = { agreed: false, age: 12, kind: "a", people: [{ nick: "甲", years: 3, fine: true }], extra: 1 };
  const report = ruleset.check(answers, { ...options, jurisdiction: "520402" });
  assert.equal(report.report, 1);
  assert.equal(report.jurisdiction, "520402");
  assert.equal(report.as_of, "2026-03-02");
  assert.equal(report.verdict.outcome, "fail");
  assert.deepEqual(report.entry.problems.map((problem) => problem.code), ["unknown_key"]);
  const agreed = report.verdict.findings[0];
  assert.deepEqual([agreed.rule, agreed.outcome, agreed.at, agreed.clauses], ["agreed", "fail", ["/agreed"], ["every_1"]]);
  const grown = report.verdict.findings.find((finding) => finding.rule === "grown");
  assert.equal(grown.item, "/people/0");
  assert.equal(report.verdict.findings.find((finding) => finding.rule === "of_age").message.zh, "12岁，未成年");
  const text = ruleset.checkText(answers, { ...options, jurisdiction: "520402" });
  assert.deepEqual(JSON.parse(text), report);
  assert.equal(ruleset.checkText(JSON.stringify(answers), { ...options, jurisdiction: "520402" }), text);
  const explained = ruleset.check(answers, { ...options, explain: true, all: true });
  assert.ok(explained.verdict.findings.every((finding) => finding.evidence));
  assert.equal(explained.verdict.findings.length, Object.values(explained.verdict.counts).reduce((a, b) => a + b));
});

test("another place, another day", () => {
  assert.equal(ruleset.check({}, { ...options, jurisdiction: "110000" }).verdict.reason, "other_area");
  assert.equal(ruleset.outcomes({}, { ...options, jurisdiction: "110000" }).verdict, "not_applicable");
  assert.equal(ruleset.check({}, { asOf: "2020-01-01" }).verdict.reason, "out_of_force");
});

test("options are checked", () => {
  const bad = (given, code, path) => assert.throws(() => ruleset.check({}, given), { name: "RulesError", code, path });
  bad(undefined, "bad_option", "");
  bad({}, "bad_option", "/asOf");
  bad({ asOf: new Date() }, "bad_option", "/asOf");
  bad({ asOf: "2026-02-30" }, "bad_as_of", "/asOf");
  bad({ asOf: "2026-3-2" }, "bad_as_of", "/asOf");
  bad({ ...options, jurisdiction: 520402 }, "bad_option", "/jurisdiction");
  bad({ ...options, jurisdiction: "52040" }, "bad_jurisdiction", "/jurisdiction");
  bad({ ...options, explain: 1 }, "bad_option", "/explain");
  bad({ ...options, jurisdictions: "520402" }, "bad_option", "/jurisdictions");
  bad({ ...options, limits: { step: 1 } }, "bad_option", "/limits/step");
  bad({ ...options, limits: { steps: -1 } }, "bad_option", "/limits/steps");
  assert.throws(() => ruleset.describe({ jurisdiction: "520402" }), { code: "bad_option" });
});

test("options may change between calls", () => {
  const changing = { asOf: "2026-03-02" };
  assert.equal(ruleset.outcomes({}, changing).verdict, "undetermined");
  changing.asOf = "2020-03-02";
  assert.equal(ruleset.outcomes({}, changing).verdict, "not_applicable");
});

test("limits can be lowered", () => {
  const report = ruleset.check({ people: [{}, {}, {}] }, { ...options, limits: { items: 2 } });
  assert.ok(report.entry.problems.some((problem) => problem.code === "too_many_items" && problem.at === "/people"));
  assert.ok(ruleset.outcomes({ agreed: true }, { ...options, limits: { steps: 0 } }).counts.faulted > 0);
  assert.equal(ruleset.check({ agreed: true }, { ...options, limits: { answerBytes: 2 } }).entry.problems[0].code, "too_large");
});

test("tables", async () => {
  const schools = [
    { id: "s1", name: "一中", location: { lng: 105.95, lat: 26.25, crs: "wgs84" } },
    { id: "s2", name: "二中", location: { lng: 105.99, lat: 26.29, crs: "wgs84" } },
  ];
  const answers = { place: { lng: 105.9501, lat: 26.2501, crs: "wgs84" }, school: "s9" };
  const near = (given) => ruleset.outcomes(answers, { ...options, all: true, tables: given }).toArray().find((outcome) => outcome.rule === "near");
  assert.equal(near(undefined).outcome, "undetermined");
  assert.equal(near({ schools }).outcome, "fail");
  assert.equal(near({ schools: JSON.stringify(schools) }).outcome, "fail");
  const tables = ruleset.prepareTables({ schools });
  schools.length = 0;
  assert.equal(near(tables).outcome, "fail", "prepared tables are what they were");
  const report = ruleset.check(answers, { ...options, tables });
  assert.match(report.tables.schools, /^sha256:/);
  assert.ok(report.entry.problems.some((problem) => problem.code === "unknown_ref" && problem.at === "/school"));
  tables.dispose();
  assert.throws(() => near(tables), { code: "disposed" });
  assert.throws(() => near({ schols: [] }), { code: "bad_table", path: "/schols", detail: "no_such_table" });
  assert.throws(() => near({ schools: [{ id: 1 }] }), { code: "bad_table", path: "/schools/0/id", detail: "wrong_type" });
  assert.throws(() => near({ schools: [{ id: () => 1 }] }), { code: "answers_type", path: "/schools/0/id" });
  const other = await load(bundle);
  assert.throws(() => other.check({}, { ...options, tables: ruleset.prepareTables({}) }), { code: "bad_option" });
});

test("distances are those of the rules, without an answer", () => {
  const door = { lng: 105.952, lat: 26.25, accuracy: 8, crs: "wgs84" };
  const gate = { lng: 105.95, lat: 26.25, accuracy: 3, crs: "cgcs2000" };
  const grounds = { type: "Polygon", crs: "wgs84", coordinates: [[[105.948, 26.249], [105.95, 26.249], [105.95, 26.251], [105.948, 26.251], [105.948, 26.249]]] };
  const [point, area, mixed, none] = ruleset.distances(door, [gate, grounds, { ...gate, crs: "gcj02" }, { lng: 1 }]);
  // A degree of longitude at that latitude is 99,904.7 m (2π/360 · N · cos φ), so 0.002° are 199.81 m.
  assert.ok(Math.abs(point.value - 199.81) < 0.01 && Math.abs(area.value - 199.81) < 0.01, JSON.stringify([point, area]));
  assert.deepEqual([point.tolerance, area.tolerance], [11, 8]);
  assert.deepEqual([mixed, none], [{ fault: "crs_mixed" }, { fault: "wrong_type" }]);
  assert.deepEqual(ruleset.distances(door, []), []);
  const bundles = process.env.RULES_BUNDLES ?? fileURLToPath(new URL("../../../target/bundles", import.meta.url));
  const bundleOfVenues = readFileSync(join(bundles, "venue.rules.json"), "utf8");
  return load(bundleOfVenues).then((venue) => {
    // The same number decides: the margin to a limit of 200 m is what the distance says.
    const site = { kind: "school", name: "x", gate, boundary: grounds };
    const answers = { venue_kind: "internet_cafe", location: { ...door, lng: 105.9523, accuracy: 0 }, sites: [site] };
    const finding = venue.check(answers, { ...options, explain: true, all: true }).verdict.findings.find((one) => one.rule === "cafe_school_distance");
    const [exact] = venue.distances(answers.location, [grounds]);
    assert.deepEqual([finding.outcome, finding.margin.value], ["pass", exact.value - 200]);
  });
});
