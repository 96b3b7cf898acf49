//! A report as a document to print, sign and hand in: progress by section, every item with its outcome and its evidence, what is still
//! to be answered, what is to be put right and by whom.
//!
//! In: a report with evidence of all rules, the answers. Out: HTML. Must not know: how anything was decided.

use super::text::plain_word;
use crate::docs::html::{Html, both, escape, page_with};
use crate::labels::{self, Lang};
use rules_core::form::{Form, Text};
use rules_core::json::Json;
use rules_core::plan::{Op, Plan, Rule};
use rules_core::{Checker, Report};
use std::collections::BTreeSet;

/// The outcomes in the order of the table's columns.
const OUTCOMES: [&str; 5] = ["pass", "fail", "undetermined", "not_applicable", "faulted"];

const STYLE: &str = include_str!("report.css");

/// How a document is made.
pub(super) struct Document<'a> {
    pub(super) checker: &'a Checker<'a>,
    pub(super) answers: &'a Json,
}

/// The findings of a part of the report.
type Findings<'a> = Vec<(&'a Rule, &'a Json)>;

impl Document<'_> {
    /// The whole document.
    pub(super) fn written(&self, report: &Report, digest: &str) -> String {
        let empty = Plan::default();
        let plan = self.checker.plan().unwrap_or(&empty);
        let json = report.json();
        let verdict = json.get("verdict").unwrap_or(&Json::Null);
        let title = plan
            .layers
            .last()
            .map(|layer| layer.title.clone())
            .unwrap_or_default();
        let mut out = Html::new();
        out.both("h1", &title);
        head(&mut out, json, report, digest);
        let findings: Findings<'_> = list(verdict.get("findings"))
            .iter()
            .filter_map(|finding| {
                let id = text(finding, "rule");
                Some((plan.rules.iter().find(|rule| rule.id == id)?, finding))
            })
            .collect();
        let sections = sections(plan, &findings);
        progress(&mut out, verdict, &sections);
        problems(&mut out, plan, json);
        for (title, findings) in &sections {
            if let Some(title) = title {
                out.both("h2", title);
            }
            self.items(&mut out, plan, findings);
        }
        open(&mut out, plan, &sections);
        to_do(&mut out, plan, &findings);
        out.raw(SIGNATURES);
        page_with(&title.zh, STYLE, &out.0)
    }

    fn items(&self, out: &mut Html, plan: &Plan, findings: &Findings<'_>) {
        out.raw("<table class=\"items\"><thead><tr><th>条款 <small lang=\"en\">Clause</small></th><th>要求 <small lang=\"en\">Requirement</small></th>");
        out.raw(
            "<th>结论 <small lang=\"en\">Outcome</small></th><th>说明 <small lang=\"en\">Why</small></th>",
        );
        out.raw("<th>佐证 <small lang=\"en\">Evidence</small></th></tr></thead><tbody>\n");
        for (rule, finding) in findings {
            let clause = rule
                .clauses
                .first()
                .and_then(|clause| plan.clauses.get(*clause as usize));
            let outcome = text(finding, "outcome");
            let item = finding.get("item").and_then(Json::as_str);
            let item = item.map(|item| place(&plan.form, item));
            out.raw("<tr><td>");
            out.text(clause.map_or("", |clause| short_article(&clause.article)));
            out.raw("</td><td>").raw(&both(&rule.title));
            if let Some(item) = item {
                out.raw(&format!("<br>{}", escape(&item)));
            }
            out.raw(&format!(
                "</td><td><b class=\"{}\">{}</b></td><td>",
                escape(outcome),
                word(outcome)
            ));
            out.raw(&why(plan, finding));
            out.raw("</td><td>")
                .raw(&self.evidence(plan, rule))
                .raw("</td></tr>\n");
        }
        out.raw("</tbody></table>\n");
    }

    /// The files that were named for a rule.
    fn evidence(&self, plan: &Plan, rule: &Rule) -> String {
        let mut names = Vec::new();
        for node in &rule.evidence {
            let Some(node) = plan.nodes.get(*node as usize).filter(|node| node.op == Op::Slot) else {
                continue;
            };
            let root = plan.form.scopes.first();
            let Some(field) = root.and_then(|root| root.fields.get(node.a as usize)) else {
                continue;
            };
            let given = field
                .path
                .iter()
                .try_fold(self.answers, |json, key| json.get(key));
            match given {
                Some(Json::Arr(files)) => names.extend(files.iter().filter_map(file)),
                Some(one) => names.extend(file(one)),
                None => {}
            }
        }
        let names: Vec<String> = names.iter().map(|name| escape(name)).collect();
        names.join("<br>")
    }
}

/// An attachment as people call it.
fn file(json: &Json) -> Option<String> {
    let name = json.get("name").or_else(|| json.get("id")).unwrap_or(json);
    name.as_str()
        .filter(|name| !name.trim().is_empty())
        .map(labels::clean)
}

/// `附件 达标体系（试行）任务分解表 第31项` is `第31项` in a table of that annex.
fn short_article(article: &str) -> &str {
    article.rsplit_once(' ').map_or(article, |(_, last)| last)
}

fn text<'j>(json: &'j Json, key: &str) -> &'j str {
    json.get(key).and_then(Json::as_str).unwrap_or("")
}

fn list(json: Option<&Json>) -> &[Json] {
    json.and_then(Json::as_arr).unwrap_or(&[])
}

fn word(word: &str) -> String {
    let (zh, en) = plain_word(word);
    format!("{} <small lang=\"en\">{}</small>", escape(zh), escape(en))
}

fn place(form: &Form, pointer: &str) -> String {
    labels::place(form, pointer, Lang::Zh).label
}

fn texts(json: Option<&Json>) -> String {
    let of = |key| {
        json.and_then(|json| json.get(key))
            .and_then(Json::as_str)
            .unwrap_or("")
    };
    both(&Text {
        zh: labels::clean(of("zh")),
        en: labels::clean(of("en")),
    })
}

fn head(out: &mut Html, json: &Json, report: &Report, digest: &str) {
    let named = |json: &Json| format!("{} {}", text(json, "id"), text(json, "version"));
    let mut rulesets: Vec<String> = json.get("ruleset").map(named).into_iter().collect();
    rulesets.extend(list(json.get("layers")).iter().map(named));
    out.raw("<dl>\n");
    out.fact(
        "总的结论",
        "Verdict",
        &format!(
            "<b class=\"{0}\">{1}</b>",
            report.verdict(),
            word(report.verdict())
        ),
    );
    out.fact("填报", "Entry", &word(report.entry()));
    out.fact("地区", "Area", &escape(text(json, "jurisdiction")));
    out.fact("检查日", "Day", &escape(text(json, "as_of")));
    out.fact("规则", "Rules", &escape(&rulesets.join(" + ")));
    out.fact(
        "报告摘要",
        "Report digest",
        &format!("<code>{}</code>", escape(digest)),
    );
    out.raw("</dl>\n");
}

/// The findings section by section; those of none come first.
fn sections<'a>(plan: &'a Plan, findings: &Findings<'a>) -> Vec<(Option<&'a Text>, Findings<'a>)> {
    let of = |rule: &Rule| {
        let number = plan.rules.iter().position(|one| one.id == rule.id);
        plan.sections
            .iter()
            .position(|section| number.is_some_and(|number| section.rules.contains(&(number as u32))))
    };
    let within = |wanted: Option<usize>| -> Findings<'a> {
        findings
            .iter()
            .filter(|(rule, _)| of(rule) == wanted)
            .copied()
            .collect()
    };
    let mut out = vec![(None, within(None))];
    let titled = plan.sections.iter().enumerate();
    out.extend(titled.map(|(number, section)| (Some(&section.title), within(Some(number)))));
    out.retain(|(_, findings)| !findings.is_empty());
    out
}

fn progress(out: &mut Html, verdict: &Json, sections: &[(Option<&Text>, Findings<'_>)]) {
    out.raw(
        "<h2>进度 <small lang=\"en\">Progress</small></h2>\n<table class=\"counts\"><thead><tr><th></th>",
    );
    OUTCOMES.iter().for_each(|outcome| {
        out.raw(&format!("<th>{}</th>", word(outcome)));
    });
    out.raw("</tr></thead><tbody>\n");
    let mut row = |name: &str, count: &dyn Fn(&str) -> usize| {
        out.raw(&format!("<tr><th scope=\"row\">{name}</th>"));
        OUTCOMES.iter().for_each(|outcome| {
            out.raw(&format!("<td>{}</td>", count(outcome)));
        });
        out.raw("</tr>\n");
    };
    for (title, findings) in sections {
        let Some(title) = title else { continue };
        row(&both(title), &|outcome| {
            findings
                .iter()
                .filter(|(_, one)| text(one, "outcome") == outcome)
                .count()
        });
    }
    let counts = verdict.get("counts").unwrap_or(&Json::Null);
    row("合计 <small lang=\"en\">All</small>", &|outcome| {
        counts.get(outcome).and_then(Json::as_num).unwrap_or(0.0) as usize
    });
    out.raw("</tbody></table>\n");
}

fn problems(out: &mut Html, plan: &Plan, json: &Json) {
    let problems = list(json.get("entry").and_then(|entry| entry.get("problems")));
    if problems.is_empty() {
        return;
    }
    out.raw("<h2>填报中的问题 <small lang=\"en\">Problems of the entry</small></h2>\n<ul>\n");
    for problem in problems {
        out.raw(&format!(
            "<li>{}：{}</li>\n",
            escape(&place(&plan.form, text(problem, "at"))),
            texts(problem.get("message"))
        ));
    }
    out.raw("</ul>\n");
}

/// What was found, or why it is open, with the answers that decided.
fn why(plan: &Plan, finding: &Json) -> String {
    let mut parts = Vec::new();
    if text(finding, "outcome") == "fail" {
        parts.push(texts(finding.get("message")));
    }
    let reason = text(finding, "reason");
    if !reason.is_empty() {
        parts.push(word(reason));
    }
    let evidence = finding.get("evidence").unwrap_or(&Json::Null);
    let mut values = Vec::new();
    for one in list(evidence.get("values")) {
        let given = one.get("value").unwrap_or(&Json::Null);
        let place = labels::place(&plan.form, text(one, "at"), Lang::Zh);
        let is_file = place.field.is_some_and(|field| field.kind.word() == "attachment");
        if *given != Json::Null && given.get("items").is_none() && !is_file {
            let value = labels::value(plan, place.field, given, Lang::Zh);
            values.push(escape(&format!("{}：{value}", place.label)));
        }
    }
    if !values.is_empty() {
        parts.push(format!("<span class=\"values\">{}</span>", values.join("；")));
    }
    parts.join("<br>")
}

/// What is still to be answered, section by section, each question once.
fn open(out: &mut Html, plan: &Plan, sections: &[(Option<&Text>, Findings<'_>)]) {
    let mut seen = BTreeSet::new();
    let mut body = Html::new();
    for (title, findings) in sections {
        let mut questions = Vec::new();
        for pointer in findings
            .iter()
            .flat_map(|(_, finding)| list(finding.get("missing")))
        {
            let pointer = pointer.as_str().unwrap_or("");
            if seen.insert(pointer.to_owned()) {
                questions.push(escape(&place(&plan.form, pointer)));
            }
        }
        if questions.is_empty() {
            continue;
        }
        if let Some(title) = title {
            body.both("h3", title);
        }
        body.raw(&format!(
            "<ul class=\"open\"><li>{}</li></ul>\n",
            questions.join("</li><li>")
        ));
    }
    if !seen.is_empty() {
        out.raw(&format!(
            "<h2>尚待填报 {} 项 <small lang=\"en\">Open questions</small></h2>\n{}",
            seen.len(),
            body.0
        ));
    }
}

/// What is to be put right, by whom, by when.
fn to_do(out: &mut Html, plan: &Plan, findings: &Findings<'_>) {
    let failed: Findings<'_> = findings
        .iter()
        .filter(|(_, finding)| text(finding, "outcome") == "fail")
        .copied()
        .collect();
    if failed.is_empty() {
        return;
    }
    out.raw(
        "<h2>问题清单 <small lang=\"en\">To be put right</small></h2>\n<table class=\"items\"><thead><tr>",
    );
    for (zh, en) in [
        ("问题", "Finding"),
        ("依据", "Clause"),
        ("措施", "Remedy"),
        ("责任单位", "Who"),
        ("期限", "By"),
    ] {
        out.raw(&format!("<th>{zh} <small lang=\"en\">{en}</small></th>"));
    }
    out.raw("</tr></thead><tbody>\n");
    for (_, finding) in failed {
        let clauses = list(finding.get("clauses")).iter().filter_map(|id| {
            let id = id.as_str()?;
            let clause = plan.clauses.iter().find(|clause| clause.id == id)?;
            Some(escape(&format!("《{}》{}", clause.title, clause.article)))
        });
        out.raw(&format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            texts(finding.get("message")),
            clauses.collect::<Vec<_>>().join("<br>"),
            texts(finding.get("remedy")),
            texts(finding.get("duty")),
            escape(text(finding, "deadline"))
        ));
    }
    out.raw("</tbody></table>\n");
}

const SIGNATURES: &str = "<p class=\"sign\">填报单位（盖章）<small lang=\"en\">Unit, seal</small>：　　　　　　　　主要负责人签字 <small lang=\"en\">Signature</small>：　　　　　　　　日期 <small lang=\"en\">Date</small>：</p>\n";
