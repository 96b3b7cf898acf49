//! The rulesets that were published, and the tables: what verdicts are made of.
//!
//! In: bundles. Out: a bundle by its digest, or the one in force on a day. Must not know: entries.

use crate::app::App;
use crate::db::{Db, Fault};
use crate::problem::{Kind, Problem};
use crate::store::Bundle;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rules_core::Chosen;
use rules_core::domain::date::Date;
use rules_core::json::Json;
use rules_core::report::code_text;
use sqlx::Row;
use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The addresses of this area.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(by_digest))
}

#[derive(Debug, Default)]
struct Shelf {
    by_digest: BTreeMap<String, Arc<Bundle>>,
    /// Of each id, in the order of publication.
    by_id: BTreeMap<String, Vec<Arc<Bundle>>>,
}

/// All published rulesets, loaded.
#[derive(Debug, Default)]
pub struct Library {
    shelf: RwLock<Arc<Shelf>>,
}

impl Library {
    /// Loads what was published.
    pub(crate) async fn open(db: &Db) -> Result<Library, Fault> {
        let rows = sqlx::query("SELECT digest, body FROM rulesets ORDER BY position")
            .fetch_all(db.read())
            .await?;
        let library = Library::default();
        for row in rows {
            let (digest, body): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            match Bundle::load(body) {
                Ok(bundle) => library.put(Arc::new(bundle)),
                // Its verdicts stand; only a replay of them has to say that the ruleset cannot be run.
                Err(error) => tracing::error!(digest, code = error.code(), "a stored ruleset does not load"),
            }
        }
        Ok(library)
    }

    fn shelf(&self) -> Arc<Shelf> {
        match self.shelf.read() {
            Ok(shelf) => shelf.clone(),
            Err(poisoned) => poisoned.into_inner().clone(),
        }
    }

    fn put(&self, bundle: Arc<Bundle>) {
        let mut shelf = match self.shelf.write() {
            Ok(shelf) => shelf,
            Err(poisoned) => poisoned.into_inner(),
        };
        let mut next = Shelf {
            by_digest: shelf.by_digest.clone(),
            by_id: shelf.by_id.clone(),
        };
        let id = bundle
            .ruleset()
            .base()
            .map_or_else(String::new, |base| base.id.clone());
        next.by_digest
            .insert(bundle.ruleset().digest().to_owned(), bundle.clone());
        next.by_id.entry(id).or_default().push(bundle);
        *shelf = Arc::new(next);
    }

    /// Stores a bundle and puts it into force for the days that it names. One that is there already stays as it is.
    ///
    /// # Errors
    /// Where it cannot be stored.
    pub async fn publish(&self, db: &Db, bundle: Bundle, publisher: &str) -> Result<bool, Fault> {
        let digest = bundle.ruleset().digest().to_owned();
        if self.by_digest(&digest).is_some() {
            return Ok(false);
        }
        let Some(base) = bundle.ruleset().base() else {
            return Err(Problem::new(Kind::BadRequest, "the bundle has no ruleset").into());
        };
        let (id, version) = (base.id.clone(), base.version.clone());
        let jurisdiction = code_text(base.jurisdiction);
        let from = base.effective.from.map(|day| day.to_string());
        let until = base.effective.until.map(|day| day.to_string());
        let (text, publisher) = (bundle.text().to_owned(), publisher.to_owned());
        db.write(move |tx| {
            Box::pin(async move {
                let known = sqlx::query("SELECT 1 FROM rulesets WHERE digest = $1")
                    .bind(&digest)
                    .fetch_optional(tx.sql())
                    .await?;
                if known.is_some() {
                    return Ok(());
                }
                let body = Json::Obj(vec![
                    ("digest".to_owned(), digest.as_str().into()),
                    ("version".to_owned(), version.as_str().into()),
                ]);
                let link = tx.append("ruleset_published", &id, body).await?;
                sqlx::query("INSERT INTO rulesets (digest, id, version, jurisdiction, effective_from, effective_until, body, published_ms, publisher, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
                    .bind(digest)
                    .bind(id)
                    .bind(version)
                    .bind(jurisdiction)
                    .bind(from)
                    .bind(until)
                    .bind(text)
                    .bind(link.time_ms)
                    .bind(publisher)
                    .bind(link.position)
                    .execute(tx.sql())
                    .await?;
                Ok(())
            })
        })
        .await?;
        self.put(Arc::new(bundle));
        Ok(true)
    }

    /// The ruleset with this digest.
    pub fn by_digest(&self, digest: &str) -> Option<Arc<Bundle>> {
        self.shelf().by_digest.get(digest).cloned()
    }

    /// Of the versions of a ruleset that hold on a day for a place, the one that was published last.
    pub fn in_force(&self, id: &str, as_of: Date, jurisdiction: Option<u32>) -> Option<Arc<Bundle>> {
        let shelf = self.shelf();
        let versions = shelf.by_id.get(id)?;
        let holds = |bundle: &&Arc<Bundle>| {
            matches!(bundle.ruleset().choose(jurisdiction, as_of), Chosen::Variant(_))
        };
        versions.iter().rev().find(holds).cloned()
    }
}

/// A bundle by its digest: the bytes never change, so they may be kept for ever.
#[utoipa::path(get, path = "/v1/bundles/by-digest/{hex}", tag = "library",
    params(("hex" = String, Path, description = "64 hexadecimal digits of the ruleset's digest")),
    responses((status = 200, description = "The bundle", body = Object), (status = 404)))]
async fn by_digest(State(app): State<App>, Path(hex): Path<String>) -> Result<Response, Problem> {
    let found = app.library.by_digest(&format!("sha256:{hex}"));
    let bundle = found.ok_or_else(|| Problem::new(Kind::UnknownRuleset, ""))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, bundle.text().to_owned()).into_response())
}
