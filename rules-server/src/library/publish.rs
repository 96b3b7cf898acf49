//! Publishing a ruleset: it is in force for its days from that moment on, and never changes.
//!
//! In: a bundle. Out: its place in the chain. Must not know: entries.

use super::{Library, id_of};
use crate::access::Principal;
use crate::app::App;
use crate::db::{Db, Fault};
use crate::edge::rfc3339;
use crate::problem::{Kind, Problem};
use crate::store::Bundle;
use crate::submissions::json_body;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use rules_core::Ruleset;
use rules_core::bundle::{BundleError, PublicKey};
use rules_core::json::Json as Tree;
use rules_core::report::code_text;
use serde::Serialize;
use sqlx::Row;
use std::sync::Arc;
use utoipa::ToSchema;

/// The keys that a bundle must be signed by; none: a signature is not asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trusted(pub(crate) Arc<[PublicKey]>);

/// A ruleset that was published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Published {
    id: String,
    version: String,
    digest: String,
    /// Place in the audit chain.
    position: i64,
    published_at: String,
    /// Was it not there before?
    #[serde(skip)]
    pub(crate) first: bool,
}

impl Library {
    /// Stores a bundle and puts it into force for the days that it names. One that is there already stays as it is.
    ///
    /// # Errors
    /// `conflict` where the same versions were published with other content; where it cannot be stored.
    pub(crate) async fn publish(&self, db: &Db, bundle: Bundle, publisher: &str) -> Result<Published, Fault> {
        let digest = bundle.ruleset().digest().to_owned();
        let Some(base) = bundle.ruleset().base() else {
            return Err(Problem::new(Kind::BadBundle, "the bundle has no ruleset").into());
        };
        let (id, version, versions) = (id_of(&bundle), base.version.clone(), versions(bundle.ruleset()));
        let jurisdiction = code_text(base.jurisdiction);
        let from = base.effective.from.map(|day| day.to_string());
        let until = base.effective.until.map(|day| day.to_string());
        let (text, publisher) = (bundle.text().to_owned(), publisher.to_owned());
        let published = db
            .write(move |tx| {
                Box::pin(async move {
                    let same = sqlx::query("SELECT digest, position, published_ms FROM rulesets WHERE id = $1 AND (digest = $2 OR versions = $3)")
                        .bind(&id)
                        .bind(&digest)
                        .bind(&versions)
                        .fetch_all(tx.sql())
                        .await?;
                    let mut other = None;
                    for row in same {
                        let stored: String = row.try_get(0)?;
                        if stored == digest {
                            return Ok(Published {
                                id,
                                version,
                                digest,
                                position: row.try_get(1)?,
                                published_at: rfc3339(row.try_get(2)?),
                                first: false,
                            });
                        }
                        other = Some(stored);
                    }
                    if let Some(stored) = other {
                        let detail = format!(
                            "`{versions}` is published with other content, which has the digest in `stored`; a change needs a new version"
                        );
                        return Err(Problem::new(Kind::Conflict, detail).with("stored", stored).into());
                    }
                    let body = Tree::Obj(vec![
                        ("digest".to_owned(), digest.as_str().into()),
                        ("publisher".to_owned(), publisher.as_str().into()),
                        ("version".to_owned(), version.as_str().into()),
                        ("versions".to_owned(), versions.as_str().into()),
                    ]);
                    let link = tx.append("ruleset_published", &id, body).await?;
                    sqlx::query("INSERT INTO rulesets (digest, id, version, versions, jurisdiction, effective_from, effective_until, body, published_ms, publisher, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
                        .bind(&digest)
                        .bind(&id)
                        .bind(&version)
                        .bind(versions)
                        .bind(jurisdiction)
                        .bind(from)
                        .bind(until)
                        .bind(text)
                        .bind(link.time_ms)
                        .bind(publisher)
                        .bind(link.position)
                        .execute(tx.sql())
                        .await?;
                    Ok(Published {
                        id,
                        version,
                        digest,
                        position: link.position,
                        published_at: rfc3339(link.time_ms),
                        first: true,
                    })
                })
            })
            .await?;
        self.refresh(db).await?;
        Ok(published)
    }
}

/// All that took part, each with its version: a bundle of the same versions has the same content.
fn versions(ruleset: &Ruleset) -> String {
    let mut all: Vec<String> = Vec::new();
    for layer in ruleset.plans().flat_map(|plan| &plan.layers) {
        let one = format!("{} {}", layer.id, layer.version);
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all.join(", ")
}

/// Publishes a bundle. From this answer on, it judges what is sent.
#[utoipa::path(post, path = "/v1/rulesets", tag = "library",
    request_body(content = Object, content_type = "application/json", description = "A bundle"),
    responses((status = 200, description = "It was published before", body = Published), (status = 201, body = Published),
        (status = 409, description = "The same version has other content"), (status = 422, description = "It is no bundle, or not signed by a trusted key")),
    security(("token" = [])))]
pub(super) async fn publish(
    State(app): State<App>,
    principal: Principal,
    Extension(trusted): Extension<Trusted>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let bundle = read(&headers, body, &trusted).await?;
    let published = app.library.publish(&app.db, bundle, &principal.name).await?;
    if published.first {
        released(&app).await;
    }
    let status = if published.first {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(published)).into_response())
}

/// What waited for this is judged now. The publication stands whatever comes of that.
pub(crate) async fn released(app: &App) {
    if let Err(problem) = crate::submissions::release(app).await {
        tracing::error!(
            detail = problem.detail(),
            "what is quarantined was not all judged"
        );
    }
}

/// Reads the bundle that a request brings.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
    trusted: &Trusted,
) -> Result<Bundle, Problem> {
    json_body(headers)?;
    let body = body.map_err(|rejection| Problem::of_status(rejection.status()))?;
    let text = String::from_utf8(body.into());
    let text = text.map_err(|_| Problem::new(Kind::BadJson, "the body is not UTF-8"))?;
    let keys = trusted.0.clone();
    let loaded = tokio::task::spawn_blocking(move || {
        if !keys.is_empty() {
            Ruleset::load_signed(&text, &keys)?;
        }
        Bundle::load(text)
    });
    let loaded = loaded.await.map_err(|_| Problem::new(Kind::Internal, ""))?;
    loaded.map_err(|error: BundleError| {
        let (zh, en) = error.text();
        Problem::new(Kind::BadBundle, format!("{zh} / {en}")).code(error.code())
    })
}
