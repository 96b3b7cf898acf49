//! What stands beside the rulesets and the book wants to show: the head lines of stored texts, the names of places.
//!
//! In: texts. Out: facts by document, names by code. Must not know: pages.

use std::collections::BTreeMap;

/// The head lines of a stored text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) version: String,
    pub(super) provenance: String,
    pub(super) note: String,
}

impl Head {
    /// Reads the lines that begin with `# `.
    pub(super) fn read(text: &str) -> Head {
        let line = |key: &str| {
            let found = text
                .lines()
                .filter_map(|line| line.strip_prefix("# "))
                .find_map(|line| line.strip_prefix(key));
            found.unwrap_or("").trim().to_owned()
        };
        Head {
            version: line("version:"),
            provenance: line("provenance:"),
            note: line("note:"),
        }
    }
}

/// Names of divisions by code.
#[derive(Default)]
pub(super) struct Places(BTreeMap<u32, String>);

impl Places {
    /// Reads `code,name,…` lines; a code that was given anew keeps the last name.
    pub(super) fn read(csv: &str) -> Places {
        let row = |line: &str| {
            let mut cells = line.split(',');
            let code = cells.next()?.parse().ok()?;
            Some((code, cells.next()?.to_owned()))
        };
        Places(csv.lines().filter_map(row).collect())
    }

    /// `林西县（150424）`, or the code alone.
    pub(super) fn named(&self, code: u32) -> String {
        match self.0.get(&code) {
            Some(name) => format!("{name}（{code:06}）"),
            None => format!("{code:06}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Head, Places};

    #[test]
    fn heads_and_names() {
        let head = Head::read("# 题名\n# version: 1号\n# provenance: 某处\n\n正文 # note: 不是");
        assert_eq!((head.version.as_str(), head.note.as_str()), ("1号", ""));
        let places = Places::read("code,name,since\n150424,林西县,1983\n");
        assert_eq!(places.named(150_424), "林西县（150424）");
        assert_eq!(places.named(1), "000001");
    }
}
