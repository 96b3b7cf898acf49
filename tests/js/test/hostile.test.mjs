// Values that no form should hold: each ends in a problem of the report or in a RulesError with its place.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load, RulesError } from "@weibao/rules";
import { everythingBundle } from "../lib/bundles.mjs";

const options = { asOf: "2026-03-02" };
const ruleset = await load(everythingBundle());

const codes = (answers) => ruleset.check(answers, options).entry.problems.filter((problem) => problem.severity !== "incomplete").map((problem) => `${problem.code} ${problem.at}`);

test("numbers", () => {
  assert.deepEqual(codes({ ratio: NaN }), ["not_finite /ratio"]);
  assert.deepEqual(codes({ ratio: Infinity }), ["not_finite /ratio"]);
  assert.deepEqual(codes({ ratio: -Infinity }), ["not_finite /ratio"]);
  assert.deepEqual(codes({ age: 2 ** 53 }), ["unsafe_integer /age"]);
  assert.deepEqual(codes({ age: 9007199254740993n }), ["unsafe_integer /age"]);
  assert.deepEqual(codes({ age: 30n }), []);
  assert.deepEqual(codes({ age: 1.5 }), ["wrong_type /age"]);
  assert.deepEqual(codes({ age: -1 }), ["out_of_range /age"]);
  assert.equal(ruleset.check({ ratio: -0 }, options).answers, ruleset.check({ ratio: 0 }, options).answers);
});

test("texts", () => {
  assert.deepEqual(codes({ name: "\ud800" }), ["lone_surrogate /name"]);
  assert.deepEqual(codes({ name: "a\udc00b" }), ["lone_surrogate /name"]);
  assert.deepEqual(codes('{"name": "a\ud800"}'), ["lone_surrogate /name"], "in a text given as it is, too");
  assert.deepEqual(codes({ name: "𠮷·\u0000\u202e\ufeff" }), []);
  assert.deepEqual(codes({ code: "ＡＢ１２３" }), ["pattern /code"]);
  assert.deepEqual(codes({ day: "2026-02-29" }), ["bad_date /day"]);
  assert.deepEqual(codes({ moment: "2026-03-01T24:00:00Z" }), ["bad_date /moment"]);
});

test("keys", () => {
  assert.deepEqual(codes(JSON.parse('{"__proto__": {"agreed": true}}')), ["unknown_key /__proto__"]);
  assert.deepEqual(codes(JSON.parse('{"constructor": 1, "toString": 2}')), ["unknown_key /constructor", "unknown_key /toString"]);
  assert.deepEqual(codes('{"agreed": true, "agreed": false}'), ["duplicate_key /agreed"]);
  assert.deepEqual(codes({ "a/b~": 1 }), ["unknown_key /a~1b~0"]);
  assert.deepEqual(codes(Object.assign(Object.create(null), { agreed: true })), []);
  assert.deepEqual(codes({ [Symbol("x")]: 1, agreed: true, name: undefined }), []);
  assert.equal({}.agreed, undefined);
});

test("what is no JSON", () => {
  for (const text of ["", "{", "nul", "\ufeff{}", "{}{}", "[1,]", "{'a':1}", "NaN"]) {
    assert.deepEqual(codes(text), ["bad_json "], text);
  }
  assert.deepEqual(codes("[".repeat(100_000)), ["too_deep "]);
  assert.deepEqual(codes(`{"a":${"[".repeat(70)}${"]".repeat(70)}}`), ["too_deep "]);
  assert.deepEqual(codes(`"${"x".repeat(1 << 20)}"`), ["too_large "]);
  assert.deepEqual(codes([]), ["wrong_type "]);
  assert.deepEqual(codes(`{"people":[${"{},".repeat(5_000)}{}]}`).slice(0, 1), ["too_many_items /people"]);
});

function throws(answers, code, path, method = "check") {
  assert.throws(
    () => ruleset[method](answers, options),
    (error) => {
      assert.ok(error instanceof RulesError, String(error));
      assert.equal(error.code, code);
      assert.equal(error.path, path);
      return true;
    },
  );
}

test("what JSON cannot hold", () => {
  const cyclic = { people: [{ nick: "x" }] };
  cyclic.people[0].self = cyclic;
  let deep = {};
  for (let i = 0; i < 100_000; i++) deep = { deep };
  const getter = { get name() { throw new Error("no"); } };
  const proxy = new Proxy({}, { ownKeys() { throw new Error("no"); } });
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  for (const method of ["check", "outcomes"]) {
    throws({ day: new Date() }, "answers_type", "/day", method);
    throws({ name: () => 1 }, "answers_type", "/name", method);
    throws({ name: Symbol("x") }, "answers_type", "/name", method);
    throws({ marks: new Set(["red"]) }, "answers_type", "/marks", method);
    throws({ address: new Map() }, "answers_type", "/address", method);
    throws({ people: [{ years: new Number(1) }] }, "answers_type", "/people/0/years", method);
    throws({ address: { toJSON: () => 1 } }, "answers_type", "/address", method);
    throws({ photo: new Uint8Array(9) }, "answers_type", "/photo", method);
    throws(undefined, "answers_type", "", method);
    throws(getter, "answers_unreadable", "/name", method);
    throws(proxy, "answers_unreadable", "", method);
    throws(revoked.proxy, "answers_unreadable", "", method);
    assert.throws(() => ruleset[method](cyclic, options), { code: "answers_cyclic" });
    assert.throws(() => ruleset[method](deep, options), { code: "answers_too_deep" });
    throws({ name: "x".repeat(16_000_001) }, "answers_too_large", "/name", method);
    throws({ people: new Array(2 ** 32 - 1) }, "answers_too_large", "/people", method);
  }
});

test("a getter that answers differently each time decides nothing twice", () => {
  let reads = 0;
  const answers = { get agreed() { return reads++ % 2 === 0; } };
  assert.equal(ruleset.outcomes(answers, options).counts.pass >= 0, true);
});

test("a proxy that is a plain object behaves as one", () => {
  const answers = new Proxy({ agreed: true, people: new Proxy([{ nick: "x" }], {}) }, {});
  assert.equal(ruleset.checkText(answers, options), ruleset.checkText({ agreed: true, people: [{ nick: "x" }] }, options));
});

test("objects of a class, and of another realm, are records", async () => {
  class Entry {
    agreed = true;
  }
  const { runInNewContext } = await import("node:vm");
  for (const answers of [new Entry(), runInNewContext("({ agreed: true })")]) {
    assert.equal(ruleset.checkText(answers, options), ruleset.checkText({ agreed: true }, options));
    assert.equal(ruleset.outcomes(answers, options).counts.pass, ruleset.outcomes({ agreed: true }, options).counts.pass);
  }
});
