// The Node.js side of docs/benchmarks.md: `node tests/js/bench/run.mjs [BUNDLE.rules.json] [--quick] [--native=ADDON]`. Answers are
// compared before anything is timed; all are timed in turns in one run, so that ratios mean something on a machine that others use too.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { load } from "@weibao/rules";
import { rules } from "../lib/bundles.mjs";
import { seeded } from "../lib/random.mjs";
import * as hand from "./hand.mjs";
import * as native from "./native.mjs";
import { ajv, cel } from "./peers.mjs";

const files = fileURLToPath(new URL("../../bench/", import.meta.url));
const read = (name) => readFileSync(join(files, name), "utf8");
const args = process.argv.slice(2);
const quick = args.includes("--quick") || Boolean(process.env.FAST);
const addon = args.find((arg) => arg.startsWith("--native="))?.slice("--native=".length);
const [given] = args.filter((arg) => !arg.startsWith("--"));
const options = Object.freeze({ asOf: "2026-03-02" });
const WHYS = { missing: hand.MISSING, conflict: hand.CONFLICT, no_evidence: hand.NO_EVIDENCE, too_close: hand.TOO_CLOSE };

/** The ruleset with so many rules: the twenty, then copies with other ids, of which none reads `previous_on`. */
function yaml(count) {
  const [head, body] = read("inspection.yaml").split("\nrules:\n");
  const blocks = body.split("  - id: ").filter((block) => block !== "");
  let out = `${head}\nrules:\n`;
  for (let i = 0; i < count; i++) {
    const block = blocks[i % blocks.length];
    const copy = Math.floor(i / blocks.length);
    const line = block.indexOf("\n");
    const rest = copy === 0 ? block.slice(line + 1) : block.slice(line + 1).replaceAll("previous_on", "licence_until");
    out += `  - id: ${block.slice(0, line)}${copy === 0 ? "" : `_${copy}`}\n${rest}`;
  }
  return out;
}

function bundle(count) {
  if (given && count === 20) return readFileSync(given, "utf8");
  const folder = mkdtempSync(join(tmpdir(), "rules-bench-"));
  try {
    mkdirSync(join(folder, "sources"));
    writeFileSync(join(folder, "sources/bench-source.txt"), read("bench-source.txt"));
    mkdirSync(join(folder, "bench"));
    writeFileSync(join(folder, "bench/inspection.yaml"), yaml(count));
    rules(["build", folder, "-o", join(folder, "out")], { stdio: ["ignore", "ignore", "inherit"] });
    const [file] = readdirSync(join(folder, "out"));
    return readFileSync(join(folder, "out", file), "utf8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Complete entries with other numbers, days and answers. */
function varied(text, seed) {
  const random = seeded(seed);
  const entry = JSON.parse(text);
  entry.rooms_occupied = Math.floor(random() * 80);
  entry.cameras = Math.floor(random() * 60);
  entry.patrols = random() > 0.1;
  entry.staff = 1 + Math.floor(random() * 8);
  entry.trained = Math.floor(random() * entry.staff);
  entry.school_distance = { value: 150 + Math.floor(random() * 120), tolerance: Math.floor(random() * 20) };
  entry.minors_declared = Math.floor(random() * 5);
  for (const guest of entry.guests) {
    guest.nights = Math.floor(random() * 33);
    guest.birth_date = `${1900 + Math.floor(random() * 126)}-0${1 + Math.floor(random() * 9)}-1${Math.floor(random() * 10)}`;
    guest.checked_in_at = `2026-03-01T${String(Math.floor(random() * 24)).padStart(2, "0")}:10:00+08:00`;
    for (const flag of ["id_checked", "registered", "guardian_asked", "guardian_recorded", "accompanied", "relation_asked", "relation_recorded", "suspicious"]) guest[flag] = random() > 0.2;
    if (random() < 0.1) delete guest.room;
  }
  return entry;
}

/** The same with some answers left out. */
function gaps(text, seed) {
  const random = seeded(seed ^ 0x5eed);
  const entry = varied(text, seed);
  for (const record of [entry, ...entry.guests]) {
    for (const key of Object.keys(record)) {
      if (random() < 0.1) {
        if (random() < 0.5) delete record[key];
        else record[key] = null;
      }
    }
  }
  return entry;
}

/** Findings of the engine in the shape of the hand-written ones, fields sorted. */
function findings(ruleset, outcomes) {
  const numbers = new Map(ruleset.rules.map((rule, i) => [rule.id, i]));
  return outcomes.toArray().map(({ rule, item, outcome, reason, at, missing }) => {
    const decided = outcome === "fail" || reason === "too_close";
    const prefix = item === undefined ? "" : item;
    const fields = (decided ? at : missing).map((path) => (prefix !== "" && path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : path.replace(/^\/(guests\/(?=\d))?/, "")));
    return [numbers.get(rule), item === undefined ? -1 : Number(item.split("/").pop()), outcome === "fail" ? hand.FAIL : hand.OPEN, outcome === "fail" ? 0 : WHYS[reason], fields.sort()];
  });
}

function equalToHand(ruleset, entry, note) {
  const ours = findings(ruleset, ruleset.outcomes(entry, options));
  const theirs = hand.judge(entry).findings.map(([rule, item, outcome, why, fields]) => [rule, item, outcome, why, [...fields].sort()]);
  assert.deepEqual(ours, theirs, note);
  assert.deepEqual(findings(ruleset, ruleset.outcomes(JSON.stringify(entry), options)), theirs, note);
}

let sink = 0;
/** Nanoseconds per call, the best of many short turns. */
function timer(run) {
  let times = 1;
  for (;;) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < times; i++) sink += run();
    if (process.hrtime.bigint() - start > 2_000_000n) break;
    times *= 2;
  }
  return () => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < times; i++) sink += run();
    return Number(process.hrtime.bigint() - start) / times;
  };
}

function race(title, contestants) {
  const timers = Object.entries(contestants).map(([name, run]) => [name, timer(run), []]);
  const turns = quick ? 20 : 150;
  for (let turn = 0; turn < turns; turn++) for (const [, time, all] of timers) all.push(time());
  const medians = timers.map(([name, , all]) => [name, all.sort((a, b) => a - b)[all.length >> 1], all[0]]);
  const floor = medians[0][1];
  console.log(`\n${title}`);
  for (const [name, median, best] of medians) {
    console.log(`  ${name.padEnd(44)} ${(median / 1000).toFixed(3).padStart(9)} µs  best ${(best / 1000).toFixed(3).padStart(9)}  ${(median / floor).toFixed(1).padStart(7)}×`);
  }
}

const text5 = read("entry-5.json").trim();
const text100 = read("entry-100.json").trim();
const twenty = bundle(20);
const small = await load(twenty);
const large = await load(bundle(200));
const schema = ajv();
const expressions = cel();

// Compared first.
const rounds = quick ? 300 : 3_000;
for (const text of [text5, text100]) equalToHand(small, JSON.parse(text), "as it is");
for (let seed = 0; seed < rounds; seed++) {
  equalToHand(small, varied(text5, seed), `varied ${seed}`);
  equalToHand(small, gaps(text5, seed), `gaps ${seed}`);
  const entry = varied(text5, seed);
  const ours = [...new Set(findings(small, small.outcomes(entry, options)).map(([rule]) => rule))].sort();
  assert.deepEqual([...schema.failing(entry)].sort(), ours, `ajv ${seed}`);
  assert.deepEqual([...expressions.failing(entry)].sort(), ours, `cel ${seed}`);
}
console.log(`equal: ours and by hand on ${2 * rounds + 2} entries, ajv and cel-js on ${rounds} complete ones`);

const decode = (outcomes) => outcomes.toArray().length;
function contest(title, ruleset, text, peers) {
  const entry = JSON.parse(text);
  const session = ruleset.session(entry, options);
  let n = 0;
  race(title, {
    ...(peers && { "by hand, from an object": () => hand.judge(entry).findings.length }),
    ...(peers && { "by hand, from text": () => hand.judge(JSON.parse(text)).findings.length }),
    ...(peers && { "ajv, from an object": () => schema.run(entry) }),
    ...(peers && { "ajv, from text": () => schema.run(JSON.parse(text)) }),
    ...(peers && { "cel-js, from an object": () => expressions.run(entry) }),
    ...(peers && { "cel-js, from text": () => expressions.run(JSON.parse(text)) }),
    "outcomes, from an object": () => ruleset.outcomes(entry, options).length,
    "outcomes, from an object, decoded": () => decode(ruleset.outcomes(entry, options)),
    "outcomes, from text": () => ruleset.outcomes(text, options).length,
    "outcomes, from text, decoded": () => decode(ruleset.outcomes(text, options)),
    "session: one edit": () => session.set("/previous_on", n++ % 2 ? "2025-11-18" : "2025-11-19").rules.length,
    "session: one edit that moves a rule": () => session.set("/previous_on", n++ % 2 ? "2025-11-18" : "2025-01-19").rules.length,
    "report as canonical text, from text": () => ruleset.checkText(text, options).length,
    "report, from an object": () => ruleset.check(entry, options).verdict.findings.length,
    "report with explanations, from text": () => ruleset.checkText(text, explain).length,
  });
  session.dispose();
}
const explain = Object.freeze({ ...options, explain: true });

contest(`20 rules, ${text5.length} characters, 5 guests`, small, text5, true);
contest("200 rules, 100 guests", large, text100, false);
contest("200 rules, 5 guests", large, text5, false);
if (addon) {
  const Native = native.addon(addon);
  const other = new Native(twenty, options.asOf);
  const texts = [text5, text100];
  for (let seed = 0; seed < rounds; seed++) texts.push(JSON.stringify(varied(text5, seed)), JSON.stringify(gaps(text5, seed)));
  native.equal(small, other, texts, options);
  console.log(`\nequal: the native addon and WebAssembly on ${texts.length} entries, byte for byte`);
  for (const [text, guests] of [[text5, 5], [text100, 100]]) {
    race(`native addon and WebAssembly, 20 rules, ${guests} guests`, native.contestants(small, other, text, options));
  }
}
if (sink < 0) console.log(sink);
