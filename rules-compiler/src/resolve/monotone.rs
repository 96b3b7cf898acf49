//! Marks rules that filling in an answer may turn.
//!
//! In: a resolved rule. Out: the note `R0501` where its verdict looks at missingness itself. Must not know: how rules are judged.

use super::world::World;
use crate::ast;
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{self, Expr, ExprKind};
use rules_core::plan::Op;

/// Where something looks at missingness, and with which word.
type Look = Option<(ast::Span, &'static str)>;

/// Notes what of a rule looks at missingness: what decides it, not its message.
pub(crate) fn mark(world: &mut World<'_>, rule: &ast::Rule, resolved: &hir::Rule) {
    let lets: Vec<Look> = world.let_facts.iter().map(|facts| facts.looks).collect();
    let parts = [&resolved.filter, &resolved.when, &resolved.due]
        .into_iter()
        .flatten();
    let lists = resolved.each.iter();
    let found = lists
        .chain(parts)
        .chain(std::iter::once(&resolved.require))
        .find_map(|part| find(&lets, part));
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

/// Of each rule: does its verdict look at missingness? The law of completion does not hold of such a rule.
pub(crate) fn looks_at_missing(ruleset: &hir::Ruleset) -> Vec<bool> {
    let mut lets = Vec::new();
    for (_, expr) in &ruleset.lets {
        lets.push(find(&lets, expr));
    }
    let parts = |rule: &hir::Rule| {
        [&rule.each, &rule.filter, &rule.when, &rule.due]
            .into_iter()
            .flatten()
            .chain(std::iter::once(&rule.require))
            .any(|part| find(&lets, part).is_some())
    };
    ruleset
        .rules
        .iter()
        .map(|rule| !rule.evidence.is_empty() || parts(rule))
        .collect()
}

/// The first place where an expression looks at missingness, given those of the derived values.
pub(crate) fn find(lets: &[Look], expr: &Expr) -> Look {
    match &expr.kind {
        ExprKind::Op(Op::Known, _) => Some((expr.span, "known")),
        ExprKind::Op(Op::IsMissing, _) => Some((expr.span, "missing")),
        ExprKind::Coalesce(..) => Some((expr.span, "??")),
        ExprKind::Let(number) => lets.get(*number as usize).copied().flatten(),
        _ => expr.children().into_iter().find_map(|child| find(lets, child)),
    }
}
