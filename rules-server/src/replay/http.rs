//! The addresses of replay.
//!
//! In: requests of staff. Out: what a replay found. Must not know: how it is done.

use super::{Differing, Range, Replayed, replay, replay_one};
use crate::access::Principal;
use crate::app::App;
use crate::problem::{Kind, Problem};
use crate::submissions::identified;
use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Revisions of one request: a few seconds' work.
const MOST: u64 = 5_000;

/// The addresses of this area.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(one)).routes(routes!(all))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Which {
    /// Positions of the chain after this one.
    after: Option<i64>,
    /// Up to 5,000 revisions.
    limit: Option<u64>,
}

/// Is a submission's verdict still what it was?
#[derive(Serialize, ToSchema)]
struct Same {
    /// Every verdict of every revision, byte for byte.
    same: bool,
    /// Verdicts that are not.
    differs: Vec<Differing>,
    /// Verdicts that cannot be judged again: their answers were purged, or their ruleset cannot be run here.
    unavailable: u64,
}

/// Judges a submission again, by the rulesets and tables that it was judged by.
#[utoipa::path(get, path = "/v1/submissions/{id}/replay", tag = "replay",
    params(("id" = String, Path, description = "The submission's id")),
    responses((status = 200, body = Same), (status = 403), (status = 404)), security(("token" = [])))]
async fn one(
    State(app): State<App>,
    principal: Principal,
    Path(id): Path<String>,
) -> Result<Json<Same>, Problem> {
    identified(&id)?;
    reached(&app, &principal, &id).await?;
    let found = replay_one(&app, &id).await?;
    Ok(Json(Same {
        same: found.is_same(),
        unavailable: found.purged + found.unavailable,
        differs: found.differs,
    }))
}

/// Judges stored submissions again; `next` says where to go on.
#[utoipa::path(post, path = "/v1/replay", tag = "replay", params(Which),
    responses((status = 200, body = Replayed), (status = 403)), security(("token" = [])))]
async fn all(
    State(app): State<App>,
    query: Result<Query<Which>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Replayed>, Problem> {
    let Query(which) = query.map_err(|_| {
        Problem::new(
            Kind::BadRequest,
            "the query takes `after` and `limit`, both numbers",
        )
    })?;
    let range = Range {
        after: which.after.unwrap_or(0),
        limit: Some(which.limit.unwrap_or(MOST).min(MOST)),
    };
    Ok(Json(replay(&app, range, |_| {}).await?))
}

/// What lies outside of one's area does not exist.
async fn reached(app: &App, principal: &Principal, id: &str) -> Result<(), Problem> {
    let row = sqlx::query("SELECT area, sender FROM submissions WHERE id = $1")
        .bind(id)
        .fetch_optional(app.db.read())
        .await?;
    let absent = || Problem::new(Kind::NotFound, "no submission of your area has this id");
    let row = row.ok_or_else(absent)?;
    let (area, sender): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    principal.sees(&area, &sender).then_some(()).ok_or_else(absent)
}
