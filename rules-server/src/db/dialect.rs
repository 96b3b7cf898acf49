//! Where SQLite and PostgreSQL differ.
//!
//! In: which of them it is. Out: words of SQL, settings of a connection. Must not know: what is stored.

use super::Fault;
use crate::problem::{Kind, Problem};
use sqlx::{AnyConnection, Executor};
use std::path::Path;

/// The databases.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// A file of this program.
    Sqlite,
    /// A server.
    Postgres,
}

/// Guards the chain across processes: a number that nothing else in the database uses.
const CHAIN_LOCK: &str = "SELECT pg_advisory_xact_lock(7310583601)";

impl Dialect {
    /// By the scheme of an address.
    pub(super) fn of(address: &str) -> Result<Dialect, Fault> {
        match address.split_once(':').map_or("", |(scheme, _)| scheme) {
            "postgres" | "postgresql" => Ok(Dialect::Postgres),
            "sqlite" => Ok(Dialect::Sqlite),
            // Not the address itself: it may hold a password.
            _ => Err(Problem::new(
                Kind::Internal,
                "the database's address begins with postgres:// or sqlite://",
            )
            .into()),
        }
    }

    /// Settings of a new connection.
    pub(super) async fn prepare(self, connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
        let settings: &[&str] = match self {
            // FULL: a commit has reached the disk when it is answered, also in the write-ahead log.
            Dialect::Sqlite => &[
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = FULL",
                "PRAGMA foreign_keys = ON",
                "PRAGMA busy_timeout = 10000",
            ],
            Dialect::Postgres => &[
                "SET synchronous_commit = on",
                "SET statement_timeout = '20s'",
                "SET idle_in_transaction_session_timeout = '30s'",
            ],
        };
        for setting in settings {
            connection.execute(*setting).await?;
        }
        Ok(())
    }

    /// Begins a transaction that writes: nobody else writes until it ends.
    pub(super) async fn begin(self, connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
        match self {
            Dialect::Sqlite => connection.execute("BEGIN IMMEDIATE").await?,
            Dialect::Postgres => {
                connection.execute("BEGIN").await?;
                connection.execute(CHAIN_LOCK).await?
            }
        };
        Ok(())
    }

    /// A statement of a migration in this database's words.
    pub(super) fn spell(self, sql: &str) -> String {
        let (blob, strict) = match self {
            Dialect::Sqlite => ("BLOB", "STRICT"),
            Dialect::Postgres => ("BYTEA", ""),
        };
        // SQLite's strict tables know no BIGINT; its INTEGER has the same 64 bits.
        let sql = sql.replace("{blob}", blob).replace("{strict}", strict);
        match self {
            Dialect::Sqlite => sql.replace("BIGINT", "INTEGER"),
            Dialect::Postgres => sql,
        }
    }
}

/// The address of a file; whatever is in its path means itself.
pub(super) fn file(path: &Path) -> String {
    let mut address = String::from("sqlite://");
    for byte in path.to_string_lossy().bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address + "?mode=rwc"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_means_itself() {
        let address = file(Path::new("/a b/数?#%.db"));
        assert_eq!(address, "sqlite:///a%20b/%E6%95%B0%3F%23%25.db?mode=rwc");
    }

    #[test]
    fn an_unknown_scheme_is_refused_without_being_repeated() {
        let fault = Dialect::of("mysql://me:secret@there/db");
        assert!(matches!(&fault, Err(Fault::Refused(_))));
        assert!(!format!("{fault:?}").contains("secret"));
    }
}
