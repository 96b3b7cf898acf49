// The engine in a thread: the same bytes, the same errors, and a deadline after which the next call works.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { load } from "@weibao/rules";
import { connect } from "@weibao/rules/worker";
import { everythingBundle } from "../lib/bundles.mjs";

const options = { asOf: "2026-03-02" };
const schools = [{ id: "s1", name: "一中", location: { lng: 105.95, lat: 26.25, crs: "wgs84" } }];
const answers = { agreed: false, age: 3, school: "s1", place: { lng: 105.95, lat: 26.25, crs: "wgs84" } };
/** Long enough to read that no deadline of a millisecond holds. */
const many = { people: Array.from({ length: 5_000 }, (_, n) => ({ nick: `${n}`.padEnd(60, "x"), years: n })) };

let engine;
let there;
let here;
before(async () => {
  engine = connect({ deadline: 20_000 });
  [there, here] = await Promise.all([engine.load(everythingBundle()), load(everythingBundle())]);
});
after(() => engine.close());

/** What a call gives, or the code of what it throws. */
const told = async (call) => {
  try {
    return await call();
  } catch (error) {
    assert.equal(error.name, "RulesError");
    return [error.code, error.path];
  }
};

test("the same as without a worker", async () => {
  assert.deepEqual([there.id, there.version, there.digest], [here.id, here.version, here.digest]);
  assert.deepEqual(there.about.rules, here.rules);
  assert.deepEqual(await there.form(options), here.form(options));
  const cyclic = {};
  cyclic.self = cyclic;
  const given = [answers, JSON.stringify(answers), {}, "{", many, { age: NaN }, { age: 2n ** 70n }, { name: "\ud800" }, cyclic, { day: new Date() }, null, { code: () => 1 }];
  for (const one of given) {
    assert.deepEqual(await told(() => there.checkText(one, options)), await told(() => here.checkText(one, options)));
  }
  for (const bad of [undefined, {}, { asOf: "2026-02-30" }, { asOf: "2026-03-02", oops: 1 }, { ...options, jurisdiction: "x" }, { ...options, tables: { nope: [] } }, { ...options, limits: { steps: -1 } }]) {
    assert.deepEqual(await told(() => there.checkText(answers, bad)), await told(() => here.checkText(answers, bad)), JSON.stringify(bad));
  }
  assert.equal((await told(() => there.checkText(answers, { ...options, tables: { schools: [() => 1] } })))[0], "bad_option", "what cannot travel");
  const outcomes = here.outcomes(answers, options);
  assert.deepEqual(await there.outcomes(answers, options), { verdict: outcomes.verdict, counts: outcomes.counts, outcomes: outcomes.toArray() });
  const tables = await there.prepareTables({ schools });
  const expected = here.checkText(answers, { ...options, tables: { schools } });
  assert.equal(await there.checkText(answers, { ...options, tables }), expected);
  assert.equal(await there.checkText(answers, { ...options, tables: { schools } }), expected);
  assert.deepEqual(await there.check(answers, options), here.check(answers, options));
});

test("after a deadline the next call works, and sessions have their answers", async () => {
  const tables = await there.prepareTables({ schools });
  const session = await there.session(answers, { ...options, tables });
  const local = here.session(answers, { ...options, tables: { schools } });
  const edit = async (method, ...given) => {
    const { rules, outcomes } = local[method](...given);
    assert.deepEqual(await session[method](...given), { rules, outcomes });
  };
  await edit("set", "/age", 200);
  await edit("set", ["people", 0], { nick: "甲" });
  await edit("set", ["people", 0, "years"], 9);
  for (let round = 0; round < 3; round++) {
    engine.deadline = 1;
    const calls = [() => there.check(many, options), () => there.outcomes(many, options), () => session.set("/people", many.people)];
    await assert.rejects(calls[round](), { name: "RulesError", code: "deadline_exceeded" });
    engine.deadline = 20_000;
    assert.equal(await session.reportText(), local.reportText(), "the edit that was not in time was not made");
    assert.equal(await there.checkText(answers, options), here.checkText(answers, options));
    await edit("set", "/age", round);
  }
  await edit("remove", "/people/0");
  assert.deepEqual([await session.answers(), await session.counts(), await session.outcomes(), await session.relevant("/address/inner")],
    [local.answers, local.counts, local.outcomes, local.relevant("/address/inner")]);
  await assert.rejects(session.set("/nowhere", 1), { code: "no_such_place", path: "/nowhere" });

  // Hot replacement, also of what is made again in a new worker.
  const other = await engine.load(JSON.stringify(JSON.parse(everythingBundle())));
  const changes = await session.replace(other);
  assert.deepEqual([changes.findings, changes.problems], [[], { added: [], removed: [] }]);
  await edit("set", "/age", 77);
  engine.deadline = 1;
  await assert.rejects(there.check(many, options), { code: "deadline_exceeded" });
  engine.deadline = 20_000;
  assert.equal(await session.reportText(), local.reportText());
  await session.dispose();
  await assert.rejects(session.report(), { code: "disposed" });
});

test("calls that wait have their own time", async () => {
  const own = connect({ deadline: 2_000 });
  const ruleset = await own.load(everythingBundle());
  const reports = await Promise.all(Array.from({ length: 40 }, () => ruleset.checkText(many, options)));
  assert.equal(new Set(reports).size, 1);
  own.close();
  await assert.rejects(ruleset.check({}, options), { code: "disposed" });
});

test("many edits are remembered as answers", async () => {
  const session = await there.session({}, options);
  for (let n = 0; n < 1_100; n++) {
    await session.set("/age", n % 150);
  }
  engine.deadline = 1;
  await assert.rejects(there.check(many, options), { code: "deadline_exceeded" });
  engine.deadline = 20_000;
  assert.deepEqual(await session.answers(), { age: 1_099 % 150 });
});

test("hashes, and faults of loading", async () => {
  const { "rules.wasm": integrity } = JSON.parse(readFileSync(new URL("../../../rules-wasm/npm/dist/integrity.json", import.meta.url), "utf8"));
  const good = connect({ integrity });
  assert.equal((await good.load(everythingBundle())).digest, here.digest);
  good.close();
  const bad = connect({ integrity: `sha384-${"A".repeat(64)}` });
  await assert.rejects(bad.load(everythingBundle()), { code: "integrity_mismatch", path: "/integrity/wasm" });
  await assert.rejects(bad.load(everythingBundle(), { integrity: { bundle: `sha384-${"A".repeat(64)}` } }), { code: "integrity_mismatch", path: "/integrity/bundle" });
  bad.close();
  await assert.rejects(engine.load("{}"), { code: /^B01/ });
  await assert.rejects(engine.load("/no/such/file.json"), { code: "source_unavailable" });
  assert.throws(() => connect({ deadline: 0 }), { code: "bad_option", path: "/deadline" });
  const closed = connect();
  const loading = closed.load(everythingBundle());
  closed.close();
  await assert.rejects(loading, { code: "disposed" });
});

test("a thread with nothing to do does not keep the process alive", () => {
  const script = `import { connect } from "@weibao/rules/worker"; const e = connect(); const r = await e.load(${JSON.stringify(everythingBundle())}); console.log((await r.check({}, { asOf: "2026-03-02" })).report);`;
  const folder = new URL("..", import.meta.url);
  assert.equal(execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: folder, encoding: "utf8", timeout: 20_000 }), "1\n");
});
