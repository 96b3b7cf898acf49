//! Days, ages, identity numbers and divisions against witnesses that share no code with the engine: the vectors of the law
//! notes, python `chinesecalendar`, npm `id-validator` and the crate `jiff`. Each data file says in its head where it is from.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot read its data should stop"
)]

use rules_core::domain::age::{AgeRule, LeapRule, adult_from, age_on};
use rules_core::domain::calendar::{DayKind, DayMark, WorkCalendar, WorkdayError};
use rules_core::domain::date::{Date, DateTime, days_between, months_between};
use rules_core::domain::division::{DivisionRow, DivisionStatus, DivisionTable};
use rules_core::domain::resident_id::{self, ResidentIdError};

/// The rows of a CSV text without quoting: comments and the heading left out, each with as many columns as the heading.
fn rows<const N: usize>(text: &str) -> impl Iterator<Item = [&str; N]> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .map(|line| {
            let columns: Vec<&str> = line.split(',').collect();
            columns
                .try_into()
                .unwrap_or_else(|_| panic!("not {N} columns: {line}"))
        })
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

/// The calendar of the rulesets: a year is covered if rows cite its notice.
fn calendar() -> WorkCalendar {
    let table = include_str!("../../rulesets/tables/cn-workdays.csv");
    let mark = |kind| match kind {
        "off" => DayMark::Off,
        "work" => DayMark::Work,
        other => panic!("kind {other}"),
    };
    let days = rows(table).map(|[date, kind, _, _]: [&str; 4]| (day(date), mark(kind)));
    let years = rows(table).map(|[_, _, _, year]: [&str; 4]| year.parse().unwrap());
    WorkCalendar::from_rows(days, years).unwrap()
}

/// Numbers from a fixed seed (SplitMix64), so that a failure comes again.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        i64::try_from((z ^ (z >> 31)) % end).unwrap()
    }

    fn date(&mut self) -> Date {
        Date::from_days(i64::from(Date::MIN.days()) + self.below(3_652_059)).unwrap()
    }
}

#[test]
fn deadlines_of_the_notes() {
    let calendar = calendar();
    for [start, workdays, plain, counted, days] in rows(include_str!("../data/days/deadlines.csv")) {
        let start = day(start);
        let eve = start.add_days(-1).unwrap();
        let weekdays = (1..)
            .filter_map(|n| start.add_days(n))
            .filter(|date| date.weekday() <= 5);
        assert_eq!(calendar.add_workdays(start, 30), Ok(day(workdays)));
        assert_eq!(calendar.workdays_between(start, day(workdays)), Ok(30));
        assert_eq!(weekdays.take(30).last(), Some(day(plain)));
        assert_eq!(calendar.add_workdays(eve, 30), Ok(day(counted)));
        assert_eq!(start.add_days(30), Some(day(days)));
    }
    assert_eq!(
        calendar.workdays_between(day("2023-02-10"), day("2023-02-16")),
        Ok(4)
    );
}

#[test]
fn months_of_the_notes() {
    let calendar = calendar();
    for [start, months, end, rolled, thirties] in rows(include_str!("../data/days/months.csv")) {
        let (start, end, months) = (day(start), day(end), months.parse().unwrap());
        assert_eq!(start.add_months(months), Some(end));
        assert_eq!(months_between(start, end), months);
        assert_eq!(start.add_days(30 * months), Some(day(thirties)));
        if !rolled.is_empty() {
            assert_eq!(calendar.next_workday_on_or_after(end), Ok(day(rolled)));
        }
    }
}

#[test]
fn days_of_the_notes() {
    let calendar = calendar();
    for [date, weekday, works, rolled] in rows(include_str!("../data/days/days.csv")) {
        let date = day(date);
        assert_eq!(date.weekday().to_string(), weekday, "{date}");
        assert_eq!(
            calendar.day_kind(date) == DayKind::Workday,
            works == "1",
            "{date}"
        );
        assert_eq!(calendar.next_workday_on_or_after(date), Ok(day(rolled)));
    }
}

#[test]
fn ages_of_the_notes() {
    for [birth, age, rule, leap, from] in rows(include_str!("../data/days/ages.csv")) {
        let (birth, age, from) = (day(birth), age.parse().unwrap(), day(from));
        let rule = match rule {
            "birthday" => AgeRule::Birthday,
            "day_after" => AgeRule::DayAfter,
            other => panic!("rule {other}"),
        };
        let leap = match leap {
            "feb28" => LeapRule::Feb28,
            "mar1" => LeapRule::Mar1,
            other => panic!("leap {other}"),
        };
        assert_eq!(adult_from(birth, age, rule, leap), Ok(from));
        assert_eq!(age_on(birth, from, rule, leap), Ok(age));
        assert_eq!(age_on(birth, from.add_days(-1).unwrap(), rule, leap), Ok(age - 1));
    }
    assert_eq!(
        (AgeRule::default(), LeapRule::default()),
        (AgeRule::DayAfter, LeapRule::Feb28)
    );
}

#[test]
fn every_day_as_chinesecalendar_has_it() {
    let calendar = calendar();
    let mut compared = 0;
    for [year, kinds] in rows(include_str!("../data/days/workdays-chinesecalendar.csv")) {
        let first = Date::from_ymd(year.parse().unwrap(), 1, 1).unwrap();
        for (at, kind) in (0..).zip(kinds.chars()) {
            let date = first.add_days(at).unwrap();
            let expected = if kind == '1' {
                DayKind::Workday
            } else {
                DayKind::DayOff
            };
            assert_eq!(calendar.day_kind(date), expected, "{date}");
            assert_eq!(date.year(), first.year());
            compared += 1;
        }
    }
    assert_eq!(compared, days_between(day("2007-01-01"), day("2027-01-01")));
    assert!(calendar.years().iter().copied().eq(2007..=2026));
    assert_eq!(calendar.day_kind(day("2006-12-30")), DayKind::Unknown);
    assert_eq!(calendar.day_kind(day("2027-01-04")), DayKind::Unknown);
}

#[test]
fn counts_as_chinesecalendar_has_them() {
    let calendar = calendar();
    let mut compared = 0;
    for [start, count, result] in rows(include_str!("../data/days/add-workdays-chinesecalendar.csv")) {
        let count = count.parse().unwrap();
        assert_eq!(
            calendar.add_workdays(day(start), count),
            Ok(day(result)),
            "{start} {count}"
        );
        if count > 0 {
            assert_eq!(calendar.workdays_between(day(start), day(result)), Ok(count));
        }
        compared += 1;
    }
    assert_eq!(compared, 200);
    let unknown = Err(WorkdayError::UnknownYear { year: 2027 });
    assert_eq!(calendar.add_workdays(day("2026-12-31"), 1), unknown);
    assert_eq!(calendar.add_workdays(day("2007-01-01"), 20_000), unknown);
}

/// id-validator lets every month have 31 days; the engine does not. Its other verdicts are the engine's.
#[test]
fn identity_numbers_as_id_validator_has_them() {
    let (mut compared, mut no_such_day) = (0, 0);
    for [number, valid] in rows(include_str!("../data/days/resident-ids-id-validator.csv")) {
        let read = resident_id::parse(number);
        if valid == "1" && !has_birth_date(number) {
            assert_eq!(read, Err(ResidentIdError::Date), "{number}");
            no_such_day += 1;
        } else {
            assert_eq!(read.is_ok(), valid == "1", "{number}: {read:?}");
        }
        compared += 1;
    }
    assert_eq!((compared, no_such_day), (982, 57));
}

/// Whether the calendar (jiff's) has the birth date of a number.
fn has_birth_date(number: &str) -> bool {
    let born = match number.len() {
        18 => number.get(6..14).unwrap().to_owned(),
        _ => format!("19{}", number.get(6..12).unwrap()),
    };
    jiff::civil::Date::strptime("%Y%m%d", born).is_ok()
}

#[test]
fn arithmetic_as_jiff_has_it() {
    let mut random = Random(20_260_120);
    for _ in 0..10_000 {
        let (date, other) = (random.date(), random.date());
        let (y, m, d) = date.ymd();
        let jiff: jiff::civil::Date = date.to_string().parse().unwrap();
        let jiff_other: jiff::civil::Date = other.to_string().parse().unwrap();
        assert_eq!(
            (
                i32::from(jiff.year()),
                jiff.month().cast_unsigned().into(),
                jiff.day().cast_unsigned().into()
            ),
            (y, m, d)
        );
        assert_eq!(
            u32::from(jiff.weekday().to_monday_one_offset().cast_unsigned()),
            date.weekday()
        );
        let apart = jiff.until((jiff::Unit::Day, jiff_other)).unwrap();
        assert_eq!(days_between(date, other), i64::from(apart.get_days()));

        let days = random.below(80_000) - 40_000;
        let moved = jiff
            .checked_add(jiff::Span::new().days(days))
            .ok()
            .filter(|moved| moved.year() > 0);
        assert_eq!(
            date.add_days(days).map(|date| date.to_string()),
            moved.map(|date| date.to_string())
        );

        let months = random.below(2_400) - 1_200;
        let moved = jiff
            .checked_add(jiff::Span::new().months(months))
            .ok()
            .filter(|moved| moved.year() > 0);
        assert_eq!(
            date.add_months(months).map(|date| date.to_string()),
            moved.map(|date| date.to_string())
        );
    }
}

#[test]
fn instants_as_jiff_has_them() {
    let mut random = Random(8);
    for _ in 0..10_000 {
        let (date, hour, minute) = (random.date(), random.below(24), random.below(60));
        let (second, milli) = (random.below(60), random.below(1000));
        let (east_hour, east_minute) = (random.below(24), random.below(60));
        let sign = if random.below(2) == 0 { '+' } else { '-' };
        let text = format!(
            "{date}T{hour:02}:{minute:02}:{second:02}.{milli:03}{sign}{east_hour:02}:{east_minute:02}"
        );
        let (Ok(ours), Ok(theirs)) = (DateTime::parse(&text), text.parse::<jiff::Timestamp>()) else {
            assert!([1, 9999].contains(&date.year()), "{text}");
            continue;
        };
        assert_eq!(ours.millis(), theirs.as_millisecond(), "{text}");
        let china = theirs.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)));
        assert_eq!(ours.date().to_string(), china.date().to_string(), "{text}");
    }
}

#[test]
fn divisions_of_the_five_places_and_their_past() {
    let number = |text: &str| text.parse::<u32>().unwrap();
    let row = |[code, name, since, until, successors]: [&str; 5]| DivisionRow {
        code: number(code),
        name: name.into(),
        since: since.parse().unwrap(),
        until: if until.is_empty() {
            None
        } else {
            Some(until.parse().unwrap())
        },
        successors: successors
            .split(';')
            .filter(|code| !code.is_empty())
            .map(number)
            .collect(),
    };
    let history: Vec<DivisionRow> = rows(include_str!("../../rulesets/tables/division-codes.csv"))
        .map(row)
        .collect();
    assert_eq!(history.len(), 6823);
    let table = DivisionTable::from_rows(history).unwrap();

    for (code, name) in [
        (640_400, "宁夏回族自治区固原市"),
        (520_400, "贵州省安顺市"),
        (140_500, "山西省晋城市"),
        (500_153, "重庆市荣昌区"),
        (150_424, "内蒙古自治区赤峰市林西县"),
        (110_101, "北京市东城区"),
    ] {
        assert_eq!(table.status(code, 2026), DivisionStatus::Current, "{name}");
        assert_eq!(table.name(code, 2026), Some(name));
    }
    for (code, last, successors) in [
        (500_226, 2015, &[500_153][..]),
        (510_231, 1997, &[500_226]),
        (512_127, 1983, &[510_231]),
        (522_500, 2000, &[]),
        (522_501, 2000, &[520_402]),
        (520_421, 2014, &[520_403]),
        (140_523, 1993, &[140_581]),
        (152_424, 1983, &[150_424]),
    ] {
        assert_eq!(table.status(code, last), DivisionStatus::Current, "{code}");
        assert_eq!(
            table.status(code, 2026),
            DivisionStatus::Historic { successors },
            "{code}"
        );
    }
    assert_eq!(table.status(500_153, 2014), DivisionStatus::NotYet);
    assert_eq!(table.status(500_153, 1979), DivisionStatus::Unknown);
    assert_eq!(table.status(520_499, 2026), DivisionStatus::Unknown);
}
