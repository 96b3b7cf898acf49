// After a trap the instance is dropped: the call that trapped says so, and everything goes on in a new one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { everythingBundle } from "../lib/bundles.mjs";

// Instances whose next call can be made to trap, without a door for that in the package.
let traps = 0;
const { instantiate, Instance } = WebAssembly;
function wrapped(instance) {
  const exports = { ...instance.exports };
  for (const [name, value] of Object.entries(exports)) {
    if (typeof value === "function" && /^(rulesethandle|sessionhandle)_(?!free)/.test(name)) {
      exports[name] = (...args) => {
        if (traps > 0) {
          traps--;
          throw new WebAssembly.RuntimeError("unreachable");
        }
        return value(...args);
      };
    }
  }
  return { exports };
}
WebAssembly.instantiate = async (source, imports) => {
  const made = await instantiate(source, imports);
  return made instanceof Instance ? wrapped(made) : { module: made.module, instance: wrapped(made.instance) };
};
WebAssembly.Instance = function (module, imports) {
  return wrapped(new Instance(module, imports));
};

const { load } = await import("@weibao/rules");

test("a trap in each kind of call", async () => {
  const options = { asOf: "2026-03-02" };
  const ruleset = await load(everythingBundle());
  const tables = ruleset.prepareTables({ schools: [{ id: "s1", name: "一中", location: { lng: 105.95, lat: 26.25, crs: "wgs84" } }] });
  const answers = { agreed: false, age: 3, place: { lng: 105.95, lat: 26.25, crs: "wgs84" } };
  const session = ruleset.session(answers, { ...options, tables });
  session.set("/age", 20);
  const expected = { report: ruleset.checkText(answers, { ...options, tables }), session: session.reportText() };
  const calls = [
    () => ruleset.check(answers, options),
    () => ruleset.outcomes(answers, options),
    () => ruleset.outcomes(JSON.stringify(answers), options),
    () => ruleset.session(answers, options),
    () => session.set("/age", 99),
    () => session.remove("/age"),
    () => session.report(),
    () => session.answers,
    () => session.outcomes,
    () => session.relevant("/age"),
  ];
  for (const call of calls) {
    traps = 1;
    assert.throws(call, { name: "RulesError", code: "engine_trap" }, String(call));
    assert.equal(ruleset.checkText(answers, { ...options, tables }), expected.report);
    assert.equal(session.reportText(), expected.session, `${call}: the edit that trapped was not made, the others were`);
  }
  session.set("/age", 30);
  assert.equal(session.answers.age, 30);
});
