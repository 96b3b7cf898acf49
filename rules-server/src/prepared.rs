//! Rulesets with their tables, ready to judge by: reading a register of schools takes longer than a check.
//!
//! In: a ruleset, digests of tables. Out: both, loaded; the last few are kept. Must not know: entries.

use crate::app::App;
use crate::problem::Problem;
use crate::store::Bundle;
use rules_core::Tables;
use rules_core::limits::Limits;
use sqlx::Row;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What is kept ready. An office has a dozen rulesets, and one or two versions of each register.
const KEPT: usize = 32;

/// A ruleset and the tables that were given to it.
#[derive(Debug)]
pub struct Prepared {
    /// The ruleset.
    pub bundle: Arc<Bundle>,
    /// Its tables.
    pub tables: Tables,
}

type Key = (String, Vec<(String, String)>);

/// The last few that were used; the latest stands last.
#[derive(Debug, Default)]
pub struct Cache {
    kept: Mutex<Vec<(Key, Arc<Prepared>)>>,
}

impl Cache {
    fn get(&self, key: &Key) -> Option<Arc<Prepared>> {
        let mut kept = self
            .kept
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let number = kept.iter().position(|(other, _)| other == key)?;
        let found = kept.remove(number);
        let ready = found.1.clone();
        kept.push(found);
        Some(ready)
    }

    fn put(&self, key: Key, ready: Arc<Prepared>) {
        let mut kept = self
            .kept
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((key, ready));
    }
}

/// A ruleset with the tables named by digest; nothing where a table is not here or does not fit.
pub(crate) async fn prepare(
    app: &App,
    bundle: Arc<Bundle>,
    named: &BTreeMap<String, String>,
) -> Result<Option<Arc<Prepared>>, Problem> {
    let pairs = named.iter().map(|(name, digest)| (name.clone(), digest.clone()));
    let key = (bundle.ruleset().digest().to_owned(), pairs.collect());
    if let Some(ready) = app.prepared.get(&key) {
        return Ok(Some(ready));
    }
    let mut tables = Tables::new(bundle.ruleset());
    for (name, digest) in named {
        let row = sqlx::query("SELECT body FROM tables WHERE digest = $1 AND name = $2")
            .bind(digest)
            .bind(name)
            .fetch_optional(app.db.read())
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let rows: String = row.try_get(0)?;
        if tables
            .insert(bundle.ruleset(), name, &rows, &Limits::DEFAULT)
            .is_err()
        {
            return Ok(None);
        }
    }
    let ready = Arc::new(Prepared { bundle, tables });
    app.prepared.put(key, ready.clone());
    Ok(Some(ready))
}

/// The tables of a stored verdict that are kept here: those that its ruleset includes are not.
pub(crate) async fn kept_tables(app: &App, json: &str) -> Result<BTreeMap<String, String>, Problem> {
    let all: BTreeMap<String, String> = serde_json::from_str(json).unwrap_or_default();
    let mut kept = BTreeMap::new();
    for (name, digest) in all {
        let row = sqlx::query("SELECT 1 FROM tables WHERE digest = $1 AND name = $2")
            .bind(&digest)
            .bind(&name)
            .fetch_optional(app.db.read())
            .await?;
        if row.is_some() {
            kept.insert(name, digest);
        }
    }
    Ok(kept)
}
