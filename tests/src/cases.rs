//! The law's own examples: does a case come out as it says?
//!
//! In: a compiled ruleset and one of its cases. Out: what does not come out as the case says. Must not know: what any of it should be.

#![allow(clippy::unwrap_used, reason = "a test whose data does not load should stop")]

use crate::engine::{Case, Compiled};
use rules_compiler::ast::Expect;
use rules_core::answers::{Step, of_slot};
use rules_core::eval::Outcome;
use rules_core::judge::Verdict;
use rules_core::truth::Why;
use rules_core::{Checker, Options, Scratch};

/// What does not come out as the case says.
pub fn differences(compiled: &Compiled, case: &Case) -> Vec<String> {
    let trial = (!case.wanted.params.is_empty()).then(|| compiled.with_params(case));
    let compiled = trial.as_ref().unwrap_or(compiled);
    let tables = compiled.tables(&case.tables);
    let mut options = Options::on(case.as_of);
    options.jurisdiction = case.jurisdiction;
    options.tables = Some(&tables);
    let checker = Checker::new(compiled.ruleset(), &options);
    let mut scratch = Scratch::default();
    let report = checker.report(&case.answers, &mut scratch);
    let mut lines = Vec::new();
    for (rule, expected) in &case.wanted.expect {
        let plan = checker.plan().unwrap();
        let number = plan.rules.iter().position(|one| one.id == rule.value);
        let of_rule = |verdict: &&Verdict| Some(verdict.rule as usize) == number;
        let found: Vec<&Verdict> = scratch.judged.verdicts.iter().filter(of_rule).collect();
        // A rule that this place or day does not have does not apply.
        let absent = number.is_none() || scratch.judged.verdicts.is_empty();
        // One word says of all items that the rule does not apply to any.
        let none = found
            .iter()
            .all(|verdict| verdict.outcome == Outcome::NotApplicable);
        if (absent || (none && expected.len() == 1))
            && expected.iter().all(|one| one.outcome.value == "not_applicable")
        {
            continue;
        }
        if found.len() != expected.len() {
            lines.push(format!(
                "{}: {} outcomes, not {}",
                rule.value,
                found.len(),
                expected.len()
            ));
        }
        for (expect, verdict) in expected.iter().zip(found) {
            lines.extend(
                differs(&checker, &scratch, verdict, expect).map(|line| format!("{}: {line}", rule.value)),
            );
        }
    }
    let whole = [
        ("entry", &case.wanted.entry, report.entry()),
        ("verdict", &case.wanted.verdict, report.verdict()),
    ];
    for (what, wanted, found) in whole {
        if let Some(wanted) = wanted.as_ref().filter(|wanted| wanted.value != found) {
            lines.push(format!("{what}: {found}, not {}", wanted.value));
        }
    }
    lines
}

fn differs(checker: &Checker<'_>, scratch: &Scratch, verdict: &Verdict, expect: &Expect) -> Option<String> {
    let plan = checker.plan().unwrap();
    let reason = match verdict.outcome {
        Outcome::Undetermined(Why::Author(number)) => plan.reasons.get(usize::from(number)).cloned(),
        Outcome::Undetermined(why) => why.word().map(str::to_owned),
        Outcome::Faulted(fault) => Some(fault.code().to_owned()),
        Outcome::Pass | Outcome::Fail | Outcome::NotApplicable => None,
    };
    let trace = checker.trace(scratch, verdict);
    let pointers = |paths: &[(Step, u32)]| {
        let pointer = |(step, slot): &(Step, u32)| of_slot(&plan.form, &scratch.answers.store, *step, *slot);
        let mut pointers: Vec<String> = paths.iter().map(pointer).collect();
        pointers.sort();
        pointers
    };
    let outcome = verdict.outcome.word();
    if outcome != expect.outcome.value {
        return Some(format!(
            "{outcome} {reason:?} {:?}, not {}",
            pointers(&trace.missing),
            expect.outcome.value
        ));
    }
    if expect.reason.is_some() && expect.reason != reason {
        return Some(format!("{reason:?}, not {:?}", expect.reason));
    }
    for (wanted, paths) in [(&expect.missing, &trace.missing), (&expect.at, &trace.at)] {
        let sorted = wanted.clone().map(|mut list| {
            list.sort();
            list
        });
        if let Some(wanted) = sorted.filter(|wanted| *wanted != pointers(paths)) {
            return Some(format!("{:?}, not {wanted:?}", pointers(paths)));
        }
    }
    let margin = trace.margin.map(|(value, _)| value);
    match expect.margin {
        Some(wanted) if margin.is_none_or(|margin| (margin - wanted).abs() > 1e-6) => {
            Some(format!("margin {margin:?}, not {wanted}"))
        }
        _ => None,
    }
}
