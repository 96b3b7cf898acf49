//! Whole files.

use super::*;
use crate::ast::{ExprKind, Literal, Piece};

fn parse(text: &str) -> (Option<Ruleset>, Vec<(&'static str, String)>) {
    let mut files = Files::new();
    let file = files.add("a.yaml", text);
    let mut sink = Sink::new();
    let ruleset = parse_ruleset(&files, file, &mut sink);
    let faults = sink
        .into_sorted()
        .iter()
        .map(|d| (d.code.as_str(), files.text(d.span).to_owned()))
        .collect();
    (ruleset, faults)
}

const HEAD: &str = "ruleset: a.b\nversion: 1.0.0\ntitle: { zh: 甲, en: A }\njurisdiction: \"520400\"\n";

#[test]
fn a_ruleset_comes_out_whole() {
    let (ruleset, faults) = parse(&format!(
        "{HEAD}effective: {{ from: 2021-06-01 }}\n\
         params:\n  n: {{ type: number, value: 200, unit: m }}\n  d: {{ type: date, value: 2021-06-01 }}\n\
         fields:\n  - {{ name: k, type: choice, options: [x, y] }}\n  - name: gs\n    type: list\n    fields:\n      age: {{ type: integer, min: 0, relevant: k == \"x\" }}\n\
         let:\n  l: gs.all(|g| g.age > params.n)\n\
         functions:\n  f:\n    args: {{ a: integer }}\n    returns: number\n    body: |\n      let s = 0;\n      s + a\n\
         rules:\n  r:\n    title: {{ zh: 甲, en: A }}\n    kind: duty\n    severity: major\n    clauses: [c]\n    each: g in gs\n    require: g.age > 3\n    at: [k, g.age]\n    message: {{ zh: \"甲${{g.age}}$${{乙}}\", en: \"a\" }}\n\
         cases:\n  - name: one\n    as_of: 2026-03-02\n    answers: {{ k: x, n: 1.50, b: 12345678901234567890, t: \"1\", o: null, gs: [{{ age: 3 }}] }}\n    expect: {{ r: [pass, {{ outcome: undetermined, missing: [/k], margin: -1.5 }}] }}\n"
    ));
    assert_eq!(faults, []);
    let ruleset = ruleset.unwrap();
    assert_eq!(
        (ruleset.id.value.as_str(), ruleset.jurisdiction.value),
        ("a.b", 520_400)
    );
    assert_eq!(ruleset.params[0].value.as_ref().unwrap().value, Literal::Int(200));
    assert_eq!(
        ruleset.params[1].value.as_ref().unwrap().value,
        Literal::Text("2021-06-01".into())
    );
    assert_eq!(ruleset.fields[1].fields[0].name.value, "age");
    let rule = &ruleset.rules[0];
    assert_eq!(rule.each.as_ref().unwrap().0.value, "g");
    let [Piece::Text(first), Piece::Expr(expr), Piece::Text(rest)] = rule.message.zh.as_slice() else {
        panic!()
    };
    assert_eq!((first.as_str(), rest.as_str()), ("甲", "${乙}"));
    assert!(matches!(expr.kind, ExprKind::Member(..)));
    let case = &ruleset.cases[0];
    assert_eq!(
        case.answers,
        r#"{"k":"x","n":1.50,"b":12345678901234567890,"t":"1","o":null,"gs":[{"age":3}]}"#
    );
    assert_eq!(case.expect[0].1[1].margin, Some(-1.5));
}

#[test]
fn the_digest_is_of_the_content() {
    let digest = |text: &str| parse(text).0.unwrap().digest;
    let first = digest(HEAD);
    assert!(first.starts_with("sha256:"));
    assert_eq!(first, digest(&format!("# note\n{HEAD}cases: []\n")));
    assert_eq!(
        first,
        digest("title: {en: 'A', zh: \"甲\"}\njurisdiction: '520400'\nruleset: a.b\nversion: 1.0.0\n")
    );
    assert_ne!(first, digest(&HEAD.replace('A', "B")));
}

#[test]
fn every_fault_of_a_file_is_told_at_once() {
    let (_, faults) = parse(
        "ruleset: A\nversion: 1.0\ntitel: 甲\njurisdiction: 000000\neffective: { from: 2021-6-1 }\nfields: [{ name: x, type: intger }]\n",
    );
    let codes: Vec<&str> = faults.iter().map(|(code, _)| *code).collect();
    assert_eq!(
        codes,
        ["R0007", "R0012", "R0011", "R0002", "R0013", "R0010", "R0008"]
    );
    assert_eq!(faults[6].1, "intger");
}

#[test]
fn versions() {
    for good in ["0.0.1", "1.2.3-rc.1", "1.2.3+b-1", "10.20.30-a+b"] {
        assert!(is_semantic(good), "{good}");
    }
    for bad in ["1", "1.0", "01.0.0", "1.0.0-", "1.0.0.0", "v1.0.0", ""] {
        assert!(!is_semantic(bad), "{bad}");
    }
}
