//! Items come from failing findings, in the transaction that stores the verdict.
//!
//! In: findings of a revision. Out: items opened, kept up to date, withdrawn or taken up again. Must not know: HTTP. The chain gets no entry for
//! these: they follow from the submission, which is in it.

use super::states::{State, Step};
use crate::db::{Fault, Tx};
use crate::submissions::Finding;
use rules_core::digest::sha256;
use sqlx::Row;

/// An item that is there.
struct There {
    id: String,
    rule: String,
    item: String,
    state: String,
    version: i64,
    due: Option<String>,
    measure: Option<String>,
}

/// What every item of a submission takes over from it.
struct Of<'a> {
    submission: &'a str,
    revision: i64,
    topic: String,
    area: String,
    as_of: String,
}

/// Brings the ledger up to the findings of a revision. One that is no longer the current one changes nothing.
pub(crate) async fn feed(
    tx: &mut Tx,
    submission: &str,
    revision: i64,
    findings: &[Finding],
) -> Result<(), Fault> {
    let row = sqlx::query("SELECT topic, area, as_of FROM submissions WHERE id = $1 AND revision = $2")
        .bind(submission)
        .bind(revision)
        .fetch_optional(tx.sql())
        .await?;
    let Some(row) = row else {
        return Ok(());
    };
    let of = Of {
        submission,
        revision,
        topic: row.try_get(0)?,
        area: row.try_get(1)?,
        as_of: row.try_get(2)?,
    };
    let mut there = there(tx, submission).await?;
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for finding in findings.iter().filter(|finding| finding.outcome == "fail") {
        let key = (finding.rule.as_str(), finding.item.as_str());
        if seen.contains(&key) {
            continue;
        }
        seen.push(key);
        let known = there
            .iter()
            .position(|known| (known.rule.as_str(), known.item.as_str()) == key);
        match known {
            Some(number) => {
                let known = there.swap_remove(number);
                refresh(tx, &of, finding, &known).await?;
            }
            None => open(tx, &of, finding).await?,
        }
    }
    for gone in there {
        let Some(next) = State::of(&gone.state).and_then(|state| state.after(Step::Withdraw)) else {
            continue;
        };
        sqlx::query(
            "UPDATE rectifications SET state = $2, version = version + 1, updated_ms = $3 WHERE id = $1",
        )
        .bind(&gone.id)
        .bind(next.word())
        .bind(tx.now_ms)
        .execute(tx.sql())
        .await?;
        event(
            tx,
            &gone.id,
            gone.version + 1,
            "withdrawn",
            Some(&gone.state),
            next,
        )
        .await?;
    }
    Ok(())
}

async fn there(tx: &mut Tx, submission: &str) -> Result<Vec<There>, Fault> {
    let rows = sqlx::query(
        "SELECT id, rule, item, state, version, due, measure FROM rectifications WHERE submission = $1 ORDER BY number",
    )
    .bind(submission)
    .fetch_all(tx.sql())
    .await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        all.push(There {
            id: row.try_get(0)?,
            rule: row.try_get(1)?,
            item: row.try_get(2)?,
            state: row.try_get(3)?,
            version: row.try_get(4)?,
            due: row.try_get(5)?,
            measure: row.try_get(6)?,
        });
    }
    Ok(all)
}

/// The same finding of the same submission is the same item, whichever revision has it.
fn id_of(submission: &str, finding: &Finding) -> String {
    let digest = sha256(format!("{submission}\n{}\n{}", finding.rule, finding.item).as_bytes());
    let digits: String = digest.chars().skip("sha256:".len()).take(32).collect();
    format!("r-{digits}")
}

async fn open(tx: &mut Tx, of: &Of<'_>, finding: &Finding) -> Result<(), Fault> {
    let last = sqlx::query("SELECT COALESCE(MAX(number), 0) FROM rectifications")
        .fetch_one(tx.sql())
        .await?;
    let last: i64 = last.try_get(0)?;
    let (id, now) = (id_of(of.submission, finding), tx.now_ms);
    sqlx::query("INSERT INTO rectifications (id, number, version, submission, revision, rule, item, kind, severity, clauses, problem, remedy, duty, topic, area, as_of, state, due, created_ms, updated_ms) VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18)")
        .bind(&id)
        .bind(last + 1)
        .bind(of.submission)
        .bind(of.revision)
        .bind(&finding.rule)
        .bind(&finding.item)
        .bind(&finding.kind)
        .bind(&finding.severity)
        .bind(&finding.clauses)
        .bind(&finding.message)
        .bind(&finding.remedy)
        .bind(&finding.duty)
        .bind(&of.topic)
        .bind(&of.area)
        .bind(&of.as_of)
        .bind(State::Open.word())
        .bind(&finding.deadline)
        .bind(now)
        .execute(tx.sql())
        .await?;
    event(tx, &id, 1, "opened", None, State::Open).await
}

/// What the finding says now. A day by which somebody promised a measure stays; before that, the rule's day counts.
async fn refresh(tx: &mut Tx, of: &Of<'_>, finding: &Finding, known: &There) -> Result<(), Fault> {
    let before = State::of(&known.state);
    let next = before.and_then(|state| state.after(Step::Restore));
    let due = match known.measure {
        Some(_) => known.due.clone(),
        None => finding.deadline.clone(),
    };
    let state = next.map_or_else(|| known.state.clone(), |next| next.word().to_owned());
    sqlx::query("UPDATE rectifications SET version = version + 1, revision = $2, kind = $3, severity = $4, clauses = $5, problem = $6, remedy = $7, duty = $8, topic = $9, area = $10, as_of = $11, state = $12, due = $13, updated_ms = $14 WHERE id = $1")
        .bind(&known.id)
        .bind(of.revision)
        .bind(&finding.kind)
        .bind(&finding.severity)
        .bind(&finding.clauses)
        .bind(&finding.message)
        .bind(&finding.remedy)
        .bind(&finding.duty)
        .bind(&of.topic)
        .bind(&of.area)
        .bind(&of.as_of)
        .bind(state)
        .bind(due)
        .bind(tx.now_ms)
        .execute(tx.sql())
        .await?;
    let (word, to) = match (next, before) {
        (Some(next), _) => ("restored", next),
        (None, before) => ("revised", before.unwrap_or(State::Open)),
    };
    event(tx, &known.id, known.version + 1, word, Some(&known.state), to).await
}

async fn event(
    tx: &mut Tx,
    id: &str,
    number: i64,
    event: &str,
    from: Option<&str>,
    to: State,
) -> Result<(), Fault> {
    let now = tx.now_ms;
    sqlx::query("INSERT INTO rectification_events (rectification, number, time_ms, actor, event, from_state, to_state, changes, note) VALUES ($1, $2, $3, 'server', $4, $5, $6, '{}', NULL)")
        .bind(id)
        .bind(number)
        .bind(now)
        .bind(event)
        .bind(from)
        .bind(to.word())
        .execute(tx.sql())
        .await?;
    Ok(())
}
