//! Tests of `date.rs`: the edges of its range, of months and of its spellings.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot build its input should stop"
)]

use super::{Date, DateError, DateTime, days_between, months_between};
use std::string::ToString;

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

#[test]
fn the_range_is_years_1_to_9999() {
    assert_eq!(Date::from_ymd(1, 1, 1), Some(Date::MIN));
    assert_eq!(Date::from_ymd(9999, 12, 31), Some(Date::MAX));
    assert_eq!(Date::MIN.add_days(-1), None);
    assert_eq!(Date::MAX.add_days(1), None);
    assert_eq!(Date::MAX.add_days(i64::MAX), None);
    assert_eq!(Date::MAX.add_months(i64::MAX), None);
    assert_eq!(Date::MIN.add_months(i64::MIN), None);
    assert_eq!(Date::MIN.add_months(-1), None);
    assert_eq!(Date::from_ymd(0, 12, 31), None);
    assert_eq!(Date::from_ymd(10_000, 1, 1), None);
}

#[test]
fn every_day_of_the_range_comes_back() {
    let mut expected = Date::MIN.ymd();
    for count in Date::MIN.days()..=Date::MAX.days() {
        let date = Date::from_days(count.into()).unwrap();
        assert_eq!(date.ymd(), expected);
        let (y, m, d) = expected;
        assert_eq!(Date::from_ymd(y, m, d), Some(date));
        expected = [(y, m, d + 1), (y, m + 1, 1)]
            .into_iter()
            .find(|&(y, m, d)| Date::from_ymd(y, m, d).is_some())
            .unwrap_or((y + 1, 1, 1));
    }
}

#[test]
fn dates_are_read_strictly() {
    for text in [
        "2023-1-01",
        "2023-01-1",
        "02023-01-01",
        "2023/01/01",
        " 2023-01-01",
        "2023-01-01 ",
        "",
        "2023-01",
        "+023-01-01",
    ] {
        assert_eq!(Date::parse(text), Err(DateError::Format), "{text}");
    }
    assert_eq!(Date::parse("２023-01-01"), Err(DateError::Format));
    for text in [
        "2023-02-29",
        "1900-02-29",
        "2023-00-10",
        "2023-13-10",
        "2023-04-31",
        "2023-01-00",
        "0000-01-01",
    ] {
        assert_eq!(Date::parse(text), Err(DateError::NoSuchDay), "{text}");
    }
    assert_eq!(day("0007-03-04").to_string(), "0007-03-04");
}

#[test]
fn weekdays_run_from_monday() {
    assert_eq!(day("1970-01-01").weekday(), 4);
    assert_eq!(day("2024-04-20").weekday(), 6);
    assert_eq!(Date::MIN.weekday(), 1);
}

#[test]
fn months_end_on_the_last_day() {
    assert_eq!(day("2024-03-31").add_months(-1), Some(day("2024-02-29")));
    assert_eq!(day("2024-02-29").add_months(12), Some(day("2025-02-28")));
    assert_eq!(months_between(day("2023-01-31"), day("2023-02-27")), 0);
    assert_eq!(months_between(day("2023-01-31"), day("2023-02-28")), 1);
    assert_eq!(months_between(day("2023-02-28"), day("2023-01-31")), -1);
    assert_eq!(months_between(day("2023-02-28"), day("2023-03-27")), 0);
    assert_eq!(months_between(Date::MIN, Date::MAX), 9999 * 12 - 1);
    assert_eq!(days_between(day("2024-02-28"), day("2024-03-01")), 2);
}

#[test]
fn months_between_agrees_with_add_months() {
    let first = day("2023-12-25");
    for from in (0..70).filter_map(|n| first.add_days(n)) {
        for to in (0..800).filter_map(|n| from.add_days(n)) {
            let months = months_between(from, to);
            assert!(from.add_months(months).unwrap() <= to, "{from} {to}");
            assert!(from.add_months(months + 1).unwrap() > to, "{from} {to}");
        }
    }
}

#[test]
fn times_are_read_in_any_offset_and_written_in_chinas() {
    for (text, written) in [
        ("2026-01-20T08:30", "2026-01-20T08:30:00+08:00"),
        ("2026-01-20T08:30:05", "2026-01-20T08:30:05+08:00"),
        ("2026-01-20T08:30:05.7", "2026-01-20T08:30:05.700+08:00"),
        ("2026-01-20T08:30:05.007+08:00", "2026-01-20T08:30:05.007+08:00"),
        ("2026-01-20T08:30Z", "2026-01-20T16:30:00+08:00"),
        ("2026-01-20T16:00Z", "2026-01-21T00:00:00+08:00"),
        ("2026-01-20T08:30-05:30", "2026-01-20T22:00:00+08:00"),
        ("1969-12-31T23:59:59.999Z", "1970-01-01T07:59:59.999+08:00"),
        ("0001-01-01T00:00", "0001-01-01T00:00:00+08:00"),
        ("9999-12-31T23:59:59.999", "9999-12-31T23:59:59.999+08:00"),
    ] {
        let read = DateTime::parse(text).unwrap();
        assert_eq!(read.to_string(), written);
        assert_eq!(DateTime::parse(written), Ok(read));
        assert_eq!(DateTime::from_millis(read.millis()), Some(read));
    }
    let noon = DateTime::parse("2026-01-20T12:01:59").unwrap();
    assert_eq!(noon.minute_of_day(), 721);
    assert_eq!(noon.date(), day("2026-01-20"));
    assert_eq!(
        DateTime::start_of(noon.date()),
        DateTime::parse("2026-01-20T00:00").unwrap()
    );
}

#[test]
fn times_are_read_strictly() {
    for (text, error) in [
        ("2026-01-20", DateError::Format),
        ("2026-01-20 08:30", DateError::Format),
        ("2026-01-20t08:30", DateError::Format),
        ("2026-01-20T08:30z", DateError::Format),
        ("2026-01-20T08", DateError::Format),
        ("2026-01-20T08:30:", DateError::Format),
        ("2026-01-20T08:30:05.", DateError::Format),
        ("2026-01-20T08:30:05.1234", DateError::Format),
        ("2026-01-20T08:30:05,1", DateError::Format),
        ("2026-01-20T08:30.5", DateError::Format),
        ("2026-01-20T08:30+0800", DateError::Format),
        ("2026-01-20T08:30+08", DateError::Format),
        ("2026-01-20T08:30Z ", DateError::Format),
        ("2026-02-30T08:30", DateError::NoSuchDay),
        ("2026-01-20T24:00", DateError::NoSuchTime),
        ("2026-01-20T23:60", DateError::NoSuchTime),
        ("2026-01-20T23:59:60", DateError::NoSuchTime),
        ("2026-01-20T23:59+24:00", DateError::NoSuchTime),
        ("2026-01-20T23:59+08:60", DateError::NoSuchTime),
        ("0001-01-01T00:00+14:00", DateError::OutOfRange),
        ("9999-12-31T16:00Z", DateError::OutOfRange),
    ] {
        assert_eq!(DateTime::parse(text), Err(error), "{text}");
    }
    assert_eq!(DateTime::from_millis(i64::MAX), None);
    assert_eq!(DateTime::from_millis(i64::MIN), None);
}
