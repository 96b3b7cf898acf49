//! `ARCHITECTURE.md` is true: every module of every crate is named in it, and every path it names exists. A module counts as
//! named if it stands in backticks in the section whose heading names its crate, or with its full path anywhere.

use super::{Finding, Tree};
use crate::fault::Result;
use std::collections::BTreeSet;

const PAGE: &str = "ARCHITECTURE.md";

/// Crates whose modules the page lists. The tests and the tools are described as a whole.
const CRATES: [&str; 7] = [
    "rules-core",
    "rules-compiler",
    "rules-tables",
    "rules-wasm",
    "rules-abi",
    "rules-cli",
    "rules-server",
];

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let Some(page) = tree.text(PAGE) else {
        return Ok(vec![Finding::new(
            PAGE,
            "is missing; it names every crate and every module",
        )]);
    };
    let mut findings = Vec::new();
    for (krate, module) in modules(&tree.files) {
        if !names(&page, &krate, &module) {
            findings.push(Finding::new(
                PAGE,
                format!("does not name the module `{module}` of {krate}; say in its section what it is for"),
            ));
        }
    }
    for (number, line) in page.lines().enumerate() {
        for path in ticked(line).filter(|word| word.contains('/') && word.contains("src/")) {
            let is_ours = CRATES.iter().any(|krate| path.starts_with(&format!("{krate}/")));
            if is_ours && !tree.repo.path(path.trim_end_matches('/')).exists() {
                findings.push(Finding::new(
                    format!("{PAGE}:{}", number + 1),
                    format!("names `{path}`, which is not there"),
                ));
            }
        }
    }
    Ok(findings)
}

/// Crate and module, for each file or folder directly below a crate's `src`.
fn modules(files: &[String]) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for file in files.iter().filter(|file| file.ends_with(".rs")) {
        for krate in CRATES {
            let Some(inside) = file
                .strip_prefix(krate)
                .and_then(|rest| rest.strip_prefix("/src/"))
            else {
                continue;
            };
            let first = inside.split('/').next().unwrap_or(inside);
            let module = first.strip_suffix(".rs").unwrap_or(first);
            if !["lib", "main", "tests", "bin"].contains(&module) && !module.ends_with("_tests") {
                found.insert((krate.to_owned(), module.to_owned()));
            }
        }
    }
    found
}

fn names(page: &str, krate: &str, module: &str) -> bool {
    let mut in_section = false;
    for line in page.lines() {
        if line.starts_with('#') {
            in_section = line.contains(krate);
        }
        let full = format!("{krate}/src/{module}");
        for word in ticked(line) {
            let word = word.trim_end_matches('/');
            let word = word.strip_suffix(".rs").unwrap_or(word);
            if word == full || (in_section && word.rsplit(['/', ':']).next() == Some(module)) {
                return true;
            }
        }
    }
    false
}

/// The words in backticks on a line.
fn ticked(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::{modules, names};

    #[test]
    fn modules_are_files_and_folders() {
        let files = [
            "rules-core/src/lib.rs",
            "rules-core/src/plan.rs",
            "rules-core/src/plan/slot.rs",
            "rules-core/src/domain/age.rs",
        ];
        let files: Vec<String> = files.map(str::to_owned).to_vec();
        let found: Vec<String> = modules(&files).into_iter().map(|(_, module)| module).collect();
        assert_eq!(found, ["domain", "plan"]);
    }

    #[test]
    fn a_module_is_named_in_its_own_section() {
        let page = "## `rules-core`\n- `plan`: slots\n- `domain/`\n## `rules-cli`\n- `src/check.rs`\n";
        assert!(names(page, "rules-core", "plan"));
        assert!(names(page, "rules-core", "domain"));
        assert!(names(page, "rules-cli", "check"));
        assert!(!names(page, "rules-cli", "plan"));
        assert!(names("see `rules-cli/src/plan.rs`", "rules-cli", "plan"));
    }
}
