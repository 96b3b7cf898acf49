//! Expressions and the diagnostics or types they get, in a small ruleset.

use super::report::Report;
use super::sources::Documents;
use crate::ast::{self, At, Literal};
use crate::compile::{Compiled, Library, compile};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::hir::{self, Ty};
use crate::source::Files;
use crate::syntax::parse_expression;
use rules_core::domain::date::Date;
use std::borrow::Cow;

pub(super) struct Shelf;

impl Library for Shelf {
    fn source_text(&self, document: &str) -> Option<Cow<'_, str>> {
        (document == "law").then_some(Cow::Borrowed("第一条　不得\n吸烟。"))
    }

    fn table(&self, include: &str) -> Option<String> {
        (include == "cn-workdays").then(|| "date,kind\n".to_owned())
    }
}

fn at<T>(value: T) -> At<T> {
    At {
        value,
        span: ast::Span::default(),
    }
}

fn word(text: &str) -> At<String> {
    at(text.to_owned())
}

/// `name type key=value …`
fn field(line: &str) -> ast::Field {
    let mut words = line.split(' ');
    let mut field = ast::Field {
        name: word(words.next().unwrap()),
        kind: word(words.next().unwrap()),
        label: ast::Text::default(),
        hint: ast::Text::default(),
        required: false,
        relevant: None,
        unit: None,
        min: None,
        max: None,
        max_length: None,
        pattern: None,
        options: Vec::new(),
        min_items: None,
        max_items: None,
        crs: Vec::new(),
        fields: Vec::new(),
        item: None,
        table: None,
        sensitive: false,
        section: None,
    };
    for pair in words {
        let (key, value) = pair.split_once('=').unwrap();
        match key {
            "unit" => field.unit = Some(word(value)),
            "min" => field.min = Some(at(Literal::Int(value.parse().unwrap()))),
            "max" => field.max = Some(at(Literal::Int(value.parse().unwrap()))),
            "options" => {
                field.options = value
                    .split(',')
                    .map(|code| (word(code), ast::Text::default()))
                    .collect()
            }
            "crs" => field.crs.push(word(value)),
            "table" => field.table = Some(word(value)),
            "item" => field.item = Some(Box::new(self::field(&format!(" {value}")))),
            "sensitive" => field.sensitive = true,
            "max_length" => field.max_length = Some(at(value.parse().unwrap())),
            other => panic!("{other}"),
        }
    }
    field
}

fn param(line: &str, value: Option<Literal>) -> ast::Param {
    let field = field(line);
    ast::Param {
        name: field.name,
        kind: Some(field.kind),
        label: ast::Text::default(),
        unit: field.unit,
        options: field.options,
        value: value.map(at),
        clause: None,
        proposal: true,
    }
}

pub(super) fn parsed(text: &str) -> ast::Expr {
    let (expr, faults) = parse_expression(text);
    assert!(faults.is_empty(), "{text}: {faults:?}");
    expr
}

pub(super) fn rule(id: &str, require: &str) -> ast::Rule {
    ast::Rule {
        id: word(id),
        title: ast::Text::default(),
        kind: word("duty"),
        severity: word("major"),
        section: None,
        clauses: vec![word("law_1")],
        each: None,
        filter: None,
        when: None,
        require: Some(parsed(require)),
        forbid: None,
        due: None,
        evidence: Vec::new(),
        at: Vec::new(),
        message: ast::Message::default(),
        remedy: ast::Text::default(),
        duty: ast::Text::default(),
        deadline: None,
        effective: ast::Period::default(),
        tags: Vec::new(),
        span: ast::Span::default(),
    }
}

pub(super) fn ruleset() -> ast::Ruleset {
    let mut guests = field("guests list");
    guests.fields = [
        "name text sensitive=true",
        "age integer min=0 max=150",
        "kind choice options=a,b",
    ]
    .map(field)
    .to_vec();
    let mut address = field("address group");
    address.fields = vec![field("street text max_length=5")];
    let fields = [
        "flag boolean",
        "n integer min=1 max=5",
        "x number",
        "metres number unit=m",
        "days integer unit=day",
        "kind choice options=bar,cafe",
        "other choice options=red,blue",
        "kinds choices options=bar,cafe,shop",
        "t text",
        "d date",
        "dt datetime",
        "gap measure unit=m",
        "here point crs=wgs84",
        "map point crs=gcj02",
        "site area",
        "photo attachment",
        "school ref table=schools",
        "codes list item=text",
        "secret text sensitive=true",
    ];
    let mut all: Vec<ast::Field> = fields.into_iter().map(field).collect();
    all.extend([guests, address]);
    ast::Ruleset {
        id: word("base"),
        version: word("1.0.0"),
        title: ast::Text::default(),
        jurisdiction: at(0),
        effective: ast::Period::default(),
        extends: None,
        documents: Vec::new(),
        sections: Vec::new(),
        sources: vec![ast::Source {
            id: word("law_1"),
            document: word("law"),
            title: String::new(),
            article: String::new(),
            quote: word("不得 吸烟。"),
            publisher: String::new(),
            link: String::new(),
            grade: word("original"),
            effective: ast::Period::default(),
            note: ast::Text::default(),
            behind: Vec::new(),
            duty: ast::Text::default(),
        }],
        params: vec![
            param("least number unit=m", Some(Literal::Int(200))),
            param("open integer unit=day", None),
            param("mode choice options=p,q", Some(Literal::Text("p".to_owned()))),
        ],
        tables: vec![
            ast::Table {
                name: word("schools"),
                label: ast::Text::default(),
                calendar: false,
                include: None,
                key: Some(word("id")),
                columns: ["id text", "place point"].map(field).to_vec(),
            },
            ast::Table {
                name: word("workdays"),
                label: ast::Text::default(),
                calendar: true,
                include: Some(word("cn-workdays")),
                key: None,
                columns: Vec::new(),
            },
        ],
        fields: all,
        let_labels: Vec::new(),
        lets: vec![
            (word("far"), parsed("near && metres > 10")),
            (word("near"), parsed("metres < 100")),
            (word("shown"), parsed("`${secret}`")),
        ],
        functions: Vec::new(),
        rules: Vec::new(),
        disable: Vec::new(),
        cases: Vec::new(),
        digest: String::new(),
        span: ast::Span::default(),
    }
}

fn resolved(ruleset: &ast::Ruleset) -> (hir::Ruleset, Vec<Diagnostic>) {
    let mut report = Report::default();
    let found = super::resolve(
        ruleset,
        Vec::new(),
        &Shelf,
        &mut Documents::default(),
        &mut report,
    );
    let mut sink = Sink::new();
    report.flush(&mut sink);
    (found, sink.into_sorted())
}

pub(super) fn compiled(asts: &[ast::Ruleset]) -> (Option<Compiled>, Vec<Diagnostic>) {
    let mut sink = Sink::new();
    let found = compile(&Files::new(), asts, &Shelf, &mut sink);
    (found, sink.into_sorted())
}

/// The type and the codes of an expression that is a derived value.
fn typed(text: &str) -> (Ty, Vec<Diagnostic>) {
    let mut base = ruleset();
    base.lets.push((word("it"), parsed(text)));
    let (found, diagnostics) = resolved(&base);
    (found.lets.last().unwrap().1.ty.clone(), diagnostics)
}

#[test]
fn expressions_have_types() {
    let int = |unit: &str| Ty::Int(unit.to_owned());
    let num = |unit: &str| Ty::Num(unit.to_owned());
    let measure = |unit: &str| Ty::Measure(unit.to_owned());
    for (text, ty) in [
        ("n + 1", int("")),
        ("n / 2", num("")),
        ("n + 0.5", num("")),
        ("metres * n", num("m")),
        ("metres / metres", num("")),
        ("days % 7", int("day")),
        ("gap * 2", measure("m")),
        ("gap - metres", measure("m")),
        ("-gap", measure("m")),
        ("flag && near && !far", Ty::Bool),
        ("kind == \"bar\"", Ty::Bool),
        ("kind == if flag { \"bar\" } else { \"cafe\" }", Ty::Bool),
        ("\"bar\" in kinds && kind in kinds", Ty::Bool),
        (
            "n in 2..=4 && kind in [\"bar\"] && t in codes && \"a\" in t",
            Ty::Bool,
        ),
        ("days_between(d, as_of)", int("day")),
        ("add_workdays(d, 3) >= date(\"2026-01-01\")", Ty::Bool),
        (
            "age_on(d, as_of, \"birthday\") < 18 && minor_on(d, as_of)",
            Ty::Bool,
        ),
        ("distance(here, site)", measure("m")),
        ("distance(here, to_wgs84(map)) >= params.least", Ty::Bool),
        ("nearest(schools, here).id", Ty::Text),
        ("within(schools, here, 200).count()", int("")),
        ("within(schools, here, 200)[0].place", Ty::Point(Vec::new())),
        ("lookup(schools, school).id == school", Ty::Bool),
        ("guests.all(|g| g.age >= 18 || known(g.name) || flag)", Ty::Bool),
        ("guests.count(|g| g.kind == \"a\") > 1", Ty::Bool),
        ("sum(guests, |g| g.age)", int("")),
        ("min(guests, |g| g.age / 2)", num("")),
        ("max(d, as_of)", Ty::Date),
        ("guests[0].age", int("")),
        ("codes[1]", Ty::Text),
        ("address.street", Ty::Text),
        ("known(photo) && missing(guests)", Ty::Bool),
        ("x ?? 3", num("")),
        ("if flag { metres } else { 5 }", num("m")),
        ("if flag { true } else { unknown(\"method\") }", Ty::Bool),
        ("`${n} ${kind} ${d}`", Ty::Text),
        ("matches(t, \"[0-9]+\") && starts_with(t, \"a\")", Ty::Bool),
        ("round(x, 2) + abs(n) + ratio(n, 10)", num("")),
        ("hour(dt) + year(d)", int("")),
        ("date_of(dt)", Ty::Date),
        ("params.mode == \"q\" && params.open > days", Ty::Bool),
        ("birth_of_resident_id(t)", Ty::Date),
    ] {
        let (found, diagnostics) = typed(text);
        let faults: Vec<&Diagnostic> = diagnostics.iter().collect();
        assert!(faults.is_empty(), "{text}: {faults:?}");
        assert_eq!(found, ty, "{text}");
    }
}

#[test]
fn faults_have_codes_and_help() {
    for (text, code, says) in [
        ("flagg", Code::R0201, "did you mean `flag`"),
        ("least > 3", Code::R0201, "params.least"),
        ("street == \"x\"", Code::R0201, "address.street"),
        ("params.leats > 1", Code::R0201, "`least`"),
        ("guests.all(|g| g.agee > 1)", Code::R0201, "`age`"),
        ("lookup(scools, school).id == t", Code::R0201, "`schools`"),
        ("t > 3", Code::R0203, "different types"),
        ("d > \"2026-01-01\"", Code::R0203, "date(\"2026-01-01\")"),
        ("d == dt", Code::R0203, "date_of"),
        ("n && flag", Code::R0203, "compare it"),
        ("flag && photo", Code::R0203, "known"),
        ("photo == \"x\"", Code::R0203, ""),
        ("d - as_of", Code::R0203, "days_between"),
        ("gap * gap", Code::R0203, "plain number"),
        ("guests.age > 3", Code::R0203, "which items"),
        ("schools", Code::R0203, "lookup"),
        ("flag.all(|x| x)", Code::R0203, "expects a list"),
        ("all(guests, flag)", Code::R0203, "closure"),
        ("daysbetween(d, as_of)", Code::R0204, "days_between"),
        ("days_between(d)", Code::R0205, "days_between(from, to)"),
        ("kind == \"barr\"", Code::R0206, "`bar`"),
        ("kind in [\"bar\", \"zzz\"]", Code::R0206, "the options are"),
        ("\"x\" in kinds", Code::R0206, ""),
        ("metres > days", Code::R0207, "`m` and `day`"),
        ("metres + days", Code::R0207, ""),
        ("add_months(d, days) > d", Code::R0207, ""),
        ("n < n", Code::R0208, "both sides"),
        ("n == 9", Code::R0208, "always false"),
        ("n <= 5", Code::R0208, "always true"),
        ("len(codes) >= 0", Code::R0208, "always true"),
        ("1 < 2", Code::R0208, ""),
        ("kind == other", Code::R0208, "no option in common"),
        ("kind in [\"bar\", \"cafe\"]", Code::R0208, "every option"),
        ("month(d) == 13", Code::R0208, ""),
        ("guests.any(|g| g.age > 200)", Code::R0208, ""),
        ("distance(here, map) < 5", Code::R0209, "to_wgs84"),
        ("it == 1", Code::R0210, ""),
        ("date(t) > d", Code::R0211, "literal"),
        ("date(\"2026-02-30\") > d", Code::R0010, ""),
        ("matches(t, \"(\")", Code::R0212, "unclosed"),
        ("lookup(workdays, t).id == t", Code::R0214, ""),
        ("codes[x] == t", Code::R0211, ""),
    ] {
        let (_, diagnostics) = typed(text);
        let [one] = diagnostics.as_slice() else {
            panic!("{text}: {diagnostics:?}")
        };
        assert_eq!(one.code, code, "{text}: {one:?}");
        let all = format!("{} {}", one.message, one.help.join(" "));
        assert!(all.contains(says), "{text}: {all}");
    }
}

#[test]
fn rules_rest_on_clauses_and_keep_secrets() {
    let mut base = ruleset();
    let mut told = rule("told", "flag");
    told.message.zh = vec![ast::Piece::Expr(parsed("shown"))];
    let mut looked = rule("looked", "known(t)");
    looked.message.zh = vec![ast::Piece::Expr(parsed("known(secret)"))];
    let mut bare = rule("bare", "flag");
    bare.clauses.clear();
    let mut stray = rule("stray", "flag");
    stray.clauses = vec![word("law_2")];
    stray.filter = Some(parsed("flag"));
    stray.evidence = vec![parsed("near")];
    base.rules = vec![told, looked, bare, stray];
    let mut codes: Vec<Code> = resolved(&base).1.iter().map(|one| one.code).collect();
    codes.sort();
    assert_eq!(
        codes,
        [
            Code::R0203,
            Code::R0302,
            Code::R0303,
            Code::R0402,
            Code::R0410,
            Code::R0501,
            Code::R0501
        ]
    );
}

#[test]
fn a_layer_sets_disables_and_adds() {
    let mut base = ruleset();
    base.rules = vec![rule("one", "flag"), rule("two", "metres > params.least")];
    let mut layer = ruleset();
    layer.id = word("base.local");
    layer.extends = Some(word("base"));
    layer.jurisdiction = at(520_400);
    layer.fields.clear();
    layer.lets.clear();
    layer.tables.clear();
    layer.sources.clear();
    layer.params = vec![ast::Param {
        kind: None,
        value: Some(at(Literal::Int(300))),
        ..param("least number", None)
    }];
    layer.rules = vec![rule("three", "far")];
    layer.disable = vec![ast::Disable {
        rule: word("one"),
        reason: ast::Text::default(),
        clause: word("law_1"),
    }];
    let group = vec![base, layer];
    let (found, diagnostics) = compiled(&group);
    let found = found.unwrap_or_else(|| panic!("{diagnostics:?}"));
    let ids = |at: usize| -> Vec<&str> {
        found.variants[at]
            .plan
            .rules
            .iter()
            .map(|rule| rule.id.as_str())
            .collect()
    };
    assert_eq!((ids(0), ids(1)), (vec!["one", "two"], vec!["two", "three"]));
    assert_eq!(found.tables.len(), 1);
    assert_eq!(
        found.variants[1].hir.params[0].value,
        Some(rules_core::plan::Const::Num(300.0))
    );

    // A second layer for a place inside the first one's area.
    let mut second = group[1].clone();
    second.id = word("base.other");
    second.jurisdiction = at(520_402);
    let codes = |group: &[ast::Ruleset]| -> Vec<Code> {
        compiled(group)
            .1
            .iter()
            .map(|one| one.code)
            .filter(|code| *code != Code::R0704)
            .collect()
    };
    assert_eq!(
        codes(&[group[0].clone(), group[1].clone(), second.clone()]),
        [Code::R0603]
    );
    second.effective.until = Date::from_ymd(2020, 1, 1);
    let mut first = group[1].clone();
    first.effective.from = Date::from_ymd(2020, 1, 1);
    assert_eq!(codes(&[group[0].clone(), first, second]), []);
}

#[test]
fn files_are_grouped_by_what_they_extend() {
    let named = |id: &str, extends: Option<&str>| {
        let mut one = ruleset();
        one.id = word(id);
        one.extends = extends.map(word);
        one
    };
    let all = vec![
        named("b.x.y", Some("b.x")),
        named("a", None),
        named("b.x", Some("b")),
        named("b", None),
        named("c.z", Some("c")),
    ];
    let mut sink = Sink::new();
    let groups = crate::rulesets::group(all, &mut sink);
    let ids: Vec<Vec<&str>> = groups
        .iter()
        .map(|group| group.iter().map(|one| one.id.value.as_str()).collect())
        .collect();
    assert_eq!(ids, [vec!["a"], vec!["b", "b.x", "b.x.y"]]);
    assert_eq!(sink.into_sorted()[0].code, Code::R0601);
}

#[test]
fn a_plan_is_the_same_every_time_and_in_order() {
    let mut base = ruleset();
    base.rules = vec![
        rule(
            "one",
            "guests.all(|g| g.age + 1 > 18 && flag) && metres > params.least",
        ),
        rule("two", "metres > params.least && unknown(\"later\")"),
    ];
    let plan = |base: &ast::Ruleset| {
        compiled(std::slice::from_ref(base))
            .0
            .unwrap()
            .variants
            .remove(0)
            .plan
    };
    let (first, second) = (plan(&base), plan(&base));
    assert_eq!(first, second);
    assert_eq!(first.reasons, ["later"]);
    assert!(first.units.iter().any(|(_, unit)| unit == "m"));
    for (at, node) in first.nodes.iter().enumerate() {
        let (_, _, reads) = rules_core::plan::Op::ALL
            .iter()
            .find(|(op, _, _)| *op == node.op)
            .unwrap();
        for (read, value) in reads.iter().zip([node.a, node.b, node.c]) {
            assert!(
                *read != rules_core::plan::Operand::Node || (value as usize) < at,
                "{node:?}"
            );
        }
    }
}

#[test]
fn hostile_rulesets_end_soon() {
    let mut base = ruleset();
    base.lets = vec![(word("v0"), parsed("metres"))];
    for at in 1..60 {
        let before = at - 1;
        base.lets.push((
            word(&format!("v{at}")),
            parsed(&format!("(v{before} ?? 0) + v{before}")),
        ));
    }
    base.rules = vec![rule("one", "v50 > 3")];
    assert!(!resolved(&base).1.is_empty());

    // The same from the last to the first, and longer than the depth allows.
    let mut base = ruleset();
    base.lets = (1..500)
        .rev()
        .map(|at| (word(&format!("v{at}")), parsed(&format!("v{} + x", at - 1))))
        .collect();
    base.lets.push((word("v0"), parsed("metres")));
    assert!(resolved(&base).1.iter().any(|one| one.code == Code::R0215));

    let mut nested = "n".to_owned();
    for _ in 0..20 {
        nested = format!("if ({nested}) in 2..=4 {{ 1 }} else {{ x }}");
    }
    let mut base = ruleset();
    base.lets = vec![(word("v"), parsed(&nested))];
    assert!(resolved(&base).1.iter().any(|one| one.code == Code::R0215));

    for source in [
        r"(\p{L}{1,1000}){1,1000}",
        "(a|b|ab)*c{1000}{1000}",
        "((((a{9}){9}){9}){9}){9}",
    ] {
        assert!(crate::pattern::compile(source).is_err(), "{source}");
    }
}
