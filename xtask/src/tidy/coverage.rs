//! What only the `rules` program can tell: that every rule has its cases, and that every clause of the registered documents is a rule or
//! told to be none. So it is asked; without a build, or with one that does not know the question yet, these checks have nothing to say.

use super::{Finding, Tree};
use crate::fault::Result;
use crate::run;

pub(super) fn rule_cases(tree: &Tree) -> Result<Vec<Finding>> {
    Ok(ask(
        tree,
        "test",
        "rulesets",
        "a rule lacks a case (or a case fails)",
    ))
}

pub(super) fn clauses(tree: &Tree) -> Result<Vec<Finding>> {
    Ok(ask(
        tree,
        "docs",
        "rulesets/sources",
        "a clause is neither a rule nor told to be none",
    ))
}

/// `rules COMMAND --coverage rulesets`: a finding at `place` where it does not end well.
fn ask(tree: &Tree, command: &str, place: &str, what: &str) -> Vec<Finding> {
    let rules = tree.repo.rules_binary();
    let says = |words: &[&str]| run::output(tree.repo.command(&rules).arg(command).args(words));
    let knows = rules.is_file() && says(&["--help"]).is_ok_and(|help| help.contains("--coverage"));
    if !knows || says(&["--coverage", "rulesets"]).is_ok() {
        return Vec::new();
    }
    vec![Finding::new(
        place,
        format!("{what}; `rules {command} --coverage rulesets` names it"),
    )]
}
