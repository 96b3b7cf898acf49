//! `bench [native|node|all]`: the benchmarks behind docs/benchmarks.md, one command a side. Each compares all answers
//! before it times anything, and prints ratios of one run; absolute times belong to one machine.

use crate::fault::{Fault, Result};
use crate::flags::Flags;
use crate::repo::Repo;
use crate::{build, run, setup};

pub(crate) fn run(repo: &Repo, mut flags: Flags) -> Result<()> {
    let side = flags.word().unwrap_or_else(|| "all".to_owned());
    flags.finish()?;
    let (native, node) = match side.as_str() {
        "native" => (true, false),
        "node" => (false, true),
        "all" => (true, true),
        other => {
            return Err(Fault::new(
                format!("`{other}` is no side of the benchmark"),
                "say native, node or all",
            ));
        }
    };
    if native {
        run::visible(repo.cargo().args([
            "run",
            "--profile",
            "speed",
            "-p",
            "rules-tests",
            "--bin",
            "bench",
        ]))?;
    }
    if node {
        setup::run(repo, setup::Browser::NotNeeded)?;
        build::run(repo)?;
        run::visible(repo.command("node").arg("tests/js/bench/run.mjs"))?;
    }
    Ok(())
}
