//! Everything that a server keeps as one archive, and back.
//!
//! In: an open service, or an archive. Out: an archive, or a folder and a database that a server can be started with. Must not know: what a
//! table is for. The archive is a tar file: `tables/NAME.ndjson` (a line of column names, then a line a row), `parts/…`, `keys/…`, and last
//! `backup.json`, without which it was broken off. It holds no SQL, so what was kept in SQLite can be restored into PostgreSQL and the other
//! way round. It holds the server's keys: whoever has it can sign receipts.

mod read;
mod write;

pub use read::{Restored, restore};
pub use write::{Saved, save};

use crate::app::OpenError;
use crate::db::Fault;
use crate::db::migrations::ALL;
use crate::problem::Problem;
use rules_core::digest::sha256;
use serde::{Deserialize, Serialize};

/// Format of archives; another number is another format.
const FORMAT: u32 = 1;

const ABOUT: &str = "backup.json";

/// What the archive says of itself.
#[derive(Debug, Serialize, Deserialize)]
struct About {
    backup: u32,
    program: String,
    /// Names and digests of the files that made the tables.
    migrations: Vec<(String, String)>,
    tables: Vec<Table>,
    parts: u64,
    /// Digests of parts that the database names and that were not there.
    lost: Vec<String>,
}

/// One table.
#[derive(Debug, Serialize, Deserialize)]
struct Table {
    name: String,
    rows: u64,
    /// `sha256:…` of the file.
    digest: String,
}

/// Why there is no backup, or nothing was restored.
#[derive(Debug)]
pub enum BackupError {
    /// A file or folder.
    Io(std::path::PathBuf, std::io::Error),
    /// The database.
    Database(Fault),
    /// The archive is not whole, or was changed.
    Damaged(String),
    /// Another version of the program made it.
    OtherTables,
    /// There is something where it would be restored to.
    NotEmpty(String),
    /// A part cannot be read.
    Part(String),
    /// The place of parts cannot be used.
    Parts(OpenError),
}

impl std::fmt::Display for BackupError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            BackupError::Io(path, error) => write!(f, "`{}`: {error}", path.display()),
            BackupError::Database(fault) => write!(f, "the database: {fault}"),
            BackupError::Damaged(what) => write!(f, "the archive is damaged: {what}"),
            BackupError::OtherTables => f.write_str(
                "the archive was made by a program with other tables; restore it with that program, then start this one",
            ),
            BackupError::NotEmpty(what) => {
                write!(f, "{what} holds something already; a backup is restored into an empty place")
            }
            BackupError::Part(digest) => write!(f, "the part {digest} cannot be read"),
            BackupError::Parts(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for BackupError {}

impl From<Fault> for BackupError {
    fn from(fault: Fault) -> BackupError {
        BackupError::Database(fault)
    }
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> BackupError {
        BackupError::Database(error.into())
    }
}

impl From<Problem> for BackupError {
    fn from(problem: Problem) -> BackupError {
        BackupError::Database(problem.into())
    }
}

/// Names and digests of the files that make the tables.
fn migrations() -> Vec<(String, String)> {
    let all = ALL.iter();
    all.map(|(name, sql)| ((*name).to_owned(), sha256(sql.as_bytes())))
        .collect()
}

/// The tables in the order in which they are made, which is one in which rows can be inserted: what is referred to comes first.
fn tables() -> Vec<&'static str> {
    let lines = ALL.iter().flat_map(|(_, sql)| sql.lines());
    lines
        .filter_map(|line| line.strip_prefix("CREATE TABLE "))
        .filter_map(|rest| rest.split([' ', '(']).next())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::tables;

    #[test]
    fn what_is_referred_to_comes_first() {
        let all = tables();
        let at = |name: &str| all.iter().position(|table| *table == name);
        assert!(at("submissions").is_some() && at("submissions") < at("revisions"));
        assert!(at("revisions") < at("findings"));
        assert!(
            all.iter()
                .all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        );
    }
}
