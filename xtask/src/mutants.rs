//! `mutants [WORD…]`: one deliberate mistake after another in the law's rulesets, and which of them no case notices.
//!
//! What is changed and how stands in `tests/src/mutants.rs`; those that cannot be noticed are explained in `tests/mutants.txt`.

use crate::fault::Result;
use crate::flags::Flags;
use crate::repo::Repo;
use crate::run;

pub(crate) fn run(repo: &Repo, flags: Flags) -> Result<()> {
    check(repo, &flags.rest()?)
}

/// Runs the mistakes whose names contain one of the words, or all.
pub(crate) fn check(repo: &Repo, words: &[String]) -> Result<()> {
    run::visible(repo.test_program("mutants").args(words))
}
