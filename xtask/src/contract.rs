//! `contract [--examples N] [--seed S]`: does the server keep to its OpenAPI document, whatever it is asked? schemathesis makes the requests: as
//! the document allows, next to what it allows, and in sequences.
//!
//! In: a built server. Out: its report. Must not know: addresses; the document names them.

use crate::fault::Result;
use crate::flags::Flags;
use crate::repo::Repo;
use crate::serving::Serving;
use crate::{build, crash, run, setup};

/// Submissions that are there before anything is asked.
const SUBMISSIONS: &str = "60";

/// Requests an address in `test`.
pub(crate) const CI: u32 = 15;

pub(crate) fn run(repo: &Repo, mut flags: Flags) -> Result<()> {
    let examples = flags.number("--examples", 100)?;
    let seed = flags.number("--seed", 1)?;
    flags.finish()?;
    build::command_line(repo)?;
    check(repo, examples, seed)
}

/// Asks a server as an administrator, `examples` times an address.
pub(crate) fn check(repo: &Repo, examples: u32, seed: u32) -> Result<()> {
    let mut schemathesis = setup::schemathesis(repo)?;
    // With submissions in it, so that what reads them finds some.
    let folder = crash::prepare(repo, "contract")?;
    let mut fill = crash::program(repo, &folder);
    run::visible(fill.args(["--fill", SUBMISSIONS]))?;
    let serving = Serving::over(repo, "contract", None, &[])?;
    // It keeps notes where it runs.
    schemathesis
        .current_dir(repo.target("tmp"))
        .arg("--config-file")
        .arg(repo.path("tests/services/schemathesis.toml"))
        .arg("run")
        .arg(format!("{}/openapi.json", serving.address))
        .args(["--max-examples", &examples.to_string()])
        .args(["--seed", &seed.to_string()])
        .env("WEIBAO_TOKEN", &serving.admin);
    run::visible(&mut schemathesis)
}
