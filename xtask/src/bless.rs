//! `bless`: records every snapshot anew by running the tests with `BLESS=1`, then shows which files changed. The changed
//! snapshots are reviewed like code.

use crate::fault::Result;
use crate::repo::Repo;
use crate::run;

pub(crate) fn run(repo: &Repo) -> Result<()> {
    run::visible(repo.cargo().args(["test", "--workspace"]).env("BLESS", "1"))?;
    println!("\nWhat changed (review it with `git diff`, then commit it with the change that caused it):");
    run::visible(repo.command("git").args(["status", "--short"]))
}
