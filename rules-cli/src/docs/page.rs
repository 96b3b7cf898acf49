//! The page of a ruleset with its layers, and the index.
//!
//! In: what the author wrote and what was compiled of it. Out: HTML. Must not know: files.

use super::coverage::Coverage;
use super::document;
use super::html::{Html, both, code, escape, link, page};
use super::library::Places;
use super::names::{Names, literal};
use super::rule;
use crate::project::Family;
use rules_compiler::ast::{self, Expr, Field, Rule, Ruleset, Source};
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
    registers: &'a Registers,
    places: &'a Places,
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
        places: &'a Places,
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
            registers,
            places,
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
        out.raw(document::HOME);
        out.both("h1", &title);
        out.raw("<dl>\n");
        out.fact("编号", "Id", &code(&self.family.id));
        out.fact("校验值", "Digest", &code(digest));
        out.raw("</dl>\n");
        out.raw(document::SEARCH);
        self.contents(&mut out);
        for ruleset in &self.family.asts {
            self.layer(&mut out, ruleset);
        }
        self.cases(&mut out);
        out.raw(document::SCRIPTS);
        page(&title.zh, &out.0)
    }

    fn contents(&self, out: &mut Html) {
        out.raw("<nav aria-label=\"目录\"><ul>\n");
        for rule in self.family.asts.iter().flat_map(|one| &one.rules) {
            out.raw(&format!(
                "<li><a href=\"#{}\">{}</a></li>\n",
                escape(&rule.id.value),
                escape(&rule.title.zh)
            ));
        }
        out.raw("</ul></nav>\n");
    }

    fn layer(&self, out: &mut Html, ruleset: &Ruleset) {
        let names = Names::new(&Names::chain(&self.family.asts, ruleset));
        out.both("h2", &text(&ruleset.title));
        out.raw("<dl>\n");
        out.fact(
            "版本",
            "Version",
            &escape(&format!("{} {}", ruleset.id.value, ruleset.version.value)),
        );
        let area = match ruleset.jurisdiction.value {
            0 => "全国".to_owned(),
            code => self.places.named(code),
        };
        out.fact("地区", "Area", &escape(&area));
        out.fact("施行", "In force", &period(ruleset.effective));
        if let Some(base) = &ruleset.extends {
            out.fact("基于", "Extends", &code(&base.value));
        }
        out.raw("</dl>\n");
        self.params(out, ruleset);
        if !ruleset.lets.is_empty() {
            out.raw("<details><summary>中间判断 <small lang=\"en\">Derived values</small></summary>\n<dl>\n");
            for (name, expr) in &ruleset.lets {
                let label = ruleset.let_labels.iter().find(|(one, _)| *one == name.value);
                let label = label.map(|(_, label)| format!("{} ", both(&text(label))));
                out.raw(&format!(
                    "<dt>{}{}</dt><dd>{}<br>{}</dd>\n",
                    label.unwrap_or_default(),
                    code(&name.value),
                    escape(&names.sentence(expr)),
                    self.source(expr)
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
            self.rule(out, &names, rule);
        }
        if !ruleset.fields.is_empty() {
            out.raw("<h2>填报项 <small lang=\"en\">Fields</small></h2>\n<div class=\"scroll\" tabindex=\"0\"><table>\n");
            out.raw("<tr><th>填报项</th><th>名称</th><th>类型</th><th>要求</th></tr>\n");
            self.fields(out, &names, &ruleset.fields, 0);
            out.raw("</table></div>\n");
        }
    }

    fn params(&self, out: &mut Html, ruleset: &Ruleset) {
        if ruleset.params.is_empty() {
            return;
        }
        out.raw("<h3>标准和口径 <small lang=\"en\">Parameters</small></h3>\n<div class=\"scroll\" tabindex=\"0\"><table>\n");
        out.raw("<tr><th>标准或口径</th><th>名称</th><th>值</th><th>依据</th></tr>\n");
        for param in &ruleset.params {
            let all = self.family.asts.iter().flat_map(|one| &one.params);
            let declared = all
                .clone()
                .find(|one| one.name.value == param.name.value && one.kind.is_some());
            let declared = declared.unwrap_or(param);
            let (value, basis) = match &param.value {
                Some(value) => (
                    escape(&rule::value_of(declared, &value.value)),
                    match param
                        .clause
                        .as_ref()
                        .and_then(|clause| self.sources.get(clause.value.as_str()))
                    {
                        Some(source) if self.registers.get(&source.id.value).is_none() => {
                            escape(&format!("《{}》{}", source.title, source.article))
                        }
                        _ => rule::basis(param, self.registers),
                    },
                ),
                None => (
                    "<span class=\"tag unset\">未设定 <small lang=\"en\">not set</small></span>".to_owned(),
                    String::new(),
                ),
            };
            out.raw(&format!(
                "<tr><td>{}</td><td>{}</td><td>{value}</td><td>{basis}</td></tr>\n",
                both(&text(&declared.label)),
                code(&param.name.value)
            ));
        }
        out.raw("</table></div>\n");
    }

    fn rule(&self, out: &mut Html, names: &Names, rule: &Rule) {
        out.raw(&format!("<article id=\"{}\">\n", escape(&rule.id.value)));
        out.both("h3", &text(&rule.title));
        out.raw("<p>");
        rule::tags(out, rule);
        out.raw(&code(&rule.id.value)).raw("</p>\n");
        for clause in &rule.clauses {
            self.clause(out, &clause.value);
        }
        out.raw("<div class=\"scroll\" tabindex=\"0\"><table class=\"conditions\">\n");
        names.each(rule.each.as_ref(), || {
            for (zh, en, markup) in rule::rows(names, rule) {
                out.raw(&format!(
                    "<tr><th scope=\"row\">{zh} <small lang=\"en\">{en}</small></th><td>{markup}</td></tr>\n"
                ));
            }
        });
        let force = period(rule.effective);
        if !force.is_empty() {
            out.raw(&format!(
                "<tr><th scope=\"row\">施行 <small lang=\"en\">In force</small></th><td>{force}</td></tr>\n"
            ));
        }
        out.raw("</table></div>\n");
        self.written_out(out, rule);
        out.raw("</article>\n");
    }

    /// The expressions as their author wrote them, for whoever reads those.
    fn written_out(&self, out: &mut Html, rule: &Rule) {
        let parts: [(&str, Option<&Expr>); 6] = [
            ("where", rule.filter.as_ref()),
            ("when", rule.when.as_ref()),
            ("require", rule.require.as_ref()),
            ("forbid", rule.forbid.as_ref()),
            ("due", rule.due.as_ref()),
            ("deadline", rule.deadline.as_ref()),
        ];
        out.raw("<details class=\"written\"><summary>原式 <small lang=\"en\">As it is written</small></summary><dl>\n");
        if let Some((item, list)) = &rule.each {
            let each = format!("{} in {}", item.value, self.words(list));
            out.raw(&format!("<dt><code>each</code></dt><dd>{}</dd>\n", code(&each)));
        }
        for (key, expr) in parts {
            if let Some(expr) = expr {
                out.raw(&format!(
                    "<dt><code>{key}</code></dt><dd>{}</dd>\n",
                    self.source(expr)
                ));
            }
        }
        out.raw("</dl></details>\n");
    }

    fn clause(&self, out: &mut Html, id: &str) {
        let Some(source) = self.sources.get(id) else {
            return;
        };
        out.raw("<blockquote>").text(&source.quote.value);
        let cited = escape(&format!("《{}》{}", source.title, source.article));
        let cited = match self.registers.get(id) {
            Some((register, _)) => {
                let address = document::address(register, id);
                format!("<a href=\"{}\">{cited}</a>", escape(&address))
            }
            None => cited,
        };
        out.raw(&format!(
            "<footer>{cited} · {}",
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

    fn words(&self, expr: &Expr) -> String {
        let words: Vec<&str> = self.files.text(expr.span).split_whitespace().collect();
        words.join(" ")
    }

    fn source(&self, expr: &Expr) -> String {
        code(&self.words(expr))
    }

    fn fields(&self, out: &mut Html, names: &Names, fields: &[Field], depth: usize) {
        for field in fields {
            let mut wants: Vec<String> = Vec::new();
            if field.required {
                wants.push("必填 <small lang=\"en\">required</small>".to_owned());
            }
            if let Some(expr) = &field.relevant {
                wants.push(format!("当 {} 时", escape(&names.sentence(expr))));
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
            self.fields(out, names, &field.fields, depth + 1);
        }
    }

    fn cases(&self, out: &mut Html) {
        if self.compiled.cases.is_empty() {
            return;
        }
        out.raw(
            "<h2>判定示例（虚构） <small lang=\"en\">Cases</small></h2>\n<div class=\"scroll\" tabindex=\"0\"><table>\n",
        );
        out.raw("<tr><th>示例</th><th>检查日</th><th>地区</th><th>结果</th></tr>\n");
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
    out.raw(
        "<h2>规则集 <small lang=\"en\">Rulesets</small></h2>\n<div class=\"scroll\" tabindex=\"0\"><table>\n",
    );
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
