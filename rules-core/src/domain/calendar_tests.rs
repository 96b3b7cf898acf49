//! Tests of `calendar.rs` on a small calendar: its edges, gaps and refusals, and every answer against a count by hand.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot build its input should stop"
)]

use super::{CalendarError, DayKind, DayMark, MAX_WORKDAYS, WorkCalendar, WorkdayError};
use crate::domain::date::Date;
use std::vec::Vec;

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// 2007 and 2008 with a few of their days, and 2010 alone.
fn calendar() -> WorkCalendar {
    let rows = [
        ("2010-01-01", DayMark::Off),
        ("2006-12-30", DayMark::Work),
        ("2007-01-01", DayMark::Off),
        ("2007-01-02", DayMark::Off),
        ("2007-12-28", DayMark::Work),
        ("2007-12-29", DayMark::Work),
        ("2007-12-30", DayMark::Off),
        ("2007-12-31", DayMark::Off),
        ("2007-12-31", DayMark::Off),
        ("2008-01-01", DayMark::Off),
    ];
    WorkCalendar::from_rows(rows.map(|(text, mark)| (day(text), mark)), [2008, 2007, 2010]).unwrap()
}

#[test]
fn a_year_is_known_as_a_whole_or_not_at_all() {
    let calendar = calendar();
    assert_eq!(calendar.years(), [2007, 2008, 2010]);
    for (text, kind) in [
        ("2006-12-29", DayKind::Unknown),
        ("2006-12-30", DayKind::Unknown),
        ("2007-01-01", DayKind::DayOff),
        ("2007-01-03", DayKind::Workday),
        ("2007-01-06", DayKind::DayOff),
        ("2007-12-29", DayKind::Workday),
        ("2007-12-30", DayKind::DayOff),
        ("2009-06-01", DayKind::Unknown),
        ("2010-01-04", DayKind::Workday),
        ("2011-01-03", DayKind::Unknown),
    ] {
        assert_eq!(calendar.day_kind(day(text)), kind, "{text}");
    }
}

#[test]
fn the_start_is_not_counted_so_its_year_need_not_be_known() {
    let calendar = calendar();
    let unknown = |year| Err(WorkdayError::UnknownYear { year });
    for (start, count, expected) in [
        ("2006-12-31", 1, Ok(day("2007-01-03"))),
        ("2006-12-30", 1, unknown(2006)),
        ("2009-01-01", -1, Ok(day("2008-12-31"))),
        ("2009-01-02", -1, unknown(2009)),
        ("2007-01-03", -1, unknown(2006)),
        ("2007-01-04", -1, Ok(day("2007-01-03"))),
        ("2008-12-30", 1, Ok(day("2008-12-31"))),
        ("2008-12-31", 1, unknown(2009)),
        ("2009-06-01", 0, Ok(day("2009-06-01"))),
        ("2007-12-28", 2, Ok(day("2008-01-02"))),
        ("2008-01-02", -2, Ok(day("2007-12-28"))),
        ("2010-12-31", 1, unknown(2011)),
        ("2007-06-01", MAX_WORKDAYS, unknown(2009)),
        ("2008-06-01", -MAX_WORKDAYS, unknown(2006)),
        (
            "2007-06-01",
            MAX_WORKDAYS + 1,
            Err(WorkdayError::TooMany {
                count: MAX_WORKDAYS + 1,
            }),
        ),
        (
            "2007-06-01",
            i64::MIN,
            Err(WorkdayError::TooMany { count: i64::MIN }),
        ),
    ] {
        assert_eq!(
            calendar.add_workdays(day(start), count),
            expected,
            "{start} {count}"
        );
    }
}

#[test]
fn an_interval_through_an_unknown_year_has_no_count() {
    let calendar = calendar();
    let unknown = |year| Err(WorkdayError::UnknownYear { year });
    assert_eq!(
        calendar.workdays_between(day("2006-12-31"), day("2007-01-04")),
        Ok(2)
    );
    assert_eq!(
        calendar.workdays_between(day("2007-01-04"), day("2006-12-31")),
        Ok(-2)
    );
    assert_eq!(
        calendar.workdays_between(day("2006-12-30"), day("2007-01-04")),
        unknown(2006)
    );
    assert_eq!(
        calendar.workdays_between(day("2008-06-01"), day("2010-06-01")),
        unknown(2009)
    );
    assert_eq!(
        calendar.workdays_between(day("2009-06-01"), day("2009-06-01")),
        Ok(0)
    );
    assert_eq!(
        calendar.next_workday_on_or_after(day("2009-06-01")),
        Err(WorkdayError::UnknownYear { year: 2009 })
    );
    assert_eq!(
        calendar.next_workday_on_or_after(day("2007-12-30")),
        Ok(day("2008-01-02"))
    );
    assert_eq!(
        calendar.next_workday_on_or_after(day("2007-12-29")),
        Ok(day("2007-12-29"))
    );
}

#[test]
fn counts_agree_with_a_walk_day_by_day() {
    let calendar = calendar();
    let start = day("2007-11-20");
    let days: Vec<Date> = (0..90).filter_map(|n| start.add_days(n)).collect();
    let works = |date: &Date| calendar.day_kind(*date) == DayKind::Workday;
    for (at, &from) in days.iter().enumerate() {
        let after: Vec<Date> = days.iter().copied().skip(at + 1).filter(works).collect();
        for (count, &expected) in (1..).zip(&after) {
            assert_eq!(calendar.add_workdays(from, count), Ok(expected), "{from} {count}");
            assert_eq!(calendar.workdays_between(from, expected), Ok(count));
        }
        let before: Vec<Date> = days.iter().copied().take(at).filter(works).collect();
        for (count, &expected) in (1..).zip(before.iter().rev()) {
            assert_eq!(
                calendar.add_workdays(from, -count),
                Ok(expected),
                "{from} -{count}"
            );
        }
    }
}

#[test]
fn rows_that_cannot_be_meant_are_refused() {
    let build = |rows: &[(&str, DayMark)], years: &[i32]| {
        let rows = rows.iter().map(|&(text, mark)| (day(text), mark));
        WorkCalendar::from_rows(rows, years.iter().copied()).err()
    };
    let holiday = ("2007-01-01", DayMark::Off);
    assert_eq!(build(&[holiday], &[2007]), None);
    assert_eq!(build(&[], &[]), None);
    assert_eq!(
        build(&[holiday], &[2007, 2008]),
        Some(CalendarError::EmptyYear { year: 2008 })
    );
    assert_eq!(
        build(&[holiday], &[2007, 0]),
        Some(CalendarError::NoSuchYear { year: 0 })
    );
    for (row, error) in [
        (
            ("2007-01-01", DayMark::Work),
            CalendarError::Conflict {
                date: day("2007-01-01"),
            },
        ),
        (
            ("2070-01-04", DayMark::Off),
            CalendarError::Stray {
                date: day("2070-01-04"),
            },
        ),
    ] {
        assert_eq!(build(&[holiday, row], &[2007]), Some(error));
    }
}

#[test]
fn the_ends_of_time_are_no_panic() {
    let rows = [
        (day("0001-01-01"), DayMark::Off),
        (day("9999-12-31"), DayMark::Off),
    ];
    let calendar = WorkCalendar::from_rows(rows, [1, 9999]).unwrap();
    assert_eq!(
        calendar.add_workdays(Date::MAX, 1),
        Err(WorkdayError::UnknownYear { year: 10_000 })
    );
    assert_eq!(
        calendar.add_workdays(Date::MIN, -1),
        Err(WorkdayError::UnknownYear { year: 0 })
    );
    assert_eq!(
        calendar.add_workdays(day("0001-01-02"), -1),
        Err(WorkdayError::UnknownYear { year: 0 })
    );
    assert_eq!(
        calendar.add_workdays(day("0001-01-03"), -1),
        Ok(day("0001-01-02"))
    );
    assert_eq!(
        calendar.next_workday_on_or_after(Date::MAX),
        Err(WorkdayError::UnknownYear { year: 10_000 })
    );
}
