//! `cargo xtask <command>`: everything that is done to this repository from outside, one file per command.
//!
//! In come a command name and its flags; out come the commands that ran, each shown before it starts, and an exit status.
//! This crate runs tools and reads files. It knows none of the other crates: what it wants from them it asks the built
//! programs for.

mod bench;
mod bless;
mod build;
mod contract;
mod crash;
mod demo;
mod docs;
mod fault;
mod flags;
mod fuzz;
mod load;
mod mutants;
mod package;
mod parity;
mod portable;
mod repo;
mod run;
mod semver;
mod serving;
mod setup;
mod size;
mod stamp;
mod test;
mod tidy;

use fault::{Fault, Result};
use flags::Flags;
use repo::Repo;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command>

  setup                     install what the other commands need (idempotent, quick the second time)
  build                     command line, bundles, wasm modules, npm package, page
  demo [--port N]           build, then serve page and recheck on one port (8787, or the next free one)
  test [--fast] [--only S]  every check; --fast leaves out what needs minutes, --only S runs one step
  tidy                      the house rules that a compiler does not check
  bless                     record the snapshots anew; look at the diff before you commit it
  size                      compressed size of the browser module against its budget
  bench [native|node|all]   the benchmarks of docs/benchmarks.md
  mutants [WORD…]           a mistake in every param and comparison of the rulesets: does a case notice it?
  parity [--count N]        N submissions a ruleset (100,000) natively, in Node and in a browser, byte for byte
  crash [--runs N] [--database sqlite|postgres|both]   kill the server N times (200) under load; fill its disk, stop its database
  replay [--entries N] [--database …]   fill a server with N submissions (100,000) and judge all of them again
  contract [--examples N]   does the server keep to its OpenAPI document? 100 requests an address, made by schemathesis
  load [--seconds N] [--connections N]   rechecks and stored submissions a second, asked by wrk
  docs                      the reference of the npm package's and the crates' types, as pages
  package                   what crates.io would get of each published crate, compiled from what was packed
  semver [REVISION]         do the libraries keep their promise to users of the last release, or of REVISION?
  fuzz [--target T] [--seconds N]   the fuzz targets, 600 seconds each; needs a nightly compiler

Examples
  cargo xtask demo
  cargo xtask test --fast
  cargo xtask test --only clippy";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_else(|| "help".to_owned());
    match dispatch(&command, Flags::new(words.collect())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("\nxtask {command}: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &str, flags: Flags) -> Result<()> {
    let repo = Repo::find()?;
    match command {
        "setup" => {
            flags.finish()?;
            setup::run(&repo, setup::Browser::Wanted)
        }
        "build" => {
            flags.finish()?;
            setup::run(&repo, setup::Browser::NotNeeded)?;
            build::run(&repo)
        }
        "demo" => demo::run(&repo, flags),
        "test" => test::run(&repo, flags),
        "tidy" => {
            flags.finish()?;
            tidy::run(&repo)
        }
        "bless" => {
            flags.finish()?;
            bless::run(&repo)
        }
        "size" => {
            flags.finish()?;
            size::run(&repo)
        }
        "bench" => bench::run(&repo, flags),
        "mutants" => mutants::run(&repo, flags),
        "parity" => parity::run(&repo, flags),
        "replay" => crash::replay(&repo, flags),
        "crash" => crash::run(&repo, flags),
        "contract" => contract::run(&repo, flags),
        "load" => load::run(&repo, flags),
        "docs" => {
            flags.finish()?;
            setup::run(&repo, setup::Browser::NotNeeded)?;
            docs::run(&repo)
        }
        "package" => {
            flags.finish()?;
            package::run(&repo)
        }
        "semver" => semver::run(&repo, flags),
        "fuzz" => fuzz::run(&repo, flags),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(Fault::new(
            format!("there is no command `{other}`"),
            "see `cargo xtask help`",
        )),
    }
}
