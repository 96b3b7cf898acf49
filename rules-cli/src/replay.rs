//! `rules replay`: every stored verdict, judged again.
//!
//! In: a server's folder. Out: *same*, or what differs. Must not know: how verdicts are stored.

use crate::fault::{Fault, Result, Status};
use crate::stored::Place;
use crate::term;
use rules_server::replay::{Range, replay};
use std::time::Instant;

const EXAMPLES: &str = "\
Examples:
  rules replay --data data
  rules replay --data data --database postgres://weibao@localhost/weibao
  rules replay --data data --after 120000         only what came after this position of the chain

Judges every revision again, by the ruleset and the tables that it was judged by, and compares the reports byte for byte.
The server may go on meanwhile. Exit status: 0 all are the same; 1 some differ.";

/// Judge all stored submissions again and compare
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
    /// Begin behind this position of the chain
    #[arg(long, value_name = "POSITION", default_value_t = 0)]
    after: i64,
    /// At most this many revisions
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
}

pub(crate) fn run(args: &Args) -> Result<Status> {
    let range = Range {
        after: args.after,
        limit: args.limit,
    };
    let start = Instant::now();
    let bar = term::counter();
    let found = args.place.opened(async |app| {
        let found = replay(app, range, |done| bar.set_position(done)).await;
        found.map_err(|problem| Fault::new(format!("the database cannot be read: {}", problem.detail())))
    });
    bar.finish_and_clear();
    let found = found?;
    let seconds = start.elapsed().as_secs_f64();
    for differing in &found.differs {
        term::print(&format!(
            "{} revision {} ({}): {} is now {}, at {}\n",
            differing.submission,
            differing.revision,
            differing.basis,
            differing.stored,
            differing.now,
            differing.at.join(" ")
        ))?;
    }
    let differ = found.differs.len() as u64 + found.more_differ;
    term::print(&format!(
        "{} revisions, {} verdicts: {} the same, {differ} differ, {} without answers (purged), {} without their ruleset\n",
        found.revisions, found.verdicts, found.same, found.purged, found.unavailable
    ))?;
    term::print(&format!(
        "{seconds:.1} s, {:.0} revisions a second\n",
        found.revisions as f64 / seconds.max(0.001)
    ))?;
    Ok(if found.is_same() {
        Status::Ok
    } else {
        Status::Failed
    })
}
