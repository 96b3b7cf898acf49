//! A report for people: the verdict, and for each finding what was found, the clause in its own words, the values that decided, what is
//! missing, how far it is from the limit, and what to do.
//!
//! In: a report with evidence. Out: text. Must not know: how anything was decided.

use crate::labels::{self, Lang, clean};
use crate::term::{BOLD, DIM, GREEN, RED, YELLOW, styled};
use anstyle::Style;
use rules_core::form::Form;
use rules_core::json::Json;
use rules_core::plan::Plan;
use rules_core::{Checker, Report};
use std::fmt::Write;

/// Characters of an expression that are shown; what it says in full stands in the ruleset.
const EXPRESSION: usize = 160;

/// How a report is to be shown.
pub(super) struct View<'a> {
    pub(super) checker: &'a Checker<'a>,
    pub(super) lang: Lang,
    /// Also the expressions with their truth.
    pub(super) truths: bool,
}

/// Words of a report with their style and what they are called.
const WORDS: &[(&str, Style, &str, &str)] = &[
    ("pass", GREEN, "合格", "pass"),
    ("fail", RED, "不合格", "FAIL"),
    ("undetermined", YELLOW, "未能判定", "undetermined"),
    ("faulted", RED, "规则出错", "faulted"),
    ("not_applicable", DIM, "不适用", "not applicable"),
    ("complete", GREEN, "填报完整", "complete"),
    ("incomplete", YELLOW, "填报不完整", "incomplete"),
    ("invalid", RED, "填报无效", "invalid"),
    ("out_of_force", DIM, "当日未施行", "not in force on that day"),
    ("other_area", DIM, "不属于本规则的地区", "for another area"),
    ("critical", RED, "特别严重", "critical"),
    ("major", RED, "严重", "major"),
    ("moderate", YELLOW, "一般", "moderate"),
    ("minor", DIM, "轻微", "minor"),
    ("missing", YELLOW, "缺少答案", "missing answers"),
    (
        "missing_param",
        YELLOW,
        "本地尚未设定参数",
        "a locality has not set a parameter",
    ),
    ("no_evidence", YELLOW, "缺少证据", "missing evidence"),
    ("not_due", DIM, "期限未到", "not due yet"),
    (
        "too_close",
        YELLOW,
        "太接近界限，测量精度不足以判定",
        "too close to the limit for how it was measured",
    ),
    (
        "method",
        YELLOW,
        "取决于测量方法",
        "it depends on the method of measuring",
    ),
    (
        "conflict",
        YELLOW,
        "答案互相矛盾",
        "answers contradict each other",
    ),
    (
        "out_of_period",
        YELLOW,
        "超出资料覆盖的期间",
        "out of the period that the data covers",
    ),
    ("judgement", YELLOW, "需由人判断", "a person has to judge"),
    ("partly_met", YELLOW, "部分达标", "partly met"),
    ("not_inspected", YELLOW, "未检查", "not inspected"),
];

/// A word of a report in Chinese and English, without style; one that is an author's own as it stands.
pub(super) fn plain_word(word: &str) -> (&str, &str) {
    let found = WORDS.iter().find(|row| row.0 == word);
    found.map_or((word, word), |row| (row.2, row.3))
}

impl View<'_> {
    /// The whole report.
    pub(super) fn written(&self, report: &Report, digest: &str) -> String {
        let mut out = String::new();
        let json = report.json();
        self.head(&mut out, json, report);
        self.problems(&mut out, json);
        let verdict = json.get("verdict").unwrap_or(&Json::Null);
        for finding in verdict.get("findings").and_then(Json::as_arr).unwrap_or(&[]) {
            self.finding(&mut out, finding);
        }
        self.counts(&mut out, verdict);
        line(
            &mut out,
            &styled(DIM, format!("{} {digest}", self.say("报告摘要", "report digest"))),
        );
        out
    }

    fn say<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        self.lang.pick(zh, en)
    }

    fn word(&self, word: &str) -> String {
        let found = WORDS.iter().find(|row| row.0 == word);
        found.map_or_else(|| clean(word), |row| styled(row.1, self.say(row.2, row.3)))
    }

    fn text(&self, value: Option<&Json>) -> Option<String> {
        let value = value?;
        let wanted = value
            .get(self.say("zh", "en"))
            .and_then(Json::as_str)
            .filter(|text| !text.is_empty());
        wanted
            .or_else(|| value.get("zh").and_then(Json::as_str))
            .map(clean)
    }

    fn plan(&self) -> Option<&Plan> {
        self.checker.plan()
    }

    fn place(&self, pointer: &str) -> String {
        let empty = Form::default();
        let form = self.plan().map_or(&empty, |plan| &plan.form);
        let place = labels::place(form, pointer, self.lang);
        format!("{} {}", place.label, styled(DIM, clean(pointer)))
    }

    fn head(&self, out: &mut String, json: &Json, report: &Report) {
        let title = self
            .plan()
            .and_then(|plan| plan.layers.first())
            .map_or("", |base| self.lang.of(&base.title));
        line(
            out,
            &format!("{}  {}", self.word(report.verdict()), styled(BOLD, title)),
        );
        let named = |json: &Json| {
            let text = |key| json.get(key).and_then(Json::as_str).unwrap_or("");
            format!("{} {}", text("id"), text("version"))
        };
        let mut rulesets: Vec<String> = json.get("ruleset").map(named).into_iter().collect();
        rulesets.extend(
            json.get("layers")
                .and_then(Json::as_arr)
                .unwrap_or(&[])
                .iter()
                .map(named),
        );
        let text = |key| json.get(key).and_then(Json::as_str).unwrap_or("");
        let facts = [
            rulesets.join(" + "),
            format!("{} {}", self.say("地区", "area"), text("jurisdiction")),
            format!("{} {}", self.say("检查日", "day"), text("as_of")),
            self.word(report.entry()),
        ];
        line(out, &facts.join(" · "));
        if let Some(reason) = json
            .get("verdict")
            .and_then(|verdict| verdict.get("reason"))
            .and_then(Json::as_str)
        {
            line(out, &self.word(reason));
        }
        out.push('\n');
    }

    fn problems(&self, out: &mut String, json: &Json) {
        let entry = json.get("entry").unwrap_or(&Json::Null);
        let problems = entry.get("problems").and_then(Json::as_arr).unwrap_or(&[]);
        if problems.is_empty() {
            return;
        }
        line(
            out,
            &styled(BOLD, self.say("填报中的问题", "Problems of the entry")),
        );
        for problem in problems {
            let at = problem.get("at").and_then(Json::as_str).unwrap_or("");
            let style = match problem.get("severity").and_then(Json::as_str) {
                Some("error") => RED,
                Some("incomplete") => YELLOW,
                _ => DIM,
            };
            let message = self.text(problem.get("message")).unwrap_or_default();
            let code = problem.get("code").and_then(Json::as_str).unwrap_or("");
            let place = if at.is_empty() {
                self.say("整份填报", "the whole entry").to_owned()
            } else {
                self.place(at)
            };
            line(
                out,
                &format!(
                    "  {} {place}: {message} {}",
                    styled(style, "·"),
                    styled(DIM, clean(code))
                ),
            );
        }
        if let Some(more) = entry.get("more_problems").and_then(Json::as_num) {
            line(out, &format!("  … {more} {}", self.say("个问题未列出", "more")));
        }
        out.push('\n');
    }

    fn finding(&self, out: &mut String, finding: &Json) {
        let text = |key| finding.get(key).and_then(Json::as_str).unwrap_or("");
        let rule = self
            .plan()
            .and_then(|plan| plan.rules.iter().find(|rule| rule.id == text("rule")));
        let title = rule.map_or_else(
            || clean(text("rule")),
            |rule| self.lang.of(&rule.title).to_owned(),
        );
        let item = finding
            .get("item")
            .and_then(Json::as_str)
            .map(|item| format!(" · {}", self.place(item)));
        line(
            out,
            &format!(
                "{} {}{}  {} {}",
                self.word(text("outcome")),
                styled(BOLD, title),
                item.unwrap_or_default(),
                self.word(text("severity")),
                styled(DIM, text("rule")),
            ),
        );
        // A message says what was found, and of what is undetermined nothing was.
        let found = if text("outcome") == "fail" {
            self.text(finding.get("message"))
        } else {
            None
        };
        if let Some(message) = found {
            line(out, &format!("    {message}"));
        }
        if let Some(reason) = finding.get("reason").and_then(Json::as_str) {
            self.row(out, "原因", "because", &self.word(reason));
        }
        for pointer in finding.get("missing").and_then(Json::as_arr).unwrap_or(&[]) {
            self.row(
                out,
                "待填",
                "missing",
                &self.place(pointer.as_str().unwrap_or("")),
            );
        }
        self.evidence(out, finding);
        if let Some(margin) = finding.get("margin") {
            let value = margin.get("value").and_then(Json::as_num).unwrap_or(0.0);
            let unit = margin.get("unit").and_then(Json::as_str).unwrap_or("");
            let sign = if value > 0.0 { "+" } else { "" };
            let shown = format!(
                "{sign}{} {}",
                Json::from((value * 1000.0).round() / 1000.0).canonical(),
                clean(unit)
            );
            self.row(out, "与界限之差", "margin", shown.trim_end());
        }
        for clause in finding.get("clauses").and_then(Json::as_arr).unwrap_or(&[]) {
            self.clause(out, clause.as_str().unwrap_or(""));
        }
        for (key, zh, en) in [("remedy", "处理", "remedy"), ("duty", "责任人", "who must act")] {
            if let Some(words) = self.text(finding.get(key)) {
                self.row(out, zh, en, &words);
            }
        }
        if let Some(day) = finding.get("deadline").and_then(Json::as_str) {
            self.row(out, "期限", "by", day);
        }
        out.push('\n');
    }

    fn row(&self, out: &mut String, zh: &str, en: &str, words: &str) {
        line(
            out,
            &format!("    {} {words}", styled(DIM, format!("{}:", self.say(zh, en)))),
        );
    }

    fn evidence(&self, out: &mut String, finding: &Json) {
        let Some((evidence, plan)) = finding.get("evidence").zip(self.plan()) else {
            return;
        };
        let mut values = Vec::new();
        for one in evidence.get("values").and_then(Json::as_arr).unwrap_or(&[]) {
            let pointer = one.get("at").and_then(Json::as_str).unwrap_or("");
            let place = labels::place(&plan.form, pointer, self.lang);
            let value = one.get("value").unwrap_or(&Json::Null);
            if *value != Json::Null {
                values.push(format!(
                    "{} = {}",
                    place.label,
                    labels::value(plan, place.field, value, self.lang)
                ));
            }
        }
        if !values.is_empty() {
            self.row(out, "所填", "answers", &values.join(self.say("；", "; ")));
        }
        if !self.truths {
            return;
        }
        for one in evidence.get("truths").and_then(Json::as_arr).unwrap_or(&[]) {
            let words = one.get("expression").and_then(Json::as_str).unwrap_or("");
            let truth = match one.get("truth") {
                Some(Json::Bool(true)) => styled(GREEN, "true"),
                Some(Json::Bool(false)) => styled(RED, "false"),
                Some(Json::Str(reason)) => styled(YELLOW, format!("unknown ({})", clean(reason))),
                _ => String::new(),
            };
            line(out, &format!("      {truth} {}", styled(DIM, short(words))));
        }
    }

    fn clause(&self, out: &mut String, id: &str) {
        let clause = self
            .plan()
            .and_then(|plan| plan.clauses.iter().find(|clause| clause.id == id));
        let Some(clause) = clause else { return };
        let words = format!("《{}》{}「{}」", clause.title, clause.article, clause.quote);
        self.row(out, "依据", "clause", &words);
        let note = self.lang.of(&clause.note);
        if !note.is_empty() {
            line(out, &format!("      {}", styled(DIM, note)));
        }
    }

    fn counts(&self, out: &mut String, verdict: &Json) {
        let Some(counts) = verdict.get("counts") else {
            return;
        };
        let order = ["fail", "undetermined", "faulted", "pass", "not_applicable"];
        let counted = order.iter().filter_map(|word| {
            let count = counts
                .get(word)
                .and_then(Json::as_num)
                .filter(|count| *count > 0.0)?;
            Some(format!("{} {count}", self.word(word)))
        });
        let counted: Vec<String> = counted.collect();
        if !counted.is_empty() {
            line(out, &counted.join(" · "));
        }
    }
}

/// An expression on one line; of a long one its beginning.
fn short(expression: &str) -> String {
    let words: Vec<&str> = expression.split_whitespace().collect();
    let text = clean(&words.join(" "));
    match text.char_indices().nth(EXPRESSION) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
        None => text,
    }
}

fn line(out: &mut String, text: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{text}");
}
