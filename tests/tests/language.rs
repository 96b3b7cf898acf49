//! The language, one line per case (`tests/cases/language/README.md`): every line is put to the engine and to the oracle.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot read its data should stop"
)]

use rules_tests::engine::{Compiled, compile, day, with_source};
use rules_tests::oracle::{Finding, Judged};
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/language")
}

fn read(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The parts of every line of a case file, with the line's number.
fn cases(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines.map(|(number, line)| (number + 1, line.split(" ; ").map(str::trim).collect()))
}

/// The form with an expression in its only rule.
fn ruleset(form: &str, expression: &str) -> Result<Compiled, String> {
    compile(&with_source(
        &form.replace("EXPRESSION", &expression.replace('\'', "''")),
    ))
}

/// What a finding says, in the words of a case file.
fn said(finding: &Finding) -> String {
    let reason = finding.reason.as_deref().unwrap_or("-");
    match finding.outcome.as_str() {
        "pass" => "true".to_owned(),
        "fail" => "false".to_owned(),
        "undetermined" => format!("unknown {reason} {}", finding.missing.join(" "))
            .trim_end()
            .to_owned(),
        "faulted" => format!("fault {reason}"),
        other => other.to_owned(),
    }
}

fn only(judged: &Judged) -> String {
    judged
        .verdict
        .findings
        .first()
        .map_or_else(|| "nothing".to_owned(), said)
}

/// Puts one line to both; what they answer amiss goes to the list.
fn check(form: &str, tables: &[(String, String)], parts: &[&str], at: &str, amiss: &mut Vec<String>) {
    let [expression, answers, expected, missing @ ..] = parts else {
        panic!("{at}: not a case")
    };
    let (expression, wanted) = match expected.strip_prefix("= ") {
        Some(literal) => (format!("({expression}) == {literal}"), "true".to_owned()),
        None => (
            (*expression).to_owned(),
            format!("{expected} {}", missing.join(" ")).trim_end().to_owned(),
        ),
    };
    match ruleset(form, &expression) {
        Err(faults) => amiss.push(format!("{at}: does not compile: {expression}\n{faults}")),
        Ok(compiled) => {
            for (who, judged) in [
                ("oracle", compiled.oracle(answers, tables, day(), None)),
                ("engine", compiled.engine(answers, tables, day(), None)),
            ] {
                let found = only(&judged);
                if found != wanted {
                    amiss.push(format!(
                        "{at}: {expression} on {answers}: {who} says {found}, not {wanted}"
                    ));
                }
            }
        }
    }
}

fn run(file: &str) {
    let form = read("form.yaml");
    let tables = tables();
    let mut amiss = Vec::new();
    for (number, parts) in cases(&read(file)) {
        check(&form, &tables, &parts, &format!("{file}:{number}"), &mut amiss);
    }
    assert!(amiss.is_empty(), "{} amiss\n{}", amiss.len(), amiss.join("\n"));
}

fn tables() -> Vec<(String, String)> {
    let text = read("tables.json");
    let tables = rules_tests::oracle::json::Json::parse(&text).unwrap();
    vec![("schools".to_owned(), tables.get("schools").unwrap().write())]
}

macro_rules! files {
    ($($name:ident),*) => {
        $(#[test] fn $name() { run(concat!(stringify!($name), ".txt")); })*

        /// A file that nobody runs would be a dead letter.
        #[test]
        fn every_file_is_run() {
            let run = [$(concat!(stringify!($name), ".txt")),*, "entry.txt"];
            for entry in fs::read_dir(folder()).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                assert!(!name.ends_with(".txt") || run.contains(&name.as_str()), "{name} is not run");
            }
        }
    };
}

files!(truth, numbers, intervals, texts, days, places, lists);

/// `answers ; outcome of the entry ; path code, path code, …`
#[test]
fn entry() {
    let compiled = ruleset(&read("form.yaml"), "b").unwrap_or_else(|faults| panic!("{faults}"));
    let tables = tables();
    let mut amiss = Vec::new();
    for (number, parts) in cases(&read("entry.txt")) {
        let [answers, outcome, problems @ ..] = parts.as_slice() else {
            panic!("entry.txt:{number}: not a case")
        };
        let wanted = format!("{outcome} {}", problems.join(" "));
        for (who, judged) in [
            ("oracle", compiled.oracle(answers, &tables, day(), None)),
            ("engine", compiled.engine(answers, &tables, day(), None)),
        ] {
            let problem = |problem: &rules_tests::oracle::Problem| format!("{} {}", problem.at, problem.code);
            let problems: Vec<String> = judged.entry.problems.iter().map(problem).collect();
            let found = format!("{} {}", judged.entry.outcome, problems.join(", ").trim());
            if found.trim() != wanted.trim() {
                amiss.push(format!(
                    "entry.txt:{number}: {answers}: {who} says {found}, not {wanted}"
                ));
            }
        }
    }
    assert!(amiss.is_empty(), "{} amiss\n{}", amiss.len(), amiss.join("\n"));
}
