//! The two programs that we cannot install ourselves: the Rust compiler of `rust-toolchain.toml` and Node.js.

use super::say;
use crate::fault::{Fault, Result};
use crate::repo::Repo;
use crate::run;

/// The oldest Node.js with everything the npm package and its tests use.
const NODE_MAJOR: u32 = 20;

pub(super) fn check(repo: &Repo) -> Result<()> {
    rust(repo)?;
    node(repo)
}

fn rust(repo: &Repo) -> Result<()> {
    let wanted = pinned(&repo.read("rust-toolchain.toml")?).unwrap_or_default();
    let said = run::output(repo.command("rustc").arg("--version"))?;
    let found = said.split_whitespace().nth(1).unwrap_or_default();
    if numbers(found) < numbers(&wanted) {
        return Err(Fault::new(
            format!("rustc is {found}, this repository needs {wanted}"),
            format!("install Rust with rustup, then `rustup toolchain install {wanted}`"),
        ));
    }
    say("rustc", found);
    Ok(())
}

fn node(repo: &Repo) -> Result<()> {
    let remedy = format!("install Node.js {NODE_MAJOR} or newer (with npm) and put it on the PATH");
    let said = run::output(repo.command("node").arg("--version"))
        .map_err(|fault| Fault::new(format!("Node.js does not run: {fault}"), remedy.clone()))?;
    let found = said.trim().trim_start_matches('v');
    if numbers(found).first().is_none_or(|major| *major < NODE_MAJOR) {
        return Err(Fault::new(
            format!("node is {found}, version {NODE_MAJOR} or newer is needed"),
            remedy,
        ));
    }
    say("node", found);
    Ok(())
}

/// The channel that `rust-toolchain.toml` names.
fn pinned(toolchain: &str) -> Option<String> {
    let (_, rest) = toolchain.split_once("channel")?;
    rest.split('"').nth(1).map(str::to_owned)
}

/// `1.95.0-nightly` → 1, 95, 0.
fn numbers(version: &str) -> Vec<u32> {
    version
        .split(['.', '-'])
        .map_while(|part| part.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{numbers, pinned};

    #[test]
    fn versions_compare_as_numbers() {
        assert!(numbers("1.100.0") > numbers("1.95.0"));
        assert!(numbers("1.95.1-nightly") > numbers("1.95.0"));
        assert!(numbers("").is_empty());
    }

    #[test]
    fn the_channel_is_read() {
        assert_eq!(
            pinned("[toolchain]\nchannel = \"1.95.0\"\n").as_deref(),
            Some("1.95.0")
        );
    }
}
