//! Built-ins of texts, sets, dates, people and functions. Each takes known operands; unknown ones meet in `known`.

use super::{Arg, Eval, Returned};
use crate::domain::age::{AgeRule, LeapRule, age_on, is_minor_on};
use crate::domain::calendar::{DayKind, WorkCalendar, WorkdayError};
use crate::domain::date::{self, Date};
use crate::domain::resident_id;
use crate::json::write_number;
use crate::plan::{Node, NodeId, Op};
use crate::tables::Content;
use crate::truth::{Fault, Truth, Why};
use crate::value::V;
use alloc::string::String;
use alloc::vec::Vec;

/// An early answer: unknown or a fault.
type Early = Result<V, V>;

impl<'a> Eval<'a> {
    /// A built-in of this family.
    pub(super) fn builtin(&mut self, op: Op, a: u32, b: u32, c: u32) -> V {
        match self.try_builtin(op, a, b, c) {
            Ok(value) | Err(value) => value,
        }
    }

    fn try_builtin(&mut self, op: Op, a: u32, b: u32, c: u32) -> Early {
        match op {
            Op::HasOption => match self.value(a) {
                V::Set(set) => Ok(V::Bool(set.checked_shr(b).unwrap_or(0) & 1 == 1)),
                other => Err(unknown(other)),
            },
            Op::ListHas => {
                let (list, needle) = (self.value(a), self.value(b));
                Ok(self.list_has(list, needle))
            }
            Op::Len => {
                let value = self.value(a);
                Ok(self.length(value))
            }
            Op::TextHas | Op::StartsWith | Op::EndsWith => {
                let [x, y] = self.both(a, b)?;
                let (V::Text(x), V::Text(y)) = (x, y) else {
                    return Err(V::fault(Fault::BadPlan));
                };
                let (x, y) = (self.text(x), self.text(y));
                Ok(V::Bool(match op {
                    Op::TextHas => x.contains(y),
                    Op::StartsWith => x.starts_with(y),
                    _ => x.ends_with(y),
                }))
            }
            Op::Lower | Op::Trim => {
                let value = self.value(a);
                let V::Text(text) = value else {
                    return Err(unknown(value));
                };
                let text = self.text(text);
                let made = if op == Op::Lower {
                    text.to_ascii_lowercase()
                } else {
                    String::from(text.trim())
                };
                Ok(self.keep(&made))
            }
            Op::Matches => {
                let value = self.value(a);
                let V::Text(text) = value else {
                    return Err(unknown(value));
                };
                let pattern = self
                    .context()
                    .plan
                    .patterns
                    .get(b as usize)
                    .ok_or(V::fault(Fault::BadPlan))?;
                Ok(V::Bool(pattern.matches(self.text(text))))
            }
            Op::Concat => Ok(self.concat(a, b)),
            Op::Call => Ok(self.call(a, b, c)),
            Op::ResidentIdOk | Op::BirthOfId => {
                let value = self.value(a);
                let V::Text(text) = value else {
                    return Err(unknown(value));
                };
                let parsed = resident_id::parse(self.text(text));
                Ok(match (op, parsed) {
                    (Op::ResidentIdOk, parsed) => V::Bool(parsed.is_ok()),
                    (_, Ok(id)) => V::Date(id.birth),
                    (_, Err(_)) => V::Unknown(Why::Conflict),
                })
            }
            _ => self.dates(op, a, b, c),
        }
    }

    fn dates(&mut self, op: Op, a: u32, b: u32, c: u32) -> Early {
        match op {
            Op::DatePart => {
                let (day, minutes) = match self.value(a) {
                    V::Date(day) => (day, 0),
                    V::DateTime(at) => (at.date(), at.minute_of_day()),
                    other => return Err(unknown(other)),
                };
                let part = match b {
                    0 => f64::from(day.year()),
                    1 => f64::from(day.ymd().1),
                    2 => f64::from(day.ymd().2),
                    3 => f64::from(day.weekday()),
                    4 => f64::from(minutes / 60),
                    5 => f64::from(minutes % 60),
                    _ => return Err(V::fault(Fault::BadPlan)),
                };
                Ok(V::Num(part))
            }
            Op::DaysBetween | Op::MonthsBetween => {
                let (x, y) = self.days(a, b).map_err(V::Unknown)?;
                let between = if op == Op::DaysBetween {
                    date::days_between(x, y)
                } else {
                    date::months_between(x, y)
                };
                Ok(V::Num(between as f64))
            }
            Op::AddDays | Op::AddMonths => {
                let (day, count) = self.day_and_count(a, b)?;
                let sum = if op == Op::AddDays {
                    day.add_days(count)
                } else {
                    day.add_months(count)
                };
                sum.map(V::Date).ok_or(V::fault(Fault::Overflow))
            }
            Op::AddWorkdays => {
                let operands = self.day_and_count(a, b);
                let (calendar, (day, count)) = meet(self.calendar(c), operands)?;
                calendar
                    .add_workdays(day, count)
                    .map(V::Date)
                    .map_err(off_calendar)
            }
            Op::WorkdaysBetween => {
                let operands = self.days(a, b).map_err(V::Unknown);
                let (calendar, (x, y)) = meet(self.calendar(c), operands)?;
                calendar
                    .workdays_between(x, y)
                    .map(|days| V::Num(days as f64))
                    .map_err(off_calendar)
            }
            Op::IsWorkday | Op::NextWorkday => {
                let operand = self.day(a).map_err(V::Unknown);
                let (calendar, day) = meet(self.calendar(b), operand)?;
                if op == Op::NextWorkday {
                    return calendar
                        .next_workday_on_or_after(day)
                        .map(V::Date)
                        .map_err(off_calendar);
                }
                Ok(match calendar.day_kind(day) {
                    DayKind::Workday => V::Bool(true),
                    DayKind::DayOff => V::Bool(false),
                    DayKind::Unknown => V::Unknown(Why::OutOfPeriod),
                })
            }
            Op::AgeOn => {
                let (birth, day) = self.days(a, b).map_err(V::Unknown)?;
                age_on(birth, day, age_rule(c), LeapRule::default())
                    .map(|age| V::Num(f64::from(age)))
                    .map_err(|_| V::Unknown(Why::Conflict))
            }
            _ => Err(V::fault(Fault::BadPlan)),
        }
    }

    /// Is one born on day `a` under age on day `b`?
    pub(super) fn minor(&mut self, a: NodeId, b: NodeId, c: u32) -> Truth {
        match self.days(a, b) {
            Ok((birth, day)) => is_minor_on(birth, day, age_rule(c), LeapRule::default())
                .map_or(Truth::Unknown(Why::Conflict), Truth::from),
            Err(why) => Truth::Unknown(why),
        }
    }

    /// Two known operands, or the reason that wins.
    fn both(&mut self, a: NodeId, b: NodeId) -> Result<[V; 2], V> {
        let (x, y) = (self.operand(a), self.operand(b));
        known(x, y)
    }

    /// A day. PERF: a day or a reason fits into a register, a value does not.
    fn day(&mut self, id: NodeId) -> Result<Date, Why> {
        if let Some(&Node {
            op: Op::DateOf, a, ..
        }) = self.nodes.get(id as usize)
        {
            return self.day(a);
        }
        let mut own = V::MISSING;
        match self.fetch(id, &mut own) {
            V::Date(day) => Ok(*day),
            V::DateTime(at) => Ok(at.date()),
            other => Err(other.why().unwrap_or(Why::Fault(Fault::BadPlan))),
        }
    }

    fn days(&mut self, a: NodeId, b: NodeId) -> Result<(Date, Date), Why> {
        match (self.day(a), self.day(b)) {
            (Ok(a), Ok(b)) => Ok((a, b)),
            (Err(a), Err(b)) => Err(a.first(b)),
            (Err(why), Ok(_)) | (Ok(_), Err(why)) => Err(why),
        }
    }

    fn day_and_count(&mut self, a: NodeId, b: NodeId) -> Result<(Date, i64), V> {
        match self.both(a, b)? {
            [V::Date(day), V::Num(count)] => Ok((day, count as i64)),
            [V::DateTime(at), V::Num(count)] => Ok((at.date(), count as i64)),
            _ => Err(V::fault(Fault::BadPlan)),
        }
    }

    fn calendar(&self, table: u32) -> Result<&'a WorkCalendar, V> {
        match self.data(table).map(|data| &data.content) {
            Some(Content::Calendar(calendar)) => Ok(calendar),
            Some(Content::Rows(_)) => Err(V::fault(Fault::BadPlan)),
            None => Err(V::MISSING),
        }
    }

    fn length(&self, value: V) -> V {
        match value {
            V::Text(text) => V::Num(self.text(text).chars().count() as f64),
            V::Set(set) => V::Num(f64::from(set.count_ones())),
            V::Rows(number) => match self.rows.get(number as usize) {
                Some(found) => {
                    let all = found.rows.len() as u32;
                    let sure = found.rows.iter().filter(|(_, sure)| *sure).count() as u32;
                    if sure == all {
                        V::Num(f64::from(all))
                    } else {
                        V::Bounded(sure, all, Why::TooClose)
                    }
                }
                None => V::fault(Fault::BadPlan),
            },
            V::List(_) => match self.items(value) {
                Ok(items) => V::Num(f64::from(items.len())),
                Err(why) => V::Unknown(why),
            },
            other => unknown(other),
        }
    }

    fn list_has(&mut self, list: V, needle: V) -> V {
        let items = match (self.items(list), needle.why()) {
            (Ok(items), None) => items,
            (Err(a), Some(b)) => return V::Unknown(a.first(b)),
            (Err(why), None) | (Ok(_), Some(why)) => return V::Unknown(why),
        };
        let mut truth = Truth::False;
        for item in 0..items.len() {
            let value = match self.bind(items, item).0 {
                super::Frame::Item(base, _, _) => self
                    .context()
                    .store
                    .values
                    .get(base as usize)
                    .copied()
                    .unwrap_or(V::MISSING),
                super::Frame::Empty | super::Frame::Row(..) => V::fault(Fault::BadPlan),
            };
            truth = truth.or(self.compare(Op::Eq, &value, &needle));
            if truth == Truth::True {
                break;
            }
        }
        truth.into()
    }

    fn concat(&mut self, start: u32, len: u32) -> V {
        let mut out = String::new();
        let mut why: Option<Why> = None;
        for node in self.args(start, len) {
            let value = self.value(*node);
            if let Some(other) = value.why() {
                why = Some(why.map_or(other, |why| why.first(other)));
            }
            self.write_plain(value, &mut out);
            if out.len() > self.context().limits.text_bytes {
                return V::fault(Fault::TextLimit);
            }
        }
        why.map_or_else(|| self.keep(&out), V::Unknown)
    }

    /// Writes a value as plain text.
    pub fn write_plain(&self, value: V, out: &mut String) {
        match value {
            V::Text(text) => out.push_str(self.text(text)),
            V::Num(value) => write_number(value, out),
            V::Measure(value, tolerance) => {
                write_number(libm::round(value * 100.0) / 100.0, out);
                out.push('±');
                write_number(libm::round(tolerance * 100.0) / 100.0, out);
            }
            V::Bool(value) => out.push_str(if value { "是" } else { "否" }),
            V::Choice(symbol) => {
                out.push_str(
                    self.context()
                        .plan
                        .symbols
                        .get(symbol as usize)
                        .map_or("", String::as_str),
                );
            }
            V::Date(day) => day.write(out),
            V::DateTime(at) => at.write(out),
            V::Unknown(_)
            | V::Bounded(..)
            | V::Set(_)
            | V::Point(..)
            | V::Area(..)
            | V::File
            | V::List(_)
            | V::Rows(_)
            | V::Row(..) => {}
        }
    }

    fn call(&mut self, function: u32, start: u32, len: u32) -> V {
        let mut values = Vec::new();
        let mut why: Option<Why> = None;
        for node in self.args(start, len) {
            let value = self.value(*node);
            if let Some(other) = value.why() {
                why = Some(why.map_or(other, |why| why.first(other)));
            }
            values.push(value);
        }
        if let Some(why) = why {
            return V::Unknown(why);
        }
        let cx = self.context();
        let Some(functions) = cx.functions else {
            return V::fault(Fault::Function);
        };
        let mut args = Vec::new();
        for value in values {
            args.push(match value {
                V::Bool(value) => Arg::Bool(value),
                V::Num(value) => Arg::Num(value),
                V::Text(text) => Arg::Text(self.text(text)),
                _ => return V::fault(Fault::BadPlan),
            });
        }
        match functions.call(cx.plan, function, &args) {
            Ok(Returned::Bool(value)) => V::Bool(value),
            Ok(Returned::Num(value)) if value.is_finite() => V::Num(value),
            Ok(Returned::Num(_)) => V::fault(Fault::Overflow),
            Ok(Returned::Text(text)) => self.keep(&text),
            Err(fault) => V::fault(fault),
        }
    }
}

/// Two operands if both are known, or the reason that wins.
fn known(x: V, y: V) -> Result<[V; 2], V> {
    match (x.why(), y.why()) {
        (Some(x), Some(y)) => Err(V::Unknown(x.first(y))),
        (Some(why), None) | (None, Some(why)) => Err(V::Unknown(why)),
        (None, None) => Ok([x, y]),
    }
}

fn age_rule(flag: u32) -> AgeRule {
    if flag == 1 {
        AgeRule::Birthday
    } else {
        AgeRule::DayAfter
    }
}

/// An operand that is not what the operation takes: unknown, or a damaged plan.
fn unknown(value: V) -> V {
    value.why().map_or(V::fault(Fault::BadPlan), V::Unknown)
}

/// Two operands that may both be unknown.
fn meet<A, B>(a: Result<A, V>, b: Result<B, V>) -> Result<(A, B), V> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(a), Err(b)) => Err(match (a.why(), b.why()) {
            (Some(a), Some(b)) => V::Unknown(a.first(b)),
            _ => a,
        }),
        (Err(unknown), Ok(_)) | (Ok(_), Err(unknown)) => Err(unknown),
    }
}

fn off_calendar(error: WorkdayError) -> V {
    match error {
        WorkdayError::UnknownYear { .. } => V::Unknown(Why::OutOfPeriod),
        WorkdayError::TooMany { .. } => V::fault(Fault::Overflow),
    }
}
