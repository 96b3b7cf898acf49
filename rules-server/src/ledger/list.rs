//! The list of the ledger, and what is overdue.
//!
//! In: filters, where to go on. Out: a page. Must not know: how items change.

use super::item::{COLUMNS, Item, item};
use super::states::State;
use crate::access::Principal;
use crate::app::App;
use crate::openapi::shapes::{Area, Day, Word, shapes};
use crate::problem::Problem;
use crate::reading::query::{Asked, Value, Where, bad};
use axum::Json;
use axum::extract::State as Of;
use rules_core::domain::date::Date;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

shapes! {
    /// States with commas between them.
    StateWords = |text| {
        let words = State::ALL.map(State::word).join("|");
        text.pattern(Some(format!("^({words})(,({words}))*$")))
    };
    /// `next` of the page before: a number, and of what is overdue a day before it.
    LedgerCursor = |text| text.pattern(Some("^([0-9]{4}-[0-9]{2}-[0-9]{2}_)?[1-9][0-9]{0,17}$"));
}

/// Which items.
#[derive(Clone, PartialEq, Eq, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// Division code: it and everything below.
    #[param(value_type = Option<Area>, inline)]
    area: Option<String>,
    /// Id of the ruleset.
    #[param(value_type = Option<Word>, inline)]
    topic: Option<String>,
    /// Id of the rule.
    #[param(value_type = Option<Word>, inline)]
    rule: Option<String>,
    /// States with commas between them.
    #[param(value_type = Option<StateWords>, inline)]
    state: Vec<State>,
    /// Of one submission: its id.
    #[param(value_type = Option<Word>, inline)]
    submission: Option<String>,
    /// `true`: only what is overdue, the earliest day first.
    #[param(value_type = Option<bool>)]
    pub(super) overdue: bool,
    /// The day that counts as today; else that of China.
    #[param(value_type = Option<Day>, inline)]
    pub(super) day: Date,
}

impl Filter {
    pub(super) fn take(app: &App, asked: &mut Asked) -> Result<Filter, Problem> {
        let mut states = Vec::new();
        for word in asked.take("state")?.iter().flat_map(|words| words.split(',')) {
            let state = State::of(word).ok_or_else(|| {
                let all: Vec<&str> = State::ALL.iter().map(|state| state.word()).collect();
                bad("state", format!("its words are {}", all.join(", ")))
            })?;
            states.push(state);
        }
        Ok(Filter {
            area: asked.take("area")?,
            topic: asked.take("topic")?,
            rule: asked.take("rule")?,
            state: states,
            submission: asked.take("submission")?,
            overdue: asked.truth("overdue")?.unwrap_or(false),
            day: match asked.day("day")? {
                Some(day) => day,
                None => super::today(app)?,
            },
        })
    }

    pub(super) fn condition(&self, principal: &Principal) -> Result<Where, Problem> {
        let mut all = Where::default();
        all.below("l.area", &principal.area);
        if let Some(area) = &self.area {
            principal.within(area)?;
            all.below("l.area", area);
        }
        for (column, value) in [
            ("l.topic", &self.topic),
            ("l.rule", &self.rule),
            ("l.submission", &self.submission),
        ] {
            if let Some(value) = value {
                all.equals(column, value);
            }
        }
        if !self.state.is_empty() {
            among(&mut all, &self.state);
        }
        if self.overdue {
            let place = all.text(self.day.to_string());
            all.add(format!("l.due < {place}"));
            among(&mut all, &State::WAITING);
        }
        Ok(all)
    }
}

fn among(all: &mut Where, states: &[State]) {
    let places: Vec<String> = states.iter().map(|state| all.text(state.word())).collect();
    all.add(format!("l.state IN ({})", places.join(", ")));
}

/// Where a page goes on: behind the number, or behind the day and the number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Cursor {
    Number(i64),
    Due(String, i64),
}

impl Cursor {
    fn of(text: &str, overdue: bool) -> Option<Cursor> {
        let number = |text: &str| text.parse().ok().filter(|number| *number > 0);
        match (text.split_once('_'), overdue) {
            (Some((day, place)), true) => {
                let day = Date::parse(day).ok()?.to_string();
                Some(Cursor::Due(day, number(place)?))
            }
            (None, false) => Some(Cursor::Number(number(text)?)),
            _ => None,
        }
    }

    pub(super) fn behind(item: &Item, overdue: bool) -> Cursor {
        match (overdue, &item.due) {
            (true, Some(due)) => Cursor::Due(due.clone(), item.number),
            _ => Cursor::Number(item.number),
        }
    }

    fn text(&self) -> String {
        match self {
            Cursor::Number(number) => number.to_string(),
            Cursor::Due(day, number) => format!("{day}_{number}"),
        }
    }
}

/// Items behind a cursor: newest first, of the overdue the earliest day first.
pub(super) async fn items(
    app: &App,
    filter: &Filter,
    condition: &Where,
    behind: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Item>, Problem> {
    let mut all = condition.clone();
    match behind {
        None => {}
        Some(Cursor::Number(number)) => {
            let place = all.value(Value::Int(*number));
            all.add(format!("l.number < {place}"));
        }
        Some(Cursor::Due(day, number)) => {
            let (day, number) = (all.text(day), all.value(Value::Int(*number)));
            all.add(format!(
                "(l.due > {day} OR (l.due = {day} AND l.number > {number}))"
            ));
        }
    }
    let order = if filter.overdue {
        "l.due, l.number"
    } else {
        "l.number DESC"
    };
    let condition = all.sql();
    let limit = all.value(Value::Int(limit));
    let sql = format!(
        "SELECT {COLUMNS} FROM rectifications l JOIN submissions s ON s.id = l.submission{condition} ORDER BY {order} LIMIT {limit}"
    );
    let rows = all.fetch(app.db.read(), sql).await?;
    rows.iter().map(|row| item(row, filter.day)).collect()
}

/// A page of the ledger.
#[derive(Serialize, ToSchema)]
#[schema(as = LedgerPage)]
pub(super) struct Page {
    items: Vec<Item>,
    /// What to send as `cursor` for the next page, if there is one.
    next: Option<String>,
}

/// The ledger of one's area and below.
#[utoipa::path(get, path = "/v1/rectifications", tag = "ledger",
    params(Filter, ("limit" = Option<i64>, Query, minimum = 1, maximum = 200, description = "1 to 200; else 50"),
        ("cursor" = inline(Option<LedgerCursor>), Query, description = "`next` of the page before")),
    responses((status = 200, body = Page), (status = 403), (status = 422)), security(("token" = [])))]
pub(super) async fn list(
    Of(app): Of<App>,
    principal: Principal,
    mut asked: Asked,
) -> Result<Json<Page>, Problem> {
    let filter = Filter::take(&app, &mut asked)?;
    let limit = asked.number("limit", 200)?.unwrap_or(50);
    let cursor = asked
        .take("cursor")?
        .map(|text| {
            Cursor::of(&text, filter.overdue)
                .ok_or_else(|| bad("cursor", "it is the `next` of the page before"))
        })
        .transpose()?;
    asked.end()?;
    let condition = filter.condition(&principal)?;
    let mut found = items(&app, &filter, &condition, cursor.as_ref(), limit + 1).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found
        .last()
        .filter(|_| more)
        .map(|item| Cursor::behind(item, filter.overdue).text());
    Ok(Json(Page { items: found, next }))
}
