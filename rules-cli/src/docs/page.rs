//! The page of a ruleset with its layers, and the index.
//!
//! In: what the author wrote and what was compiled of it. Out: HTML. Must not know: files.

use super::coverage::Coverage;
use super::document;
use super::html::{Html, both, code, escape, link, page};
use super::plain::{Names, literal};
use crate::project::Family;
use rules_compiler::ast::{self, Expr, Field, Literal, Piece, Rule, Source};
use rules_compiler::compile::{Compiled, Registers};
use rules_compiler::source::Files;
use rules_core::form::Text;
use std::collections::BTreeMap;

/// Words of the language with what people call them.
const WORDS: &[(&str, &str)] = &[
    ("duty", "义务"),
    ("prohibition", "禁止"),
    ("trigger", "负面清单事项"),
    ("entry", "填报一致性"),
    ("critical", "特别严重"),
    ("major", "严重"),
    ("moderate", "一般"),
    ("minor", "轻微"),
    ("original", "已核对原文"),
    ("repost", "见于转载"),
    ("unverified", "未核实"),
    ("pass", "合格"),
    ("fail", "不合格"),
    ("undetermined", "未能判定"),
    ("not_applicable", "不适用"),
    ("faulted", "出错"),
    ("boolean", "是否"),
    ("integer", "整数"),
    ("number", "数"),
    ("text", "文字"),
    ("choice", "单选"),
    ("choices", "多选"),
    ("date", "日期"),
    ("datetime", "日期时间"),
    ("measure", "测量值"),
    ("point", "位置"),
    ("area", "区域"),
    ("attachment", "附件"),
    ("group", "分组"),
    ("list", "列表"),
    ("ref", "名册编号"),
];

pub(super) fn word(word: &str) -> &str {
    WORDS.iter().find(|row| row.0 == word).map_or(word, |row| row.1)
}

pub(super) fn text(text: &ast::Text) -> Text {
    Text {
        zh: text.zh.clone(),
        en: text.en.clone(),
    }
}

/// A page being made.
pub(super) struct Page<'a> {
    files: &'a Files,
    family: &'a Family,
    compiled: &'a Compiled,
    names: Names,
    sources: BTreeMap<&'a str, &'a Source>,
}

/// A line of the index.
pub(super) struct Entry {
    id: String,
    version: String,
    title: Text,
    rules: usize,
    cases: usize,
    layers: Vec<Text>,
}

impl<'a> Page<'a> {
    pub(super) fn new(
        files: &'a Files,
        family: &'a Family,
        compiled: &'a Compiled,
        registers: &'a Registers,
    ) -> Page<'a> {
        let registered = registers.all().iter().flat_map(|one| &one.clauses);
        let sources = family
            .asts
            .iter()
            .flat_map(|one| &one.sources)
            .chain(registered.map(|clause| &clause.source))
            .map(|one| (one.id.value.as_str(), one));
        Page {
            files,
            family,
            compiled,
            names: Names::new(&family.asts),
            sources: sources.collect(),
        }
    }

    /// What the index says of it.
    pub(super) fn entry(&self) -> Entry {
        let base = self.family.asts.first();
        Entry {
            id: self.family.id.clone(),
            version: base.map(|base| base.version.value.clone()).unwrap_or_default(),
            title: base.map(|base| text(&base.title)).unwrap_or_default(),
            rules: self.family.asts.iter().map(|one| one.rules.len()).sum(),
            cases: self.compiled.cases.len(),
            layers: self
                .family
                .asts
                .iter()
                .skip(1)
                .map(|layer| text(&layer.title))
                .collect(),
        }
    }

    /// The whole page.
    pub(super) fn written(&self, digest: &str) -> String {
        let mut out = Html::new();
        let title = self
            .family
            .asts
            .first()
            .map(|base| text(&base.title))
            .unwrap_or_default();
        out.raw("<p><a href=\"index.html\">全部规则 <small lang=\"en\">All rulesets</small></a></p>\n");
        out.both("h1", &title);
        out.raw("<dl>\n");
        out.fact("编号", "Id", &code(&self.family.id));
        out.fact("摘要", "Digest", &code(digest));
        out.raw("</dl>\n");
        self.contents(&mut out);
        for (number, ruleset) in self.family.asts.iter().enumerate() {
            self.layer(&mut out, ruleset, number);
        }
        self.cases(&mut out);
        page(&title.zh, &out.0)
    }

    fn contents(&self, out: &mut Html) {
        out.raw("<nav><ul>\n");
        for rule in self.family.asts.iter().flat_map(|one| &one.rules) {
            out.raw(&format!(
                "<li><a href=\"#{}\">{}</a></li>\n",
                escape(&rule.id.value),
                escape(&rule.title.zh)
            ));
        }
        out.raw("</ul></nav>\n");
    }

    fn layer(&self, out: &mut Html, ruleset: &ast::Ruleset, number: usize) {
        out.both("h2", &text(&ruleset.title));
        out.raw("<dl>\n");
        out.fact(
            "版本",
            "Version",
            &escape(&format!("{} {}", ruleset.id.value, ruleset.version.value)),
        );
        let area = if ruleset.jurisdiction.value == 0 {
            "全国".to_owned()
        } else {
            format!("{:06}", ruleset.jurisdiction.value)
        };
        out.fact("地区", "Area", &escape(&area));
        out.fact("施行", "In force", &period(ruleset.effective));
        if let Some(base) = &ruleset.extends {
            out.fact("基于", "Extends", &code(&base.value));
        }
        out.raw("</dl>\n");
        self.params(out, ruleset);
        if !ruleset.lets.is_empty() {
            out.raw("<details><summary>派生值 <small lang=\"en\">Derived values</small></summary>\n<dl>\n");
            for (name, expr) in &ruleset.lets {
                out.raw(&format!(
                    "<dt>{}</dt><dd>{}</dd>\n",
                    code(&name.value),
                    self.expression(expr)
                ));
            }
            out.raw("</dl></details>\n");
        }
        if !ruleset.disable.is_empty() {
            out.raw("<h3>停用的规则 <small lang=\"en\">Disabled rules</small></h3>\n<ul>\n");
            for one in &ruleset.disable {
                out.raw(&format!(
                    "<li>{}: {}</li>\n",
                    code(&one.rule.value),
                    both(&text(&one.reason))
                ));
            }
            out.raw("</ul>\n");
        }
        let mut section = None;
        for rule in &ruleset.rules {
            let own = rule.section.as_ref().map(|id| id.value.as_str());
            if own != section {
                section = own;
                let titled = ruleset
                    .sections
                    .iter()
                    .find(|one| Some(one.id.value.as_str()) == own);
                titled.into_iter().for_each(|one| {
                    out.both("h2", &text(&one.title));
                });
            }
            self.rule(out, rule);
        }
        let looks = self
            .compiled
            .variants
            .get(number)
            .map(|variant| &variant.hir.form.scopes);
        if !ruleset.fields.is_empty() && looks.is_some() {
            out.raw("<h2>填报项 <small lang=\"en\">Fields</small></h2>\n<div class=\"scroll\"><table>\n");
            out.raw("<tr><th>填报项</th><th>名称</th><th>类型</th><th>要求</th></tr>\n");
            self.fields(out, &ruleset.fields, 0);
            out.raw("</table></div>\n");
        }
    }

    fn params(&self, out: &mut Html, ruleset: &ast::Ruleset) {
        if ruleset.params.is_empty() {
            return;
        }
        out.raw("<h3>参数 <small lang=\"en\">Parameters</small></h3>\n<div class=\"scroll\"><table>\n");
        out.raw("<tr><th>参数</th><th>名称</th><th>值</th><th>依据</th></tr>\n");
        for param in &ruleset.params {
            let unit = param.unit.as_ref().map_or("", |unit| unit.value.as_str());
            let label = match &param.value {
                Some(ast::At {
                    value: Literal::Text(code),
                    ..
                }) => param
                    .options
                    .iter()
                    .find(|(option, _)| option.value == *code)
                    .map(|(_, label)| both(&text(label))),
                Some(_) | None => None,
            };
            let value = match &param.value {
                Some(_) if label.is_some() => label.unwrap_or_default(),
                Some(value) => escape(format!("{} {unit}", literal(&value.value)).trim_end()),
                None => {
                    "<span class=\"tag unset\">未设定 <small lang=\"en\">not set</small></span>".to_owned()
                }
            };
            let rest = match &param.clause {
                Some(clause) => self.citation(&clause.value),
                None if param.proposal => "建议值 <small lang=\"en\">proposed</small>".to_owned(),
                None => String::new(),
            };
            out.raw(&format!(
                "<tr><td>{}</td><td>{}</td><td>{value}</td><td>{rest}</td></tr>\n",
                both(&text(&param.label)),
                code(&param.name.value)
            ));
        }
        out.raw("</table></div>\n");
    }

    fn citation(&self, clause: &str) -> String {
        self.sources.get(clause).map_or_else(
            || code(clause),
            |source| escape(&format!("《{}》{}", source.title, source.article)),
        )
    }

    fn rule(&self, out: &mut Html, rule: &Rule) {
        out.raw(&format!("<article id=\"{}\">\n", escape(&rule.id.value)));
        out.both("h3", &text(&rule.title));
        out.raw("<p>");
        for name in [&rule.kind.value, &rule.severity.value] {
            out.raw(&format!(
                "<span class=\"tag {}\">{} <small lang=\"en\">{}</small></span> ",
                escape(name),
                escape(word(name)),
                escape(name)
            ));
        }
        out.raw(&code(&rule.id.value)).raw("</p>\n");
        for clause in &rule.clauses {
            self.clause(out, &clause.value);
        }
        out.raw("<dl>\n");
        if let Some((item, list)) = &rule.each {
            let filter = rule
                .filter
                .as_ref()
                .map(|filter| format!("，其中 {}", self.expression(filter)));
            let each = format!("{} {}", self.expression(list), filter.unwrap_or_default());
            out.fact("逐项", &format!("For each {}", item.value), &each);
        }
        let expressions: [(&str, &str, Option<&Expr>); 5] = [
            ("适用于", "Applies if", rule.when.as_ref()),
            ("须", "Must hold", rule.require.as_ref()),
            ("不得", "Must not hold", rule.forbid.as_ref()),
            ("期限届满前不判不合格", "Due", rule.due.as_ref()),
            ("整改期限", "Deadline", rule.deadline.as_ref()),
        ];
        for (zh, en, expr) in expressions {
            if let Some(expr) = expr {
                out.fact(zh, en, &self.expression(expr));
            }
        }
        let evidence: Vec<String> = rule
            .evidence
            .iter()
            .map(|field| escape(&self.names.sentence(field)))
            .collect();
        out.fact("所需证据", "Evidence", &evidence.join("、"));
        out.fact("提示", "Message", &self.message(rule));
        out.fact("处理", "Remedy", &both(&text(&rule.remedy)));
        out.fact("责任人", "Who must act", &both(&text(&rule.duty)));
        out.fact("施行", "In force", &period(rule.effective));
        out.raw("</dl>\n</article>\n");
    }

    fn clause(&self, out: &mut Html, id: &str) {
        let Some(source) = self.sources.get(id) else {
            return;
        };
        out.raw("<blockquote>").text(&source.quote.value);
        out.raw(&format!(
            "<footer>《{}》{} · {}",
            escape(&source.title),
            escape(&source.article),
            escape(word(&source.grade.value))
        ));
        for more in [
            escape(&source.publisher),
            link(&source.link),
            both(&text(&source.note)),
        ] {
            if !more.is_empty() {
                out.raw(&format!(" · {more}"));
            }
        }
        out.raw("</footer></blockquote>\n");
    }

    /// In words, and as it is written.
    fn expression(&self, expr: &Expr) -> String {
        let written = self
            .files
            .text(expr.span)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        format!("{}<br>{}", escape(&self.names.sentence(expr)), code(&written))
    }

    fn message(&self, rule: &Rule) -> String {
        let filled = |pieces: &[Piece]| {
            let pieces: Vec<String> = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => escape(text),
                    Piece::Expr(expr) => format!("〔{}〕", escape(&self.names.sentence(expr))),
                })
                .collect();
            pieces.concat()
        };
        let (zh, en) = (filled(&rule.message.zh), filled(&rule.message.en));
        if en.is_empty() {
            zh
        } else {
            format!("{zh}<br><small lang=\"en\">{en}</small>")
        }
    }

    fn fields(&self, out: &mut Html, fields: &[Field], depth: usize) {
        for field in fields {
            let mut wants: Vec<String> = Vec::new();
            if field.required {
                wants.push("必填 <small lang=\"en\">required</small>".to_owned());
            }
            if let Some(expr) = &field.relevant {
                wants.push(format!("当 {} 时", self.expression(expr)));
            }
            for (name, bound) in [("≥", &field.min), ("≤", &field.max)] {
                if let Some(bound) = bound {
                    wants.push(escape(&format!("{name} {}", literal(&bound.value))));
                }
            }
            if let Some(unit) = &field.unit {
                wants.push(format!("单位 {}", escape(&unit.value)));
            }
            if !field.options.is_empty() {
                let options = field.options.iter();
                let options: Vec<String> = options
                    .map(|(code, label)| {
                        escape(if label.zh.is_empty() {
                            &code.value
                        } else {
                            &label.zh
                        })
                    })
                    .collect();
                wants.push(options.join("、"));
            }
            if field.sensitive {
                wants.push("个人信息 <small lang=\"en\">personal data</small>".to_owned());
            }
            if !field.hint.zh.is_empty() {
                wants.push(both(&text(&field.hint)));
            }
            let label = text(&field.label);
            out.raw(&format!(
                "<tr><td>{}{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                "　".repeat(depth),
                both(&label),
                code(&field.name.value),
                escape(word(&field.kind.value)),
                wants.join("；")
            ));
            self.fields(out, &field.fields, depth + 1);
        }
    }

    fn cases(&self, out: &mut Html) {
        if self.compiled.cases.is_empty() {
            return;
        }
        out.raw("<h2>案例 <small lang=\"en\">Cases</small></h2>\n<div class=\"scroll\"><table>\n");
        out.raw("<tr><th>案例</th><th>检查日</th><th>地区</th><th>结果</th></tr>\n");
        for (_, case) in &self.compiled.cases {
            let place = case
                .jurisdiction
                .map(|code| format!("{code:06}"))
                .unwrap_or_default();
            let expected = case.expect.iter().map(|(rule, outcomes)| {
                let outcomes = outcomes.iter().map(|one| {
                    let outcome = &one.outcome.value;
                    format!(
                        "<span class=\"tag {}\">{}</span>",
                        escape(outcome),
                        escape(word(outcome))
                    )
                });
                format!(
                    "<a href=\"#{0}\">{0}</a> {1}",
                    escape(&rule.value),
                    outcomes.collect::<Vec<_>>().join(" ")
                )
            });
            out.raw(&format!(
                "<tr><td>{}</td><td>{}</td><td>{place}</td><td>{}</td></tr>\n",
                escape(&case.name.value),
                case.as_of,
                expected.collect::<Vec<_>>().join("<br>")
            ));
        }
        out.raw("</table></div>\n");
    }
}

pub(super) fn period(period: ast::Period) -> String {
    match (period.from, period.until) {
        (None, None) => String::new(),
        (Some(from), None) => format!("{from} 起"),
        (None, Some(until)) => format!("{until} 前"),
        (Some(from), Some(until)) => format!("{from} 起，{until} 前"),
    }
}

/// The page that names all others.
pub(super) fn index(entries: &[Entry], coverage: &Coverage<'_>) -> String {
    let mut out = Html::new();
    let title = document::title();
    out.both("h1", &title);
    out.raw(document::SEARCH);
    if coverage.complete().next().is_some() {
        document::table(&mut out, coverage);
    }
    out.raw("<h2>规则集 <small lang=\"en\">Rulesets</small></h2>\n<div class=\"scroll\"><table>\n");
    out.raw("<tr><th>规则集</th><th>编号</th><th>规则</th><th>案例</th></tr>\n");
    for entry in entries {
        let layers: Vec<String> = entry
            .layers
            .iter()
            .map(|layer| format!("<br>{}", both(layer)))
            .collect();
        out.raw(&format!(
            "<tr><td><a href=\"{0}.html\">{1}</a>{2}</td><td>{3}</td><td>{4}</td><td>{5}</td></tr>\n",
            escape(&entry.id),
            both(&entry.title),
            layers.concat(),
            code(&format!("{} {}", entry.id, entry.version)),
            entry.rules,
            entry.cases
        ));
    }
    out.raw("</table></div>\n");
    out.raw(document::SCRIPTS);
    page(&title.zh, &out.0)
}
