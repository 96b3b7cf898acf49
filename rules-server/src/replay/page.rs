//! Stored verdicts, read page by page.
//!
//! In: a position. Out: revisions with their verdicts. Must not know: how they are compared.

use crate::app::App;
use crate::problem::Problem;
use sqlx::Row;
use sqlx::any::AnyRow;

/// Revisions that are held at a time; two pages are, and an entry has at most 1 MiB.
const PAGE: u64 = 200;

/// Bytes of bodies that are held at a time, beyond the first: pages of large entries are short.
const BYTES: usize = 8 << 20;

/// A stored revision.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) position: i64,
    pub(super) submission: String,
    pub(super) revision: i64,
    /// The body as it was sent; nothing where it was purged.
    pub(super) body: Option<Vec<u8>>,
    /// `named` first: the other may lean on its report.
    pub(super) verdicts: Vec<Again>,
}

/// A stored verdict.
#[derive(Debug)]
pub(super) struct Again {
    pub(super) basis: String,
    pub(super) ruleset: String,
    pub(super) tables: String,
    /// Nothing where it is that of the basis `named`.
    pub(super) report: Option<String>,
    pub(super) report_digest: String,
}

/// Up to `limit` revisions behind a position.
pub(super) async fn read(app: &App, after: i64, limit: u64) -> Result<Vec<Stored>, Problem> {
    let size = i64::try_from(limit.min(PAGE)).unwrap_or(0);
    if size == 0 {
        return Ok(Vec::new());
    }
    // First how large they are: an entry of 1 MiB weighs as much as a thousand of the usual ones.
    let sizes = sqlx::query("SELECT position, COALESCE(LENGTH(body), 0) FROM revisions WHERE position > $1 ORDER BY position LIMIT $2")
        .bind(after)
        .bind(size)
        .fetch_all(app.db.read())
        .await?;
    let (mut until, mut bytes) = (after, 0_usize);
    for row in sizes {
        let length = length(&row)?;
        if until > after && bytes + length > BYTES {
            break;
        }
        bytes += length;
        until = row.try_get(0)?;
    }
    if until == after {
        return Ok(Vec::new());
    }
    let revisions = sqlx::query("SELECT position, submission, revision, body FROM revisions WHERE position > $1 AND position <= $2 ORDER BY position")
        .bind(after)
        .bind(until)
        .fetch_all(app.db.read())
        .await?;
    let verdicts = sqlx::query(
        "SELECT r.position, v.basis, v.ruleset_digest, v.tables, v.report, v.report_digest FROM revisions r \
         JOIN verdicts v ON v.submission = r.submission AND v.revision = r.revision \
         WHERE r.position > $1 AND r.position <= $2 ORDER BY r.position, v.basis DESC",
    )
    .bind(after)
    .bind(until)
    .fetch_all(app.db.read())
    .await?;
    joined(revisions, verdicts)
}

/// PostgreSQL counts in 32 bits, SQLite in 64.
fn length(row: &AnyRow) -> Result<usize, sqlx::Error> {
    let length: i64 = match row.try_get::<i64, _>(1) {
        Ok(length) => length,
        Err(_) => i64::from(row.try_get::<i32, _>(1)?),
    };
    Ok(usize::try_from(length).unwrap_or(0))
}

/// Every revision of one submission.
pub(super) async fn one(app: &App, id: &str) -> Result<Vec<Stored>, Problem> {
    let revisions = sqlx::query(
        "SELECT position, submission, revision, body FROM revisions WHERE submission = $1 ORDER BY position",
    )
    .bind(id)
    .fetch_all(app.db.read())
    .await?;
    let verdicts = sqlx::query(
        "SELECT r.position, v.basis, v.ruleset_digest, v.tables, v.report, v.report_digest FROM revisions r \
         JOIN verdicts v ON v.submission = r.submission AND v.revision = r.revision \
         WHERE r.submission = $1 ORDER BY r.position, v.basis DESC",
    )
    .bind(id)
    .fetch_all(app.db.read())
    .await?;
    joined(revisions, verdicts)
}

fn joined(revisions: Vec<AnyRow>, verdicts: Vec<AnyRow>) -> Result<Vec<Stored>, Problem> {
    let mut all = Vec::with_capacity(revisions.len());
    for row in revisions {
        all.push(Stored {
            position: row.try_get(0)?,
            submission: row.try_get(1)?,
            revision: row.try_get(2)?,
            body: row.try_get(3)?,
            verdicts: Vec::with_capacity(2),
        });
    }
    // Both are in the order of positions.
    let mut at = all.iter_mut().peekable();
    for row in verdicts {
        let position: i64 = row.try_get(0)?;
        while at.next_if(|stored| stored.position < position).is_some() {}
        if let Some(stored) = at.peek_mut().filter(|stored| stored.position == position) {
            stored.verdicts.push(Again {
                basis: row.try_get(1)?,
                ruleset: row.try_get(2)?,
                tables: row.try_get(3)?,
                report: row.try_get(4)?,
                report_digest: row.try_get(5)?,
            });
        }
    }
    Ok(all)
}
