//! Who may know whom, as a table: the dependencies of each crate on our other crates, and what the page imports.

use super::{Finding, Tree};
use crate::fault::Result;
use toml::de::{DeTable, DeValue};

/// Crate, where its manifest is, and which of our crates it may name. Nothing else of ours may be known to it.
const MAY_KNOW: &[(&str, &str, &[&str])] = &[
    ("rules-core", "rules-core/Cargo.toml", &[]),
    ("rules-tables", "rules-tables/Cargo.toml", &["rules-core"]),
    (
        "rules-compiler",
        "rules-compiler/Cargo.toml",
        &["rules-core", "rules-tables"],
    ),
    (
        "rules-wasm",
        "rules-wasm/Cargo.toml",
        &["rules-core", "rules-compiler", "rules-functions"],
    ),
    ("rules-functions", "rules-functions/Cargo.toml", &["rules-core"]),
    ("rules-abi", "rules-abi/Cargo.toml", &["rules-core"]),
    (
        "rules-cli",
        "rules-cli/Cargo.toml",
        &["rules-core", "rules-compiler", "rules-functions", "rules-server"],
    ),
    (
        "rules-server",
        "rules-server/Cargo.toml",
        &["rules-core", "rules-functions", "rules-tables"],
    ),
    ("rules-tests", "tests/Cargo.toml", ALL),
    ("rules-fuzz", "tests/fuzz/Cargo.toml", ALL),
    (
        "rules-node-native",
        "tests/node-native/Cargo.toml",
        &["rules-core"],
    ),
    ("xtask", "xtask/Cargo.toml", &[]),
];

const ALL: &[&str] = &[
    "rules-core",
    "rules-compiler",
    "rules-tables",
    "rules-functions",
    "rules-wasm",
    "rules-abi",
    "rules-cli",
    "rules-server",
    "rules-tests",
    "rules-fuzz",
    "xtask",
];

/// Dependencies that a crate may have only behind a feature: the browser module ships without the compiler.
const OPTIONAL: &[(&str, &str)] = &[("rules-wasm", "rules-compiler")];

const TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for manifest in tree.files.iter().filter(|file| file.ends_with("/Cargo.toml")) {
        let Some((name, _, allowed)) = MAY_KNOW.iter().find(|(_, path, _)| path == manifest) else {
            findings.push(Finding::new(
                manifest,
                "a crate that the table in xtask/src/tidy/layers.rs does not know; add it and what it may know",
            ));
            continue;
        };
        findings.extend(breaches(
            name,
            manifest,
            allowed,
            &tree.text(manifest).unwrap_or_default(),
        ));
    }
    for file in tree
        .ending(&[".ts", ".vue", ".js", ".mjs", ".tsx"])
        .filter(|file| file.starts_with("web-demo/"))
    {
        for (number, line) in tree.text(file).unwrap_or_default().lines().enumerate() {
            if line.contains("/rules-wasm") || line.contains("/rules-core") {
                findings.push(Finding::new(
                    format!("{file}:{}", number + 1),
                    "the page knows the npm package only: import from \"@weibao/rules\"",
                ));
            }
        }
    }
    Ok(findings)
}

fn breaches(name: &str, manifest: &str, allowed: &[&str], text: &str) -> Vec<Finding> {
    let table = match DeTable::parse(text) {
        Ok(table) => table.into_inner(),
        Err(error) => {
            return vec![Finding::new(
                manifest,
                format!("is not TOML: {}", error.message()),
            )];
        }
    };
    let mut findings = Vec::new();
    for (dependency, optional) in dependencies(&table) {
        if !ALL.contains(&dependency.as_str()) {
            continue;
        }
        if !allowed.contains(&dependency.as_str()) {
            findings.push(Finding::new(
                manifest,
                format!(
                    "{name} may not know {dependency}; move what it needs below both, or turn the need around"
                ),
            ));
        } else if OPTIONAL.contains(&(name, dependency.as_str())) && !optional {
            findings.push(Finding::new(
                manifest,
                format!("{name} may know {dependency} only behind a feature: `optional = true`"),
            ));
        }
    }
    findings
}

/// Every dependency of a manifest, also those of one target only, and whether it is optional. A renamed one counts under
/// its real name.
fn dependencies(manifest: &DeTable) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    for (key, value) in manifest {
        let DeValue::Table(table) = value.get_ref() else {
            continue;
        };
        if TABLES.contains(&key.get_ref().as_ref()) {
            for (name, about) in table {
                let (mut real, mut optional) = (name.get_ref().to_string(), false);
                if let DeValue::Table(about) = about.get_ref() {
                    if let Some(DeValue::String(package)) = about.get("package").map(|value| value.get_ref())
                    {
                        real = package.to_string();
                    }
                    optional = matches!(
                        about.get("optional").map(|value| value.get_ref()),
                        Some(DeValue::Boolean(true))
                    );
                }
                found.push((real, optional));
            }
        } else if key.get_ref() == "target" {
            for (_, one) in table {
                if let DeValue::Table(one) = one.get_ref() {
                    found.extend(dependencies(one));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::breaches;

    #[test]
    fn a_crate_that_looks_up_is_reported() {
        let text = "[dependencies]\nrules-compiler.workspace = true\nlibm = \"1\"\n";
        assert_eq!(breaches("rules-core", "x", &[], text).len(), 1);
        assert!(breaches("rules-cli", "x", &["rules-compiler"], text).is_empty());
    }

    #[test]
    fn the_compiler_reaches_the_browser_only_behind_a_feature() {
        let allowed = &["rules-compiler"];
        let plain = "[dependencies]\nrules-compiler.workspace = true";
        let optional = "[dependencies]\nrules-compiler = { workspace = true, optional = true }";
        assert_eq!(breaches("rules-wasm", "x", allowed, plain).len(), 1);
        assert!(breaches("rules-wasm", "x", allowed, optional).is_empty());
    }

    #[test]
    fn renamed_and_target_only_dependencies_are_seen() {
        let text = "[target.'cfg(unix)'.dev-dependencies]\nc = { path = \"../x\", package = \"rules-cli\" }";
        assert_eq!(breaches("rules-core", "x", &[], text).len(), 1);
    }
}
