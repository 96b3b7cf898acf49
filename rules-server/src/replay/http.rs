//! The addresses of replay.
//!
//! In: requests of staff. Out: what a replay found. Must not know: how it is done.

use super::{Differing, Range, Replayed, replay, replay_one};
use crate::access::{Principal, Purpose, Reading};
use crate::app::App;
use crate::openapi::shapes::{PurposeText, SubmissionId};
use crate::problem::{Kind, Problem};
use crate::reading::query::Asked;
use crate::submissions::{identified, visible};
use axum::Json;
use axum::extract::{Path, State};
use rules_core::json::Json as Tree;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Revisions of one request: a few seconds' work.
const MOST: i64 = 5_000;

/// The addresses of this area.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(one)).routes(routes!(all))
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
    params(("id" = inline(SubmissionId), Path, description = "The submission's id"),
        ("x-purpose" = inline(PurposeText), Header, description = "Why you read this: 2 to 200 characters, those beyond ASCII percent-encoded")),
    responses((status = 200, body = Same), (status = 403), (status = 404), (status = 422)), security(("token" = [])))]
async fn one(
    State(app): State<App>,
    principal: Principal,
    purpose: Purpose,
    Path(id): Path<String>,
) -> Result<Json<Same>, Problem> {
    identified(&id)?;
    visible(&app, &principal, &id).await?;
    let found = replay_one(&app, &id).await?;
    let reading = Reading {
        address: "/v1/submissions/{id}/replay",
        ids: vec![id],
        filter: Tree::Obj(Vec::new()),
        count: 1,
    };
    purpose.log(&app, &principal, reading).await?;
    Ok(Json(Same {
        same: found.is_same(),
        unavailable: found.purged + found.unavailable,
        differs: found.differs,
    }))
}

/// Judges stored submissions again; `next` says where to go on.
#[utoipa::path(post, path = "/v1/replay", tag = "replay", 
    params(("after" = Option<i64>, Query, minimum = 0, description = "Positions of the chain after this one"),
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 5000, description = "Revisions, 1 to 5,000; else 5,000")),
    responses((status = 200, body = Replayed), (status = 403)), security(("token" = [])))]
async fn all(
    State(app): State<App>,
    principal: Principal,
    mut asked: Asked,
) -> Result<Json<Replayed>, Problem> {
    // It goes over what every area has sent.
    if !principal.reaches("000000") {
        let detail = "only whoever is responsible for all areas replays all of them";
        return Err(Problem::new(Kind::Forbidden, detail));
    }
    let after = asked.position("after")?.unwrap_or(0);
    let limit = asked.number("limit", MOST)?.unwrap_or(MOST);
    asked.end()?;
    let range = Range {
        after,
        limit: Some(limit.unsigned_abs()),
    };
    Ok(Json(replay(&app, range, |_| {}).await?))
}
