//! Tables as CSV: rows with the columns of a table, and working-day calendars.
//!
//! In: CSV text (RFC 4180, quoted or not) and what the table holds. Out: the JSON that the engine takes, or what is wrong with its line and
//! column. Must not know: files. The engine judges values; here only their kind is decided, so that `007` stays a text where a text is wanted.

use rules_core::form::{Field, Kind, Scope};
use rules_core::json::{Json, write_string};
use rules_core::plan::TableKind;
use std::collections::BTreeSet;
use std::fmt;

/// What is wrong with a CSV text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CsvError {
    /// Line from 1.
    line: usize,
    /// Column name, or empty.
    column: String,
    /// What is wrong.
    message: String,
}

impl CsvError {
    /// Line from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Column name; empty where it is the line as a whole.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for CsvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if !self.column.is_empty() {
            write!(f, ", column `{}`", self.column)?;
        }
        write!(f, ": {}", self.message)
    }
}

fn wrong(line: usize, column: &str, message: impl Into<String>) -> CsvError {
    CsvError {
        line,
        column: column.to_owned(),
        message: message.into(),
    }
}

/// Turns CSV into the JSON of a table.
///
/// # Errors
/// What does not fit, at its line and column.
pub fn to_json(text: &str, kind: &TableKind) -> Result<String, CsvError> {
    let (names, records) = opened(text)?;
    match kind {
        TableKind::Calendar => calendar(&names, records),
        TableKind::Rows { columns, .. } => rows(columns, &names, records),
    }
}

/// A row, and the line that it begins on.
pub type Line = (usize, Result<Json, CsvError>);

/// Turns CSV into rows, each with what is wrong with it: for whoever wants to hear of all faults at once.
///
/// # Errors
/// What is wrong with the heading. Where a quote is not closed, the last row is the fault.
pub fn to_rows(text: &str, columns: &Scope) -> Result<Vec<Line>, CsvError> {
    let (names, records) = opened(text)?;
    let columns = headings(columns, &names)?;
    let line = |record: Result<Record, CsvError>| match record {
        Ok(record) => (record.line, row(&columns, &names, &record)),
        Err(error) => (error.line, Err(error)),
    };
    Ok(records.map(line).collect())
}

/// The headings, and the records below them.
fn opened(text: &str) -> Result<(Vec<String>, Records<'_>), CsvError> {
    let mut records = Records::new(text.strip_prefix('\u{feff}').unwrap_or(text));
    let Some(header) = records.next().transpose()? else {
        return Err(wrong(
            1,
            "",
            "the file is empty; its first line names the columns",
        ));
    };
    let names: Vec<String> = header.cells.iter().map(|cell| cell.trim().to_owned()).collect();
    let mut seen = BTreeSet::new();
    for name in &names {
        if !seen.insert(name) {
            return Err(wrong(header.line, name, "the column stands twice"));
        }
    }
    Ok((names, records))
}

/// Columns `date`, `kind`, `notice_year`; `festival` is for people.
fn calendar(names: &[String], records: Records<'_>) -> Result<String, CsvError> {
    let place = |wanted: &str| {
        let found = names.iter().position(|name| name == wanted);
        found.ok_or_else(|| {
            wrong(
                1,
                wanted,
                "a calendar has the columns date, kind, festival, notice_year",
            )
        })
    };
    let (date, kind, year) = (place("date")?, place("kind")?, place("notice_year")?);
    let mut years = BTreeSet::new();
    let mut days = Vec::new();
    for record in records {
        let record = record?;
        record.fits(names)?;
        let cell = |at: usize| record.cells.get(at).map_or("", |cell| cell.trim());
        if !matches!(cell(kind), "off" | "work") {
            return Err(wrong(record.line, "kind", "`off` or `work` is expected"));
        }
        let notice: u32 = cell(year)
            .parse()
            .map_err(|_| wrong(record.line, "notice_year", "not a year"))?;
        years.insert(notice);
        let mut day = String::from("[");
        write_string(cell(date), &mut day);
        day.push(',');
        write_string(cell(kind), &mut day);
        day.push(']');
        days.push(day);
    }
    let years: Vec<String> = years.iter().map(u32::to_string).collect();
    Ok(format!(
        "{{\"years\":[{}],\"days\":[{}]}}",
        years.join(","),
        days.join(",")
    ))
}

/// What the cells of a column become.
struct Column<'a> {
    name: &'a str,
    path: Vec<&'a str>,
    cell: Cell,
}

#[derive(Clone, Copy, PartialEq)]
enum Cell {
    Text,
    Number,
    Boolean,
    /// Several texts with `;` between them.
    Texts,
    /// JSON.
    Json,
}

fn rows(scope: &Scope, names: &[String], records: Records<'_>) -> Result<String, CsvError> {
    let columns = headings(scope, names)?;
    let mut out = String::from("[");
    for record in records {
        let row = row(&columns, names, &record?)?;
        if out.len() > 1 {
            out.push(',');
        }
        out.push_str(&row.canonical());
    }
    out.push(']');
    Ok(out)
}

fn headings<'a>(scope: &Scope, names: &'a [String]) -> Result<Vec<Column<'a>>, CsvError> {
    names.iter().map(|name| column(scope, name)).collect()
}

fn row(columns: &[Column<'_>], names: &[String], record: &Record) -> Result<Json, CsvError> {
    record.fits(names)?;
    let mut row = Json::Obj(Vec::new());
    for (column, cell) in columns.iter().zip(&record.cells) {
        if cell.trim().is_empty() {
            continue;
        }
        let value = value(column.cell, cell).map_err(|message| wrong(record.line, column.name, message))?;
        put(&mut row, &column.path, value);
    }
    Ok(row)
}

/// The column that a heading names: a field, or a part of a point or a measure (`location.lng`).
fn column<'a>(scope: &Scope, name: &'a str) -> Result<Column<'a>, CsvError> {
    let path: Vec<&str> = name.split('.').collect();
    let of = |field: &Field, path: &[&str]| field.path.iter().map(String::as_str).eq(path.iter().copied());
    let whole = scope.fields.iter().find(|field| of(field, &path));
    let part = path.split_last().and_then(|(part, rest)| {
        scope
            .fields
            .iter()
            .find(|field| of(field, rest))
            .map(|field| (field, *part))
    });
    let cell = match (
        whole.map(|field| field.kind),
        part.map(|(field, part)| (field.kind, part)),
    ) {
        (Some(Kind::Boolean), _) => Cell::Boolean,
        (Some(Kind::Integer | Kind::Number), _) => Cell::Number,
        (Some(Kind::Choices | Kind::List(_)), _) => Cell::Texts,
        (Some(Kind::Measure), _) => {
            let message = "the parts of a measure have columns of their own";
            return Err(wrong(
                1,
                name,
                format!("{message}: `{name}.value`, `{name}.tolerance`"),
            ));
        }
        (Some(Kind::Point), _) => {
            let message = "the parts of a point have columns of their own";
            return Err(wrong(
                1,
                name,
                format!("{message}: `{name}.lng`, `{name}.lat`, `{name}.crs`"),
            ));
        }
        (Some(Kind::Area), _) => Cell::Json,
        (Some(Kind::Text | Kind::Choice | Kind::Date | Kind::DateTime | Kind::Attachment | Kind::Ref), _) => {
            Cell::Text
        }
        (None, Some((Kind::Point, "lng" | "lat" | "accuracy"))) => Cell::Number,
        (None, Some((Kind::Point, "crs"))) => Cell::Text,
        (None, Some((Kind::Measure, "value" | "tolerance"))) => Cell::Number,
        (None, _) => {
            let all: Vec<String> = scope.fields.iter().map(|field| field.path.join(".")).collect();
            let message = format!("the table has no such column; it has {}", all.join(", "));
            return Err(wrong(1, name, message));
        }
    };
    Ok(Column { name, path, cell })
}

fn value(kind: Cell, cell: &str) -> Result<Json, String> {
    match kind {
        Cell::Text => Ok(Json::from(cell)),
        Cell::Texts => Ok(Json::Arr(
            cell.split(';').map(|part| Json::from(part.trim())).collect(),
        )),
        Cell::Boolean => match cell.trim() {
            "true" | "1" | "是" => Ok(Json::Bool(true)),
            "false" | "0" | "否" => Ok(Json::Bool(false)),
            _ => Err("`true` or `false` is expected".to_owned()),
        },
        Cell::Number => match json(cell.trim()) {
            Some(Json::Num(number)) => Ok(Json::Num(number)),
            _ => Err("a number is expected".to_owned()),
        },
        Cell::Json => json(cell).ok_or_else(|| "JSON is expected".to_owned()),
    }
}

fn json(text: &str) -> Option<Json> {
    let (tree, flaws) = rules_core::json::parse(text, 16).ok()?;
    flaws.is_empty().then_some(tree)
}

/// Puts a value at a path of keys, making the objects on the way.
fn put(row: &mut Json, path: &[&str], value: Json) {
    let (Json::Obj(members), Some((first, rest))) = (row, path.split_first()) else {
        return;
    };
    if rest.is_empty() {
        members.push(((*first).to_owned(), value));
        return;
    }
    if !members.iter().any(|(key, _)| key == first) {
        members.push(((*first).to_owned(), Json::Obj(Vec::new())));
    }
    if let Some((_, inner)) = members.iter_mut().find(|(key, _)| key == first) {
        put(inner, rest, value);
    }
}

/// A record and the line that it begins on.
struct Record {
    line: usize,
    cells: Vec<String>,
}

impl Record {
    fn fits(&self, names: &[String]) -> Result<(), CsvError> {
        if self.cells.len() == names.len() {
            return Ok(());
        }
        let message = format!(
            "{} cells where the first line has {}",
            self.cells.len(),
            names.len()
        );
        Err(wrong(self.line, "", message))
    }
}

/// Records one after the other; blank lines are passed over.
struct Records<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    line: usize,
    broken: bool,
}

impl<'a> Records<'a> {
    fn new(text: &'a str) -> Records<'a> {
        Records {
            rest: text.chars().peekable(),
            line: 1,
            broken: false,
        }
    }

    /// Reads a cell; true if the record goes on behind it.
    fn cell(&mut self) -> Result<(String, bool), CsvError> {
        let mut cell = String::new();
        let quoted = self.rest.next_if_eq(&'"').is_some();
        let start = self.line;
        if quoted {
            loop {
                match self.rest.next() {
                    Some('"') if self.rest.next_if_eq(&'"').is_some() => cell.push('"'),
                    Some('"') => break,
                    Some(c) => {
                        self.line += usize::from(c == '\n');
                        cell.push(c);
                    }
                    None => return Err(wrong(start, "", "a quote is not closed")),
                }
            }
        }
        loop {
            match self.rest.next() {
                Some(',') => return Ok((cell, true)),
                None => return Ok((cell, false)),
                Some('\n') => {
                    self.line += 1;
                    return Ok((cell, false));
                }
                Some('\r') if matches!(self.rest.peek(), Some('\n') | None) => {}
                Some(_) if quoted => return Err(wrong(self.line, "", "text behind a closing quote")),
                Some('"') => return Err(wrong(self.line, "", "a quote inside a cell that is not quoted")),
                Some(c) => cell.push(c),
            }
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Record, CsvError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.broken && self.rest.peek().is_some() {
            let line = self.line;
            let mut cells = Vec::new();
            loop {
                match self.cell() {
                    Ok((cell, more)) => {
                        cells.push(cell);
                        if !more {
                            break;
                        }
                    }
                    Err(error) => {
                        self.broken = true;
                        return Some(Err(error));
                    }
                }
            }
            if cells.iter().any(|cell| !cell.trim().is_empty()) {
                return Some(Ok(Record { line, cells }));
            }
        }
        None
    }
}

#[cfg(test)]
#[path = "csv_tests.rs"]
mod tests;
