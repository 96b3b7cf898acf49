//! Text or year, month and day come in; a day count or an instant goes out, and the arithmetic of periods on them.
//! Not known here: holidays, ages, rules, and what day it is today.
//!
//! Days are counted in the proleptic Gregorian calendar, years 1 to 9999. The conversions are Howard Hinnant's
//! `days_from_civil` and `civil_from_days`. Civil time is China's, a fixed UTC+08:00; the summer time of 1986 to 1991 is not
//! applied, since a form's times are of today and a birth is a date without a time.

use crate::json::push_digits;
use alloc::string::String;
use core::fmt;

/// Days from 0000-03-01, where Hinnant's count starts, to 1970-01-01.
const EPOCH_SHIFT: i32 = 719_468;
/// Days in 400 Gregorian years.
const DAYS_PER_ERA: i32 = 146_097;
const MILLIS_PER_MINUTE: i64 = 60_000;
const MILLIS_PER_DAY: i64 = 86_400_000;
/// China standard time, UTC+08:00.
const CHINA_OFFSET_MILLIS: i64 = 8 * 60 * MILLIS_PER_MINUTE;

/// Why a text is not a date or a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    /// Not written as asked: `YYYY-MM-DD`, or RFC 3339.
    Format,
    /// Written well, but the calendar has no such day (`2023-02-29`).
    NoSuchDay,
    /// Written well, but the day has no such time (`24:00`, a leap second) or there is no such offset.
    NoSuchTime,
    /// In China time the instant lies outside the years 1 to 9999.
    OutOfRange,
}

/// A calendar day: days since 1970-01-01, never outside the years 1 to 9999.
///
/// ```
/// use rules_core::domain::date::Date;
/// let day = Date::parse("2023-01-31").unwrap();
/// // Civil Code art. 202: without a corresponding day, the last day of the month.
/// assert_eq!(day.add_months(1).unwrap().to_string(), "2023-02-28");
/// assert_eq!(day.add_days(30).unwrap().to_string(), "2023-03-02");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// 0001-01-01.
    pub const MIN: Self = Self(-719_162);
    /// 9999-12-31.
    pub const MAX: Self = Self(2_932_896);

    /// The day with this count from 1970-01-01; `None` outside the years 1 to 9999.
    pub fn from_days(days: i64) -> Option<Self> {
        let days = i32::try_from(days).ok()?;
        (Self::MIN.0..=Self::MAX.0).contains(&days).then_some(Self(days))
    }

    /// The day of a year (1 to 9999), month (1 to 12) and day of month; `None` if there is none.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1..=9999).contains(&year) || day == 0 || day > days_in_month(year, month)? {
            return None;
        }
        Some(Self(days_from_civil(year, month, day)))
    }

    /// Reads `YYYY-MM-DD`: ten ASCII characters, nothing before, between or after.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let mut rest = Rest(text.as_bytes());
        let day = rest.day()?;
        rest.end()?;
        Ok(day)
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i32 {
        self.0
    }

    /// Year, month (1 to 12) and day of month.
    pub fn ymd(self) -> (i32, u32, u32) {
        civil_from_days(self.0)
    }

    /// The year, 1 to 9999.
    pub fn year(self) -> i32 {
        self.ymd().0
    }

    /// Monday is 1, Sunday is 7 (ISO 8601).
    pub fn weekday(self) -> u32 {
        // 1970-01-01 was a Thursday.
        (self.0 + 3).rem_euclid(7).unsigned_abs() + 1
    }

    /// The day so many days later, earlier if negative; `None` outside the years 1 to 9999.
    ///
    /// The day itself is not counted (Civil Code art. 201).
    pub fn add_days(self, days: i64) -> Option<Self> {
        Self::from_days(i64::from(self.0).checked_add(days)?)
    }

    /// The corresponding day so many months later, earlier if negative; `None` outside the years 1 to 9999.
    ///
    /// Where the month has no corresponding day it is the month's last day (Civil Code art. 202).
    pub fn add_months(self, months: i64) -> Option<Self> {
        let (year, month, day) = self.ymd();
        let count = i64::from(month_count(year, month)).checked_add(months)?;
        let year = i32::try_from(count.div_euclid(12)).ok()?;
        let month = u32::try_from(count.rem_euclid(12)).ok()? + 1;
        Self::from_ymd(year, month, day.min(days_in_month(year, month)?))
    }
}

impl Date {
    /// Appends `YYYY-MM-DD`.
    pub(crate) fn write(self, out: &mut String) {
        let (year, month, day) = self.ymd();
        push_digits(out, u64::from(year.unsigned_abs()), 4);
        for part in [month, day] {
            out.push('-');
            push_digits(out, u64::from(part), 2);
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write(&mut text);
        f.write_str(&text)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Days from `a` to `b`, negative if `b` is earlier.
pub fn days_between(a: Date, b: Date) -> i64 {
    i64::from(b.0) - i64::from(a.0)
}

/// Whole months elapsed from `a` to `b`: the greatest `n` for which `a.add_months(n)` is not after `b`.
///
/// So a month that ends early counts as whole: 01-31 to 02-28 is one month, since one month from 01-31 ends on 02-28 (Civil Code
/// art. 202). If `b` is earlier the period is counted from `b`, its first day, and the result is negative:
/// `months_between(a, b) == -months_between(b, a)`.
pub fn months_between(a: Date, b: Date) -> i64 {
    if b < a {
        return -months_between(b, a);
    }
    let (from_year, from_month, _) = a.ymd();
    let (to_year, to_month, _) = b.ymd();
    let months = i64::from(month_count(to_year, to_month) - month_count(from_year, from_month));
    if a.add_months(months).is_some_and(|day| day <= b) {
        months
    } else {
        months - 1
    }
}

/// True if the year has a 29 February.
pub fn is_leap_year(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// An instant: milliseconds since 1970-01-01T00:00Z, never outside the years 1 to 9999 in China time.
///
/// ```
/// use rules_core::domain::date::DateTime;
/// let late = DateTime::parse("2026-01-20T16:30:00Z").unwrap();
/// assert_eq!(late.to_string(), "2026-01-21T00:30:00+08:00");
/// assert_eq!(late.date().to_string(), "2026-01-21");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime(i64);

impl DateTime {
    /// The instant with this count of milliseconds; `None` outside the years 1 to 9999 in China time.
    pub fn from_millis(millis: i64) -> Option<Self> {
        let local = millis.checked_add(CHINA_OFFSET_MILLIS)?;
        Date::from_days(local.div_euclid(MILLIS_PER_DAY)).map(|_| Self(millis))
    }

    /// The first instant of a day in China time.
    pub fn start_of(day: Date) -> Self {
        Self(i64::from(day.0) * MILLIS_PER_DAY - CHINA_OFFSET_MILLIS)
    }

    /// Reads `YYYY-MM-DDTHH:MM[:SS[.fff]][Z|±HH:MM]` (RFC 3339; also without seconds, as a form's input field writes it).
    ///
    /// The fraction has one to three digits. Without an offset it is China time. `T` and `Z` are capitals. `24:00` and the leap
    /// second `:60` are refused: each has another name or none in civil use.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let mut rest = Rest(text.as_bytes());
        let day = rest.day()?;
        rest.byte(b'T')?;
        let time = rest.time()?;
        let offset = rest.offset()?;
        rest.end()?;
        Self::from_millis(i64::from(day.0) * MILLIS_PER_DAY + time - offset).ok_or(DateError::OutOfRange)
    }

    /// Milliseconds since 1970-01-01T00:00Z.
    pub fn millis(self) -> i64 {
        self.0
    }

    /// The civil date in China time.
    pub fn date(self) -> Date {
        // In range by construction: `from_millis` and `start_of` checked it.
        let days = (self.0 + CHINA_OFFSET_MILLIS).div_euclid(MILLIS_PER_DAY);
        Date::from_days(days).unwrap_or(if days < 0 { Date::MIN } else { Date::MAX })
    }

    /// Whole minutes since midnight in China time, 0 to 1439.
    pub fn minute_of_day(self) -> u32 {
        u32::try_from(self.milli_of_day() / MILLIS_PER_MINUTE).unwrap_or(0)
    }

    /// Milliseconds since midnight in China time.
    fn milli_of_day(self) -> i64 {
        (self.0 + CHINA_OFFSET_MILLIS).rem_euclid(MILLIS_PER_DAY)
    }
}

impl DateTime {
    /// Appends China time with seconds; milliseconds only if there are any.
    pub(crate) fn write(self, out: &mut String) {
        let minutes = self.minute_of_day();
        let in_minute = (self.milli_of_day() % MILLIS_PER_MINUTE).unsigned_abs();
        self.date().write(out);
        for (mark, part) in [('T', minutes / 60), (':', minutes % 60)] {
            out.push(mark);
            push_digits(out, u64::from(part), 2);
        }
        out.push(':');
        push_digits(out, in_minute / 1000, 2);
        if !in_minute.is_multiple_of(1000) {
            out.push('.');
            push_digits(out, in_minute % 1000, 3);
        }
        out.push_str("+08:00");
    }
}

impl fmt::Display for DateTime {
    /// China time with seconds; milliseconds only if there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write(&mut text);
        f.write_str(&text)
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What is still to be read of a date text.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn day(&mut self) -> Result<Date, DateError> {
        let year = self.digits(4)?;
        self.byte(b'-')?;
        let month = self.digits(2)?;
        self.byte(b'-')?;
        let day = self.digits(2)?;
        let year = i32::try_from(year).map_err(|_| DateError::NoSuchDay)?;
        Date::from_ymd(year, month, day).ok_or(DateError::NoSuchDay)
    }

    /// `HH:MM[:SS[.fff]]` in milliseconds.
    fn time(&mut self) -> Result<i64, DateError> {
        let hour = self.digits(2)?;
        self.byte(b':')?;
        let minute = self.digits(2)?;
        let mut second = 0;
        let mut milli = 0;
        if self.eat(b':') {
            second = self.digits(2)?;
            if self.eat(b'.') {
                for unit in [100, 10, 1] {
                    match self.digits(1) {
                        Ok(digit) => milli += digit * unit,
                        Err(_) if unit < 100 => break,
                        Err(fault) => return Err(fault),
                    }
                }
            }
        }
        if hour > 23 || minute > 59 || second > 59 {
            return Err(DateError::NoSuchTime);
        }
        Ok(i64::from(hour * 60 + minute) * MILLIS_PER_MINUTE + i64::from(second * 1000 + milli))
    }

    /// `Z`, `±HH:MM` or nothing, in milliseconds east of UTC.
    fn offset(&mut self) -> Result<i64, DateError> {
        if self.0.is_empty() {
            return Ok(CHINA_OFFSET_MILLIS);
        }
        if self.eat(b'Z') {
            return Ok(0);
        }
        let west = self.eat(b'-');
        if !west {
            self.byte(b'+')?;
        }
        let hour = self.digits(2)?;
        self.byte(b':')?;
        let minute = self.digits(2)?;
        if hour > 23 || minute > 59 {
            return Err(DateError::NoSuchTime);
        }
        let east = i64::from(hour * 60 + minute) * MILLIS_PER_MINUTE;
        Ok(if west { -east } else { east })
    }

    fn digits(&mut self, count: usize) -> Result<u32, DateError> {
        let (head, tail) = self.0.split_at_checked(count).ok_or(DateError::Format)?;
        let mut value = 0;
        for byte in head {
            if !byte.is_ascii_digit() {
                return Err(DateError::Format);
            }
            value = value * 10 + u32::from(byte - b'0');
        }
        self.0 = tail;
        Ok(value)
    }

    fn eat(&mut self, wanted: u8) -> bool {
        match self.0 {
            [byte, tail @ ..] if *byte == wanted => {
                self.0 = tail;
                true
            }
            _ => false,
        }
    }

    fn byte(&mut self, wanted: u8) -> Result<(), DateError> {
        if self.eat(wanted) {
            Ok(())
        } else {
            Err(DateError::Format)
        }
    }

    fn end(&self) -> Result<(), DateError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(DateError::Format)
        }
    }
}

/// Months since January of year 0.
fn month_count(year: i32, month: u32) -> i32 {
    year * 12 + month.cast_signed() - 1
}

fn days_in_month(year: i32, month: u32) -> Option<u32> {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if is_leap_year(year) { 29 } else { 28 }),
        _ => None,
    }
}

/// Hinnant's `days_from_civil`: years start in March, so that the leap day is the last one.
fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month.cast_signed() + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day.cast_signed() - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * DAYS_PER_ERA + day_of_era - EPOCH_SHIFT
}

/// Hinnant's `civil_from_days`, the inverse.
fn civil_from_days(days: i32) -> (i32, u32, u32) {
    let days = days + EPOCH_SHIFT;
    let era = days.div_euclid(DAYS_PER_ERA);
    let day_of_era = days.rem_euclid(DAYS_PER_ERA);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    (year, month.unsigned_abs(), day.unsigned_abs())
}

#[cfg(test)]
#[path = "date_tests.rs"]
mod tests;
