//! The oracle: a second evaluator, slow and obvious, by name, over the typed tree and a plain JSON tree of answers.
//!
//! In: `hir::Ruleset`, answers as JSON text, tables, the day. Out: [`Judged`], which a report of the engine is compared with.
//! Must not know: the plan, the evaluator, the reader of answers. It is written from `docs/language.md`, whose text decides
//! where the two disagree.

pub mod builtin;
pub mod entry;
pub mod expr;
pub mod json;
pub mod read;
pub mod report;
pub mod rule;
#[cfg(test)]
mod selftest;
pub mod value;

use expr::Check;
use json::Json;
use rules_compiler::hir::Ruleset;
use rules_core::domain::calendar::{DayMark, WorkCalendar};
use rules_core::domain::date::Date;
use rules_core::domain::division::covers;
use rules_core::plan::TableKind;
use std::collections::BTreeMap;
use value::Record;

/// What is wrong with the answers.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Problem {
    /// JSON Pointer.
    pub at: String,
    /// Code.
    pub code: String,
    /// `error`, `incomplete` or `warning`.
    pub severity: String,
    /// The failed rule of kind `entry`.
    pub rule: Option<String>,
}

impl Problem {
    /// A problem with the severity of its code.
    pub fn new(at: &str, code: &str) -> Problem {
        let severity = match code {
            "unknown_key" | "irrelevant" | "unknown_ref" => "warning",
            "required" => "incomplete",
            _ => "error",
        };
        Problem {
            at: at.to_owned(),
            code: code.to_owned(),
            severity: severity.to_owned(),
            rule: None,
        }
    }
}

/// Is this a complete and consistent record?
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// `complete`, `incomplete` or `invalid`.
    pub outcome: String,
    /// Sorted.
    pub problems: Vec<Problem>,
}

/// What a rule says of the whole or of one item.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    /// Rule id.
    pub rule: String,
    /// JSON Pointer of the item.
    pub item: Option<String>,
    /// `pass`, `fail`, `undetermined`, `faulted` or `not_applicable`.
    pub outcome: String,
    /// Why undetermined; the fault's code where faulted.
    pub reason: Option<String>,
    /// Sorted JSON Pointers.
    pub missing: Vec<String>,
    /// How far the nominal value lies on the wanted side; `None` where the oracle does not say.
    pub margin: Option<f64>,
}

/// What does the law say of it?
#[derive(Clone, PartialEq, Debug)]
pub struct Verdict {
    /// `pass`, `fail`, `undetermined` or `not_applicable`.
    pub outcome: String,
    /// Why not applicable as a whole.
    pub reason: Option<String>,
    /// Every rule and item, whatever its outcome.
    pub findings: Vec<Finding>,
}

/// What the oracle says.
#[derive(Clone, PartialEq, Debug)]
pub struct Judged {
    /// Of the entry.
    pub entry: Entry,
    /// Of the law.
    pub verdict: Verdict,
}

/// Reference data by the table's name.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// Rows as read by the table's columns.
    pub rows: BTreeMap<String, Vec<Record>>,
    /// Calendars.
    pub calendars: BTreeMap<String, WorkCalendar>,
}

impl Tables {
    /// The rows of a table, if it was given.
    pub fn rows(&self, ruleset: &Ruleset, table: u32) -> Option<&[Record]> {
        let table = ruleset.tables.get(table as usize)?;
        self.rows.get(&table.name).map(Vec::as_slice)
    }

    /// The calendar of a table, if it was given.
    pub fn calendar(&self, ruleset: &Ruleset, table: u32) -> Option<&WorkCalendar> {
        self.calendars.get(&ruleset.tables.get(table as usize)?.name)
    }

    /// Gives a table: of records as a list of objects, of a calendar as `{"years": […], "days": [["2026-01-01", "off"], …]}`.
    ///
    /// # Panics
    /// If it is neither.
    pub fn give(&mut self, ruleset: &Ruleset, name: &str, rows: &Json) {
        let Some(table) = ruleset.tables.iter().find(|table| table.name == name) else {
            return;
        };
        let TableKind::Rows { columns, .. } = &table.kind else {
            let calendar = calendar(rows).unwrap_or_else(|| unreachable!("{name} is no calendar"));
            self.calendars.insert(name.to_owned(), calendar);
            return;
        };
        // A row is read as a record of a form that has nothing but the table's columns.
        let mut alone = ruleset.clone();
        alone.form.scopes = vec![columns.clone()];
        let nothing = Tables::default();
        let mut reader = read::Reader {
            ruleset: &alone,
            tables: &nothing,
            problems: Vec::new(),
        };
        let records = rows.items().iter().map(|row| reader.record(0, "", row)).collect();
        self.rows.insert(name.to_owned(), records);
    }
}

fn calendar(json: &Json) -> Option<WorkCalendar> {
    let mut days = Vec::new();
    for day in json.get("days")?.items() {
        let [Json::Text(date), Json::Text(mark)] = day.items() else {
            return None;
        };
        let mark = if mark == "off" {
            DayMark::Off
        } else {
            DayMark::Work
        };
        days.push((Date::parse(date).ok()?, mark));
    }
    let years = json.get("years")?.items().iter();
    let years: Vec<i32> = years.filter_map(Json::number).map(|year| year as i32).collect();
    WorkCalendar::from_rows(days, years).ok()
}

/// Of a base and the chains of its layers the one that a check for this place and day takes: the longest of which every layer covers the
/// place and is in force; the base where none does.
///
/// # Panics
/// If there is no base.
pub fn choose<'a>(variants: &[&'a Ruleset], as_of: Date, jurisdiction: Option<u32>) -> &'a Ruleset {
    let base = variants.first().unwrap_or_else(|| unreachable!("a base"));
    let own = base.layers.first().map_or(0, |layer| layer.jurisdiction);
    let place = jurisdiction.unwrap_or(own);
    let holds = |ruleset: &&&Ruleset| {
        let mut layers = ruleset.layers.iter();
        layers.all(|layer| covers(layer.jurisdiction, place) && layer.effective.holds(as_of))
    };
    let fitting = variants.iter().filter(holds);
    fitting.max_by_key(|ruleset| ruleset.layers.len()).unwrap_or(base)
}

/// Judges answers.
///
/// # Errors
/// The byte at which the answers stop being JSON.
pub fn judge(
    ruleset: &Ruleset,
    tables: &Tables,
    answers: &str,
    as_of: Date,
    jurisdiction: Option<u32>,
) -> Result<Judged, usize> {
    let answers = Json::parse(answers)?;
    let mut reader = read::Reader {
        ruleset,
        tables,
        problems: Vec::new(),
    };
    let root = reader.record(0, "", &answers);
    let mut problems = reader.problems;
    let check = Check {
        ruleset,
        tables,
        root,
        as_of,
    };
    // A ruleset that does not hold asks for nothing.
    if let Some(reason) = rule::elsewhere(&check, jurisdiction) {
        let verdict = Verdict {
            outcome: "not_applicable".to_owned(),
            reason: Some(reason.to_owned()),
            findings: Vec::new(),
        };
        return Ok(Judged {
            entry: entry::outcome(problems),
            verdict,
        });
    }
    let more = entry::relevance(&check, &problems);
    problems.extend(more);
    let findings = rule::findings(&check);
    problems.extend(rule::contradictions(&check, &findings));
    Ok(Judged {
        entry: entry::outcome(problems),
        verdict: rule::verdict(&check, findings),
    })
}
