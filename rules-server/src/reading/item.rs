//! A submission as a list shows it.
//!
//! In: rows. Out: items. Must not know: who asks.

use super::query::{Value, Where};
use crate::edge::rfc3339;
use crate::problem::{Kind, Problem};
use serde::Serialize;
use serde_json::value::RawValue;
use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row};
use utoipa::ToSchema;

/// A submission as a list shows it: its current revision, and the verdict that counts (of the ruleset in force, else of the one named).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SubmissionItem)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) revision: i64,
    /// Id of the ruleset that the form judged by.
    pub(crate) ruleset: String,
    /// Its version; nothing while it is not known here.
    pub(crate) version: Option<String>,
    /// Digest of the body as it was sent.
    pub(crate) digest: String,
    pub(crate) as_of: String,
    pub(crate) jurisdiction: Option<String>,
    /// Division code that decides who may see it.
    pub(crate) area: String,
    pub(crate) outcome: Option<String>,
    pub(crate) entry_outcome: Option<String>,
    pub(crate) counts: Option<Counts>,
    /// Is the form's report the server's?
    pub(crate) agree: Option<bool>,
    /// Does the ruleset in force come to the same report as the one named?
    pub(crate) same_in_force: Option<bool>,
    pub(crate) state: String,
    /// Parts that have not arrived.
    pub(crate) missing: i64,
    pub(crate) received_at: String,
    /// Place in the audit chain; also what lists are ordered by.
    pub(crate) position: i64,
    #[schema(value_type = Option<Object>)]
    pub(crate) subject: Option<Box<RawValue>>,
    /// Were the answers taken away when their time was over?
    pub(crate) purged: bool,
    #[serde(skip)]
    pub(crate) sender: String,
}

/// Outcomes of rules and their items.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Counts {
    pub(crate) pass: i64,
    pub(crate) fail: i64,
    pub(crate) undetermined: i64,
    pub(crate) faulted: i64,
    pub(crate) not_applicable: i64,
}

/// Which end of the order comes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Order {
    NewestFirst,
    OldestFirst,
}

/// A page of submissions beyond a position. The verdicts are joined to the page, not to everything.
pub(crate) async fn page(
    pool: &AnyPool,
    condition: &Where,
    order: Order,
    beyond: Option<i64>,
    limit: i64,
) -> Result<Vec<Item>, Problem> {
    let mut all = condition.clone();
    let (sign, word) = match order {
        Order::NewestFirst => ("<", "DESC"),
        Order::OldestFirst => (">", "ASC"),
    };
    if let Some(position) = beyond {
        let place = all.value(Value::Int(position));
        all.add(format!("s.position {sign} {place}"));
    }
    let condition = all.sql();
    let limit = all.value(Value::Int(limit));
    let sql = format!(
        "SELECT s.id, s.revision, s.topic, s.ruleset_version, s.digest, s.as_of, s.jurisdiction, s.area, s.outcome, s.entry_outcome, s.agree, \
         s.same_in_force, s.state, s.missing, s.received_ms, s.position, s.subject, s.purged_ms, s.sender, \
         COALESCE(f.passed, n.passed) AS passed, COALESCE(f.failed, n.failed) AS failed, COALESCE(f.undetermined, n.undetermined) AS undetermined, \
         COALESCE(f.faulted, n.faulted) AS faulted, COALESCE(f.not_applicable, n.not_applicable) AS not_applicable \
         FROM (SELECT * FROM submissions s{condition} ORDER BY s.position {word} LIMIT {limit}) s \
         LEFT JOIN verdicts f ON f.submission = s.id AND f.revision = s.revision AND f.basis = 'in_force' \
         LEFT JOIN verdicts n ON n.submission = s.id AND n.revision = s.revision AND n.basis = 'named' ORDER BY s.position {word}"
    );
    all.fetch(pool, sql).await?.iter().map(item).collect()
}

fn item(row: &AnyRow) -> Result<Item, Problem> {
    let truth = |name| {
        row.try_get::<Option<i64>, _>(name)
            .map(|value| value.map(|value| value != 0))
    };
    let passed: Option<i64> = row.try_get("passed")?;
    let counts = match passed {
        None => None,
        Some(pass) => Some(Counts {
            pass,
            fail: row.try_get("failed")?,
            undetermined: row.try_get("undetermined")?,
            faulted: row.try_get("faulted")?,
            not_applicable: row.try_get("not_applicable")?,
        }),
    };
    let purged: Option<i64> = row.try_get("purged_ms")?;
    Ok(Item {
        id: row.try_get("id")?,
        revision: row.try_get("revision")?,
        ruleset: row.try_get("topic")?,
        version: row.try_get("ruleset_version")?,
        digest: row.try_get("digest")?,
        as_of: row.try_get("as_of")?,
        jurisdiction: row.try_get("jurisdiction")?,
        area: row.try_get("area")?,
        outcome: row.try_get("outcome")?,
        entry_outcome: row.try_get("entry_outcome")?,
        counts,
        agree: truth("agree")?,
        same_in_force: truth("same_in_force")?,
        state: row.try_get("state")?,
        missing: row.try_get("missing")?,
        received_at: rfc3339(row.try_get("received_ms")?),
        position: row.try_get("position")?,
        subject: raw(row.try_get("subject")?)?,
        purged: purged.is_some(),
        sender: row.try_get("sender")?,
    })
}

/// JSON that was stored, as it was stored.
pub(crate) fn raw(text: Option<String>) -> Result<Option<Box<RawValue>>, Problem> {
    text.map(RawValue::from_string)
        .transpose()
        .map_err(|_| Problem::new(Kind::Internal, ""))
}
