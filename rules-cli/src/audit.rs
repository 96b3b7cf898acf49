//! `rules audit verify`: is everything that a server promised still there?
//!
//! In: a server's folder. Out: counts and faults. Must not know: how it is stored.

use crate::fault::{Fault, Result, Status};
use crate::stored::Place;
use crate::term;

const EXAMPLES: &str = "\
Examples:
  rules audit verify --data data
  rules audit verify --data data --head sha256:…     and is this hash, noted down earlier, still in the chain?

Walks the audit chain and checks every hash, every receipt's signature, that the stored bytes have the receipt's digest, and
that all parts are there and whole. Exit status: 0 all is well; 1 something is wrong.";

/// Verify the audit chain, receipts and parts of a server
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Verify everything
    Verify {
        #[command(flatten)]
        place: Place,
        /// A hash of the chain that was noted down earlier
        #[arg(long, value_name = "HASH")]
        head: Option<String>,
    },
}

pub(crate) fn run(args: &Args) -> Result<Status> {
    let What::Verify { place, head } = &args.what;
    verify(place, head.as_deref())
}

/// Verifies, and says what was found.
pub(crate) fn verify(place: &Place, head: Option<&str>) -> Result<Status> {
    let audit = place.opened(async |app| {
        let audit = rules_server::audit::verify(app, head).await;
        audit.map_err(|problem| Fault::new(format!("the database cannot be read: {}", problem.detail())))
    })?;
    for fault in &audit.faults {
        term::print(&format!("{fault}\n"))?;
    }
    let faults = audit.faults.len() as u64 + audit.more;
    term::print(&format!(
        "{} entries of the chain, {} receipts, {} parts: {}\nhead {}\n",
        audit.entries,
        audit.revisions,
        audit.parts,
        match faults {
            0 => String::from("all is well"),
            1 => String::from("1 fault"),
            many => format!("{many} faults"),
        },
        audit.head
    ))?;
    Ok(if faults == 0 { Status::Ok } else { Status::Failed })
}
