//! The access log, for whoever answers for an area.
//!
//! In: a place to go on from. Out: who read what, when and why. Must not know: how it is written (`purpose`).

use super::{Principal, scope};
use crate::app::App;
use crate::edge::rfc3339;
use crate::openapi::shapes::Word;
use crate::problem::{Kind, Problem};
use crate::reading::query::Asked;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::value::RawValue;
use sqlx::Row;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// One reading.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AccessLogLine)]
struct Line {
    number: i64,
    time: String,
    /// Id of the account.
    principal: String,
    name: String,
    role: String,
    area: String,
    /// What was asked: method is GET.
    address: String,
    purpose: String,
    #[schema(value_type = Object)]
    filter: Box<RawValue>,
    #[schema(value_type = Vec<String>)]
    ids: Box<RawValue>,
    /// How many entries left.
    count: i64,
}

#[derive(Serialize, ToSchema)]
struct Lines {
    items: Vec<Line>,
    /// Where to go on, if there is more.
    next: Option<i64>,
}

/// Who read entries, when and why: of accounts in one's area and below.
#[utoipa::path(get, path = "/v1/access-log", tag = "access", 
    params(("after" = Option<i64>, Query, minimum = 0, description = "Number after which to go on"),
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 1000, description = "1 to 1000; else 100"),
        ("principal" = inline(Option<Word>), Query, description = "Only what this account read: its id")),
    responses((status = 200, body = Lines), (status = 422)), security(("token" = [])))]
async fn list(
    State(app): State<App>,
    principal: Principal,
    mut asked: Asked,
) -> Result<Json<Lines>, Problem> {
    let after = asked.position("after")?.unwrap_or(0);
    let limit = asked.number("limit", 1000)?.unwrap_or(100);
    let of = asked.take("principal")?;
    asked.end()?;
    let rows = sqlx::query(
        "SELECT number, time_ms, principal, name, role, area, address, purpose, filter, ids, entries FROM access_log \
         WHERE area LIKE $1 AND number > $2 AND (CAST($3 AS TEXT) IS NULL OR principal = $3) ORDER BY number LIMIT $4",
    )
    .bind(scope::pattern(&principal.area))
    .bind(after)
    .bind(of)
    .bind(limit + 1)
    .fetch_all(app.db.read())
    .await?;
    let raw = |text: String| RawValue::from_string(text).map_err(|_| Problem::new(Kind::Internal, ""));
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        items.push(Line {
            number: row.try_get(0)?,
            time: rfc3339(row.try_get(1)?),
            principal: row.try_get(2)?,
            name: row.try_get(3)?,
            role: row.try_get(4)?,
            area: row.try_get(5)?,
            address: row.try_get(6)?,
            purpose: row.try_get(7)?,
            filter: raw(row.try_get(8)?)?,
            ids: raw(row.try_get(9)?)?,
            count: row.try_get(10)?,
        });
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|line| line.number);
    Ok(Json(Lines { items, next }))
}
