//! The access log, for whoever answers for an area.
//!
//! In: a place to go on from. Out: who read what, when and why. Must not know: how it is written (`purpose`).

use super::{Principal, scope};
use crate::app::App;
use crate::edge::rfc3339;
use crate::problem::{Kind, Problem};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sqlx::Row;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Number after which to go on.
    #[serde(default)]
    after: i64,
    /// 1 to 1000; else 100.
    limit: Option<i64>,
    /// Only what this account read: its id.
    principal: Option<String>,
}

/// One reading.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
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
#[utoipa::path(get, path = "/v1/access-log", tag = "access", params(Asked),
    responses((status = 200, body = Lines), (status = 422)), security(("token" = [])))]
async fn list(
    State(app): State<App>,
    principal: Principal,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Lines>, Problem> {
    let Query(asked) = asked.map_err(|_| {
        Problem::new(
            Kind::BadRequest,
            "the query takes `after` and `limit`, whole numbers, and `principal`",
        )
    })?;
    let limit = asked.limit.unwrap_or(100);
    if !(1..=1000).contains(&limit) || asked.after < 0 {
        return Err(Problem::new(
            Kind::BadRequest,
            "`limit` is 1 to 1000, `after` not below 0",
        ));
    }
    let rows = sqlx::query(
        "SELECT number, time_ms, principal, name, role, area, address, purpose, filter, ids, entries FROM access_log \
         WHERE area LIKE $1 AND number > $2 AND (CAST($3 AS TEXT) IS NULL OR principal = $3) ORDER BY number LIMIT $4",
    )
    .bind(scope::pattern(&principal.area))
    .bind(asked.after)
    .bind(asked.principal)
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
