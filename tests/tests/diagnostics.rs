//! Faulty rulesets and what is said of them: `tests/cases/diagnostics/README.md` tells how they are marked. And the pages of the codes.
//!
//! `BLESS=1` writes the marks; the difference is reviewed.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test whose data does not load should stop"
)]

use rules_compiler::ast::{Register, Ruleset, Span};
use rules_compiler::compile::{Library, Registers, compile};
use rules_compiler::diagnostic::{Code, Severity, Sink};
use rules_compiler::rulesets;
use rules_compiler::source::Files;
use rules_compiler::syntax::{parse_cases, parse_part, parse_register, parse_ruleset};
use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Codes that are given by the command `rules test` and not by the compiler.
const OF_THE_COMMAND: [Code; 2] = [Code::R0701, Code::R0703];

#[derive(Default)]
struct Shelf {
    registers: Registers,
}

impl Library for Shelf {
    fn source_text(&self, document: &str) -> Option<Cow<'_, str>> {
        (document == "law").then_some(Cow::Borrowed("第一条　不得吸烟。"))
    }

    fn table(&self, _: &str) -> Option<String> {
        None
    }

    fn registers(&self) -> Option<&Registers> {
        Some(&self.registers)
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What is said of a line: the line of the case from 0, the code, the underlined text.
type Said = (usize, String, String);

/// A case: its lines without their marks, and its files, each with its name and the line on which it begins.
struct Case {
    lines: Vec<String>,
    files: Vec<(String, usize, String)>,
}

fn read(text: &str) -> Case {
    let bare = |line: &str| {
        line.find("  # R")
            .and_then(|at| line.get(..at))
            .unwrap_or(line)
            .to_owned()
    };
    let lines: Vec<String> = text.lines().map(bare).collect();
    let mut files = vec![("example.yaml".to_owned(), 0, String::new())];
    for (number, line) in lines.iter().enumerate() {
        match line.strip_prefix("# file: ") {
            Some(name) => files.push((name.to_owned(), number + 1, String::new())),
            None => {
                let file = &mut files.last_mut().unwrap().2;
                file.push_str(&repeated(line));
                file.push('\n');
            }
        }
    }
    Case { lines, files }
}

/// A line with its `<<TEXT * N>>` written out.
fn repeated(line: &str) -> String {
    let written_out = || {
        let (before, rest) = line.split_once("<<")?;
        let (inside, after) = rest.split_once(">>")?;
        let (text, times) = inside.rsplit_once(" * ")?;
        Some(format!("{before}{}{after}", text.repeat(times.parse().ok()?)))
    };
    written_out().unwrap_or_else(|| line.to_owned())
}

/// What the compiler says. Warnings and notes count if they have the code of the case.
fn compiled(case: &Case, code: &str) -> Vec<Said> {
    let (mut files, mut sink) = (Files::new(), Sink::new());
    let (mut asts, mut registers): (Vec<Ruleset>, Vec<Register>) = (Vec::new(), Vec::new());
    for (name, _, text) in &case.files {
        let id = files.add(name.as_str(), text.as_str());
        if name.starts_with("sources/") {
            registers.extend(parse_register(&files, id, &mut sink));
        } else if name.ends_with(".cases.yaml") {
            let (_, cases) = parse_cases(&files, id, &mut sink);
            asts.last_mut().unwrap().cases.extend(cases);
        } else if name.ends_with(".part.yaml") {
            let part = parse_part(&files, id, &mut sink);
            asts.last_mut().unwrap().absorb(part.into_iter().collect());
        } else {
            asts.extend(parse_ruleset(&files, id, &mut sink));
        }
    }
    let shelf = Shelf {
        registers: Registers::new(registers, &mut sink),
    };
    shelf.registers.verify(&shelf, &mut sink);
    for group in rulesets::group(asts, &mut sink) {
        compile(&files, &group, &shelf, &mut sink);
    }
    let diagnostics = sink.into_sorted();
    let kept = diagnostics
        .iter()
        .filter(|one| one.severity == Severity::Error || one.code.as_str() == code);
    kept.map(|one| {
        let Span { file, .. } = one.span;
        let line = files.line_column(one.span).line as usize - 1 + case.files[file as usize].1;
        (line, one.code.to_string(), shown(files.text(one.span)))
    })
    .collect()
}

/// The beginning of an underlined text.
fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    let short: String = line.chars().take(40).collect();
    if short.len() < line.len() {
        format!("{short}…")
    } else {
        short
    }
}

/// What `rules test` draws: after `error[CODE]` the place, and some lines later the underline.
fn tested(case: &Case, name: &str) -> Vec<Said> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for (name, _, text) in &case.files {
        fs::write(folder.join(name), text).unwrap();
    }
    let output = Command::new(std::env::var_os("CARGO").unwrap())
        .args(["run", "--quiet", "-p", "rules-cli", "--", "test", "--quiet"])
        .arg(&folder)
        .current_dir(root())
        .output()
        .unwrap();
    let drawn = String::from_utf8(output.stderr).unwrap();
    let mut said = Vec::new();
    let mut lines = drawn.lines();
    while let Some(line) = lines.next() {
        let Some(code) = line.strip_prefix("error[").and_then(|rest| rest.get(..5)) else {
            continue;
        };
        let place = lines.next().unwrap().trim().trim_start_matches("--> ");
        let mut parts = place.rsplitn(3, ':');
        let column: usize = parts.next().unwrap().parse().unwrap();
        let line: usize = parts.next().unwrap().parse().unwrap();
        let file = Path::new(parts.next().unwrap())
            .file_name()
            .unwrap()
            .to_str()
            .unwrap();
        let (_, first, text) = case.files.iter().find(|(name, ..)| name == file).unwrap();
        let width = lines
            .find(|line| line.contains('^'))
            .unwrap()
            .matches('^')
            .count();
        let underlined = text
            .lines()
            .nth(line - 1)
            .unwrap()
            .chars()
            .skip(column - 1)
            .take(width)
            .collect();
        said.push((line - 1 + first, code.to_owned(), underlined));
    }
    said.sort();
    said
}

fn cases() -> Vec<PathBuf> {
    let folder = root().join("tests/cases/diagnostics");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .collect();
    found.sort();
    found
}

/// Compares the marks of the cases with what is said of them, or writes them.
fn check(wanted: impl Fn(&str) -> bool, say: impl Fn(&Case, &str, &str) -> Vec<Said>) {
    let mut wrong = String::new();
    for path in cases() {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let code = name.split('-').next().unwrap();
        if !wanted(code) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let case = read(&text);
        let mut lines = case.lines.clone();
        for (line, code, underlined) in say(&case, code, &name) {
            lines[line].push_str(format!("  # {code}: {underlined}").trim_end());
        }
        let found = lines.join("\n") + "\n";
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &found).unwrap();
        } else if found != text {
            wrong.push_str(&format!("{name} should be\n{found}\n"));
        }
        if !found.contains(&format!("# {code}:")) {
            wrong.push_str(&format!("{name} does not provoke {code}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn of_the_command(code: &str) -> bool {
    OF_THE_COMMAND.iter().any(|one| one.as_str() == code)
}

#[test]
fn every_fault_is_underlined_with_its_code() {
    check(|code| !of_the_command(code), |case, code, _| compiled(case, code));
}

#[test]
fn what_the_command_finds_is_underlined_too() {
    check(of_the_command, |case, _, name| tested(case, name));
}

#[test]
fn every_code_has_a_case_and_a_page_with_its_title() {
    let pages = root().join("docs/diagnostics");
    let index = fs::read_to_string(pages.join("README.md")).unwrap();
    let names: Vec<String> = cases()
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    for code in Code::ALL {
        assert!(
            names.iter().any(|name| name.starts_with(code.as_str())),
            "{code} has no case"
        );
        let page = fs::read_to_string(pages.join(format!("{code}.md"))).unwrap_or_default();
        let title = format!("# {code}: {}\n", code.title());
        assert!(
            page.starts_with(&title),
            "docs/diagnostics/{code}.md should begin with {title}"
        );
        let mark = match code.severity() {
            Severity::Error => "",
            Severity::Warning => " (W)",
            Severity::Note => " (N)",
        };
        let line = format!("| [{code}]({code}.md) | {}{mark} |", code.title());
        assert!(
            index.contains(&line),
            "docs/diagnostics/README.md should have the line\n{line}"
        );
    }
}
