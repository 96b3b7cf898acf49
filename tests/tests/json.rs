//! The strict JSON reader and the canonical writer against serde_json and the vectors of RFC 8785.

use rules_core::json::{Flaw, Json, SyntaxKind, parse};
use rules_tests::generate::Rng;

fn theirs(value: &serde_json::Value) -> Json {
    match value {
        serde_json::Value::Null => Json::Null,
        serde_json::Value::Bool(value) => Json::Bool(*value),
        serde_json::Value::Number(number) => Json::Num(number.as_f64().expect("a double")),
        serde_json::Value::String(text) => Json::Str(text.clone()),
        serde_json::Value::Array(items) => Json::Arr(items.iter().map(theirs).collect()),
        serde_json::Value::Object(members) => Json::Obj(
            members
                .iter()
                .map(|(key, value)| (key.clone(), theirs(value)))
                .collect(),
        ),
    }
}

fn random_json(rng: &mut Rng, depth: usize, out: &mut String) {
    match rng.below(if depth > 4 { 5 } else { 7 }) {
        0 => out.push_str("null"),
        1 => out.push_str("true"),
        2 => {
            let digits = rng.below(20);
            if rng.below(2) == 0 {
                out.push('-');
            }
            out.push_str(&(rng.draw() % 10u64.pow(digits as u32)).to_string());
            if rng.below(2) == 0 {
                out.push_str(&format!(".{:03}", rng.below(1000)));
            }
            if rng.below(4) == 0 {
                out.push_str(&format!("e{}", rng.below(40) as i64 - 20));
            }
        }
        3 | 4 => {
            out.push('"');
            for _ in 0..rng.below(6) {
                out.push_str(
                    [
                        "a",
                        "中",
                        "\\n",
                        "\\u4e2d",
                        "\\ud83d\\ude00",
                        "\\\\",
                        "\\\"",
                        "😀",
                        "/",
                    ][rng.below(9)],
                );
            }
            out.push('"');
        }
        5 => {
            out.push('[');
            for i in 0..rng.below(4) {
                if i > 0 {
                    out.push_str(" ,\t");
                }
                random_json(rng, depth + 1, out);
            }
            out.push(']');
        }
        _ => {
            out.push('{');
            for i in 0..rng.below(4) {
                if i > 0 {
                    out.push(',');
                }
                out.push_str(&format!("\"k{i}\" : "));
                random_json(rng, depth + 1, out);
            }
            out.push('}');
        }
    }
}

#[test]
fn reads_what_serde_json_reads() {
    let mut rng = Rng::new(7);
    for _ in 0..20_000 {
        let mut text = String::new();
        random_json(&mut rng, 0, &mut text);
        let ours = parse(&text, 64).expect(&text).0;
        let value: serde_json::Value = serde_json::from_str(&text).expect(&text);
        // Key order is not part of a value.
        assert_eq!(ours.canonical(), theirs(&value).canonical(), "{text}");
        let again = parse(&ours.canonical(), 64).expect("canonical text").0;
        assert_eq!(
            again.canonical(),
            ours.canonical(),
            "writing is idempotent: {text}"
        );
    }
}

#[test]
fn refuses_what_serde_json_refuses() {
    let mut rng = Rng::new(11);
    let mut refused = 0;
    for _ in 0..40_000 {
        let mut text = String::new();
        random_json(&mut rng, 2, &mut text);
        let mut bytes = text.into_bytes();
        if bytes.is_empty() {
            continue;
        }
        let at = rng.below(bytes.len());
        match rng.below(3) {
            0 => bytes[at] = b"{}[]\",:0e.-\\ u"[rng.below(14)],
            1 => {
                bytes.remove(at);
            }
            _ => bytes.truncate(at),
        }
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
        let ours = parse(&text, 64);
        let value: Result<serde_json::Value, _> = serde_json::from_str(&text);
        match (&ours, &value) {
            (Ok((_, flaws)), Err(_)) => {
                assert!(!flaws.is_empty(), "ours reads what serde_json refuses: {text}")
            }
            (Err(error), Ok(_)) => panic!("ours refuses {text}: {error:?}"),
            (Err(_), Err(_)) => refused += 1,
            (Ok(_), Ok(_)) => {}
        }
    }
    assert!(refused > 1_000, "the mutations are harmless");
}

#[test]
fn flaws_stand_at_their_places() {
    let flaws = |text: &str| parse(text, 8).expect(text).1;
    let one = |at: &str, flaw| vec![(at.to_string(), flaw)];
    assert_eq!(flaws(r#"{"a":1,"a":2}"#), one("/a", Flaw::DuplicateKey));
    assert_eq!(
        flaws(r#"{"a":[9007199254740992]}"#),
        one("/a/0", Flaw::UnsafeInteger)
    );
    assert_eq!(flaws(r#"{"a":9007199254740991}"#), vec![]);
    assert_eq!(flaws(r#"{"a/b":1e400}"#), one("/a~1b", Flaw::NotFinite));
    assert_eq!(flaws(r#"["\ud800"]"#), one("/0", Flaw::LoneSurrogate));
    assert_eq!(flaws(r#"["\ud800\u0041"]"#), one("/0", Flaw::LoneSurrogate));
    assert_eq!(
        parse("[[[[[[[[[1]]]]]]]]]", 8).expect_err("nine deep").kind,
        SyntaxKind::TooDeep
    );
    assert_eq!(
        parse("1 2", 8).expect_err("two values").kind,
        SyntaxKind::Trailing
    );
    assert_eq!(parse("\u{feff}1", 8).expect_err("a byte order mark").offset, 0);
    assert_eq!(parse("[1,]", 8).expect_err("a comma too many").offset, 3);
}

/// RFC 8785, appendix B.
#[test]
fn numbers_are_written_as_ecmascript_does() {
    for (bits, text) in [
        (0x0000000000000000u64, "0"),
        (0x8000000000000000, "0"),
        (0x0000000000000001, "5e-324"),
        (0x8000000000000001, "-5e-324"),
        (0x7fefffffffffffff, "1.7976931348623157e+308"),
        (0x4340000000000000, "9007199254740992"),
        (0x4430000000000000, "295147905179352830000"),
        (0x44b52d02c7e14af5, "9.999999999999997e+22"),
        (0x44b52d02c7e14af6, "1e+23"),
        (0x444b1ae4d6e2ef4e, "999999999999999700000"),
        (0x444b1ae4d6e2ef50, "1e+21"),
        (0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"),
        (0x3eb0c6f7a0b5ed8d, "0.000001"),
        (0x41b3de4355555557, "333333333.33333343"),
    ] {
        assert_eq!(Json::Num(f64::from_bits(bits)).canonical(), text);
    }
    let keys = parse(
        "{\"\\u20ac\":1,\"\\r\":2,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}",
        8,
    );
    assert_eq!(
        keys.expect("RFC 8785 §3.2.3").0.canonical(),
        "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5}"
    );
}
