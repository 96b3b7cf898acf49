//! `rules backup` and `rules restore`: what a server keeps, as one archive and back.

use crate::audit;
use crate::fault::{Fault, Result, Status};
use crate::stored::{Place, runtime};
use crate::term;
use rules_server::{System, restore, save};
use std::path::PathBuf;
use std::sync::Arc;

const BACKUP: &str = "\
Examples:
  rules backup --data /var/lib/weibao -o weibao-2026-03-02.tar
  rules backup --data /var/lib/weibao --database postgres://weibao@localhost/weibao -o weibao.tar

The server may run meanwhile; the archive shows one moment. It holds the server's keys: keep it as you keep those.";

const RESTORE: &str = "\
Examples:
  rules restore weibao-2026-03-02.tar --data /var/lib/weibao
  rules restore weibao.tar --data data --database postgres://weibao@localhost/weibao    also what was kept in SQLite

Folder and database must be empty. With --parts the photos and files go to a bucket. Afterwards the chain, the receipts and the parts are verified.";

/// Write everything that a server keeps into one archive
#[derive(clap::Args)]
#[command(after_help = BACKUP)]
pub(crate) struct Backup {
    #[command(flatten)]
    place: Place,
    /// The archive
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

/// Make a server's folder and database of an archive
#[derive(clap::Args)]
#[command(after_help = RESTORE)]
pub(crate) struct Restore {
    /// The archive
    archive: PathBuf,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn backup(args: &Backup) -> Result<Status> {
    let saved = args.place.opened(async |app| {
        let saved = save(app, &args.output).await;
        saved.map_err(|error| Fault::new(error.to_string()))
    })?;
    term::print(&format!(
        "{}: {} rows, {} parts\n",
        args.output.display(),
        saved.rows,
        saved.parts
    ))?;
    if saved.lost.is_empty() {
        return Ok(Status::Ok);
    }
    term::say(&format!(
        "{} parts that the database names are not there:\n{}\n",
        saved.lost.len(),
        saved.lost.join("\n")
    ));
    Ok(Status::Failed)
}

pub(crate) fn restored(args: &Restore) -> Result<Status> {
    let clock = Arc::new(System);
    let work = restore(
        &args.archive,
        &args.place.data,
        args.place.database.as_deref(),
        args.place.parts.as_deref(),
        clock,
    );
    let done = runtime()?.block_on(work);
    let done = done.map_err(|error| Fault::new(error.to_string()).help("nothing was restored"))?;
    term::print(&format!(
        "{}: {} rows, {} parts\n",
        args.place.data.display(),
        done.rows,
        done.parts
    ))?;
    audit::verify(&args.place, None)
}
