//! The second browser of the examples' tests: any Firefox on the machine. Where there is none and we may install system
//! packages (Debian), the system's own is installed. Without one, everything but the step `examples` runs.

use super::{browser, say};
use crate::fault::{Fault, Result};
use crate::repo::Repo;
use std::path::PathBuf;

/// Names that a Firefox goes by on the search path.
const PROGRAMS: [&str; 2] = ["firefox-esr", "firefox"];

/// Where macOS keeps it.
const APPLICATION: &str = "/Applications/Firefox.app/Contents/MacOS/firefox";

pub(super) fn provide(repo: &Repo) -> Result<()> {
    if let Some(path) = find(repo)? {
        say("firefox", &path.display().to_string());
        return Ok(());
    }
    say("firefox", "installing the system's Firefox");
    if let Err(fault) = browser::packages(repo, &["firefox-esr"]) {
        say(
            "firefox",
            &format!("could not be installed; the step `examples` needs it. {fault}"),
        );
    }
    Ok(())
}

/// The Firefox to test in: what `FIREFOX` names, else one that is found.
pub(crate) fn find(repo: &Repo) -> Result<Option<PathBuf>> {
    if let Some(named) = std::env::var_os("FIREFOX").map(PathBuf::from) {
        return if named.is_file() {
            Ok(Some(named))
        } else {
            Err(Fault::new(
                format!("FIREFOX names `{}`, which is no file", named.display()),
                "let it name a Firefox program, or unset it",
            ))
        };
    }
    let on_path = PROGRAMS.iter().find_map(|program| repo.which(program));
    let application = || Some(PathBuf::from(APPLICATION)).filter(|path| path.is_file());
    Ok(on_path.or_else(application))
}
