//! What a sender is answered: the receipt, as the bytes that were signed, and what is still missing.
//!
//! In: an id. Out: an envelope. Must not know: how it came about.

use crate::problem::{Kind, Problem};
use serde::Serialize;
use serde_json::value::RawValue;
use sqlx::{Any, Executor, Row};
use utoipa::ToSchema;

/// The answer to a submission.
#[derive(Debug, Serialize, ToSchema)]
pub struct Envelope<'a> {
    /// Signed; never changes for an id and a revision.
    #[schema(value_type = Object)]
    receipt: &'a RawValue,
    /// `complete`, `incomplete` (parts are missing) or `quarantined` (its ruleset or a table is not known here; it waits for them).
    state: &'a str,
    /// Digests of parts that have not arrived.
    missing: &'a [String],
    /// Is the form's report the server's? Nothing before it was judged.
    agree: Option<bool>,
    /// Signed, where parts came after the submission and are now all here.
    #[schema(value_type = Option<Object>)]
    completion: Option<&'a RawValue>,
}

/// One revision as it is answered.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) digest: String,
    pub(crate) sender: String,
    receipt: String,
    completion: Option<String>,
    missing: Vec<String>,
    verdict: Option<bool>,
}

impl Found {
    pub(crate) fn is_quarantined(&self) -> bool {
        self.verdict.is_none()
    }

    pub(crate) fn json(&self) -> Result<String, Problem> {
        let raw = |text| serde_json::from_str::<&RawValue>(text);
        let envelope = || -> Result<String, serde_json::Error> {
            serde_json::to_string(&Envelope {
                receipt: raw(&self.receipt)?,
                state: match (self.is_quarantined(), self.missing.is_empty()) {
                    (true, _) => "quarantined",
                    (false, true) => "complete",
                    (false, false) => "incomplete",
                },
                missing: &self.missing,
                agree: self.verdict,
                completion: self.completion.as_deref().map(raw).transpose()?,
            })
        };
        envelope().map_err(|_| Problem::new(Kind::Internal, ""))
    }
}

/// A revision, or the current one.
pub(crate) async fn read<'c, E>(
    database: E,
    id: &str,
    revision: Option<i64>,
) -> Result<Option<Found>, sqlx::Error>
where
    E: Executor<'c, Database = Any> + Copy,
{
    let row = sqlx::query(
        "SELECT r.digest, s.sender, r.receipt, r.completion, r.client_report, v.report_digest, r.revision \
         FROM submissions s JOIN revisions r ON r.submission = s.id AND r.revision = COALESCE($2, s.revision) \
         LEFT JOIN verdicts v ON v.submission = s.id AND v.revision = r.revision AND v.basis = 'named' WHERE s.id = $1",
    )
    .bind(id)
    .bind(revision)
    .fetch_optional(database)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let (client, report): (String, Option<String>) = (row.try_get(4)?, row.try_get(5)?);
    let revision: i64 = row.try_get(6)?;
    let missing = sqlx::query(
        "SELECT c.digest FROM part_claims c LEFT JOIN parts p ON p.digest = c.digest \
         WHERE c.submission = $1 AND c.revision = $2 AND p.digest IS NULL ORDER BY c.number",
    )
    .bind(id)
    .bind(revision)
    .fetch_all(database)
    .await?;
    let mut digests: Vec<String> = Vec::new();
    for row in missing {
        let digest = row.try_get(0)?;
        if !digests.contains(&digest) {
            digests.push(digest);
        }
    }
    Ok(Some(Found {
        digest: row.try_get(0)?,
        sender: row.try_get(1)?,
        receipt: row.try_get(2)?,
        completion: row.try_get(3)?,
        missing: digests,
        verdict: report.map(|report| report == client),
    }))
}
