//! Which files a command is about: from the paths that were named to the ruleset files, and to what stands around them.
//!
//! In: paths of files, topic folders or the root. Out: files. Must not know: what is in them. A layer needs its base and a base its layers,
//! wherever they stand under the root, so all files under it are candidates, and those that were named are marked.

use crate::fault::{Fault, Result};
use crate::files;
use rules_compiler::rulesets::{self, Beside};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Folders that hold what rulesets use; the folder above them is the root.
const STORES: [&str; 2] = ["sources", "tables"];

/// Folders inside folders. Rulesets are two or three deep; somebody's home folder is not meant.
const DEPTH: usize = 12;

/// Files. Reading more would take minutes; a folder that has them is no folder of rulesets.
const MOST: usize = 10_000;

/// Ruleset files around the paths that were named.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The folder that has `sources/` or `tables/`.
    pub(crate) root: Option<PathBuf>,
    /// All ruleset files, sorted.
    pub(crate) files: Vec<PathBuf>,
    /// Those that were named, or lie in a folder that was.
    pub(crate) wanted: BTreeSet<PathBuf>,
}

/// Finds ruleset files.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Found> {
    let mut found = Found::default();
    let mut all = BTreeSet::new();
    for path in paths {
        let path = files::canonical(path)?;
        let is_folder = path.is_dir();
        let folder = if is_folder {
            path.as_path()
        } else {
            path.parent().unwrap_or(&path)
        };
        let root = folder
            .ancestors()
            .find(|folder| STORES.iter().any(|store| folder.join(store).is_dir()));
        let before = found.wanted.len();
        if is_folder {
            let mut inside = BTreeSet::new();
            walk(&path, DEPTH, &mut inside)?;
            found.wanted.extend(inside.iter().cloned());
            all.extend(inside);
        } else {
            let file = ruleset_of(&path);
            all.insert(file.clone());
            found.wanted.insert(file);
        }
        if found.wanted.len() == before && is_folder {
            return Err(Fault::new(format!("`{}` holds no rulesets", files::shown(&path)))
                .help("rulesets are files that end in .yaml"));
        }
        match (root, &found.root) {
            (Some(root), Some(other)) if root != other => {
                return Err(Fault::new(format!(
                    "`{}` and `{}` are two collections of rulesets",
                    files::shown(root),
                    files::shown(other)
                ))
                .help("name paths of one"));
            }
            (Some(root), _) => {
                walk(root, DEPTH, &mut all)?;
                found.root = Some(root.to_owned());
            }
            (None, _) => walk(folder, 0, &mut all)?,
        }
    }
    found.files = all.into_iter().collect();
    Ok(found)
}

/// The ruleset that a file of cases or a part belongs to; any other file itself.
fn ruleset_of(path: &Path) -> PathBuf {
    owner_of(path).unwrap_or_else(|| path.to_owned())
}

/// The ruleset file that a file of cases or a part belongs to.
fn owner_of(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let (head, ending) = name.rsplit_once('.')?;
    let mut stem = head;
    while let Some((shorter, _)) = stem.rsplit_once('.') {
        stem = shorter;
        let file = path.with_file_name(format!("{stem}.{ending}"));
        if rulesets::beside(stem, name).is_some() && file.is_file() {
            return Some(file);
        }
    }
    None
}

/// The name of the ruleset that a file of cases or a part belongs to, where there is no such file: it would never be read.
fn lost(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let (head, ending) = name
        .rsplit_once('.')
        .filter(|(_, ending)| matches!(*ending, "yaml" | "yml"))?;
    let stem = head
        .strip_suffix(".cases")
        .or_else(|| head.strip_suffix(".part"))?;
    let part = stem.rsplit_once('.').map(|(stem, _)| stem);
    let stem = part.filter(|_| head.ends_with(".part")).unwrap_or(stem);
    owner_of(path).is_none().then(|| format!("{stem}.{ending}"))
}

/// The files beside a ruleset that are its cases or its parts, sorted by name.
pub(crate) fn beside(path: &Path) -> Vec<(Beside, PathBuf)> {
    let stem = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default();
    let Some(Ok(entries)) = path.parent().map(std::fs::read_dir) else {
        return Vec::new();
    };
    let mut found: Vec<(Beside, PathBuf)> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let kind = rulesets::beside(stem, path.file_name()?.to_str()?)?;
            path.is_file().then_some((kind, path))
        })
        .collect();
    found.sort_by(|a, b| a.1.cmp(&b.1));
    found
}

/// The registers of clauses below a root, sorted by name.
pub(crate) fn registers(root: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(root.join("sources")) else {
        return Vec::new();
    };
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|ending| ending == "yaml" || ending == "yml")
        })
        .filter(|path| path.is_file())
        .collect();
    found.sort();
    found
}

fn walk(folder: &Path, depth: usize, out: &mut BTreeSet<PathBuf>) -> Result<()> {
    let unread = |error| Fault::unread(folder, &error);
    for entry in std::fs::read_dir(folder).map_err(unread)? {
        let entry = entry.map_err(unread)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().map_err(unread)?;
        if kind.is_dir() {
            let skipped = name.starts_with('.') || STORES.contains(&name.as_str()) || name == "node_modules";
            if depth > 0 && !skipped {
                walk(&entry.path(), depth - 1, out)?;
            }
        } else if rulesets::stands_alone(&name) && entry.path().is_file() {
            out.insert(entry.path());
        } else if let Some(ruleset) = lost(&entry.path()) {
            let cases = files::shown(&entry.path()).to_string();
            return Err(
                Fault::new(format!("`{cases}` belongs to a ruleset that is not there")).help(format!(
                    "there is no `{ruleset}` beside it; both files must have the same name"
                )),
            );
        }
        if out.len() > MOST {
            return Err(
                Fault::new(format!("`{}` holds more than {MOST} files", files::shown(folder)))
                    .help("name the folder of the rulesets"),
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rules_compiler::rulesets::stands_alone;

    #[test]
    fn cases_and_hidden_files_are_no_rulesets() {
        for (name, expected) in [
            ("a.yaml", true),
            ("a.yml", true),
            ("a.cases.yaml", false),
            ("a.school.part.yaml", false),
            ("a.json", false),
            (".a.yaml", false),
        ] {
            assert_eq!(stands_alone(name), expected, "{name}");
        }
    }
}
