//! Listed days off and make-up working days come in, with the years they cover; working days are told and counted. Not known
//! here: where the list comes from, what a deadline is for, and any year that the list does not cover.
//!
//! China's State Council lists for each year the days off and the weekend days on which people work instead (调休). A day
//! that is not listed is a working day from Monday to Friday and off at the weekend, but only in a covered year: an
//! uncovered year is unknown, never plain weekdays. A year is covered as a whole. The notice of the year after may
//! still change its last days (that of 2008 made 2007-12-29 a working day), so an answer about the last week of December is
//! final once that notice is in the table.

use super::date::Date;
use alloc::vec::Vec;

/// The most working days that one call counts forward or back: some 80 years, far above any legal period.
pub const MAX_WORKDAYS: i64 = 20_000;

/// What a listed day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayMark {
    /// A day off.
    Off,
    /// A working day: a Saturday or Sunday on which people work, seldom a weekday that a notice names (2020-02-03).
    Work,
}

/// What the calendar says of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// People work.
    Workday,
    /// A weekend or a holiday.
    DayOff,
    /// The calendar does not cover the day's year.
    Unknown,
}

/// Why rows do not make a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarError {
    /// A covered year is not one of 1 to 9999.
    NoSuchYear {
        /// The year as given.
        year: i32,
    },
    /// A year is said to be covered, yet lists no day off: it was not announced, or its rows were forgotten.
    EmptyYear {
        /// The year.
        year: i32,
    },
    /// A day is listed both as off and as a working day.
    Conflict {
        /// The day.
        date: Date,
    },
    /// A listed day is neither in a covered year nor in the year before or after one: a slip in the year.
    Stray {
        /// The day.
        date: Date,
    },
}

/// Why working days cannot be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkdayError {
    /// The count runs through a year that the calendar does not cover.
    UnknownYear {
        /// The first such year on the way.
        year: i32,
    },
    /// More than [`MAX_WORKDAYS`] in either direction.
    TooMany {
        /// The number asked for.
        count: i64,
    },
}

/// The working days of the covered years.
///
/// ```
/// use rules_core::domain::calendar::{DayKind, DayMark, WorkCalendar, WorkdayError};
/// use rules_core::domain::date::Date;
/// let day = |text| Date::parse(text).unwrap();
/// let rows = [(day("2024-02-12"), DayMark::Off), (day("2024-02-18"), DayMark::Work)];
/// let calendar = WorkCalendar::from_rows(rows, [2024]).unwrap();
/// assert_eq!(calendar.day_kind(day("2024-02-18")), DayKind::Workday);
/// assert_eq!(calendar.add_workdays(day("2024-02-09"), 1), Ok(day("2024-02-13")));
/// assert_eq!(calendar.day_kind(day("2025-02-18")), DayKind::Unknown);
/// assert_eq!(calendar.add_workdays(day("2024-12-31"), 1), Err(WorkdayError::UnknownYear { year: 2025 }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkCalendar {
    /// Listed days of covered years, ascending, one entry a day.
    listed: Vec<Listed>,
    /// Covered years, ascending, none twice.
    years: Vec<i32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Listed {
    day: Date,
    mark: DayMark,
    /// Working days that the list has added (or taken, if negative) up to and including this day.
    shift: i64,
}

impl WorkCalendar {
    /// Builds a calendar of rows in any order. A row that is there twice counts once.
    ///
    /// A notice may list days of the year before (2006-12-30 stands in that of 2007). Such a row of an uncovered year is
    /// accepted and says nothing: a year is covered by its own notice or not at all.
    pub fn from_rows(
        rows: impl IntoIterator<Item = (Date, DayMark)>,
        years: impl IntoIterator<Item = i32>,
    ) -> Result<Self, CalendarError> {
        let years = covered_years(years)?;
        let mut rows: Vec<_> = rows.into_iter().collect();
        crate::sort::sort_by(&mut rows, |a, b| a.0.cmp(&b.0));

        let mut listed: Vec<Listed> = Vec::with_capacity(rows.len());
        let mut shift = 0;
        for (day, mark) in rows {
            if !is_covered(&years, day.year()) {
                if !is_covered(&years, day.year() - 1) && !is_covered(&years, day.year() + 1) {
                    return Err(CalendarError::Stray { date: day });
                }
                continue;
            }
            if let Some(last) = listed.last().filter(|last| last.day == day) {
                if last.mark != mark {
                    return Err(CalendarError::Conflict { date: day });
                }
                continue;
            }
            let weekend = day.weekday() > 5;
            shift += match (mark, weekend) {
                (DayMark::Off, false) => -1,
                (DayMark::Work, true) => 1,
                // Listed as it is anyway: a holiday's Sunday, or the Monday on which the notice says that work begins again.
                (DayMark::Off, true) | (DayMark::Work, false) => 0,
            };
            listed.push(Listed { day, mark, shift });
        }

        let has_day_off = |year| {
            listed
                .iter()
                .any(|row| row.mark == DayMark::Off && row.day.year() == year)
        };
        match years.iter().copied().find(|&year| !has_day_off(year)) {
            Some(year) => Err(CalendarError::EmptyYear { year }),
            None => Ok(Self { listed, years }),
        }
    }

    /// The covered years, ascending.
    pub fn years(&self) -> &[i32] {
        &self.years
    }

    /// What the calendar says of a day.
    pub fn day_kind(&self, day: Date) -> DayKind {
        if !is_covered(&self.years, day.year()) {
            return DayKind::Unknown;
        }
        let works = match self.listed.binary_search_by_key(&day, |row| row.day) {
            Ok(at) => self.listed.get(at).is_some_and(|row| row.mark == DayMark::Work),
            Err(_) => day.weekday() <= 5,
        };
        if works { DayKind::Workday } else { DayKind::DayOff }
    }

    /// The `count`-th working day after the start, before it if negative; the start itself for 0.
    ///
    /// The start is not counted (Civil Code art. 201), so it need be no working day and its year need not be covered. "Working
    /// days" leave out holidays (Administrative Licensing Law art. 82) and, by their name, ordinary weekends. Where a rule counts the
    /// first day in, start from the day before.
    pub fn add_workdays(&self, start: Date, count: i64) -> Result<Date, WorkdayError> {
        if count == 0 {
            return Ok(start);
        }
        if !(-MAX_WORKDAYS..=MAX_WORKDAYS).contains(&count) {
            return Err(WorkdayError::TooMany { count });
        }
        if count > 0 {
            let unknown = self.first_unknown_year_after(start);
            let rank = self.rank(start) + count;
            // The first day of that rank: `low` has a lower rank, `high` is the last day that is known.
            let (mut low, mut high) = (start, last_day_before(unknown));
            if high <= low || self.rank(high) < rank {
                return Err(WorkdayError::UnknownYear { year: unknown });
            }
            while let Some(middle) = between(low, high) {
                if self.rank(middle) < rank {
                    low = middle
                } else {
                    high = middle
                }
            }
            Ok(high)
        } else {
            let unknown = self.last_unknown_year_before(start);
            // Working days up to the day before the start; the `count`-th of them from the end is wanted.
            let before = start
                .add_days(-1)
                .ok_or(WorkdayError::UnknownYear { year: unknown })?;
            let rank = self.rank(before) + count + 1;
            // The first day of that rank; the last day of the unknown year serves as the bound below.
            let (mut low, mut high) = (last_day_of(unknown), before);
            if high <= low || self.rank(low) >= rank {
                return Err(WorkdayError::UnknownYear { year: unknown });
            }
            while let Some(middle) = between(low, high) {
                if self.rank(middle) < rank {
                    low = middle
                } else {
                    high = middle
                }
            }
            Ok(high)
        }
    }

    /// Working days after `a` up to and including `b`; if `b` is earlier, those after `b` up to `a`, negative.
    ///
    /// So `workdays_between(a, b) == -workdays_between(b, a)`, and `add_workdays(a, n)` is `n` working days from `a` for `n >= 0`.
    pub fn workdays_between(&self, a: Date, b: Date) -> Result<i64, WorkdayError> {
        if b < a {
            return self.workdays_between(b, a).map(|count| -count);
        }
        if a < b {
            let unknown = self.first_unknown_year_after(a);
            if unknown <= b.year() {
                return Err(WorkdayError::UnknownYear { year: unknown });
            }
        }
        Ok(self.rank(b) - self.rank(a))
    }

    /// The day itself if people work on it, else the next day on which they do.
    ///
    /// A period whose last day is a holiday ends on the day after the holiday (Civil Code art. 203).
    pub fn next_workday_on_or_after(&self, day: Date) -> Result<Date, WorkdayError> {
        match self.day_kind(day) {
            DayKind::Workday => Ok(day),
            DayKind::DayOff => self.add_workdays(day, 1),
            DayKind::Unknown => Err(WorkdayError::UnknownYear { year: day.year() }),
        }
    }

    /// Working days up to and including `day`, from an arbitrary origin. Only differences within covered years mean anything.
    fn rank(&self, day: Date) -> i64 {
        // 1969-12-29 was a Monday.
        let days = i64::from(day.days()) + 3;
        let weekdays = days.div_euclid(7) * 5 + (days.rem_euclid(7) + 1).min(5);
        let upto = self.listed.partition_point(|row| row.day <= day);
        let shift = upto
            .checked_sub(1)
            .and_then(|at| self.listed.get(at))
            .map_or(0, |row| row.shift);
        weekdays + shift
    }

    /// The first uncovered year from the day after `day` on.
    fn first_unknown_year_after(&self, day: Date) -> i32 {
        let first = day.add_days(1).map_or(day.year() + 1, Date::year);
        let at = self.years.partition_point(|&year| year < first);
        self.years
            .iter()
            .skip(at)
            .fold(first, |next, &year| if year == next { next + 1 } else { next })
    }

    /// The first uncovered year, going back from the day before `day`.
    fn last_unknown_year_before(&self, day: Date) -> i32 {
        let last = day.add_days(-1).map_or(day.year() - 1, Date::year);
        let upto = self.years.partition_point(|&year| year <= last);
        self.years
            .iter()
            .take(upto)
            .rev()
            .fold(last, |next, &year| if year == next { next - 1 } else { next })
    }
}

fn covered_years(years: impl IntoIterator<Item = i32>) -> Result<Vec<i32>, CalendarError> {
    let mut years: Vec<i32> = years.into_iter().collect();
    crate::sort::sort_by(&mut years, Ord::cmp);
    years.dedup();
    match years.iter().find(|year| !(1..=9999).contains(*year)) {
        Some(&year) => Err(CalendarError::NoSuchYear { year }),
        None => Ok(years),
    }
}

fn is_covered(years: &[i32], year: i32) -> bool {
    years.binary_search(&year).is_ok()
}

/// The last day before a year, or the last day there is.
fn last_day_before(year: i32) -> Date {
    last_day_of(year - 1)
}

/// The last day of a year, or the nearest day there is.
fn last_day_of(year: i32) -> Date {
    Date::from_ymd(year, 12, 31).unwrap_or(if year < 1 { Date::MIN } else { Date::MAX })
}

/// A day strictly between two days, halfway; `None` if they are neighbours.
fn between(low: Date, high: Date) -> Option<Date> {
    let half = (i64::from(high.days()) - i64::from(low.days())) / 2;
    low.add_days(half).filter(|&day| day > low)
}

#[cfg(test)]
#[path = "calendar_tests.rs"]
mod tests;
