//! From expressions to outcomes (language.md §3): every rule and item, and the verdict of the whole.
//!
//! In: a check. Out: findings, the problems of entry rules, the verdict. Must not know: how an expression is evaluated.

use super::expr::{Check, Frame};
use super::value::{Truth, Unknown, Value, and, or};
use super::{Finding, Problem, Verdict};
use rules_compiler::ast::Binary;
use rules_compiler::hir::{Expr, ExprKind, Rule};
use rules_core::domain::division::covers;
use rules_core::plan::{RuleKind, Severity};

/// Why the ruleset as a whole does not apply.
pub fn elsewhere(check: &Check<'_>, jurisdiction: Option<u32>) -> Option<&'static str> {
    let layers = &check.ruleset.layers;
    let place = jurisdiction
        .or(layers.first().map(|base| base.jurisdiction))
        .unwrap_or(0);
    if layers.iter().any(|layer| !covers(layer.jurisdiction, place)) {
        Some("other_area")
    } else if layers.iter().any(|layer| !layer.effective.holds(check.as_of)) {
        Some("out_of_force")
    } else {
        None
    }
}

/// The findings of all rules in ruleset order, then item order.
pub fn findings(check: &Check<'_>) -> Vec<Finding> {
    check
        .ruleset
        .rules
        .iter()
        .flat_map(|rule| one_rule(check, rule))
        .collect()
}

fn one_rule(check: &Check<'_>, rule: &Rule) -> Vec<Finding> {
    let finding = |item: Option<String>, judged: Judged| Finding {
        rule: rule.facts.id.clone(),
        item,
        outcome: judged.outcome.to_owned(),
        reason: judged.why.as_ref().map(|why| why.reason.clone()),
        missing: judged
            .why
            .map(|why| why.missing.into_iter().collect())
            .unwrap_or_default(),
        margin: judged.margin,
    };
    if !rule.facts.effective.holds(check.as_of) {
        return vec![finding(None, Judged::plain("not_applicable"))];
    }
    let Some(each) = &rule.each else {
        return vec![finding(None, judge(check, rule, &[]))];
    };
    match check.eval(each, &[]) {
        // `when` is false whatever the item: no item is known to it.
        Err(why) => {
            let nothing = [Frame::Nobody];
            let when = rule
                .when
                .as_ref()
                .map_or(Ok(true), |when| check.truth(when, &nothing));
            let judged = match when {
                Ok(false) => Judged::plain("not_applicable"),
                Ok(true) => Judged::unknown(why),
                Err(when) => Judged::unknown(wanting(why, Some(when))),
            };
            vec![finding(None, judged)]
        }
        Ok(Value::List(items)) => items
            .into_iter()
            .map(|item| {
                finding(
                    Some(item.pointer.clone()),
                    judge(check, rule, &[Frame::Item(item)]),
                )
            })
            .collect(),
        Ok(Value::Rows(table, rows)) => rows
            .into_iter()
            .map(|(row, _)| finding(None, judge(check, rule, &[Frame::Row(table, row, true)])))
            .collect(),
        Ok(other) => unreachable!("`each` over {other:?}"),
    }
}

struct Judged {
    outcome: &'static str,
    why: Option<Unknown>,
    margin: Option<f64>,
}

impl Judged {
    fn plain(outcome: &'static str) -> Judged {
        Judged {
            outcome,
            why: None,
            margin: None,
        }
    }

    fn unknown(why: Unknown) -> Judged {
        let outcome = if why.is_fault() { "faulted" } else { "undetermined" };
        Judged {
            outcome,
            why: Some(why),
            margin: None,
        }
    }
}

fn judge(check: &Check<'_>, rule: &Rule, frames: &[Frame]) -> Judged {
    let truth = |expr: &Option<Expr>| expr.as_ref().map_or(Ok(true), |expr| check.truth(expr, frames));
    let applies: Truth = and(truth(&rule.filter), truth(&rule.when));
    let holds: Truth = check.truth(&rule.require, frames);
    let judged = match (applies, holds) {
        (Ok(false), _) => return Judged::plain("not_applicable"),
        (_, Ok(true)) => passed(check, rule, frames),
        (Ok(true), Ok(false)) => failed(check, rule, frames),
        (Ok(true), Err(why)) => Judged::unknown(why),
        // Whether it applies comes first; where it does, it may not be due.
        (Err(why), Ok(false)) => {
            let due = rule.due.as_ref().and_then(|due| check.eval(due, frames).err());
            Judged::unknown(wanting(why, due))
        }
        (Err(a), Err(b)) => Judged::unknown(a.meet(b)),
    };
    Judged {
        margin: margin(check, &rule.require, frames, true),
        ..judged
    }
}

/// What is unknown, and what is wanting of something else besides.
fn wanting(why: Unknown, other: Option<Unknown>) -> Unknown {
    let more = other.into_iter().flat_map(|other| other.missing);
    Unknown {
        missing: why.missing.into_iter().chain(more).collect(),
        reason: why.reason,
    }
}

/// A pass without its evidence is undetermined.
fn passed(check: &Check<'_>, rule: &Rule, frames: &[Frame]) -> Judged {
    let wanting: Vec<Unknown> = rule
        .evidence
        .iter()
        .filter_map(|field| check.eval(field, frames).err())
        .collect();
    if wanting.is_empty() {
        return Judged::plain("pass");
    }
    let missing = wanting.into_iter().flat_map(|why| why.missing).collect();
    Judged::unknown(Unknown {
        reason: "no_evidence".to_owned(),
        missing,
    })
}

/// A fail before its due day has passed is undetermined.
fn failed(check: &Check<'_>, rule: &Rule, frames: &[Frame]) -> Judged {
    match rule.due.as_ref().map(|due| check.eval(due, frames)) {
        Some(Ok(Value::Date(due))) if check.as_of <= due => Judged::unknown(Unknown::new("not_due")),
        Some(Err(why)) => Judged::unknown(why),
        Some(Ok(_)) | None => Judged::plain("fail"),
    }
}

/// How far the nominal value lies on the side that the rule wants, where the rule is one comparison of numbers.
fn margin(check: &Check<'_>, expr: &Expr, frames: &[Frame], wanted: bool) -> Option<f64> {
    match &expr.kind {
        ExprKind::Not(inner) => margin(check, inner, frames, !wanted),
        ExprKind::Let(index) => {
            let (_, inner) = check.ruleset.lets.get(*index as usize)?;
            margin(check, inner, &[], wanted)
        }
        ExprKind::Binary(operator, a, b) => {
            let (Ok(Value::Number(a)), Ok(Value::Number(b))) = (check.eval(a, frames), check.eval(b, frames))
            else {
                return None;
            };
            if a.cause.is_some() || b.cause.is_some() {
                return None;
            }
            let above = match operator {
                Binary::Gt | Binary::Ge => a.value - b.value,
                Binary::Lt | Binary::Le => b.value - a.value,
                _ => return None,
            };
            // No negative zero: a report has none.
            Some(if wanted { above } else { -above } + 0.0)
        }
        _ => None,
    }
}

/// The problems of rules of kind `entry` that failed or faulted.
pub fn contradictions(check: &Check<'_>, findings: &[Finding]) -> Vec<Problem> {
    let entry = findings.iter().filter(|finding| is_entry(check, finding));
    let problem = |finding: &Finding| {
        let (code, severity) = match finding.outcome.as_str() {
            "fail" => ("contradiction", "error"),
            "faulted" => (finding.reason.as_deref()?, "warning"),
            _ => return None,
        };
        Some(Problem {
            at: finding.item.clone().unwrap_or_default(),
            code: code.to_owned(),
            severity: severity.to_owned(),
            rule: Some(finding.rule.clone()),
        })
    };
    entry.filter_map(problem).collect()
}

fn facts<'a>(check: &'a Check<'_>, finding: &Finding) -> Option<&'a rules_compiler::hir::RuleFacts> {
    check
        .ruleset
        .rules
        .iter()
        .map(|rule| &rule.facts)
        .find(|facts| facts.id == finding.rule)
}

fn is_entry(check: &Check<'_>, finding: &Finding) -> bool {
    facts(check, finding).is_some_and(|facts| facts.kind == RuleKind::Entry)
}

/// The verdict: entry rules have no part in it, and only grave rules and triggers decide.
pub fn verdict(check: &Check<'_>, findings: Vec<Finding>) -> Verdict {
    let findings: Vec<Finding> = findings
        .into_iter()
        .filter(|finding| !is_entry(check, finding))
        .collect();
    let grave = |finding: &&Finding| {
        facts(check, finding).is_some_and(|facts| {
            facts.kind == RuleKind::Trigger || matches!(facts.severity, Severity::Critical | Severity::Major)
        })
    };
    let has = |outcomes: &[&str]| {
        findings
            .iter()
            .filter(grave)
            .any(|finding| outcomes.contains(&&*finding.outcome))
    };
    let outcome = if has(&["fail"]) {
        "fail"
    } else if has(&["undetermined", "faulted"]) {
        "undetermined"
    } else {
        "pass"
    };
    Verdict {
        outcome: outcome.to_owned(),
        reason: None,
        findings,
    }
}

/// Kleene's conjunction and disjunction over many.
pub fn fold(all: bool, truths: impl IntoIterator<Item = Truth>) -> Truth {
    let connective = if all { and } else { or };
    truths.into_iter().fold(Ok(all), connective)
}
