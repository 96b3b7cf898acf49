//! A rule on the page of a document: what it asks in a table, where its numbers come from, what evidence it wants, examples.
//!
//! In: a rule and the family it stands in. Out: HTML. Must not know: which clause it is shown under.

use super::conditions::{self, Condition};
use super::coverage::Use;
use super::html::{Html, both, code, escape};
use super::names::{Names, shown};
use super::page::{text, word};
use super::plain::{reason_words, with_unit};
use crate::project::{Family, Project};
use rules_compiler::ast::{self, Case, Expect, Expr, ExprKind, Literal, Param, Piece, Ruleset};
use rules_compiler::compile::Registers;
use rules_core::json::Json;
use std::collections::{BTreeMap, BTreeSet};

/// Facts of an example that are shown.
const FACTS: usize = 6;

/// The rules of a project with what people call their names.
pub(super) struct Rules<'p> {
    families: &'p [Family],
    /// By the number of the family and the id of the file.
    names: BTreeMap<(usize, &'p str), Names>,
}

impl<'p> Rules<'p> {
    pub(super) fn new(project: &'p Project) -> Rules<'p> {
        let mut names = BTreeMap::new();
        for (number, family) in project.families.iter().enumerate() {
            for file in &family.asts {
                let chain = Names::chain(&family.asts, file);
                names.insert((number, file.id.value.as_str()), Names::new(&chain));
            }
        }
        Rules {
            families: &project.families,
            names,
        }
    }

    /// A rule with everything that a reader checks.
    pub(super) fn written(&self, out: &mut Html, one: &Use<'p>, registers: &Registers) {
        let key = (one.family, one.ruleset.id.value.as_str());
        let (Some(family), Some(names)) = (self.families.get(one.family), self.names.get(&key)) else {
            return;
        };
        let rule = one.rule;
        out.raw("<section class=\"rule\">\n<h4>");
        out.raw(&format!(
            "<a href=\"{}.html#{}\">{}</a></h4>\n<p>",
            escape(&family.id),
            escape(&rule.id.value),
            both(&text(&rule.title))
        ));
        tags(out, rule);
        out.raw(&format!(
            "<small>{} · {}</small></p>\n<div class=\"scroll\" tabindex=\"0\"><table class=\"conditions\">\n",
            escape(&one.ruleset.title.zh),
            code(&rule.id.value)
        ));
        names.each(rule.each.as_ref(), || {
            for (zh, en, markup) in rows(names, rule) {
                row(out, zh, en, &markup);
            }
            params(out, family, one.ruleset, names, rule, registers);
        });
        out.raw("</table></div>\n");
        cases(out, family, names, rule);
        out.raw("</section>\n");
    }
}

/// What a rule is, and how grave: the book's own view, which the legend says.
pub(super) fn tags(out: &mut Html, rule: &ast::Rule) {
    for name in [&rule.kind.value, &rule.severity.value] {
        out.raw(&format!(
            "<span class=\"tag {}\">{} <small lang=\"en\">{}</small></span> ",
            escape(name),
            escape(word(name)),
            escape(name)
        ));
    }
}

/// What a rule asks, row by row.
pub(super) fn rows(names: &Names, rule: &ast::Rule) -> Vec<(&'static str, &'static str, String)> {
    let mut rows = Vec::new();
    if let Some((_, list)) = &rule.each {
        rows.push(("逐项检查", "For each of", escape(&names.sentence(list))));
    }
    let parts: [(&str, &str, Option<&Expr>); 6] = [
        ("其中只看", "Only those", rule.filter.as_ref()),
        ("适用于", "Applies if", rule.when.as_ref()),
        ("须", "Must hold", rule.require.as_ref()),
        ("不得", "Must not hold", rule.forbid.as_ref()),
        ("过了这一天才判不合格", "Due", rule.due.as_ref()),
        ("整改期限", "Deadline", rule.deadline.as_ref()),
    ];
    for (zh, en, expr) in parts {
        if let Some(expr) = expr {
            let mut list = Html::new();
            condition(&mut list, &conditions::tree(names, expr));
            rows.push((zh, en, list.0));
        }
    }
    let evidence: Vec<String> = rule
        .evidence
        .iter()
        .map(|field| {
            let hint = names
                .info(field)
                .map(|info| info.hint.clone())
                .unwrap_or_default();
            let hint = if hint.is_empty() {
                String::new()
            } else {
                format!("（{hint}）")
            };
            escape(&format!("{}{hint}", names.sentence(field)))
        })
        .collect();
    let evidence = if evidence.is_empty() {
        "本条不要求证据 <small lang=\"en\">none wanted</small>".to_owned()
    } else {
        evidence.join("、")
    };
    rows.push(("合格须有证据", "Evidence for a pass", evidence));
    rows.push(("提示", "Message", message(names, rule)));
    rows.push(("处理", "Remedy", both(&text(&rule.remedy))));
    rows.push(("责任人", "Who must act", both(&text(&rule.duty))));
    rows.retain(|(_, _, markup)| !markup.is_empty());
    rows
}

/// A rule's message, with what it fills in.
fn message(names: &Names, rule: &ast::Rule) -> String {
    let filled = |pieces: &[Piece]| {
        let pieces: Vec<String> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => escape(text),
                Piece::Expr(expr) => format!("〔{}〕", escape(&names.sentence(expr))),
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

fn row(out: &mut Html, zh: &str, en: &str, markup: &str) {
    out.raw(&format!(
        "<tr><th scope=\"row\">{zh} <small lang=\"en\">{en}</small></th><td>{markup}</td></tr>\n"
    ));
}

/// A condition as nested lists.
fn condition(out: &mut Html, one: &Condition) {
    out.text(&one.text);
    if one.below.is_empty() {
        return;
    }
    out.raw("<ul>");
    for inner in &one.below {
        out.raw("<li>");
        condition(out, inner);
        out.raw("</li>");
    }
    out.raw("</ul>");
}

fn roots(rule: &ast::Rule) -> Vec<&Expr> {
    let roots = [
        rule.filter.as_ref(),
        rule.when.as_ref(),
        rule.require.as_ref(),
        rule.forbid.as_ref(),
        rule.due.as_ref(),
        rule.deadline.as_ref(),
    ];
    let list = rule.each.as_ref().map(|(_, list)| list);
    roots.into_iter().flatten().chain(list).collect()
}

/// The params that a rule reads, with who set them: the law, the document, the book, or nobody yet.
fn params(
    out: &mut Html,
    family: &Family,
    file: &Ruleset,
    names: &Names,
    rule: &ast::Rule,
    registers: &Registers,
) {
    let mut read = BTreeSet::new();
    roots(rule)
        .into_iter()
        .for_each(|expr| names.params(expr, &mut read, 0));
    let chain = Names::chain(&family.asts, file);
    for name in read {
        let said: Vec<&Param> = chain
            .iter()
            .flat_map(|one| &one.params)
            .filter(|param| param.name.value == name)
            .collect();
        let (Some(declared), Some(set)) = (said.first(), said.last()) else {
            continue;
        };
        let value = match &set.value {
            Some(value) => format!(
                "<strong>{}</strong> · {}",
                escape(&value_of(declared, &value.value)),
                basis(set, registers)
            ),
            None => "<span class=\"tag unset\">未设定 <small lang=\"en\">not set</small></span> 由有权机关定；设定之前，依赖它的结论为“未能判定”".to_owned(),
        };
        row(
            out,
            "标准和口径",
            "Parameter",
            &format!("{} {} {value}", both(&text(&declared.label)), code(name)),
        );
    }
}

/// A param's value as people write it.
pub(super) fn value_of(declared: &Param, value: &Literal) -> String {
    let options = declared.options.iter();
    let options = options
        .map(|(code, text)| (code.value.clone(), text.zh.clone()))
        .collect();
    let kind = declared.kind.as_ref().map_or("", |kind| kind.value.as_str());
    let unit = declared.unit.as_ref().map_or("", |unit| unit.value.as_str());
    shown(value, kind, unit, &options)
}

/// Where a param's value stands.
pub(super) fn basis(set: &Param, registers: &Registers) -> String {
    match &set.clause {
        Some(clause) => match registers.get(&clause.value) {
            Some((register, found)) if register.complete => {
                format!("本文件规定：{}", escape(&found.source.article))
            }
            Some((_, found)) => format!(
                "法律、法规规定：《{}》{}",
                escape(&found.source.title),
                escape(&found.source.article)
            ),
            None => code(&clause.value),
        },
        None => "建议值，原文未定 <small lang=\"en\">proposed, not in the text</small>".to_owned(),
    }
}

/// The cases that say something of a rule, each with the answers that the rule reads.
fn cases(out: &mut Html, family: &Family, names: &Names, rule: &ast::Rule) {
    let all = family.compiled.iter().flat_map(|compiled| &compiled.cases);
    let told: Vec<(&Case, &[Expect])> = all
        .flat_map(|(_, case)| {
            let expected = case.expect.iter().filter(|(id, _)| id.value == rule.id.value);
            expected.map(move |(_, outcomes)| (case, outcomes.as_slice()))
        })
        .collect();
    if told.is_empty() {
        return;
    }
    let mut read = BTreeSet::new();
    roots(rule)
        .into_iter()
        .for_each(|expr| names.reads(expr, &mut read, 0));
    rule.evidence
        .iter()
        .for_each(|expr| names.reads(expr, &mut read, 0));
    out.raw(&format!(
        "<details><summary>判定示例（虚构）{} 个 <small lang=\"en\">Cases</small></summary><div class=\"scroll\" tabindex=\"0\"><table>\n\
         <tr><th>示例</th><th>检查日</th><th>填报</th><th>结果</th></tr>\n",
        told.len()
    ));
    for (case, outcomes) in told {
        let several = outcomes.len() > 1;
        let outcomes = outcomes.iter().enumerate().map(|(number, one)| {
            let outcome = &one.outcome.value;
            let reason = one.reason.as_ref().map_or_else(String::new, |reason| {
                let (zh, en) = reason_words(reason);
                format!(" {} <small lang=\"en\">{}</small>", escape(zh), escape(en))
            });
            let which = if several {
                format!("第{}项 ", number + 1)
            } else {
                String::new()
            };
            format!(
                "{which}<span class=\"tag {0}\">{1}</span>{reason}",
                escape(outcome),
                escape(word(outcome))
            )
        });
        let outcomes: Vec<String> = outcomes.collect();
        out.raw(&format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            escape(&case.name.value),
            case.as_of,
            facts(names, case, &read),
            outcomes.join("<br>")
        ));
    }
    out.raw("</table></div></details>\n");
}

/// The answers of a case that a rule reads.
fn facts(names: &Names, case: &Case, read: &BTreeSet<&str>) -> String {
    let answers = rules_core::json::parse(&case.answers, 64).map(|(tree, _)| tree);
    let answers = answers.unwrap_or(Json::Null);
    let mut facts = Vec::new();
    for name in read {
        let (Some(info), Some(value)) = (names.field(name), answers.get(name)) else {
            continue;
        };
        facts.push(escape(&format!("{}：{}", info.label, said(names, name, value))));
    }
    let more = facts.len().saturating_sub(FACTS);
    facts.truncate(FACTS);
    if more > 0 {
        facts.push(format!("另 {more} 项"));
    }
    facts.join("<br>")
}

/// A value as people say it; of a list each item on its own.
fn said(names: &Names, name: &str, value: &Json) -> String {
    let field = Expr {
        kind: ExprKind::Name(name.to_owned()),
        span: ast::Span::default(),
    };
    match value {
        Json::Arr(items) if items.iter().all(|item| matches!(item, Json::Obj(_))) => {
            let items = items.iter().enumerate().map(|(number, item)| {
                let Json::Obj(members) = item else {
                    return String::new();
                };
                let members = members.iter().map(|(key, value)| {
                    let member = Expr {
                        kind: ExprKind::Member(
                            Box::new(field.clone()),
                            ast::At {
                                value: key.clone(),
                                span: ast::Span::default(),
                            },
                        ),
                        span: ast::Span::default(),
                    };
                    let label = names
                        .info(&member)
                        .map_or_else(|| key.clone(), |info| info.label.clone());
                    format!("{label} {}", scalar(names, &member, value))
                });
                let members: Vec<String> = members.take(FACTS).collect();
                format!("（{}）{}", number + 1, members.join("，"))
            });
            items.collect::<Vec<_>>().join("；")
        }
        Json::Arr(items) => format!("{} 件", items.len()),
        value => scalar(names, &field, value),
    }
}

fn scalar(names: &Names, field: &Expr, value: &Json) -> String {
    let unit = names
        .info(field)
        .map(|info| info.unit.clone())
        .unwrap_or_default();
    match value {
        Json::Bool(flag) => if *flag { "是" } else { "否" }.to_owned(),
        Json::Str(text) => names.option(text, Some(field)).unwrap_or_else(|| text.clone()),
        Json::Num(_) => with_unit(&value.canonical(), &unit),
        Json::Arr(items) => format!("{} 项", items.len()),
        Json::Obj(_) => match (value.get("value"), value.get("tolerance")) {
            (Some(middle), Some(tolerance)) => with_unit(
                &format!("{}±{}", middle.canonical(), tolerance.canonical()),
                &unit,
            ),
            (Some(middle), None) => with_unit(&middle.canonical(), &unit),
            _ => "…".to_owned(),
        },
        Json::Null => "未填".to_owned(),
    }
}
