//! Expressions: what comes out, which bytes each part has, what is refused.

use crate::ast::{Expr, ExprKind, Span};
use crate::syntax::parse_expression;
use std::fmt::Write;

/// The tree as a line: each node as its kind and its bytes.
fn show(text: &str, expr: &Expr) -> String {
    let mut out = String::new();
    write_node(text, expr, &mut out);
    out
}

fn slice(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap()
}

fn write_node(text: &str, expr: &Expr, out: &mut String) {
    let here = slice(text, expr.span);
    let (name, children): (String, Vec<&Expr>) = match &expr.kind {
        ExprKind::Bool(b) => return write!(out, "{b}").unwrap(),
        ExprKind::Int(i) => return write!(out, "{i}<{here}>").unwrap(),
        ExprKind::Num(n) => return write!(out, "{n:?}<{here}>").unwrap(),
        ExprKind::Text(t) => return write!(out, "{t:?}").unwrap(),
        ExprKind::Name(n) => {
            assert_eq!(n, here);
            return out.push_str(n);
        }
        ExprKind::Error => return out.push_str("ERROR"),
        ExprKind::Interpolated(parts) => ("template".into(), parts.iter().collect()),
        ExprKind::Member(base, name) => {
            assert_eq!(name.value, slice(text, name.span));
            (format!(".{}", name.value), vec![base])
        }
        ExprKind::Index(a, b) => ("index".into(), vec![a, b]),
        ExprKind::Array(items) => ("array".into(), items.iter().collect()),
        ExprKind::Range { low, high, inclusive } => {
            ((if *inclusive { "..=" } else { ".." }).into(), vec![low, high])
        }
        ExprKind::Not(a) => ("!".into(), vec![a]),
        ExprKind::Neg(a) => ("-".into(), vec![a]),
        ExprKind::And(items) => ("&&".into(), items.iter().collect()),
        ExprKind::Or(items) => ("||".into(), items.iter().collect()),
        ExprKind::Coalesce(a, b) => ("??".into(), vec![a, b]),
        ExprKind::Binary(op, a, b) => (op.to_string(), vec![a, b]),
        ExprKind::In(a, b) => ("in".into(), vec![a, b]),
        ExprKind::If(a, b, c) => ("if".into(), vec![a, b, c]),
        ExprKind::Call(name, args) => {
            assert_eq!(name.value, slice(text, name.span));
            (format!("{}()", name.value), args.iter().collect())
        }
        ExprKind::Closure(name, body) => {
            assert_eq!(name.value, slice(text, name.span));
            (format!("|{}|", name.value), vec![body])
        }
    };
    write!(out, "({name}<{here}>").unwrap();
    for child in children {
        out.push(' ');
        write_node(text, child, out);
    }
    out.push(')');
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let (expr, faults) = parse_expression(text);
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(show(text, &expr), expected);
}

#[track_caller]
fn refused(text: &str, code: &str, underlined: &str) {
    let (_, faults) = parse_expression(text);
    let got: Vec<(&str, &str)> = faults
        .iter()
        .map(|d| (d.code.as_str(), slice(text, d.span)))
        .collect();
    assert_eq!(got, [(code, underlined)], "{text}: {faults:?}");
}

#[test]
fn every_part_has_its_bytes() {
    check(
        "a.b.c >= 200",
        "(>=<a.b.c >= 200> (.c<a.b.c> (.b<a.b> a)) 200<200>)",
    );
    check(
        "\"甲乙\" == 丙 ?? x".replace("丙 ?? ", "").as_str(),
        "(==<\"甲乙\" == x> \"甲乙\" x)",
    );
    check("(a + b) * (c)", "(*<(a + b) * (c)> (+<a + b> a b) c)");
    check(
        "((a)) && (b || !(c)) && d",
        "(&&<((a)) && (b || !(c)) && d> a (||<b || !(c)> b (!<!(c)> c)) d)",
    );
    check("a ?? b ?? 3", "(??<a ?? b ?? 3> (??<a ?? b> a b) 3<3>)");
    check(
        "f(-1, -x, -(2), 1_000, 1.5e3)",
        "(f()<f(-1, -x, -(2), 1_000, 1.5e3)> -1<-1> (-<-x> x) -2<-(2)> 1000<1_000> 1500.0<1.5e3>)",
    );
    check(
        "x in [1, \"b\"]",
        "(in<x in [1, \"b\"]> x (array<[1, \"b\"]> 1<1> \"b\"))",
    );
    check("(x) !in xs", "(!<(x) !in xs> (in<(x) !in xs> x xs))");
    check("contains(xs, x)", "(contains()<contains(xs, x)> xs x)");
    check(
        "!contains(xs, x)",
        "(!<!contains(xs, x)> (contains()<contains(xs, x)> xs x))",
    );
    check(
        "x in 1..5 || x in 1..=(n)",
        "(||<x in 1..5 || x in 1..=(n)> (in<x in 1..5> x (..<1..5> 1<1> 5<5>)) (in<x in 1..=(n)> x (..=<1..=(n)> 1<1> n)))",
    );
    check(
        "a[0].b[1].f(2)[3]",
        "(index<a[0].b[1].f(2)[3]> (f()<a[0].b[1].f(2)> (index<a[0].b[1]> (.b<a[0].b> (index<a[0]> a 0<0>)) 1<1>) 2<2>) 3<3>)",
    );
    check("a[b.c].d", "(.d<a[b.c].d> (index<a[b.c]> a (.c<b.c> b)))");
    check(
        "a[b[c.d]].e",
        "(.e<a[b[c.d]].e> (index<a[b[c.d]]> a (index<b[c.d]> b (.d<c.d> c))))",
    );
    check(
        "(a.b).c(d).e",
        "(.e<(a.b).c(d).e> (c()<(a.b).c(d)> (.b<a.b> a) d))",
    );
    check(
        "lookup(t, k).x",
        "(.x<lookup(t, k).x> (lookup()<lookup(t, k)> t k))",
    );
    check("if a { b } else { c }", "(if<if a { b } else { c }> a b c)");
    check(
        "(if a { f(b) } else if (c) { d } else { (e) }) + 1",
        "(+<(if a { f(b) } else if (c) { d } else { (e) }) + 1> (if<if a { f(b) } else if (c) { d } else { (e) }> a (f()<f(b) }> b) (if<if (c) { d } else { (e) }> c d e)) 1<1>)"
            .replace("f(b) }>", "f(b)>")
            .as_str(),
    );
}

#[test]
fn closures_lose_what_they_capture() {
    check(
        "guests.all(|g| g.age >= n + params.k || (known(g.p)))",
        "(all()<guests.all(|g| g.age >= n + params.k || (known(g.p)))> guests (|g|<|g| g.age >= n + params.k || (known(g.p))> \
         (||<g.age >= n + params.k || (known(g.p))> (>=<g.age >= n + params.k> (.age<g.age> g) (+<n + params.k> n (.k<params.k> params))) \
         (known()<known(g.p)> (.p<g.p> g)))))",
    );
    check(
        "any(xs, |x| { any(ys, |y| x == y) }) && any(xs, |x| x)",
        "(&&<any(xs, |x| { any(ys, |y| x == y) }) && any(xs, |x| x)> (any()<any(xs, |x| { any(ys, |y| x == y) })> xs \
         (|x|<|x| { any(ys, |y| x == y) }> (any()<any(ys, |y| x == y)> ys (|y|<|y| x == y> (==<x == y> x y))))) \
         (any()<any(xs, |x| x)> xs (|x|<|x| x> x)))",
    );
}

#[test]
fn templates_and_lines() {
    check(
        "`甲${x + 1}乙${y}`",
        "(template<`甲${x + 1}乙${y}`> \"甲\" (+<x + 1> x 1<1>) \"乙\" y)",
    );
    check("`${x}`", "(template<`${x}`> x)");
    check(
        "a // 注\n  && \"中\" == b\n  && c",
        "(&&<a // 注\n  && \"中\" == b\n  && c> a (==<\"中\" == b> \"中\" b) c)",
    );
}

#[test]
fn what_the_language_does_not_have_is_refused_with_its_first_token() {
    refused("let x = 1; x", "R0102", "let");
    refused("a; b", "R0102", ";");
    refused("kind = \"bar\"", "R0103", "=");
    refused("x += 1", "R0103", "+=");
    refused("for g in gs { g }", "R0104", "for");
    refused("switch a { 1 => 2 }", "R0105", "switch");
    refused("a ? b : c", "R0105", "?");
    refused("a and b", "R0105", "and");
    refused("k == '中'", "R0105", "'中'");
    refused("a & b", "R0105", "&");
    refused("a | b", "R0105", "|");
    refused("+x", "R0105", "+");
    refused("#{a: 1}", "R0105", "#{");
    refused("x?.y", "R0105", "?.");
    refused("x == ()", "R0105", "(");
    refused("f!(x)", "R0105", "f");
    refused("{ a }", "R0101", "{");
    refused("if a { b }", "R0115", "if a { b }");
    refused("if a { } else { c }", "R0101", "}");
    refused("", "R0109", "");
    refused("  // nothing\n", "R0109", "  // nothing\n");
    refused("|x| x", "R0110", "|");
    refused("any(xs, |x, y| x)", "R0110", "|");
    refused("any(xs, || true)", "R0110", "||");
    refused("any(xs, |x, x| x)", "R0110", "x");
}

#[test]
fn errors_of_the_parser_stand_at_their_place() {
    refused("\"甲\" == 乙", "R0101", "乙");
    refused("距离 > 200", "R0101", "距离");
    refused("a ≥ b", "R0101", "≥");
    refused("f(a", "R0101", "");
    refused("a +", "R0101", "");
    refused("\"甲", "R0101", "\"甲");
    refused("a b", "R0101", "b");
    refused("match > 1", "R0113", "match");
    refused("99999999999999999999 > x", "R0108", "99999999999999999999");
    refused("x == 9007199254740992", "R0108", "9007199254740992");
    refused("x == 1e999", "R0108", "1e999");
}

#[test]
fn hostile_text_is_refused_in_bounded_depth_and_time() {
    let n = 5_000;
    let texts = [
        "(".repeat(n),
        "[".repeat(n),
        "!".repeat(n),
        "-".repeat(n),
        "f(".repeat(n),
        "a.".repeat(n),
        "a[".repeat(n),
        "{".repeat(n),
        "`${".repeat(n),
        "|x|".repeat(n),
        "if a {".repeat(n / 2),
        "1+".repeat(n),
        "a&&".repeat(n),
        "a??".repeat(n),
        "if a {b} else ".repeat(n / 5),
        "/*".repeat(n),
        "#".repeat(n),
        "f|x|".repeat(n / 2),
        "a in ".repeat(n / 2),
        format!("a{}", ".b".repeat(n)),
        format!("a{}", "[0]".repeat(n)),
        format!("a{}", ".f()".repeat(n / 2)),
        format!("{}1", "1+".repeat(n)),
        format!("{}1", "1&&".repeat(n)),
        format!("{}a", "!".repeat(200)),
        format!("{}a{}", "(".repeat(40), ")".repeat(40)),
        format!("{}a{}", "f(|x|".repeat(40), ")".repeat(40)),
        format!("{}a{}", "[".repeat(40), "]".repeat(40)),
        format!("{}a", "if a {b} else ".repeat(100)),
        format!(
            "{}{}a{}",
            "-".repeat(100),
            "(if a {b} else {".repeat(20),
            "})".repeat(20)
        ),
        format!("{}1", "1+".repeat(100)),
        "甲".repeat(n),
        "x".repeat(100_000),
        format!("a{}", "?? b".repeat(200)),
    ];
    // A browser's stack is smaller than a desktop's.
    std::thread::Builder::new()
        .stack_size(1 << 20)
        .spawn(move || {
            for text in &texts {
                let _ = parse_expression(text);
            }
        })
        .unwrap()
        .join()
        .unwrap();
    assert!(
        parse_expression(&format!("{}x", "a && ".repeat(200)))
            .1
            .is_empty()
    );
    let closures = "a(|x|x),".repeat(1_900);
    refused(&format!("[{closures}1]"), "R0107", &format!("[{closures}1]"));
    refused(
        &format!("{}1", "1+".repeat(70)),
        "R0106",
        &format!("{}1", "1+".repeat(60)),
    );
}
