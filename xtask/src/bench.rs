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
        let mut node = repo.command("node");
        node.arg("tests/js/bench/run.mjs")
            .arg(format!("--native={}", addon(repo)?));
        run::visible(&mut node)?;
    }
    Ok(())
}

/// The core as a native addon of Node.js, built for this comparison only.
fn addon(repo: &Repo) -> Result<String> {
    let target = repo.target("node-native");
    let mut cargo = repo.cargo();
    cargo.args([
        "build",
        "--release",
        "--locked",
        "--manifest-path",
        "tests/node-native/Cargo.toml",
    ]);
    run::visible(cargo.arg("--target-dir").arg(&target))?;
    let name = format!(
        "release/{}rules_node_native{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    );
    Ok(target.join(name).display().to_string())
}
