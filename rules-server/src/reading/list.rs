//! The list of submissions.
//!
//! In: filters, where to go on. Out: a page. Must not know: entries.

use super::item::{Item, Order, page};
use super::query::{Asked, Filter, bad};
use crate::access::{Principal, Purpose, Reading};
use crate::app::App;
use crate::openapi::shapes::{Cursor, PurposeText};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// A page of the list.
#[derive(Serialize, ToSchema)]
#[schema(as = SubmissionPage)]
pub(super) struct Page {
    items: Vec<Item>,
    /// What to send as `cursor` for the next page, if there is one.
    next: Option<String>,
}

/// Submissions, newest first: of one's area and below; an inspector's own.
#[utoipa::path(get, path = "/v1/submissions", tag = "reading",
    params(Filter, ("limit" = Option<i64>, Query, minimum = 1, maximum = 200, description = "1 to 200; else 50"),
        ("cursor" = inline(Option<Cursor>), Query, description = "`next` of the page before"),
        ("x-purpose" = inline(PurposeText), Header, description = "Why you read this: 2 to 200 characters, those beyond ASCII percent-encoded")),
    responses((status = 200, body = Page), (status = 403), (status = 422)), security(("token" = [])))]
pub(super) async fn list(
    State(app): State<App>,
    principal: Principal,
    purpose: Purpose,
    mut asked: Asked,
) -> Result<Json<Page>, Problem> {
    let filter = Filter::take(&mut asked)?;
    let limit = asked.number("limit", 200)?.unwrap_or(50);
    let cursor = asked.number("cursor", i64::MAX);
    let cursor = cursor.map_err(|_| bad("cursor", "it is the `next` of the page before"))?;
    asked.end()?;
    let condition = filter.condition(&principal)?;
    let mut items = page(app.db.read(), &condition, Order::NewestFirst, cursor, limit + 1).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let reading = Reading {
        address: "/v1/submissions",
        ids: items.iter().map(|item| item.id.clone()).collect(),
        filter: filter.logged(),
        count: i64::try_from(items.len()).unwrap_or(i64::MAX),
    };
    purpose.log(&app, &principal, reading).await?;
    let next = items
        .last()
        .filter(|_| more)
        .map(|item| item.position.to_string());
    Ok(Json(Page { items, next }))
}
