//! `rules check`: what the law says of a submission, or of a stream of them.

mod html;
mod lines;
mod stream;
mod text;

use crate::fault::{Fault, Result, Status};
use crate::files;
use crate::given::{self, TableFile};
use crate::labels::Lang;
use crate::term;
use crate::today::today;
use clap::ValueEnum;
use rules_core::domain::date::Date;
use rules_core::limits::Limits;
use rules_core::{Checker, Detail, Options, Report, Ruleset, Scratch, Tables, json};
use rules_functions::RhaiFunctions;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  rules check --ruleset rulesets/venue/national.yaml --input entry.json
  rules check --ruleset venue.rules.json --input - --jurisdiction 520402 --as-of 2026-03-02
  rules check --ruleset venue.rules.json --input entry.json --table schools=schools.csv --lang en
  rules check --ruleset rulesets/assessment --input county.json --format html > summary.html
  rules check --ruleset venue.rules.json --input entries.ndjson --format ndjson > reports.ndjson

Exit status: 0 pass (or nothing applies), 1 fail, 2 undetermined, 3 bad input or ruleset. An entry that is invalid
(a value of the wrong type, not JSON) is bad input, whatever the verdict over the rest of it. Of a stream: 3 if any line
is bad, else 1 if any fails, else 2 if any is undetermined, else 0.";

/// Check a submission, or a stream of them
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A ruleset file (its base and layers are found), the folder of one topic, or a bundle
    #[arg(long, value_name = "FILE|BUNDLE")]
    ruleset: PathBuf,
    /// The submission as JSON; - is standard input
    #[arg(long, value_name = "FILE|-", default_value = "-")]
    input: PathBuf,
    /// The day of the check; today in China if left out
    #[arg(long, value_name = "DATE", value_parser = given::day)]
    as_of: Option<Date>,
    /// Division code of the place; the ruleset's own area if left out
    #[arg(long, value_name = "CODE", value_parser = given::division)]
    jurisdiction: Option<u32>,
    /// Reference data: JSON rows, or CSV with a line of column names
    #[arg(long = "table", value_name = "NAME=FILE", value_parser = given::table_file)]
    tables: Vec<TableFile>,
    /// text: for people; json: the canonical report; ndjson: one submission a line in, one report a line out; html: every item, to print and
    /// hand in
    #[arg(long, default_value = "text")]
    format: Format,
    /// Add to each finding the values and expressions that decided it
    #[arg(long)]
    explain: bool,
    /// Report passes and rules that do not apply, too
    #[arg(long)]
    all: bool,
    /// Language of the text format
    #[arg(long, default_value = "zh")]
    lang: Lang,
    /// Threads of the ndjson format; one per core if left out
    #[arg(long, value_name = "N")]
    jobs: Option<std::num::NonZeroUsize>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Text,
    Json,
    Ndjson,
    Html,
}

/// What stays the same from one submission to the next.
struct Setting {
    ruleset: Ruleset,
    tables: Tables,
    as_of: Date,
    jurisdiction: Option<u32>,
    detail: Detail,
}

impl Setting {
    /// The engine's options, with functions to be run in.
    fn options<'a>(&'a self, functions: &'a RhaiFunctions) -> Options<'a> {
        Options {
            as_of: self.as_of,
            jurisdiction: self.jurisdiction,
            tables: Some(&self.tables),
            detail: self.detail,
            limits: Limits::DEFAULT,
            functions: Some(functions),
        }
    }
}

pub(crate) fn run(args: &Args) -> Result<Status> {
    let ruleset = given::ruleset(&args.ruleset)?;
    let tables = given::tables(&ruleset, &args.tables)?;
    let day = args.as_of.or_else(today);
    let Some(as_of) = day else {
        return Err(Fault::new("the clock of this machine is wrong").help("name the day with --as-of"));
    };
    let detail = Detail {
        explain: args.explain,
        all: args.all,
    };
    let mut setting = Setting {
        ruleset,
        tables,
        as_of,
        jurisdiction: args.jurisdiction,
        detail,
    };
    if args.format == Format::Ndjson {
        return stream::run(&setting, open(&args.input)?, args.jobs);
    }
    let answers = answers(&args.input)?;
    let functions = RhaiFunctions::new();
    let report = setting.ruleset.check(&answers, &setting.options(&functions));
    say_syntax(&args.input, &answers);
    match args.format {
        Format::Json => term::print_raw(&format!("{}\n", report.canonical()))?,
        Format::Html => {
            setting.detail = Detail {
                explain: true,
                all: true,
            };
            let options = setting.options(&functions);
            let checker = Checker::new(&setting.ruleset, &options);
            let whole = checker.report(&answers, &mut Scratch::default());
            let read = json::parse(&answers, Limits::DEFAULT.depth).map(|(tree, _)| tree);
            let document = html::Document {
                checker: &checker,
                answers: &read.unwrap_or(json::Json::Null),
            };
            term::print_raw(&document.written(&whole, report.digest()))?;
        }
        Format::Text | Format::Ndjson => {
            // People want the values that decided; the digest stays that of the report that was asked for.
            setting.detail.explain = true;
            let options = setting.options(&functions);
            let checker = Checker::new(&setting.ruleset, &options);
            let explained = checker.report(&answers, &mut Scratch::default());
            let view = text::View {
                checker: &checker,
                lang: args.lang,
                truths: args.explain,
            };
            term::print(&view.written(&explained, report.digest()))?;
        }
    }
    Ok(status(&report))
}

/// The status that a report stands for.
fn status(report: &Report) -> Status {
    match (report.entry(), report.verdict()) {
        ("invalid", _) => Status::Bad,
        (_, "fail") => Status::Failed,
        (_, "undetermined") => Status::Undetermined,
        _ => Status::Ok,
    }
}

fn open(path: &Path) -> Result<Box<dyn Read>> {
    if path == Path::new("-") {
        if std::io::stdin().is_terminal() {
            term::say("reading the submission from standard input; Ctrl-D ends it\n");
        }
        return Ok(Box::new(std::io::stdin()));
    }
    if path.is_dir() {
        return Err(Fault::new(format!("`{}` is a folder", path.display())).help("name a file"));
    }
    let file = std::fs::File::open(path).map_err(|error| Fault::unread(path, &error))?;
    Ok(Box::new(file))
}

/// The text of a single submission. Of one beyond the engine's limit only so much that the engine sees it is.
fn answers(path: &Path) -> Result<String> {
    let limit = Limits::DEFAULT.answer_bytes + lines::OVER;
    let mut bytes = Vec::new();
    open(path)?
        .take(limit as u64)
        .read_to_end(&mut bytes)
        .map_err(|error| Fault::unread(path, &error))?;
    match lines::text(&bytes) {
        Some(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned()),
        None => {
            let at = std::str::from_utf8(&bytes).map_or_else(|error| error.valid_up_to(), str::len);
            Err(Fault::new(format!(
                "{} is not UTF-8 text (byte {at})",
                name(path)
            )))
        }
    }
}

/// What an input is called.
fn name(path: &Path) -> String {
    if path == Path::new("-") {
        "standard input".to_owned()
    } else {
        files::shown(path)
    }
}

/// Where a submission stops being JSON: the report knows only that it does.
fn say_syntax(path: &Path, answers: &str) {
    let limits = Limits::DEFAULT;
    if answers.len() > limits.answer_bytes {
        return;
    }
    if let Err(error) = json::parse(answers, limits.depth) {
        let before = answers.get(..error.offset).unwrap_or("");
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        let what = match error.kind {
            json::SyntaxKind::End => "the text ends early",
            json::SyntaxKind::Unexpected => "this cannot stand here",
            json::SyntaxKind::TooDeep => "this nests too deep",
            json::SyntaxKind::Trailing => "text behind the end of the value",
        };
        term::say_fault(&Fault::new(format!(
            "{}:{line}:{column}: not JSON: {what}",
            name(path)
        )));
    }
}
