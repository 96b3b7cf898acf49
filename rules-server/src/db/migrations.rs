//! The tables, as numbered files that are applied once each, in order, and never changed afterwards.
//!
//! In: an open connection. Out: a database that this program can use. Must not know: what the tables are for.

use super::{Dialect, Fault};
use crate::problem::{Kind, Problem};
use rules_core::digest::sha256;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Executor, Row};

/// Name and text. Numbers need not be dense; a file that was released is never edited.
pub(crate) const ALL: &[(&str, &str)] = &[
    (
        "0001_submissions",
        include_str!("../../migrations/0001_submissions.sql"),
    ),
    ("0100_access", include_str!("../../migrations/0100_access.sql")),
    ("0200_reading", include_str!("../../migrations/0200_reading.sql")),
    (
        "0300_removals",
        include_str!("../../migrations/0300_removals.sql"),
    ),
];

/// Applies what is not yet applied, all in one transaction.
pub(super) async fn run(pool: &AnyPool, dialect: Dialect, now_ms: i64) -> Result<(), Fault> {
    let mut connection = pool.acquire().await?;
    dialect.begin(&mut connection).await?;
    match all(&mut connection, dialect, now_ms).await {
        Ok(()) => {
            connection.execute("COMMIT").await?;
            Ok(())
        }
        Err(fault) => {
            connection.execute("ROLLBACK").await?;
            Err(fault)
        }
    }
}

async fn all(connection: &mut AnyConnection, dialect: Dialect, now_ms: i64) -> Result<(), Fault> {
    let table = "CREATE TABLE IF NOT EXISTS migrations (name TEXT NOT NULL PRIMARY KEY, digest TEXT NOT NULL, applied_ms BIGINT NOT NULL) {strict}";
    connection.execute(AssertSqlSafe(dialect.spell(table))).await?;
    let applied = sqlx::query("SELECT name, digest FROM migrations ORDER BY name")
        .fetch_all(&mut *connection)
        .await?;
    let mut known: Vec<String> = Vec::new();
    for row in applied {
        let (name, digest): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let Some((_, sql)) = ALL.iter().find(|(file, _)| *file == name) else {
            return Err(refused(format!(
                "the database has `{name}`, which this program does not know: it was made by a newer one"
            )));
        };
        if sha256(sql.as_bytes()) != digest {
            return Err(refused(format!(
                "the database was made with another text of `{name}`; it cannot be told whether the two fit"
            )));
        }
        known.push(name);
    }
    for (name, sql) in ALL
        .iter()
        .filter(|(name, _)| !known.iter().any(|there| there == name))
    {
        for statement in statements(&dialect.spell(sql)) {
            connection.execute(AssertSqlSafe(statement)).await?;
        }
        sqlx::query("INSERT INTO migrations (name, digest, applied_ms) VALUES ($1, $2, $3)")
            .bind(*name)
            .bind(sha256(sql.as_bytes()))
            .bind(now_ms)
            .execute(&mut *connection)
            .await?;
        tracing::info!(name, "tables");
    }
    Ok(())
}

fn refused(detail: String) -> Fault {
    Problem::new(Kind::Internal, detail).into()
}

/// The statements of a file: each ends with a semicolon at the end of its line.
fn statements(sql: &str) -> impl Iterator<Item = String> {
    let lines = sql.lines().filter(|line| !line.trim_start().starts_with("--"));
    let text: Vec<&str> = lines.collect();
    let text = text.join("\n");
    let parts: Vec<String> = text
        .split(";\n")
        .map(|part| part.trim().trim_end_matches(';').to_owned())
        .filter(|part| !part.is_empty())
        .collect();
    parts.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_listed_in_order() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .map(|files| {
                files
                    .flatten()
                    .map(|file| file.file_name().to_string_lossy().replace(".sql", ""))
                    .collect()
            })
            .unwrap_or_default();
        files.sort();
        let listed: Vec<&str> = ALL.iter().map(|(name, _)| *name).collect();
        assert_eq!(files, listed);
    }

    #[test]
    fn statements_are_told_apart() {
        let found: Vec<String> = statements("-- a; b\nCREATE x (\n y);\n\nCREATE z;\n").collect();
        assert_eq!(found, ["CREATE x (\n y)", "CREATE z"]);
    }
}
