//! Every clause of the registered documents is a rule, or told to be none. Only the `rules` program can tell, so it is asked; without
//! a build this check has nothing to say.

use super::{Finding, Tree};
use crate::fault::Result;
use crate::run;

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let rules = tree.repo.rules_binary();
    if !rules.is_file() {
        return Ok(Vec::new());
    }
    let help = run::output(tree.repo.command(&rules).args(["docs", "--help"])).unwrap_or_default();
    if !help.contains("--coverage") {
        return Ok(Vec::new());
    }
    Ok(
        match run::output(tree.repo.command(&rules).args(["docs", "--coverage", "rulesets"])) {
            Ok(_) => Vec::new(),
            Err(_) => vec![Finding::new(
                "rulesets/sources",
                "a clause is neither a rule nor told to be none; `rules docs --coverage rulesets` names it",
            )],
        },
    )
}
