//! Rows as a file that is sent while it is written.
//!
//! In: headings, pages of rows. Out: a response. Must not know: what the rows are of.

use super::xlsx;
use crate::db::Boxed;
use crate::openapi::shapes::shapes;
use crate::problem::{Kind, Problem};
use crate::reading::query::{Asked, bad};
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

/// How the file is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    /// For spreadsheets: UTF-8 with a mark, CRLF.
    Csv,
    /// A JSON object a line.
    Ndjson,
    /// For Excel.
    Xlsx,
}

/// The words of the formats.
const FORMATS: &[&str] = &["csv", "ndjson", "xlsx"];

shapes! {
    /// A format of files.
    FormatWord = |text| text.enum_values(Some(FORMATS.iter().copied()));
}

impl Format {
    /// Takes `format` out of a query.
    pub(crate) fn take(asked: &mut Asked) -> Result<Format, Problem> {
        let word = asked.word("format", FORMATS)?;
        match word.as_deref() {
            Some("csv") => Ok(Format::Csv),
            Some("ndjson") => Ok(Format::Ndjson),
            Some(_) => Ok(Format::Xlsx),
            None => Err(bad("format", "it is one of csv, ndjson, xlsx")),
        }
    }
}

/// A value of a table.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Cell {
    Empty,
    Text(String),
    Number(i64),
}

impl From<&String> for Cell {
    fn from(text: &String) -> Cell {
        Cell::Text(text.clone())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<Option<&String>> for Cell {
    fn from(text: Option<&String>) -> Cell {
        text.map_or(Cell::Empty, Cell::from)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Cell {
        Cell::Number(number)
    }
}

impl From<Option<i64>> for Cell {
    fn from(number: Option<i64>) -> Cell {
        number.map_or(Cell::Empty, Cell::Number)
    }
}

/// A row, for tables and for NDJSON.
pub(crate) struct Row {
    pub(crate) cells: Vec<Cell>,
    /// One JSON object without a line break.
    pub(crate) json: String,
}

/// Rows, a page at a time; an empty page is the end.
pub(crate) trait Pages: Send {
    fn next(&mut self) -> Boxed<'_, Result<Vec<Row>, Problem>>;
}

/// Sends a file. `count` is how many rows there will be, more or less.
///
/// # Errors
/// Where Excel cannot hold them; where the first page cannot be read.
pub(crate) async fn download(
    format: Format,
    name: &str,
    headings: &'static [(&'static str, &'static str)],
    count: i64,
    pages: Box<dyn Pages>,
) -> Result<Response, Problem> {
    let (media, ending, body) = match format {
        Format::Xlsx => {
            if count > xlsx::ROWS {
                let detail = "Excel's tables end at 1,048,576 rows: narrow the filters, or take CSV";
                return Err(bad("format", detail));
            }
            let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            (media, "xlsx", xlsx::body(headings, pages).await?)
        }
        Format::Csv => {
            let first = Bytes::from(heading(headings)?);
            (
                "text/csv; charset=utf-8",
                "csv",
                streamed(Some(first), pages, csv),
            )
        }
        Format::Ndjson => ("application/x-ndjson", "ndjson", streamed(None, pages, ndjson)),
    };
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.{ending}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// A fault on the way ends the transfer before its end, so that half a file is not taken for a whole one.
fn streamed(
    first: Option<Bytes>,
    pages: Box<dyn Pages>,
    write: fn(&[Row]) -> Result<Vec<u8>, Problem>,
) -> Body {
    let rest = stream::try_unfold((first, pages), move |(first, mut pages)| async move {
        if let Some(first) = first {
            return Ok(Some((first, (None, pages))));
        }
        let rows = pages.next().await.map_err(broken)?;
        if rows.is_empty() {
            return Ok(None);
        }
        let bytes = write(&rows).map_err(broken)?;
        Ok::<_, std::io::Error>(Some((Bytes::from(bytes), (None, pages))))
    });
    Body::from_stream(rest)
}

fn broken(problem: Problem) -> std::io::Error {
    tracing::error!(detail = problem.detail(), "a file was cut off");
    std::io::Error::other("the rest cannot be read")
}

/// With the mark by which Excel knows UTF-8.
fn heading(headings: &[(&str, &str)]) -> Result<Vec<u8>, Problem> {
    let cells = headings.iter().map(|(zh, en)| Cell::Text(format!("{zh} {en}")));
    let row = Row {
        cells: cells.collect(),
        json: String::new(),
    };
    let mut out = "\u{feff}".as_bytes().to_vec();
    out.extend(csv(&[row])?);
    Ok(out)
}

fn csv(rows: &[Row]) -> Result<Vec<u8>, Problem> {
    let failed = |_| Problem::new(Kind::Internal, "");
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        let cells = row.cells.iter().map(|cell| match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => harmless(text),
            Cell::Number(number) => number.to_string(),
        });
        writer.write_record(cells).map_err(failed)?;
    }
    writer.into_inner().map_err(|_| Problem::new(Kind::Internal, ""))
}

/// A text that a spreadsheet would take for a formula gets an apostrophe before it.
fn harmless(text: &str) -> String {
    let risky = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(risky) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn ndjson(rows: &[Row]) -> Result<Vec<u8>, Problem> {
    let mut out = Vec::new();
    for row in rows {
        out.extend_from_slice(row.json.as_bytes());
        out.push(b'\n');
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let cells = |texts: &[&str]| Row {
            cells: texts.iter().map(|text| Cell::Text((*text).to_owned())).collect(),
            json: String::new(),
        };
        let rows = [cells(&["=1+1", "+86", "-1", "@a", "a=1", "", "a,\"b\"\nc"])];
        let out = csv(&rows).unwrap_or_default();
        let expected = "'=1+1,'+86,'-1,'@a,a=1,,\"a,\"\"b\"\"\nc\"\r\n";
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }
}
