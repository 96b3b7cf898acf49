//! No source file is longer than can be read in one sitting. Data, rulesets, lock files and generated files are not sources.

use super::{Finding, Tree};
use crate::fault::Result;

/// Lines; a file with more has more than one job.
const LONGEST: usize = 700;

const SOURCES: [&str; 12] = [
    ".rs", ".ts", ".tsx", ".js", ".mjs", ".vue", ".css", ".html", ".md", ".yml", ".yaml", ".toml",
];

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in tree.ending(&SOURCES).filter(|file| !is_data(file)) {
        let lines = tree.text(file).map_or(0, |text| text.lines().count());
        if lines > LONGEST {
            findings.push(Finding::new(
                file,
                format!("has {lines} lines, at most {LONGEST}; split it by job"),
            ));
        }
    }
    Ok(findings)
}

fn is_data(file: &str) -> bool {
    let yaml = file.ends_with(".yml") || file.ends_with(".yaml");
    let generated = file.contains("generated") || file.contains(".snap");
    (yaml && file.starts_with("rulesets/"))
        || file.starts_with("rulesets/sources/")
        || ["tests/cases/", "tests/data/"]
            .iter()
            .any(|folder| file.starts_with(folder))
        || generated
}

#[cfg(test)]
mod tests {
    use super::is_data;

    #[test]
    fn laws_are_data_and_code_is_not() {
        assert!(is_data("rulesets/venue/national.yaml"));
        assert!(!is_data("rulesets/README.md"));
        assert!(!is_data("rules-core/src/data.rs"));
    }
}
