//! `build`: from sources to everything that is shipped, in the order in which one thing needs another: the command line,
//! the rulesets' bundles, the three wasm modules, the npm package, the page, and the book of rules beside it. What is up to date is left alone.

use crate::fault::{Fault, Result};
use crate::repo::Repo;
use crate::setup::WASM_PACK;
use crate::stamp::Stamp;
use crate::{docs, portable, run};
use std::path::PathBuf;

/// One wasm module of the npm package.
struct Module {
    name: &'static str,
    folder: &'static str,
    features: &'static [&'static str],
    sources: &'static [&'static str],
}

/// What the form runs.
const RUNTIME: Module = Module {
    name: "wasm-runtime",
    folder: "wasm",
    features: &[],
    sources: &["rules-core", "rules-wasm"],
};

/// The same with the compiler in it, for authors' tools.
const AUTHOR: Module = Module {
    name: "wasm-author",
    folder: "wasm-author",
    features: &["--features", "author"],
    sources: &["rules-core", "rules-compiler", "rules-tables", "rules-wasm"],
};

/// What shapes every wasm module beside its crates.
const WASM_INPUTS: [&str; 4] = ["Cargo.toml", "Cargo.lock", ".cargo", "rust-toolchain.toml"];

/// The command line, and the bundles that it makes.
pub(crate) fn command_line(repo: &Repo) -> Result<()> {
    println!("== build: command line");
    run::visible(repo.cargo().args(["build", "--release", "-p", "rules-cli"]))?;
    println!("== build: bundles");
    let mut bundles = repo.command(repo.rules_binary());
    run::visible(
        bundles
            .args(["build", "rulesets", "-o"])
            .arg(repo.target("bundles")),
    )
}

pub(crate) fn run(repo: &Repo) -> Result<()> {
    command_line(repo)?;
    module(repo, &RUNTIME)?;
    module(repo, &AUTHOR)?;
    portable::build(repo)?;
    script(
        repo,
        "npm-package",
        "rules-wasm/npm",
        // The glue comes from the modules, so what makes those makes the package.
        &[
            "rules-core",
            "rules-compiler",
            "rules-tables",
            "rules-wasm",
            "Cargo.toml",
            "Cargo.lock",
            ".cargo",
        ],
        &[
            "rules-wasm/npm/dist/index.js",
            "rules-wasm/npm/dist/node.js",
            "rules-wasm/npm/dist/portable.cjs",
        ],
    )?;
    script(
        repo,
        "web-demo",
        "web-demo",
        &[
            "rules-core",
            "rules-compiler",
            "rules-tables",
            "rules-wasm",
            "rulesets",
            "web-demo",
        ],
        &["web-demo/dist"],
    )?;
    println!("== build: book of rules");
    let mut book = repo.command(repo.rules_binary());
    run::visible(book.args(["docs", "rulesets", "-o", "web-demo/dist/book"]))?;
    docs::package(repo)
}

/// Builds one wasm module with wasm-pack, which runs wasm-bindgen and wasm-opt. The cargo profile is `wasm` of the
/// workspace; what wasm-opt is told stands in `rules-wasm/Cargo.toml` under `package.metadata.wasm-pack.profile.custom`.
fn module(repo: &Repo, module: &Module) -> Result<()> {
    println!("== build: {}", module.name);
    let inputs: Vec<&str> = module.sources.iter().chain(&WASM_INPUTS).copied().collect();
    let stamp = Stamp::new(repo, module.name, &inputs, &[WASM_PACK])?;
    let folder = format!("rules-wasm/npm/{}", module.folder);
    let results = ["rules_wasm_bg.wasm", "rules_wasm.js", "rules_wasm.d.ts"];
    let results = results.map(|file| repo.path(&format!("{folder}/{file}")));
    if stamp.holds(&results) {
        println!("up to date");
        return Ok(());
    }
    if repo.which("wasm-opt").is_none() {
        return Err(Fault::new(
            "wasm-opt is missing",
            "run `cargo xtask setup`; npm's package binaryen brings it",
        ));
    }
    let mut pack = repo.command("wasm-pack");
    pack.args([
        "build",
        "rules-wasm",
        "--mode",
        "no-install",
        "--target",
        "web",
        "--profile",
        "wasm",
    ]);
    pack.args([
        "--no-pack",
        "--no-gitignore",
        "--out-dir",
        &format!("npm/{}", module.folder),
    ]);
    // Words after the crate go to cargo.
    pack.args(module.features);
    run::visible(&mut pack)?;
    stamp.keep()
}

/// Runs the `build` script of one npm workspace unless its inputs are as they were.
fn script(repo: &Repo, name: &str, workspace: &str, inputs: &[&str], results: &[&str]) -> Result<()> {
    println!("== build: {name}");
    let inputs: Vec<&str> = inputs
        .iter()
        .copied()
        .chain(["package-lock.json", "tsconfig.base.json"])
        .collect();
    let stamp = Stamp::new(repo, name, &inputs, &[])?;
    let results: Vec<PathBuf> = results.iter().map(|result| repo.path(result)).collect();
    if stamp.holds(&results) {
        println!("up to date");
        return Ok(());
    }
    run::visible(repo.command("npm").args(["run", "build", "-w", workspace]))?;
    stamp.keep()
}
