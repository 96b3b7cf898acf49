//! Whoever holds a printed report asks whether this server knows it.
//!
//! In: the digest on the paper. Out: known or not, when, by which ruleset. Must not know: anything else of the submission; the address is public.

use crate::app::App;
use crate::edge::rfc3339;
use crate::openapi::shapes::Hex;
use crate::problem::{Kind, Problem};
use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use sqlx::Row;
use utoipa::ToSchema;

/// What anybody may know of a report.
#[derive(Default, Serialize, ToSchema)]
pub(super) struct Known {
    /// Has this server made a report with this digest?
    known: bool,
    /// When the submission was received.
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ruleset: Option<KnownRuleset>,
    /// Place in the audit chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<i64>,
    /// Is it of the submission's current revision?
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<bool>,
}

/// The ruleset that judged.
#[derive(Serialize, ToSchema)]
struct KnownRuleset {
    id: String,
    version: String,
    digest: String,
}

/// Is a report, by its digest, one that this server made? Where several submissions have the same report, the newest.
#[utoipa::path(get, path = "/v1/verify/{hex}", tag = "reading",
    params(("hex" = inline(Hex), Path, description = "64 hexadecimal digits of the report's digest")),
    responses((status = 200, body = Known), (status = 422)))]
pub(super) async fn verify(State(app): State<App>, Path(hex): Path<String>) -> Result<Json<Known>, Problem> {
    let digest = format!("sha256:{hex}");
    if !crate::submissions::is_digest(&digest) {
        let detail = "a digest has 64 hexadecimal digits in lower case";
        return Err(Problem::new(Kind::BadRequest, detail));
    }
    let row = sqlx::query(
        "SELECT r.received_ms, r.position, v.ruleset_version, v.ruleset_digest, s.topic, s.revision, r.revision AS of_revision FROM verdicts v \
         JOIN revisions r ON r.submission = v.submission AND r.revision = v.revision JOIN submissions s ON s.id = v.submission \
         WHERE v.report_digest = $1 ORDER BY r.position DESC LIMIT 1",
    )
    .bind(digest)
    .fetch_optional(app.db.read())
    .await?;
    let Some(row) = row else {
        return Ok(Json(Known::default()));
    };
    let (current, of): (i64, i64) = (row.try_get("revision")?, row.try_get("of_revision")?);
    Ok(Json(Known {
        known: true,
        time: Some(rfc3339(row.try_get("received_ms")?)),
        ruleset: Some(KnownRuleset {
            id: row.try_get("topic")?,
            version: row.try_get("ruleset_version")?,
            digest: row.try_get("ruleset_digest")?,
        }),
        position: Some(row.try_get("position")?),
        current: Some(current == of),
    }))
}
