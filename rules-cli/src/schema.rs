//! `rules schema`: JSON Schema of the answers of a ruleset, and of the ruleset file itself for editors.

mod answers;
mod pretty;

use crate::fault::{Fault, Result, Status};
use crate::given;
use crate::term;
use crate::today::today;
use rules_core::Chosen;
use rules_core::domain::date::Date;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  rules schema rulesets/venue > venue.schema.json
  rules schema rulesets/venue --jurisdiction 520402       with the layers that hold there
  rules schema --ruleset-format > ruleset.schema.json     for editors

In an editor with the YAML language server, the first line of a ruleset may name the schema:
  # yaml-language-server: $schema=ruleset.schema.json";

/// The format of ruleset files. Written by hand, because an editor shows its descriptions to authors.
const RULESET_FORMAT: &str = include_str!("schema/ruleset.schema.json");

/// Print the JSON Schema (2020-12) of answers, or of ruleset files
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A ruleset file, the folder of one topic, or a bundle
    #[arg(
        value_name = "PATH",
        required_unless_present = "ruleset_format",
        conflicts_with = "ruleset_format"
    )]
    path: Option<PathBuf>,
    /// The schema of ruleset files instead
    #[arg(long)]
    ruleset_format: bool,
    /// Division code of the place whose layers add fields; the ruleset's own area if left out
    #[arg(long, value_name = "CODE", value_parser = given::division)]
    jurisdiction: Option<u32>,
    /// The day on which the layers are in force; today in China if left out
    #[arg(long, value_name = "DATE", value_parser = given::day)]
    as_of: Option<Date>,
}

pub(crate) fn run(args: &Args) -> Result<Status> {
    let Some(path) = &args.path else {
        term::print_raw(RULESET_FORMAT)?;
        return Ok(Status::Ok);
    };
    let ruleset = given::ruleset(path)?;
    let day = args.as_of.or_else(today);
    // A ruleset that does not hold yet has a form all the same.
    let variant = match (args.jurisdiction, day) {
        (Some(place), Some(day)) => match ruleset.choose(Some(place), day) {
            Chosen::Variant(number) => number,
            Chosen::OutOfForce => return Err(Fault::new(format!("the ruleset is not in force on {day}"))),
            Chosen::OtherArea => return Err(Fault::new(format!("the ruleset does not hold for {place:06}"))),
        },
        (_, _) => 0,
    };
    let Some(plan) = ruleset.plan(variant) else {
        return Err(Fault::new("the ruleset is empty"));
    };
    term::print_raw(&pretty::pretty(&answers::schema(plan)))?;
    Ok(Status::Ok)
}
