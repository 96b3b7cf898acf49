//! The oracle's own parts, each against a few facts that are plain to see.

use super::builtin::half_away;
use super::json::{Json, number_text};
use super::value::{Number, Truth, Unknown, and, less, not, or, same};

fn unknown(word: &str) -> Truth {
    Err(Unknown::new(word))
}

#[test]
fn connectives_commute_and_obey_de_morgan() {
    let all = [
        Ok(true),
        Ok(false),
        unknown("missing"),
        unknown("apple"),
        unknown("overflow"),
    ];
    for a in &all {
        for b in &all {
            assert_eq!(and(a.clone(), b.clone()), and(b.clone(), a.clone()));
            assert_eq!(or(a.clone(), b.clone()), or(b.clone(), a.clone()));
            assert_eq!(not(and(a.clone(), b.clone())), or(not(a.clone()), not(b.clone())));
        }
    }
    assert_eq!(and(Ok(false), unknown("overflow")), Ok(false));
    assert_eq!(or(unknown("zebra"), unknown("apple")), unknown("apple"));
    assert_eq!(or(unknown("apple"), unknown("not_due")), unknown("not_due"));
    assert_eq!(
        and(unknown("missing"), unknown("crs_mixed")),
        unknown("crs_mixed")
    );
}

#[test]
fn intervals_are_compared_by_their_ends() {
    let number = |value: f64, tolerance: f64| Number {
        value,
        tolerance,
        cause: None,
    };
    assert_eq!(
        less(&number(188.0, 12.0), &number(200.0, 0.0)),
        unknown("too_close")
    );
    assert_eq!(less(&number(187.0, 12.0), &number(200.0, 0.0)), Ok(true));
    assert_eq!(less(&number(212.0, 12.0), &number(200.0, 0.0)), Ok(false));
    assert_eq!(less(&number(200.0, 0.0), &number(200.0, 0.0)), Ok(false));
    assert_eq!(same(&number(200.0, 0.0), &number(200.0, 0.0)), Ok(true));
    assert_eq!(
        same(&number(200.0, 1.0), &number(200.0, 0.0)),
        unknown("too_close")
    );
    assert_eq!(same(&number(202.0, 1.0), &number(200.0, 0.0)), Ok(false));
}

#[test]
fn rounding_is_half_away_from_zero_of_the_shifted_double() {
    for (value, digits, rounded) in [
        (0.5, 0, 1.0),
        (-2.5, 0, -3.0),
        (0.125, 2, 0.13),
        (9.995, 2, 9.99),
        // 1.005 lies below, 1.005 × 100 is 100.49999999999999.
        (1.005, 2, 1.0),
        // 1.015 × 100 is 101.49999999999999, 1.115 × 100 is 111.50000000000001.
        (1.115, 2, 1.12),
        (9.9951, 2, 10.0),
        (99.5, 0, 100.0),
        (0.499_999_999_999_999_94, 0, 0.0),
    ] {
        assert_eq!(half_away(value, digits), rounded, "{value} to {digits}");
    }
}

#[test]
fn json_is_read_and_written() {
    let text = r#"{"a":[1,-0.5,true,null],"b":{"c":"学\"\n"},"d":"\ud800"}"#;
    let json = Json::parse(text).unwrap_or(Json::Null);
    assert_eq!(json.write(), text);
    assert_eq!(json.get("d"), Some(&Json::Broken));
    assert_eq!(Json::parse(r#""\ud83d\ude00""#), Ok(Json::Text("😀".to_owned())));
    assert_eq!(Json::parse("[1,]"), Err(3));
    for (number, text) in [
        (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (1e-7, "1e-7"),
        (-0.0, "0"),
        (0.1, "0.1"),
    ] {
        assert_eq!(number_text(number), text);
    }
}
