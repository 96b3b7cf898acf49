//! `rules docs`: a page per ruleset that an inspector, a lawyer or a form's author can read: what each clause says and what is made of it.

mod html;
mod page;
mod plain;

use crate::fault::{Fault, Result, Status};
use crate::files;
use crate::project::Project;
use crate::term::{self, BOLD, styled};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  rules docs rulesets -o site          one page per ruleset, and an index
  rules docs rulesets/venue -o site

The pages are plain files without scripts; they can be opened from disk, printed and put on any web server.";

/// Write the rulesets as web pages
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Ruleset files, topic folders or the folder of all rulesets
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Folder for the pages
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<Status> {
    let project = Project::load(&args.paths)?.sound()?;
    let mut pages = vec![("style.css".to_owned(), include_str!("docs/style.css").to_owned())];
    let mut index = Vec::new();
    for family in &project.families {
        let Some(compiled) = &family.compiled else {
            continue;
        };
        let page = page::Page::new(&project.files, family, compiled);
        let digest = family.ruleset()?.digest().to_owned();
        pages.push((format!("{}.html", family.id), page.written(&digest)));
        index.push(page.entry());
    }
    if index.is_empty() {
        return Err(Fault::new("there is nothing to write about"));
    }
    pages.push(("index.html".to_owned(), page::index(&index)));
    let mut out = String::new();
    for (name, text) in pages {
        let path = args.out.join(name);
        files::write(&path, &text)?;
        out.push_str(&format!("{}\n", styled(BOLD, path.display())));
    }
    term::print(&out)?;
    Ok(Status::Ok)
}
