//! `tidy`: the house rules that no compiler checks, one file a rule. Each takes the repository's files and gives what is
//! wrong with them; all of them run, and all faults come in one go.

mod architecture;
mod coverage;
mod diagnostics;
mod headers;
mod layers;
mod length;
mod links;
mod locks;
mod machine;
mod markers;
mod rhai_alone;
mod scripts;

use crate::fault::{Fault, Result};
use crate::repo::Repo;
use std::time::Instant;

/// One thing that is wrong: where, what, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    place: String,
    what: String,
}

impl Finding {
    fn new(place: impl Into<String>, what: impl Into<String>) -> Finding {
        Finding {
            place: place.into(),
            what: what.into(),
        }
    }
}

/// What a check may look at.
struct Tree<'a> {
    repo: &'a Repo,
    /// Relative to the root, sorted, with `/` between the parts.
    files: Vec<String>,
}

impl Tree<'_> {
    /// The files with one of these endings.
    fn ending<'t>(&'t self, endings: &'t [&'t str]) -> impl Iterator<Item = &'t str> {
        self.files
            .iter()
            .map(String::as_str)
            .filter(|file| endings.iter().any(|end| file.ends_with(end)))
    }

    /// A file's text; nothing if it is not text.
    fn text(&self, file: &str) -> Option<String> {
        std::fs::read_to_string(self.repo.path(file)).ok()
    }
}

type Check = fn(&Tree) -> Result<Vec<Finding>>;

const CHECKS: &[(&str, Check)] = &[
    ("layers", layers::check),
    ("rhai", rhai_alone::check),
    ("architecture", architecture::check),
    ("headers", headers::check),
    ("length", length::check),
    ("diagnostics", diagnostics::check),
    ("rule-cases", coverage::rule_cases),
    ("clauses", coverage::clauses),
    ("links", links::check),
    ("markers", markers::check),
    ("machine", machine::check),
    ("locks", locks::check),
    ("scripts", scripts::check),
];

pub(crate) fn run(repo: &Repo) -> Result<()> {
    println!("== tidy");
    let start = Instant::now();
    let tree = Tree {
        repo,
        files: repo.files()?,
    };
    let mut count = 0;
    for (name, check) in CHECKS {
        for finding in check(&tree)? {
            println!("  {name}: {}: {}", finding.place, finding.what);
            count += 1;
        }
    }
    println!(
        "tidy: {} checks over {} files, {count} faults ({:.1} s)",
        CHECKS.len(),
        tree.files.len(),
        start.elapsed().as_secs_f64()
    );
    if count == 0 {
        return Ok(());
    }
    Err(Fault::new(
        format!("{count} house rules are broken"),
        "mend the lines above; CONTRIBUTING.md says why they exist",
    ))
}
