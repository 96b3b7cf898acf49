//! `rules purge`: answers go when their time is over.
//!
//! In: periods from a file, the server's data. Out: how much was purged. Must not know: what the answers are.

use crate::fault::{Fault, Result, Status};
use crate::stored::{self, Place};
use crate::term;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  rules purge --access access.toml --data data --dry-run     how many are due
  rules purge --access access.toml --data data

`rules serve --access access.toml` does the same once a day. Verdicts, receipts and digests stay. Periods: docs/server/access.md.";

/// Purge answers whose time is over; their verdicts and digests stay
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Settings with the periods
    #[arg(long, value_name = "FILE")]
    access: PathBuf,
    /// Only count what is due
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: Args) -> Result<Status> {
    let settings = stored::access(Some(&args.access))?;
    if settings.retention.is_empty() {
        return Err(
            Fault::new(format!("`{}` has no `[[retention]]`", args.access.display()))
                .help("see docs/server/access.md"),
        );
    }
    let dry = args.dry_run;
    let done = stored::with(&args.place, settings, |app| async move { app.purge(dry).await })?;
    let what = if dry { "due" } else { "purged" };
    let parts = if dry {
        String::new()
    } else {
        format!(", {} photos and files", done.parts)
    };
    term::print(&format!(
        "{what}: answers of {} submissions{parts}\n",
        done.answers
    ))?;
    Ok(Status::Ok)
}
