//! `rules lint`: everything that is wrong with rulesets, at once.

use crate::fault::{Result, Status};
use crate::project::Project;
use crate::term::{self, GREEN, RED, YELLOW, styled};
use clap::ValueEnum;
use rules_compiler::ast::Span;
use rules_compiler::diagnostic::{Diagnostic, Severity};
use rules_core::json::Json;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  rules lint rulesets
  rules lint rulesets/venue/anshun-520400.yaml
  rules lint rulesets --strict --format json

Errors and warnings are drawn on standard error; notes, which mark rules that a filled-in answer may turn, with --notes.
Each code has a page in docs/diagnostics.";

/// Find what is wrong with rulesets
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Ruleset files, topic folders or the folder of all rulesets
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Warnings count as errors
    #[arg(long)]
    strict: bool,
    /// Show notes, too
    #[arg(long)]
    notes: bool,
    /// How diagnostics are given; json: one object a line on standard output
    #[arg(long, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(crate) fn run(args: &Args) -> Result<Status> {
    let project = Project::load(&args.paths)?;
    let (errors, warnings) = (project.errors(), project.warnings());
    let least = if args.notes {
        Severity::Note
    } else {
        Severity::Warning
    };
    match args.format {
        Format::Text => {
            project.draw(least);
            let notes = project.diagnostics.len() + project.dropped - errors - warnings;
            term::print(&summary(project.count, errors, warnings, notes))?;
        }
        Format::Json => {
            let shown = project.diagnostics.iter().filter(|one| one.severity <= least);
            let lines: Vec<String> = shown.map(|one| line(&project, one)).collect();
            term::print_raw(&lines.concat())?;
        }
    }
    let failed = errors > 0 || (args.strict && warnings > 0);
    Ok(if failed { Status::Failed } else { Status::Ok })
}

fn summary(files: usize, errors: usize, warnings: usize, notes: usize) -> String {
    let count = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    let style = match (errors, warnings) {
        (0, 0) => GREEN,
        (0, _) => YELLOW,
        (_, _) => RED,
    };
    let words = format!("{}, {}", count(errors, "error"), count(warnings, "warning"));
    format!(
        "{}: {}, {}\n",
        count(files, "file"),
        styled(style, words),
        count(notes, "note")
    )
}

fn line(project: &Project, one: &Diagnostic) -> String {
    let place = |span: Span| {
        let end = Span {
            start: span.end,
            ..span
        };
        let point = |span: Span| {
            let place = project.files.line_column(span);
            object([
                ("line", Json::from(place.line)),
                ("column", Json::from(place.column)),
                ("utf16", Json::from(place.utf16)),
            ])
        };
        let file = project.files.get(span.file).map_or("", |file| file.name.as_str());
        object([
            ("file", Json::from(file)),
            ("start", point(span)),
            ("end", point(end)),
        ])
    };
    let labels = one
        .labels
        .iter()
        .map(|(span, text)| object([("place", place(*span)), ("message", Json::from(text.as_str()))]));
    let mut text = object([
        ("code", Json::from(one.code.as_str())),
        ("severity", Json::from(one.severity.word())),
        ("message", Json::from(one.message.as_str())),
        ("place", place(one.span)),
        ("labels", Json::Arr(labels.collect())),
        (
            "help",
            Json::Arr(one.help.iter().map(|help| Json::from(help.as_str())).collect()),
        ),
    ])
    .canonical();
    text.push('\n');
    text
}

fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Obj(
        members
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}
