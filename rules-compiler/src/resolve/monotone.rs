//! Marks rules that filling in an answer may turn.
//!
//! In: a resolved rule. Out: the note `R0501` where its verdict looks at missingness itself. Must not know: how rules are judged.

use super::world::World;
use crate::ast;
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{self, Expr, ExprKind};
use rules_core::plan::Op;

/// Notes what of a rule looks at missingness: what decides it, not its message.
pub(crate) fn mark(world: &mut World<'_>, rule: &ast::Rule, resolved: &hir::Rule) {
    let parts = [&resolved.filter, &resolved.when, &resolved.due]
        .into_iter()
        .flatten();
    let lists = resolved.each.iter();
    let found = lists
        .chain(parts)
        .chain(std::iter::once(&resolved.require))
        .find_map(|part| looks(world, part));
    let (span, why) = match (found, rule.evidence.first()) {
        (Some((span, word)), _) => (span, format!("it uses `{word}`")),
        (None, Some(evidence)) => (evidence.span, "it asks for evidence".to_owned()),
        (None, None) => return,
    };
    let message = format!(
        "filling in an answer may turn the rule `{}`: {why}",
        rule.id.value
    );
    world
        .report
        .push(Diagnostic::new(Code::R0501, rule.id.span, message).label(span, "here"));
}

/// Does a rule's verdict look at missingness? The law of completion does not hold of such a rule.
pub(crate) fn looks_at_missing(ruleset: &hir::Ruleset, rule: &hir::Rule) -> bool {
    let lets: Vec<&Expr> = ruleset.lets.iter().map(|(_, expr)| expr).collect();
    !rule.evidence.is_empty()
        || [&rule.each, &rule.filter, &rule.when, &rule.due]
            .into_iter()
            .flatten()
            .chain(std::iter::once(&rule.require))
            .any(|part| find(&lets, part).is_some())
}

fn looks(world: &World<'_>, expr: &Expr) -> Option<(ast::Span, &'static str)> {
    let lets: Vec<&Expr> = world.lets.iter().map(|(_, expr)| expr).collect();
    find(&lets, expr)
}

fn find(lets: &[&Expr], expr: &Expr) -> Option<(ast::Span, &'static str)> {
    match &expr.kind {
        ExprKind::Op(Op::Known, _) => Some((expr.span, "known")),
        ExprKind::Op(Op::IsMissing, _) => Some((expr.span, "missing")),
        ExprKind::Coalesce(..) => Some((expr.span, "??")),
        ExprKind::Let(number) => lets.get(*number as usize).and_then(|inner| find(lets, inner)),
        _ => expr.children().into_iter().find_map(|child| find(lets, child)),
    }
}
