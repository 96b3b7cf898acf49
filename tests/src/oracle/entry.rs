//! Is this a complete and consistent record? Relevance, what is required, and the outcome of the entry.
//!
//! In: the read record and its problems. Out: more problems. Must not know: the verdict.

use super::expr::{Check, Frame};
use super::json::token;
use super::value::{Record, Value};
use super::{Entry, Problem};
use rules_compiler::hir::Expr;
use rules_core::form::{Member, Scope};

/// The problems of relevance: what is required and absent, what is given and not asked for.
pub fn relevance(check: &Check<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    record(check, &check.root, true, &mut problems);
    problems
}

fn record(check: &Check<'_>, record: &Record, asked: bool, problems: &mut Vec<Problem>) {
    let scopes = &check.ruleset.form.scopes;
    if let Some(scope) = scopes.get(record.scope as usize) {
        let frames = if record.scope == 0 {
            vec![]
        } else {
            vec![Frame::Item(record.clone())]
        };
        if scope.scalar {
            field(check, scope, record, 0, &record.pointer, asked, &frames, problems);
        } else {
            group(check, scope, record, 0, &record.pointer, asked, &frames, problems);
        }
    }
}

/// Relevant unless it is known not to be.
fn is_asked(check: &Check<'_>, relevant: Option<u32>, frames: &[Frame]) -> bool {
    let expr: Option<&Expr> = relevant.and_then(|index| check.ruleset.relevants.get(index as usize));
    expr.is_none_or(|expr| check.truth(expr, frames) != Ok(false))
}

#[allow(
    clippy::too_many_arguments,
    reason = "a plain walk: what it hands down is what it needs"
)]
fn group(
    check: &Check<'_>,
    scope: &Scope,
    record: &Record,
    number: u32,
    pointer: &str,
    asked: bool,
    frames: &[Frame],
    problems: &mut Vec<Problem>,
) {
    let Some(group_) = scope.groups.get(number as usize) else {
        return;
    };
    let asked = asked && is_asked(check, group_.relevant, frames);
    for member in &group_.members {
        match *member {
            Member::Group(inner) => {
                let name = scope.groups.get(inner as usize).map_or("", |group| &group.name);
                let below = format!("{pointer}/{}", token(name));
                group(check, scope, record, inner, &below, asked, frames, problems);
            }
            Member::Field(slot) => {
                let name = scope.fields.get(slot as usize).map_or("", |field| &field.name);
                let below = format!("{pointer}/{}", token(name));
                field(check, scope, record, slot, &below, asked, frames, problems);
            }
        }
    }
}

#[allow(
    clippy::too_many_arguments,
    reason = "a plain walk: what it hands down is what it needs"
)]
fn field(
    check: &Check<'_>,
    scope: &Scope,
    record_: &Record,
    slot: u32,
    pointer: &str,
    asked: bool,
    frames: &[Frame],
    problems: &mut Vec<Problem>,
) {
    let Some(field) = scope.fields.get(slot as usize) else {
        return;
    };
    let asked = asked && is_asked(check, field.relevant, frames);
    let value = record_.values.get(&slot);
    let absent = value.is_none() && !record_.faulty.contains(&slot);
    if asked && field.required && absent {
        problems.push(Problem::new(pointer, "required"));
    }
    // Of an irrelevant list one warning is enough, and nothing inside is asked for.
    if !asked && value.is_some() {
        problems.push(Problem::new(pointer, "irrelevant"));
    }
    if let (true, Some(Value::List(items))) = (asked, value) {
        for item in items {
            record(check, item, asked, problems);
        }
    }
}

/// The outcome of an entry with these problems.
pub fn outcome(mut problems: Vec<Problem>) -> Entry {
    problems.sort();
    problems.dedup();
    let has = |severity: &str| problems.iter().any(|problem| problem.severity == severity);
    let outcome = if has("error") {
        "invalid"
    } else if has("incomplete") {
        "incomplete"
    } else {
        "complete"
    };
    Entry {
        outcome: outcome.to_owned(),
        problems,
    }
}
