//! "Nothing changed since": a stamp is a hash over the contents of some inputs, kept in the target folder beside what was
//! made from them. By contents and not by time, because a checkout gives every file a new time.

use crate::fault::{Fault, Result};
use crate::repo::Repo;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// A named piece of work and the hash of its inputs as they are now.
pub(crate) struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    /// Hashes files and whole folders (`inputs`, below the root; absent ones count as empty) and the words in `salt`.
    pub(crate) fn new(repo: &Repo, name: &str, inputs: &[&str], salt: &[&str]) -> Result<Stamp> {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        for input in inputs {
            add(&repo.path(input), &mut hasher).map_err(|error| {
                Fault::new(
                    format!("`{input}` cannot be read: {error}"),
                    "look at its permissions",
                )
            })?;
        }
        Ok(Stamp {
            file: repo.target(&format!("xtask/{name}.stamp")),
            hash: format!("{:016x}", hasher.finish()),
        })
    }

    /// True if the work was done for these very inputs and its results are still there.
    pub(crate) fn holds(&self, results: &[PathBuf]) -> bool {
        results.iter().all(|result| result.exists())
            && std::fs::read_to_string(&self.file).is_ok_and(|kept| kept == self.hash)
    }

    /// Remembers that the work is done.
    pub(crate) fn keep(&self) -> Result<()> {
        let write = || {
            if let Some(folder) = self.file.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(&self.file, &self.hash)
        };
        write().map_err(|error| {
            Fault::new(
                format!("`{}` cannot be written: {error}", self.file.display()),
                "free some disk space",
            )
        })
    }
}

/// Folders that are results or foreign, never inputs.
const NOT_INPUTS: [&str; 7] = [
    "node_modules",
    "target",
    "dist",
    "wasm",
    "wasm-author",
    "wasm-portable",
    ".vite",
];

fn add(path: &Path, hasher: &mut DefaultHasher) -> std::io::Result<()> {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> = std::fs::read_dir(path)?
            .map(|entry| Ok(entry?.path()))
            .collect::<std::io::Result<_>>()?;
        entries.sort();
        for entry in entries {
            let skipped = entry.is_dir()
                && entry
                    .file_name()
                    .is_some_and(|name| NOT_INPUTS.iter().any(|not| name == *not));
            if !skipped {
                add(&entry, hasher)?;
            }
        }
    } else if path.is_file() {
        path.hash(hasher);
        std::fs::read(path)?.hash(hasher);
    }
    Ok(())
}
