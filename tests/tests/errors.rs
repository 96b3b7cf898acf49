//! The page of all codes (`docs/errors.md`) names every code that can be met, each in its section, and none that cannot.
//!
//! In: the engine's own lists, and the sources of the parts that have theirs in another language or crate. Out: what the page lacks or has too much.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its data should stop")]

use rules_core::answers::ProblemCode;
use rules_core::session::EditError;
use rules_core::truth::Why;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)).unwrap()
}

/// The codes in the first cells of a section's table.
fn told(section: &str) -> BTreeSet<String> {
    let page = read("docs/errors.md");
    let text = page
        .split("\n## ")
        .find(|part| part.starts_with(&format!("{section}\n")))
        .unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.filter_map(|line| line.split('|').nth(1));
    cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect()
}

/// The words between quotes in the lines of a source that `wanted` picks, outside of comments.
fn quoted(file: &str, wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let source = read(file);
    let code = source.split("#[cfg(test)]").next().unwrap().lines();
    let code = code
        .filter(|line| !line.trim_start().starts_with("//") && !line.trim_start().starts_with("/*"))
        .filter(|line| wanted(line));
    code.flat_map(|line| line.split('"').skip(1).step_by(2))
        .filter(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
        })
        .map(str::to_owned)
        .collect()
}

fn compare(section: &str, can_be: BTreeSet<String>) {
    assert!(
        can_be.len() > 1,
        "{section}: only {can_be:?} found in the sources; the test looks in the wrong place"
    );
    let told = told(section);
    let missing: Vec<_> = can_be.difference(&told).collect();
    let stale: Vec<_> = told.difference(&can_be).collect();
    assert!(
        missing.is_empty() && stale.is_empty(),
        "docs/errors.md, \"{section}\": {missing:?} have no line, {stale:?} are no codes"
    );
}

fn words<'a>(list: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    list.into_iter().map(str::to_owned).collect()
}

#[test]
fn problems_of_an_entry() {
    let mut codes = words(ProblemCode::ALL.iter().map(|row| row.1));
    // Said by rules of kind `entry`, so it is no problem of reading.
    codes.extend(
        quoted("rules-core/src/report.rs", |line| {
            line.contains("\"contradiction\"")
        })
        .into_iter()
        .filter(|word| word == "contradiction"),
    );
    compare("Problems of an entry", codes);
}

#[test]
fn reasons_and_faults() {
    let mut reasons = words(Why::WORDS.iter().map(|(word, _)| *word));
    reasons.extend(words(["partly_met", "not_inspected"]));
    compare("Reasons of what is not decided", reasons);
    compare(
        "Faults of a rule",
        quoted("rules-core/src/truth.rs", |line| {
            line.contains("Fault::") && line.contains("=> \"")
        }),
    );
}

#[test]
fn bundles_tables_and_edits() {
    compare(
        "Bundles",
        quoted("rules-core/src/bundle.rs", |line| line.contains("=> \"B")),
    );
    let answers = words(ProblemCode::ALL.iter().map(|row| row.1));
    let is_error = |line: &str| line.contains("error(") || line.contains("code:");
    let mut tables = quoted("rules-core/src/tables.rs", is_error);
    tables.extend(quoted("rules-core/src/ruleset.rs", is_error));
    compare("Tables", tables.difference(&answers).cloned().collect());
    compare(
        "Edits",
        words([EditError::NoSuchPlace, EditError::BadValue].map(EditError::code)),
    );
}

#[test]
fn the_npm_package() {
    compare(
        "The npm package",
        quoted("rules-wasm/npm/src/errors.ts", |line| {
            line.trim_start().starts_with("| \"")
        }),
    );
    // And nothing of it is thrown that its own list lacks.
    let list = told("The npm package");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules-wasm");
    let mut thrown = BTreeSet::new();
    let mut folders = vec![folder.join("npm/src"), folder.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = fs::read_to_string(&path).unwrap();
            for mark in ["RulesError(\"", "failure(\""] {
                thrown.extend(
                    source
                        .split(mark)
                        .skip(1)
                        .filter_map(|rest| rest.split('"').next())
                        .map(str::to_owned),
                );
            }
        }
    }
    assert!(thrown.len() > 10, "{thrown:?}");
    let unlisted: Vec<_> = thrown.difference(&list).collect();
    assert!(unlisted.is_empty(), "thrown, and not in ErrorCode: {unlisted:?}");
}

#[test]
fn the_portable_module() {
    let mut codes = quoted("rules-abi/src/failure.rs", |line| line.contains("const"));
    codes.extend(quoted("rules-abi/src/options.rs", |line| {
        line.contains("Failure::new(")
    }));
    codes.extend(quoted("rules-abi/src/engine.rs", |line| {
        line.contains("Failure::new(\"")
    }));
    codes.extend(words(
        [EditError::NoSuchPlace, EditError::BadValue].map(EditError::code),
    ));
    compare("The portable module", codes);
}

#[test]
fn the_server() {
    compare(
        "The server",
        quoted("rules-server/src/problem.rs", |line| {
            let mut parts = line.split_whitespace();
            parts
                .next()
                .is_some_and(|name| name.starts_with(char::is_uppercase))
                && parts.next().is_some_and(|status| status.parse::<u16>().is_ok())
        }),
    );
}

/// The `type` of every problem leads to a section of its own.
#[test]
fn every_problem_type_has_its_section() {
    let page = read("docs/server.md");
    let sections: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("#### "))
        .collect();
    let once: BTreeSet<String> = words(sections.iter().copied());
    assert_eq!(once.len(), sections.len(), "a section stands twice: {sections:?}");
    assert_eq!(once, told("The server"));
}
