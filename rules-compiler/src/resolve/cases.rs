//! Are there cases enough, and do they speak of rules that are there?
//!
//! In: the resolved variants and the cases of their files. Out: diagnostics `R07xx`. Must not know: how a check is done; whether the
//! cases come out is found by running them.

use super::constant::same;
use super::report::Report;
use crate::ast::{Case, Expect, Span};
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{self, Expr, ExprKind, Operand};
use rules_core::plan::Op;
use std::collections::{BTreeMap, BTreeSet};

const OUTCOMES: [&str; 5] = ["pass", "fail", "undetermined", "not_applicable", "faulted"];

/// Looks at all cases of a group of files; `names` are the places of the rules' ids.
pub(crate) fn check(
    variants: &[&hir::Ruleset],
    names: &BTreeMap<&str, Span>,
    cases: &[&Case],
    report: &mut Report,
) {
    let mut reached: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let ids: BTreeSet<&str> = variants
        .iter()
        .flat_map(|variant| &variant.rules)
        .map(|rule| rule.facts.id.as_str())
        .collect();
    for case in cases {
        for (rule, expects) in &case.expect {
            if !ids.contains(rule.value.as_str()) {
                let message = format!("there is no rule `{}`", rule.value);
                report.push(
                    Diagnostic::new(Code::R0702, rule.span, message)
                        .nearest(&rule.value, ids.iter().copied()),
                );
                continue;
            }
            for expect in expects {
                outcome(expect, report);
                reached
                    .entry(&rule.value)
                    .or_default()
                    .insert(&expect.outcome.value);
            }
        }
    }
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for variant in variants {
        let mut lets = Vec::new();
        for (_, expr) in &variant.lets {
            lets.push(can_be_unknown(variant, &lets, &[], expr));
        }
        for rule in &variant.rules {
            if seen.insert(&rule.facts.id) {
                covered(
                    variant,
                    &lets,
                    rule,
                    names,
                    reached.get(rule.facts.id.as_str()),
                    report,
                );
            }
        }
    }
}

fn outcome(expect: &Expect, report: &mut Report) {
    let word = &expect.outcome;
    if !OUTCOMES.contains(&word.value.as_str()) {
        let message = format!("`{}` is not an outcome", word.value);
        report.push(Diagnostic::new(Code::R0008, word.span, message).nearest(&word.value, OUTCOMES));
    }
}

fn covered(
    variant: &hir::Ruleset,
    lets: &[bool],
    rule: &hir::Rule,
    names: &BTreeMap<&str, Span>,
    reached: Option<&BTreeSet<&str>>,
    report: &mut Report,
) {
    let mut lacks = Vec::new();
    let has = |word: &str| reached.is_some_and(|words| words.contains(word));
    if !has("pass") {
        lacks.push("passes");
    }
    if !has("fail") {
        lacks.push("fails");
    }
    let mut known = Vec::new();
    [&rule.when, &rule.filter]
        .into_iter()
        .flatten()
        .for_each(|expr| guarded(expr, &mut known));
    let open = !rule.evidence.is_empty()
        || rule.due.is_some()
        || rule.each.is_some()
        || can_be_unknown(variant, lets, &known, &rule.require);
    if open && !has("undetermined") {
        lacks.push("is undetermined");
    }
    if !lacks.is_empty() {
        let message = format!(
            "the rule `{}` has no case in which it {}",
            rule.facts.id,
            lacks.join(", or ")
        );
        let span = names.get(rule.facts.id.as_str()).copied().unwrap_or(rule.span);
        report.push(Diagnostic::new(Code::R0704, span, message));
    }
}

/// What `when` and `where` have seen to be known, so that it is where `require` is asked.
fn guarded<'a>(expr: &'a Expr, known: &mut Vec<&'a Expr>) {
    match &expr.kind {
        ExprKind::And(list) => list.iter().for_each(|one| guarded(one, known)),
        ExprKind::Op(Op::Known, operands) => {
            known.extend(operands.iter().filter_map(|operand| match operand {
                Operand::Expr(inner) => Some(inner),
                Operand::Number(_) => None,
            }))
        }
        _ => {}
    }
}

/// Can a missing answer make the expression unknown? `lets` answers it for the derived values; `known` are known.
fn can_be_unknown(variant: &hir::Ruleset, lets: &[bool], known: &[&Expr], expr: &Expr) -> bool {
    if known.iter().any(|one| same(one, expr)) {
        return false;
    }
    match &expr.kind {
        ExprKind::Op(Op::Known | Op::IsMissing, _) | ExprKind::Const(_) | ExprKind::AsOf => false,
        ExprKind::Param(number) => variant
            .params
            .get(*number as usize)
            .is_some_and(|param| param.value.is_none()),
        ExprKind::Let(number) => lets.get(*number as usize).copied().unwrap_or(true),
        ExprKind::Coalesce(_, last) => can_be_unknown(variant, lets, known, last),
        ExprKind::Field(_) | ExprKind::ItemField(..) | ExprKind::FrameRow(_) | ExprKind::Unknown(_) => true,
        _ => expr
            .children()
            .into_iter()
            .any(|child| can_be_unknown(variant, lets, known, child)),
    }
}
