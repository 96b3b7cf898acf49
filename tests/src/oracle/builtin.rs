//! The built-ins (language.md §2.3), one arm each.
//!
//! In: operands. Out: a value, or why there is none. Must not know: rules. Days, ages, places and identity numbers are the
//! domain's, which has witnesses of its own.

use super::expr::{Check, Frame};
use super::json::number_text;
use super::read::{key_of, matches};
use super::rule::fold;
use super::value::{Answer, Number, Place, Unknown, Value, both, settled};
use rules_compiler::hir::{Operand, Ruleset};
use rules_core::domain::age::{AgeRule, LeapRule, age_on, is_minor_on};
use rules_core::domain::calendar::{DayKind, WorkCalendar, WorkdayError};
use rules_core::domain::date::{Date, days_between, months_between};
use rules_core::domain::geo::{self, Area, Crs, LngLat};
use rules_core::domain::resident_id;
use rules_core::plan::{Op, TableKind};

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
        settled(self.one()).map(number)
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
pub fn call(check: &Check<'_>, op: Op, operands: &[Operand], frames: &[Frame]) -> Answer {
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
        Op::Known | Op::IsMissing => match settled(args.one()) {
            // A fault stays one, and no answer that is wanting would tell.
            Err(why) if why.is_fault() => Err(Unknown::new(&why.reason)),
            answer => Ok(Value::Bool(answer.is_ok() == (op == Op::Known))),
        },
        Op::Nth => {
            let [at, slot] = args.flags[..] else {
                unreachable!("an index and a slot")
            };
            match args.one()? {
                Value::List(items) => match items.get(at as usize) {
                    Some(item) => check.field(item, slot),
                    None => Err(Unknown::new("missing")),
                },
                Value::Rows(table, rows) => match rows.get(at as usize) {
                    Some((row, sure)) => Ok(Value::Row(table, *row, *sure)),
                    None => Err(Unknown::new("missing")),
                },
                other => unreachable!("item of {other:?}"),
            }
        }
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
            if a.tolerance > a.value.abs() {
                // The interval holds zero: nothing is nearer.
                let high = a.value.abs() + a.tolerance;
                return Ok(Value::Number(Number::between(0.0, high, None)));
            }
            Ok(Value::Number(Number {
                value: a.value.abs(),
                ..a
            }))
        }
        Op::Round => {
            let number = args.number()?;
            let value = half_away(number.value, args.flag());
            if !value.is_finite() {
                return Err(fault("overflow"));
            }
            // Rounding may move an interval's ends by half of the last digit.
            let half = 0.5 / power(args.flag());
            let tolerance = if number.tolerance > 0.0 {
                number.tolerance + half
            } else {
                0.0
            };
            Ok(Value::Number(Number {
                value,
                tolerance,
                cause: None,
            }))
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
            Value::Rows(_, rows) => {
                let sure = rows.iter().filter(|(_, sure)| *sure).count();
                let open = (sure < rows.len()).then(|| Unknown::new("too_close"));
                let count = Number::between(sure as f64, rows.len() as f64, open);
                return Ok(Value::Number(count));
            }
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
            let (near, accuracy) = distances(check, table, args.one())?;
            let nearest = near
                .iter()
                .copied()
                .reduce(|best, next| if next.1 < best.1 { next } else { best });
            let (row, least) = nearest.ok_or_else(|| Unknown::new("missing"))?;
            // Where the place may be so much nearer to another row, it may be that one.
            let rivals = near
                .iter()
                .filter(|(_, metres)| *metres <= least + 2.0 * accuracy);
            Ok(Value::Row(table, row, accuracy == 0.0 || rivals.count() == 1))
        }
        Op::Within => {
            let table = args.flag();
            let metres = settled(
                args.answers
                    .get(1)
                    .cloned()
                    .unwrap_or_else(|| unreachable!("metres")),
            );
            let (near, metres) = match (distances(check, table, args.one()), metres) {
                (Ok(near), Ok(metres)) => (near, number(metres)),
                (Err(a), Err(b)) => return Err(a.meet(b)),
                (Err(why), Ok(_)) | (Ok(_), Err(why)) => return Err(why),
            };
            let (mut near, accuracy) = near;
            near.retain(|(_, distance)| *distance <= metres.high() + accuracy);
            near.sort_by(|a, b| a.1.total_cmp(&b.1));
            let sure = |distance: f64| distance <= metres.low() - accuracy;
            let rows = near.into_iter().map(|(row, distance)| (row, sure(distance)));
            Ok(Value::Rows(table, rows.collect()))
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
            row.map(|row| Value::Row(table, row, true))
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
    Ok(match both(settled(a), settled(b))? {
        (Value::Number(a), Value::Number(b)) => {
            let end = |x: f64, y: f64| if smaller { x.min(y) } else { x.max(y) };
            if a.tolerance == 0.0 && b.tolerance == 0.0 {
                return Ok(Value::Number(Number::plain(end(a.value, b.value))));
            }
            Value::Number(Number::between(
                end(a.low(), b.low()),
                end(a.high(), b.high()),
                None,
            ))
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
        let mut joined: Result<String, Unknown> = Ok(String::new());
        for part in self {
            joined = match (joined, part.map(&text)) {
                (Ok(joined), Ok(part)) => Ok(joined + part.as_str()),
                (Err(a), Err(b)) => Err(a.meet(b)),
                (Err(why), Ok(_)) | (Ok(_), Err(why)) => Err(why),
            };
        }
        joined
    }
}

/// The double `x·10^digits` rounded half away from zero, divided by `10^digits`.
pub fn half_away(value: f64, digits: u32) -> f64 {
    // `f64::round` rounds half away from zero. No negative zero: a report has none.
    (value * power(digits)).round() / power(digits) + 0.0
}

fn power(digits: u32) -> f64 {
    format!("1e{digits}").parse().unwrap_or(f64::NAN)
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

/// CGCS2000 is WGS-84 to within a few centimetres.
fn family(crs: Crs) -> Crs {
    if crs == Crs::Cgcs2000 { Crs::Wgs84 } else { crs }
}

/// Metres between two places of one coordinate system.
fn distance(a: &Place, b: &Place) -> Result<f64, Unknown> {
    if family(a.crs) != family(b.crs) {
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

/// Rows with their distances.
type Near = Vec<(usize, f64)>;

/// The rows of a table that have a place, with their distances in WGS-84, whatever system each came in; and how exact the place is.
fn distances(check: &Check<'_>, table: u32, from: Answer) -> Result<(Near, f64), Unknown> {
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
    let in_wgs84 = |place: &Place| Place {
        polygons: in_wgs84(place),
        crs: Crs::Wgs84,
        ..place.clone()
    };
    let mut near = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        if let Some(Value::Place(place)) = row.values.get(&slot) {
            near.push((number, distance(&in_wgs84(&from), &in_wgs84(place))?));
        }
    }
    Ok((near, from.accuracy))
}
