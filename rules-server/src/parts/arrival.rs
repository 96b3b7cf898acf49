//! A part has arrived: it is written down, and what waited for it is complete.
//!
//! In: an upload that is whole. Out: completions. Must not know: HTTP.

use super::Claim;
use crate::app::App;
use crate::db::{Fault, Tx};
use crate::edge::rfc3339;
use crate::problem::Problem;
use crate::receipts;
use rules_core::json::Json;
use sqlx::Row;

/// Stores an upload as a part, then writes it down.
pub(super) async fn finish(app: &App, claim: &Claim) -> Result<(), Problem> {
    let _stays = app.parts.keeping().await;
    let bytes = app.parts.finish(&claim.upload, &claim.digest).await?;
    let (shared, digest) = (app.clone(), claim.digest.clone());
    app.db
        .write(move |tx| Box::pin(async move { arrived(&shared, tx, &digest, bytes).await }))
        .await?;
    // What is left of it is only room on the disk; the next upload of the same part would remove it, too.
    app.parts.begin(&claim.upload).await
}

async fn arrived(app: &App, tx: &mut Tx, digest: &str, bytes: u64) -> Result<(), Fault> {
    let now = tx.now_ms;
    let new = sqlx::query(
        "INSERT INTO parts (digest, bytes, stored_ms) VALUES ($1, $2, $3) ON CONFLICT (digest) DO NOTHING",
    )
    .bind(digest)
    .bind(i64::try_from(bytes).unwrap_or(i64::MAX))
    .bind(now)
    .execute(tx.sql())
    .await?;
    if new.rows_affected() == 0 {
        return Ok(());
    }
    let waiting = sqlx::query(
        "SELECT DISTINCT r.submission, r.revision, r.digest FROM part_claims c \
         JOIN revisions r ON r.submission = c.submission AND r.revision = c.revision \
         WHERE c.digest = $1 AND r.completion IS NULL ORDER BY r.submission, r.revision",
    )
    .bind(digest)
    .fetch_all(tx.sql())
    .await?;
    for row in waiting {
        let (submission, revision, body): (String, i64, String) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        counted(app, tx, &submission, revision, &body).await?;
    }
    Ok(())
}

/// Counts what a revision still waits for; signs its completion where that is nothing.
async fn counted(app: &App, tx: &mut Tx, submission: &str, revision: i64, body: &str) -> Result<(), Fault> {
    let rows = sqlx::query(
        "SELECT c.digest, p.digest FROM part_claims c LEFT JOIN parts p ON p.digest = c.digest \
         WHERE c.submission = $1 AND c.revision = $2 ORDER BY c.number",
    )
    .bind(submission)
    .bind(revision)
    .fetch_all(tx.sql())
    .await?;
    let (mut parts, mut missing) = (Vec::new(), Vec::new());
    for row in rows {
        let (digest, here): (String, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
        if here.is_none() && !missing.contains(&digest) {
            missing.push(digest.clone());
        }
        parts.push(Json::from(digest));
    }
    let left = i64::try_from(missing.len()).unwrap_or(i64::MAX);
    sqlx::query(
        "UPDATE submissions SET missing = $3, state = CASE WHEN state = 'quarantined' THEN state WHEN $3 = 0 THEN 'complete' ELSE 'incomplete' END \
         WHERE id = $1 AND revision = $2",
    )
    .bind(submission)
    .bind(revision)
    .bind(left)
    .execute(tx.sql())
    .await?;
    if left > 0 {
        return Ok(());
    }
    let facts = vec![
        ("digest".to_owned(), body.into()),
        ("parts".to_owned(), Json::Arr(parts)),
        ("revision".to_owned(), Json::Num(revision as f64)),
    ];
    let link = tx
        .append("completed", submission, Json::Obj(facts.clone()))
        .await?;
    let mut members = facts;
    members.extend([
        ("completion".to_owned(), Json::Num(1.0)),
        ("submission".to_owned(), submission.into()),
        ("time".to_owned(), rfc3339(link.time_ms).into()),
        ("position".to_owned(), Json::Num(link.position as f64)),
        ("chain".to_owned(), link.hash.as_str().into()),
    ]);
    let completion = receipts::signed(&app.keys, members);
    sqlx::query("UPDATE revisions SET completion = $3 WHERE submission = $1 AND revision = $2")
        .bind(submission)
        .bind(revision)
        .bind(completion)
        .execute(tx.sql())
        .await?;
    Ok(())
}
