//! Taking in a register: all of it, or nothing and what is wrong with it.
//!
//! In: a file. Out: its version. Must not know: what a format is (`import`).

use super::import::{Format, Imported, RowFault, has_places, import, table};
use crate::access::Principal;
use crate::app::App;
use crate::edge::rfc3339;
use crate::library::released;
use crate::openapi::shapes::{Word, shapes};
use crate::problem::{Kind, Problem, Told};
use crate::reading::query::{Asked, bad};
use crate::store::Bundle;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rules_core::digest::sha256;
use rules_core::domain::geo::Crs;
use rules_core::json::Json as Tree;
use serde::Serialize;
use sqlx::Row;
use std::sync::Arc;
use utoipa::ToSchema;

/// Faults that are told; whoever has more begins with these.
const TOLD: usize = 5_000;

/// How a file with wrong rows may be taken.
const PARTIAL: &[&str] = &["skip"];

shapes! {
    /// A coordinate system.
    CrsWord = |text| text.enum_values(Some(Crs::ALL.map(Crs::name)));
    /// What may be done with wrong rows.
    PartialWord = |text| text.enum_values(Some(PARTIAL.iter().copied()));
}

/// A register that was taken in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Taken {
    name: String,
    /// 1 for the first; the same content twice in a row is one version.
    version: i64,
    /// The digest that reports name.
    digest: String,
    rows: i64,
    published_at: String,
    /// Rows that were left out, if that was asked for.
    skipped: Vec<RowFault>,
}

/// Takes in a register. `crs` says in which coordinate system its places are; without it nothing with places is taken.
///
/// Wrong rows are answered with a table of them (CSV, or JSON to whoever accepts only that), and then nothing is stored, unless `partial=skip`.
#[utoipa::path(put, path = "/v1/tables/{name}", tag = "tables",
    params(("name" = String, Path, description = "Name of the table in the rulesets"),
        ("crs" = inline(Option<CrsWord>), Query, description = "`wgs84`, `gcj02`, `bd09` or `cgcs2000`"),
        ("ruleset" = inline(Option<Word>), Query, description = "Id of the ruleset whose table it is; else every ruleset in force that has one of that name"),
        ("partial" = inline(Option<PartialWord>), Query, description = "`skip` stores the rows that are right and tells the others")),
    request_body(content((String = "text/csv"), (Object = "application/geo+json"), (serde_json::Value = "application/json"))),
    responses((status = 200, description = "The current version has this content", body = Taken), (status = 201, body = Taken),
        (status = 404, description = "No ruleset in force has such a table"),
        (status = 422, description = "Rows are wrong: row, column, code, zh, en", content((String = "text/csv"), (Problem = "application/problem+json")))),
    security(("token" = [])))]
pub(super) async fn put(
    State(app): State<App>,
    principal: Principal,
    Path(name): Path<String>,
    mut asked: Asked,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let crs = asked.word("crs", &Crs::ALL.map(Crs::name))?;
    let crs = crs.as_deref().and_then(Crs::from_name);
    let ruleset = asked.take("ruleset")?;
    let skip = asked.word("partial", PARTIAL)?.is_some();
    asked.end()?;
    let format = format(&headers)?;
    let bundles = bundles(&app, &name, ruleset.as_deref())?;
    let places = bundles
        .iter()
        .filter_map(|bundle| table(bundle, &name))
        .any(has_places);
    if places && crs.is_none() {
        let words = Crs::ALL.map(Crs::name).join(", ");
        let detail = format!("say in which coordinate system the places are: {words}");
        return Err(bad("crs", detail));
    }
    let body = body.map_err(|rejection| Problem::of_status(rejection.status()))?;
    let text = String::from_utf8(body.into()).map_err(|_| {
        Problem::new(
            Kind::BadTable,
            "the file is not UTF-8; Excel saves it as \"CSV UTF-8\"",
        )
    })?;
    let internal = || Problem::new(Kind::Internal, "");
    let _turn = app.checks.clone().acquire_owned().await.map_err(|_| internal())?;
    let wanted = name.clone();
    let work = tokio::task::spawn_blocking(move || import(&bundles, &wanted, format, &text, crs));
    let mut imported = work.await.map_err(|_| internal())?;
    if !imported.faults.is_empty() && (!skip || imported.rows == 0) {
        return refused(&headers, &imported.faults);
    }
    let skipped = std::mem::take(&mut imported.faults);
    let (mut taken, first) = store(&app, &principal, name, imported, crs, skipped.len()).await?;
    taken.skipped = skipped;
    taken.skipped.truncate(TOLD);
    if first {
        released(&app).await;
    }
    let status = if first {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(taken)).into_response())
}

fn format(headers: &HeaderMap) -> Result<Format, Problem> {
    let media = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|value| value.trim().to_ascii_lowercase());
    match media.as_deref() {
        _ if headers.contains_key(header::CONTENT_ENCODING) => {}
        Some("text/csv") => return Ok(Format::Csv),
        Some("application/geo+json") => return Ok(Format::GeoJson),
        Some("application/json") => return Ok(Format::Json),
        _ => {}
    }
    Err(Problem::new(
        Kind::WrongMediaType,
        "a register is text/csv, application/geo+json or application/json, and not compressed",
    ))
}

/// The rulesets that have the table.
fn bundles(app: &App, name: &str, ruleset: Option<&str>) -> Result<Vec<Arc<Bundle>>, Problem> {
    let ids = match ruleset {
        Some(id) => vec![id.to_owned()],
        None => app.library.ids(),
    };
    let found: Vec<Arc<Bundle>> = ids
        .iter()
        .filter_map(|id| app.library.current(id, app.today()))
        .filter(|bundle| table(bundle, name).is_some())
        .collect();
    if found.is_empty() {
        return Err(Problem::new(
            Kind::NotFound,
            "no ruleset in force has a table of this name",
        ));
    }
    Ok(found)
}

/// The faults as a file that opens in a spreadsheet, or as a problem for programs.
fn refused(headers: &HeaderMap, faults: &[RowFault]) -> Result<Response, Problem> {
    let told = faults.get(..TOLD).unwrap_or(faults);
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let summary = format!(
        "{} faults; nothing was stored. `partial=skip` stores the rows that are right",
        faults.len()
    );
    if accept.contains("json") {
        let errors = serde_json::to_string(told).map_err(|_| Problem::new(Kind::Internal, ""))?;
        return Ok(Problem::new(Kind::BadTable, summary)
            .with_json("errors", errors)
            .into_response());
    }
    let failed = |_| Problem::new(Kind::Internal, "");
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer
        .write_record(["row", "column", "code", "zh", "en"])
        .map_err(failed)?;
    for one in told {
        let row = one.row.to_string();
        writer
            .write_record([&row, &one.column, &one.code, &one.zh, &one.en])
            .map_err(failed)?;
    }
    let file = writer
        .into_inner()
        .map_err(|_| Problem::new(Kind::Internal, ""))?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/csv; charset=utf-8"),
        ),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"errors.csv\""),
        ),
    ];
    Ok((
        StatusCode::UNPROCESSABLE_ENTITY,
        headers,
        axum::Extension(Told),
        file,
    )
        .into_response())
}

async fn store(
    app: &App,
    principal: &Principal,
    name: String,
    imported: Imported,
    crs: Option<Crs>,
    skipped: usize,
) -> Result<(Taken, bool), Problem> {
    let rows = i64::try_from(imported.rows).unwrap_or(i64::MAX);
    let digest = sha256(imported.data.as_bytes());
    let about = Tree::Obj(vec![
        ("crs".to_owned(), crs.map_or(Tree::Null, |crs| crs.name().into())),
        ("rows".to_owned(), Tree::Num(rows as f64)),
        ("skipped".to_owned(), Tree::Num(skipped as f64)),
    ]);
    let publisher = principal.name.clone();
    let taken = app.db.write(move |tx| {
        Box::pin(async move {
            let last = sqlx::query("SELECT version, digest, published_ms FROM tables WHERE name = $1 ORDER BY version DESC LIMIT 1")
                .bind(&name)
                .fetch_optional(tx.sql())
                .await?;
            let taken = |version, digest, name, ms| Taken {
                name,
                version,
                digest,
                rows,
                published_at: rfc3339(ms),
                skipped: Vec::new(),
            };
            let mut version = 1;
            if let Some(row) = last {
                let there: String = row.try_get(1)?;
                version = row.try_get(0)?;
                if there == digest {
                    return Ok((taken(version, digest, name, row.try_get(2)?), false));
                }
                version += 1;
            }
            let body = Tree::Obj(vec![
                ("digest".to_owned(), digest.as_str().into()),
                ("publisher".to_owned(), publisher.as_str().into()),
                ("rows".to_owned(), Tree::Num(rows as f64)),
                ("version".to_owned(), Tree::Num(version as f64)),
            ]);
            let link = tx.append("table_published", &name, body).await?;
            sqlx::query("INSERT INTO tables (name, version, digest, body, about, published_ms, publisher, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
                .bind(&name)
                .bind(version)
                .bind(&digest)
                .bind(imported.data)
                .bind(about.canonical())
                .bind(link.time_ms)
                .bind(publisher)
                .bind(link.position)
                .execute(tx.sql())
                .await?;
            Ok((taken(version, digest, name, link.time_ms), true))
        })
    });
    Ok(taken.await?)
}
