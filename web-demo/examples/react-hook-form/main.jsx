// React Hook Form with rules: the ruleset describes the form, the form is drawn from that, and the resolver checks it. In: a bundle. Out: what is sent to the
// host's own server. The two lines that matter are `standardSchema` and `resolver`; inputs hold text, and `typedAnswer` makes values of it.

import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { load } from "@weibao/rules";
import { standardSchema } from "@weibao/rules/standard";
import { today, typedAnswer, writtenAnswer } from "@weibao/rules/typed";
import { useId, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";
import { get, useController, useFieldArray, useForm, useFormState, useWatch } from "react-hook-form";

// `?ruleset=venue&place=520402&day=2026-03-02` shows another form.
const { ruleset: name = "hotel", place = "150424", day = today(new Date()) } = Object.fromEntries(new URLSearchParams(location.search));
const ruleset = await load(`/rules/${name}.rules.json`);
const options = { asOf: day, jurisdiction: place };
const schema = standardSchema(ruleset, options);
const { fields } = ruleset.form(options);
const resolver = standardSchemaResolver(schema);

// A list without rows is no answer.
const answersOf = (values) => JSON.parse(JSON.stringify(values, (_key, value) => (Array.isArray(value) && value.length === 0 ? undefined : value)));

const YES_NO = [["true", "是"], ["false", "否"]];

/** One question: its label, hint, control and error. */
function Question({ field, at, control }) {
  const id = useId();
  const { field: bound, fieldState } = useController({ name: at, control });
  const [text, setText] = useState(() => writtenAnswer(field, bound.value));
  const options = field.type === "boolean" ? YES_NO : field.options?.map(({ code, label }) => [code, label.zh]);
  const change = (value) => {
    setText(value);
    bound.onChange(typedAnswer(field, value));
  };
  const notes = [fieldState.error && `${id}-error`, field.hint && `${id}-hint`].filter(Boolean).join(" ") || undefined;
  const same = { id, name: at, ref: bound.ref, onBlur: bound.onBlur, "aria-invalid": fieldState.invalid || undefined, "aria-describedby": notes };
  if (field.type === "choices") {
    const chosen = bound.value ?? [];
    return (
      <fieldset className="question" aria-describedby={notes}>
        <legend>{field.label.zh}</legend>
        {options.map(([code, label], number) => (
          <label key={code} className="choice">
            <input type="checkbox" name={at} value={code} ref={number === 0 ? bound.ref : undefined} checked={chosen.includes(code)} onBlur={bound.onBlur}
              onChange={(event) => bound.onChange(event.target.checked ? [...chosen, code] : chosen.filter((one) => one !== code))} />
            {label}
          </label>
        ))}
        {fieldState.error && <p id={`${id}-error`} className="error">错误：{fieldState.error.message}</p>}
      </fieldset>
    );
  }
  return (
    <div className="question">
      <label htmlFor={id}>{field.label.zh}</label>
      {field.hint && <p id={`${id}-hint`} className="hint">{field.hint.zh}</p>}
      {fieldState.error && <p id={`${id}-error`} className="error">错误：{fieldState.error.message}</p>}
      {options ? (
        <select {...same} value={text} onChange={(event) => change(event.target.value)}>
          <option value="">未填</option>
          {options.map(([code, label]) => <option key={code} value={code}>{label}</option>)}
        </select>
      ) : (
        <input {...same} autoComplete="off" value={text} onChange={(event) => change(event.target.value)} />
      )}
    </div>
  );
}

/** A list: its rows, and buttons that add and remove them. */
function Rows({ field, at, control, asked }) {
  const id = useId();
  const { fields: rows, append, remove } = useFieldArray({ name: at, control });
  const error = get(useFormState({ control }).errors, at);
  const message = error?.root?.message ?? error?.message;
  return (
    <section aria-label={field.label.zh}>
      <h2>{field.label.zh}</h2>
      {message && <p id={id} className="error">错误：{message}</p>}
      {rows.map((row, number) => (
        <fieldset key={row.id} className="row">
          <legend>第 {number + 1} 行</legend>
          <Questions fields={field.fields} inside={`${at}.${number}.`} control={control} asked={asked} />
          <button type="button" onClick={() => remove(number)}>删除第 {number + 1} 行</button>
        </fieldset>
      ))}
      <button type="button" data-add={at} aria-describedby={message && id} onClick={() => append({}, { focusName: `${at}.${rows.length}.${field.fields[0].name}` })}>添加：{field.label.zh}</button>
    </section>
  );
}

/** The questions that the ruleset asks. Evidence (`attachment`) and maps (`area`) are left to the host's own controls. */
function Questions({ fields, inside = "", control, asked }) {
  return fields.filter((field) => asked(`/${inside}${field.name}`.replaceAll(".", "/"))).map((field) => {
    const at = `${inside}${field.name}`;
    if (field.fields) return <Rows key={at} field={field} at={at} control={control} asked={asked} />;
    return field.item || ["attachment", "area"].includes(field.type) ? null : <Question key={at} field={field} at={at} control={control} />;
  });
}

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

function Inspection() {
  const { control, handleSubmit } = useForm({ resolver: (values, ...rest) => resolver(answersOf(values), ...rest) });
  const [sent, setSent] = useState("");
  const answers = answersOf(useWatch({ control }));
  const text = JSON.stringify(answers);
  const session = useMemo(() => ruleset.session(JSON.parse(text), options), [text]);
  const report = useMemo(() => session.report(), [session]);
  const send = async () => {
    await fetch("/inspections", { method: "POST", body: JSON.stringify({ answers, digest: report.digest }) });
    setSent(`已提交：${report.digest}`);
  };
  return (
    <form noValidate onSubmit={handleSubmit(send)}>
      <Questions fields={fields} control={control} asked={(pointer) => session.relevant(pointer)} />
      <button type="submit">提交</button>
      <Verdict report={report} />
      <output>{sent}</output>
    </form>
  );
}

createRoot(document.querySelector("#form")).render(<Inspection />);
document.querySelector("h1").textContent = document.title = ruleset.title.zh;
