// docs/migration.md holds what it says: its expressions and rulesets compile, its cases pass, and each example gives the stated result in the engine that
// it comes from and in ours.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { load } from "@weibao/rules";
import Ajv from "ajv";
import jsonLogic from "json-logic-js";
import { Model } from "survey-core";
import { rules } from "../lib/bundles.mjs";

const repo = fileURLToPath(new URL("../../../", import.meta.url));
const page = readFileSync(join(repo, "docs/migration.md"), "utf8");
const sections = page.split(/^## /m).slice(1);
const folder = mkdtempSync(join(tmpdir(), "rules-migration-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
cpSync(join(repo, "rulesets/sources"), join(folder, "sources"), { recursive: true });

/** What the old rule says: each engine as its users call it. */
const THERE = {
  jsonlogic: (rule) => (answers) => jsonLogic.apply(rule, answers),
  ajv: (schema) => {
    const validate = new Ajv().compile(schema);
    return (answers) => (validate(answers) ? "valid" : "invalid");
  },
  surveyjs: (definition) => (answers) => {
    const survey = new Model(definition);
    survey.data = answers;
    return survey.validate(false) ? "valid" : "invalid";
  },
};

const blocks = (text, words) => [...text.matchAll(new RegExp(`^\`\`\`${words}\\n([^]*?)^\`\`\``, "gm"))].map((match) => match.slice(1));
const cells = (row) => row.slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
const code = (cell) => [...cell.matchAll(/(`+) ?(.*?) ?\1(?!`)/g)].map((match) => match[2]);

function tables(text) {
  const found = [];
  for (const line of text.split("\n")) {
    if (!line.startsWith("|")) found.push([]);
    else found.at(-1).push(cells(line));
  }
  return found.filter((rows) => rows.length > 0).map(([head, , ...rows]) => ({ head, rows }));
}

for (const section of sections) {
  const [, json, old] = /^```json (\w+)\n([^]*?)^```/m.exec(section) ?? [];
  if (json === undefined) continue;
  test(`the example of ${section.split("\n")[0]}`, async () => {
    const [[yaml]] = blocks(section, "yaml ruleset");
    const name = /^ruleset: (\w+)$/m.exec(yaml)[1];
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, `${name}.yaml`), yaml);
    rules(["lint", join(folder, name), "--strict"]);
    rules(["test", join(folder, name), "--coverage"]);
    rules(["build", join(folder, name), "-o", join(folder, "out")], { stdio: ["ignore", "ignore", "inherit"] });
    const ruleset = await load(join(folder, "out", `${name}.rules.json`));
    const there = THERE[json](JSON.parse(old));
    const { rows } = tables(section).find(({ head }) => head[1] === "there");
    assert.ok(rows.length >= 4);
    for (const row of rows) {
      const [[before], [said], [after], result] = row.map(code);
      assert.equal(there(JSON.parse(before)), said, before);
      const { entry, verdict } = ruleset.check(JSON.parse(after), { asOf: "2026-03-02" });
      assert.deepEqual([entry.outcome, verdict.outcome], result, after);
    }
  });
}

test("every expression of the tables compiles", () => {
  const expressions = [];
  for (const { head, rows } of sections.flatMap(tables)) {
    if (head[1] !== "here" || head.length !== 3) continue;
    // A key of a ruleset, or of a field, is no expression; nor is what only a message may hold.
    for (const text of rows.flatMap((row) => code(row[1]))) if (!/^(\w+|\w+: .*|".*")$/.test(text) || ["a", "as_of"].includes(text)) expressions.push(text);
  }
  assert.ok(expressions.length > 60, `${expressions.length}`);
  const label = "label: { zh: 甲, en: A }";
  const fields = [
    ...["a", "b", "c"].map((name) => `{ name: ${name}, type: integer, ${label} }`),
    ...["yes", "no"].map((name) => `{ name: "${name}", type: boolean, ${label} }`),
    `{ name: t, type: text, ${label} }`,
    `{ name: d, type: date, ${label} }`,
    `{ name: kind, type: choice, options: [bar, shop, school], ${label} }`,
    `{ name: kinds, type: choices, options: [bar, shop, school], ${label} }`,
    `{ name: xs, type: list, ${label}, fields: [{ name: n, type: integer, ${label} }, { name: ok, type: boolean, ${label} }] }`,
  ];
  const lets = expressions.map((text, i) => `  e${i}: ${JSON.stringify(text)}`);
  const yaml = `ruleset: page\nversion: 1.0.0\ntitle: { zh: 页, en: Page }\njurisdiction: "000000"\nfields:\n${fields.map((field) => `  - ${field}\n`).join("")}let:\n${lets.join("\n")}\nrules: []\n`;
  mkdirSync(join(folder, "page"));
  writeFileSync(join(folder, "page/page.yaml"), yaml);
  rules(["lint", join(folder, "page")]);
  // It is the expressions that are read: a wrong name among them does not compile.
  writeFileSync(join(folder, "page/page.yaml"), yaml.replace(/^ {2}e0: .*$/m, "  e0: nowhere"));
  assert.throws(() => rules(["lint", join(folder, "page")], { stdio: "pipe" }));
});
