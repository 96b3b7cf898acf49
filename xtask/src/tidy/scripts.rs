//! No shell scripts beside `.ci/run`: what is done to the repository is a command of xtask, found by its help.

use super::{Finding, Tree};
use crate::fault::Result;

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let say = |file| Finding::new(file, "is a shell script; make it a command of xtask");
    Ok(tree
        .ending(&[".sh", ".bash", ".bat", ".ps1", "Makefile", "justfile"])
        .map(say)
        .collect())
}
