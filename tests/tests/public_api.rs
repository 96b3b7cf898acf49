//! What the crate `rules-core` promises to other programs: its public items as a list, and the bundle that its documentation runs.
//!
//! In: the documentation's JSON of `cargo rustdoc`, `tests/cases/public-api/rules-core.txt`, `CHANGELOG.md`. Out: what was added or taken away.
//! `BLESS=1` writes the list; the changelog's line is written by whoever knows what the change means to others.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot read its data should stop"
)]

mod cli_program;

use rules_core::digest::sha256;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// One public item a line, sorted. The JSON of rustdoc is unstable, so the pinned compiler is asked for it as its own makers are, and
/// the reader's version is the one that knows this compiler's.
fn items() -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("public-api");
    let done = Command::new(env!("CARGO"))
        .current_dir(root())
        .args([
            "rustdoc",
            "-p",
            "rules-core",
            "--lib",
            "--quiet",
            "--locked",
            "--target-dir",
        ])
        .arg(&target)
        .args(["--", "-Z", "unstable-options", "--output-format", "json"])
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove("RUSTDOCFLAGS")
        .status()
        .unwrap();
    assert!(done.success(), "`cargo rustdoc` failed, see above");
    let api = public_api::Builder::from_rustdoc_json(target.join("doc/rules_core.json"))
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()
        .unwrap_or_else(|error| {
            panic!("{error}\n(public-api must know the JSON of the compiler in rust-toolchain.toml)")
        });
    api.items().map(|item| format!("{item}\n")).collect()
}

#[test]
fn the_public_items_are_those_on_record() {
    let record = root().join("tests/cases/public-api/rules-core.txt");
    let now = items();
    let kept = fs::read_to_string(&record).unwrap_or_default();
    if std::env::var_os("BLESS").is_some() && kept != now {
        fs::write(&record, &now).unwrap();
    } else {
        let (old, new): (BTreeSet<&str>, BTreeSet<&str>) = (kept.lines().collect(), now.lines().collect());
        let lines = |sign: &str, of: &BTreeSet<&str>, without: &BTreeSet<&str>| -> String {
            of.difference(without)
                .map(|line| format!("{sign} {line}\n"))
                .collect()
        };
        assert!(
            kept == now,
            "the public items of rules-core are others than on record:\n{}{}\
             What is taken away or changed breaks programs of others. If it is meant: `BLESS=1 cargo test -p rules-tests --test public_api`.",
            lines("-", &old, &new),
            lines("+", &new, &old),
        );
    }
    let digest = sha256(now.as_bytes());
    let short = digest
        .get("sha256:".len()..)
        .and_then(|hex| hex.get(..12))
        .unwrap();
    let line = format!("Public items of `rules-core`: `{short}`");
    let changelog = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    let unreleased = changelog.split("\n## ").nth(1).unwrap_or_default();
    assert!(
        unreleased.contains(&line),
        "the public items of rules-core have changed since CHANGELOG.md was written. Say there, under the newest heading, what is different \
         for those who use the crate, and let its line read:\n- {line}"
    );
}

/// The documentation of the crate runs this bundle: it is what the command line builds of the ruleset beside it.
#[test]
fn the_bundle_of_the_documentation_is_built_from_its_ruleset() {
    let examples = root().join("rules-core/examples");
    let out = cli_program::fresh("documented");
    cli_program::bundles(examples.join("shop"), &out);
    let bundle = fs::read_to_string(out.join("shop.rules.json")).unwrap();
    let file = examples.join("shop.rules.json");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, &bundle).unwrap();
    }
    assert!(
        fs::read_to_string(&file).unwrap() == bundle,
        "rules-core/examples/shop.rules.json is not what its ruleset compiles to; `BLESS=1 cargo test -p rules-tests --test public_api`"
    );
}
