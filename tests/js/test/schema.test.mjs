// What is generated from a form: the JSON Schema is that of `rules schema`, byte for byte, on every ruleset; the types compile and refuse what they should.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import Ajv2020 from "ajv/dist/2020.js";
import { load } from "@weibao/rules";
import { answerTypes, jsonSchema, jsonSchemaText } from "@weibao/rules/schema";
import { everythingBundle, rules } from "../lib/bundles.mjs";

const bundles = process.env.RULES_BUNDLES ?? fileURLToPath(new URL("../../../target/bundles", import.meta.url));
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const cli = fileURLToPath(new URL("../../../rules-wasm/npm/dist/types-cli.js", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "rules-schema-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const everything = join(folder, "everything.rules.json");
writeFileSync(everything, everythingBundle());

const all = [everything, ...readdirSync(bundles).filter((name) => name.endsWith(".rules.json")).map((name) => join(bundles, name))];

test("the JSON Schema is that of the command line, on every ruleset and layer", async () => {
  assert.ok(all.length > 5);
  for (const bundle of all) {
    const ruleset = await load(bundle);
    assert.equal(jsonSchemaText(ruleset), rules(["schema", bundle]), bundle);
    for (const { jurisdiction } of ruleset.layers) {
      const place = { asOf: "2026-03-02", jurisdiction };
      assert.equal(jsonSchemaText(ruleset, place), rules(["schema", bundle, "--jurisdiction", jurisdiction, "--as-of", place.asOf]), `${bundle} ${jurisdiction}`);
    }
  }
});

test("as an object it validates", async () => {
  const ruleset = await load(everything);
  const valid = new Ajv2020({ strict: false, formats: { date: true } }).compile(jsonSchema(ruleset));
  assert.equal(valid({ agreed: true, kind: "a", people: [{ nick: "x" }] }), true);
  assert.equal(valid({ agreed: true, kind: "z" }), false);
  assert.deepEqual(JSON.parse(jsonSchemaText(ruleset)), jsonSchema(ruleset));
});

test("the types of every ruleset compile, and refuse what they should", async () => {
  for (const [number, bundle] of all.entries()) {
    writeFileSync(join(folder, `answers${number}.d.ts`), answerTypes(await load(bundle), { name: "Answers" }));
  }
  writeFileSync(
    join(folder, "use.ts"),
    `import type { Answers } from "./answers0.js";
export const good: Answers = { agreed: true, kind: "a", people: [{ nick: "x", pets: [{ legs: 4 }] }], address: { inner: { floor: 1 } }, aliases: ["x"], marks: ["red"], place: { lng: 1, lat: 2, crs: "wgs84" }, age: null };
// @ts-expect-error required
export const missing: Answers = {};
// @ts-expect-error no such option
export const option: Answers = { agreed: true, kind: "z" };
// @ts-expect-error no such field
export const field: Answers = { agreed: true, extra: 1 };
// @ts-expect-error a coordinate system that the field does not take
export const crs: Answers = { agreed: true, place: { lng: 1, lat: 2, crs: "bd09" } };
`,
  );
  const files = [...all.keys()].map((number) => `answers${number}.d.ts`);
  try {
    execFileSync(process.execPath, [tsc, "--strict", "--noEmit", "--exactOptionalPropertyTypes", "--target", "es2020", "--module", "nodenext", "use.ts", ...files], { cwd: folder, encoding: "utf8" });
  } catch (error) {
    throw new Error(error.stdout, { cause: error });
  }
});

test("the command weibao-types", async () => {
  const run = (...args) => spawnSync(process.execPath, [cli, ...args], { encoding: "utf8" });
  const ruleset = await load(everything);
  assert.equal(run(everything).stdout, answerTypes(ruleset));
  assert.match(run(everything, "--name", "Entry", "--as-of", "2026-03-02", "--jurisdiction", "520000").stdout, /export interface Entry \{/);
  assert.equal(run(everything, "--json-schema").stdout, jsonSchemaText(ruleset));
  assert.match(run("--help").stdout, /^Usage/);
  for (const args of [[], ["--nothing"], [everything, "--name", "1 x"], [everything, "--as-of"], [everything, everything]]) {
    assert.equal(run(...args).status, 2, args.join(" "));
  }
  const absent = run(join(folder, "absent.json"));
  assert.equal(absent.status, 1);
  assert.match(absent.stderr, /^weibao-types: source_unavailable/);
});

test("labels of any kind cannot leave their comment", async () => {
  const ruleset = await load(everything);
  const hostile = { describe: () => ({ layers: [{ id: "x.y", version: "1", title: { zh: "*/ alert(1) /*" } }], form: { fields: [{ name: "class", path: "/class", type: "text", label: { zh: "*/}\n" }, required: true, conditional: false, sensitive: false }] } }) };
  const text = answerTypes(hostile);
  assert.ok(!text.replace(/^\/\*\* .* \*\/$|^ {2}\/\*\* .* \*\/$/gm, "").includes("*/"), text);
  void ruleset;
});
