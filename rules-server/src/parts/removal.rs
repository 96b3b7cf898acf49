//! Parts go with the answers that they belong to.
//!
//! In: a submission that is purged. Out: its parts off the list, then their bytes gone. Must not know: periods. The list is changed in the
//! purge's own transaction, and says what is still to be removed; so a purge that is cut off leaves nothing behind for good, and a part that
//! another submission names, too, stays.

use crate::app::App;
use crate::db::{Fault, Tx};
use crate::problem::Problem;
use sqlx::Row;

/// Takes the parts that only this submission, or purged ones, name off the list. Says how many.
pub(crate) async fn release(tx: &mut Tx, submission: &str) -> Result<u32, Fault> {
    let rows = sqlx::query(
        "DELETE FROM parts WHERE digest IN (SELECT c.digest FROM part_claims c WHERE c.submission = $1) \
         AND NOT EXISTS (SELECT 1 FROM part_claims o JOIN submissions s ON s.id = o.submission \
         WHERE o.digest = parts.digest AND s.purged_ms IS NULL) RETURNING digest",
    )
    .bind(submission)
    .fetch_all(tx.sql())
    .await?;
    let now = tx.now_ms;
    for row in &rows {
        let digest: String = row.try_get(0)?;
        sqlx::query(
            "INSERT INTO part_removals (digest, since_ms) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING",
        )
        .bind(digest)
        .bind(now)
        .execute(tx.sql())
        .await?;
    }
    Ok(u32::try_from(rows.len()).unwrap_or(u32::MAX))
}

/// Removes the bytes of what was taken off the list. Says of how many parts.
pub(crate) async fn remove(app: &App) -> Result<u64, Problem> {
    let mut removed = 0;
    loop {
        let row = sqlx::query(
            "SELECT r.digest, p.digest FROM part_removals r LEFT JOIN parts p ON p.digest = r.digest LIMIT 1",
        );
        let _removing = app.parts.removing().await;
        let Some(row) = row.fetch_optional(app.db.read()).await? else {
            return Ok(removed);
        };
        let (digest, again): (String, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
        // It may have arrived again meanwhile, with another submission.
        if again.is_none() {
            app.parts.remove(&digest).await?;
            removed += 1;
        }
        app.db
            .write(move |tx| {
                Box::pin(async move {
                    sqlx::query("DELETE FROM part_removals WHERE digest = $1")
                        .bind(digest)
                        .execute(tx.sql())
                        .await?;
                    Ok(())
                })
            })
            .await?;
    }
}
