//! Rules: their parts typed, their clauses found, their messages kept free of personal data.
//!
//! In: the author's rules and the `World`. Out: `hir::Rule`s. Must not know: how expressions are typed, other files.

use super::monotone;
use super::typer::{Bound, Typer, fault};
use super::types::describe;
use super::world::World;
use super::{period, text};
use crate::ast::{self, At, Span};
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{self, Expr, ExprKind, Ty};
use crate::source::to_u32;
use rules_core::form::Text;
use rules_core::limits;
use rules_core::plan::{self, Op, RuleKind, Severity};
use std::collections::BTreeMap;

/// Resolves all rules.
pub(crate) fn resolve(
    world: &mut World<'_>,
    merged: &ast::Ruleset,
    clauses: &[plan::Clause],
) -> Vec<hir::Rule> {
    let (rules, sources) = (&merged.rules, &merged.sources);
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    let mut list = Vec::new();
    if let Some(rule) = rules.get(limits::RULES) {
        let message = format!("a ruleset with its layers has at most {} rules", limits::RULES);
        world.report.say(Code::R0215, rule.id.span, message);
    }
    for rule in rules {
        if let Some(first) = seen.insert(&rule.id.value, rule.id.span) {
            let message = format!("the rule `{}` is declared twice", rule.id.value);
            let diagnostic = Diagnostic::new(Code::R0202, rule.id.span, message).label(first, "first here");
            world.report.push(diagnostic);
            continue;
        }
        let resolved = one(world, rule, sources, clauses);
        monotone::mark(world, rule, &resolved);
        list.push(resolved);
    }
    list
}

/// The number of a clause; said if there is none.
pub(crate) fn clause(world: &mut World<'_>, clauses: &[plan::Clause], id: &At<String>) -> Option<u32> {
    let found = clauses.iter().position(|clause| clause.id == id.value);
    if found.is_none() && !id.value.is_empty() {
        let diagnostic = Diagnostic::new(Code::R0303, id.span, format!("there is no clause `{}`", id.value))
            .nearest(&id.value, clauses.iter().map(|clause| clause.id.as_str()));
        world.report.push(diagnostic);
    }
    found.map(to_u32)
}

fn one(
    world: &mut World<'_>,
    rule: &ast::Rule,
    sources: &[ast::Source],
    clauses: &[plan::Clause],
) -> hir::Rule {
    let facts = facts(world, rule, sources, clauses);
    let mut typer = Typer::new(world);
    let each = rule.each.as_ref().map(|(name, list)| {
        let (list, bound) = each(&mut typer, list);
        typer.frames.push((name.value.clone(), bound));
        list
    });
    if let (None, Some(filter)) = (&rule.each, &rule.filter) {
        let diagnostic = Diagnostic::new(Code::R0402, filter.span, "`where` says which items of `each`")
            .help("without `each`, write the condition in `when`");
        typer.push(diagnostic);
    }
    let filter = rule.filter.as_ref().map(|expr| typer.truth(expr));
    let when = rule.when.as_ref().map(|expr| typer.truth(expr));
    let require = requirement(&mut typer, rule);
    let due = rule
        .due
        .as_ref()
        .map(|expr| typer.want(expr, |ty| *ty == Ty::Date, "`due`", "a date"));
    let deadline = rule
        .deadline
        .as_ref()
        .map(|expr| typer.want(expr, |ty| *ty == Ty::Date, "`deadline`", "a date"));
    let evidence = rule
        .evidence
        .iter()
        .map(|expr| leaf(&mut typer, expr, "evidence"))
        .collect();
    let at = rule.at.iter().map(|expr| leaf(&mut typer, expr, "at")).collect();
    let message_zh = message(&mut typer, &rule.message.zh);
    let message_en = message(&mut typer, &rule.message.en);
    hir::Rule {
        facts,
        each,
        filter,
        when,
        require,
        due,
        evidence,
        at,
        message_zh,
        message_en,
        deadline,
        span: rule.span,
    }
}

fn facts(
    world: &mut World<'_>,
    rule: &ast::Rule,
    sources: &[ast::Source],
    clauses: &[plan::Clause],
) -> hir::RuleFacts {
    let kind = match rule.kind.value.as_str() {
        "duty" => RuleKind::Duty,
        "prohibition" => RuleKind::Prohibition,
        "trigger" => RuleKind::Trigger,
        "entry" => RuleKind::Entry,
        "" => RuleKind::Entry,
        other => {
            let message = format!("`{other}` is not a kind of rules");
            let words = ["duty", "prohibition", "trigger", "entry"];
            world
                .report
                .push(Diagnostic::new(Code::R0008, rule.kind.span, message).nearest(other, words));
            RuleKind::Duty
        }
    };
    let severity = match rule.severity.value.as_str() {
        "critical" => Severity::Critical,
        "major" => Severity::Major,
        "moderate" => Severity::Moderate,
        "minor" => Severity::Minor,
        "" => Severity::Major,
        other => {
            let message = format!("`{other}` is not a severity");
            let words = ["critical", "major", "moderate", "minor"];
            world
                .report
                .push(Diagnostic::new(Code::R0008, rule.severity.span, message).nearest(other, words));
            Severity::Major
        }
    };
    if rule.clauses.is_empty() && kind != RuleKind::Entry {
        let message = format!("the rule `{}` rests on no clause", rule.id.value);
        let diagnostic = Diagnostic::new(Code::R0302, rule.id.span, message)
            .help("quote the law under `sources` and name the clause: `clauses: [id]`");
        world.report.push(diagnostic);
    }
    hir::RuleFacts {
        id: rule.id.value.clone(),
        title: text(&rule.title),
        kind,
        severity,
        clauses: basis(world, rule, sources, clauses),
        remedy: text(&rule.remedy),
        duty: duty(rule, sources),
        effective: period(rule.effective),
        tags: rule.tags.clone(),
    }
}

/// What a rule rests on: the clauses that it names, then those that stand behind them, each once.
fn basis(
    world: &mut World<'_>,
    rule: &ast::Rule,
    sources: &[ast::Source],
    clauses: &[plan::Clause],
) -> Vec<u32> {
    let mut basis: Vec<u32> = rule
        .clauses
        .iter()
        .filter_map(|id| clause(world, clauses, id))
        .collect();
    let mut at = 0;
    while let Some(source) = basis.get(at).and_then(|number| sources.get(*number as usize)) {
        for id in &source.behind {
            if let Some(number) = clauses.iter().position(|one| one.id == id.value).map(to_u32)
                && !basis.contains(&number)
            {
                basis.push(number);
            }
        }
        at += 1;
    }
    basis
}

/// Who must act: whom the rule names, else the units that its first clause names.
fn duty(rule: &ast::Rule, sources: &[ast::Source]) -> Text {
    if !rule.duty.zh.is_empty() {
        return text(&rule.duty);
    }
    let first = rule.clauses.first();
    let source = sources
        .iter()
        .find(|source| first.is_some_and(|id| id.value == source.id.value));
    source.map(|source| text(&source.duty)).unwrap_or_default()
}

/// The list of `each`, and what its items are.
fn each(typer: &mut Typer<'_, '_>, list: &ast::Expr) -> (Expr, Bound) {
    let list = typer.value(list);
    let bound = match &list.ty {
        Ty::List(scope) => Bound::Item(*scope),
        Ty::Rows(table) => Bound::Row(*table),
        Ty::Any => Bound::Fault,
        other => {
            let message = format!("`each` expects a list, found {}", describe(other));
            typer.wrong(Code::R0203, list.span, message);
            Bound::Fault
        }
    };
    (list, bound)
}

fn requirement(typer: &mut Typer<'_, '_>, rule: &ast::Rule) -> Expr {
    match (&rule.require, &rule.forbid) {
        (Some(require), None) => typer.truth(require),
        (None, Some(forbid)) => {
            let inner = typer.truth(forbid);
            Expr {
                kind: ExprKind::Not(Box::new(inner)),
                ty: Ty::Bool,
                span: forbid.span,
            }
        }
        (Some(require), Some(forbid)) => {
            let message = format!("the rule `{}` has both `require` and `forbid`", rule.id.value);
            let diagnostic = Diagnostic::new(Code::R0401, forbid.span, message)
                .label(require.span, "`require` stands here");
            typer.push(diagnostic);
            typer.truth(require);
            typer.truth(forbid)
        }
        (None, None) => {
            let message = format!("the rule `{}` has neither `require` nor `forbid`", rule.id.value);
            let diagnostic = Diagnostic::new(Code::R0401, rule.id.span, message)
                .help("say what must hold, or what must not");
            typer.push(diagnostic);
            fault(rule.id.span)
        }
    }
}

/// A field, as `evidence` and `at` name them.
fn leaf(typer: &mut Typer<'_, '_>, expr: &ast::Expr, key: &str) -> Expr {
    let typed = typer.value(expr);
    if !matches!(typed.kind, ExprKind::Field(_) | ExprKind::ItemField(..)) && typed.ty != Ty::Any {
        let diagnostic = Diagnostic::new(
            Code::R0203,
            expr.span,
            format!("`{key}` names fields of the form"),
        )
        .help("write the field's name; of the item of `each`, `item.field`");
        typer.push(diagnostic);
        return fault(expr.span);
    }
    typed
}

fn message(typer: &mut Typer<'_, '_>, pieces: &[ast::Piece]) -> Vec<hir::Piece> {
    pieces
        .iter()
        .map(|piece| match piece {
            ast::Piece::Text(text) => hir::Piece::Text(text.clone()),
            ast::Piece::Expr(expr) => {
                let typed = typer.printable(expr);
                if let Some(name) = sensitive(typer, &typed) {
                    let message = format!("the sensitive field `{name}` stands in a message");
                    let diagnostic = Diagnostic::new(Code::R0410, expr.span, message)
                        .help("name the person or thing by a number or a code that is not personal data");
                    typer.push(diagnostic);
                }
                hir::Piece::Expr(typed)
            }
        })
        .collect()
}

/// A sensitive field that an expression shows, through derived values too. `known` and `missing` show nothing of it.
fn sensitive(typer: &Typer<'_, '_>, expr: &Expr) -> Option<String> {
    let scopes: Vec<Bound> = typer.frames.iter().map(|(_, bound)| *bound).collect();
    shows(typer.world, &scopes, expr)
}

/// The same with the frames that are bound.
pub(crate) fn shows(world: &World<'_>, frames: &[Bound], expr: &Expr) -> Option<String> {
    let field = match &expr.kind {
        ExprKind::Op(Op::Known | Op::IsMissing, _) => return None,
        ExprKind::Let(number) => {
            return world
                .let_facts
                .get(*number as usize)
                .and_then(|facts| facts.shows.clone());
        }
        ExprKind::Field(slot) => world.field(0, *slot),
        ExprKind::ItemField(frame, slot) => match frames.get(*frame as usize) {
            Some(Bound::Item(scope)) => world.field(*scope, *slot),
            _ => None,
        },
        ExprKind::Column(row, slot) => match row.ty {
            Ty::Row(table) => world
                .columns(table)
                .and_then(|columns| columns.fields.get(*slot as usize)),
            _ => None,
        },
        ExprKind::Op(Op::Nth, operands) => match operands.as_slice() {
            [hir::Operand::Expr(list), _, hir::Operand::Number(slot)] => match list.ty {
                Ty::List(scope) => world.field(scope, *slot),
                _ => None,
            },
            _ => None,
        },
        ExprKind::Over(_, list, body, frame) => {
            let mut inner = frames.to_vec();
            inner.resize(*frame as usize, Bound::Fault);
            inner.push(match list.ty {
                Ty::List(scope) => Bound::Item(scope),
                Ty::Rows(table) => Bound::Row(table),
                _ => Bound::Fault,
            });
            return shows(world, frames, list).or_else(|| shows(world, &inner, body));
        }
        _ => None,
    };
    if let Some(field) = field.filter(|field| field.sensitive) {
        return Some(field.path.join("."));
    }
    expr.children()
        .into_iter()
        .find_map(|child| shows(world, frames, child))
}
