//! The rulesets that were published: what verdicts are made of.
//!
//! In: bundles. Out: a bundle by its digest, or the one in force on a day. Must not know: entries.

mod publish;
mod trial;
mod versions;

pub(crate) use publish::{Trusted, released};
pub(crate) use versions::summaries;

use crate::app::App;
use crate::db::{Db, Fault};
use crate::openapi::shapes::Hex;
use crate::problem::{Kind, Problem};
use crate::store::{Bundle, Store};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rules_core::domain::date::Date;
use rules_core::json::Json;
use rules_core::{Chosen, limits};
use sqlx::Row;
use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The addresses of this area.
pub(crate) fn routes() -> OpenApiRouter<App> {
    let bundles = OpenApiRouter::new()
        .routes(routes!(publish::publish))
        .routes(routes!(trial::trial))
        .layer(DefaultBodyLimit::max(limits::BUNDLE_BYTES));
    OpenApiRouter::new()
        .routes(routes!(by_digest))
        .routes(routes!(versions::versions))
        .merge(bundles)
}

#[derive(Clone, Debug, Default)]
struct Shelf {
    by_digest: BTreeMap<String, Arc<Bundle>>,
    /// Of each id, in the order of publication.
    by_id: BTreeMap<String, Vec<Arc<Bundle>>>,
    /// Place in the chain of the last one.
    last: i64,
}

/// All published rulesets, loaded.
#[derive(Debug, Default)]
pub struct Library {
    shelf: RwLock<Arc<Shelf>>,
}

impl Library {
    /// The bundles of a folder, without a database.
    pub(crate) fn of(store: &Store) -> Library {
        let library = Library::default();
        for bundle in store.bundles() {
            library.put(Arc::new(bundle.clone()), 0);
        }
        library
    }

    /// Loads what was published.
    pub(crate) async fn open(db: &Db) -> Result<Library, Fault> {
        let library = Library::default();
        library.refresh(db).await?;
        Ok(library)
    }

    /// Loads what was published since, by this program or by another on the same database.
    pub(crate) async fn refresh(&self, db: &Db) -> Result<(), Fault> {
        let rows =
            sqlx::query("SELECT digest, body, position FROM rulesets WHERE position > $1 ORDER BY position")
                .bind(self.shelf().last)
                .fetch_all(db.read())
                .await?;
        for row in rows {
            let (digest, body): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            match Bundle::load(body) {
                Ok(bundle) => self.put(Arc::new(bundle), row.try_get(2)?),
                // Its verdicts stand; only a replay of them has to say that the ruleset cannot be run.
                Err(error) => tracing::error!(digest, code = error.code(), "a stored ruleset does not load"),
            }
        }
        Ok(())
    }

    fn shelf(&self) -> Arc<Shelf> {
        match self.shelf.read() {
            Ok(shelf) => shelf.clone(),
            Err(poisoned) => poisoned.into_inner().clone(),
        }
    }

    fn put(&self, bundle: Arc<Bundle>, position: i64) {
        let mut shelf = match self.shelf.write() {
            Ok(shelf) => shelf,
            Err(poisoned) => poisoned.into_inner(),
        };
        let digest = bundle.ruleset().digest().to_owned();
        if shelf.by_digest.contains_key(&digest) {
            return;
        }
        let mut next = Shelf::clone(&shelf);
        next.last = next.last.max(position);
        next.by_digest.insert(digest, bundle.clone());
        next.by_id.entry(id_of(&bundle)).or_default().push(bundle);
        *shelf = Arc::new(next);
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

    /// What is handed out under an id: the version in force on the day, for any place; where none is, the one that was published last.
    pub(crate) fn current(&self, id: &str, day: Option<Date>) -> Option<Arc<Bundle>> {
        let in_force = day.and_then(|day| self.in_force(id, day, None));
        in_force.or_else(|| self.shelf().by_id.get(id).and_then(|all| all.last()).cloned())
    }

    /// What an entry is checked by: the version in force, else the one handed out, whose report says why it does not hold.
    pub(crate) fn for_check(
        &self,
        id: &str,
        as_of: Option<Date>,
        jurisdiction: Option<u32>,
    ) -> Option<Arc<Bundle>> {
        let in_force = as_of.and_then(|as_of| self.in_force(id, as_of, jurisdiction));
        in_force.or_else(|| self.current(id, as_of))
    }

    /// All ids, in their order.
    pub(crate) fn ids(&self) -> Vec<String> {
        self.shelf().by_id.keys().cloned().collect()
    }

    /// The title of a rule as JSON, of the version that was published last.
    pub(crate) fn rule_title(&self, id: &str, rule: &str) -> Option<String> {
        let shelf = self.shelf();
        let versions = shelf.by_id.get(id)?;
        let mut rules = versions
            .iter()
            .rev()
            .flat_map(|bundle| bundle.ruleset().plans().flat_map(|plan| &plan.rules));
        let title = &rules.find(|one| one.id == rule)?.title;
        let members = [("zh", &title.zh), ("en", &title.en)];
        let members = members
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| (name.to_owned(), Json::from(text.as_str())));
        Some(Json::Obj(members.collect()).canonical())
    }
}

fn id_of(bundle: &Bundle) -> String {
    bundle
        .ruleset()
        .base()
        .map_or_else(String::new, |base| base.id.clone())
}

/// A bundle by its digest: the bytes never change, so they may be kept for ever.
#[utoipa::path(get, path = "/v1/bundles/by-digest/{hex}", tag = "library",
    params(("hex" = inline(Hex), Path, description = "64 hexadecimal digits of the ruleset's digest")),
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
