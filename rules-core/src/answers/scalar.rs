//! Texts and numbers to values: the constraints of a field.

use super::{ProblemCode, ordinal};
use crate::domain::date::{Date, DateTime};
use crate::domain::geo::{Area, Crs, LngLat};
use crate::form::{Field, Kind};
use crate::json::{Json, Peek, Reader};
use crate::plan::Plan;
use crate::value::{Home, Point, Region, Store, V};
use alloc::borrow::Cow;
use alloc::vec::Vec;

type Scalar = Result<V, ProblemCode>;

/// Characters of a text field that says nothing else.
pub const MAX_LENGTH: u32 = 10_000;

/// Reads a text given for a field into a slot. Blank text is missing.
#[inline]
pub fn text(
    plan: &Plan,
    field: &Field,
    store: &mut Store,
    slot: usize,
    text: &str,
) -> Result<(), ProblemCode> {
    let value = match field.kind {
        Kind::Text | Kind::Ref => {
            if is_blank(text) {
                V::MISSING
            } else {
                fits(plan, field, text)?;
                store.keep(Home::Answers, text)
            }
        }
        Kind::Choice => match option(plan, field, text) {
            Ok((_, symbol)) => V::Choice(symbol),
            Err(code) => blank(text, code)?,
        },
        Kind::Date => match Date::parse(text) {
            Ok(date) => in_range(field, V::Date(date))?,
            Err(_) => blank(text, ProblemCode::BadDate)?,
        },
        Kind::DateTime => match DateTime::parse(text) {
            Ok(at) => in_range(field, V::DateTime(at))?,
            Err(_) => blank(text, ProblemCode::BadDate)?,
        },
        Kind::Attachment if is_blank(text) => V::MISSING,
        Kind::Attachment => V::File,
        Kind::Boolean
        | Kind::Integer
        | Kind::Number
        | Kind::Choices
        | Kind::Measure
        | Kind::Point
        | Kind::Area
        | Kind::List(_) => blank(text, ProblemCode::WrongType)?,
    };
    if let Some(place) = store.values.get_mut(slot) {
        *place = value;
    }
    Ok(())
}

/// Checks the length and the form of a text.
fn fits(plan: &Plan, field: &Field, text: &str) -> Result<(), ProblemCode> {
    let most = field.max_length.unwrap_or(MAX_LENGTH) as usize;
    if text.len() > most && text.chars().count() > most {
        return Err(ProblemCode::TooLong);
    }
    match field.pattern.and_then(|p| plan.patterns.get(p as usize)) {
        Some(pattern) if !pattern.matches(text) => Err(ProblemCode::Pattern),
        _ => Ok(()),
    }
}

fn is_blank(text: &str) -> bool {
    // Most answers begin with something visible.
    !text.bytes().next().is_some_and(|byte| byte > b' ' && byte < 0x80) && text.trim().is_empty()
}

fn blank(text: &str, code: ProblemCode) -> Scalar {
    if is_blank(text) { Ok(V::MISSING) } else { Err(code) }
}

/// The position of an option in its field and its symbol.
pub fn option(plan: &Plan, field: &Field, code: &str) -> Result<(u32, u32), ProblemCode> {
    field
        .options
        .iter()
        .position(|option| {
            plan.symbols
                .get(option.symbol as usize)
                .is_some_and(|symbol| symbol == code)
        })
        .and_then(|i| field.options.get(i).map(|option| (i as u32, option.symbol)))
        .ok_or(ProblemCode::UnknownOption)
}

/// Checks a number given for a field.
#[inline]
pub fn number(field: &Field, value: f64) -> Result<(), ProblemCode> {
    match field.kind {
        Kind::Number => within(field, value),
        Kind::Integer if libm::trunc(value) == value => within(field, value),
        _ => Err(ProblemCode::WrongType),
    }
}

#[inline]
fn within(field: &Field, at: f64) -> Result<(), ProblemCode> {
    if field.min.is_some_and(|min| at < min) || field.max.is_some_and(|max| at > max) {
        Err(ProblemCode::OutOfRange)
    } else {
        Ok(())
    }
}

/// Keeps a value within `min` and `max`.
#[inline]
pub fn in_range(field: &Field, value: V) -> Scalar {
    match ordinal(value) {
        Some(at) => within(field, at).map(|()| value),
        None => Ok(value),
    }
}

/// A measure, point, area, set or file given as a tree. Unknown keys are told to `unknown`.
pub fn tree(
    plan: &Plan,
    field: &Field,
    store: &mut Store,
    value: &Json,
    unknown: &mut dyn FnMut(&str),
) -> Scalar {
    match (field.kind, value) {
        (Kind::Measure, Json::Obj(members)) => {
            let mut parts = [None; 2];
            numbers(members, MEASURE, &mut parts, &[], unknown)?;
            measured(field, parts)
        }
        (Kind::Point, Json::Obj(members)) => {
            let mut parts = [None; 3];
            numbers(members, POINT, &mut parts, &["crs"], unknown)?;
            match located(parts)? {
                Some((at, accuracy)) => {
                    let crs = crs(field, value)?;
                    store.points.push(Point { at, accuracy, crs });
                    Ok(V::Point(Home::Answers, store.points.len() as u32 - 1))
                }
                None => Ok(V::MISSING),
            }
        }
        (Kind::Area, Json::Obj(members)) => {
            for (key, _) in members {
                if !matches!(key.as_str(), "type" | "coordinates" | "crs" | "bbox") {
                    unknown(key);
                }
            }
            let shape = value.get("type").and_then(Json::as_str);
            let coordinates = value.get("coordinates").and_then(Json::as_arr);
            let (Some(shape), Some(coordinates)) = (shape, coordinates) else {
                return if members.is_empty() {
                    Ok(V::MISSING)
                } else {
                    Err(ProblemCode::BadArea)
                };
            };
            let crs = crs(field, value)?;
            let polygons = match shape {
                "Polygon" => polygon(coordinates, crs).map(|polygon| Vec::from([polygon])),
                "MultiPolygon" => coordinates
                    .iter()
                    .map(|p| p.as_arr().and_then(|rings| polygon(rings, crs)))
                    .collect(),
                _ => None,
            };
            let area = polygons
                .and_then(|polygons| Area::new(polygons).ok())
                .ok_or(ProblemCode::BadArea)?;
            store.areas.push(Region { area, crs });
            Ok(V::Area(Home::Answers, store.areas.len() as u32 - 1))
        }
        (Kind::Choices, Json::Arr(items)) => {
            let mut set = 0u64;
            for item in items {
                let code = item.as_str().ok_or(ProblemCode::WrongType)?;
                set |= 1u64.checked_shl(option(plan, field, code)?.0).unwrap_or(0);
            }
            in_count(field, set.count_ones()).map(|()| V::Set(set))
        }
        (Kind::Attachment, Json::Obj(members)) if members.is_empty() => Ok(V::MISSING),
        (Kind::Attachment, Json::Obj(_)) => match value.get("id").and_then(Json::as_str) {
            Some(id) if !is_blank(id) => Ok(V::File),
            _ => Err(ProblemCode::WrongType),
        },
        _ => Err(ProblemCode::WrongType),
    }
}

const MEASURE: [&str; 2] = ["value", "tolerance"];
const POINT: [&str; 3] = ["lng", "lat", "accuracy"];

fn measured(field: &Field, parts: [Option<f64>; 2]) -> Scalar {
    match parts {
        [None, None] => Ok(V::MISSING),
        [None, Some(_)] => Err(ProblemCode::WrongType),
        [Some(value), tolerance] => {
            let tolerance = tolerance.unwrap_or(0.0);
            if tolerance < 0.0 {
                return Err(ProblemCode::OutOfRange);
            }
            in_range(field, measure(value, tolerance))
        }
    }
}

/// Where a point is and how accurately.
fn located([lng, lat, accuracy]: [Option<f64>; 3]) -> Result<Option<(LngLat, f64)>, ProblemCode> {
    let (at, accuracy) = match (lng, lat) {
        (None, None) => return Ok(None),
        (Some(lng), Some(lat)) => (LngLat { lng, lat }, accuracy.unwrap_or(0.0)),
        (Some(_), None) | (None, Some(_)) => return Err(ProblemCode::WrongType),
    };
    if !at.is_valid() || accuracy < 0.0 {
        return Err(ProblemCode::OutOfRange);
    }
    Ok(Some((at, accuracy)))
}

/// Reads a measure, point, set or file in its usual form. `None` for anything else: what is wrong with it, `tree` tells.
pub fn plain(plan: &Plan, field: &Field, store: &mut Store, reader: &mut Reader<'_>) -> Option<V> {
    let open = if field.kind == Kind::Choices {
        Peek::Arr
    } else {
        Peek::Obj
    };
    if reader.peek().ok()? != open {
        return None;
    }
    reader.enter().ok()?;
    let mut first = true;
    if field.kind == Kind::Choices {
        let mut set = 0u64;
        while reader.more(core::mem::take(&mut first), b']').ok()? {
            set |= 1u64.checked_shl(option(plan, field, reader.plain_string()?).ok()?.0)?;
        }
        return in_count(field, set.count_ones()).is_ok().then_some(V::Set(set));
    }
    let mut parts = [None; 3];
    let mut named = None;
    let mut seen = [""; 4];
    let names: &[&str] = if field.kind == Kind::Measure {
        &MEASURE
    } else {
        &POINT
    };
    let mut count = 0;
    while reader.more(core::mem::take(&mut first), b'}').ok()? {
        let Cow::Borrowed(key) = reader.key().ok()? else {
            return None;
        };
        if seen.contains(&key) {
            return None;
        }
        *seen.get_mut(count)? = key;
        count += 1;
        match field.kind {
            Kind::Attachment => {
                let text = reader.plain_string()?;
                if key == "id" && !is_blank(text) {
                    named = Some(text);
                }
            }
            Kind::Point if key == "crs" => named = Some(reader.plain_string()?),
            Kind::Point | Kind::Measure => {
                let part = parts.get_mut(names.iter().position(|name| *name == key)?)?;
                if reader.peek().ok()? != Peek::Num {
                    return None;
                }
                let number = reader.number().ok()?;
                if number.flaw.is_some() {
                    return None;
                }
                *part = Some(number.value);
            }
            _ => return None,
        }
    }
    match field.kind {
        Kind::Attachment => named.map(|_| V::File),
        Kind::Measure => measured(field, [parts[0], parts[1]]).ok(),
        Kind::Point => {
            let (at, accuracy) = located(parts).ok()??;
            let crs = Crs::from_name(named?)?;
            if !field.crs.is_empty() && !field.crs.contains(&crs) {
                return None;
            }
            store.points.push(Point { at, accuracy, crs });
            Some(V::Point(Home::Answers, store.points.len() as u32 - 1))
        }
        _ => None,
    }
}

/// Checks a number of items.
pub fn in_count(field: &Field, count: u32) -> Result<(), ProblemCode> {
    if field.min_items.is_some_and(|min| count < min) {
        Err(ProblemCode::TooFew)
    } else if field.max_items.is_some_and(|max| count > max) {
        Err(ProblemCode::TooMany)
    } else {
        Ok(())
    }
}

/// A measure: a plain number where the tolerance is zero.
pub fn measure(value: f64, tolerance: f64) -> V {
    if tolerance > 0.0 {
        V::Measure(value, tolerance)
    } else {
        V::Num(value)
    }
}

fn numbers<const N: usize>(
    members: &[(alloc::string::String, Json)],
    names: [&str; N],
    parts: &mut [Option<f64>; N],
    others: &[&str],
    unknown: &mut dyn FnMut(&str),
) -> Result<(), ProblemCode> {
    let mut done = Ok(());
    for (key, value) in members {
        if let Some(part) = names
            .iter()
            .position(|name| name == key)
            .and_then(|i| parts.get_mut(i))
        {
            match value {
                Json::Num(value) => *part = Some(*value),
                Json::Null => {}
                Json::Str(text) if is_blank(text) => {}
                // The keys that follow are still looked at: their order means nothing.
                Json::Bool(_) | Json::Str(_) | Json::Arr(_) | Json::Obj(_) => {
                    done = Err(ProblemCode::WrongType);
                }
            }
        } else if !others.contains(&key.as_str()) {
            unknown(key);
        }
    }
    done
}

fn crs(field: &Field, value: &Json) -> Result<Crs, ProblemCode> {
    let crs = match value.get("crs") {
        None | Some(Json::Null) => return Err(ProblemCode::NoCrs),
        Some(Json::Str(name)) if is_blank(name) => return Err(ProblemCode::NoCrs),
        Some(Json::Str(name)) => Crs::from_name(name).ok_or(ProblemCode::CrsNotAllowed)?,
        Some(Json::Bool(_) | Json::Num(_) | Json::Arr(_) | Json::Obj(_)) => return Err(ProblemCode::NoCrs),
    };
    if field.crs.is_empty() || field.crs.contains(&crs) {
        Ok(crs)
    } else {
        Err(ProblemCode::CrsNotAllowed)
    }
}

fn polygon(rings: &[Json], crs: Crs) -> Option<Vec<Vec<LngLat>>> {
    rings
        .iter()
        .map(|ring| {
            ring.as_arr()?
                .iter()
                .map(|position| {
                    let [lng, lat, ..] = position.as_arr()? else {
                        return None;
                    };
                    let at = LngLat {
                        lng: lng.as_num()?,
                        lat: lat.as_num()?,
                    };
                    Some(crate::domain::geo::to_wgs84(at, crs))
                })
                .collect()
        })
        .collect()
}
