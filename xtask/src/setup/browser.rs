//! The browser of the end-to-end tests: any Chromium on the machine. Where there is none and we may install system
//! packages (Debian, Ubuntu), the system's own is installed, with a font that can draw Chinese.

use super::say;
use crate::fault::{Fault, Result};
use crate::repo::Repo;
use crate::run;
use std::path::PathBuf;
use std::process::Command;

/// Names that a Chromium goes by on the search path.
const PROGRAMS: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
];

/// Where macOS keeps one.
const APPLICATIONS: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

pub(super) fn provide(repo: &Repo) -> Result<()> {
    if let Some(path) = find(repo)? {
        say("browser", &path.display().to_string());
        return fonts(repo);
    }
    say("browser", "installing the system's Chromium");
    install(repo, &["chromium", "fonts-noto-cjk"])?;
    match find(repo)? {
        Some(_) => Ok(()),
        None => Err(absent(
            "the package `chromium` was installed, but no program came with it",
        )),
    }
}

/// The browser to test in: what `CHROMIUM` names, else one that is found.
pub(crate) fn find(repo: &Repo) -> Result<Option<PathBuf>> {
    if let Some(named) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
        return if named.is_file() {
            Ok(Some(named))
        } else {
            Err(Fault::new(
                format!("CHROMIUM names `{}`, which is no file", named.display()),
                "let it name a Chromium or Chrome program, or unset it",
            ))
        };
    }
    let on_path = PROGRAMS.iter().find_map(|program| repo.which(program));
    let applications = || APPLICATIONS.iter().map(PathBuf::from).find(|path| path.is_file());
    Ok(on_path.or_else(applications).or_else(playwrights))
}

/// A Chromium that an earlier `playwright install` left in its cache.
fn playwrights() -> Option<PathBuf> {
    let home = PathBuf::from(std::env::var_os("HOME")?);
    let caches = [".cache/ms-playwright", "Library/Caches/ms-playwright"].map(|cache| home.join(cache));
    let mut found: Vec<PathBuf> = caches
        .iter()
        .filter_map(|cache| std::fs::read_dir(cache).ok())
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("chromium-"))
        })
        .flat_map(|path| ["chrome-linux/chrome", "chrome-linux64/chrome"].map(|program| path.join(program)))
        .filter(|program| program.is_file())
        .collect();
    found.sort();
    found.pop()
}

/// Chinese text without a Chinese font is boxes: a page would still pass its tests and no picture of it could be used.
fn fonts(repo: &Repo) -> Result<()> {
    let Ok(list) = run::output(repo.command("fc-list").arg(":lang=zh")) else {
        return Ok(());
    };
    if !list.trim().is_empty() {
        say("chinese font", "installed");
        return Ok(());
    }
    say("chinese font", "none found, installing fonts-noto-cjk");
    if let Err(fault) = install(repo, &["fonts-noto-cjk"]) {
        println!("  chinese font   could not be installed; pictures of pages will show boxes. {fault}");
    }
    Ok(())
}

/// Installs packages of Debian or Ubuntu, as root or by a sudo that asks nothing.
pub(super) fn install(repo: &Repo, packages: &[&str]) -> Result<()> {
    if repo.which("apt-get").is_none() {
        return Err(absent("no browser was found, and this system has no apt-get"));
    }
    let root = run::output(repo.command("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !root && run::output(repo.command("sudo").args(["-n", "true"])).is_err() {
        return Err(absent("no browser was found, and installing one needs root"));
    }
    let apt = |words: &[&str]| -> Command {
        let mut command = repo.command(if root { "apt-get" } else { "sudo" });
        if !root {
            command.args(["-n", "apt-get"]);
        }
        command.args(words).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    run::visible(&mut apt(&["-qq", "update"]))?;
    let mut words = vec!["-qq", "-y", "--no-install-recommends", "install"];
    words.extend(packages);
    run::visible(&mut apt(&words)).map_err(|fault| absent(&fault.to_string()))
}

fn absent(why: &str) -> Fault {
    Fault::new(
        why,
        "install Chromium or Chrome, or let the variable CHROMIUM name one; without a browser everything but the \
         browser tests runs: `cargo xtask test --fast`",
    )
}
