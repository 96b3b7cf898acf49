//! Changing an item: what is to be done, by whom and when, that it was done, that somebody looked.
//!
//! In: a change and the version that it was made on. Out: the item. Must not know: how items come about.

use super::item::{One, answer};
use super::states::{State, Step};
use crate::access::{self, Principal};
use crate::app::App;
use crate::db::{Fault, Tx};
use crate::openapi::shapes::{Day, shapes};
use crate::problem::{Kind, Problem};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State as Of};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use rules_core::digest::sha256;
use rules_core::domain::date::Date;
use rules_core::json::Json;
use serde::{Deserialize, Deserializer};
use sqlx::Row;
use utoipa::ToSchema;

shapes! {
    /// A text of the ledger.
    LedgerText = |text| text.pattern(Some("^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$")).min_length(Some(1)).max_length(Some(WORDS));
}

/// What changes. A member that is not there stays; `null` takes a text away.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LedgerChange, min_properties = 1)]
struct Change {
    /// What is to be done.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<LedgerText>)]
    measure: Option<Option<String>>,
    /// Day by which.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Day>)]
    due: Option<Option<String>>,
    /// The unit that does it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<LedgerText>)]
    unit: Option<Option<String>>,
    /// What shows that it was done.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<LedgerText>)]
    evidence: Option<Option<String>>,
    /// Day on which it was done.
    #[schema(value_type = Option<Day>)]
    done: Option<String>,
    /// Somebody looked at what was done.
    review: Option<Review>,
    /// Takes up again what was closed.
    #[serde(default)]
    reopen: bool,
    /// Why; asked for where something is rejected or taken up again.
    #[schema(value_type = Option<LedgerText>)]
    note: Option<String>,
}

/// What somebody who looked says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Review {
    Accepted,
    Rejected,
}

/// A member that is there, `null` or not.
fn given<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(reader).map(Some)
}

/// Characters of a text.
const WORDS: usize = 2000;

fn bad(at: &str, detail: &str) -> Problem {
    Problem::new(Kind::BadRequest, detail).at(at)
}

impl Change {
    fn check(&self) -> Result<(), Problem> {
        let texts = [
            ("/measure", self.measure.as_ref().and_then(Option::as_ref)),
            ("/unit", self.unit.as_ref().and_then(Option::as_ref)),
            ("/evidence", self.evidence.as_ref().and_then(Option::as_ref)),
            ("/note", self.note.as_ref()),
        ];
        for (at, text) in texts {
            let wrong =
                |text: &String| text.trim().is_empty() || text.chars().count() > WORDS || text.contains('\0');
            if text.is_some_and(wrong) {
                return Err(bad(
                    at,
                    "the text has 1 to 2000 characters, and none of them is NUL; `null` takes it away",
                ));
            }
        }
        let days = [
            ("/due", self.due.as_ref().and_then(Option::as_ref)),
            ("/done", self.done.as_ref()),
        ];
        for (at, day) in days {
            if day.is_some_and(|day| Date::parse(day).is_err()) {
                return Err(bad(at, "a day is written 2026-03-01"));
            }
        }
        let explained = self.note.is_some();
        if self.review == Some(Review::Rejected) && !explained {
            return Err(bad("/note", "what is rejected is rejected for a reason"));
        }
        if self.reopen && !explained {
            return Err(bad("/note", "what was closed is taken up again for a reason"));
        }
        if self.reopen && self.review.is_some() {
            return Err(bad("/reopen", "one step at a time: a review, or taking up again"));
        }
        let texts = [&self.measure, &self.due, &self.unit, &self.evidence];
        let nothing = texts.iter().all(|text| text.is_none()) && self.done.is_none() && self.review.is_none();
        if nothing && !self.reopen && self.note.is_none() {
            return Err(bad("", "the body changes nothing"));
        }
        Ok(())
    }

    /// The steps, in their order.
    fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        if matches!(self.measure, Some(Some(_))) {
            steps.push(Step::Measure);
        }
        if self.done.is_some() {
            steps.push(Step::Done);
        }
        match self.review {
            Some(Review::Accepted) => steps.push(Step::Accepted),
            Some(Review::Rejected) => steps.push(Step::Rejected),
            None => {}
        }
        if self.reopen {
            steps.push(Step::Reopen);
        }
        steps
    }

    /// Member → new value, for the history.
    fn members(&self) -> Json {
        let mut members = Vec::new();
        let texts = [
            ("measure", &self.measure),
            ("due", &self.due),
            ("unit", &self.unit),
            ("evidence", &self.evidence),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                let value = text.as_deref().map_or(Json::Null, Json::from);
                members.push((name.to_owned(), value));
            }
        }
        if let Some(day) = &self.done {
            members.push(("done".to_owned(), day.as_str().into()));
        }
        Json::Obj(members)
    }

    fn event(&self) -> &'static str {
        match (self.review, self.reopen, &self.done) {
            (Some(Review::Accepted), ..) => "accepted",
            (Some(Review::Rejected), ..) => "rejected",
            (None, true, _) => "reopened",
            (None, false, Some(_)) => "done",
            (None, false, None) => "changed",
        }
    }
}

/// Changes an item. `If-Match` is the tag of the version that was looked at.
#[utoipa::path(patch, path = "/v1/rectifications/{id}", tag = "ledger",
    params(("id" = String, Path, description = "The item's id"), ("if-match" = String, Header, description = "ETag of the item")),
    request_body(content = Change, content_type = "application/json"),
    responses((status = 200, body = One), (status = 404), (status = 409, description = "The item's state does not allow this"),
        (status = 412, description = "It was changed since"), (status = 422), (status = 428, description = "`If-Match` is missing")),
    security(("token" = [])))]
pub(super) async fn change(
    Of(app): Of<App>,
    principal: Principal,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let tag = headers
        .get(header::IF_MATCH)
        .and_then(|value| value.to_str().ok())
        .map(|tag| tag.trim().trim_matches('"').to_owned());
    let tag = tag.ok_or_else(|| {
        Problem::new(
            Kind::NeedsMatch,
            "send the item's ETag as `If-Match`, so that nobody's change is lost",
        )
    })?;
    let change: Change = access::read(&headers, body)?;
    change.check()?;
    let (who, item) = (principal.clone(), id.clone());
    app.db
        .write(move |tx| Box::pin(async move { apply(tx, &who, &item, &tag, &change).await }))
        .await?;
    answer(&app, &principal, &id).await
}

async fn apply(tx: &mut Tx, who: &Principal, id: &str, tag: &str, change: &Change) -> Result<(), Fault> {
    let row =
        sqlx::query("SELECT area, version, state, measure, due, unit, evidence, done_on, reviewed_by, review_note FROM rectifications WHERE id = $1")
            .bind(id)
            .fetch_optional(tx.sql())
            .await?;
    let absent = || Problem::new(Kind::NotFound, "no item of your area has this id");
    let row = row.ok_or_else(absent)?;
    let area: String = row.try_get("area")?;
    if !who.reaches(&area) {
        return Err(absent().into());
    }
    let version: i64 = row.try_get("version")?;
    if tag != version.to_string() {
        let problem = Problem::new(Kind::Stale, "the item's version is in `stored`");
        return Err(problem.with("stored", version.to_string()).into());
    }
    let word: String = row.try_get("state")?;
    let state = next(&word, change)?;
    let text = |name: &str| row.try_get::<Option<String>, _>(name);
    let measure = change.measure.clone().unwrap_or(text("measure")?);
    if measure.is_none() && state != State::Open && state != State::Reopened {
        return Err(bad("/measure", "the state needs a measure").into());
    }
    // What is taken up again is not done.
    let done = match (state, &change.done) {
        (State::Reopened, _) => None,
        (_, Some(day)) => Some(day.clone()),
        (_, None) => text("done_on")?,
    };
    let (reviewed, said) = match change.review {
        Some(_) => (Some(who.name.clone()), change.note.clone()),
        None => (text("reviewed_by")?, text("review_note")?),
    };
    let now = tx.now_ms;
    sqlx::query("UPDATE rectifications SET version = version + 1, state = $2, measure = $3, due = $4, unit = $5, evidence = $6, done_on = $7, reviewed_by = $8, review_note = $9, updated_ms = $10 WHERE id = $1")
        .bind(id)
        .bind(state.word())
        .bind(measure)
        .bind(change.due.clone().unwrap_or(text("due")?))
        .bind(change.unit.clone().unwrap_or(text("unit")?))
        .bind(change.evidence.clone().unwrap_or(text("evidence")?))
        .bind(done)
        .bind(reviewed)
        .bind(said)
        .bind(now)
        .execute(tx.sql())
        .await?;
    let changes = change.members().canonical();
    sqlx::query("INSERT INTO rectification_events (rectification, number, time_ms, actor, event, from_state, to_state, changes, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(id)
        .bind(version + 1)
        .bind(now)
        .bind(&who.name)
        .bind(change.event())
        .bind(&word)
        .bind(state.word())
        .bind(&changes)
        .bind(&change.note)
        .execute(tx.sql())
        .await?;
    // The chain outlives what is purged, so it holds the texts' digest and not the texts.
    let note = change.note.as_deref().map_or(Json::Null, Json::from);
    let said = format!("{changes}\n{}", note.canonical());
    let body = Json::Obj(vec![
        ("actor".to_owned(), who.id.as_str().into()),
        ("change".to_owned(), sha256(said.as_bytes()).into()),
        ("from".to_owned(), word.into()),
        ("to".to_owned(), state.word().into()),
        ("version".to_owned(), Json::Num((version + 1) as f64)),
    ]);
    tx.append("rectification", id, body).await?;
    Ok(())
}

/// The state after all steps. What is done or closed keeps its measure, day and unit until it is taken up again.
fn next(word: &str, change: &Change) -> Result<State, Problem> {
    let wrong = |state: State| {
        Problem::new(
            Kind::WrongState,
            format!(
                "the item is `{}`; this step leads nowhere from there",
                state.word()
            ),
        )
    };
    let mut state = State::of(word).ok_or_else(|| Problem::new(Kind::Internal, ""))?;
    let settles = [&change.measure, &change.due, &change.unit]
        .iter()
        .any(|text| text.is_some());
    if settles && !state.waits() {
        return Err(wrong(state));
    }
    for step in change.steps() {
        state = state.after(step).ok_or_else(|| wrong(state))?;
    }
    Ok(state)
}
