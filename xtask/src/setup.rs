//! `setup`: everything the other commands need, installed once. It says what it does, does nothing that is already done,
//! and never relies on a download of prebuilt programs: tools come from crates.io, npm and the system's packages.

mod browser;
mod firefox;
mod hosts;
mod npm;
mod postgres;
mod services;
mod tools;
mod versions;

pub(crate) use browser::find as find_browser;
pub(crate) use firefox::find as find_firefox;
pub(crate) use hosts::provide as hosts;
pub(crate) use postgres::{Cluster, provide as postgres};
pub(crate) use services::{bucket, schemathesis, wrk};
pub(crate) use tools::{WASM_PACK, semver_checks};

use crate::fault::Result;
use crate::repo::Repo;
use std::time::Instant;

/// Whether the command that asks for set-up will open a page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Browser {
    Wanted,
    NotNeeded,
}

pub(crate) fn run(repo: &Repo, browser: Browser) -> Result<()> {
    let start = Instant::now();
    println!("== setup");
    versions::check(repo)?;
    tools::targets(repo)?;
    tools::wasm_tools(repo)?;
    npm::install(repo)?;
    if browser == Browser::Wanted {
        browser::provide(repo)?;
        firefox::provide(repo)?;
    }
    println!("setup: ready ({:.1} s)", start.elapsed().as_secs_f64());
    Ok(())
}

/// One line of what is there or what is being done.
fn say(what: &str, state: &str) {
    println!("  {what:<14} {state}");
}
