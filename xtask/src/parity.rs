//! `parity [--count N]`: every real ruleset's cases and N generated submissions, judged natively, in Node and in a browser; the reports are
//! compared byte for byte.

use crate::fault::{Fault, Result};
use crate::flags::Flags;
use crate::repo::Repo;
use crate::{run, setup};

/// Submissions a ruleset in continuous integration; releases take 100,000.
pub(crate) const CI: usize = 10_000;

pub(crate) fn run(repo: &Repo, mut flags: Flags) -> Result<()> {
    let count = match flags.value("--count")? {
        Some(text) => text
            .parse()
            .map_err(|_| Fault::new(format!("`{text}` is no number"), "for example --count 100000"))?,
        None => 100_000,
    };
    flags.finish()?;
    check(repo, count)
}

/// Makes the submissions and compares.
pub(crate) fn check(repo: &Repo, count: usize) -> Result<()> {
    let Some(chromium) = setup::find_browser(repo)? else {
        return Err(Fault::new("there is no browser", "run `cargo xtask setup`"));
    };
    let count = count.to_string();
    run::visible(repo.cargo().args([
        "run",
        "--quiet",
        "--release",
        "-p",
        "rules-tests",
        "--bin",
        "parity",
        "--",
        &count,
        "target/parity",
    ]))?;
    let mut folders: Vec<_> = std::fs::read_dir(repo.path("target/parity"))
        .map_err(|error| Fault::new(error.to_string(), "look at target/parity"))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    folders.sort();
    let mut node = repo.command("node");
    node.arg("tests/js/parity/run.mjs")
        .args(folders)
        .arg("--chromium")
        .env("CHROMIUM", chromium);
    run::visible(&mut node)
}
