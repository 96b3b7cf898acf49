//! What other languages' hosts of the portable module need: Python with wasmtime in an environment below `target`, and wabt's wasm2c with a C
//! compiler from the system's packages.

use super::browser::packages;
use super::say;
use crate::fault::{Fault, Result};
use crate::repo::Repo;
use crate::run;
use crate::stamp::Stamp;
use std::path::PathBuf;

const REQUIREMENTS: &str = "tests/hosts/python/requirements.txt";

/// Where packages of wasm2c keep the C that its results need: Debian's, Homebrew's on both kinds of Mac.
const RUNTIMES: [&str; 4] = [
    "/usr/share/wabt/wasm2c",
    "/usr/local/share/wabt/wasm2c",
    "/opt/homebrew/share/wabt/wasm2c",
    "/usr/src/wasm2c",
];

/// The hosts, ready to run.
pub(crate) struct Hosts {
    /// A Python that has wasmtime.
    pub(crate) python: PathBuf,
    /// The folder with wasm2c's runtime as C.
    pub(crate) wasm2c: PathBuf,
}

/// Installs what is missing.
pub(crate) fn provide(repo: &Repo) -> Result<Hosts> {
    Ok(Hosts {
        python: python(repo)?,
        wasm2c: wasm2c(repo)?,
    })
}

fn python(repo: &Repo) -> Result<PathBuf> {
    environment(repo, "python host", "hosts/python", REQUIREMENTS)
}

/// A Python environment of its own in `folder` below `target`, with the packages of a file of requirements.
pub(super) fn environment(repo: &Repo, name: &str, folder: &str, requirements: &str) -> Result<PathBuf> {
    let in_target = folder;
    let folder = repo.target(folder);
    let python = folder.join("bin/python");
    let stamp = Stamp::new(repo, &name.replace(' ', "-"), &[requirements], &[])?;
    if stamp.holds(std::slice::from_ref(&python)) {
        say(name, "installed");
        return Ok(python);
    }
    say(
        name,
        &format!("installing {requirements} into target/{in_target}"),
    );
    let made = run::visible(repo.command("python3").args(["-m", "venv"]).arg(&folder));
    if made.is_err() {
        // Debian's Python comes without this module.
        packages(repo, &["python3", "python3-venv"])
            .map_err(|fault| Fault::new(fault.to_string(), "install Python 3 with its module venv"))?;
        run::visible(repo.command("python3").args(["-m", "venv"]).arg(&folder))?;
    }
    let mut pip = repo.command(&python);
    run::visible(pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        requirements,
    ]))?;
    stamp.keep()?;
    Ok(python)
}

fn wasm2c(repo: &Repo) -> Result<PathBuf> {
    let runtime = || {
        RUNTIMES
            .iter()
            .map(PathBuf::from)
            .find(|folder| folder.join("wasm-rt-impl.c").is_file())
    };
    let there = || repo.which("wasm2c").is_some() && repo.which("cc").is_some();
    if let (true, Some(folder)) = (there(), runtime()) {
        say("wasm2c", "installed");
        return Ok(folder);
    }
    say("wasm2c", "installing the system's wabt");
    let remedy = "install wabt (its wasm2c and wasm-rt-impl.c) and a C compiler";
    packages(repo, &["wabt", "gcc", "libc6-dev"]).map_err(|fault| Fault::new(fault.to_string(), remedy))?;
    match runtime() {
        Some(folder) if there() => Ok(folder),
        _ => Err(Fault::new(
            "wabt was installed, but wasm2c or its runtime is not there",
            remedy,
        )),
    }
}
