// react-jsonschema-form with rules: the form is drawn from the ruleset's JSON Schema, and the ruleset is its validator. In: a bundle. Out: what is sent to the
// host's own server. rjsf's usual validator, AJV, would say everything a second time, in English, and needs `unsafe-eval`; a form that has it anyway takes
// `customValidate={rjsfValidate(schema)}`.

import Form from "@rjsf/core";
import { englishStringTranslator, errorId, toErrorList } from "@rjsf/utils";
import { load } from "@weibao/rules";
import { rjsfErrors } from "@weibao/rules/adapters";
import { jsonSchema } from "@weibao/rules/schema";
import { standardSchema } from "@weibao/rules/standard";
import { today } from "@weibao/rules/typed";
import { useEffect, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";

// `?ruleset=venue&place=520402&day=2026-03-02` shows another form.
const { ruleset: name = "hotel", place = "150424", day = today(new Date()) } = Object.fromEntries(new URLSearchParams(location.search));
const ruleset = await load(`/rules/${name}.rules.json`);
const options = { asOf: day, jurisdiction: place };
const schema = standardSchema(ruleset, options);

// The two lines: the ruleset's errors are the form's.
const validator = {
  validateFormData(answers) {
    const errorSchema = rjsfErrors(schema, answersOf(answers));
    return { errorSchema, errors: toErrorList(errorSchema) };
  },
  isValid: () => true,
  rawValidation: () => ({}),
};

/** The JSON Schema as rjsf draws it: one type a field, no choice that stands for "not answered", and no maps or evidence, which are the host's own controls. */
function drawn({ type, enum: codes, properties, items, ...rest }) {
  const left = ({ properties: parts }) => !parts?.sha256 && !parts?.coordinates;
  const kept = Object.entries(properties ?? {}).filter(([, part]) => left(part) && left(part.items ?? {}));
  return {
    ...rest,
    type: codes ? "string" : Array.isArray(type) ? type[0] : type,
    ...(codes && { enum: codes.filter(Boolean) }),
    ...(properties && { properties: Object.fromEntries(kept.map(([name, part]) => [name, drawn(part)])) }),
    ...(items && { items: drawn(items) }),
    ...(items?.enum && { uniqueItems: true }),
  };
}

/** How fields look: choices in words, yes and no to choose from, times as such; what the ruleset does not ask is hidden. */
function looks(fields, at, session) {
  return Object.fromEntries(fields.map((field) => [field.name, look(field, `${at}/${field.name}`, session)]));
}

/** Counts the looks. */
let looked = 0;

function look(field, at, session) {
  if (!session.relevant(at)) return { "ui:widget": "hidden", "ui:field": () => null };
  // To rjsf two functions are equal: without something else that changes, rows would be drawn as they were.
  if (field.fields) return { "ui:options": { orderable: false, looked: looked += 1 }, items: (_row, number) => ({ "ui:title": `第 ${number + 1} 行`, ...looks(field.fields, `${at}/${number}`, session) }) };
  const names = field.options?.map(({ label }) => label.zh);
  switch (field.type) {
    case "boolean": return { "ui:widget": "select" };
    case "choice": return { "ui:enumNames": names };
    case "choices": return { "ui:widget": "checkboxes", "ui:enumNames": names };
    case "datetime": return { "ui:widget": "datetime" };
    case "measure": return { value: { "ui:title": `数值（${field.unit}）` }, tolerance: { "ui:title": "误差" } };
    default: return {};
  }
}

const WORDS = { Yes: "是", No: "否", "Error": "错误" };
const translate = (text, parameters) => WORDS[text] ?? englishStringTranslator(text, parameters);

/** rjsf's own buttons are icons of Bootstrap; these have words. */
const button = (word) => ({ id, onClick, disabled }) => <button type="button" id={id} onClick={onClick} disabled={disabled}>{word}</button>;

/** The error of a field, and to its control that it is wrong, which rjsf leaves out. */
function FieldError({ errors = [], fieldPathId }) {
  const wrong = errors.length > 0;
  useEffect(() => {
    const control = document.getElementById(fieldPathId.$id);
    if (!wrong || !control?.matches("input, select, textarea")) return undefined;
    control.setAttribute("aria-invalid", "true");
    return () => control.removeAttribute("aria-invalid");
  }, [wrong, fieldPathId.$id]);
  return wrong && <p id={errorId(fieldPathId)} className="error">错误：{errors.join("；")}</p>;
}

const templates = {
  FieldErrorTemplate: FieldError,
   ButtonTemplates: { AddButton: button("添加一行"), RemoveButton: button("删除本行"), SubmitButton: () => <button type="submit">提交</button> },
};

// In the order of the page, which is not that of paths.
const focusFirst = () => setTimeout(() => document.querySelector("[aria-invalid=true]")?.focus());

// A list without rows is no answer, and neither is a place that was only touched.
const answersOf = (data) => JSON.parse(JSON.stringify(data, function kept(_key, value) {
  return typeof value === "object" && value && Object.keys(value).length === 0 && !Array.isArray(this) ? undefined : value;
}) ?? "{}");

const OUTCOMES = { pass: "合格", fail: "不合格", undetermined: "未能判定", fault: "无法判定", not_applicable: "不适用" };

/** What the law makes of the answers. It blocks nothing, and is announced once a change. */
function Verdict({ report }) {
  const { outcome, findings } = report.verdict;
  const open = report.entry.problems.filter(({ severity }) => severity !== "warning").length;
  return (
    <section aria-label="规则的结论" className="verdict">
      <p role="status">结论：{OUTCOMES[outcome]}，{findings.length} 项；还有 {open} 处要填</p>
      <ul>
        {findings.map(({ rule, item, outcome, message }) => <li key={`${rule}${item ?? ""}`} data-rule={rule}>{OUTCOMES[outcome]}：{message.zh}</li>)}
      </ul>
    </section>
  );
}

const { fields } = ruleset.form(options);
const { title: _title, ...shape } = drawn(jsonSchema(ruleset, options));
const behaviour = { emptyObjectFields: "skipDefaults", arrayMinItems: { populate: "never" } };

function Inspection() {
  const [data, setData] = useState({});
  const [sent, setSent] = useState("");
  const text = JSON.stringify(answersOf(data));
  const session = useMemo(() => ruleset.session(JSON.parse(text), options), [text]);
  const report = useMemo(() => session.report(), [session]);
  const look = useMemo(() => looks(fields, "", session), [session]);
  const send = async () => {
    await fetch("/inspections", { method: "POST", body: JSON.stringify({ answers: JSON.parse(text), digest: report.digest }) });
    setSent("已提交");
  };
  return (
    <>
      <Form schema={shape} uiSchema={look} formData={data} validator={validator} templates={templates} translateString={translate} noHtml5Validate showErrorList={false} onError={focusFirst}
        experimental_defaultFormStateBehavior={behaviour} onChange={({ formData }) => setData(formData)} onSubmit={send} />
      <Verdict report={report} />
      <output>{sent}</output>
    </>
  );
}

createRoot(document.querySelector("#form")).render(<Inspection />);
document.querySelector("h1").textContent = document.title = ruleset.title.zh;
