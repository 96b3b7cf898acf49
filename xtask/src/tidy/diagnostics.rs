//! Every diagnostic code has a page and a case, and every page has a code. Codes are the words of one or two capital letters
//! and four digits (`R0101`) in the compiler's list of diagnostics, outside of comments.

use super::{Finding, Tree};
use crate::fault::Result;
use std::collections::BTreeSet;

const LIST: &str = "rules-compiler/src/diagnostic/codes.rs";
const PAGES: &str = "docs/diagnostics/";
const CASES: &str = "tests/cases/diagnostics/";

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let codes = words(&tree.text(LIST).unwrap_or_default());
    if codes.is_empty() {
        return Ok(vec![Finding::new(
            LIST,
            "holds no codes; if the list has moved, say so in xtask/src/tidy/diagnostics.rs",
        )]);
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
    for page in pages.iter().filter(|page| !codes.contains(**page)) {
        findings.push(Finding::new(
            format!("{PAGES}{page}.md"),
            "describes a code that is not in the list",
        ));
    }
    Ok(findings)
}

/// The codes in a source, outside of its comments.
fn words(source: &str) -> BTreeSet<String> {
    let code = source.lines().filter_map(|line| line.split("//").next());
    let words = code.flat_map(|line| line.split(|letter: char| !letter.is_ascii_alphanumeric()));
    words.filter(|word| is_code(word)).map(str::to_owned).collect()
}

fn is_code(text: &str) -> bool {
    let digits = text.trim_start_matches(|letter: char| letter.is_ascii_uppercase());
    let letters = text.len().saturating_sub(digits.len());
    (1..=2).contains(&letters) && digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{is_code, words};

    #[test]
    fn codes_are_words_of_that_shape() {
        assert!(is_code("R0101"));
        assert!(!is_code("R010"));
        assert!(!is_code("r0101"));
        let source = "// R0001\nR0101 Error \"a text\"\nconst A: Code = Code(\"R0102\"); // R0103\n";
        assert_eq!(words(source).into_iter().collect::<Vec<_>>(), ["R0101", "R0102"]);
    }
}
