//! `parity [--count N]`: every real ruleset's cases and N generated submissions, judged natively, in Node and in a browser; the reports are
//! compared byte for byte.

use crate::fault::{Fault, Result};
use crate::flags::Flags;
use crate::repo::Repo;
use crate::{run, setup};
use std::path::PathBuf;

/// Submissions a ruleset in continuous integration; releases take 100,000.
pub(crate) const CI: usize = 10_000;

pub(crate) fn run(repo: &Repo, mut flags: Flags) -> Result<()> {
    let count = flags.number("--count", 100_000)?;
    flags.finish()?;
    check(repo, count)
}

/// Makes the submissions and compares.
pub(crate) fn check(repo: &Repo, count: usize) -> Result<()> {
    let Some(chromium) = setup::find_browser(repo)? else {
        return Err(Fault::new("there is no browser", "run `cargo xtask setup`"));
    };
    submissions(repo, count, "target/parity")?;
    let folders = folders(repo, "target/parity")?;
    let mut node = repo.command("node");
    node.arg("tests/js/parity/run.mjs")
        .args(folders)
        .arg("--chromium")
        .env("CHROMIUM", chromium);
    run::visible(&mut node)
}

/// Makes the submissions with the native engine's reports.
pub(crate) fn submissions(repo: &Repo, count: usize, folder: &str) -> Result<()> {
    let count = count.to_string();
    run::visible(repo.test_program("parity").args([&count, folder]))
}

/// The folders that were made, in order.
pub(crate) fn folders(repo: &Repo, folder: &str) -> Result<Vec<PathBuf>> {
    let mut folders: Vec<_> = std::fs::read_dir(repo.path(folder))
        .map_err(|error| Fault::new(error.to_string(), format!("look at {folder}")))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    folders.sort();
    Ok(folders)
}
