// TanStack Form with rules: the ruleset describes the form, the form is drawn from that, and it is also the form's validator. In: a bundle. Out: what is sent to
// the host's own server. The two lines that matter are `standardSchema` and `validators`; inputs hold text, and `typedAnswer` makes values of it.

import { useForm, useStore } from "@tanstack/react-form";
import { load } from "@weibao/rules";
import { standardSchema } from "@weibao/rules/standard";
import { today, typedAnswer, writtenAnswer } from "@weibao/rules/typed";
import { useId, useMemo, useState } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";

// `?ruleset=venue&place=520402&day=2026-03-02` shows another form.
const { ruleset: name = "hotel", place = "150424", day = today(new Date()) } = Object.fromEntries(new URLSearchParams(location.search));
const ruleset = await load(`/rules/${name}.rules.json`);
const options = { asOf: day, jurisdiction: place };
const schema = standardSchema(ruleset, options);
const { fields } = ruleset.form(options);

// A list without rows is no answer.
const answersOf = (values) => JSON.parse(JSON.stringify(values, (_key, value) => (Array.isArray(value) && value.length === 0 ? undefined : value)));

const YES_NO = [["true", "是"], ["false", "否"]];

/** One question: its label, hint, control and error. */
function Question({ field, bound, tried }) {
  const id = useId();
  const { value } = bound.state;
  const [text, setText] = useState(() => writtenAnswer(field, value));
  const options = field.type === "boolean" ? YES_NO : field.options?.map(({ code, label }) => [code, label.zh]);
  const change = (typed) => {
    setText(typed);
    bound.handleChange(typedAnswer(field, typed));
  };
  const [issue] = tried ? bound.state.meta.errors : [];
  const notes = [issue && `${id}-error`, field.hint && `${id}-hint`].filter(Boolean).join(" ") || undefined;
  const error = issue && <p id={`${id}-error`} className="error">错误：{issue.message}</p>;
  const same = { id, name: bound.name, onBlur: bound.handleBlur, "aria-invalid": issue ? true : undefined, "aria-describedby": notes };
  if (field.type === "choices") {
    const chosen = value ?? [];
    return (
      <fieldset className="question" aria-describedby={notes}>
        <legend>{field.label.zh}</legend>
        {options.map(([code, label]) => (
          <label key={code} className="choice">
            <input type="checkbox" name={bound.name} value={code} checked={chosen.includes(code)} onBlur={bound.handleBlur}
              onChange={(event) => bound.handleChange(event.target.checked ? [...chosen, code] : chosen.filter((one) => one !== code))} />
            {label}
          </label>
        ))}
        {error}
      </fieldset>
    );
  }
  return (
    <div className="question">
      <label htmlFor={id}>{field.label.zh}</label>
      {field.hint && <p id={`${id}-hint`} className="hint">{field.hint.zh}</p>}
      {error}
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
function Rows({ field, list, ...same }) {
  const id = useId();
  const [issue] = same.tried ? list.state.meta.errors : [];
  // Rows have no identity of their own in this library; the text of their inputs needs one.
  const [keys, setKeys] = useState(() => (list.state.value ?? []).map(() => crypto.randomUUID()));
  const add = () => {
    flushSync(() => {
      setKeys([...keys, crypto.randomUUID()]);
      list.pushValue({});
    });
    document.getElementsByName(`${list.name}[${keys.length}].${field.fields[0].name}`)[0]?.focus();
  };
  const remove = (number) => {
    setKeys(keys.filter((_key, at) => at !== number));
    list.removeValue(number);
  };
  return (
    <section aria-label={field.label.zh}>
      <h2>{field.label.zh}</h2>
      {issue && <p id={id} className="error">错误：{issue.message}</p>}
      {keys.map((key, number) => (
        <fieldset key={key} className="row">
          <legend>第 {number + 1} 行</legend>
          <Questions fields={field.fields} inside={`${list.name}[${number}].`} {...same} />
          <button type="button" onClick={() => remove(number)}>删除第 {number + 1} 行</button>
        </fieldset>
      ))}
      <button type="button" data-add={list.name} aria-describedby={issue && id} onClick={add}>添加：{field.label.zh}</button>
    </section>
  );
}

/** The questions that the ruleset asks. Evidence (`attachment`) and maps (`area`) are left to the host's own controls. */
function Questions({ fields, inside = "", form, asked, tried }) {
  const pointer = (at) => `/${at.replace(/\[(\d+)\]/g, ".$1").replaceAll(".", "/")}`;
  return fields.filter((field) => asked(pointer(`${inside}${field.name}`))).map((field) => {
    const at = `${inside}${field.name}`;
    const same = { form, asked, tried };
    if (field.fields) return <form.Field key={at} name={at} mode="array">{(list) => <Rows field={field} list={list} {...same} />}</form.Field>;
    return field.item || ["attachment", "area"].includes(field.type) ? null : <form.Field key={at} name={at}>{(bound) => <Question field={field} bound={bound} tried={tried} />}</form.Field>;
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

// The validator is asked about the answers, not about lists that have no rows yet.
const validator = { "~standard": { ...schema["~standard"], validate: (values) => schema["~standard"].validate(answersOf(values)) } };

function Inspection() {
  const [sent, setSent] = useState("");
  const form = useForm({
    defaultValues: {},
    validators: { onChange: validator },
    async onSubmit({ value }) {
      await fetch("/inspections", { method: "POST", body: JSON.stringify({ answers: answersOf(value), digest: schema.ruleset.check(answersOf(value), options).digest }) });
      setSent("已提交");
    },
    // The first wrong answer gets the focus: that is how a screen reader hears of it, once.
    onSubmitInvalid: () => setTimeout(() => document.querySelector("[aria-invalid=true]")?.focus()),
  });
  const text = JSON.stringify(answersOf(useStore(form.store, ({ values }) => values)));
  const tried = useStore(form.store, ({ submissionAttempts }) => submissionAttempts > 0);
  const session = useMemo(() => ruleset.session(JSON.parse(text), options), [text]);
  const report = useMemo(() => session.report(), [session]);
  const submit = (event) => {
    event.preventDefault();
    form.handleSubmit();
  };
  return (
    <form noValidate onSubmit={submit}>
      <Questions fields={fields} form={form} tried={tried} asked={(pointer) => session.relevant(pointer)} />
      <button type="submit">提交</button>
      <Verdict report={report} />
      <output>{sent}</output>
    </form>
  );
}

createRoot(document.querySelector("#form")).render(<Inspection />);
document.querySelector("h1").textContent = document.title = ruleset.title.zh;
