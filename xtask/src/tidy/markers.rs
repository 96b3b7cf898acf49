//! Nothing half done lands: no markers for later work in sources. What is left open belongs into an issue.

use super::{Finding, Tree};
use crate::fault::Result;

/// Written in two parts so that this file does not find itself.
const MARKERS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];

const SOURCES: [&str; 12] = [
    ".rs", ".ts", ".tsx", ".js", ".mjs", ".vue", ".css", ".html", ".md", ".yml", ".yaml", ".toml",
];

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in tree
        .ending(&SOURCES)
        .filter(|file| !file.starts_with("rulesets/sources/"))
    {
        for (number, line) in tree.text(file).unwrap_or_default().lines().enumerate() {
            if let Some(marker) = MARKERS.iter().find(|marker| has_word(line, marker)) {
                findings.push(Finding::new(
                    format!("{file}:{}", number + 1),
                    format!("has a {marker}; do it, or file an issue"),
                ));
            }
        }
    }
    Ok(findings)
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(|part: char| !part.is_ascii_alphanumeric())
        .any(|part| part == word)
}

#[cfg(test)]
mod tests {
    use super::{MARKERS, has_word};

    #[test]
    fn markers_are_whole_words() {
        for marker in MARKERS {
            assert!(has_word(&format!("// {marker}: later"), marker));
            assert!(!has_word(&format!("let {marker}LIST = 1"), marker));
        }
    }
}
