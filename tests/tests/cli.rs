//! The command line from outside: `tests/cases/cli/commands.txt`, and what does not fit into lines of it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may end where it fails"
)]

mod cli_program;

use cli_program::{bundles, data, fresh, rules};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Output, Stdio};

#[derive(Default)]
struct Case {
    line: usize,
    words: Vec<String>,
    input: Vec<u8>,
    status: i32,
    out: Vec<String>,
    err: Vec<String>,
    silent: bool,
}

fn cases(text: &str, dir: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.replace("{DIR}", dir);
        let (mark, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let case = cases.last_mut();
        match (mark, case) {
            ("" | "#", _) => {}
            ("$", _) => cases.push(Case {
                line: number + 1,
                words: rest.split_whitespace().skip(1).map(str::to_owned).collect(),
                ..Case::default()
            }),
            ("<", Some(case)) => {
                case.input.extend(bytes(rest));
                case.input.push(b'\n');
            }
            ("=", Some(case)) => case.status = rest.parse().unwrap(),
            (">", Some(case)) => case.out.push(rest.to_owned()),
            ("!", Some(case)) => case.err.push(rest.to_owned()),
            (">-", Some(case)) => case.silent = true,
            _ => panic!("line {} is not understood", number + 1),
        }
    }
    cases
}

/// `\xNN` is a byte; everything else stands for itself.
fn bytes(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("\\x") {
        out.extend(rest[..at].bytes());
        out.push(u8::from_str_radix(&rest[at + 2..at + 4], 16).unwrap());
        rest = &rest[at + 4..];
    }
    out.extend(rest.bytes());
    out
}

fn run(words: &[String], input: &[u8]) -> Output {
    let mut child = rules()
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input closes it, which is no fault.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

#[test]
fn commands() {
    let dir = fresh("cli-commands");
    bundles("rulesets/shop", &dir.join("bundles"));
    let text = std::fs::read_to_string(data().join("commands.txt")).unwrap();
    let mut failures = Vec::new();
    for case in cases(&text, dir.to_str().unwrap()) {
        let output = run(&case.words, &case.input);
        let out = String::from_utf8_lossy(&output.stdout);
        let err = String::from_utf8_lossy(&output.stderr);
        let lacks = |all: &str, wanted: &[String]| wanted.iter().any(|words| !all.contains(words.as_str()));
        let silent = case.silent && !out.is_empty();
        let coloured = out.contains("\u{1b}[") || err.contains("\u{1b}[");
        if output.status.code() != Some(case.status)
            || lacks(&out, &case.out)
            || lacks(&err, &case.err)
            || silent
            || coloured
        {
            let place = format!("commands.txt:{}: rules {}", case.line, case.words.join(" "));
            failures.push(format!("{place}\n{:?}\n{out}\n{err}", output.status.code()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n----\n"));
}

#[test]
fn every_line_of_a_stream_has_its_report() {
    let mut input = Vec::new();
    for age in 0..1_000 {
        writeln!(input, r#"{{"kind":"shop","guests":[{{"age":{age}}}]}}"#).unwrap();
    }
    let words = "check --ruleset rulesets/shop --format ndjson --as-of 2026-01-01 --jobs 4";
    let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
    let stream = run(&words, &input);
    let lines: Vec<String> = String::from_utf8(stream.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    assert_eq!(lines.len(), 1_000);
    for (number, expected) in [
        (3, "\"fail\""),
        (17, "\"fail\""),
        (18, "\"pass\""),
        (151, "out_of_range"),
    ] {
        assert!(lines[number].contains(expected), "{}", lines[number]);
    }
    let single = "check --ruleset rulesets/shop --format json --as-of 2026-01-01";
    let single: Vec<String> = single.split(' ').map(str::to_owned).collect();
    let alone = run(&single, br#"{"kind":"shop","guests":[{"age":17}]}"#);
    assert_eq!(String::from_utf8(alone.stdout).unwrap().trim(), lines[17]);
}

#[test]
fn a_stream_answers_while_it_is_open() {
    let mut child = rules()
        .args([
            "check",
            "--ruleset",
            "rulesets/shop",
            "--format",
            "ndjson",
            "--as-of",
            "2026-01-01",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..3 {
        input.write_all(b"{\"kind\":\"shop\",\"guests\":[]}\n").unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert!(line.contains("\"pass\""));
    }
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_line_beyond_the_limit_is_answered_and_the_next_one_too() {
    let long = format!(
        "{{\"kind\":\"{}\"}}\n{{\"kind\":\"shop\",\"guests\":[]}}\n",
        "长".repeat(1_000_000)
    );
    let words = "check --ruleset rulesets/shop --format ndjson --as-of 2026-01-01";
    let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
    let output = run(&words, long.as_bytes());
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((output.status.code(), lines.len()), (Some(3), 2));
    assert!(lines[0].contains("too_large") && lines[1].contains("\"complete\""));
}

#[test]
fn closed_output_is_no_crash() {
    let mut child = rules()
        .args(["check", "--ruleset", "rulesets/shop", "--format", "ndjson"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    while input.write_all(b"{}\n").is_ok() {}
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(141), ""));
}

#[test]
fn the_same_ruleset_builds_to_the_same_bytes() {
    let dir = fresh("cli-build");
    bundles("rulesets/shop", &dir.join("one"));
    let out = dir.join("two");
    let words = ["build", "shop.yaml", "-o"];
    let status = rules()
        .args(words)
        .arg(&out)
        .current_dir(data().join("rulesets/shop"))
        .output()
        .unwrap()
        .status;
    assert!(status.success());
    let read = |folder: &str| std::fs::read(dir.join(folder).join("shop.rules.json")).unwrap();
    assert_eq!(read("one"), read("two"));
}

#[test]
fn pages_show_what_rulesets_say_and_nothing_of_it_is_markup() {
    let dir = fresh("cli-docs");
    let source = std::fs::read_to_string(data().join("rulesets/shop/shop.yaml")).unwrap();
    let hostile = source
        .replace("顾客年满十八周岁", "<script>alert(1)</script>")
        .replace(" include: days,", "");
    std::fs::create_dir_all(dir.join("root/sources")).unwrap();
    std::fs::create_dir_all(dir.join("root/shop")).unwrap();
    std::fs::copy(
        data().join("rulesets/sources/house-rule.txt"),
        dir.join("root/sources/house-rule.txt"),
    )
    .unwrap();
    std::fs::write(dir.join("root/shop/shop.yaml"), hostile).unwrap();
    let output = rules()
        .arg("docs")
        .arg(dir.join("root"))
        .arg("-o")
        .arg(dir.join("site"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let page = std::fs::read_to_string(dir.join("site/shop.html")).unwrap();
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !page.contains("<script>"));
    for words in [
        "店家接待的顾客应当年满十八周岁。",
        "“年龄”不少于18",
        "guest.age &gt;= 18",
        "最小距离",
    ] {
        assert!(page.contains(words), "{words}");
    }
}
