//! Random rulesets as YAML text: a form with every type of field, random constraints, relevance, lets and rules.
//!
//! In: a generator, the stored document and the words of it that the clause quotes. Out: YAML. Must not know: what it means.

use super::Rng;
use super::expressions::{Bound, Writer};
use std::fmt::Write as _;

/// The reference data that goes with every generated ruleset.
pub const SCHOOLS: &str = r#"[
  {"id": "a", "name": "学校", "pupils": 300, "place": {"lng": 105.950, "lat": 26.250, "crs": "wgs84"}},
  {"id": "b", "name": "乙", "place": {"lng": 105.953, "lat": 26.252, "crs": "wgs84"}},
  {"id": "c", "pupils": 0, "place": {"lng": 106.95, "lat": 26.25, "crs": "wgs84"}},
  {"id": "x1", "name": "丁", "pupils": 12}
]"#;

/// The words that stand between the head and the fields.
const DATA: &str = r#"params:
  limit: { type: number, unit: m, label: { zh: 限, en: Limit }, value: 200, clause: nine }
  share: { type: number, label: { zh: 份, en: Share }, value: 0.5, clause: nine }
  unset: { type: number, unit: m, label: { zh: 缺, en: Unset } }
  gone: { type: boolean, label: { zh: 缺, en: Unset } }
  way: { type: choice, label: { zh: 法, en: Way }, options: { straight: 直, walking: 行 }, value: straight, clause: nine }
tables:
  schools:
    label: { zh: 学校, en: Schools }
    key: id
    columns:
      - { name: id, type: text, label: { zh: 号, en: Id } }
      - { name: name, type: text, label: { zh: 名, en: Name } }
      - { name: pupils, type: integer, label: { zh: 人, en: Pupils } }
      - { name: place, type: point, label: { zh: 处, en: Place } }
  workdays: { type: calendar, include: cn-workdays, label: { zh: 日历, en: Calendar } }
"#;

/// Every type, with what a field of it may add.
const FIELDS: [(&str, &str, &[&str]); 21] = [
    ("b", "boolean", &[""]),
    ("c", "boolean", &[""]),
    ("n", "integer", &["", "min: 0", "max: 20", "min: -5, max: 18"]),
    ("m", "integer", &["", "min: 0"]),
    ("x", "number", &["", "min: 0.5", "max: 199.5"]),
    ("y", "number", &[""]),
    ("t", "text", &["", "max_length: 4", "sensitive: true"]),
    ("u", "text", &["", "pattern: '[a-z]+'"]),
    ("k", "choice, options: { red: 红, green: 绿, blue: 蓝 }", &[""]),
    ("j", "choice, options: { red: 红, green: 绿, blue: 蓝 }", &[""]),
    (
        "ks",
        "choices, options: { red: 红, green: 绿, blue: 蓝 }",
        &["", "max_items: 2", "min_items: 1"],
    ),
    ("d", "date", &["", "min: 2000-01-01", "max: 2030-12-31"]),
    ("e", "date", &[""]),
    ("dt", "datetime", &[""]),
    ("w", "measure, unit: m", &["", "min: 0"]),
    ("v", "measure, unit: m", &[""]),
    ("p", "point", &["", "crs: [wgs84]"]),
    ("q", "point", &[""]),
    ("g", "area", &["", "crs: [wgs84]"]),
    ("f", "attachment", &[""]),
    ("school", "ref, table: schools", &[""]),
];

/// Writes a random ruleset.
pub fn ruleset(rng: &mut Rng, document: &str, quote: &str) -> String {
    let mut out = format!(
        "ruleset: test.generated\nversion: 1.0.0\ntitle: {{ zh: 生成, en: Generated }}\njurisdiction: \"000000\"\n\
         sources:\n  nine:\n    document: {document}\n    title: 文\n    article: 第一条\n    quote: {quote}\n    \
         publisher: 某\n    grade: unverified\n{DATA}"
    );
    fields(rng, &mut out);
    let lets = lets(rng, &mut out);
    let count = 2 + rng.below(5);
    out.push_str("rules:\n");
    for number in 0..count {
        rule(rng, &lets, number, &mut out);
    }
    out
}

/// A quoted YAML scalar.
fn quoted(expression: &str) -> String {
    format!("'{}'", expression.replace('\'', "''"))
}

fn fields(rng: &mut Rng, out: &mut String) {
    out.push_str("fields:\n");
    for (name, kind, constraints) in FIELDS {
        let mut line = format!("  - {{ name: {name}, type: {kind}, label: {{ zh: 字, en: Field }}");
        let constraint = *rng.pick(constraints);
        if !constraint.is_empty() {
            let _ = write!(line, ", {constraint}");
        }
        extras(
            rng,
            &mut line,
            &["b", "k == \"red\"", "n > 3", "known(d)", "c && b"],
        );
        out.push_str(&line);
        out.push_str(" }\n");
    }
    out.push_str(
        "  - name: addr\n    type: group\n    label: { zh: 址, en: Address }\n    fields:\n      \
         - { name: street, type: text, label: { zh: 街, en: Street } }\n      \
         - { name: no, type: integer, required: true, label: { zh: 号, en: No } }\n",
    );
    let relevant = if rng.chance(20) { "    relevant: b\n" } else { "" };
    let most = if rng.chance(30) { "    max_items: 2\n" } else { "" };
    let mut age = "{ name: age, type: integer, min: 0, label: { zh: 岁, en: Age }".to_owned();
    extras(rng, &mut age, &["b", "c"]);
    let _ = write!(
        out,
        "  - name: guests\n    type: list\n{relevant}{most}    label: {{ zh: 客, en: Guests }}\n    fields:\n      \
         - {{ name: name, type: text, required: true, label: {{ zh: 名, en: Name }} }}\n      - {age} }}\n      \
         - {{ name: ok, type: boolean, label: {{ zh: 可, en: Ok }} }}\n      \
         - {{ name: born, type: date, label: {{ zh: 生, en: Born }} }}\n      \
         - name: room\n        type: group\n        label: {{ zh: 房, en: Room }}\n        fields:\n          \
         - {{ name: floor, type: integer, label: {{ zh: 层, en: Floor }} }}\n      \
         - name: visits\n        type: list\n        label: {{ zh: 访, en: Visits }}\n        fields:\n          \
         - {{ name: on, type: date, label: {{ zh: 日, en: On }} }}\n  \
         - {{ name: xs, type: list, label: {{ zh: 数, en: Xs }}, item: {{ type: integer }} }}\n"
    );
}

/// Now and then `required` and `relevant`.
fn extras(rng: &mut Rng, line: &mut String, relevants: &[&str]) {
    if rng.chance(20) {
        line.push_str(", required: true");
    }
    if rng.chance(15) {
        let _ = write!(line, ", relevant: {}", quoted(rng.pick::<&str>(relevants)));
    }
}

fn lets(rng: &mut Rng, out: &mut String) -> Vec<String> {
    let mut names = Vec::new();
    let count = rng.below(3);
    if count > 0 {
        out.push_str("let:\n");
    }
    for number in 0..count {
        let expression = Writer {
            rng,
            bound: Vec::new(),
            lets: names.clone(),
        }
        .truth(2);
        let _ = writeln!(out, "  l{number}: {}", quoted(&expression));
        names.push(format!("l{number}"));
    }
    names
}

fn rule(rng: &mut Rng, lets: &[String], number: usize, out: &mut String) {
    let kind = *rng.pick(&["duty", "duty", "prohibition", "trigger", "entry"]);
    let severity = *rng.pick(&["critical", "major", "moderate", "minor"]);
    let _ = write!(
        out,
        "  - id: r{number}\n    title: {{ zh: 规, en: Rule }}\n    kind: {kind}\n    severity: {severity}\n    clauses: [nine]\n    \
         message: {{ zh: \"不行${{n}}\", en: \"No ${{n}}\" }}\n"
    );
    let mut bound = Vec::new();
    if rng.chance(35) {
        let (list, kind) = *rng.pick(&[
            ("guests", Bound::Guest),
            ("guests", Bound::Guest),
            ("xs", Bound::Scalar),
        ]);
        let _ = writeln!(out, "    each: guest in {list}");
        bound.push(("guest".to_owned(), kind));
    }
    let each = !bound.is_empty();
    let mut writer = Writer {
        rng,
        bound,
        lets: lets.to_vec(),
    };
    if each && writer.rng.chance(50) {
        let _ = writeln!(out, "    where: {}", quoted(&writer.truth(1)));
    }
    if writer.rng.chance(50) {
        let _ = writeln!(out, "    when: {}", quoted(&writer.truth(1)));
    }
    let verb = *writer.rng.pick(&["require", "require", "forbid"]);
    let depth = 1 + writer.rng.below(3) as u32;
    let _ = writeln!(out, "    {verb}: {}", quoted(&writer.truth(depth)));
    if writer.rng.chance(20) {
        let _ = writeln!(out, "    due: {}", quoted(&writer.date(1)));
    }
    if writer.rng.chance(20) {
        let evidence = *writer.rng.pick(&["[f]", "[f, t]", "[addr.street]"]);
        let _ = writeln!(out, "    evidence: {evidence}");
    }
    if writer.rng.chance(15) {
        let _ = writeln!(out, "    deadline: {}", quoted("add_days(as_of, 3)"));
    }
    if writer.rng.chance(10) {
        let period = *writer.rng.pick(&[
            "{ from: 2026-03-03 }",
            "{ until: 2026-03-02 }",
            "{ from: 2026-03-02 }",
        ]);
        let _ = writeln!(out, "    effective: {period}");
    }
}
