//! Rhai is known in two places: the module that lowers its syntax tree, and the module that runs authors' functions. The
//! tests may use it as a witness. Its version is pinned exactly, because its syntax tree is no stable interface.

use super::{Finding, Tree};
use crate::fault::Result;

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in tree.ending(&[".rs"]).filter(|file| !may_import(file)) {
        for (number, line) in tree.text(file).unwrap_or_default().lines().enumerate() {
            if imports(line) {
                findings.push(Finding::new(
                    format!("{file}:{}", number + 1),
                    "only rules-compiler/src/syntax/rhai.rs and the functions module import rhai; give this code one \
                     of our own types instead",
                ));
            }
        }
    }
    for file in tree.ending(&["Cargo.toml"]) {
        for (number, line) in tree.text(file).unwrap_or_default().lines().enumerate() {
            if unpinned(line) {
                findings.push(Finding::new(
                    format!("{file}:{}", number + 1),
                    "pin rhai exactly: version = \"=1.2.3\"",
                ));
            }
        }
    }
    Ok(findings)
}

fn may_import(file: &str) -> bool {
    let inside = |folder: &str| file.starts_with(folder);
    let functions = |part: &str| part == "functions" || part == "functions.rs";
    file == "rules-compiler/src/syntax/rhai.rs"
        || inside("rules-compiler/src/syntax/rhai/")
        || inside("tests/")
        || inside("rules-functions/")
        || inside("xtask/src/tidy/")
        || (inside("rules-") && file.split('/').any(functions))
}

fn imports(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    let mut rest = code;
    while let Some(at) = rest.find("rhai::") {
        let (before, after) = rest.split_at(at);
        // A path that goes through one of our own modules of that name (`super::rhai::`) imports no crate.
        let part_of_name = |last: char| last.is_alphanumeric() || last == '_';
        let own = before
            .strip_suffix("::")
            .unwrap_or(before)
            .ends_with(part_of_name);
        if !own {
            return true;
        }
        rest = after.strip_prefix("rhai::").unwrap_or_default();
    }
    matches!(code.trim(), "use rhai;" | "extern crate rhai;") || code.trim_start().starts_with("use rhai as ")
}

fn unpinned(line: &str) -> bool {
    let Some(about) = line.trim().strip_prefix("rhai") else {
        return false;
    };
    let about = about.trim_start();
    about.starts_with('=')
        && about.contains('"')
        && !about.contains("\"=")
        && !about.contains("workspace")
        && !about.contains("path")
}

#[cfg(test)]
mod tests {
    use super::{imports, may_import, unpinned};

    #[test]
    fn imports_are_told_from_mentions() {
        assert!(imports("use rhai::AST;"));
        assert!(imports("    let engine = ::rhai::Engine::new();"));
        assert!(!imports("use super::rhai::lower;"));
        assert!(!imports("/// as rhai::AST does"));
        assert!(!imports("use crate::syntax::rhai::parse;"));
    }

    #[test]
    fn the_two_places_may() {
        assert!(may_import("rules-compiler/src/syntax/rhai.rs"));
        assert!(may_import("rules-core/src/functions/run.rs"));
        assert!(!may_import("rules-compiler/src/lower.rs"));
    }

    #[test]
    fn a_loose_version_is_seen() {
        assert!(unpinned("rhai = \"1.27\""));
        assert!(!unpinned(
            "rhai = { version = \"=1.27.0\", features = [\"internals\"] }"
        ));
        assert!(!unpinned("rhai.workspace = true"));
        assert!(!unpinned("rhai = { workspace = true, features = [\"x\"] }"));
    }
}
