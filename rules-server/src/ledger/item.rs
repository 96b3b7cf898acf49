//! An item of the ledger as it is shown.
//!
//! In: rows. Out: items, and one with its history. Must not know: who may change what.

use super::states::State;
use crate::access::Principal;
use crate::app::App;
use crate::edge::rfc3339;
use crate::problem::{Kind, Problem};
use crate::reading::query::{Asked, Where};
use crate::reading::raw;
use axum::Json;
use axum::extract::{Path, State as Of};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use rules_core::domain::date::Date;
use serde::Serialize;
use serde_json::value::RawValue;
use sqlx::Row;
use sqlx::any::AnyRow;
use utoipa::ToSchema;

/// An item of the ledger.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LedgerItem)]
pub(super) struct Item {
    pub(super) id: String,
    /// Changes with each change; the ETag.
    pub(super) version: i64,
    pub(super) submission: String,
    /// Id of the ruleset.
    pub(super) topic: String,
    pub(super) area: String,
    #[schema(value_type = Option<Object>)]
    pub(super) subject: Option<Box<RawValue>>,
    /// Id of the rule.
    pub(super) rule: String,
    /// JSON Pointer of the list item, or nothing.
    pub(super) item: String,
    pub(super) kind: String,
    pub(super) severity: String,
    /// Ids of clauses.
    #[schema(value_type = Vec<String>)]
    pub(super) clauses: Option<Box<RawValue>>,
    /// What was found: `zh` and `en`.
    #[schema(value_type = Object)]
    pub(super) problem: Option<Box<RawValue>>,
    /// What the rule proposes.
    #[schema(value_type = Option<Object>)]
    pub(super) remedy: Option<Box<RawValue>>,
    /// Who must act, as the rule says.
    #[schema(value_type = Option<Object>)]
    pub(super) duty: Option<Box<RawValue>>,
    /// Day of the check.
    pub(super) as_of: String,
    pub(super) state: String,
    /// What is to be done.
    pub(super) measure: Option<String>,
    /// Day by which.
    pub(super) due: Option<String>,
    /// The unit that does it.
    pub(super) unit: Option<String>,
    /// Day on which it was done.
    pub(super) done_on: Option<String>,
    /// What shows that it was done.
    pub(super) evidence: Option<String>,
    /// Name of the account that looked.
    pub(super) reviewed_by: Option<String>,
    pub(super) review_note: Option<String>,
    /// Is the day over and the item not done?
    pub(super) overdue: bool,
    pub(super) created_at: String,
    pub(super) updated_at: String,
    #[serde(skip)]
    pub(super) number: i64,
}

/// An item with its history.
#[derive(Serialize, ToSchema)]
#[schema(as = LedgerItemWhole)]
pub(super) struct One {
    #[serde(flatten)]
    item: Item,
    history: Vec<Event>,
}

#[derive(Serialize, ToSchema)]
struct Event {
    number: i64,
    time: String,
    /// Name of the account, or `server`.
    actor: String,
    event: String,
    from: Option<String>,
    to: String,
    /// Member → new value.
    #[schema(value_type = Object)]
    changes: Option<Box<RawValue>>,
    note: Option<String>,
}

/// The columns of an item.
pub(super) const COLUMNS: &str = "l.id, l.number, l.version, l.submission, l.topic, l.area, s.subject, l.rule, l.item, l.kind, l.severity, l.clauses, \
    l.problem, l.remedy, l.duty, l.as_of, l.state, l.measure, l.due, l.unit, l.done_on, l.evidence, l.reviewed_by, l.review_note, \
    l.created_ms, l.updated_ms";

/// Reads an item; `day` is what it may be overdue on.
pub(super) fn item(row: &AnyRow, day: Date) -> Result<Item, Problem> {
    let state: String = row.try_get("state")?;
    let due: Option<String> = row.try_get("due")?;
    let waits = State::of(&state).is_some_and(State::waits);
    let late = due.as_ref().is_some_and(|due| *due < day.to_string());
    Ok(Item {
        id: row.try_get("id")?,
        version: row.try_get("version")?,
        submission: row.try_get("submission")?,
        topic: row.try_get("topic")?,
        area: row.try_get("area")?,
        subject: raw(row.try_get("subject")?)?,
        rule: row.try_get("rule")?,
        item: row.try_get("item")?,
        kind: row.try_get("kind")?,
        severity: row.try_get("severity")?,
        clauses: raw(row.try_get("clauses")?)?,
        problem: raw(row.try_get("problem")?)?,
        remedy: raw(row.try_get("remedy")?)?,
        duty: raw(row.try_get("duty")?)?,
        as_of: row.try_get("as_of")?,
        measure: row.try_get("measure")?,
        unit: row.try_get("unit")?,
        done_on: row.try_get("done_on")?,
        evidence: row.try_get("evidence")?,
        reviewed_by: row.try_get("reviewed_by")?,
        review_note: row.try_get("review_note")?,
        overdue: waits && late,
        created_at: rfc3339(row.try_get("created_ms")?),
        updated_at: rfc3339(row.try_get("updated_ms")?),
        number: row.try_get("number")?,
        state,
        due,
    })
}

/// An item of the ledger with its history.
#[utoipa::path(get, path = "/v1/rectifications/{id}", tag = "ledger",
    params(("id" = String, Path, description = "The item's id")),
    responses((status = 200, body = One), (status = 404)), security(("token" = [])))]
pub(super) async fn one(
    Of(app): Of<App>,
    principal: Principal,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    asked.end()?;
    answer(&app, &principal, &id).await
}

/// The item as it is now, with its tag.
pub(super) async fn answer(app: &App, principal: &Principal, id: &str) -> Result<Response, Problem> {
    let mut condition = Where::default();
    condition.equals("l.id", id);
    let sql = format!(
        "SELECT {COLUMNS} FROM rectifications l JOIN submissions s ON s.id = l.submission{}",
        condition.sql()
    );
    let rows = condition.fetch(app.db.read(), sql).await?;
    let day = super::today(app)?;
    let found = rows.first().map(|row| item(row, day)).transpose()?;
    let item = found
        .filter(|item| principal.reaches(&item.area))
        .ok_or_else(|| Problem::new(Kind::NotFound, "no item of your area has this id"))?;
    let rows = sqlx::query("SELECT number, time_ms, actor, event, from_state, to_state, changes, note FROM rectification_events WHERE rectification = $1 ORDER BY number")
        .bind(id)
        .fetch_all(app.db.read())
        .await?;
    let mut history = Vec::with_capacity(rows.len());
    for row in rows {
        history.push(Event {
            number: row.try_get("number")?,
            time: rfc3339(row.try_get("time_ms")?),
            actor: row.try_get("actor")?,
            event: row.try_get("event")?,
            from: row.try_get("from_state")?,
            to: row.try_get("to_state")?,
            changes: raw(row.try_get("changes")?)?,
            note: row.try_get("note")?,
        });
    }
    let tag = format!("\"{}\"", item.version);
    let mut response = Json(One { item, history }).into_response();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}
