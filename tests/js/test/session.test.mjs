// A session is a fresh check of the same answers, whatever led there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { load } from "@weibao/rules";
import { everythingBundle } from "../lib/bundles.mjs";
import { Answers } from "../lib/random.mjs";

const options = { asOf: "2026-03-02" };
const ruleset = await load(everythingBundle());

test("edits, one at a time", () => {
  const session = ruleset.session({}, options);
  assert.deepEqual(session.answers, {});
  const change = session.set("/agreed", false);
  assert.deepEqual(change.rules, ["agreed"]);
  assert.deepEqual(change.outcomes, [{ rule: "agreed", outcome: "fail", at: ["/agreed"], missing: [] }]);
  assert.deepEqual(session.set(["people", 0], { nick: "甲", years: 20, fine: true }).rules.includes("grown"), true);
  assert.deepEqual(session.set("/people/0/years", 3).outcomes.map((outcome) => [outcome.rule, outcome.outcome, outcome.item]), [["grown", "fail", "/people/0"]]);
  assert.deepEqual(session.set("/name", "某").rules, []);
  assert.deepEqual(session.answers, { agreed: false, people: [{ nick: "甲", years: 3, fine: true }], name: "某" });
  assert.equal(session.counts.failed, session.report().verdict.counts.fail);
  session.remove("/people/0");
  assert.deepEqual(session.answers.people, []);
  session.remove("/agreed");
  assert.equal("agreed" in session.answers, false);
  assert.equal(session.outcomes.find((outcome) => outcome.rule === "agreed").reason, "missing");
});

test("what is asked", () => {
  const session = ruleset.session({ agreed: false }, options);
  assert.equal(session.relevant("/address/inner"), false);
  assert.equal(session.relevant("/address/inner/floor"), false);
  assert.equal(session.relevant("/address/street"), true);
  session.set("/agreed", true);
  assert.equal(session.relevant(["address", "inner", "floor"]), true);
  session.remove("/agreed");
  assert.equal(session.relevant("/address/inner/floor"), true, "nobody can tell yet");
  assert.equal(session.relevant("/absent"), false);
});

test("edits that cannot be", () => {
  const session = ruleset.session({ people: [{}] }, options);
  const before = session.reportText();
  assert.throws(() => session.set("/absent", 1), { code: "no_such_place", path: "/absent" });
  assert.throws(() => session.set("/people/5/years", 1), { code: "no_such_place" });
  assert.throws(() => session.set("age", 1), { code: "no_such_place" });
  assert.throws(() => session.set("/age", () => 1), { code: "answers_type", path: "/age" });
  assert.throws(() => session.remove("/people/5"), { code: "no_such_place" });
  assert.equal(session.reportText(), before);
  session.set("/age", "x");
  assert.equal(session.report().entry.problems.some((problem) => problem.code === "wrong_type" && problem.at === "/age"), true);
  session.set("/age", NaN);
  assert.equal(session.report().entry.problems.some((problem) => problem.code === "not_finite"), true);
  session.set("/age", 20);
  assert.equal(session.report().entry.problems.some((problem) => problem.at === "/age"), false);
});

test("random edits give the report of a fresh check", () => {
  const { fields } = ruleset.form();
  const rounds = process.env.FAST ? 30 : 200;
  for (let seed = 0; seed < rounds; seed++) {
    const random = new Answers(seed, 0.05);
    const answers = new Answers(seed + 10_000, 0).fields(fields);
    const session = ruleset.session(answers, options);
    for (let edit = 0; edit < 40; edit++) {
      const field = random.pick(fields);
      const value = random.value(field);
      if (random.random() < 0.2) {
        session.remove(`/${field.name}`);
      } else {
        session.set(`/${field.name}`, value);
      }
      const fresh = ruleset.check(session.answers, options);
      const live = session.report();
      // Flaws of the text (half characters and so on) are not in the answers that a session gives back.
      assert.deepEqual(live.verdict, fresh.verdict, `seed ${seed}, edit ${edit}, ${field.name} ${inspect(value)}`);
      assert.equal(live.answers, fresh.answers);
    }
    session.dispose();
    assert.throws(() => session.report(), { code: "disposed" });
  }
});

test("an edit beyond the limits is refused with its code, and nothing is lost", () => {
  const session = ruleset.session({ agreed: true }, options);
  assert.throws(() => session.set("/name", "字".repeat(400_000)), { name: "RulesError", code: "bad_json", path: "/name" });
  assert.deepEqual(session.answers, { agreed: true });
  session.set("/name", "某");
  assert.equal(session.answers.name, "某");
});
