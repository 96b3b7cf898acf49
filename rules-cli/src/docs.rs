//! `rules docs`: the book of rules, for whoever has to check a rule without reading code: a page per document in its own order, each clause's
//! words beside what was made of it, and a page per ruleset.

mod conditions;
mod coverage;
mod document;
pub(crate) mod html;
mod library;
mod names;
mod page;
mod plain;
mod rule;

use crate::fault::{Fault, Result, Status};
use crate::files;
use crate::project::Project;
use crate::term::{self, BOLD, styled};
use coverage::Coverage;
use document::Book;
use library::{Head, Places};
use std::collections::BTreeMap;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  rules docs rulesets -o site          one page per ruleset, and an index
  rules docs rulesets/venue -o site
  rules docs rulesets --coverage       which clauses of the documents are rules

A page for each document in its own order, and one for each ruleset. They are plain files that can be opened from disk, printed and put
on any web server; the only script is the search.";

/// Write the rulesets as web pages
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Ruleset files, topic folders or the folder of all rulesets
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Folder for the pages
    #[arg(short, long, value_name = "DIR", required_unless_present = "coverage")]
    out: Option<PathBuf>,
    /// Only print which clauses are rules; exit status 1 where one is neither a rule nor told to be none
    #[arg(long)]
    coverage: bool,
}

pub(crate) fn run(args: &Args) -> Result<Status> {
    let project = Project::load(&args.paths)?.sound()?;
    let coverage = Coverage::new(&project);
    let Some(folder) = args.out.as_ref().filter(|_| !args.coverage) else {
        term::print(&coverage.table())?;
        let open = coverage.open();
        if open.is_empty() {
            return Ok(Status::Ok);
        }
        return Err(Fault::new(format!("no rule rests on {}", open.join(", "))).help(
            "write one, or say in the register why no form can decide it: `undecidable: { zh: …, en: … }`",
        ));
    };
    let mut pages = vec![
        ("style.css".to_owned(), include_str!("docs/style.css").to_owned()),
        ("search.js".to_owned(), include_str!("docs/search.js").to_owned()),
    ];
    let mut index = Vec::new();
    let places = Places::read(&project.stored("tables", "division-codes.csv").unwrap_or_default());
    for family in &project.families {
        let Some(compiled) = &family.compiled else {
            continue;
        };
        let page = page::Page::new(&project.files, family, compiled, &project.registers, &places);
        let digest = family.ruleset()?.digest().to_owned();
        pages.push((format!("{}.html", family.id), page.written(&digest)));
        index.push(page.entry());
    }
    if index.is_empty() {
        return Err(Fault::new("there is nothing to write about"));
    }
    let heads = heads(&project);
    let book = Book::new(&project, &coverage, heads, places);
    let mut entries = Vec::new();
    for register in coverage.registers {
        pages.push((document::file_name(register), book.written(register)));
        entries.extend(book.entries(register));
    }
    pages.push(("search-index.js".to_owned(), document::search_index(&entries)));
    pages.push(("index.html".to_owned(), page::index(&index, &coverage)));
    let mut out = String::new();
    for (name, text) in pages {
        let path = folder.join(name);
        files::write(&path, &text)?;
        out.push_str(&format!("{}\n", styled(BOLD, path.display())));
    }
    term::print(&out)?;
    term::print(&coverage.table())?;
    Ok(Status::Ok)
}

/// The head lines of the stored text of every document that has a register.
fn heads(project: &Project) -> BTreeMap<String, Head> {
    let documents = project
        .registers
        .all()
        .iter()
        .map(|register| &register.document.value);
    documents
        .filter_map(|document| {
            let text = project.stored("sources", &format!("{document}.txt"))?;
            Some((document.clone(), Head::read(&text)))
        })
        .collect()
}
