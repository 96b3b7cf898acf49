//! Storing a submission: all of it in one piece of work, so that what has a receipt is whole.
//!
//! In: a submission and its verdicts. Out: its revision. Must not know: HTTP, beyond the problems that it refuses with.

use super::body::Submission;
use super::judge::{ENGINE, Judged, Verdict};
use crate::access::{Principal, Role};
use crate::app::App;
use crate::db::{Fault, Tx};
use crate::edge::rfc3339;
use crate::problem::{Kind, Problem};
use crate::receipts;
use rules_core::json::Json;
use rules_core::report::code_text;
use sqlx::Row;
use std::sync::Arc;

/// A revision that is stored, and whether it was not before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Kept {
    pub(super) revision: i64,
    pub(super) first: bool,
}

/// Everything that `receive` is given.
pub(super) struct Arrival {
    pub(super) id: String,
    pub(super) digest: String,
    /// The digest in `If-Match`.
    pub(super) wanted: Option<String>,
    pub(super) sender: Principal,
    pub(super) submission: Arc<Submission>,
    pub(super) judged: Judged,
}

/// The revision with these bytes, if it is the current one, so that a repeated request need not be judged again.
pub(super) async fn known(app: &App, id: &str, digest: &str) -> Result<Option<i64>, Problem> {
    let row = sqlx::query("SELECT revision FROM submissions WHERE id = $1 AND digest = $2")
        .bind(id)
        .bind(digest)
        .fetch_optional(app.db.read())
        .await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

/// Gives a submission over to the device that sends the bytes of its current revision again: a phone that was registered anew, or that took in the
/// export of another. From then on it is its own to complete and to correct; a device reads nothing, so that it learns nothing by it. Each revision
/// keeps its own sender.
pub(super) async fn give_over(
    app: &App,
    principal: &Principal,
    id: &str,
    revision: i64,
) -> Result<(), Problem> {
    if principal.role != Role::Device {
        return Ok(());
    }
    let other = sqlx::query("SELECT 1 FROM submissions WHERE id = $1 AND revision = $2 AND sender <> $3")
        .bind(id)
        .bind(revision)
        .bind(&principal.id)
        .fetch_optional(app.db.read())
        .await?;
    if other.is_none() {
        return Ok(());
    }
    let (id, sender) = (id.to_owned(), principal.id.clone());
    let written = app.db.write(move |tx| {
        Box::pin(async move {
            let done = sqlx::query(
                "UPDATE submissions SET sender = $2 WHERE id = $1 AND revision = $3 AND sender <> $4",
            )
            .bind(&id)
            .bind(&sender)
            .bind(revision)
            .bind(&sender)
            .execute(tx.sql())
            .await?;
            if done.rows_affected() > 0 {
                let body = vec![("sender".to_owned(), sender.as_str().into())];
                tx.append("given_over", &id, Json::Obj(body)).await?;
            }
            Ok(())
        })
    });
    Ok(written.await?)
}

/// Did it send a revision of the submission, whoever has it now? It may ask for the receipt.
pub(super) async fn sent_once(app: &App, id: &str, sender: &str) -> Result<bool, Problem> {
    let row = sqlx::query("SELECT 1 FROM revisions WHERE submission = $1 AND sender = $2 LIMIT 1")
        .bind(id)
        .bind(sender)
        .fetch_optional(app.db.read())
        .await?;
    Ok(row.is_some())
}

/// Stores it, or says why not.
pub(super) async fn receive(app: &App, arrival: Arrival) -> Result<Kept, Problem> {
    let app = app.clone();
    let shared = app.clone();
    let kept = app
        .db
        .write(move |tx| Box::pin(async move { store(&shared, tx, &arrival).await }));
    Ok(kept.await?)
}

async fn store(app: &App, tx: &mut Tx, arrival: &Arrival) -> Result<Kept, Fault> {
    let current = sqlx::query("SELECT revision, digest, sender FROM submissions WHERE id = $1")
        .bind(&arrival.id)
        .fetch_optional(tx.sql())
        .await?;
    let revision = match current {
        None if arrival.wanted.is_some() => {
            return Err(Problem::new(Kind::Stale, "nothing is stored under this id yet").into());
        }
        None => 1,
        Some(row) => {
            let (revision, digest, sender): (i64, String, String) =
                (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            match replaces(tx, arrival, revision, &digest, &sender).await? {
                Some(kept) => return Ok(kept),
                None => revision + 1,
            }
        }
    };
    write(app, tx, arrival, revision).await?;
    Ok(Kept {
        revision,
        first: true,
    })
}

/// May it replace what is there? Gives the revision that has these very bytes, where there is one.
async fn replaces(
    tx: &mut Tx,
    arrival: &Arrival,
    revision: i64,
    digest: &str,
    sender: &str,
) -> Result<Option<Kept>, Fault> {
    let there = |revision| {
        Some(Kept {
            revision,
            first: false,
        })
    };
    if arrival.digest == digest {
        return Ok(there(revision));
    }
    if arrival.wanted.as_deref() == Some(digest) {
        if sender != arrival.sender.id {
            return Err(Problem::new(Kind::Forbidden, "only its sender may replace a submission").into());
        }
        if arrival.submission.reason.is_none() {
            let problem = Problem::new(Kind::BadRequest, "a submission is replaced for a reason");
            return Err(problem.at("/reason").into());
        }
        return Ok(None);
    }
    // An earlier revision that comes late, or again.
    let earlier = sqlx::query(
        "SELECT revision FROM revisions WHERE submission = $1 AND digest = $2 ORDER BY revision DESC LIMIT 1",
    )
    .bind(&arrival.id)
    .bind(&arrival.digest)
    .fetch_optional(tx.sql())
    .await?;
    if let Some(row) = earlier {
        return Ok(there(row.try_get(0)?));
    }
    let problem = match arrival.wanted {
        Some(_) => Problem::new(Kind::Stale, "the current revision has the digest in `stored`"),
        None => Problem::new(
            Kind::Conflict,
            "to replace it, send `If-Match` with the digest in `stored` and a `reason`; for another inspection, take a new id",
        ),
    };
    Err(problem.with("stored", digest).into())
}

async fn write(app: &App, tx: &mut Tx, arrival: &Arrival, revision: i64) -> Result<(), Fault> {
    let Arrival {
        id,
        digest,
        sender,
        submission,
        judged,
        ..
    } = arrival;
    let named = judged.named.as_ref();
    let counted = judged.in_force.as_ref().or(named);
    let report = named.map_or(Json::Null, |verdict| verdict.report_digest.as_str().into());
    let parts: Vec<Json> = submission
        .parts
        .iter()
        .map(|part| part.digest.as_str().into())
        .collect();
    let facts = vec![
        ("digest".to_owned(), digest.as_str().into()),
        ("answers".to_owned(), judged.answers.as_str().into()),
        ("report".to_owned(), report),
        ("ruleset".to_owned(), submission.ruleset.1.as_str().into()),
        ("parts".to_owned(), Json::Arr(parts)),
        ("revision".to_owned(), Json::Num(revision as f64)),
    ];
    let kind = if revision == 1 { "received" } else { "edited" };
    let mut body = facts.clone();
    body.push(("sender".to_owned(), sender.id.as_str().into()));
    let link = tx.append(kind, id, Json::Obj(body)).await?;
    let mut members = facts;
    members.extend([
        ("receipt".to_owned(), Json::Num(1.0)),
        ("submission".to_owned(), id.as_str().into()),
        ("time".to_owned(), rfc3339(link.time_ms).into()),
        ("position".to_owned(), Json::Num(link.position as f64)),
        ("chain".to_owned(), link.hash.as_str().into()),
    ]);
    let receipt = receipts::signed(&app.keys, members);

    let missing = missing(tx, submission).await?;
    let state = match (named, missing) {
        (None, _) => "quarantined",
        (Some(_), 0) => "complete",
        (Some(_), _) => "incomplete",
    };
    let place = submission.jurisdiction.map(code_text);
    let area = place.clone().unwrap_or_else(|| sender.area.clone());
    let as_of = submission.as_of.to_string();
    let agree = named.map(|verdict| i64::from(verdict.report_digest == submission.client_report));
    let same = named
        .zip(judged.in_force.as_ref())
        .map(|(named, current)| i64::from(named.report_digest == current.report_digest));
    let head = "(id, revision, digest, state, missing, topic, as_of, jurisdiction, area, sender, received_ms, position, subject, ruleset_digest, ruleset_version, outcome, entry_outcome, agree, same_in_force)";
    let sql = format!(
        "INSERT INTO submissions {head} VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) \
         ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, digest = excluded.digest, state = excluded.state, \
         missing = excluded.missing, topic = excluded.topic, as_of = excluded.as_of, jurisdiction = excluded.jurisdiction, \
         area = excluded.area, sender = excluded.sender, received_ms = excluded.received_ms, position = excluded.position, \
         subject = excluded.subject, ruleset_digest = excluded.ruleset_digest, ruleset_version = excluded.ruleset_version, \
         outcome = excluded.outcome, entry_outcome = excluded.entry_outcome, agree = excluded.agree, \
         same_in_force = excluded.same_in_force, purged_ms = NULL"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(id)
        .bind(revision)
        .bind(digest)
        .bind(state)
        .bind(missing)
        .bind(&submission.ruleset.0)
        .bind(&as_of)
        .bind(&place)
        .bind(area)
        .bind(&sender.id)
        .bind(link.time_ms)
        .bind(link.position)
        .bind(&submission.subject)
        .bind(&submission.ruleset.1)
        .bind(named.map(|verdict| verdict.ruleset.1.clone()))
        .bind(counted.map(|verdict| verdict.outcome))
        .bind(counted.map(|verdict| verdict.entry_outcome))
        .bind(agree)
        .bind(same)
        .execute(tx.sql())
        .await?;
    crate::reading::search_words(tx, id, submission.subject.as_deref()).await?;
    sqlx::query("INSERT INTO revisions (submission, revision, digest, body, answers, ruleset_digest, as_of, jurisdiction, client_report, reason, sender, received_ms, position, receipt, waiting) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)")
        .bind(id)
        .bind(revision)
        .bind(digest)
        .bind(submission.text.as_bytes())
        .bind(&judged.answers)
        .bind(&submission.ruleset.1)
        .bind(&as_of)
        .bind(&place)
        .bind(&submission.client_report)
        .bind(&submission.reason)
        .bind(&sender.id)
        .bind(link.time_ms)
        .bind(link.position)
        .bind(receipt)
        .bind(i64::from(named.is_none()))
        .execute(tx.sql())
        .await?;
    for (number, part) in submission.parts.iter().enumerate() {
        sqlx::query("INSERT INTO part_claims (submission, revision, number, digest, bytes, media_type, at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(id)
            .bind(revision)
            .bind(i64::try_from(number).unwrap_or(i64::MAX))
            .bind(&part.digest)
            .bind(i64::from(part.bytes))
            .bind(&part.media_type)
            .bind(&part.at)
            .execute(tx.sql())
            .await?;
    }
    verdicts(tx, id, revision, judged).await
}

/// Parts that are named and not here, each once.
async fn missing(tx: &mut Tx, submission: &Submission) -> Result<i64, Fault> {
    let mut seen: Vec<&str> = Vec::new();
    let mut missing = 0;
    for part in &submission.parts {
        if seen.contains(&part.digest.as_str()) {
            continue;
        }
        seen.push(&part.digest);
        let here = sqlx::query("SELECT 1 FROM parts WHERE digest = $1")
            .bind(&part.digest)
            .fetch_optional(tx.sql())
            .await?;
        missing += i64::from(here.is_none());
    }
    Ok(missing)
}

/// The verdicts.
pub(super) async fn verdict_rows(tx: &mut Tx, id: &str, revision: i64, judged: &Judged) -> Result<(), Fault> {
    let named = judged.named.as_ref();
    let same = |verdict: &Verdict| named.is_some_and(|named| named.report_digest == verdict.report_digest);
    let time = tx.now_ms;
    for (basis, verdict) in [("named", named), ("in_force", judged.in_force.as_ref())] {
        let Some(verdict) = verdict else {
            continue;
        };
        let report = (basis == "named" || !same(verdict)).then_some(verdict.report.as_str());
        let [passed, failed, undetermined, faulted, not_applicable] = verdict.counts;
        sqlx::query("INSERT INTO verdicts (submission, revision, basis, ruleset_digest, ruleset_version, tables, report, report_digest, outcome, entry_outcome, passed, failed, undetermined, faulted, not_applicable, engine, time_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)")
            .bind(id)
            .bind(revision)
            .bind(basis)
            .bind(&verdict.ruleset.0)
            .bind(&verdict.ruleset.1)
            .bind(&verdict.tables)
            .bind(report)
            .bind(&verdict.report_digest)
            .bind(verdict.outcome)
            .bind(verdict.entry_outcome)
            .bind(passed)
            .bind(failed)
            .bind(undetermined)
            .bind(faulted)
            .bind(not_applicable)
            .bind(ENGINE)
            .bind(time)
            .execute(tx.sql())
            .await?;
    }
    Ok(())
}

/// Both verdicts, and the findings of the one that counts.
pub(super) async fn verdicts(tx: &mut Tx, id: &str, revision: i64, judged: &Judged) -> Result<(), Fault> {
    verdict_rows(tx, id, revision, judged).await?;
    let counted = judged.in_force.as_ref().or(judged.named.as_ref());
    let findings = counted.map_or(&[] as &[_], |verdict| &verdict.findings);
    for (number, finding) in findings.iter().enumerate() {
        sqlx::query("INSERT INTO findings (submission, revision, number, rule, item, kind, severity, outcome, clauses, deadline) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
            .bind(id)
            .bind(revision)
            .bind(i64::try_from(number).unwrap_or(i64::MAX))
            .bind(&finding.rule)
            .bind(&finding.item)
            .bind(&finding.kind)
            .bind(&finding.severity)
            .bind(&finding.outcome)
            .bind(&finding.clauses)
            .bind(&finding.deadline)
            .execute(tx.sql())
            .await?;
    }
    crate::ledger::feed(tx, id, revision, findings).await
}
