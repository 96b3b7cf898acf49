//! Purging: answers, photos and files go when their time is over; verdicts and digests stay.
//!
//! In: the periods of the settings, the time. Out: what was purged; each submission has its entry in the chain. Must not know: what the
//! answers are.

use super::retention::{Retention, is_over, period};
use crate::app::App;
use crate::db::{Fault, Tx};
use crate::problem::Problem;
use rules_core::json::Json;
use sqlx::Row;
use std::time::Duration;

/// Submissions that are looked at together.
const TOGETHER: i64 = 500;

const DAILY: Duration = Duration::from_secs(86_400);

/// How many submissions lost something.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Purged {
    /// Their answers, with what else was filled in.
    pub answers: u64,
    /// Photos and files whose bytes were removed.
    pub parts: u64,
}

impl App {
    /// Purges what is due; with `dry`, only counts it.
    ///
    /// # Errors
    /// Those of the database. What was purged before stays purged; another run goes on.
    pub async fn purge(&self, dry: bool) -> Result<Purged, Problem> {
        let periods = &self.access.settings.retention;
        let now = self.clock.now_ms();
        let mut done = Purged::default();
        if !dry {
            done.parts = crate::parts::remove(self).await?;
        }
        let shortest = periods.iter().filter_map(|one| one.answers_days).min();
        let Some(shortest) = shortest else {
            return Ok(done);
        };
        let before = now.saturating_sub(i64::from(shortest).saturating_mul(86_400_000));
        let mut after = 0;
        loop {
            let rows = sqlx::query(
                "SELECT id, topic, area, received_ms, position FROM submissions \
                 WHERE purged_ms IS NULL AND received_ms <= $1 AND position > $2 ORDER BY position LIMIT $3",
            )
            .bind(before)
            .bind(after)
            .bind(TOGETHER)
            .fetch_all(self.db.read())
            .await?;
            let Some(last) = rows.last() else {
                break;
            };
            after = last.try_get(4)?;
            for row in rows {
                let (topic, area): (String, String) = (row.try_get(1)?, row.try_get(2)?);
                let found = period(periods, &topic, &area);
                let received = row.try_get(3)?;
                let Some(found) = found.filter(|found| is_over(found.answers_days, received, now)) else {
                    continue;
                };
                if !dry {
                    purge(self, row.try_get(0)?, received, found).await?;
                }
                done.answers += 1;
            }
        }
        if !dry {
            done.parts += crate::parts::remove(self).await?;
        }
        Ok(done)
    }

    /// Purges now and then each day, for as long as it is awaited.
    pub async fn purge_daily(&self) {
        loop {
            match self.purge(false).await {
                Ok(done) if done == Purged::default() => {}
                Ok(done) => tracing::info!(answers = done.answers, parts = done.parts, "purged"),
                Err(problem) => tracing::error!(
                    problem = problem.detail(),
                    "purging failed; it is tried again in a day"
                ),
            }
            tokio::time::sleep(DAILY).await;
        }
    }
}

/// All revisions of one submission, unless it was replaced meanwhile.
async fn purge(app: &App, id: String, received: i64, period: &Retention) -> Result<(), Problem> {
    let days = period.answers_days.unwrap_or_default();
    let work = app
        .db
        .write(move |tx| Box::pin(async move { answers(tx, &id, received, days).await }));
    Ok(work.await?)
}

async fn answers(tx: &mut Tx, id: &str, received: i64, days: u32) -> Result<(), Fault> {
    let now = tx.now_ms;
    let marked = sqlx::query(
        "UPDATE submissions SET purged_ms = $1, subject = NULL, words = NULL WHERE id = $2 AND received_ms = $3 AND purged_ms IS NULL",
    )
    .bind(now)
    .bind(id)
    .bind(received)
    .execute(tx.sql())
    .await?;
    if marked.rows_affected() == 0 {
        return Ok(());
    }
    // A reason is free text: who knows what somebody wrote there.
    sqlx::query("UPDATE revisions SET body = NULL, reason = NULL WHERE submission = $1")
        .bind(id)
        .execute(tx.sql())
        .await?;
    let parts = crate::parts::release(tx, id).await?;
    let body = Json::Obj(vec![
        ("days".to_owned(), Json::Num(f64::from(days))),
        ("parts".to_owned(), Json::Num(f64::from(parts))),
        ("what".to_owned(), "answers".into()),
    ]);
    tx.append("purged", id, body).await?;
    Ok(())
}
