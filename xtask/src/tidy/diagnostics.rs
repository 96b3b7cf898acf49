//! Every diagnostic code has a page and a case, and every page has a code. Codes are the string literals of one or two
//! capital letters and four digits in the compiler's list of diagnostics.

use super::{Finding, Tree};
use crate::fault::Result;
use std::collections::BTreeSet;

/// The list of codes; while it is not there, every file of the compiler's diagnostics.
const LIST: &str = "rules-compiler/src/diagnostic/codes.rs";
const LISTS: &str = "rules-compiler/src/diagnostic";

const PAGES: &str = "docs/diagnostics/";
const CASES: &str = "tests/cases/diagnostics/";

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let exact = tree.files.iter().any(|file| file == LIST);
    let is_list = |file: &&str| {
        if exact {
            *file == LIST
        } else {
            file.starts_with(LISTS)
        }
    };
    let mut codes = BTreeSet::new();
    for file in tree.ending(&[".rs"]).filter(is_list) {
        codes.extend(literals(&tree.text(file).unwrap_or_default()));
    }
    let cases: String = tree
        .files
        .iter()
        .filter(|file| file.starts_with(CASES))
        .map(|file| format!("{file}\n{}", tree.text(file).unwrap_or_default()))
        .collect();
    let pages: BTreeSet<&str> = tree
        .ending(&[".md"])
        .filter_map(|file| file.strip_prefix(PAGES)?.strip_suffix(".md"))
        .filter(|name| is_code(name))
        .collect();
    let mut findings = Vec::new();
    for code in &codes {
        if !pages.contains(code.as_str()) {
            findings.push(Finding::new(
                format!("{PAGES}{code}.md"),
                format!("is missing: {code} needs a page"),
            ));
        }
        if !cases.contains(code.as_str()) {
            findings.push(Finding::new(
                CASES,
                format!("has no case for {code}; add a ruleset that provokes it"),
            ));
        }
    }
    if !codes.is_empty() {
        for page in pages.iter().filter(|page| !codes.contains(**page)) {
            findings.push(Finding::new(
                format!("{PAGES}{page}.md"),
                "describes a code that is not in the list",
            ));
        }
    }
    Ok(findings)
}

/// The codes that stand as string literals outside of comments.
fn literals(source: &str) -> Vec<String> {
    let lines = source
        .lines()
        .map(str::trim_start)
        .filter(|line| !line.starts_with("//"));
    lines
        .flat_map(|line| line.split('"').skip(1).step_by(2))
        .filter(|text| is_code(text))
        .map(str::to_owned)
        .collect()
}

fn is_code(text: &str) -> bool {
    let digits = text.trim_start_matches(|letter: char| letter.is_ascii_uppercase());
    let letters = text.len().saturating_sub(digits.len());
    (1..=2).contains(&letters) && digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{is_code, literals};

    #[test]
    fn codes_are_literals_of_that_shape() {
        assert!(is_code("R0101"));
        assert!(!is_code("R010"));
        assert!(!is_code("r0101"));
        let source =
            "// \"R0001\"\npub const A: Code = Code(\"R0101\"); let b = \"RX\"; (\"R0102\", \"text R0103\")";
        assert_eq!(literals(source), ["R0101", "R0102"]);
    }
}
