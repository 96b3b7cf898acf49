//! The built-ins (language.md §2.3), one arm each.
//!
//! In: operands. Out: a value, or why there is none. Must not know: rules. Days, ages, places and identity numbers are the
//! domain's, which has witnesses of its own.

use super::expr::{Check, Frame};
use super::json::number_text;
use super::read::{key_of, matches};
use super::rule::fold;
use super::value::{Answer, Number, Place, Unknown, Value, both};
use rules_compiler::hir::{Expr, Operand, Ruleset, Ty};
use rules_core::domain::age::{AgeRule, LeapRule, age_on, is_minor_on};
use rules_core::domain::calendar::{DayKind, WorkCalendar, WorkdayError};
use rules_core::domain::date::{Date, days_between, months_between};
use rules_core::domain::geo::{self, Area, Crs, LngLat};
use rules_core::domain::resident_id;
use rules_core::plan::{Op, TableKind};

const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

/// Text longer than this is a fault.
const TEXT_BYTES: usize = 64 << 10;

/// The operands of a call: all expressions evaluated, in order, and the flags.
struct Args {
    answers: Vec<Answer>,
    flags: Vec<u32>,
}

impl Args {
    fn flag(&self) -> u32 {
        self.flags.first().copied().unwrap_or(0)
    }

    fn one(&self) -> Answer {
        self.answers
            .first()
            .cloned()
            .unwrap_or_else(|| unreachable!("an operand"))
    }

    fn two(&self) -> Result<(Value, Value), Unknown> {
        both(
            self.one(),
            self.answers
                .get(1)
                .cloned()
                .unwrap_or_else(|| unreachable!("two operands")),
        )
    }

    fn number(&self) -> Result<Number, Unknown> {
        self.one().map(number)
    }

    fn text(&self) -> Result<String, Unknown> {
        self.one().map(text)
    }

    fn date(&self) -> Result<Date, Unknown> {
        self.one().map(date)
    }

    fn dates(&self) -> Result<(Date, Date), Unknown> {
        self.two().map(|(a, b)| (date(a), date(b)))
    }
}

fn number(value: Value) -> Number {
    if let Value::Number(number) = value {
        number
    } else {
        unreachable!("not a number: {value:?}")
    }
}

fn text(value: Value) -> String {
    if let Value::Text(text) = value {
        text
    } else {
        unreachable!("not a text: {value:?}")
    }
}

fn date(value: Value) -> Date {
    if let Value::Date(date) = value {
        date
    } else {
        unreachable!("not a date: {value:?}")
    }
}

fn place(value: Value) -> Place {
    if let Value::Place(place) = value {
        place
    } else {
        unreachable!("not a place: {value:?}")
    }
}

/// A number where an interval is of no use.
fn plain(number: Number) -> Result<f64, Unknown> {
    if number.tolerance == 0.0 {
        Ok(number.value)
    } else {
        Err(number.vague(&Number::plain(0.0)))
    }
}

fn found(value: f64) -> Answer {
    Ok(Value::Number(Number::plain(value)))
}

fn fault(code: &str) -> Unknown {
    Unknown::new(code)
}

/// Calls a built-in.
pub fn call(check: &Check<'_>, op: Op, expr: &Expr, operands: &[Operand], frames: &[Frame]) -> Answer {
    let mut args = Args {
        answers: Vec::new(),
        flags: Vec::new(),
    };
    for operand in operands {
        match operand {
            Operand::Expr(expr) => args.answers.push(check.eval(expr, frames)),
            Operand::Number(number) => args.flags.push(*number),
        }
    }
    let ruleset = check.ruleset;
    match op {
        Op::Known => Ok(Value::Bool(args.one().is_ok())),
        Op::IsMissing => Ok(Value::Bool(args.one().is_err_and(|why| !why.is_fault()))),
        Op::ListHas => match args.two() {
            Ok((Value::List(items), wanted)) => {
                let has = |item| super::expr::equal(check.field(item, 0), Ok(wanted.clone()));
                fold(false, items.iter().map(has)).map(Value::Bool)
            }
            Err(why) => Err(why),
            Ok(other) => unreachable!("{op:?} of {other:?}"),
        },
        Op::Neg => {
            let a = args.number()?;
            Ok(Value::Number(Number { value: -a.value, ..a }))
        }
        Op::Abs => {
            let a = args.number()?;
            Ok(Value::Number(Number {
                value: a.value.abs(),
                ..a
            }))
        }
        Op::Round => {
            let rounded = half_away(plain(args.number()?)?, args.flag());
            if !rounded.is_finite() || (matches!(expr.ty, Ty::Int(_)) && rounded.abs() > MAX_SAFE) {
                return Err(fault("overflow"));
            }
            found(rounded)
        }
        Op::Ratio => {
            let (part, whole) = args.two()?;
            let (part, whole) = (plain(number(part))?, plain(number(whole))?);
            if whole == 0.0 {
                Err(fault("division_by_zero"))
            } else if part > whole || part < 0.0 || whole < 0.0 {
                Err(Unknown::new("conflict"))
            } else {
                found(part / whole)
            }
        }
        Op::Min2 | Op::Max2 => {
            let (a, b) = args.two()?;
            extreme(op == Op::Min2, Ok(a), Ok(b))
        }
        Op::Len => found(match args.one()? {
            Value::Text(text) => text.chars().count(),
            Value::List(items) => items.len(),
            Value::Choices(set) => set.len(),
            Value::Rows(_, rows) => rows.len(),
            other => unreachable!("length of {other:?}"),
        } as f64),
        Op::TextHas | Op::StartsWith | Op::EndsWith => {
            let (a, b) = args.two()?;
            let (a, b) = (text(a), text(b));
            Ok(Value::Bool(match op {
                Op::TextHas => a.contains(&b),
                Op::StartsWith => a.starts_with(&b),
                _ => a.ends_with(&b),
            }))
        }
        Op::Lower => Ok(Value::Text(args.text()?.to_ascii_lowercase())),
        Op::Trim => Ok(Value::Text(args.text()?.trim().to_owned())),
        Op::Matches => {
            let text = args.text()?;
            let pattern = ruleset.patterns.get(args.flag() as usize);
            Ok(Value::Bool(
                pattern.is_some_and(|pattern| matches(pattern, &text)),
            ))
        }
        Op::DateOf => match args.one()? {
            Value::DateTime(time) => Ok(Value::Date(time.date())),
            other => unreachable!("date of {other:?}"),
        },
        Op::DatePart => {
            let (day, minutes) = match args.one()? {
                Value::Date(day) => (day, 0),
                Value::DateTime(time) => (time.date(), time.minute_of_day()),
                other => unreachable!("part of {other:?}"),
            };
            let (year, month, of_month) = day.ymd();
            found(match args.flag() {
                0 => f64::from(year),
                1 => f64::from(month),
                2 => f64::from(of_month),
                3 => f64::from(day.weekday()),
                4 => f64::from(minutes / 60),
                _ => f64::from(minutes % 60),
            })
        }
        Op::DaysBetween => args.dates().and_then(|(a, b)| found(days_between(a, b) as f64)),
        Op::MonthsBetween => args.dates().and_then(|(a, b)| found(months_between(a, b) as f64)),
        Op::AddDays | Op::AddMonths => {
            let (day, count) = args.two()?;
            let (day, count) = (date(day), plain(number(count))? as i64);
            let moved = if op == Op::AddDays {
                day.add_days(count)
            } else {
                day.add_months(count)
            };
            moved.map(Value::Date).ok_or_else(|| fault("overflow"))
        }
        Op::AddWorkdays => {
            let (day, count) = args.two()?;
            let (day, count) = (date(day), plain(number(count))? as i64);
            workdays(calendar(check, args.flag())?.add_workdays(day, count)).map(Value::Date)
        }
        Op::WorkdaysBetween => {
            let calendar = calendar(check, args.flag());
            let (a, b) = args.dates()?;
            found(workdays(calendar?.workdays_between(a, b))? as f64)
        }
        Op::IsWorkday => {
            let day = args.date()?;
            match calendar(check, args.flag())?.day_kind(day) {
                DayKind::Workday => Ok(Value::Bool(true)),
                DayKind::DayOff => Ok(Value::Bool(false)),
                DayKind::Unknown => Err(Unknown::new("out_of_period")),
            }
        }
        Op::NextWorkday => {
            let day = args.date()?;
            workdays(calendar(check, args.flag())?.next_workday_on_or_after(day)).map(Value::Date)
        }
        Op::AgeOn | Op::MinorOn => {
            let (birth, day) = args.dates()?;
            let rule = if args.flag() == 1 {
                AgeRule::Birthday
            } else {
                AgeRule::DayAfter
            };
            let (age, minor) = (
                age_on(birth, day, rule, LeapRule::default()),
                is_minor_on(birth, day, rule, LeapRule::default()),
            );
            match (age, minor) {
                (Ok(age), Ok(_)) if op == Op::AgeOn => found(f64::from(age)),
                (_, Ok(minor)) => Ok(Value::Bool(minor)),
                (_, Err(_)) => Err(Unknown::new("conflict")),
            }
        }
        Op::Distance => {
            let (a, b) = args.two()?;
            let (a, b) = (place(a), place(b));
            let value = distance(&a, &b)?;
            Ok(Value::Number(Number {
                value,
                tolerance: a.accuracy + b.accuracy,
                cause: None,
            }))
        }
        Op::ToWgs84 => {
            let place = place(args.one()?);
            Ok(Value::Place(Place {
                polygons: in_wgs84(&place),
                crs: Crs::Wgs84,
                ..place
            }))
        }
        Op::Nearest => {
            let table = args.flag();
            let near = distances(check, table, args.one())?;
            let nearest = near
                .into_iter()
                .reduce(|best, next| if next.1 < best.1 { next } else { best });
            nearest
                .map(|(row, _)| Value::Row(table, row))
                .ok_or_else(|| Unknown::new("missing"))
        }
        Op::Within => {
            let table = args.flag();
            let (from, metres) = args.two()?;
            let metres = plain(number(metres))?;
            let mut near = distances(check, table, Ok(from))?;
            near.retain(|(_, distance)| *distance <= metres);
            near.sort_by(|a, b| a.1.total_cmp(&b.1));
            Ok(Value::Rows(table, near.into_iter().map(|(row, _)| row).collect()))
        }
        Op::Lookup => {
            let table = args.flag();
            let key = text(args.one()?);
            let rows = check
                .tables
                .rows(ruleset, table)
                .ok_or_else(|| Unknown::new("missing"))?;
            let row = rows
                .iter()
                .position(|row| key_of(ruleset, table, row) == Some(&key));
            row.map(|row| Value::Row(table, row))
                .ok_or_else(|| Unknown::new("missing"))
        }
        Op::ResidentIdOk => Ok(Value::Bool(resident_id::parse(&args.text()?).is_ok())),
        Op::BirthOfId => match resident_id::parse(&args.text()?) {
            Ok(id) => Ok(Value::Date(id.birth)),
            Err(_) => Err(Unknown::new("conflict")),
        },
        other => unreachable!("{other:?} is no built-in"),
    }
}

/// The smaller or the greater of two.
pub fn extreme(smaller: bool, a: Answer, b: Answer) -> Answer {
    Ok(match both(a, b)? {
        (Value::Number(a), Value::Number(b)) => {
            let cause = a.cause.as_ref().or(b.cause.as_ref()).map(|_| a.vague(&b));
            let end = |x: f64, y: f64| if smaller { x.min(y) } else { x.max(y) };
            let number = Number::between(end(a.low(), b.low()), end(a.high(), b.high()), None);
            Value::Number(Number {
                cause: cause.filter(|_| number.tolerance != 0.0),
                ..number
            })
        }
        (Value::Date(a), Value::Date(b)) => Value::Date(if smaller { a.min(b) } else { a.max(b) }),
        (Value::DateTime(a), Value::DateTime(b)) => {
            Value::DateTime(if smaller { a.min(b) } else { a.max(b) })
        }
        other => unreachable!("extreme of {other:?}"),
    })
}

/// The joined texts.
pub fn concat(ruleset: &Ruleset, parts: Vec<Answer>) -> Answer {
    let joined = parts.into_iter().try_fold_all(|value| match value {
        Value::Text(text) => text,
        Value::Number(number) => number_text(number.value),
        Value::Bool(value) => value.to_string(),
        Value::Date(date) => date.to_string(),
        Value::DateTime(time) => time.to_string(),
        Value::Choice(symbol) => ruleset.symbols.get(symbol as usize).cloned().unwrap_or_default(),
        other => unreachable!("text of {other:?}"),
    })?;
    if joined.len() > TEXT_BYTES {
        Err(fault("text_limit"))
    } else {
        Ok(Value::Text(joined))
    }
}

trait FoldAll {
    fn try_fold_all(self, text: impl Fn(Value) -> String) -> Result<String, Unknown>;
}

impl<I: Iterator<Item = Answer>> FoldAll for I {
    /// Every part counts: all unknowns meet before the text is given up.
    fn try_fold_all(self, text: impl Fn(Value) -> String) -> Result<String, Unknown> {
        self.fold(Ok(String::new()), |joined, part| {
            match (joined, part.map(&text)) {
                (Ok(joined), Ok(part)) => Ok(joined + part.as_str()),
                (Err(a), Err(b)) => Err(a.meet(b)),
                (Err(why), Ok(_)) | (Ok(_), Err(why)) => Err(why),
            }
        })
    }
}

/// Rounds the exact decimal expansion of a double, half away from zero.
pub fn half_away(value: f64, digits: u32) -> f64 {
    // A double has at most 1,074 decimals, so this text is exact.
    let exact = format!("{:.1100}", value.abs());
    let (whole, decimals) = exact.split_once('.').unwrap_or((&exact, ""));
    let (kept, rest) = decimals
        .split_at_checked(digits as usize)
        .unwrap_or((decimals, ""));
    let mut figures: Vec<u8> = whole.bytes().chain(kept.bytes()).collect();
    if rest.bytes().next().is_some_and(|first| first >= b'5') {
        let mut carry = true;
        for figure in figures.iter_mut().rev() {
            if carry {
                carry = *figure == b'9';
                *figure = if carry { b'0' } else { *figure + 1 };
            }
        }
        if carry {
            figures.insert(0, b'1');
        }
    }
    let figures = String::from_utf8_lossy(&figures);
    let (whole, kept) = figures.split_at(figures.len() - kept.len());
    let rounded: f64 = format!("{whole}.{kept}0").parse().unwrap_or(f64::NAN);
    if value < 0.0 { -rounded + 0.0 } else { rounded }
}

fn calendar<'a>(check: &'a Check<'_>, table: u32) -> Result<&'a WorkCalendar, Unknown> {
    check
        .tables
        .calendar(check.ruleset, table)
        .ok_or_else(|| Unknown::new("missing"))
}

fn workdays<T>(found: Result<T, WorkdayError>) -> Result<T, Unknown> {
    found.map_err(|error| match error {
        WorkdayError::UnknownYear { .. } => Unknown::new("out_of_period"),
        WorkdayError::TooMany { .. } => fault("overflow"),
    })
}

fn in_wgs84(place: &Place) -> Vec<Vec<Vec<LngLat>>> {
    let convert = |position: &LngLat| geo::to_wgs84(*position, place.crs);
    let rings = |rings: &Vec<Vec<LngLat>>| {
        rings
            .iter()
            .map(|ring| ring.iter().map(convert).collect())
            .collect()
    };
    place.polygons.iter().map(rings).collect()
}

/// Metres between two places of one coordinate system.
fn distance(a: &Place, b: &Place) -> Result<f64, Unknown> {
    if a.crs != b.crs {
        return Err(fault("crs_mixed"));
    }
    let point = |place: &Place| {
        in_wgs84(place)
            .into_iter()
            .flatten()
            .flatten()
            .next()
            .unwrap_or_default()
    };
    let area = |place: &Place| Area::new(in_wgs84(place)).unwrap_or_else(|fault| unreachable!("{fault:?}"));
    Ok(match (a.point, b.point) {
        (true, true) => geo::inverse(point(a), point(b)),
        (true, false) => geo::distance_point_area(point(a), &area(b)),
        (false, true) => geo::distance_point_area(point(b), &area(a)),
        (false, false) => geo::distance_area_area(&area(a), &area(b)),
    })
}

/// The rows of a table that have a place, with their distances.
fn distances(check: &Check<'_>, table: u32, from: Answer) -> Result<Vec<(usize, f64)>, Unknown> {
    let rows = check
        .tables
        .rows(check.ruleset, table)
        .map(<[_]>::to_vec)
        .ok_or_else(|| Unknown::new("missing"));
    let slot = match check.ruleset.tables.get(table as usize).map(|table| &table.kind) {
        Some(TableKind::Rows {
            place: Some(slot), ..
        }) => *slot,
        other => unreachable!("no places in {other:?}"),
    };
    let (rows, from) = match (rows, from) {
        (Ok(rows), Ok(from)) => (rows, place(from)),
        (Err(a), Err(b)) => return Err(a.meet(b)),
        (Err(why), Ok(_)) | (Ok(_), Err(why)) => return Err(why),
    };
    let mut near = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        if let Some(Value::Place(place)) = row.values.get(&slot) {
            near.push((number, distance(&from, place)?));
        }
    }
    Ok(near)
}
