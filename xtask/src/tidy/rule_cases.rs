//! Every rule of every ruleset has its cases. Only the `rules` program can tell, so it is asked; without a build, or with
//! one that does not know the question yet, this check has nothing to say.

use super::{Finding, Tree};
use crate::fault::Result;
use crate::run;

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let rules = tree.repo.rules_binary();
    if !rules.is_file() || !tree.repo.path("rulesets").is_dir() {
        return Ok(Vec::new());
    }
    let help = run::output(tree.repo.command(&rules).args(["test", "--help"])).unwrap_or_default();
    if !help.contains("--coverage") {
        return Ok(Vec::new());
    }
    Ok(
        match run::output(tree.repo.command(&rules).args(["test", "--coverage", "rulesets"])) {
            Ok(_) => Vec::new(),
            Err(_) => vec![Finding::new(
                "rulesets",
                "a rule lacks a case (or a case fails); `rules test --coverage rulesets` names it",
            )],
        },
    )
}
