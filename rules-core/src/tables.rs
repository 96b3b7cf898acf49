//! Reference data that a check is given: rows in slots, working-day calendars, with their indexes.
//!
//! In: JSON of rows, or calendar rows. Out: what `lookup`, `nearest`, `within` and the working-day functions read. Must not know: rules.

use crate::answers::Answers;
use crate::digest::sha256;
use crate::domain::calendar::{DayMark, WorkCalendar};
use crate::domain::date::Date;
use crate::domain::geo::{LngLat, PlaceIndex, to_wgs84};
use crate::form::{Field, Form, Group, Kind, Member, Scope};
use crate::json::{self, Json};
use crate::limits::Limits;
use crate::plan::{Plan, Table, TableKind};
use crate::value::{Home, Store, V};
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Data of one table.
#[derive(Clone, Debug)]
pub struct Data {
    /// `sha256:…` of the canonical data.
    pub digest: String,
    /// Content.
    pub content: Content,
}

/// What a table holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// Days off and make-up working days.
    Calendar(WorkCalendar),
    /// Rows.
    Rows(Rows),
}

/// Rows in slots.
#[derive(Clone, Debug)]
pub struct Rows {
    /// Slots, `stride` a row.
    pub store: Store,
    /// Slots of a row.
    pub stride: u32,
    /// Rows.
    pub len: u32,
    /// Rows by key.
    keys: BTreeMap<String, u32>,
    /// Rows by place, and for each place of the index its row.
    places: Option<(PlaceIndex, Vec<u32>)>,
}

/// Why data does not fit a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableError {
    /// JSON Pointer into the data.
    pub at: String,
    /// Stable word: a problem code of answers, `no_such_table`, `not_rows`, `not_calendar`, `too_many_rows`, `duplicate_table_key`.
    pub code: &'static str,
}

fn error(at: &str, code: &'static str) -> TableError {
    TableError {
        at: at.to_string(),
        code,
    }
}

impl Data {
    /// Reads the data of a table from JSON text: an array of records, or `{"years": [2026], "days": [["2026-01-01", "off"], …]}` for a
    /// calendar, with `work` for a make-up working day.
    ///
    /// # Errors
    /// What does not fit, at its place. Nothing of faulty data is used.
    pub fn read(
        plan: &Plan,
        table: &Table,
        number: u16,
        text: &str,
        limits: &Limits,
    ) -> Result<Data, TableError> {
        let (tree, flaws) = json::parse(text, limits.depth).map_err(|_| error("", "bad_json"))?;
        if let Some((at, _)) = flaws.first() {
            return Err(error(at, "wrong_type"));
        }
        let digest = sha256(tree.canonical().as_bytes());
        let content = match &table.kind {
            TableKind::Calendar => Content::Calendar(calendar(&tree)?),
            TableKind::Rows { columns, key, place } => {
                Content::Rows(rows(plan, columns, *key, *place, number, &tree, text, limits)?)
            }
        };
        Ok(Data { digest, content })
    }
}

/// `{"years": [2025, 2026], "days": [["2026-01-01", "off"], …]}`
fn calendar(tree: &Json) -> Result<WorkCalendar, TableError> {
    let bad = || error("", "not_calendar");
    let years = tree.get("years").and_then(Json::as_arr).ok_or_else(bad)?;
    let days = tree.get("days").and_then(Json::as_arr).ok_or_else(bad)?;
    let mut marks = Vec::new();
    for (i, day) in days.iter().enumerate() {
        let mut at = String::from("/days");
        json::push_index(&mut at, i);
        let row = day.as_arr().and_then(|row| match row {
            [Json::Str(date), Json::Str(mark)] => {
                let mark = match mark.as_str() {
                    "off" => DayMark::Off,
                    "work" => DayMark::Work,
                    _ => return None,
                };
                Date::parse(date).ok().map(|date| (date, mark))
            }
            _ => None,
        });
        marks.push(row.ok_or_else(|| error(&at, "not_calendar"))?);
    }
    let years: Option<Vec<i32>> = years
        .iter()
        .map(|y| y.as_num().filter(|y| libm::trunc(*y) == *y).map(|y| y as i32))
        .collect();
    WorkCalendar::from_rows(marks, years.ok_or_else(|| error("/years", "not_calendar"))?).map_err(|_| bad())
}

/// A form with one list, so that rows are read by the reader of answers.
fn form_of(columns: &Scope) -> Form {
    let field = Field {
        name: "rows".into(),
        path: Vec::from(["rows".into()]),
        kind: Kind::List(1),
        ..Field::default()
    };
    let root = Scope {
        fields: Vec::from([field]),
        groups: Vec::from([Group {
            members: Vec::from([Member::Field(0)]),
            ..Group::default()
        }]),
        scalar: false,
    };
    Form {
        scopes: Vec::from([root, columns.clone()]),
    }
}

#[allow(clippy::too_many_arguments, reason = "one call, all of it context")]
fn rows(
    plan: &Plan,
    columns: &Scope,
    key: Option<u32>,
    place: Option<u32>,
    number: u16,
    tree: &Json,
    text: &str,
    limits: &Limits,
) -> Result<Rows, TableError> {
    let Some(items) = tree.as_arr() else {
        return Err(error("", "not_rows"));
    };
    if items.len() > limits.rows {
        return Err(error("", "too_many_rows"));
    }
    let reading = Plan {
        form: form_of(columns),
        symbols: plan.symbols.clone(),
        patterns: plan.patterns.clone(),
        ..Plan::default()
    };
    let mut wrapped = String::with_capacity(text.len() + 10);
    wrapped.push_str("{\"rows\":");
    wrapped.push_str(text);
    wrapped.push('}');
    let wide = Limits {
        answer_bytes: usize::MAX,
        items: limits.rows,
        depth: limits.depth + 1,
        ..*limits
    };
    let answers = Answers::read(&reading, &wrapped, &wide);
    if let Some(problem) = answers.problems.first() {
        let at = problem.at.strip_prefix("/rows").unwrap_or(&problem.at);
        return Err(error(at, problem.code.word()));
    }
    let mut store = answers.store;
    let home = Home::Table(number);
    for value in &mut store.values {
        *value = match *value {
            V::Text(text) => V::Text(crate::value::TextRef { home, ..text }),
            V::Point(_, at) => V::Point(home, at),
            V::Area(_, at) => V::Area(home, at),
            other => other,
        };
    }
    let list = store.lists.first().copied();
    let (start, stride, len) = list.map_or((0, 0, 0), |list| (list.start, list.stride, list.len));
    store.values.drain(..start as usize);
    let mut rows = Rows {
        store,
        stride,
        len,
        keys: BTreeMap::new(),
        places: None,
    };
    if let Some(key) = key {
        for row in 0..len {
            if let V::Text(text) = rows.value(row, key) {
                let text = rows.store.text(text).to_string();
                if rows.keys.insert(text, row).is_some() {
                    let mut at = String::new();
                    json::push_index(&mut at, row as usize);
                    return Err(error(&at, "duplicate_table_key"));
                }
            }
        }
    }
    if let Some(place) = place {
        let mut points: Vec<LngLat> = Vec::new();
        let mut owners = Vec::new();
        for row in 0..len {
            if let V::Point(_, at) = rows.value(row, place)
                && let Some(point) = rows.store.points.get(at as usize)
            {
                points.push(to_wgs84(point.at, point.crs));
                owners.push(row);
            }
        }
        rows.places = Some((PlaceIndex::new(&points), owners));
    }
    Ok(rows)
}

impl Rows {
    /// The value in a column of a row.
    pub fn value(&self, row: u32, slot: u32) -> V {
        self.store
            .values
            .get((row * self.stride + slot) as usize)
            .copied()
            .unwrap_or(V::MISSING)
    }

    /// The row with this key.
    pub fn by_key(&self, key: &str) -> Option<u32> {
        self.keys.get(key).copied()
    }

    /// The row nearest to a place in WGS-84, and how far it is.
    pub fn nearest(&self, point: LngLat) -> Option<(u32, f64)> {
        let (index, owners) = self.places.as_ref()?;
        let (place, metres) = index.nearest(point)?;
        owners.get(place).map(|row| (*row, metres))
    }

    /// The rows within a distance of a place in WGS-84, in order of distance.
    pub fn within(&self, point: LngLat, metres: f64) -> Vec<(u32, f64)> {
        let Some((index, owners)) = self.places.as_ref() else {
            return Vec::new();
        };
        let found = index.within(point, metres).into_iter();
        found
            .filter_map(|(place, metres)| owners.get(place).map(|row| (*row, metres)))
            .collect()
    }
}
