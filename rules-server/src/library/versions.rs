//! Lists of rulesets: what is handed out, what holds on a day, all versions of one.
//!
//! In: an id, a day, a place. Out: summaries. Must not know: entries.

use super::Library;
use crate::app::App;
use crate::edge::rfc3339;
use crate::openapi::shapes::{Day, Division};
use crate::problem::{Kind, Problem};
use crate::reading::query::Asked;
use crate::reading::raw;
use crate::store::Bundle;
use axum::Json;
use axum::extract::{Path, State};
use rules_core::domain::date::Date;
use serde::Serialize;
use serde_json::value::RawValue;
use sqlx::Row;
use std::sync::Arc;
use utoipa::ToSchema;

/// Summaries of what is handed out; with a day or a place, of what holds then and there.
pub(crate) fn summaries(
    library: &Library,
    today: Option<Date>,
    wanted: Option<Date>,
    place: Option<u32>,
) -> Vec<String> {
    let one = |id: &String| -> Option<Arc<Bundle>> {
        match (wanted.or(today), wanted.is_some() || place.is_some()) {
            (Some(day), true) => library.in_force(id, day, place),
            (day, _) => library.current(id, day),
        }
    };
    let found = library.ids();
    found
        .iter()
        .filter_map(one)
        .map(|bundle| bundle.summary().to_owned())
        .collect()
}

/// A published version.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RulesetVersion)]
struct Version {
    id: String,
    version: String,
    #[schema(value_type = Object)]
    title: Option<Box<RawValue>>,
    jurisdiction: String,
    #[schema(value_type = Object)]
    effective: Option<Box<RawValue>>,
    digest: String,
    /// Where the bundle is.
    bundle: String,
    #[schema(value_type = Vec<Object>)]
    layers: Option<Box<RawValue>>,
    published_at: String,
    /// Name of the account; `start` where it came with the program.
    publisher: String,
    /// Place in the audit chain.
    position: i64,
    /// Is it the one that holds today?
    in_force: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = RulesetVersions)]
pub(super) struct Versions {
    /// The last published first.
    versions: Vec<Version>,
}

#[derive(serde::Deserialize)]
struct Summary<'a> {
    #[serde(borrow)]
    title: &'a RawValue,
    #[serde(borrow)]
    effective: &'a RawValue,
    #[serde(borrow)]
    layers: &'a RawValue,
}

/// All versions of a ruleset that were ever published.
#[utoipa::path(get, path = "/v1/rulesets/{id}/versions", tag = "library",
    params(("id" = String, Path, description = "Id of the ruleset"),
        ("day" = inline(Option<Day>), Query, description = "The day on which `inForce` is said; else today in China"),
        ("jurisdiction" = inline(Option<Division>), Query, description = "Division code of the place; else the ruleset's own")),
    responses((status = 200, body = Versions), (status = 404)))]
pub(super) async fn versions(
    State(app): State<App>,
    Path(id): Path<String>,
    mut asked: Asked,
) -> Result<Json<Versions>, Problem> {
    let (day, place) = (asked.day("day")?, asked.place("jurisdiction")?);
    asked.end()?;
    let day = day.or(app.today());
    let holding = day.and_then(|day| app.library.in_force(&id, day, place));
    let holding = holding.map(|bundle| bundle.ruleset().digest().to_owned());
    let rows = sqlx::query("SELECT digest, version, jurisdiction, published_ms, publisher, position FROM rulesets WHERE id = $1 ORDER BY position DESC")
        .bind(&id)
        .fetch_all(app.db.read())
        .await?;
    if rows.is_empty() {
        return Err(Problem::new(Kind::UnknownRuleset, ""));
    }
    let mut versions = Vec::with_capacity(rows.len());
    for row in rows {
        let digest: String = row.try_get("digest")?;
        let bundle = app.library.by_digest(&digest);
        let summary: Option<Summary<'_>> = bundle
            .as_ref()
            .and_then(|bundle| serde_json::from_str(bundle.summary()).ok());
        versions.push(Version {
            id: id.clone(),
            version: row.try_get("version")?,
            title: raw(summary.as_ref().map(|all| all.title.get().to_owned()))?,
            jurisdiction: row.try_get("jurisdiction")?,
            effective: raw(summary.as_ref().map(|all| all.effective.get().to_owned()))?,
            bundle: format!("/v1/bundles/by-digest/{}", digest.trim_start_matches("sha256:")),
            layers: raw(summary.as_ref().map(|all| all.layers.get().to_owned()))?,
            published_at: rfc3339(row.try_get("published_ms")?),
            publisher: row.try_get("publisher")?,
            position: row.try_get("position")?,
            in_force: holding.as_ref() == Some(&digest),
            digest,
        });
    }
    Ok(Json(Versions { versions }))
}
