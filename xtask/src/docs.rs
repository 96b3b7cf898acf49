//! The reference, made of the sources: pages of the npm package's types in `web-demo/dist/api`, which the demo serves beside the page as
//! `/api/index.html`, and with `docs` also those of the published crates in `api/rust`. What is exported without words fails either.

use crate::fault::{Fault, Result};
use crate::package::PUBLISHED;
use crate::repo::Repo;
use crate::run;
use crate::stamp::Stamp;
use std::path::Path;

const PAGES: &str = "web-demo/dist/api";

/// Both references.
pub(crate) fn run(repo: &Repo) -> Result<()> {
    package(repo)?;
    println!("== docs: crates");
    let mut rustdoc = repo.cargo();
    rustdoc.args(["doc", "--no-deps", "--lib", "--quiet"]);
    // The command is no library, and its documentation would take the place of one.
    let libraries = PUBLISHED.iter().filter(|name| **name != "rules-cli");
    rustdoc.args(libraries.flat_map(|name| ["-p", name]));
    run::visible(rustdoc.env("RUSTDOCFLAGS", "-D warnings"))?;
    let to = repo.path(&format!("{PAGES}/rust"));
    copy(&repo.target("doc"), &to).map_err(|error| {
        Fault::new(
            format!("`{}` cannot be written: {error}", to.display()),
            "free some disk space",
        )
    })?;
    println!("docs: {PAGES}/index.html and {PAGES}/rust/rules_core/index.html");
    Ok(())
}

/// The npm package's, unless its sources are as they were.
pub(crate) fn package(repo: &Repo) -> Result<()> {
    println!("== docs: npm package");
    let stamp = Stamp::new(repo, "reference", &["rules-wasm/npm", "package-lock.json"], &[])?;
    if stamp.holds(&[repo.path(&format!("{PAGES}/index.html"))]) {
        println!("up to date");
        return Ok(());
    }
    let mut node = repo.command("node");
    run::visible(node.args(["rules-wasm/npm/reference.mjs", PAGES]))?;
    stamp.keep()
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()))?;
        } else {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
