//! `fuzz [TARGET] [--seconds N]`: the fuzz targets of tests/fuzz, one after the other. Needs a nightly compiler; nothing else here does.

use crate::fault::{Fault, Result};
use crate::flags::Flags;
use crate::repo::Repo;
use crate::run;

const TARGETS: [&str; 5] = ["ruleset", "bundle", "answers", "packed", "session"];

pub(crate) fn run(repo: &Repo, mut flags: Flags) -> Result<()> {
    let seconds = flags.value("--seconds")?.unwrap_or_else(|| "600".to_owned());
    let only = flags.value("--target")?;
    flags.finish()?;
    if repo.which("cargo-fuzz").is_none() {
        run::visible(
            repo.cargo()
                .args(["install", "cargo-fuzz", "--version", "0.13.2"]),
        )?;
    }
    let mut found = false;
    for target in TARGETS
        .iter()
        .filter(|target| only.as_deref().is_none_or(|only| only == **target))
    {
        found = true;
        let limit = format!("-max_total_time={seconds}");
        run::visible(repo.command("cargo").args([
            "+nightly",
            "fuzz",
            "run",
            "--fuzz-dir",
            "tests/fuzz",
            target,
            "--",
            &limit,
            "-timeout=20",
            "-rss_limit_mb=4096",
        ]))?;
    }
    if found {
        return Ok(());
    }
    Err(Fault::new(
        "there is no such target",
        format!("choose from {}", TARGETS.join(", ")),
    ))
}
