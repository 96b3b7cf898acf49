//! One submission with everything that is kept of it.
//!
//! In: an id. Out: answers, both reports, why, history, parts, receipt. Must not know: how a report comes about.

use super::item::{Item, Order, page, raw};
use super::query::{Asked, Where};
use super::why;
use crate::access::{Principal, Purpose, Reading};
use crate::app::App;
use crate::differs::{Difference, differences};
use crate::edge::rfc3339;
use crate::openapi::shapes::{PurposeText, SubmissionId};
use crate::problem::{Kind, Problem};
use axum::Json;
use axum::extract::{Path, State};
use rules_core::json::{self, Json as Tree};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sqlx::Row;
use utoipa::ToSchema;

/// Nesting of a report.
const DEPTH: usize = 64;

/// A submission whole.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SubmissionWhole)]
pub(super) struct One {
    #[serde(flatten)]
    item: Item,
    sender: String,
    /// Why this revision replaced the one before.
    reason: Option<String>,
    /// The answers as they were sent, which may be anything; nothing once they were purged.
    #[schema(value_type = Option<serde_json::Value>)]
    entry: Option<Box<RawValue>>,
    #[schema(value_type = Option<Object>)]
    context: Option<Box<RawValue>>,
    /// Digest of the form's report.
    client_report: String,
    /// Where the form's report and the server's differ, if the form sent its own; up to 100 places.
    #[schema(value_type = Vec<Object>)]
    differs: Vec<Place>,
    reports: Reports,
    /// The report that counts, with the evidence of each finding; made anew. Nothing if the answers, the ruleset or a table are not here.
    #[schema(value_type = Option<Object>)]
    why: Option<Box<RawValue>>,
    revisions: Vec<Revision>,
    parts: Vec<Part>,
    #[schema(value_type = Object)]
    receipt: Option<Box<RawValue>>,
    #[schema(value_type = Option<Object>)]
    completion: Option<Box<RawValue>>,
    rectifications: Vec<Rectification>,
}

/// A place in two reports.
#[derive(Serialize)]
struct Place {
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<Box<RawValue>>,
}

/// The reports under both rulesets.
#[derive(Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Reports {
    named: Option<Verdict>,
    in_force: Option<Verdict>,
}

/// A stored verdict.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Verdict {
    /// `named` or `in_force`
    basis: String,
    /// Digest of the ruleset.
    ruleset: String,
    version: String,
    /// Name → digest.
    #[schema(value_type = Object)]
    tables: Option<Box<RawValue>>,
    /// Digest of the report.
    digest: String,
    outcome: String,
    entry_outcome: String,
    /// What judged.
    engine: String,
    time: String,
    #[schema(value_type = Object)]
    report: Option<Box<RawValue>>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Revision {
    revision: i64,
    digest: String,
    received_at: String,
    reason: Option<String>,
    outcome: Option<String>,
    entry_outcome: Option<String>,
    position: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SubmissionPart)]
struct Part {
    digest: String,
    bytes: i64,
    #[serde(rename = "type")]
    media_type: String,
    /// JSON Pointer of the answer that it belongs to.
    at: String,
    /// Has it arrived?
    here: bool,
}

#[derive(Serialize, ToSchema)]
struct Rectification {
    id: String,
    rule: String,
    item: String,
    state: String,
    due: Option<String>,
}

/// The members of a stored body that are shown.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    entry: Option<Box<RawValue>>,
    client_report: Option<Box<RawValue>>,
    context: Option<Box<RawValue>>,
}

/// A submission whole: its current revision, or the one asked for.
#[utoipa::path(get, path = "/v1/submissions/{id}", tag = "reading",
    params(("id" = inline(SubmissionId), Path, description = "The submission's id"), ("revision" = Option<i64>, Query, minimum = 1, description = "Else the current one"),
        ("x-purpose" = inline(PurposeText), Header, description = "Why you read this: 2 to 200 characters, those beyond ASCII percent-encoded")),
    responses((status = 200, body = One), (status = 404), (status = 422)), security(("token" = [])))]
pub(super) async fn one(
    State(app): State<App>,
    principal: Principal,
    purpose: Purpose,
    Path(id): Path<String>,
    mut asked: Asked,
) -> Result<Json<One>, Problem> {
    let wanted = asked.number("revision", i64::MAX)?;
    asked.end()?;
    let absent = || Problem::new(Kind::NotFound, "no submission of your area has this id");
    let mut condition = Where::default();
    condition.equals("s.id", &id);
    let mut found = page(app.db.read(), &condition, Order::NewestFirst, None, 1).await?;
    let item = found
        .pop()
        .filter(|item| principal.sees(&item.area, &item.sender))
        .ok_or_else(absent)?;
    let revision = wanted.unwrap_or(item.revision);
    let one = read(&app, item, revision).await?.ok_or_else(absent)?;
    let reading = Reading {
        address: "/v1/submissions/{id}",
        ids: vec![id],
        filter: Tree::Obj(vec![("revision".to_owned(), Tree::Num(revision as f64))]),
        count: 1,
    };
    purpose.log(&app, &principal, reading).await?;
    Ok(Json(one))
}

async fn read(app: &App, item: Item, revision: i64) -> Result<Option<One>, Problem> {
    let row = sqlx::query(
        "SELECT sender, reason, body, client_report, receipt, completion FROM revisions WHERE submission = $1 AND revision = $2",
    )
    .bind(&item.id)
    .bind(revision)
    .fetch_optional(app.db.read())
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let bytes: Option<Vec<u8>> = row.try_get("body")?;
    let body: Body = bytes
        .as_deref()
        .map(serde_json::from_slice)
        .transpose()
        .map_err(|_| Problem::new(Kind::Internal, ""))?
        .unwrap_or_default();
    let reports = reports(app, &item.id, revision).await?;
    let counted = reports.in_force.as_ref().or(reports.named.as_ref());
    let why = match (bytes, counted) {
        (Some(bytes), Some(verdict)) => {
            let tables = verdict.tables.as_ref().map_or("{}", |tables| tables.get());
            why::why(app, &verdict.ruleset, tables, bytes).await?
        }
        _ => None,
    };
    let named = reports
        .named
        .as_ref()
        .and_then(|verdict| verdict.report.as_deref());
    Ok(Some(One {
        differs: places(body.client_report.as_deref(), named)?,
        revisions: revisions(app, &item.id).await?,
        parts: parts(app, &item.id, revision).await?,
        rectifications: rectifications(app, &item.id).await?,
        sender: row.try_get("sender")?,
        reason: row.try_get("reason")?,
        entry: body.entry,
        context: body.context,
        client_report: row.try_get("client_report")?,
        reports,
        why,
        receipt: raw(row.try_get("receipt")?)?,
        completion: raw(row.try_get("completion")?)?,
        item,
    }))
}

async fn reports(app: &App, id: &str, revision: i64) -> Result<Reports, Problem> {
    let rows = sqlx::query(
        "SELECT v.basis, v.ruleset_digest, v.ruleset_version, v.tables, v.report_digest, v.outcome, v.entry_outcome, v.engine, v.time_ms, \
         COALESCE(v.report, n.report) AS report FROM verdicts v \
         LEFT JOIN verdicts n ON n.submission = v.submission AND n.revision = v.revision AND n.basis = 'named' \
         WHERE v.submission = $1 AND v.revision = $2",
    )
    .bind(id)
    .bind(revision)
    .fetch_all(app.db.read())
    .await?;
    let mut reports = Reports::default();
    for row in rows {
        let verdict = Verdict {
            basis: row.try_get("basis")?,
            ruleset: row.try_get("ruleset_digest")?,
            version: row.try_get("ruleset_version")?,
            tables: raw(row.try_get("tables")?)?,
            digest: row.try_get("report_digest")?,
            outcome: row.try_get("outcome")?,
            entry_outcome: row.try_get("entry_outcome")?,
            engine: row.try_get("engine")?,
            time: rfc3339(row.try_get("time_ms")?),
            report: raw(row.try_get("report")?)?,
        };
        if verdict.basis == "named" {
            reports.named = Some(verdict);
        } else {
            reports.in_force = Some(verdict);
        }
    }
    Ok(reports)
}

fn places(client: Option<&RawValue>, server: Option<&RawValue>) -> Result<Vec<Place>, Problem> {
    let tree = |text: &RawValue| json::parse(text.get(), DEPTH).ok().map(|(tree, _)| tree);
    let (Some(client), Some(server)) = (client.and_then(tree), server.and_then(tree)) else {
        return Ok(Vec::new());
    };
    let place = |difference: Difference| {
        let side = |tree: Option<Tree>| raw(tree.map(|tree| tree.canonical()));
        Ok(Place {
            client: side(difference.client)?,
            server: side(difference.server)?,
            at: difference.at,
        })
    };
    differences(&client, &server)
        .list
        .into_iter()
        .map(place)
        .collect()
}

async fn revisions(app: &App, id: &str) -> Result<Vec<Revision>, Problem> {
    let rows = sqlx::query(
        "SELECT r.revision, r.digest, r.received_ms, r.reason, r.position, COALESCE(f.outcome, n.outcome) AS outcome, \
         COALESCE(f.entry_outcome, n.entry_outcome) AS entry_outcome FROM revisions r \
         LEFT JOIN verdicts f ON f.submission = r.submission AND f.revision = r.revision AND f.basis = 'in_force' \
         LEFT JOIN verdicts n ON n.submission = r.submission AND n.revision = r.revision AND n.basis = 'named' \
         WHERE r.submission = $1 ORDER BY r.revision",
    )
    .bind(id)
    .fetch_all(app.db.read())
    .await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        all.push(Revision {
            revision: row.try_get("revision")?,
            digest: row.try_get("digest")?,
            received_at: rfc3339(row.try_get("received_ms")?),
            reason: row.try_get("reason")?,
            outcome: row.try_get("outcome")?,
            entry_outcome: row.try_get("entry_outcome")?,
            position: row.try_get("position")?,
        });
    }
    Ok(all)
}

async fn parts(app: &App, id: &str, revision: i64) -> Result<Vec<Part>, Problem> {
    let rows = sqlx::query(
        "SELECT c.digest, c.bytes, c.media_type, c.at, p.digest AS here FROM part_claims c LEFT JOIN parts p ON p.digest = c.digest \
         WHERE c.submission = $1 AND c.revision = $2 ORDER BY c.number",
    )
    .bind(id)
    .bind(revision)
    .fetch_all(app.db.read())
    .await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let here: Option<String> = row.try_get("here")?;
        all.push(Part {
            digest: row.try_get("digest")?,
            bytes: row.try_get("bytes")?,
            media_type: row.try_get("media_type")?,
            at: row.try_get("at")?,
            here: here.is_some(),
        });
    }
    Ok(all)
}

async fn rectifications(app: &App, id: &str) -> Result<Vec<Rectification>, Problem> {
    let rows = sqlx::query(
        "SELECT id, rule, item, state, due FROM rectifications WHERE submission = $1 ORDER BY number",
    )
    .bind(id)
    .fetch_all(app.db.read())
    .await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        all.push(Rectification {
            id: row.try_get("id")?,
            rule: row.try_get("rule")?,
            item: row.try_get("item")?,
            state: row.try_get("state")?,
            due: row.try_get("due")?,
        });
    }
    Ok(all)
}
