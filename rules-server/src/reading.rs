//! Reading what was received: lists, one submission, statistics, exports, and the public look at a report's digest.
//!
//! In: filters, who asks and why. Out: JSON, files. Must not know: how anything came to be stored.

mod export;
mod item;
mod list;
mod one;
pub(crate) mod query;
mod statistics;
mod verify;
mod why;

pub(crate) use export::{Cell, Format, FormatWord, Pages, Row as ExportRow, Subject, download};
pub(crate) use item::{Item, Order, page, raw};

use crate::app::App;
use crate::db::{Fault, Tx};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The addresses of this area.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(one::one))
        .routes(routes!(statistics::statistics))
        .routes(routes!(export::export))
        .routes(routes!(verify::verify))
}

/// Keeps what the list is searched by beside the subject: its texts in lower case, without the names of its members.
pub(crate) async fn search_words(tx: &mut Tx, id: &str, subject: Option<&str>) -> Result<(), Fault> {
    let subject: Option<Subject> = subject.and_then(|json| serde_json::from_str(json).ok());
    let words = subject.map(|subject| {
        let all = [subject.name, subject.kind, subject.place];
        let all: Vec<String> = all.into_iter().flatten().collect();
        all.join("\n").to_lowercase()
    });
    sqlx::query("UPDATE submissions SET words = $2 WHERE id = $1")
        .bind(id)
        .bind(words)
        .execute(tx.sql())
        .await?;
    Ok(())
}
