//! Reads answers by the form (language.md §1.4): what is usable goes into records, what is not becomes a problem.
//!
//! In: the form and a JSON tree. Out: the root record and the problems that need no expression. Must not know: rules, relevance.

use super::json::{Json, token};
use super::value::{Number, Place, Record, Value};
use super::{Problem, Tables};
use rules_compiler::hir::Ruleset;
use rules_core::domain::date::{Date, DateTime};
use rules_core::domain::geo::{Area, Crs, LngLat};
use rules_core::form::{Field, Kind, Member, Scope};
use rules_core::plan::{Pattern, TableKind};
use std::collections::BTreeSet;

const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

/// What a reading has found.
pub struct Reader<'a> {
    /// The ruleset.
    pub ruleset: &'a Ruleset,
    /// The given tables.
    pub tables: &'a Tables,
    /// The problems so far.
    pub problems: Vec<Problem>,
}

/// Absent, `null` and text of white space only are missing.
pub fn is_missing(json: Option<&Json>) -> bool {
    match json {
        None | Some(Json::Null) => true,
        Some(Json::Text(text)) => text.trim().is_empty(),
        Some(_) => false,
    }
}

/// Does the whole text match?
pub fn matches(pattern: &Pattern, text: &str) -> bool {
    let state = text.bytes().fold(1_usize, |state, byte| {
        let class = pattern.classes.get(usize::from(byte)).copied().unwrap_or(0);
        let cell = state * pattern.stride as usize + usize::from(class);
        pattern.next.get(cell).map_or(0, |&next| usize::from(next))
    });
    pattern.accept.get(state).copied().unwrap_or(false)
}

impl Reader<'_> {
    fn problem(&mut self, at: &str, code: &str) {
        self.problems.push(Problem::new(at, code));
    }

    /// Reads a record of this scope.
    pub fn record(&mut self, number: u32, pointer: &str, json: &Json) -> Record {
        let mut record = Record {
            scope: number,
            pointer: pointer.to_owned(),
            ..Record::default()
        };
        let ruleset = self.ruleset;
        if let Some(scope) = ruleset.form.scopes.get(number as usize) {
            if scope.scalar {
                self.slot(scope, 0, pointer, Some(json), &mut record);
            } else {
                self.group(scope, 0, pointer, Some(json), &mut record);
            }
        }
        record
    }

    /// Reads the members of a group out of an object.
    fn group(&mut self, scope: &Scope, group: u32, pointer: &str, json: Option<&Json>, record: &mut Record) {
        let Some(group) = scope.groups.get(group as usize) else {
            return;
        };
        let members = match json {
            Some(Json::Object(members)) => members.as_slice(),
            json if is_missing(json) => &[],
            _ => {
                self.problem(pointer, "wrong_type");
                &[]
            }
        };
        let mut seen = BTreeSet::new();
        for (key, _) in members {
            let known = group
                .members
                .iter()
                .any(|member| member_name(scope, *member) == key);
            if !seen.insert(key) {
                self.problem(&format!("{pointer}/{}", token(key)), "duplicate_key");
            } else if !known {
                self.problem(&format!("{pointer}/{}", token(key)), "unknown_key");
            }
        }
        for member in &group.members {
            let name = member_name(scope, *member);
            let given: Vec<&Json> = members
                .iter()
                .filter(|(key, _)| key == name)
                .map(|(_, value)| value)
                .collect();
            let below = format!("{pointer}/{}", token(name));
            if given.len() > 1 {
                continue;
            }
            match *member {
                Member::Group(inner) => self.group(scope, inner, &below, given.first().copied(), record),
                Member::Field(slot) => self.slot(scope, slot, &below, given.first().copied(), record),
            }
        }
    }

    /// Reads one value into its slot.
    fn slot(&mut self, scope: &Scope, slot: u32, pointer: &str, json: Option<&Json>, record: &mut Record) {
        let Some(field) = scope.fields.get(slot as usize) else {
            return;
        };
        let Some(json) = json.filter(|json| !is_missing(Some(json))) else {
            return;
        };
        match self.value(field, pointer, json) {
            Ok(Some(value)) => {
                record.values.insert(slot, value);
            }
            Ok(None) => {}
            Err(code) => {
                if !code.is_empty() {
                    self.problem(pointer, code);
                }
            }
        }
    }

    /// The value, `None` if it is missing after all, or the code of its problem (empty if that was reported already).
    fn value(&mut self, field: &Field, pointer: &str, json: &Json) -> Result<Option<Value>, &'static str> {
        // What no reader could take is wrong wherever it stands; the items of a list are read one by one.
        if !matches!((field.kind, json), (Kind::List(_), Json::List(_))) {
            let flaws = flaws(json, pointer);
            if !flaws.is_empty() {
                self.problems.extend(flaws);
                return Err("");
            }
        }
        let in_range = |number: f64| {
            let low = field.min.is_none_or(|min| number >= min);
            if low && field.max.is_none_or(|max| number <= max) {
                Ok(())
            } else {
                Err("out_of_range")
            }
        };
        let text = || json.text().ok_or("wrong_type");
        let value = match field.kind {
            Kind::Boolean => match json {
                Json::Bool(value) => Value::Bool(*value),
                _ => return Err("wrong_type"),
            },
            Kind::Integer => {
                let whole = |number: &f64| number.fract() == 0.0;
                let number = json.number().filter(whole).ok_or("wrong_type")?;
                in_range(number)?;
                Value::Number(Number::plain(number))
            }
            Kind::Number => {
                let number = json.number().ok_or("wrong_type")?;
                in_range(number)?;
                Value::Number(Number::plain(number))
            }
            Kind::Text => {
                let text = text()?;
                if text.chars().count() > field.max_length.unwrap_or(10_000) as usize {
                    return Err("too_long");
                }
                let pattern = field
                    .pattern
                    .and_then(|pattern| self.ruleset.patterns.get(pattern as usize));
                if pattern.is_some_and(|pattern| !matches(pattern, text)) {
                    return Err("pattern");
                }
                Value::Text(text.to_owned())
            }
            Kind::Choice => Value::Choice(self.option(field, text()?)?),
            Kind::Choices => {
                let Json::List(items) = json else {
                    return Err("wrong_type");
                };
                let mut set = BTreeSet::new();
                for item in items {
                    set.insert(self.option(field, item.text().ok_or("wrong_type")?)?);
                }
                count_fits(field, set.len())?;
                Value::Choices(set)
            }
            Kind::Date => {
                let date = Date::parse(text()?).map_err(|_| "bad_date")?;
                in_range(f64::from(date.days()))?;
                Value::Date(date)
            }
            Kind::DateTime => {
                let time = DateTime::parse(text()?).map_err(|_| "bad_date")?;
                in_range(time.millis() as f64)?;
                Value::DateTime(time)
            }
            Kind::Measure => {
                if !matches!(json, Json::Object(_)) {
                    return Err("wrong_type");
                }
                self.keys(pointer, json, &["value", "tolerance"]);
                let (value, tolerance) = (number(json.get("value"))?, number(json.get("tolerance"))?);
                let value = match (value, tolerance) {
                    (None, None) => return Ok(None),
                    (value, _) => value.ok_or("wrong_type")?,
                };
                let tolerance = tolerance.unwrap_or(0.0);
                in_range(value)?;
                if tolerance < 0.0 {
                    return Err("out_of_range");
                }
                Value::Number(Number {
                    value,
                    tolerance,
                    cause: None,
                })
            }
            Kind::Point => {
                if !matches!(json, Json::Object(_)) {
                    return Err("wrong_type");
                }
                self.keys(pointer, json, &["lng", "lat", "accuracy", "crs"]);
                let (lng, lat) = (number(json.get("lng"))?, number(json.get("lat"))?);
                let accuracy = number(json.get("accuracy"))?.unwrap_or(0.0);
                let place = match (lng, lat) {
                    (None, None) => return Ok(None),
                    (Some(lng), Some(lat)) => LngLat { lng, lat },
                    (Some(_), None) | (None, Some(_)) => return Err("wrong_type"),
                };
                if !place.is_valid() || accuracy < 0.0 {
                    return Err("out_of_range");
                }
                let crs = self.crs(field, json)?;
                Value::Place(Place {
                    polygons: vec![vec![vec![place]]],
                    point: true,
                    accuracy,
                    crs,
                })
            }
            Kind::Area => {
                if !matches!(json, Json::Object(_)) {
                    return Err("wrong_type");
                }
                self.keys(pointer, json, &["type", "coordinates", "crs", "bbox"]);
                if *json == Json::Object(Vec::new()) {
                    return Ok(None);
                }
                if json.get("type").and_then(Json::text).is_none()
                    || !matches!(json.get("coordinates"), Some(Json::List(_)))
                {
                    return Err("bad_area");
                }
                let crs = self.crs(field, json)?;
                let polygons = area(json).ok_or("bad_area")?;
                Area::new(polygons.clone()).map_err(|_| "bad_area")?;
                Value::Place(Place {
                    polygons,
                    point: false,
                    accuracy: 0.0,
                    crs,
                })
            }
            Kind::Attachment => match json {
                Json::Text(_) => Value::Attachment,
                Json::Object(members) if members.is_empty() => return Ok(None),
                Json::Object(_)
                    if !is_missing(json.get("id")) && json.get("id").and_then(Json::text).is_some() =>
                {
                    Value::Attachment
                }
                _ => return Err("wrong_type"),
            },
            Kind::Ref => Value::Text(text()?.to_owned()),
            Kind::List(scope) => {
                let Json::List(items) = json else {
                    return Err("wrong_type");
                };
                let mut records = Vec::new();
                for (at, item) in items.iter().enumerate() {
                    records.push(self.record(scope, &format!("{pointer}/{at}"), item));
                }
                count_fits(field, items.len())?;
                Value::List(records)
            }
        };
        Ok(Some(value))
    }

    /// Warns of keys that a value of many parts does not have.
    fn keys(&mut self, pointer: &str, json: &Json, known: &[&str]) {
        if let Json::Object(members) = json {
            for (key, _) in members.iter().filter(|(key, _)| !known.contains(&key.as_str())) {
                self.problem(&format!("{pointer}/{}", token(key)), "unknown_key");
            }
        }
    }

    fn option(&self, field: &Field, code: &str) -> Result<u32, &'static str> {
        let symbol = |option: &rules_core::form::Opt| self.ruleset.symbols.get(option.symbol as usize);
        let found = field
            .options
            .iter()
            .find(|option| symbol(option).is_some_and(|symbol| symbol == code));
        found.map(|option| option.symbol).ok_or("unknown_option")
    }

    fn crs(&self, field: &Field, json: &Json) -> Result<Crs, &'static str> {
        let given = json.get("crs");
        if is_missing(given) {
            return Err("no_crs");
        }
        let name = given.and_then(Json::text).ok_or("no_crs")?;
        let crs = Crs::from_name(name).ok_or("crs_not_allowed")?;
        if field.crs.is_empty() || field.crs.contains(&crs) {
            Ok(crs)
        } else {
            Err("crs_not_allowed")
        }
    }
}

/// The key of a table's row.
pub fn key_of<'a>(ruleset: &Ruleset, table: u32, row: &'a Record) -> Option<&'a str> {
    let TableKind::Rows { key: Some(key), .. } = ruleset.tables.get(table as usize)?.kind else {
        return None;
    };
    if let Value::Text(text) = row.values.get(&key)? {
        Some(text)
    } else {
        None
    }
}

fn member_name(scope: &Scope, member: Member) -> &str {
    match member {
        Member::Field(slot) => scope.fields.get(slot as usize).map_or("", |field| &field.name),
        Member::Group(group) => scope.groups.get(group as usize).map_or("", |group| &group.name),
    }
}

fn count_fits(field: &Field, count: usize) -> Result<(), &'static str> {
    if field.min_items.is_some_and(|min| count < min as usize) {
        Err("too_few")
    } else if field.max_items.is_some_and(|max| count > max as usize) {
        Err("too_many")
    } else {
        Ok(())
    }
}

/// What is wrong with JSON whatever it stands for.
fn flaws(json: &Json, pointer: &str) -> Vec<Problem> {
    match json {
        Json::Broken => vec![Problem::new(pointer, "lone_surrogate")],
        Json::Number(number) if number.is_infinite() => vec![Problem::new(pointer, "not_finite")],
        Json::Number(number) if number.abs() > MAX_SAFE => vec![Problem::new(pointer, "unsafe_integer")],
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => Vec::new(),
        Json::List(items) => {
            let item = |(at, item)| flaws(item, &format!("{pointer}/{at}"));
            items.iter().enumerate().flat_map(item).collect()
        }
        Json::Object(members) => {
            let mut seen = BTreeSet::new();
            let mut problems = Vec::new();
            for (key, value) in members {
                let below = format!("{pointer}/{}", token(key));
                problems.extend(flaws(value, &below));
                if !seen.insert(key) {
                    problems.push(Problem::new(&below, "duplicate_key"));
                }
            }
            problems
        }
    }
}

/// A number, or `None` if it is missing.
fn number(json: Option<&Json>) -> Result<Option<f64>, &'static str> {
    match json {
        json if is_missing(json) => Ok(None),
        Some(Json::Number(number)) => Ok(Some(*number)),
        _ => Err("wrong_type"),
    }
}

/// The polygons of a GeoJSON `Polygon` or `MultiPolygon`.
fn area(json: &Json) -> Option<Vec<Vec<Vec<LngLat>>>> {
    fn list<T>(json: &Json, each: impl Fn(&Json) -> Option<T>) -> Option<Vec<T>> {
        if let Json::List(items) = json {
            items.iter().map(each).collect()
        } else {
            None
        }
    }
    let position = |json: &Json| match json.items() {
        [Json::Number(lng), Json::Number(lat), ..] => Some(LngLat { lng: *lng, lat: *lat }),
        _ => None,
    };
    let polygon = |json: &Json| list(json, |ring| list(ring, position));
    let coordinates = json.get("coordinates")?;
    match json.get("type")?.text()? {
        "Polygon" => Some(vec![polygon(coordinates)?]),
        "MultiPolygon" => list(coordinates, polygon),
        _ => None,
    }
}
