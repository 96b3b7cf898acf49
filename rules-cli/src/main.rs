//! `rules`: the command line of Weibao Rules. One file per command.
//!
//! In: arguments, files, standard input. Out: reports on standard output, diagnostics on standard error, a status. This program is the only place
//! that reads a clock (the default day of a check) and that draws diagnostics.

mod audit;
mod backup;
mod build;
mod check;
mod config;
mod discover;
mod docs;
mod fault;
mod files;
mod given;
mod labels;
mod library;
mod lint;
mod project;
mod purge;
mod receipt;
mod replay;
mod schema;
mod serve;
mod stored;
mod term;
mod test;
mod today;
mod users;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use fault::{Fault, Result, Status};
use std::process::ExitCode;

const EXAMPLES: &str = "\
Examples:
  rules lint rulesets                                   what is wrong with the rulesets
  rules test rulesets                                   run their cases
  rules check --ruleset rulesets/venue --input entry.json
  rules build rulesets -o bundles                       bundles that every runtime loads
  rules serve --bundles bundles                         recheck entries over HTTP

Exit status: 0 done; 1 something was found wrong; 3 bad command line, input or ruleset.
`rules check`: 0 pass, 1 fail, 2 undetermined, 3 bad input or ruleset.";

/// Written inspection rules: lint, test, build and run them.
#[derive(Parser)]
#[command(name = "rules", version, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Colours,
    #[command(subcommand)]
    command: Command,
}

/// When to use colours.
#[derive(Clone, Copy, ValueEnum)]
enum Colours {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Subcommand)]
enum Command {
    Lint(lint::Args),
    Test(test::Args),
    Build(build::Args),
    Check(check::Args),
    Docs(docs::Args),
    Schema(schema::Args),
    Serve(serve::Args),
    Replay(replay::Args),
    Audit(audit::Args),
    Receipt(receipt::Args),
    Backup(backup::Backup),
    Restore(backup::Restore),
    Users(users::Args),
    Purge(purge::Args),
}

fn main() -> ExitCode {
    let args = match config::expand(&Cli::command(), std::env::args_os().collect()) {
        Ok(args) => args,
        Err(fault) => {
            term::say_fault(&fault);
            return ExitCode::from(fault.status().code());
        }
    };
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => return ExitCode::from(usage(&error).code()),
    };
    match cli.color {
        Colours::Auto => anstream::ColorChoice::Auto,
        Colours::Always => anstream::ColorChoice::Always,
        Colours::Never => anstream::ColorChoice::Never,
    }
    .write_global();
    let status = run(cli.command).unwrap_or_else(|fault| {
        term::say_fault(&fault);
        fault.status()
    });
    ExitCode::from(status.code())
}

fn run(command: Command) -> Result<Status> {
    match command {
        Command::Lint(args) => lint::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Build(args) => build::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Docs(args) => docs::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Serve(args) => serve::run(args),
        Command::Replay(args) => replay::run(&args),
        Command::Audit(args) => audit::run(&args),
        Command::Receipt(args) => receipt::run(&args),
        Command::Backup(args) => backup::backup(&args),
        Command::Restore(args) => backup::restored(&args),
        Command::Users(args) => users::run(args),
        Command::Purge(args) => purge::run(args),
    }
}

/// Help was asked for, or the command line is faulty. Its status is 3 and not clap's 2, which would read as "undetermined".
fn usage(error: &clap::Error) -> Status {
    let printed = error.print().map_err(Fault::from);
    match (error.kind(), printed) {
        (_, Err(fault)) => fault.status(),
        (ErrorKind::DisplayHelp | ErrorKind::DisplayVersion, Ok(())) => Status::Ok,
        (_, Ok(())) => Status::Bad,
    }
}
