//! From an archive to a folder and a database.
//!
//! In: an archive. Out: what a server can be started with, or nothing new. Must not know: tables.

use super::write::Hex;
use super::{ABOUT, About, BackupError, FORMAT, migrations, tables};
use crate::db::{Db, Fault, Tx};
use crate::edge::Clock;
use crate::parts::Shelf;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Row};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Rows of all tables.
    pub rows: u64,
    /// Parts.
    pub parts: u64,
}

/// Makes a server's folder, and its database, of an archive. The folder is made under another name and gets its own when all is in it.
///
/// # Errors
/// Where the archive is damaged or was made with other tables, where something is in the way, or where something cannot be written.
pub async fn restore(
    from: &Path,
    data: &Path,
    database: Option<&str>,
    bucket: Option<&str>,
    clock: Arc<dyn Clock>,
) -> Result<Restored, BackupError> {
    let occupied = std::fs::read_dir(data).is_ok_and(|mut files| files.next().is_some());
    if occupied {
        return Err(BackupError::NotEmpty(format!("`{}`", data.display())));
    }
    let mut name = data.file_name().unwrap_or_default().to_owned();
    name.push(".restoring");
    let fresh = data.with_file_name(name);
    let io = |path: &Path, error| BackupError::Io(path.to_owned(), error);
    let _ = std::fs::remove_dir_all(&fresh);
    std::fs::create_dir_all(&fresh).map_err(|error| io(&fresh, error))?;
    let done = into(from, &fresh, database, bucket, clock).await;
    if done.is_err() {
        let _ = std::fs::remove_dir_all(&fresh);
        return done;
    }
    // An empty folder of that name may be there.
    let _ = std::fs::remove_dir(data);
    std::fs::rename(&fresh, data).map_err(|error| io(data, error))?;
    done
}

async fn into(
    from: &Path,
    folder: &Path,
    database: Option<&str>,
    bucket: Option<&str>,
    clock: Arc<dyn Clock>,
) -> Result<Restored, BackupError> {
    let unpacked = folder.join("unpacked");
    let about = unpack(from, &unpacked)?;
    if about.migrations != migrations() {
        return Err(BackupError::OtherTables);
    }
    for table in &about.tables {
        let path = unpacked.join(format!("tables/{}.ndjson", table.name));
        if hash(&path)? != table.digest {
            return Err(BackupError::Damaged(format!("table `{}`", table.name)));
        }
    }
    let moved = |error| BackupError::Io(folder.join("keys"), error);
    std::fs::rename(unpacked.join("keys"), folder.join("keys")).map_err(moved)?;
    let shelf = Shelf::open(bucket, folder).await.map_err(BackupError::Parts)?;
    let parts = parts(&unpacked.join("parts"), &shelf).await?;
    if parts != about.parts {
        return Err(BackupError::Damaged(format!(
            "{} parts of {} are there",
            parts, about.parts
        )));
    }
    let db = Db::open(folder, database, clock).await?;
    let rows = filled(&db, &about, unpacked.clone()).await;
    db.close().await;
    let rows = rows?;
    let removed = |error| BackupError::Io(unpacked.clone(), error);
    std::fs::remove_dir_all(&unpacked).map_err(removed)?;
    Ok(Restored { rows, parts })
}

/// Unpacks the archive and reads what it says of itself. Names that lead elsewhere are not followed: `unpack_in` sees to that.
fn unpack(from: &Path, to: &Path) -> Result<About, BackupError> {
    let io = |error| BackupError::Io(from.to_owned(), error);
    let file = File::open(from).map_err(io)?;
    std::fs::create_dir_all(to).map_err(|error| BackupError::Io(to.to_owned(), error))?;
    let damaged = |error: std::io::Error| BackupError::Damaged(error.to_string());
    let mut archive = tar::Archive::new(BufReader::new(file));
    for entry in archive.entries().map_err(damaged)? {
        let mut entry = entry.map_err(damaged)?;
        if !entry.header().entry_type().is_file() || !entry.unpack_in(to).map_err(damaged)? {
            return Err(BackupError::Damaged(
                "it holds something that no backup has".to_owned(),
            ));
        }
    }
    let text = std::fs::read(to.join(ABOUT))
        .map_err(|_| BackupError::Damaged(format!("it has no `{ABOUT}`; it was broken off")))?;
    let about: About = serde_json::from_slice(&text)
        .map_err(|_| BackupError::Damaged(format!("`{ABOUT}` cannot be read")))?;
    if about.backup != FORMAT {
        return Err(BackupError::OtherTables);
    }
    Ok(about)
}

fn hash(path: &Path) -> Result<String, BackupError> {
    let missing = |_| BackupError::Damaged(format!("`{}` is missing", path.display()));
    let mut file = BufReader::new(File::open(path).map_err(missing)?);
    let mut hash = Sha256::new();
    loop {
        let piece = file
            .fill_buf()
            .map_err(|error| BackupError::Io(path.to_owned(), error))?;
        if piece.is_empty() {
            break;
        }
        hash.update(piece);
        let length = piece.len();
        file.consume(length);
    }
    Ok(format!("sha256:{:x}", Hex(&hash.finalize())))
}

/// Every part whose bytes have the digest that is its name.
async fn parts(folder: &Path, shelf: &Shelf) -> Result<u64, BackupError> {
    let Ok(files) = std::fs::read_dir(folder) else {
        return Ok(0);
    };
    let mut count = 0;
    for file in files {
        let path: PathBuf = file
            .map_err(|error| BackupError::Io(folder.to_owned(), error))?
            .path();
        let mut bytes = Vec::new();
        File::open(&path)
            .and_then(|mut file| file.read_to_end(&mut bytes))
            .map_err(|error| BackupError::Io(path.clone(), error))?;
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let digest = format!("sha256:{:x}", Hex(&Sha256::digest(&bytes)));
        if digest != format!("sha256:{name}") {
            return Err(BackupError::Damaged(format!("part {name}")));
        }
        shelf.restore(&digest, bytes).await?;
        count += 1;
    }
    Ok(count)
}

/// All rows in one transaction.
async fn filled(db: &Db, about: &About, unpacked: PathBuf) -> Result<u64, BackupError> {
    let there: i64 = sqlx::query("SELECT COUNT(*) FROM chain")
        .fetch_one(db.read())
        .await?
        .try_get(0)?;
    if there > 0 {
        return Err(BackupError::NotEmpty("the database".to_owned()));
    }
    let expected: BTreeMap<String, u64> = about
        .tables
        .iter()
        .map(|table| (table.name.clone(), table.rows))
        .collect();
    let rows = db.write(move |tx| {
        Box::pin(async move {
            let mut rows = 0;
            for name in tables() {
                let path = unpacked.join(format!("tables/{name}.ndjson"));
                let found = table(tx, name, &path).await?;
                if expected.get(name) != Some(&found) {
                    return Err(damaged(name));
                }
                rows += found;
            }
            Ok(rows)
        })
    });
    Ok(rows.await?)
}

async fn table(tx: &mut Tx, name: &'static str, path: &Path) -> Result<u64, Fault> {
    let file = File::open(path).map_err(|_| damaged(name))?;
    let mut lines = BufReader::new(file).lines();
    let Some(columns) = lines.next() else {
        return Ok(0);
    };
    let columns: Vec<String> = parsed(name, columns)?;
    let known = |column: &String| {
        column
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit())
    };
    if columns.is_empty() || !columns.iter().all(known) {
        return Err(damaged(name));
    }
    let mut rows = 0;
    for line in lines {
        let values: Vec<Value> = parsed(name, line)?;
        if values.len() != columns.len() {
            return Err(damaged(name));
        }
        insert(tx, name, &columns, values).await?;
        rows += 1;
    }
    Ok(rows)
}

/// A NULL is written into the statement: as a parameter it would need the column's type.
async fn insert(
    tx: &mut Tx,
    name: &'static str,
    columns: &[String],
    values: Vec<Value>,
) -> Result<(), Fault> {
    let (mut places, mut number) = (Vec::new(), 0);
    for value in &values {
        if value.is_null() {
            places.push("NULL".to_owned());
        } else {
            number += 1;
            places.push(format!("${number}"));
        }
    }
    let sql = format!(
        "INSERT INTO {name} ({}) VALUES ({})",
        columns.join(", "),
        places.join(", ")
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for value in values {
        query = match value {
            Value::Null => query,
            Value::String(text) => query.bind(text),
            Value::Number(number) => query.bind(number.as_i64().ok_or_else(|| damaged(name))?),
            Value::Object(bytes) => {
                let text = bytes.get("bytes").and_then(Value::as_str);
                let bytes = text.and_then(|text| BASE64_STANDARD.decode(text).ok());
                query.bind(bytes.ok_or_else(|| damaged(name))?)
            }
            Value::Bool(_) | Value::Array(_) => return Err(damaged(name)),
        };
    }
    query.execute(tx.sql()).await?;
    Ok(())
}

fn parsed<T: serde::de::DeserializeOwned>(
    name: &'static str,
    line: std::io::Result<String>,
) -> Result<T, Fault> {
    let line = line.map_err(|_| damaged(name))?;
    serde_json::from_str(&line).map_err(|_| damaged(name))
}

fn damaged(name: &str) -> Fault {
    use crate::problem::{Kind, Problem};
    Problem::new(Kind::Internal, format!("the archive is damaged: table `{name}`")).into()
}
