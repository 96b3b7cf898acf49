//! From an open service to an archive.
//!
//! In: a database, the store of parts, the folder of keys. Out: a file that is whole or not there. Must not know: tables.

use super::{ABOUT, About, BackupError, FORMAT, Table, migrations, tables};
use crate::app::App;
use crate::db::Dialect;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::TryStreamExt;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{AnyConnection, AssertSqlSafe, Column, Executor, Row, ValueRef};
use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

/// What was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Rows of all tables.
    pub rows: u64,
    /// Parts.
    pub parts: u64,
    /// Digests of parts that the database names and that were not there.
    pub lost: Vec<String>,
}

/// Writes everything that `app` keeps into a new file, as it was at one moment. The service goes on meanwhile.
///
/// # Errors
/// Where the file cannot be written, or something cannot be read. Then there is no such file.
pub async fn save(app: &App, to: &Path) -> Result<Saved, BackupError> {
    let mut name = to.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    let fresh = to.with_file_name(name);
    let written = archive(app, &fresh).await;
    let done = written.and_then(|saved| {
        std::fs::rename(&fresh, to).map_err(|error| BackupError::Io(to.to_owned(), error))?;
        Ok(saved)
    });
    if done.is_err() {
        // The fault that is told is the first one.
        let _ = std::fs::remove_file(&fresh);
    }
    done
}

async fn archive(app: &App, path: &Path) -> Result<Saved, BackupError> {
    let io = |error| BackupError::Io(path.to_owned(), error);
    let mut out = tar::Builder::new(create(path).map_err(io)?);
    let mut connection = app.db.read().acquire().await?;
    let begin = match app.db.dialect() {
        Dialect::Sqlite => "BEGIN",
        Dialect::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    connection.execute(begin).await?;
    let read = everything(app, &mut connection, &mut out, path).await;
    connection.execute("ROLLBACK").await?;
    let about = read?;
    let text = serde_json::to_vec(&about).map_err(|error| io(error.into()))?;
    add(&mut out, ABOUT, &text).map_err(io)?;
    let file = out.into_inner().map_err(io)?;
    file.sync_all().map_err(io)?;
    Ok(Saved {
        rows: about.tables.iter().map(|table| table.rows).sum(),
        parts: about.parts,
        lost: about.lost,
    })
}

async fn everything(
    app: &App,
    connection: &mut AnyConnection,
    out: &mut tar::Builder<File>,
    path: &Path,
) -> Result<About, BackupError> {
    let io = |error| BackupError::Io(path.to_owned(), error);
    let mut about = About {
        backup: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        migrations: migrations(),
        tables: Vec::new(),
        parts: 0,
        lost: Vec::new(),
    };
    for name in tables() {
        about.tables.push(table(connection, name, out, path).await?);
    }
    let rows = sqlx::query("SELECT digest FROM parts ORDER BY digest")
        .fetch_all(&mut *connection)
        .await?;
    for row in rows {
        let digest: String = row.try_get(0)?;
        let read = app.parts.read(&digest).await;
        match read.map_err(|_| BackupError::Part(digest.clone()))? {
            Some(bytes) => {
                let hex = digest.trim_start_matches("sha256:");
                add(out, &format!("parts/{hex}"), &bytes).map_err(io)?;
                about.parts += 1;
            }
            None => about.lost.push(digest),
        }
    }
    let keys = app.data.join("keys");
    let unread = |error| BackupError::Io(keys.clone(), error);
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(&keys).map_err(unread)? {
        files.push(entry.map_err(unread)?.path());
    }
    files.sort();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let bytes = std::fs::read(&file).map_err(|error| BackupError::Io(file.clone(), error))?;
        add(out, &format!("keys/{name}"), &bytes).map_err(io)?;
    }
    Ok(about)
}

/// One table: first into a file without a name, for an archive wants to know its size before its bytes.
async fn table(
    connection: &mut AnyConnection,
    name: &str,
    out: &mut tar::Builder<File>,
    path: &Path,
) -> Result<Table, BackupError> {
    let io = |error| BackupError::Io(path.to_owned(), error);
    let mut lines = Lines {
        out: BufWriter::new(tempfile::tempfile_in(folder(path)).map_err(io)?),
        hash: Sha256::new(),
    };
    let mut rows = 0;
    let sql = format!("SELECT * FROM {name}");
    let mut found = sqlx::query(AssertSqlSafe(sql)).fetch(connection);
    while let Some(row) = found.try_next().await? {
        if rows == 0 {
            let names: Vec<&str> = row.columns().iter().map(Column::name).collect();
            lines.add(&json!(names)).map_err(io)?;
        }
        lines.add(&values(&row)?).map_err(io)?;
        rows += 1;
    }
    let mut file = lines.out.into_inner().map_err(|error| io(error.into_error()))?;
    let size = file.stream_position().map_err(io)?;
    file.rewind().map_err(io)?;
    let mut header = header(size);
    out.append_data(&mut header, format!("tables/{name}.ndjson"), file)
        .map_err(io)?;
    Ok(Table {
        name: name.to_owned(),
        rows,
        digest: format!("sha256:{:x}", Hex(&lines.hash.finalize())),
    })
}

struct Lines {
    out: BufWriter<File>,
    hash: Sha256,
}

impl Lines {
    fn add(&mut self, line: &Value) -> std::io::Result<()> {
        let text = format!("{line}\n");
        self.hash.update(text.as_bytes());
        self.out.write_all(text.as_bytes())
    }
}

/// Bytes as hexadecimal digits.
pub(super) struct Hex<'a>(pub(super) &'a [u8]);

impl std::fmt::LowerHex for Hex<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A row: texts and numbers as themselves, bytes as `{"bytes": base64}`.
fn values(row: &AnyRow) -> Result<Value, sqlx::Error> {
    let mut all = Vec::new();
    for at in 0..row.len() {
        let raw = row.try_get_raw(at)?;
        let kind = raw.type_info().kind();
        let value = if raw.is_null() {
            Value::Null
        } else {
            match kind {
                AnyTypeInfoKind::Blob => {
                    let bytes: Vec<u8> = row.try_get(at)?;
                    json!({ "bytes": BASE64_STANDARD.encode(bytes) })
                }
                AnyTypeInfoKind::Text => Value::from(row.try_get::<String, _>(at)?),
                AnyTypeInfoKind::Null => Value::Null,
                AnyTypeInfoKind::BigInt | AnyTypeInfoKind::Integer | AnyTypeInfoKind::SmallInt => {
                    Value::from(row.try_get::<i64, _>(at)?)
                }
                other => {
                    return Err(sqlx::Error::Protocol(format!("a column of type {other:?}")));
                }
            }
        };
        all.push(value);
    }
    Ok(Value::Array(all))
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

fn header(size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o600);
    header
}

fn add(out: &mut tar::Builder<File>, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    out.append_data(&mut header(bytes.len() as u64), name, bytes)
}

/// For nobody else's eyes: it holds the server's keys and everything that was sent.
fn create(path: &Path) -> std::io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
