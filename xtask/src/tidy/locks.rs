//! Lock files and configuration name no registry: whoever builds uses the one that their machine is set up for.

use super::{Finding, Tree};
use crate::fault::Result;

/// How Cargo.lock calls the public registry, wherever it is really fetched from.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in &tree.files {
        let name = file.rsplit('/').next().unwrap_or(file);
        let Some(wrong) = judge(name, file) else {
            continue;
        };
        for (number, line) in tree.text(file).unwrap_or_default().lines().enumerate() {
            if wrong(line) {
                findings.push(Finding::new(
                    format!("{file}:{}", number + 1),
                    "names a registry; for npm: `npm install --omit-lockfile-registry-resolved`, for cargo: remove the source",
                ));
            }
        }
    }
    Ok(findings)
}

/// What a line of this file must not be; nothing for files that are neither lock nor configuration.
fn judge(name: &str, file: &str) -> Option<fn(&str) -> bool> {
    match name {
        "package-lock.json" => Some(npm_lock),
        "Cargo.lock" => Some(cargo_lock),
        ".npmrc" => Some(npm_configuration),
        "config.toml" if file.contains(".cargo/") => Some(cargo_configuration),
        "yarn.lock" | "pnpm-lock.yaml" => Some(|_| true),
        _ => None,
    }
}

fn npm_lock(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("\"resolved\":") && line.contains("://")
}

fn cargo_lock(line: &str) -> bool {
    line.strip_prefix("source = ")
        .is_some_and(|source| source.trim_matches('"') != CRATES_IO)
}

fn npm_configuration(line: &str) -> bool {
    line.contains("registry=") || line.contains("_auth")
}

fn cargo_configuration(line: &str) -> bool {
    line.starts_with("[source") || line.starts_with("[registr")
}

#[cfg(test)]
mod tests {
    use super::{CRATES_IO, cargo_lock, npm_configuration, npm_lock};

    #[test]
    fn addresses_are_found() {
        assert!(npm_lock("      \"resolved\": \"https://example.org/a.tgz\","));
        assert!(!npm_lock("      \"resolved\": \"web-demo\","));
        assert!(!cargo_lock(&format!("source = \"{CRATES_IO}\"")));
        assert!(cargo_lock("source = \"sparse+https://example.org/index/\""));
        assert!(npm_configuration("registry=https://example.org"));
        assert!(!npm_configuration("omit-lockfile-registry-resolved=true"));
    }
}
