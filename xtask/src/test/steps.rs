//! The steps of `test`, in order. One entry a step: to add a check, add an entry.

use crate::fault::{Fault, Result};
use crate::repo::Repo;
use crate::{build, contract, crash, mutants, package, parity, portable, run, setup, size, tidy};

/// One step.
pub(super) struct Step {
    pub(super) name: &'static str,
    /// For the summary.
    pub(super) what: &'static str,
    /// Steps without whose result this one cannot run.
    pub(super) needs: &'static [&'static str],
    /// Left out by `--fast`.
    pub(super) slow: bool,
    pub(super) run: fn(&Repo, bool) -> Result<()>,
}

pub(super) const STEPS: &[Step] = &[
    Step {
        name: "setup",
        what: "tools, targets, npm packages, browser",
        needs: &[],
        slow: false,
        run: prepare,
    },
    Step {
        name: "format",
        what: "cargo fmt",
        needs: &[],
        slow: false,
        run: format,
    },
    Step {
        name: "clippy",
        what: "lints, warnings are errors",
        needs: &[],
        slow: false,
        run: clippy,
    },
    Step {
        name: "no-std",
        what: "the core compiles without std",
        needs: &["setup"],
        slow: false,
        run: no_std,
    },
    Step {
        name: "rustdoc",
        what: "documentation, warnings are errors",
        needs: &[],
        slow: true,
        run: rustdoc,
    },
    Step {
        name: "build",
        what: "everything that is shipped, and the reference: no symbol without words",
        needs: &["setup"],
        slow: false,
        run: build_all,
    },
    Step {
        name: "tidy",
        what: "house rules",
        needs: &[],
        slow: false,
        run: tidy_up,
    },
    Step {
        name: "cargo",
        what: "Rust tests",
        needs: &["setup", "build"],
        slow: false,
        run: cargo_test,
    },
    Step {
        name: "crash",
        what: "the server killed under load, its disk full, its database away",
        needs: &["build"],
        slow: true,
        run: crashes,
    },
    Step {
        name: "contract",
        what: "the server keeps to its OpenAPI document, whatever schemathesis asks",
        needs: &["build"],
        slow: true,
        run: keeps_contract,
    },
    Step {
        name: "package",
        what: "crates as crates.io would get them",
        needs: &[],
        slow: true,
        run: pack,
    },
    Step {
        name: "lint",
        what: "rules lint rulesets",
        needs: &["setup", "build"],
        slow: false,
        run: lint,
    },
    Step {
        name: "cases",
        what: "rules test rulesets",
        needs: &["setup", "build"],
        slow: false,
        run: cases,
    },
    Step {
        name: "mutants",
        what: "a case notices every wrong threshold",
        needs: &[],
        slow: true,
        run: mistakes,
    },
    Step {
        name: "js",
        what: "npm package in Node, types, tarball",
        needs: &["setup", "build"],
        slow: false,
        run: js,
    },
    Step {
        name: "parity",
        what: "native, Node and browser give equal bytes",
        needs: &["setup", "build"],
        slow: true,
        run: compare,
    },
    Step {
        name: "portable",
        what: "the portable module in Node, Python and C",
        needs: &["setup", "build"],
        slow: true,
        run: elsewhere,
    },
    Step {
        name: "browser",
        what: "the page in a real browser",
        needs: &["setup", "build"],
        slow: true,
        run: browser,
    },
    Step {
        name: "bundlers",
        what: "the package through Vite, webpack and esbuild",
        needs: &["setup", "build"],
        slow: true,
        run: bundlers,
    },
    Step {
        name: "examples",
        what: "form libraries with the packed package, in Chromium and Firefox",
        needs: &["setup", "build"],
        slow: true,
        run: examples,
    },
    Step {
        name: "size",
        what: "size budget",
        needs: &["setup", "build"],
        slow: false,
        run: weigh,
    },
];

fn prepare(repo: &Repo, fast: bool) -> Result<()> {
    setup::run(
        repo,
        if fast {
            setup::Browser::NotNeeded
        } else {
            setup::Browser::Wanted
        },
    )
}

fn format(repo: &Repo, _fast: bool) -> Result<()> {
    run::visible(repo.cargo().args(["fmt", "--all", "--check"]))
        .map_err(|fault| Fault::new(fault.to_string(), "`cargo fmt --all`"))
}

fn clippy(repo: &Repo, _fast: bool) -> Result<()> {
    run::visible(repo.cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ]))
}

fn no_std(repo: &Repo, _fast: bool) -> Result<()> {
    run::visible(repo.cargo().args([
        "check",
        "-p",
        "rules-core",
        "--target",
        "wasm32v1-none",
        "--quiet",
    ]))
}

fn rustdoc(repo: &Repo, _fast: bool) -> Result<()> {
    run::visible(
        repo.cargo()
            .args(["doc", "--workspace", "--no-deps", "--quiet"])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )
}

fn build_all(repo: &Repo, _fast: bool) -> Result<()> {
    build::run(repo)
}

fn tidy_up(repo: &Repo, _fast: bool) -> Result<()> {
    tidy::run(repo)
}

fn cargo_test(repo: &Repo, fast: bool) -> Result<()> {
    let cluster = setup::postgres(repo)?;
    let bucket = setup::bucket(repo)?;
    let mut cargo = repo.cargo();
    cargo.args(["test", "--workspace", "--no-fail-fast"]);
    cargo.env("WEIBAO_TEST_POSTGRES", cluster.address());
    cargo.env("WEIBAO_RULES", repo.rules_binary());
    cargo.envs(bucket.variables());
    run::visible(hurry(&mut cargo, fast))
}

fn crashes(repo: &Repo, _fast: bool) -> Result<()> {
    crash::check(repo, crash::CI, 1, true, true)
}

fn keeps_contract(repo: &Repo, _fast: bool) -> Result<()> {
    contract::check(repo, contract::CI, 1)
}

fn pack(repo: &Repo, _fast: bool) -> Result<()> {
    package::check(repo)
}

fn lint(repo: &Repo, _fast: bool) -> Result<()> {
    run::visible(repo.command(repo.rules_binary()).args(["lint", "rulesets"]))
}

fn cases(repo: &Repo, _fast: bool) -> Result<()> {
    run::visible(repo.command(repo.rules_binary()).args(["test", "rulesets"]))
}

fn mistakes(repo: &Repo, _fast: bool) -> Result<()> {
    mutants::check(repo, &[])
}

fn js(repo: &Repo, fast: bool) -> Result<()> {
    let mut npm = repo.command("npm");
    run::visible(hurry(npm.args(["test", "-w", "tests/js"]), fast))
}

fn browser(repo: &Repo, fast: bool) -> Result<()> {
    in_browser(repo, fast, "e2e")
}

fn bundlers(repo: &Repo, fast: bool) -> Result<()> {
    in_browser(repo, fast, "bundlers")
}

fn in_browser(repo: &Repo, fast: bool, script: &str) -> Result<()> {
    let Some(chromium) = setup::find_browser(repo)? else {
        return Err(Fault::new("there is no browser", "run `cargo xtask setup`"));
    };
    let once = || {
        let mut npm = repo.command("npm");
        npm.args(["run", script, "-w", "tests/js"])
            .env("CHROMIUM", &chromium);
        run::visible(hurry(&mut npm, fast))
    };
    // A browser on a loaded machine may lose its process; a page that is wrong is wrong twice.
    once().or_else(|fault| {
        println!("{fault}\nonce more, in case the browser itself went away");
        once()
    })
}

fn examples(repo: &Repo, _fast: bool) -> Result<()> {
    let (Some(chromium), Some(firefox)) = (setup::find_browser(repo)?, setup::find_firefox(repo)?) else {
        return Err(Fault::new(
            "the examples are tested in Chromium and in Firefox, and one of them is missing",
            "install it, or let the variable CHROMIUM or FIREFOX name one",
        ));
    };
    let mut npm = repo.command("npm");
    npm.args(["run", "examples", "-w", "tests/js"])
        .env("CHROMIUM", &chromium)
        .env("FIREFOX", &firefox);
    run::visible(&mut npm)
}

fn compare(repo: &Repo, _fast: bool) -> Result<()> {
    parity::check(repo, parity::CI)
}

fn elsewhere(repo: &Repo, _fast: bool) -> Result<()> {
    portable::check(repo)
}

fn weigh(repo: &Repo, _fast: bool) -> Result<()> {
    size::run(repo)
}

/// Tells generating tests to make fewer submissions.
fn hurry(command: &mut std::process::Command, fast: bool) -> &mut std::process::Command {
    if fast { command.env("FAST", "1") } else { command }
}
