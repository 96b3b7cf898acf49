//! Which outcomes a rule should have a case for, and which of them none reaches.
//!
//! In: the rules as they run, the outcomes and reasons that the cases reached. Out: what is lacking, in words. Must not know: how cases
//! are run.

use super::Results;
use crate::project::Family;
use rules_compiler::diagnostic::{Code, Diagnostic};
use rules_core::eval::Outcome;
use rules_core::plan::Rule;
use std::collections::BTreeMap;

/// Places in `Results::reached`.
fn index(word: &str) -> usize {
    Outcome::WORDS.iter().position(|one| *one == word).unwrap_or(0)
}

/// A line for every rule that lacks something. `told` are the compiler's diagnostics: whether a rule can be undetermined for want of an
/// answer, and has no such case, it knows.
pub(super) fn lacking(family: &Family, results: &Results, told: &[Diagnostic]) -> Vec<String> {
    let mut rules: BTreeMap<&str, &Rule> = BTreeMap::new();
    let variants = family.compiled.iter().flat_map(|compiled| &compiled.variants);
    for rule in variants.flat_map(|variant| &variant.plan.rules) {
        rules.insert(&rule.id, rule);
    }
    let mut lines = Vec::new();
    for (id, rule) in rules {
        let reached = results.reached.get(id).copied().unwrap_or_default();
        let has = |word: &str| reached.get(index(word)).is_some_and(|count| *count > 0);
        let reasons = results.reasons.get(id);
        let gave = |reason: &str| reasons.is_some_and(|reasons| reasons.contains(reason));
        let undetermined = told.iter().any(|one| {
            one.code == Code::R0704
                && one.message.contains(&format!("`{id}`"))
                && one.message.contains("undetermined")
        });
        let conditional = rule.when.is_some() || rule.filter.is_some();
        let wanted = [
            (has("pass"), "passes"),
            (has("fail"), "fails"),
            (!undetermined || has("undetermined"), "is undetermined"),
            (!conditional || has("not_applicable"), "does not apply"),
            (rule.due.is_none() || gave("not_due"), "is not due"),
            (rule.evidence.is_empty() || gave("no_evidence"), "lacks evidence"),
        ];
        let lacks: Vec<&str> = wanted
            .iter()
            .filter(|(reached, _)| !reached)
            .map(|(_, word)| *word)
            .collect();
        if !lacks.is_empty() {
            lines.push(format!(
                "{} {id}: no case in which it {}",
                family.id,
                lacks.join(", or ")
            ));
        }
    }
    lines
}
