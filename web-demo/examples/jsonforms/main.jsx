// JSONForms with rules: the form is drawn from the ruleset's JSON Schema, and the ruleset's issues are its errors. In: a bundle. Out: what is sent to the host's own
// server. The line that matters is `jsonFormsMiddleware`. JSONForms' usual validator, AJV, would say everything a second time, in English, and
// needs `unsafe-eval`: `validationMode="NoValidation"` leaves it out.

import { and, createDefaultValue, isControl, optionIs, rankWith, schemaMatches } from "@jsonforms/core";
import { DispatchCell, JsonForms, JsonFormsDispatch, withJsonFormsArrayControlProps, withJsonFormsCellProps, withJsonFormsControlProps } from "@jsonforms/react";
import { vanillaCells, vanillaRenderers } from "@jsonforms/vanilla-renderers";
import { load } from "@weibao/rules";
import { jsonFormsMiddleware } from "@weibao/rules/adapters";
import { jsonSchema } from "@weibao/rules/schema";
import { standardSchema } from "@weibao/rules/standard";
import { today } from "@weibao/rules/typed";
import { createContext, useContext, useLayoutEffect, useMemo, useState } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";

// `?ruleset=venue&place=520402&day=2026-03-02` shows another form.
const { ruleset: name = "hotel", place = "150424", day = today(new Date()) } = Object.fromEntries(new URLSearchParams(location.search));
const ruleset = await load(`/rules/${name}.rules.json`);
const options = { asOf: day, jurisdiction: place };
const schema = standardSchema(ruleset, options);

/** The JSON Schema as JSONForms draws it: one type a field, and choices with their words. */
function drawn({ type, enum: codes, properties, items, "x-options": words, ...rest }) {
  const choices = (list) => list.filter(Boolean).map((code) => ({ const: code, title: words?.[code]?.zh ?? code }));
  return {
    ...rest,
    type: codes ? "string" : Array.isArray(type) ? type[0] : type,
    ...(codes && { oneOf: choices(codes) }),
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, drawn(part)])) }),
    ...(items && { items: items.enum ? { type: "string", oneOf: choices(items.enum) } : drawn(items), ...(items.enum && { uniqueItems: true }) }),
  };
}
const shape = drawn(jsonSchema(ruleset, options));

// A list without rows is no answer, and neither is a text that was taken away or a place that was only touched.
const answersOf = (data) => JSON.parse(JSON.stringify(data, function kept(_key, value) {
  const nothing = value === "" || (typeof value === "object" && value && Object.keys(value).length === 0);
  return nothing && !Array.isArray(this) ? undefined : value;
}) ?? "{}");

/** What the ruleset makes of data, which each control asks; JSONForms makes new data with each change. */
const looks = new WeakMap();
const look = (data) => looks.get(data) ?? looks.set(data, ruleset.session(answersOf(data), options)).get(data);

// JSONForms is told of the answers' errors, and is asked about the answers, not about texts that were taken away.
const checked = { "~standard": { ...schema["~standard"], validate: (data) => schema["~standard"].validate(answersOf(data)) } };
const middleware = jsonFormsMiddleware(checked);

/** How it is laid out: a control for each question, shown while the ruleset asks it. Evidence (`attachment`) and maps (`area`) are left to the host's own controls. */
const PARTS = { measure: [["value", "数值"], ["tolerance", "误差"]], point: [["lng", "经度"], ["lat", "纬度"], ["accuracy", "误差（米）"], ["crs", "坐标系"]] };
function layout(fields) {
  return fields.filter(({ type, item }) => !item && !["attachment", "area"].includes(type)).map((field) => {
    const scope = `#/properties/${field.name}`;
    const asked = ({ fullData, path }) => look(fullData).relevant(`/${[path, field.name].filter(Boolean).join("/").replaceAll(".", "/")}`);
    const rule = { effect: "SHOW", condition: { scope: "#", validate: asked } };
    const parts = PARTS[field.type];
    if (parts) return { type: "Group", label: field.label.zh, rule, elements: parts.map(([part, label]) => ({ type: "Control", label, scope: `${scope}/properties/${part}` })) };
    return { type: "Control", label: field.label.zh, scope, rule, options: { type: field.type, ...(field.fields && { detail: { type: "VerticalLayout", elements: layout(field.fields) } }) } };
  });
}
const page = { type: "VerticalLayout", elements: layout(ruleset.form(options).fields) };

/** Was it tried to submit? Before that, nobody is told of what is missing. */
const Tried = createContext(false);

/** A question as JSONForms' own renderer draws it, with what that one leaves out: to its control, that it is wrong and by what it is described. */
function Question({ id, path, label, description, errors, visible, children }) {
  const wrong = useContext(Tried) && errors !== "";
  const notes = [wrong && `${id}-error`, description && `${id}-hint`].filter(Boolean).join(" ");
  useLayoutEffect(() => {
    const control = document.getElementById(`${id}-input`);
    for (const [attribute, value] of [["aria-invalid", wrong && "true"], ["aria-describedby", notes]]) {
      if (value) control?.setAttribute(attribute, value);
      else control?.removeAttribute(attribute);
    }
  }, [id, wrong, notes, visible]);
  if (!visible) return null;
  return (
    <div className="question" data-path={path}>
      <label htmlFor={`${id}-input`}>{label}</label>
      {description && <p id={`${id}-hint`} className="hint">{description}</p>}
      {wrong && <p id={`${id}-error`} className="error">错误：{errors.replaceAll("\n", "；")}</p>}
      {children}
    </div>
  );
}

const Cell = withJsonFormsControlProps((props) => (
  <Question {...props}>
    <DispatchCell uischema={props.uischema} schema={props.schema} path={props.path} id={`${props.id}-input`} enabled={props.enabled} />
  </Question>
));

/** Yes and no: an unticked box would not tell "no" from "not answered". */
const YesNo = withJsonFormsControlProps((props) => (
  <Question {...props}>
    <select id={`${props.id}-input`} value={String(props.data ?? "")} onChange={({ target }) => props.handleChange(props.path, target.value === "" ? undefined : target.value === "true")}>
      <option value="">未填</option>
      <option value="true">是</option>
      <option value="false">否</option>
    </select>
  </Question>
));

/** Several of a choice. */
const Choices = withJsonFormsControlProps(({ label, description, schema: { items }, data = [], path, visible, handleChange }) => visible && (
  <fieldset className="question" data-path={path}>
    <legend>{label}</legend>
    {description && <p className="hint">{description}</p>}
    {items.oneOf.map(({ const: code, title }) => (
      <label key={code} className="choice">
        <input type="checkbox" name={path} checked={data.includes(code)} onChange={({ target }) => handleChange(path, target.checked ? [...data, code] : data.filter((one) => one !== code))} />
        {title}
      </label>
    ))}
  </fieldset>
));

/** A list: its rows, and buttons that add and remove them. JSONForms' own has English words and no names for its rows. */
const Rows = withJsonFormsArrayControlProps(({ id, label, errors, visible, data, path, schema: row, rootSchema, uischema, renderers, cells, addItem, removeItems }) => {
  const wrong = useContext(Tried) && errors !== "";
  return visible && (
    <section aria-label={label}>
      <h2>{label}</h2>
      {wrong && <p id={`${id}-error`} className="error">错误：{errors}</p>}
      {(data ?? []).map((_row, number) => (
        <fieldset key={number} className="row">
          <legend>第 {number + 1} 行</legend>
          <JsonFormsDispatch schema={row} uischema={uischema.options.detail} path={`${path}.${number}`} renderers={renderers} cells={cells} />
          <button type="button" onClick={removeItems(path, [number])}>删除第 {number + 1} 行</button>
        </fieldset>
      ))}
      <button type="button" data-add={path} data-invalid={wrong ? "" : undefined} aria-describedby={wrong ? `${id}-error` : undefined} onClick={addItem(path, createDefaultValue(row, rootSchema))}>添加：{label}</button>
    </section>
  );
});

/** A time as the clock on the wall says it; JSONForms' own cell writes that down as UTC. */
const DateTime = withJsonFormsCellProps(({ id, data = "", path, handleChange }) => (
  <input type="datetime-local" id={id} value={data.slice(0, 16)} onChange={({ target }) => handleChange(path, target.value && `${target.value}:00+08:00`)} />
));

const cells = [...vanillaCells, { tester: rankWith(10, optionIs("type", "datetime")), cell: DateTime }];
const renderers = [
  ...vanillaRenderers,
  { tester: rankWith(10, isControl), renderer: Cell },
  { tester: rankWith(11, and(isControl, schemaMatches(({ type }) => type === "boolean"))), renderer: YesNo },
  { tester: rankWith(11, and(isControl, schemaMatches(({ items }) => items?.oneOf))), renderer: Choices },
  { tester: rankWith(11, and(isControl, schemaMatches(({ items }) => items?.properties))), renderer: Rows },
];

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

const WORDS = { "enum.none": "未填" };
const i18n = { locale: "zh-CN", translate: (key, usual) => WORDS[key] ?? usual };

// JSONForms keeps the answers; what it began with is given to it once.
const NOTHING = {};

function Inspection() {
  const [data, setData] = useState(NOTHING);
  const [tried, setTried] = useState(false);
  const [sent, setSent] = useState("");
  const answers = useMemo(() => answersOf(data), [data]);
  const report = useMemo(() => look(data).report(), [data]);
  const submit = async (event) => {
    event.preventDefault();
    flushSync(() => setTried(true));
    if (checked["~standard"].validate(data).issues) {
      // The first wrong answer gets the focus: that is how a screen reader hears of it, once.
      document.querySelector("[aria-invalid=true], [data-invalid]")?.focus();
      return;
    }
    await fetch("/inspections", { method: "POST", body: JSON.stringify({ answers, digest: report.digest }) });
    setSent("已提交");
  };
  return (
    <form noValidate onSubmit={submit}>
      <Tried value={tried}>
        <JsonForms schema={shape} uischema={page} data={NOTHING} renderers={renderers} cells={cells} validationMode="NoValidation" middleware={middleware} i18n={i18n}
          onChange={({ data: now }) => setData(now)} />
      </Tried>
      <button type="submit">提交</button>
      <Verdict report={report} />
      <output>{sent}</output>
    </form>
  );
}

createRoot(document.querySelector("#form")).render(<Inspection />);
document.querySelector("h1").textContent = document.title = ruleset.title.zh;
