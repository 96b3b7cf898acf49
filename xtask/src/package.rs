//! `package`: what crates.io would get. In the ordinary test every published crate is packed, without the network: its texts and licences are
//! in it, and the core is compiled from what was packed. The command compiles all of them that way, as `cargo publish` does.

use crate::fault::{Fault, Result};
use crate::repo::Repo;
use crate::run;
use toml::de::DeTable;

/// The crates that are published, in the order in which they depend on each other.
pub(crate) const PUBLISHED: [&str; 6] = [
    "rules-core",
    "rules-tables",
    "rules-compiler",
    "rules-functions",
    "rules-server",
    "rules-cli",
];

/// What each package must hold beside its sources.
const FILES: [&str; 3] = ["README.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// What each manifest must say, so that crates.io and docs.rs can show the crate.
const WORDS: [&str; 8] = [
    "description",
    "license",
    "repository",
    "documentation",
    "readme",
    "keywords",
    "categories",
    "rust-version",
];

/// Everything that `cargo publish` does but the upload.
pub(crate) fn run(repo: &Repo) -> Result<()> {
    complete(repo)?;
    let mut publish = repo.cargo();
    publish.args(["publish", "--dry-run", "--allow-dirty"]);
    run::visible(publish.args(chosen(&PUBLISHED)))
}

/// The test step.
pub(crate) fn check(repo: &Repo) -> Result<()> {
    complete(repo)?;
    let pack = || {
        let mut pack = repo.cargo();
        pack.args(["package", "--quiet", "--offline", "--allow-dirty"]);
        pack
    };
    run::visible(pack().arg("--no-verify").args(chosen(&PUBLISHED)))?;
    run::visible(pack().args(chosen(&["rules-core"])))
}

fn chosen<'a>(names: &[&'a str]) -> Vec<&'a str> {
    names.iter().flat_map(|name| ["-p", name]).collect()
}

/// Manifests and files of all published crates; everything that is missing is told at once.
fn complete(repo: &Repo) -> Result<()> {
    let mut missing = Vec::new();
    for name in PUBLISHED {
        let manifest = repo.read(&format!("{name}/Cargo.toml"))?;
        missing.extend(unsaid(&manifest).map(|word| format!("{name}/Cargo.toml: `{word}` is missing")));
        let mut list = repo.cargo();
        list.args(["package", "--list", "--offline", "--allow-dirty", "-p", name]);
        let list = run::output(&mut list)?;
        let absent = FILES
            .iter()
            .filter(|file| !list.lines().any(|line| line == **file));
        missing.extend(absent.map(|file| format!("{name}: `{file}` is not in the package")));
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Fault::new(
        missing.join("\n  "),
        "a published crate has them all; look at rules-core",
    ))
}

/// The words that the table `[package]` of a manifest does not say.
fn unsaid(manifest: &str) -> impl Iterator<Item = &'static str> {
    let said = DeTable::parse(manifest).ok();
    WORDS.into_iter().filter(move |word| {
        let package = said.as_ref().and_then(|table| table.get_ref().get("package"));
        let package = package.and_then(|package| package.get_ref().as_table());
        !package.is_some_and(|package| package.contains_key(*word))
    })
}

#[cfg(test)]
mod tests {
    use super::{WORDS, unsaid};

    #[test]
    fn what_a_manifest_lacks_is_named() {
        let all: String = WORDS.iter().map(|word| format!("{word} = \"x\"\n")).collect();
        assert_eq!(unsaid(&format!("[package]\n{all}")).count(), 0);
        let fewer = all.replace("readme = \"x\"\n", "");
        assert_eq!(
            unsaid(&format!("[package]\n{fewer}")).collect::<Vec<_>>(),
            ["readme"]
        );
    }
}
