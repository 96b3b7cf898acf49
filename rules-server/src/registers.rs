//! Registers: tables that checks are given, such as the schools of a county. Each version is kept under its digest and never changes.
//!
//! In: CSV, GeoJSON or JSON. Out: versions, and rows by name or digest. Must not know: submissions.

mod import;
mod keep;
mod serve;

use crate::app::App;
use crate::problem::Problem;
use crate::store::Bundle;
use axum::extract::DefaultBodyLimit;
use sqlx::Row;
use std::collections::BTreeMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Bytes of a register: that of a province, with the boundaries of its schools.
const BODY: usize = 64 << 20;

/// The addresses of this area.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(serve::list))
        .routes(routes!(serve::versions))
        .routes(routes!(serve::by_digest))
        .routes(routes!(serve::current, keep::put))
        .layer(DefaultBodyLimit::max(BODY))
}

/// The tables that a ruleset is judged with today: the current version of each that is kept here, and what `named` has of the others.
pub(crate) async fn current(
    app: &App,
    bundle: &Bundle,
    named: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Problem> {
    let mut all = named.clone();
    let mut seen: Vec<&str> = Vec::new();
    for table in bundle.ruleset().plans().flat_map(|plan| &plan.tables) {
        if seen.contains(&table.name.as_str()) {
            continue;
        }
        seen.push(&table.name);
        let row = sqlx::query("SELECT digest FROM tables WHERE name = $1 ORDER BY version DESC LIMIT 1")
            .bind(&table.name)
            .fetch_optional(app.db.read())
            .await?;
        if let Some(row) = row {
            all.insert(table.name.clone(), row.try_get(0)?);
        }
    }
    Ok(all)
}
