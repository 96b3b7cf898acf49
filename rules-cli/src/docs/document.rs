//! The page of a document, in the document's own order: each clause's words beside the rules that it became.
//!
//! In: a register, the rules that rest on its clauses. Out: HTML. Must not know: files.

use super::conditions::{self, Condition};
use super::coverage::{Coverage, Status, Use};
use super::html::{Html, both, code, escape, link, page};
use super::page::{period, text, word};
use super::plain::{Names, literal, reason_words};
use crate::project::{Family, Project};
use rules_compiler::ast::{Case, Clause, Expect, Expr, ExprKind, Param, Register};
use rules_compiler::compile::Registers;
use rules_core::form::Text;
use std::collections::BTreeSet;

/// What the pages of all documents share.
pub(super) struct Book<'p> {
    registers: &'p Registers,
    families: &'p [Family],
    names: Vec<Names>,
    coverage: &'p Coverage<'p>,
}

/// A line of the search index: page, anchor, what is shown and looked through.
pub(super) struct Entry {
    pub(super) page: String,
    pub(super) anchor: String,
    pub(super) place: String,
    pub(super) quote: String,
    /// Looked through, not shown: English, rule titles, ids.
    pub(super) more: String,
}

impl<'p> Book<'p> {
    pub(super) fn new(project: &'p Project, coverage: &'p Coverage<'p>) -> Book<'p> {
        Book {
            registers: &project.registers,
            families: &project.families,
            names: project
                .families
                .iter()
                .map(|family| Names::new(&family.asts))
                .collect(),
            coverage,
        }
    }

    /// The whole page of a document.
    pub(super) fn written(&self, register: &Register) -> String {
        let mut out = Html::new();
        out.raw("<p><a href=\"index.html\">全部文件与规则 <small lang=\"en\">All documents and rules</small></a></p>\n");
        out.both("h1", &text(&register.title));
        let first = register.clauses.first().map(|clause| &clause.source);
        out.raw("<dl>\n");
        if let Some(source) = first {
            out.fact("发布", "Publisher", &escape(&source.publisher));
            out.fact("施行", "In force", &period(source.effective));
            out.fact("出处等级", "Provenance", &escape(word(&source.grade.value)));
            out.fact("链接", "Link", &link(&source.link));
        }
        if register.jurisdiction != 0 {
            out.fact("地区", "Area", &escape(&format!("{:06}", register.jurisdiction)));
        }
        out.raw("</dl>\n");
        out.raw(SEARCH);
        if register.complete {
            self.counts(&mut out, register);
        }
        contents(&mut out, register);
        let mut heading = "";
        for clause in &register.clauses {
            if clause.heading != heading {
                heading = &clause.heading;
                out.raw(&format!("<h2>{}</h2>\n", escape(heading)));
            }
            self.clause(&mut out, register, clause);
        }
        out.raw(SCRIPTS);
        page(&register.title.zh, &out.0)
    }

    fn counts(&self, out: &mut Html, register: &Register) {
        out.raw("<p>");
        let counts = Status::ALL.iter().zip(self.coverage.counts(register));
        for (status, count) in counts.filter(|(_, count)| *count > 0) {
            let (zh, en) = status.text();
            out.raw(&format!(
                "<span class=\"tag {}\">{zh} {count} <small lang=\"en\">{en}</small></span> ",
                status.word()
            ));
        }
        out.raw("</p>\n");
    }

    fn clause(&self, out: &mut Html, register: &Register, clause: &Clause) {
        let source = &clause.source;
        out.raw(&format!("<article id=\"{}\">\n<h3>", escape(&source.id.value)));
        out.text(&source.article);
        if register.complete {
            let status = self.coverage.status(clause);
            let (zh, en) = status.text();
            out.raw(&format!(
                " <span class=\"tag {}\">{zh} <small lang=\"en\">{en}</small></span>",
                status.word()
            ));
        }
        out.raw("</h3>\n<blockquote>").text(&source.quote.value);
        if !clause.gloss.is_empty() {
            out.raw("<footer lang=\"en\">")
                .text(&clause.gloss)
                .raw("</footer>");
        }
        out.raw("</blockquote>\n<dl>\n");
        out.fact("对象", "Addressee", &escape(&clause.subject));
        out.fact("责任单位", "Responsible", &both(&text(&source.duty)));
        out.fact("说明", "Note", &both(&text(&source.note)));
        out.fact(
            "不能判定的理由",
            "Why not decidable",
            &both(&text(&clause.undecidable)),
        );
        if register.complete {
            out.fact("条款号", "Clause id", &code(&source.id.value));
        }
        out.raw("</dl>\n");
        self.behind(out, clause);
        for one in self.coverage.uses(clause) {
            self.rule(out, one);
        }
        out.raw("</article>\n");
    }

    /// The statutes behind a clause, in their own words.
    fn behind(&self, out: &mut Html, clause: &Clause) {
        for id in &clause.source.behind {
            let Some((register, law)) = self.registers.get(&id.value) else {
                continue;
            };
            out.raw(&format!(
                "<details class=\"law\"><summary>《{}》{} <small>{}</small></summary><blockquote>{}<footer><a href=\"{}\">{}</a></footer></blockquote></details>\n",
                escape(&law.source.title),
                escape(&law.source.article),
                escape(word(&law.source.grade.value)),
                escape(&law.source.quote.value),
                escape(&address(register, &law.source.id.value)),
                "在法条页中查看 <small lang=\"en\">open</small>",
            ));
        }
    }

    fn rule(&self, out: &mut Html, one: &Use<'_>) {
        let (Some(family), Some(names)) = (self.families.get(one.family), self.names.get(one.family)) else {
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
        for name in [&rule.kind.value, &rule.severity.value] {
            out.raw(&format!(
                "<span class=\"tag {}\">{} <small lang=\"en\">{}</small></span> ",
                escape(name),
                escape(word(name)),
                escape(name)
            ));
        }
        out.raw(&format!(
            "<small>{} · {}</small></p>\n<div class=\"scroll\"><table class=\"conditions\">\n",
            escape(&one.ruleset.title.zh),
            code(&rule.id.value)
        ));
        if let Some((_, list)) = &rule.each {
            row(out, "逐项检查", "For each of", &escape(&names.sentence(list)));
        }
        let parts: [(&str, &str, Option<&Expr>); 6] = [
            ("其中只看", "Only those", rule.filter.as_ref()),
            ("适用于", "Applies if", rule.when.as_ref()),
            ("须", "Must hold", rule.require.as_ref()),
            ("不得", "Must not hold", rule.forbid.as_ref()),
            ("此日过后才判不合格", "Due", rule.due.as_ref()),
            ("整改期限", "Deadline", rule.deadline.as_ref()),
        ];
        for (zh, en, expr) in parts {
            if let Some(expr) = expr {
                let mut list = Html::new();
                condition(&mut list, &conditions::tree(names, expr));
                row(out, zh, en, &list.0);
            }
        }
        let evidence: Vec<String> = rule
            .evidence
            .iter()
            .map(|field| escape(&names.sentence(field)))
            .collect();
        if !evidence.is_empty() {
            row(out, "合格须有证据", "Evidence for a pass", &evidence.join("、"));
        }
        self.params(out, family, names, rule_exprs(one));
        out.raw("</table></div>\n");
        cases(out, family, &rule.id.value);
        out.raw("</section>\n");
    }

    /// The params that a rule reads, with where their values stand.
    fn params(&self, out: &mut Html, family: &Family, names: &Names, exprs: Vec<&Expr>) {
        let mut read = BTreeSet::new();
        exprs
            .into_iter()
            .for_each(|expr| params_of(names, expr, &mut read, 0));
        for name in read {
            // The last file that says something of it is the nearest to the place.
            let said: Vec<&Param> = family
                .asts
                .iter()
                .flat_map(|one| &one.params)
                .filter(|param| param.name.value == name)
                .collect();
            let (Some(declared), Some(set)) = (said.first(), said.last()) else {
                continue;
            };
            let unit = declared.unit.as_ref().map_or("", |unit| unit.value.as_str());
            let value = match &set.value {
                Some(value) => {
                    let plain = literal(&value.value);
                    let option = declared.options.iter().find(|(code, _)| code.value == plain);
                    let shown = option.map_or_else(|| escape(&format!("{plain} {unit}")), |(_, label)| both(&text(label)));
                    let basis = match &set.clause {
                        Some(clause) => self.citation(&clause.value),
                        None => "建议值，原文未定 <small lang=\"en\">proposed, not in the text</small>".to_owned(),
                    };
                    format!("<strong>{}</strong> · {basis}", shown.trim_end())
                }
                None => "<span class=\"tag unset\">未设定 <small lang=\"en\">not set</small></span> 设定之前，依赖它的结论为“未能判定”".to_owned(),
            };
            row(
                out,
                "参数",
                "Parameter",
                &format!("{} {} {value}", both(&text(&declared.label)), code(name)),
            );
        }
    }

    fn citation(&self, clause: &str) -> String {
        match self.registers.get(clause) {
            Some((_, found)) => escape(&found.source.article),
            None => code(clause),
        }
    }

    /// What the search looks through.
    pub(super) fn entries(&self, register: &Register) -> Vec<Entry> {
        let entry = |clause: &Clause| {
            let mut more = vec![
                clause.source.id.value.as_str(),
                &clause.gloss,
                &clause.heading,
                &clause.subject,
            ];
            for one in self.coverage.uses(clause) {
                more.extend([
                    one.rule.title.zh.as_str(),
                    one.rule.title.en.as_str(),
                    one.rule.id.value.as_str(),
                ]);
            }
            Entry {
                page: file_name(register),
                anchor: clause.source.id.value.clone(),
                place: format!("{} {}", register.title.zh, clause.source.article),
                quote: clause.source.quote.value.clone(),
                more: more.join(" "),
            }
        };
        register.clauses.iter().map(entry).collect()
    }
}

/// The file of a document's page.
pub(super) fn file_name(register: &Register) -> String {
    format!("document-{}.html", register.document.value)
}

fn address(register: &Register, clause: &str) -> String {
    format!("{}#{clause}", file_name(register))
}

/// A field to type into; the script beside it finds clauses in all documents.
pub(super) const SEARCH: &str = "<form class=\"search\" role=\"search\" hidden><label>查找条款 <small lang=\"en\">Find a clause</small>\
<input type=\"search\" autocomplete=\"off\" placeholder=\"第31项、心理教师、200米、tobacco…\"></label><ol></ol></form>\n";

/// Read from disk, a page may not fetch; so the index is a script too.
pub(super) const SCRIPTS: &str =
    "<script src=\"search-index.js\" defer></script>\n<script src=\"search.js\" defer></script>\n";

fn contents(out: &mut Html, register: &Register) {
    out.raw("<nav aria-label=\"目录\">\n");
    let mut heading = None;
    for clause in &register.clauses {
        if heading != Some(clause.heading.as_str()) {
            if heading.is_some() {
                out.raw("</ul></details>\n");
            }
            heading = Some(&clause.heading);
            let head = if clause.heading.is_empty() {
                "条款"
            } else {
                &clause.heading
            };
            out.raw(&format!("<details><summary>{}</summary><ul>\n", escape(head)));
        }
        let quote: String = clause.source.quote.value.chars().take(36).collect();
        out.raw(&format!(
            "<li><a href=\"#{}\">{}</a> {}…</li>\n",
            escape(&clause.source.id.value),
            escape(&clause.source.article),
            escape(&quote)
        ));
    }
    if heading.is_some() {
        out.raw("</ul></details>\n");
    }
    out.raw("</nav>\n");
}

fn row(out: &mut Html, zh: &str, en: &str, markup: &str) {
    out.raw(&format!(
        "<tr><th scope=\"row\">{zh} <small lang=\"en\">{en}</small></th><td>{markup}</td></tr>\n"
    ));
}

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

fn rule_exprs<'p>(one: &Use<'p>) -> Vec<&'p Expr> {
    let rule = one.rule;
    let roots = [
        rule.filter.as_ref(),
        rule.when.as_ref(),
        rule.require.as_ref(),
        rule.forbid.as_ref(),
        rule.due.as_ref(),
        rule.deadline.as_ref(),
    ];
    roots.into_iter().flatten().collect()
}

/// The params that an expression reads, through derived values too.
fn params_of<'e>(names: &'e Names, expr: &'e Expr, read: &mut BTreeSet<&'e str>, depth: usize) {
    if depth > 64 {
        return;
    }
    let mut all = |list: &[&'e Expr]| list.iter().for_each(|one| params_of(names, one, read, depth + 1));
    match &expr.kind {
        ExprKind::Member(of, name) => {
            if matches!(&of.kind, ExprKind::Name(root) if root == "params") {
                read.insert(&name.value);
            } else {
                all(&[of]);
            }
        }
        ExprKind::Name(name) => {
            if let Some(meant) = names.derived(name) {
                all(&[meant]);
            }
        }
        ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Num(_) | ExprKind::Text(_) | ExprKind::Error => {}
        ExprKind::Not(of) | ExprKind::Neg(of) | ExprKind::Closure(_, of) | ExprKind::Index(of, _) => {
            all(&[of])
        }
        ExprKind::Coalesce(a, b)
        | ExprKind::Binary(_, a, b)
        | ExprKind::In(a, b)
        | ExprKind::Range { low: a, high: b, .. } => all(&[a, b]),
        ExprKind::If(a, b, c) => all(&[a, b, c]),
        ExprKind::Interpolated(list)
        | ExprKind::Array(list)
        | ExprKind::And(list)
        | ExprKind::Or(list)
        | ExprKind::Call(_, list) => list.iter().for_each(|one| params_of(names, one, read, depth + 1)),
    }
}

/// The cases that say something of a rule.
fn cases(out: &mut Html, family: &Family, rule: &str) {
    let all = family.compiled.iter().flat_map(|compiled| &compiled.cases);
    let told: Vec<(&Case, &[Expect])> = all
        .flat_map(|(_, case)| {
            let expected = case.expect.iter().filter(|(id, _)| id.value == rule);
            expected.map(move |(_, outcomes)| (case, outcomes.as_slice()))
        })
        .collect();
    if told.is_empty() {
        return;
    }
    out.raw(&format!(
        "<details><summary>案例 {} 个 <small lang=\"en\">Cases</small></summary><table>\n",
        told.len()
    ));
    for (case, outcomes) in told {
        let outcomes = outcomes.iter().map(|one| {
            let outcome = &one.outcome.value;
            let reason = one.reason.as_ref().map_or_else(String::new, |reason| {
                let (zh, en) = reason_words(reason);
                format!(" {} <small lang=\"en\">{}</small>", escape(zh), escape(en))
            });
            format!(
                "<span class=\"tag {0}\">{1}</span>{reason}",
                escape(outcome),
                escape(word(outcome))
            )
        });
        out.raw(&format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            escape(&case.name.value),
            case.as_of,
            outcomes.collect::<Vec<_>>().join(" ")
        ));
    }
    out.raw("</table></details>\n");
}

/// The table of the documents for the index.
pub(super) fn table(out: &mut Html, coverage: &Coverage<'_>) {
    out.raw("<h2>文件 <small lang=\"en\">Documents</small></h2>\n<div class=\"scroll\"><table>\n<tr><th>文件</th><th>条款</th><th>规则</th>");
    for status in Status::ALL {
        let (zh, en) = status.text();
        out.raw(&format!("<th>{zh} <small lang=\"en\">{en}</small></th>"));
    }
    out.raw("</tr>\n");
    let mut total = [0; 4];
    for register in coverage.complete() {
        let counts = coverage.counts(register);
        total.iter_mut().zip(counts).for_each(|(sum, one)| *sum += one);
        out.raw(&format!(
            "<tr><td><a href=\"{}\">{}</a></td><td>{}</td><td>{}</td>",
            escape(&file_name(register)),
            both(&text(&register.title)),
            register.clauses.len(),
            coverage.rules(register)
        ));
        counts.iter().for_each(|count| {
            out.raw(&format!("<td>{count}</td>"));
        });
        out.raw("</tr>\n");
    }
    let clauses: usize = total.iter().sum();
    let open = total.last().copied().unwrap_or_default();
    out.raw(&format!(
        "<tr><th>合计 {} / {clauses}</th><th>{clauses}</th><th></th>",
        clauses - open
    ));
    total.iter().for_each(|count| {
        out.raw(&format!("<th>{count}</th>"));
    });
    out.raw("</tr></table></div>\n<h2>法律、法规与通知 <small lang=\"en\">Statutes and notices</small></h2>\n<ul>\n");
    for register in coverage.registers.iter().filter(|register| !register.complete) {
        out.raw(&format!(
            "<li><a href=\"{}\">{}</a></li>\n",
            escape(&file_name(register)),
            both(&text(&register.title))
        ));
    }
    out.raw("</ul>\n");
}

/// The index of the search as a script.
pub(super) fn search_index(entries: &[Entry]) -> String {
    let quoted = |text: &str| {
        rules_core::json::Json::from(text)
            .canonical()
            .replace('<', "\\u003c")
    };
    let mut out = String::from("window.clauses=[\n");
    for one in entries {
        let fields = [&one.page, &one.anchor, &one.place, &one.quote, &one.more];
        let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
        out.push_str(&format!("[{}],\n", fields.join(",")));
    }
    out.push_str("];\n");
    out
}

/// The title of an index line, for both languages.
pub(super) fn title() -> Text {
    Text {
        zh: "规则之书".to_owned(),
        en: "The book of rules".to_owned(),
    }
}
