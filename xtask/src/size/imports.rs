//! Which scripts a browser loads: the entry and what it imports by relative paths, followed to the end. Imports by package
//! name and imports made later (`import(…)`) are not part of the first download and are left out.

use std::path::Path;

/// The entry and every script reached from it, as paths below `root`, in the order found. Empty if there is no entry.
pub(super) fn reached(root: &Path, entry: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut waiting = vec![entry.to_owned()];
    while let Some(script) = waiting.pop() {
        if found.contains(&script) {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(root.join(&script)) else {
            continue;
        };
        waiting.extend(
            relative_imports(&text)
                .iter()
                .map(|import| resolve(&script, import)),
        );
        found.push(script);
    }
    found
}

/// The relative names in `import … from "x"`, `export … from "x"` and `import "x"`.
fn relative_imports(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for keyword in ["from", "import"] {
        for part in text.split(keyword).skip(1) {
            let part = part.trim_start();
            let Some(quote @ ('"' | '\'')) = part.chars().next() else {
                continue;
            };
            if let Some(name) = part.split(quote).nth(1).filter(|name| name.starts_with('.')) {
                names.push(name.to_owned());
            }
        }
    }
    names
}

/// `dist/a/b.js` and `../c.js` → `dist/c.js`.
fn resolve(script: &str, import: &str) -> String {
    let mut parts: Vec<&str> = script.split('/').collect();
    parts.pop();
    for part in import.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::{relative_imports, resolve};

    #[test]
    fn static_relative_imports_are_found() {
        let text = "import a from './a.js';import{b}from\"../b.js\"\nimport 'vue'\nexport * from \"./c.js\"\nimport './d.js'";
        assert_eq!(relative_imports(text), ["./a.js", "../b.js", "./c.js", "./d.js"]);
        assert!(relative_imports("const late = import('./late.js')").is_empty());
    }

    #[test]
    fn names_resolve_against_the_script() {
        assert_eq!(resolve("dist/a/b.js", "../c.js"), "dist/c.js");
        assert_eq!(resolve("dist/a.js", "../wasm/x.js"), "wasm/x.js");
        assert_eq!(resolve("dist/a.js", "./b.js"), "dist/b.js");
    }
}
