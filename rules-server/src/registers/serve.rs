//! Registers, handed out: all of them, one by name, its versions, one by digest.
//!
//! In: a name or a digest. Out: rows as the bytes that were stored. Must not know: how they were read.

use super::import::table;
use crate::app::App;
use crate::edge::rfc3339;
use crate::openapi::shapes::Hex;
use crate::problem::{Kind, Problem};
use crate::reading::query::Asked;
use crate::reading::raw;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rules_core::json::Json as Tree;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sqlx::Row;
use sqlx::any::AnyRow;
use utoipa::ToSchema;

/// A version of a register.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TableVersion)]
pub(super) struct Version {
    name: String,
    version: i64,
    /// The digest that reports name.
    digest: String,
    rows: i64,
    /// Coordinate system of its places.
    crs: Option<String>,
    /// Rows that were left out when it was taken in.
    skipped: i64,
    published_at: String,
    /// Name of the account.
    publisher: String,
    /// What the rulesets call it: `zh` and `en`.
    #[schema(value_type = Option<Object>)]
    label: Option<Box<RawValue>>,
    /// The rows; of a calendar, the calendar.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<serde_json::Value>)]
    data: Option<Box<RawValue>>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = TableVersions)]
pub(super) struct Versions {
    tables: Vec<Version>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct About {
    crs: Option<String>,
    rows: i64,
    skipped: i64,
}

fn label(app: &App, name: &str) -> Option<String> {
    let ids = app.library.ids();
    let mut bundles = ids.iter().filter_map(|id| app.library.current(id, app.today()));
    bundles.find_map(|bundle| {
        let label = &table(&bundle, name)?.label;
        let members = [("zh", &label.zh), ("en", &label.en)];
        let members = members
            .into_iter()
            .map(|(name, text)| (name.to_owned(), Tree::from(text.as_str())));
        Some(Tree::Obj(members.collect()).canonical())
    })
}

fn version(app: &App, row: &AnyRow) -> Result<Version, Problem> {
    let name: String = row.try_get("name")?;
    let about: String = row.try_get("about")?;
    let about: About = serde_json::from_str(&about).unwrap_or_default();
    Ok(Version {
        label: raw(label(app, &name))?,
        version: row.try_get("version")?,
        digest: row.try_get("digest")?,
        rows: about.rows,
        crs: about.crs,
        skipped: about.skipped,
        published_at: rfc3339(row.try_get("published_ms")?),
        publisher: row.try_get("publisher")?,
        data: None,
        name,
    })
}

/// The current version of each register, without rows.
#[utoipa::path(get, path = "/v1/tables", tag = "tables", responses((status = 200, body = Versions)))]
pub(super) async fn list(State(app): State<App>, asked: Asked) -> Result<Json<Versions>, Problem> {
    asked.end()?;
    let rows = sqlx::query(
        "SELECT t.name, t.version, t.digest, t.about, t.published_ms, t.publisher FROM tables t \
         WHERE t.version = (SELECT MAX(u.version) FROM tables u WHERE u.name = t.name) ORDER BY t.name",
    )
    .fetch_all(app.db.read())
    .await?;
    let tables: Result<Vec<Version>, Problem> = rows.iter().map(|row| version(&app, row)).collect();
    Ok(Json(Versions { tables: tables? }))
}

/// All versions of a register, the last first, without rows.
#[utoipa::path(get, path = "/v1/tables/{name}/versions", tag = "tables",
    params(("name" = String, Path, description = "Name of the table")),
    responses((status = 200, body = Versions), (status = 404)))]
pub(super) async fn versions(
    State(app): State<App>,
    Path(name): Path<String>,
    asked: Asked,
) -> Result<Json<Versions>, Problem> {
    asked.end()?;
    let rows = sqlx::query(
        "SELECT name, version, digest, about, published_ms, publisher FROM tables WHERE name = $1 ORDER BY version DESC",
    )
    .bind(name)
    .fetch_all(app.db.read())
    .await?;
    if rows.is_empty() {
        return Err(absent());
    }
    let tables: Result<Vec<Version>, Problem> = rows.iter().map(|row| version(&app, row)).collect();
    Ok(Json(Versions { tables: tables? }))
}

fn absent() -> Problem {
    Problem::new(Kind::NotFound, "no register has this name or digest")
}

/// The current version of a register with its rows. The ETag is its digest.
#[utoipa::path(get, path = "/v1/tables/{name}", tag = "tables",
    params(("name" = String, Path, description = "Name of the table"), ("if-none-match" = Option<String>, Header, description = "ETag that is known")),
    responses((status = 200, body = Version), (status = 304), (status = 404)))]
pub(super) async fn current(
    State(app): State<App>,
    Path(name): Path<String>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    asked.end()?;
    let row = sqlx::query(
        "SELECT name, version, digest, about, published_ms, publisher, body FROM tables WHERE name = $1 ORDER BY version DESC LIMIT 1",
    )
    .bind(name)
    .fetch_optional(app.db.read())
    .await?;
    let row = row.ok_or_else(absent)?;
    let mut found = version(&app, &row)?;
    let tag = format!("W/\"{}\"", found.digest);
    let mut response = if crate::routes::is_known(&headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        found.data = raw(row.try_get("body")?)?;
        Json(found).into_response()
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// The rows of a register by their digest: the bytes never change, so they may be kept for ever.
#[utoipa::path(get, path = "/v1/tables/by-digest/{hex}", tag = "tables",
    params(("hex" = inline(Hex), Path, description = "64 hexadecimal digits of the digest")),
    responses((status = 200, description = "The rows; of a calendar, the calendar", body = serde_json::Value), (status = 404)))]
pub(super) async fn by_digest(State(app): State<App>, Path(hex): Path<String>) -> Result<Response, Problem> {
    let row = sqlx::query("SELECT body FROM tables WHERE digest = $1 LIMIT 1")
        .bind(format!("sha256:{hex}"))
        .fetch_optional(app.db.read())
        .await?;
    let body: String = row.ok_or_else(absent)?.try_get(0)?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, body).into_response())
}
