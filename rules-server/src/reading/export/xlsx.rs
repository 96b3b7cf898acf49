//! Rows as an Excel file, written to a temporary file row by row and sent from there.
//!
//! In: headings, pages of rows. Out: a body. Must not know: what the rows are of. A row that is written is not kept in memory.

use super::{Cell, Pages, Row};
use crate::problem::{Kind, Problem};
use axum::body::{Body, Bytes};
use futures_util::stream;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use std::io::{Read, Seek};
use tokio::sync::mpsc;

/// Rows below the heading.
pub(super) const ROWS: i64 = 1_048_575;

/// Characters of a cell.
const CELL: usize = 32_767;

const CHUNK: usize = 64 << 10;

pub(super) async fn body(
    headings: &'static [(&'static str, &'static str)],
    mut pages: Box<dyn Pages>,
) -> Result<Body, Problem> {
    let (queue, rows) = mpsc::channel::<Vec<Row>>(2);
    let written = tokio::task::spawn_blocking(move || written(headings, rows));
    loop {
        let page = pages.next().await?;
        // Nobody listens where the writer has failed; it says why below.
        if page.is_empty() || queue.send(page).await.is_err() {
            break;
        }
    }
    drop(queue);
    let failed = |detail: String| {
        tracing::error!(detail, "an Excel file could not be written");
        Problem::new(Kind::Internal, "")
    };
    let file = written
        .await
        .map_err(|error| failed(error.to_string()))?
        .map_err(|error| failed(error.to_string()))?;
    let rest = stream::try_unfold(file, |mut file| async move {
        let read = tokio::task::spawn_blocking(move || {
            let mut chunk = vec![0; CHUNK];
            let length = file.read(&mut chunk)?;
            chunk.truncate(length);
            Ok::<_, std::io::Error>((chunk, file))
        });
        let (chunk, file) = read.await.map_err(std::io::Error::other)??;
        Ok::<_, std::io::Error>((!chunk.is_empty()).then(|| (Bytes::from(chunk), file)))
    });
    Ok(Body::from_stream(rest))
}

/// The file has no name, so that nothing of it is left whatever happens.
fn written(
    headings: &[(&str, &str)],
    mut rows: mpsc::Receiver<Vec<Row>>,
) -> Result<std::fs::File, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory()?;
    let bold = Format::new().set_bold();
    for (column, (zh, en)) in (0..).zip(headings) {
        sheet.write_string_with_format(0, column, format!("{zh} {en}"), &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let mut number = 0;
    while let Some(page) = rows.blocking_recv() {
        for row in &page {
            number += 1;
            cells(sheet, number, row)?;
        }
    }
    let mut file = tempfile::tempfile()?;
    book.save_to_writer(&mut file)?;
    file.rewind()?;
    Ok(file)
}

fn cells(sheet: &mut Worksheet, number: u32, row: &Row) -> Result<(), XlsxError> {
    for (column, cell) in (0..).zip(&row.cells) {
        match cell {
            Cell::Empty => {}
            // Written as a text, so it is no formula whatever it begins with.
            Cell::Text(text) => {
                let text: String = text.chars().take(CELL).collect();
                sheet.write_string(number, column, text)?;
            }
            Cell::Number(value) => {
                sheet.write_number(number, column, *value as f64)?;
            }
        }
    }
    Ok(())
}
