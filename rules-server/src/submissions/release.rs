//! Judging what was quarantined, once its ruleset and its tables have come.
//!
//! In: an open service. Out: verdicts. Must not know: HTTP.

use super::body::{Submission, submission};
use super::judge::{self, Judged};
use super::keep;
use crate::app::App;
use crate::db::{Fault, Tx};
use crate::problem::Problem;
use rules_core::json::Json;
use sqlx::Row;
use std::sync::Arc;

/// Quarantined revisions that are looked at together.
const PAGE: i64 = 50;

/// Judges every quarantined revision that can be judged now, and says how many were. Called after a ruleset or a table is published.
///
/// # Errors
/// Where the database cannot be read or written; what was judged before that stands.
pub(crate) async fn release(app: &App) -> Result<u64, Problem> {
    let (mut after, mut released) = (0_i64, 0);
    loop {
        let rows = sqlx::query(
            "SELECT position, submission, revision, body, ruleset_digest FROM revisions \
             WHERE waiting = 1 AND position > $1 AND body IS NOT NULL ORDER BY position LIMIT $2",
        )
        .bind(after)
        .bind(PAGE)
        .fetch_all(app.db.read())
        .await?;
        if rows.is_empty() {
            return Ok(released);
        }
        for row in rows {
            after = row.try_get(0)?;
            let (id, revision): (String, i64) = (row.try_get(1)?, row.try_get(2)?);
            let (body, ruleset): (Vec<u8>, String) = (row.try_get(3)?, row.try_get(4)?);
            if app.library.by_digest(&ruleset).is_none() {
                continue;
            }
            // It was read before it was stored.
            let Ok(Ok(sent)) = String::from_utf8(body).map(|text| submission(text.into())) else {
                continue;
            };
            let sent = Arc::new(sent);
            let judged = judge::of(app, sent.clone()).await?;
            if judged.named.is_some() {
                released += 1;
                app.db
                    .write(move |tx| Box::pin(async move { write(tx, &id, revision, &sent, judged).await }))
                    .await?;
            }
        }
    }
}

async fn write(
    tx: &mut Tx,
    id: &str,
    revision: i64,
    sent: &Submission,
    mut judged: Judged,
) -> Result<(), Fault> {
    let there = sqlx::query("SELECT basis FROM verdicts WHERE submission = $1 AND revision = $2")
        .bind(id)
        .bind(revision)
        .fetch_all(tx.sql())
        .await?;
    let mut in_force = false;
    for row in there {
        let basis: &str = row.try_get(0)?;
        if basis == "named" {
            return Ok(());
        }
        in_force = true;
    }
    // What was in force when it came has its verdict already, and its findings.
    let now = judged.in_force.clone().or_else(|| judged.named.clone());
    if in_force {
        judged.in_force = None;
        keep::verdict_rows(tx, id, revision, &judged).await?;
    } else {
        keep::verdicts(tx, id, revision, &judged).await?;
    }
    let Some(named) = &judged.named else {
        return Ok(());
    };
    let same = match in_force {
        true => {
            let row = sqlx::query("SELECT report_digest FROM verdicts WHERE submission = $1 AND revision = $2 AND basis = 'in_force'")
                .bind(id)
                .bind(revision)
                .fetch_one(tx.sql())
                .await?;
            let digest: String = row.try_get(0)?;
            Some(i64::from(digest == named.report_digest))
        }
        false => judged
            .in_force
            .as_ref()
            .map(|current| i64::from(current.report_digest == named.report_digest)),
    };
    sqlx::query("UPDATE revisions SET waiting = 0 WHERE submission = $1 AND revision = $2")
        .bind(id)
        .bind(revision)
        .execute(tx.sql())
        .await?;
    let body = Json::Obj(vec![
        ("revision".to_owned(), Json::Num(revision as f64)),
        ("ruleset".to_owned(), named.ruleset.0.as_str().into()),
        ("report".to_owned(), named.report_digest.as_str().into()),
    ]);
    tx.append("judged", id, body).await?;
    sqlx::query(
        "UPDATE submissions SET state = CASE WHEN missing = 0 THEN 'complete' ELSE 'incomplete' END, ruleset_version = $3, agree = $4, \
         same_in_force = $5, outcome = COALESCE(outcome, $6), entry_outcome = COALESCE(entry_outcome, $7) WHERE id = $1 AND revision = $2",
    )
    .bind(id)
    .bind(revision)
    .bind(&named.ruleset.1)
    .bind(i64::from(named.report_digest == sent.client_report))
    .bind(same)
    .bind(now.as_ref().map(|verdict| verdict.outcome))
    .bind(now.as_ref().map(|verdict| verdict.entry_outcome))
    .execute(tx.sql())
    .await?;
    Ok(())
}
