//! What Rust needs to make the browser module: the compiler's wasm targets, wasm-pack, and the wasm-bindgen program of
//! exactly the version that the lock file names. Tools go to `target/tools` unless the machine has the right ones.

use super::say;
use crate::fault::{Fault, Result};
use crate::repo::Repo;
use crate::run;

/// The browser's target, and one without any std: that the core compiles there proves it `no_std`.
const TARGETS: [&str; 2] = ["wasm32-unknown-unknown", "wasm32v1-none"];

/// The wasm-pack that the build is written for.
pub(crate) const WASM_PACK: &str = "0.15.1";

/// The cargo-semver-checks that reads the pinned compiler's documentation.
const SEMVER_CHECKS: &str = "0.51.0";

/// The wasm-bindgen to install while the lock file names none.
const WASM_BINDGEN: &str = "0.2.130";

pub(super) fn targets(repo: &Repo) -> Result<()> {
    // Looked up in the compiler's own folder, because asking rustup costs a quarter of a second a question.
    let libraries = run::output(repo.command("rustc").args(["--print", "sysroot"]))?;
    let libraries = std::path::Path::new(libraries.trim()).join("lib/rustlib");
    for target in TARGETS {
        if libraries.join(target).is_dir() {
            say(target, "installed");
            continue;
        }
        say(target, "adding the compiler's target");
        run::visible(repo.command("rustup").args(["target", "add", target])).map_err(|fault| {
            Fault::new(
                format!("the target {target} is missing: {fault}"),
                format!("install it: `rustup target add {target}`"),
            )
        })?;
    }
    Ok(())
}

pub(super) fn wasm_tools(repo: &Repo) -> Result<()> {
    tool(repo, "wasm-pack", "wasm-pack", WASM_PACK, true)?;
    let bindgen = locked_wasm_bindgen(&repo.read("Cargo.lock")?).unwrap_or_else(|| WASM_BINDGEN.to_owned());
    // Without its own lock file: that one names versions which some registries no longer offer.
    tool(repo, "wasm-bindgen", "wasm-bindgen-cli", &bindgen, false)
}

/// For `cargo xtask semver` only: building it takes minutes.
pub(crate) fn semver_checks(repo: &Repo) -> Result<()> {
    tool(
        repo,
        "cargo-semver-checks",
        "cargo-semver-checks",
        SEMVER_CHECKS,
        true,
    )
}

fn tool(repo: &Repo, program: &str, package: &str, version: &str, locked: bool) -> Result<()> {
    if installed(repo, program).as_deref() == Some(version) {
        say(program, version);
        return Ok(());
    }
    say(
        program,
        &format!("installing {version} into target/tools (minutes, once)"),
    );
    let mut install = repo.cargo();
    install.args(["install", package, "--version", version, "--quiet", "--force"]);
    if locked {
        install.arg("--locked");
    }
    run::visible(install.arg("--root").arg(repo.target("tools")))?;
    match installed(repo, program) {
        Some(found) if found == version => Ok(()),
        _ => Err(Fault::new(
            format!("{program} {version} was installed, but does not run"),
            "remove target/tools and run `cargo xtask setup` again",
        )),
    }
}

/// The version that the program on the search path says it is.
fn installed(repo: &Repo, program: &str) -> Option<String> {
    let path = repo.which(program)?;
    let said = run::output(repo.command(path).arg("--version")).ok()?;
    said.split_whitespace().nth(1).map(str::to_owned)
}

/// The wasm-bindgen that our crates are compiled with; its program must be of the same version.
fn locked_wasm_bindgen(lock: &str) -> Option<String> {
    let (_, rest) = lock.split_once("name = \"wasm-bindgen\"\n")?;
    rest.lines()
        .next()?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::locked_wasm_bindgen;

    #[test]
    fn the_locked_version_is_found() {
        let lock = "[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(locked_wasm_bindgen(lock).as_deref(), Some("0.2.130"));
        assert_eq!(
            locked_wasm_bindgen("name = \"wasm-bindgen-macro\"\nversion = \"1\"\n"),
            None
        );
    }
}
