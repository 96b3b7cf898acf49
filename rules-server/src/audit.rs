//! The audit: is everything that was promised still there, and nothing else?
//!
//! In: an open service. Out: counts and faults. Must not know: what an entry says.
//!
//! Walks the chain and checks every hash; checks every receipt's signature, that its place in the chain is its own, and that the stored bytes
//! have its digest; checks that states fit the parts, and that parts are there and whole. Memory does not grow with what is stored.

use crate::app::App;
use crate::db::{GENESIS, hash_of};
use crate::problem::Problem;
use crate::receipts::{self, SigningPublicKey, unbase64url};
use axum::Json;
use axum::extract::State;
use rules_core::digest::sha256;
use serde::Serialize;
use sqlx::Row;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Rows that are held at a time.
const PAGE: i64 = 500;

/// Faults that are listed; the rest is counted.
const LISTED: usize = 100;

/// The addresses of this area.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(head))
}

/// The end of the chain. Whoever notes it down can prove later that nothing before it was changed.
#[derive(Serialize, ToSchema)]
struct Head {
    position: i64,
    hash: String,
}

/// The end of the chain.
#[utoipa::path(get, path = "/v1/audit/head", tag = "audit", responses((status = 200, body = Head)))]
async fn head(State(app): State<App>) -> Result<Json<Head>, Problem> {
    let row = sqlx::query("SELECT position, hash FROM chain ORDER BY position DESC LIMIT 1")
        .fetch_optional(app.db.read())
        .await?;
    let (position, hash) = match row {
        Some(row) => (row.try_get(0)?, row.try_get(1)?),
        None => (0, GENESIS.to_owned()),
    };
    Ok(Json(Head { position, hash }))
}

/// What an audit found.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// Entries of the chain.
    pub entries: u64,
    /// Revisions with their receipts.
    pub revisions: u64,
    /// Parts.
    pub parts: u64,
    /// The end of the chain.
    pub head: String,
    /// What is not as it must be; up to 100.
    pub faults: Vec<String>,
    /// How many more.
    pub more: u64,
}

impl Audit {
    fn fault(&mut self, text: String) {
        if self.faults.len() < LISTED {
            self.faults.push(text);
        } else {
            self.more += 1;
        }
    }
}

/// Verifies everything, and that `head`, a hash noted down earlier, is still in the chain.
///
/// # Errors
/// Where the database cannot be read.
pub async fn verify(app: &App, head: Option<&str>) -> Result<Audit, Problem> {
    let mut audit = Audit::default();
    if let Some(head) = head {
        let there = sqlx::query("SELECT 1 FROM chain WHERE hash = $1")
            .bind(head)
            .fetch_optional(app.db.read())
            .await?;
        if there.is_none() {
            audit.fault(String::from("chain: the hash that was noted down is not in it"));
        }
    }
    let keys = keys(app).await?;
    chain(app, &mut audit).await?;
    revisions(app, &keys, &mut audit).await?;
    parts(app, &mut audit).await?;
    Ok(audit)
}

async fn keys(app: &App) -> Result<BTreeMap<String, SigningPublicKey>, Problem> {
    let rows = sqlx::query("SELECT id, public, algorithm FROM server_keys WHERE use_for = 'signing'")
        .fetch_all(app.db.read())
        .await?;
    let mut keys = BTreeMap::new();
    for row in rows {
        let (id, public, alg): (String, String, String) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let public = unbase64url(&public).and_then(|public| SigningPublicKey::read(&alg, &public));
        if let Some(public) = public {
            keys.insert(id, public);
        }
    }
    Ok(keys)
}

async fn chain(app: &App, audit: &mut Audit) -> Result<(), Problem> {
    let (mut position, mut previous) = (0_i64, GENESIS.to_owned());
    loop {
        let rows = sqlx::query(
            "SELECT position, time_ms, kind, subject, body, previous, hash FROM chain WHERE position > $1 ORDER BY position LIMIT $2",
        )
        .bind(position)
        .bind(PAGE)
        .fetch_all(app.db.read())
        .await?;
        if rows.is_empty() {
            audit.head = previous;
            return Ok(());
        }
        for row in rows {
            let (at, time_ms): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
            let kind: &str = row.try_get(2)?;
            let (subject, body): (&str, &str) = (row.try_get(3)?, row.try_get(4)?);
            let (before, hash): (&str, &str) = (row.try_get(5)?, row.try_get(6)?);
            if at != position + 1 {
                audit.fault(format!("chain: after {position} comes {at}"));
            }
            if before != previous {
                audit.fault(format!("chain {at}: it does not follow the entry before it"));
            }
            if hash_of(before, at, time_ms, kind, subject, body) != hash {
                audit.fault(format!("chain {at}: its content has another hash"));
            }
            (position, previous) = (at, hash.to_owned());
            audit.entries += 1;
        }
    }
}

async fn revisions(
    app: &App,
    keys: &BTreeMap<String, SigningPublicKey>,
    audit: &mut Audit,
) -> Result<(), Problem> {
    let mut after = 0_i64;
    loop {
        let rows = sqlx::query(
            "SELECT r.position, r.submission, r.revision, r.digest, r.body, r.receipt, r.completion, c.hash, c.kind, c.subject, \
             s.revision, s.state, s.missing, s.purged_ms, \
             (SELECT COUNT(DISTINCT p.digest) FROM part_claims p WHERE p.submission = r.submission AND p.revision = r.revision \
              AND NOT EXISTS (SELECT 1 FROM parts q WHERE q.digest = p.digest)) \
             FROM revisions r JOIN submissions s ON s.id = r.submission LEFT JOIN chain c ON c.position = r.position \
             WHERE r.position > $1 ORDER BY r.position LIMIT $2",
        )
        .bind(after)
        .bind(PAGE)
        .fetch_all(app.db.read())
        .await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            after = row.try_get(0)?;
            revision(row, keys, audit)?;
        }
    }
    // A promise in the chain without what was promised.
    let orphans = "SELECT COUNT(*) FROM chain c WHERE c.kind IN ('received', 'edited') \
         AND NOT EXISTS (SELECT 1 FROM revisions r WHERE r.position = c.position)";
    let orphans: i64 = sqlx::query(orphans).fetch_one(app.db.read()).await?.try_get(0)?;
    if orphans > 0 {
        audit.fault(format!("chain: {orphans} receipts without a stored revision"));
    }
    Ok(())
}

fn revision(
    row: &sqlx::any::AnyRow,
    keys: &BTreeMap<String, SigningPublicKey>,
    audit: &mut Audit,
) -> Result<(), Problem> {
    let (submission, number): (&str, i64) = (row.try_get(1)?, row.try_get(2)?);
    let digest: &str = row.try_get(3)?;
    let body: Option<Vec<u8>> = row.try_get(4)?;
    let receipt: &str = row.try_get(5)?;
    let completion: Option<&str> = row.try_get(6)?;
    let (hash, kind, subject): (Option<&str>, Option<&str>, Option<&str>) =
        (row.try_get(7)?, row.try_get(8)?, row.try_get(9)?);
    let (current, state, missing): (i64, &str, i64) = (row.try_get(10)?, row.try_get(11)?, row.try_get(12)?);
    let (purged, absent): (Option<i64>, i64) = (row.try_get(13)?, row.try_get(14)?);
    let mut wrong = |text: &str| audit.fault(format!("{submission} revision {number}: {text}"));
    for signed in [Some(receipt), completion].into_iter().flatten() {
        let parsed = rules_core::json::parse(signed, 8)
            .map(|(json, _)| json)
            .unwrap_or_default();
        let text = |name: &str| parsed.get(name).and_then(|value| value.as_str());
        let valid =
            text("key").and_then(|id| keys.get(id).map(|public| receipts::verify(signed, id, public)));
        if valid != Some(Ok(())) {
            wrong("the signature does not hold");
        }
        if text("submission") != Some(submission) || text("digest") != Some(digest) {
            wrong("the receipt is for something else");
        }
    }
    let parsed = rules_core::json::parse(receipt, 8)
        .map(|(json, _)| json)
        .unwrap_or_default();
    if parsed.get("chain").and_then(|value| value.as_str()) != hash {
        wrong("the receipt's place in the chain has another hash");
    }
    if subject != Some(submission) || kind != Some(if number == 1 { "received" } else { "edited" }) {
        wrong("its place in the chain is another's");
    }
    match (body, purged) {
        (Some(body), _) if sha256(&body) != digest => wrong("the stored bytes have another digest"),
        (None, None) => wrong("the stored bytes are gone"),
        _ => {}
    }
    // A purge takes the parts with the answers.
    if purged.is_some() {
        audit.revisions += 1;
        return Ok(());
    }
    if number == current && missing != absent {
        wrong("the count of missing parts is wrong");
    }
    if number == current && state != "quarantined" && (state == "complete") != (absent == 0) {
        wrong("its state does not fit its parts");
    }
    if completion.is_some() && absent > 0 {
        wrong("it is called complete and lacks a part");
    }
    audit.revisions += 1;
    Ok(())
}

async fn parts(app: &App, audit: &mut Audit) -> Result<(), Problem> {
    let mut after = String::new();
    loop {
        let rows = sqlx::query("SELECT digest FROM parts WHERE digest > $1 ORDER BY digest LIMIT $2")
            .bind(&after)
            .bind(PAGE)
            .fetch_all(app.db.read())
            .await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            after = row.try_get(0)?;
            match app.parts.read(&after).await? {
                None => audit.fault(format!("part {after}: its bytes are gone")),
                Some(bytes) if sha256(&bytes) != after => {
                    audit.fault(format!("part {after}: its bytes have another digest"));
                }
                Some(_) => {}
            }
            audit.parts += 1;
        }
    }
}
