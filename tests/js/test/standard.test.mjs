// A ruleset as a Standard Schema, and in the form libraries that take one or have an adapter: the real libraries where they run without a browser.

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSubmission, report, useForm as useConform } from "@conform-to/react/future";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { useRegleSchema } from "@regle/schemas";
import { FieldApi, FormApi } from "@tanstack/form-core";
import asyncValidator from "async-validator";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { Model, SurveyError } from "survey-core";
import { useForm } from "vee-validate";
import { createSSRApp, nextTick, ref } from "vue";
import { renderToString } from "vue/server-renderer";
import { load } from "@weibao/rules";
import { dotPath, elementRules, formioErrors, formioHooks, jsonFormsErrors, jsonFormsMiddleware, rjsfErrors, rjsfValidate, surveyRules, vantRules, veeSchema } from "@weibao/rules/adapters";
import { standardSchema } from "@weibao/rules/standard";
import { everythingBundle } from "../lib/bundles.mjs";

const AsyncValidator = asyncValidator.default ?? asyncValidator;
const options = { asOf: "2026-03-02", jurisdiction: "520402" };
const ruleset = await load(everythingBundle());
const schema = standardSchema(ruleset, options);
const validate = (value, more) => (more ? standardSchema(ruleset, { ...options, ...more }) : schema)["~standard"].validate(value);
const good = { agreed: true, address: { inner: { floor: 1 } } };
const bad = { ...good, age: "x", people: [{ nick: "a" }, { years: 3 }], marks: ["red", "pink"] };

test("version 1, synchronous, the value untouched", () => {
  const { version, vendor } = schema["~standard"];
  assert.deepEqual({ version, vendor }, { version: 1, vendor: "weibao" });
  const result = validate(good);
  assert.equal(result.value, good);
  assert.equal(result.issues, undefined);
  assert.equal(result.report.digest, ruleset.check(good, options).digest);
});

test("issues have numeric paths, codes and severities", () => {
  const { issues, value } = validate(bad);
  assert.equal(value, undefined);
  assert.deepEqual(issues.map(({ path, code, severity, level, part }) => [path, code, severity, level, part]), [
    [["age"], "wrong_type", "error", "error", "entry"],
    [["marks"], "unknown_option", "error", "error", "entry"],
    [["people", 1, "nick"], "required", "incomplete", "error", "entry"],
  ]);
  assert.equal(issues[2].at, "/people/1/nick");
  assert.equal(issues[2].message, issues[2].text.zh);
  assert.equal(validate(bad, { lang: "en" }).issues[2].message, issues[2].text.en);
  // A key that looks like a number is no list item.
  assert.deepEqual(validate({ ...good, 0: 1 }, { warnings: true }).issues.map((issue) => issue.path), [["0"]]);
});

test("options say which parts are issues", () => {
  const codes = (more, value = { agreed: false, kind: "a", age: 12, extra: 1 }) => (validate(value, more).issues ?? []).map((issue) => issue.rule ?? issue.code);
  assert.deepEqual(codes({}), []);
  assert.deepEqual(codes({ warnings: true }), ["unknown_key"]);
  assert.deepEqual(codes({ findings: "fail" }), ["agreed", "of_age", "pictured"]);
  assert.ok(codes({ findings: "all" }).length > 3);
  assert.deepEqual(codes({ incomplete: false }, {}), []);
  assert.deepEqual(codes({}, {}), ["required"]);
  assert.deepEqual(codes({ errors: false }, { ...good, age: "x" }), []);
  const [finding] = validate({ agreed: false }, { findings: "fail" }).issues;
  assert.deepEqual([finding.part, finding.severity, finding.level, finding.outcome, finding.path], ["verdict", "critical", "warning", "fail", ["agreed"]]);
  assert.ok(finding.clauses.includes("every_1"));
  assert.equal(schema.all({ agreed: false }).some((issue) => issue.rule === "agreed"), true);
});

test("mistakes of the call are thrown, not told of the value", () => {
  assert.throws(() => standardSchema(ruleset, {}), { code: "bad_option" });
  assert.throws(() => standardSchema(ruleset, { asOf: "2026-02-30" }), { code: "bad_as_of" });
  assert.throws(() => validate({}, { misspelt: 1 }), { code: "bad_option", path: "/misspelt" });
});

const hostile = () => {
  const cyclic = { people: [{}] };
  cyclic.people[0].self = cyclic;
  let deep = {};
  for (let i = 0; i < 100_000; i++) deep = { deep };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  return [
    ["undefined", undefined, "wrong_type", []],
    ["null", null, "wrong_type", []],
    ["a text", '{"agreed":true}', "wrong_type", []],
    ["half a character", "\ud800", undefined, []],
    ["a number", NaN, "wrong_type", []],
    ["a big integer", 1n, "wrong_type", []],
    ["a list", [], "wrong_type", []],
    ["a function", () => 1, "answers_type", []],
    ["a symbol", Symbol("x"), "answers_type", []],
    ["a date inside", { agreed: true, day: new Date() }, "answers_type", ["day"]],
    ["NaN", { agreed: true, ratio: NaN }, "not_finite", ["ratio"]],
    ["Infinity", { agreed: true, ratio: -Infinity }, "not_finite", ["ratio"]],
    ["a big integer inside", { agreed: true, age: 2n ** 64n }, "unsafe_integer", ["age"]],
    ["a cycle", cyclic, "answers_cyclic", undefined],
    ["depth", deep, "answers_too_deep", undefined],
    ["a getter", { get agreed() { throw new Error("no"); } }, "answers_unreadable", ["agreed"]],
    ["a getter in a list", { people: [{ get nick() { throw new Error("no"); } }] }, "answers_unreadable", ["people", 0, "nick"]],
    ["a proxy", new Proxy({}, { ownKeys() { throw new Error("no"); } }), "answers_unreadable", []],
    ["a revoked proxy", revoked.proxy, "answers_unreadable", []],
    ["a lone surrogate", { agreed: true, name: "\udc00" }, "lone_surrogate", ["name"]],
    ["a million rows", { agreed: true, people: new Array(1_000_000).fill({ nick: "x" }) }, "too_large", []],
    ["more rows than allowed", { agreed: true, people: new Array(5_001).fill({ nick: "x" }) }, "too_many_items", ["people"]],
    ["rows without end", { people: new Array(2 ** 32 - 1) }, "answers_too_large", ["people"]],
  ];
};

for (const [what, value, code, path] of hostile()) {
  test(`hostile: ${what}`, () => {
    const { issues } = validate(value);
    assert.ok(issues.length > 0);
    if (code !== undefined) {
      const issue = issues.find((one) => one.code === code);
      assert.ok(issue, issues.map((one) => one.code).join());
      if (path !== undefined) {
        assert.deepEqual(issue.path, path);
      }
    }
    assert.equal(validate(good).value, good, "the next check is right");
  });
}

test("hostile: __proto__ is a key as any other, and goes nowhere", () => {
  const value = JSON.parse('{"agreed":false,"__proto__":{"polluted":1}}');
  assert.equal(validate(value).value, value);
  assert.deepEqual(validate(value, { warnings: true }).issues.map((issue) => issue.path), [["__proto__"]]);
  const tree = rjsfErrors(standardSchema(ruleset, { ...options, warnings: true }), value);
  assert.equal(tree.__errors.length, 1);
  assert.equal({}.polluted, undefined);
  assert.equal({}.__errors, undefined);
});

test("React Hook Form's resolver", async () => {
  const resolver = standardSchemaResolver(schema);
  const given = { fields: {}, shouldUseNativeValidation: false };
  assert.deepEqual(await resolver(good, undefined, given), { values: good, errors: {} });
  const { errors } = await resolver(bad, undefined, given);
  assert.equal(errors.age.message, "答案类型不对");
  assert.equal(errors.people[1].nick.message, "必填项未填");
});

test("TanStack Form", () => {
  const form = new FormApi({ defaultValues: bad, validators: { onChange: schema } });
  form.mount();
  const field = new FieldApi({ form, name: "people[1].nick" });
  field.mount();
  form.validateSync("change");
  assert.equal(form.state.isValid, false);
  assert.equal(field.state.meta.errors[0].message, "必填项未填");
  assert.equal(field.state.meta.errors[0].severity, "incomplete", "code and severity come along");
  field.setValue("b");
  assert.deepEqual(field.state.meta.errors, []);
});

test("Conform takes the schema, and what it says of a submission that came as a form", () => {
  const sent = new FormData();
  for (const [name, value] of [["people[0].nick", "a"], ["people[1].years", "3"], ["marks", "red"], ["marks", "pink"]]) sent.append(name, value);
  const submission = parseSubmission(sent);
  const { issues } = schema["~standard"].validate(submission.payload);
  const lastResult = report(submission, { error: { issues } });
  const shown = [];
  renderToStaticMarkup(createElement(() => {
    const { fields } = useConform(schema, { lastResult, onSubmit() {} });
    shown.push(fields.agreed.errors, fields.people.getFieldList()[1].getFieldset().nick.errors, fields.marks.errors, fields.people.getFieldList()[0].getFieldset().nick.errors);
    return null;
  }));
  assert.deepEqual(shown, [["必填项未填"], ["必填项未填"], ["选项不存在"], undefined]);
});

test("Regle", async () => {
  const state = ref(structuredClone(bad));
  let r$;
  const setup = () => {
    ({ r$ } = useRegleSchema(state, schema));
    return () => null;
  };
  await renderToString(createSSRApp({ setup }));
  assert.equal((await r$.$validate()).valid, false);
  assert.deepEqual([r$.$errors.age, r$.$errors.people.$each[1].nick, r$.$errors.marks.$self], [["答案类型不对"], ["必填项未填"], ["选项不存在"]]);
  state.value = structuredClone(good);
  await nextTick();
  assert.equal((await r$.$validate()).valid, true);
});

test("vee-validate", async () => {
  const typed = veeSchema(schema);
  assert.equal(typed.__type, "VVTypedSchema");
  assert.deepEqual((await typed.parse(bad)).errors.map(({ path }) => path), ["age", "marks", "people[1].nick"]);
  assert.deepEqual(await typed.parse(good), { value: good, errors: [] });
});

test("vee-validate's own form", async () => {
  let form;
  const setup = () => {
    form = useForm({ validationSchema: veeSchema(schema), initialValues: structuredClone(bad) });
    return () => null;
  };
  await renderToString(createSSRApp({ setup }));
  const { valid, errors } = await form.validate();
  assert.equal(valid, false);
  assert.equal(errors["people[1].nick"], "必填项未填");
  assert.equal(form.errors.value.age, "答案类型不对");
  form.resetForm({ values: good }, { force: true });
  assert.equal((await form.validate()).valid, true);
});

test("Element Plus, by async-validator", async () => {
  let checks = 0;
  const counting = { ...schema, "~standard": { ...schema["~standard"], validate: (value) => (checks++, schema["~standard"].validate(value)) } };
  const answers = structuredClone(bad);
  const rules = elementRules(counting, () => answers);
  const messages = async (path, value) => {
    try {
      await new AsyncValidator({ [path]: rules(path) }, {}).validate({ [path]: value }, { firstFields: true, suppressWarning: true });
      return "";
    } catch (failed) {
      return failed.errors.map((one) => one.message).join();
    }
  };
  assert.deepEqual(await Promise.all([messages("age", "x"), messages("people.1.nick"), messages("people[0].nick", "a")]), ["答案类型不对", "必填项未填", ""]);
  assert.equal(checks, 1, "fields that are asked together share one check");
  answers.age = 3;
  assert.equal(await messages("age", 3), "");
  assert.deepEqual([rules("age")[0].trigger, rules("age", "blur")[0].trigger], [["blur", "change"], "blur"]);
});

test("Vant", () => {
  const rules = vantRules(schema, () => bad);
  assert.equal(rules("age")[0].validator(), "答案类型不对");
  assert.equal(rules("people[0].nick")[0].validator(), true);
});

test("react-jsonschema-form", () => {
  const tree = rjsfErrors(schema, bad);
  assert.deepEqual(tree.people[1].nick.__errors, ["必填项未填"]);
  const handler = () => ({ said: [], addError(message) { this.said.push(message); } });
  const errors = { ...handler(), age: handler(), people: { ...handler(), 0: handler(), 1: handler() } };
  assert.equal(rjsfValidate(schema)(bad, errors), errors);
  assert.deepEqual(errors.age.said, ["答案类型不对"]);
  assert.deepEqual(errors.people[1].said, ["必填项未填"], "told at the nearest record that is there");
});

test("JSONForms", () => {
  assert.deepEqual(jsonFormsErrors(schema, bad).map(({ instancePath, keyword }) => [instancePath, keyword]), [["/age", "wrong_type"], ["/marks", "unknown_option"], ["/people/1/nick", "required"]]);
});

test("JSONForms' middleware: its errors are those of its data", () => {
  const reducer = (state, { data }) => ({ ...state, data });
  const middleware = jsonFormsMiddleware(schema);
  const one = middleware({ data: {} }, { data: bad }, reducer);
  assert.deepEqual(one.additionalErrors, jsonFormsErrors(schema, bad));
  const two = middleware(one, { data: bad }, reducer);
  assert.equal(two.additionalErrors, one.additionalErrors, "the same data has the same errors, so that nothing is drawn anew");
  assert.deepEqual(middleware(two, { data: good }, reducer).additionalErrors, []);
});

test("Form.io", () => {
  assert.deepEqual(formioErrors(schema, bad).map(({ path, context }) => [path, context.key]), [["age", "age"], ["marks", "marks"], ["people[1].nick", "nick"]]);
  const asked = [];
  formioHooks(schema).beforeSubmit({ data: bad }, (errors) => asked.push(errors?.length ?? null));
  formioHooks(schema).beforeSubmit({ data: good }, (errors) => asked.push(errors?.length ?? null));
  assert.deepEqual(asked, [3, null]);
});

test("SurveyJS: errors, warnings and information", () => {
  const survey = new Model({
    elements: [
      { type: "boolean", name: "agreed" },
      { type: "text", name: "age" },
      { type: "text", name: "kind" },
      { type: "paneldynamic", name: "people", panelCount: 2, templateElements: [{ type: "text", name: "nick" }, { type: "text", name: "years" }] },
    ],
  });
  const end = surveyRules(survey, standardSchema(ruleset, { ...options, findings: "all" }), SurveyError);
  survey.data = { agreed: false, age: 12, kind: "a", people: [{ nick: "a" }, { years: 20 }] };
  assert.equal(survey.validate(), false);
  const people = survey.getQuestionByName("people");
  const nick = people.panels[1].getQuestionByName("nick");
  assert.deepEqual(nick.errors.map((one) => [one.text, one.notificationType]), [["必填项未填", "error"]]);
  assert.deepEqual(survey.getQuestionByName("agreed").errors.map((one) => one.notificationType), ["warning"], "a violation does not keep from completing");
  survey.data = { agreed: false, age: 12, kind: "a", people: [{ nick: "a" }, { nick: "b" }] };
  assert.equal(survey.validate(), true);
  end();
  survey.data = {};
  assert.equal(survey.validate(), true);
});

test("dotted paths", () => {
  assert.equal(dotPath(["a", 0, "b", "c", 12]), "a[0].b.c[12]");
  assert.equal(dotPath([]), "");
});
