// What the form is made of: the ruleset, its description of the form, and its schema. In: a bundle. Out: what the components share.

import { load } from "@weibao/rules";
import { standardSchema } from "@weibao/rules/standard";
import { today } from "@weibao/rules/typed";

// `?ruleset=venue&place=520402&day=2026-03-02` shows another form.
const { ruleset: name = "hotel", place = "150424", day = today(new Date()) } = Object.fromEntries(new URLSearchParams(location.search));
export const options = { asOf: day, jurisdiction: place };
export const ruleset = await load(`/rules/${name}.rules.json`);
export const schema = standardSchema(ruleset, options);
export const { fields } = ruleset.form(options);

// A list without rows is no answer.
export const answersOf = (values) => JSON.parse(JSON.stringify(values, (_key, value) => (Array.isArray(value) && value.length === 0 ? undefined : value)));

export const choicesOf = (field) => (field.type === "boolean" ? [["true", "是"], ["false", "否"]] : field.options?.map(({ code, label }) => [code, label.zh]));
export const OUTCOMES = { pass: "合格", fail: "不合格", undetermined: "未能判定", fault: "无法判定", not_applicable: "不适用" };
