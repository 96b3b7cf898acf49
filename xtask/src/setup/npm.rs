//! The JavaScript packages of all npm workspaces, by `npm ci`: exactly what the lock file says. Binaryen's wasm-opt is
//! among them.

use super::say;
use crate::fault::{Fault, Result};
use crate::repo::Repo;
use crate::run;
use crate::stamp::Stamp;

/// What decides the content of `node_modules`.
const INPUTS: [&str; 6] = [
    "package.json",
    "package-lock.json",
    ".npmrc",
    "rules-wasm/npm/package.json",
    "web-demo/package.json",
    "tests/js/package.json",
];

pub(super) fn install(repo: &Repo) -> Result<()> {
    let stamp = Stamp::new(repo, "npm", &INPUTS, &[])?;
    let results = [
        repo.path("node_modules/.package-lock.json"),
        repo.path("node_modules/.bin/wasm-opt"),
    ];
    if stamp.holds(&results) {
        say("npm packages", "installed");
        return Ok(());
    }
    say("npm packages", "installing");
    run::visible(repo.command("npm").args(["ci", "--no-audit", "--no-fund"])).map_err(|fault| {
        Fault::new(
            fault.to_string(),
            "if it says that package.json and package-lock.json do not agree: `npm install`, then commit the lock file",
        )
    })?;
    stamp.keep()
}
