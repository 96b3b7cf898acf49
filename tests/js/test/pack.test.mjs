// Packed answers and JSON text say the same: whatever the packer takes gives the outcomes that the engine's own reader gives.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "@weibao/rules";
import { everythingBundle } from "../lib/bundles.mjs";
import { Answers } from "../lib/random.mjs";

const options = Object.freeze({ asOf: "2026-03-02", all: true });
// A limit that changes nothing: with limits, answers always go as text.
const asText = Object.freeze({ ...options, limits: { steps: 20_000_000 } });

const plain = (outcomes) => ({ verdict: outcomes.verdict, counts: outcomes.counts, all: outcomes.toArray() });

test("random answers through both ways", async () => {
  const ruleset = await load(everythingBundle());
  const { fields } = ruleset.form();
  const rounds = process.env.FAST ? 3_000 : 30_000;
  for (let seed = 0; seed < rounds; seed++) {
    const answers = new Answers(seed, [0, 0.02, 0.2][seed % 3]).fields(fields);
    const packed = plain(ruleset.outcomes(answers, options));
    const text = plain(ruleset.outcomes(answers, asText));
    assert.deepEqual(packed, text, `seed ${seed}`);
  }
});

test("outcomes are those of the report", async () => {
  const ruleset = await load(everythingBundle());
  const { fields } = ruleset.form();
  for (let seed = 0; seed < 300; seed++) {
    const answers = new Answers(seed).fields(fields);
    const report = ruleset.check(answers, options);
    const outcomes = ruleset.outcomes(answers, options);
    assert.equal(outcomes.verdict, report.verdict.outcome);
    assert.deepEqual(outcomes.counts, report.verdict.counts);
    const entry = new Set(ruleset.rules.filter((rule) => rule.kind === "entry").map((rule) => rule.id));
    const found = outcomes.toArray().filter((outcome) => !entry.has(outcome.rule));
    assert.equal(found.length, report.verdict.findings.length);
    found.forEach((outcome, i) => {
      const finding = report.verdict.findings[i];
      assert.equal(outcome.rule, finding.rule);
      assert.equal(outcome.outcome, finding.outcome);
      assert.equal(outcome.item, finding.item);
      assert.equal(outcome.reason, finding.reason);
      assert.deepEqual(outcome.at, finding.at);
      assert.deepEqual(outcome.missing, finding.missing ?? []);
    });
  }
});

test("what is large", async () => {
  const ruleset = await load(everythingBundle());
  const people = (length) => ({ agreed: true, people: Array.from({ length }, (_, i) => ({ nick: `某${i}`, years: i % 90, fine: i % 3 > 0 })) });
  for (const answers of [people(100), people(5_000), people(5_001), people(6_001), { name: "好".repeat(400_000) }, { name: "x".repeat(1_100_000) }, { agreed: true, name: "\u0001".repeat(180_000) }]) {
    assert.deepEqual(plain(ruleset.outcomes(answers, options)), plain(ruleset.outcomes(answers, asText)));
  }
});

test("somebody enumerates on Object.prototype", async () => {
  const ruleset = await load(everythingBundle());
  Object.prototype.agreed = true;
  try {
    assert.equal(ruleset.outcomes({}, options).toArray().find((outcome) => outcome.rule === "agreed").outcome, "undetermined");
  } finally {
    delete Object.prototype.agreed;
  }
});
