// Form.io with rules: the form is made from the ruleset's description, and the ruleset is asked from the hook before a submit. In: a bundle. Out: what is sent to the
// host's own server. The lines that matter are `standardSchema` and `formioHooks`; Form.io holds text, and `typedAnswer` makes values of it.

import { Formio, Utils } from "@formio/js/form";
import { load } from "@weibao/rules";
import { formioErrors, formioHooks } from "@weibao/rules/adapters";
import { standardSchema } from "@weibao/rules/standard";
import { today, typedAnswer } from "@weibao/rules/typed";

// `?ruleset=venue&place=520402&day=2026-03-02` shows another form.
const { ruleset: name = "hotel", place = "150424", day = today(new Date()) } = Object.fromEntries(new URLSearchParams(location.search));
const ruleset = await load(`/rules/${name}.rules.json`);
const options = { asOf: day, jurisdiction: place };
const schema = standardSchema(ruleset, options);
const { fields } = ruleset.form(options);

/** A field as a component. Evidence (`attachment`) and maps (`area`) are left to the host's own controls. */
function component(field) {
  const same = { key: field.name, label: field.label.zh, description: field.hint?.zh, input: true, clearOnHide: false };
  const values = field.options?.map(({ code, label }) => ({ value: code, label: label.zh }));
  switch (field.type) {
    case "boolean": return { ...same, type: "radio", values: [{ value: "true", label: "是" }, { value: "false", label: "否" }] };
    case "choice": return { ...same, type: "radio", values };
    case "choices": return { ...same, type: "selectboxes", values };
    case "list": return field.fields && { ...same, type: "datagrid", initEmpty: true, addAnother: `添加：${field.label.zh}`, components: [{ type: "panel", key: `${field.name}_row`, title: field.label.zh, components: components(field.fields) }] };
    default: return ["attachment", "area"].includes(field.type) ? undefined : { ...same, type: "textfield", autocomplete: "off" };
  }
}
const components = (list) => list.map(component).filter(Boolean);

/** What Form.io holds, as answers: a text that is empty is none, boxes are codes, lists without rows are no answer. */
function answersOf(data, list = fields) {
  const pairs = list.map((field) => {
    const value = data[field.name];
    if (field.fields) return [field.name, value?.length ? value.map((row) => answersOf(row, field.fields)) : undefined];
    if (field.type === "choices") return [field.name, Object.keys(value ?? {}).filter((code) => value[code])];
    return [field.name, typeof value === "string" ? typedAnswer(field, value) : value];
  });
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined && value !== null && value !== "" && value.length !== 0));
}
const checked = { "~standard": { ...schema["~standard"], validate: (data) => schema["~standard"].validate(answersOf(data)) } };

// Templates that are texts stay texts with their variables filled in: without this, Form.io makes functions of them, for which a page needs `unsafe-eval`.
Utils.Evaluator.noeval = true;

const form = await Formio.createForm(document.querySelector("#form"), {
  display: "form",
  components: [...components(fields), { type: "button", action: "submit", key: "submit", label: "提交", input: true }],
}, { hooks: formioHooks(checked), noAlerts: true, language: "zh-CN", i18n: { "zh-CN": { remove: "删除本行" } } });
form.nosubmit = true;

/** To each control by what it is described: Form.io says there that it is wrong, but not why, and of radios even when they no longer are. Its live regions are in English, and say what the focus says. */
function describe() {
  for (const region of document.querySelectorAll("#form [aria-live]")) region.removeAttribute("aria-live");
  for (const messages of document.querySelectorAll("#form .formio-errors")) {
    const frame = messages.parentElement;
    const control = frame.querySelector(":scope > table > tfoot button") ?? frame.querySelector("[role=radiogroup], [role=group], input");
    if (control?.closest(".formio-component") !== frame) continue; // a frame around other frames
    const ids = [...messages.children, frame.querySelector(":scope > .form-text")].map((one) => one?.id).filter(Boolean).join(" ");
    if (messages.childElementCount === 0) frame.querySelectorAll("[aria-invalid=true]").forEach((one) => one.setAttribute("aria-invalid", "false"));
    if (ids) control.setAttribute("aria-describedby", ids);
    else control.removeAttribute("aria-describedby");
  }
}
new MutationObserver(describe).observe(document.querySelector("#form"), { childList: true, subtree: true });
describe();

const OUTCOMES = { pass: "合格", fail: "不合格", undetermined: "未能判定", fault: "无法判定", not_applicable: "不适用" };
const pointer = (path) => `/${path.replace(/\[(\d+)\]/g, ".$1").replaceAll(".", "/")}`;

// What the last submit showed, and is still wrong. Form.io itself forgets all errors with the next change.
let shown = new Set();

/** Shows the questions that the ruleset asks, and what the law makes of the answers. That blocks nothing, and is announced once a change. */
function look() {
  const session = ruleset.session(answersOf(form.data), options);
  const errors = formioErrors(checked, form.data).filter(({ path }) => shown.has(path));
  shown = new Set(errors.map(({ path }) => path));
  form.everyComponent((one) => {
    if (one.type === "panel" || one.type === "button") return;
    one.component.hidden = !session.relevant(pointer(one.path));
    one.visible = !one.component.hidden;
    one.setCustomValidity(errors.filter(({ path }) => path === one.path), true);
  });
  const { verdict: { outcome, findings }, entry } = session.report();
  const open = entry.problems.filter(({ severity }) => severity !== "warning").length;
  const status = `结论：${OUTCOMES[outcome]}，${findings.length} 项；还有 ${open} 处要填`;
  const place = document.querySelector(".verdict [role=status]");
  if (place.textContent !== status) place.textContent = status;
  document.querySelector(".verdict ul").replaceChildren(...findings.map(({ rule, outcome, message }) => {
    const line = Object.assign(document.createElement("li"), { textContent: `${OUTCOMES[outcome]}：${message.zh}` });
    line.dataset.rule = rule;
    return line;
  }));
}
form.on("change", look);
look();

// The first wrong answer gets the focus: that is how a screen reader hears of it, once.
form.on("submitError", () => {
  shown = new Set(formioErrors(checked, form.data).map(({ path }) => path));
  setTimeout(() => document.querySelector("[aria-invalid=true], .formio-component-datagrid.has-message tfoot button")?.focus());
});
form.on("submit", async ({ data }) => {
  const answers = answersOf(data);
  await fetch("/inspections", { method: "POST", body: JSON.stringify({ answers, digest: ruleset.check(answers, options).digest }) });
  document.querySelector("output").textContent = "已提交";
});
document.querySelector("h1").textContent = document.title = ruleset.title.zh;
