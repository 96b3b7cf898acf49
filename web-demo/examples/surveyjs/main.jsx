// SurveyJS with rules: the survey is made from the ruleset's description, and the ruleset answers its validation event. In: a bundle. Out: what is sent to the
// host's own server. The two lines that matter are `standardSchema` and `surveyRules`.

import { load } from "@weibao/rules";
import { surveyRules } from "@weibao/rules/adapters";
import { standardSchema } from "@weibao/rules/standard";
import { today } from "@weibao/rules/typed";
import { cloneElement, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { Model, SurveyError } from "survey-core";
import "survey-core/i18n/simplified-chinese";
import "survey-core/survey-core.fontless.css"; // the other one asks Google for fonts
import { Survey, SurveyElementErrors } from "survey-react-ui";

// `?ruleset=venue&place=520402&day=2026-03-02` shows another form.
const { ruleset: name = "hotel", place = "150424", day = today(new Date()) } = Object.fromEntries(new URLSearchParams(location.search));
const ruleset = await load(`/rules/${name}.rules.json`);
const options = { asOf: day, jurisdiction: place };
const schema = standardSchema(ruleset, options);


/** A field as an element of a survey. Evidence (`attachment`) and maps (`area`) are left to the host's own controls. */
function element(field) {
  const same = { name: field.name, title: field.label.zh, description: field.hint?.zh };
  const choices = field.options?.map(({ code, label }) => ({ value: code, text: label.zh }));
  const number = (name, title) => ({ name, title, inputType: "number" });
  switch (field.type) {
    case "boolean": return { ...same, type: "radiogroup", choices: [{ value: true, text: "是" }, { value: false, text: "否" }] };
    case "choice": return { ...same, type: "radiogroup", choices };
    case "choices": return { ...same, type: "checkbox", choices };
    case "date": return { ...same, type: "text", inputType: "date" };
    case "datetime": return { ...same, type: "text", inputType: "datetime-local" };
    case "integer":
    case "number": return { ...same, type: "text", inputType: "number" };
    case "measure": return { ...same, type: "multipletext", items: [number("value", `数值（${field.unit}）`), number("tolerance", "误差")] };
    case "point": return { ...same, type: "multipletext", items: [number("lng", "经度"), number("lat", "纬度"), number("accuracy", "误差（米）"), { name: "crs", title: "坐标系" }] };
    case "list": return field.fields && { ...same, type: "paneldynamic", panelCount: 0, templateTitle: "第 {panelIndex} 行", panelAddText: `添加：${field.label.zh}`, panelRemoveText: "删除本行", templateElements: elements(field.fields) };
    default: return ["attachment", "area"].includes(field.type) ? undefined : { ...same, type: "text" };
  }
}
const elements = (fields) => fields.map(element).filter(Boolean);

const survey = new Model({ elements: elements(ruleset.form(options).fields) });
survey.locale = "zh-cn";
surveyRules(survey, schema, SurveyError);

// SurveyJS makes every message a live region: all errors of a page would be read out, one after the other. The focus on the first says enough.
const render = SurveyElementErrors.prototype.renderElement;
SurveyElementErrors.prototype.renderElement = function renderElement() {
  return cloneElement(render.call(this), { role: undefined, "aria-live": undefined, "aria-atomic": undefined });
};

/** Shows the questions that the ruleset asks. */
function showAsked(session) {
  const visit = (questions, at) => {
    for (const question of questions) {
      question.visible = session.relevant(`${at}/${question.name}`);
      question.panels?.forEach((panel, number) => visit(panel.questions, `${at}/${question.name}/${number}`));
    }
  };
  visit(survey.getAllQuestions(), "");
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


function look() {
  const session = ruleset.session(survey.data, options);
  showAsked(session);
  return session.report();
}

function Inspection() {
  const [report, setReport] = useState(look);
  const [sent, setSent] = useState("");
  useEffect(() => {
    survey.onValueChanged.add(() => setReport(look()));
    survey.onComplete.add(async ({ data }) => {
      await fetch("/inspections", { method: "POST", body: JSON.stringify({ answers: data, digest: ruleset.check(data, options).digest }) });
      setSent("已提交");
    });
  }, []);
  return (
    <>
      <Survey model={survey} />
      <Verdict report={report} />
      <output>{sent}</output>
    </>
  );
}

createRoot(document.querySelector("#form")).render(<Inspection />);
document.querySelector("h1").textContent = document.title = ruleset.title.zh;
