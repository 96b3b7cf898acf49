//! A birth date and a day come in; the age on that day goes out, or the first day of an age. Not known here: where the birth date
//! comes from, what an age permits, and which counting rule a clause asks for.
//!
//! Chinese law counts whole years (周岁). Criminal law says when one is reached: "from the day after the birthday" (Supreme
//! People's Court interpretation on juvenile criminal cases, Fa Shi 2006 No. 1, art. 2). Civil and administrative law do not
//! say, so the rule is a parameter. Its default is the day after, as in criminal law: it favours the minor.

use super::date::{Date, is_leap_year};

/// The age of majority (Civil Code art. 17; Law on the Protection of Minors art. 2).
pub const MAJORITY: u32 = 18;

/// The day on which a person is a year older.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AgeRule {
    /// On the birthday.
    Birthday,
    /// On the day after the birthday.
    #[default]
    DayAfter,
}

/// The birthday of who was born on 29 February, in a year without one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LeapRule {
    /// 28 February, the last day of the month, by analogy with Civil Code art. 202.
    #[default]
    Feb28,
    /// 1 March.
    Mar1,
}

/// Why there is no age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgeError {
    /// The day is before the birth.
    NotBorn,
    /// The age is reached after the year 9999.
    OutOfRange,
}

/// Whole years of age on a day. On the day of birth it is 0 under either rule.
///
/// ```
/// use rules_core::domain::age::{AgeRule, LeapRule, age_on};
/// use rules_core::domain::date::Date;
/// let day = |text| Date::parse(text).unwrap();
/// let age = |rule| age_on(day("2007-06-01"), day("2025-06-01"), rule, LeapRule::Feb28);
/// assert_eq!(age(AgeRule::Birthday), Ok(18));
/// assert_eq!(age(AgeRule::DayAfter), Ok(17));
/// ```
pub fn age_on(birth: Date, day: Date, rule: AgeRule, leap: LeapRule) -> Result<u32, AgeError> {
    if day < birth {
        return Err(AgeError::NotBorn);
    }
    // PERF: the days of two years are compared by month and day; making a date of the birthday took twice as long.
    let (year, month, of_month) = day.ymd();
    let (birth_year, birth_month, birth_of_month) = birth.ymd();
    let years = (year - birth_year).unsigned_abs();
    let birthday = birthday((birth_month, birth_of_month), year, leap);
    let reached = years == 0
        || match rule {
            AgeRule::Birthday => (month, of_month) >= birthday,
            AgeRule::DayAfter => (month, of_month) > birthday,
        };
    Ok(if reached { years } else { years - 1 })
}

/// True if the person is under 18 on the day.
pub fn is_minor_on(birth: Date, day: Date, rule: AgeRule, leap: LeapRule) -> Result<bool, AgeError> {
    // PERF: eighteen years hold three to five 29 Februaries, and the rules move the day by one; within a few days of the
    // birthday the calendar decides, elsewhere the number of days.
    match day.days() - birth.days() {
        ..0 => Err(AgeError::NotBorn),
        0..6_570 => Ok(true),
        6_580.. => Ok(false),
        _ => age_on(birth, day, rule, leap).map(|age| age < MAJORITY),
    }
}

/// Month and day of a birthday in a year.
fn birthday(birth: (u32, u32), year: i32, leap: LeapRule) -> (u32, u32) {
    match (birth, leap) {
        ((2, 29), LeapRule::Feb28) if !is_leap_year(year) => (2, 28),
        ((2, 29), LeapRule::Mar1) if !is_leap_year(year) => (3, 1),
        (birth, _) => birth,
    }
}

/// The first day on which the person has the age (18 for an adult; any other limit likewise). The birth for age 0.
pub fn adult_from(birth: Date, age: u32, rule: AgeRule, leap: LeapRule) -> Result<Date, AgeError> {
    if age == 0 {
        return Ok(birth);
    }
    let (year, month, day) = birth.ymd();
    let year = i32::try_from(age)
        .ok()
        .and_then(|age| year.checked_add(age))
        .ok_or(AgeError::OutOfRange)?;
    let (month, day) = birthday((month, day), year, leap);
    let wait = match rule {
        AgeRule::Birthday => 0,
        AgeRule::DayAfter => 1,
    };
    Date::from_ymd(year, month, day)
        .and_then(|birthday| birthday.add_days(wait))
        .ok_or(AgeError::OutOfRange)
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        reason = "a test that cannot build its input should stop"
    )]

    use super::{AgeError, AgeRule, LeapRule, adult_from, age_on, is_minor_on};
    use crate::domain::date::Date;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn nobody_has_an_age_before_birth() {
        let (rule, leap) = Default::default();
        assert_eq!(
            age_on(day("2020-01-02"), day("2020-01-01"), rule, leap),
            Err(AgeError::NotBorn)
        );
        assert_eq!(age_on(day("2020-01-02"), day("2020-01-02"), rule, leap), Ok(0));
        assert_eq!(age_on(day("2020-12-31"), day("2021-01-01"), rule, leap), Ok(0));
    }

    #[test]
    fn the_age_changes_on_the_first_day_of_an_age_and_on_no_other() {
        let births = [
            "2007-12-31",
            "2008-01-01",
            "2008-02-28",
            "2008-02-29",
            "2008-03-01",
            "2007-02-28",
        ];
        for birth in births.map(day) {
            for rule in [AgeRule::Birthday, AgeRule::DayAfter] {
                for leap in [LeapRule::Feb28, LeapRule::Mar1] {
                    let mut expected = 0;
                    for today in (0..8000).filter_map(|n| birth.add_days(n)) {
                        if adult_from(birth, expected + 1, rule, leap) == Ok(today) {
                            expected += 1;
                        }
                        assert_eq!(age_on(birth, today, rule, leap), Ok(expected), "{birth} {today}");
                        assert_eq!(is_minor_on(birth, today, rule, leap), Ok(expected < 18));
                    }
                    assert_eq!(expected, 21);
                }
            }
        }
    }

    #[test]
    fn the_end_of_time_is_no_panic() {
        let (rule, leap) = Default::default();
        assert_eq!(adult_from(Date::MAX, 1, rule, leap), Err(AgeError::OutOfRange));
        assert_eq!(
            adult_from(Date::MAX, u32::MAX, rule, leap),
            Err(AgeError::OutOfRange)
        );
        assert_eq!(age_on(Date::MIN, Date::MAX, rule, leap), Ok(9998));
        assert_eq!(age_on(day("9000-12-31"), Date::MAX, rule, leap), Ok(998));
    }
}
