//! No path of somebody's machine in the repository: it builds anywhere, from what it holds itself.

use super::{Finding, Tree};
use crate::fault::Result;

/// Written in two parts so that this file does not find itself. A home folder counts only with something in it.
const PATHS: [&str; 6] = [
    concat!("/wo", "rk/"),
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
    concat!("C:\\Us", "ers\\"),
    concat!(".libr", "ary/"),
];

/// Folders beside the repository, wherever they stand in a path.
const OUTSIDE: [&str; 3] = [
    concat!("../sha", "red"),
    concat!("shared/des", "ign"),
    concat!("shared/sou", "rces"),
];

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in &tree.files {
        for (number, line) in tree.text(file).unwrap_or_default().lines().enumerate() {
            if let Some(path) = found(line) {
                findings.push(Finding::new(
                    format!("{file}:{}", number + 1),
                    format!(
                        "names `{path}`, which is outside of the repository; copy what is needed into it"
                    ),
                ));
            }
        }
    }
    Ok(findings)
}

fn found(line: &str) -> Option<&'static str> {
    let outside = OUTSIDE.iter().find(|path| line.contains(**path)).copied();
    outside.or_else(|| PATHS.iter().find(|path| starts_a_path(line, path)).copied())
}

/// True where the text begins a path and is not in the middle of one (as in a web address).
fn starts_a_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).unwrap_or_default().chars().next_back();
        let middle = before.is_some_and(|last| last.is_alphanumeric() || "._~-/%}".contains(last));
        !middle || before == Some('/') && line.get(..at).is_some_and(|text| text.ends_with("file://"))
    })
}

#[cfg(test)]
mod tests {
    use super::{OUTSIDE, PATHS, found};

    #[test]
    fn paths_are_found_and_addresses_are_not() {
        for path in PATHS {
            assert_eq!(found(&format!("see \"{path}x\"")), Some(path));
        }
        for path in OUTSIDE {
            assert_eq!(found(&format!("include_str!(\"{path}/x\")")), Some(path));
        }
        assert_eq!(found(concat!("https://www.gov.cn/ho", "me/x.htm")), None);
    }
}
