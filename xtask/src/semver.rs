//! `semver [REVISION]`: do the published libraries keep their promise to those who use the last release? cargo-semver-checks compares the
//! public items with a revision's, by default the last tag `v…`. A command of its own and no test step: building the tool takes longer than
//! everything that the tests may add. What the tests hold is the list in `tests/cases/public-api`.

use crate::fault::{Fault, Result};
use crate::flags::Flags;
use crate::repo::Repo;
use crate::{run, setup};

/// The libraries; a program has no items that others could use.
const LIBRARIES: [&str; 5] = [
    "rules-core",
    "rules-tables",
    "rules-compiler",
    "rules-functions",
    "rules-server",
];

pub(crate) fn run(repo: &Repo, mut flags: Flags) -> Result<()> {
    let revision = flags.word();
    flags.finish()?;
    let revision = match revision {
        Some(revision) => revision,
        None => last_release(repo)?,
    };
    setup::semver_checks(repo)?;
    let mut check = repo.cargo();
    check.args(["semver-checks", "--baseline-rev", &revision]);
    run::visible(check.args(LIBRARIES.iter().flat_map(|name| ["-p", name])))
}

fn last_release(repo: &Repo) -> Result<String> {
    let mut describe = repo.command("git");
    describe.args(["describe", "--tags", "--abbrev=0", "--match", "v*"]);
    run::output(&mut describe)
        .map(|tag| tag.trim().to_owned())
        .map_err(|_| {
            Fault::new(
                "nothing was released yet: there is no tag `v…` to compare with",
                "name a revision: `cargo xtask semver main`",
            )
        })
}
