// The same without writing a control by hand: the form is drawn from the ruleset's description, as a server or a script of a page would, and then bound. In: a ruleset's
// name in the address. Out: what would be sent to the host's own server.

import { load } from "../weibao/dist/index.js";
import { bind } from "../weibao/dist/bind.js";
import { today } from "../weibao/dist/typed.js";

// `?ruleset=hotel&place=150424&day=2026-03-02` shows another form.
const { ruleset: name = "venue", place = "520400", day = today(new Date()) } = Object.fromEntries(new URLSearchParams(location.search));
const ruleset = await load(`/v1/bundles/${name}`);
const options = { asOf: day, jurisdiction: place };

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
  element.append(...children.filter(Boolean));
  return element;
}

/** A question. The name of a control is the path of its field; that is all that `bind` needs. */
function question(field, at) {
  const id = `q-${at}`;
  const hint = field.hint && make("p", { class: "hint", id: `${id}-hint` }, field.hint.zh);
  const choices = field.type === "boolean" ? [["true", "是"], ["false", "否"]] : field.options?.map(({ code, label }) => [code, label.zh]);
  if (field.type === "choices") {
    const boxes = choices.map(([code, label]) => make("label", { class: "choice" }, make("input", { type: "checkbox", name: at, value: code }), label));
    return make("fieldset", { class: "field", "data-rules-field": "" }, make("legend", {}, field.label.zh), hint, ...boxes);
  }
  const same = { id, name: at, "aria-describedby": hint && hint.id };
  const files = field.type === "attachment" || field.item?.type === "attachment";
  const control = choices
    ? make("select", same, make("option", { value: "" }, "未填"), ...choices.map(([code, label]) => make("option", { value: code }, label)))
    : make("input", files ? { ...same, type: "file", multiple: field.item && "" } : { ...same, autocomplete: "off" });
  return make("div", { class: "field", "data-rules-field": "" }, make("label", { for: id }, field.label.zh), hint, control);
}

/** A list: a template of its rows, a button, and a box that says that there are none. */
function rows(field, at) {
  const template = make("template", {});
  template.content.append(make("fieldset", { class: "row", "data-rules-row": "" }, make("legend", {}, "第 ", make("span", { "data-rules-number": "" }), " 项"), ...questions(field.fields, `${at}[].`), make("button", { type: "button", "data-rules-remove": "" }, "删除此项")));
  return make("section", { "aria-label": field.label.zh, "data-rules-field": "" },
    make("h2", {}, field.label.zh),
    make("label", { class: "choice" }, make("input", { type: "checkbox", "data-rules-none": at }), `没有：${field.label.zh}`),
    make("div", { "data-rules-list": at }, template),
    make("button", { type: "button", "data-rules-add": at }, `添加：${field.label.zh}`));
}

/** Maps (`area`) are left to the host's own controls. */
const questions = (fields, inside = "") => fields.filter(({ type }) => type !== "area").map((field) => (field.fields ? rows(field, inside + field.name) : question(field, inside + field.name)));

const form = document.querySelector("form");
document.querySelector("#questions").append(...questions(ruleset.form(options).fields));
const sent = document.querySelector("#sent");
// For whoever looks at this page in the console.
globalThis.binding = bind(form, ruleset, {
  ...options,
  onSubmit(answers, report) {
    sent.textContent = `可以提交：${report.digest}`;
    sent.focus();
  },
});
document.querySelector("h1").textContent = document.title = ruleset.title.zh;
form.dataset.ready = "";
