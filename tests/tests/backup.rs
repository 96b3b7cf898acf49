//! What a server keeps, saved and restored: the same rows, parts and receipts, in the same kind of database and in the other.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may end where it fails"
)]

mod cli_program;
mod served;

use rules_core::digest::sha256;
use rules_server::{App, BackupError, Settings, Store, System, audit, restore, save};
use served::{Served, body, each, id};
use std::path::Path;
use std::sync::Arc;

const ENTRY: &str = r#"{"kind":"shop","guests":[{"name":"甲","age":17}]}"#;

/// Two submissions, one with a part.
async fn filled(server: &Served) {
    let ruleset = server.ruleset().await;
    let bytes = "a picture";
    let digest = sha256(bytes.as_bytes());
    let part = format!(
        r#","parts":[{{"digest":"{digest}","bytes":{},"type":"image/jpeg","at":"/photos/0"}}]"#,
        bytes.len()
    );
    let answer = server.submit(&id(1), &body(&ruleset, ENTRY, &part), &[]).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let path = format!(
        "/v1/submissions/{}/parts/{}",
        id(1),
        digest.trim_start_matches("sha256:")
    );
    let answer = server.send("PUT", &path, &server.device, &[], bytes).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let answer = server
        .submit(&id(2), &body(&ruleset, r#"{"kind":"shop"}"#, ""), &[])
        .await;
    assert_eq!(answer.status, 201, "{}", answer.text());
}

async fn opened(data: &Path, database: Option<String>) -> App {
    let settings = Settings {
        database,
        ..Settings::new(data)
    };
    App::open(settings, &Store::default()).await.unwrap()
}

/// Every row of the chain and every receipt, in order.
async fn kept(app: &App) -> Vec<String> {
    let mut all = Vec::new();
    for sql in [
        "SELECT hash FROM chain ORDER BY position",
        "SELECT receipt FROM revisions ORDER BY position",
        "SELECT token_hash FROM credentials ORDER BY token_hash",
    ] {
        let rows: Vec<(String,)> = sqlx::query_as(sql).fetch_all(app.db.read()).await.unwrap();
        all.extend(rows.into_iter().map(|row| row.0));
    }
    all
}

#[tokio::test]
async fn all_of_it_comes_back_in_either_database() {
    for server in each().await {
        filled(&server).await;
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("weibao.tar");
        let saved = save(&server.app, &archive).await.unwrap();
        assert_eq!((saved.parts, saved.lost.len()), (1, 0));
        for database in served::databases().await {
            let data = folder.path().join(format!("restored-{}", database.is_some()));
            let done = restore(&archive, &data, database.as_deref(), None, Arc::new(System)).await;
            let done = done.unwrap();
            assert_eq!((done.rows, done.parts), (saved.rows, 1));
            let app = opened(&data, database.clone()).await;
            assert_eq!(kept(&app).await, kept(&server.app).await);
            let audit = audit::verify(&app, None).await.unwrap();
            assert!(audit.faults.is_empty(), "{:?}", audit.faults);
            assert_eq!(audit.parts, 1);
            app.close().await;
            // Nothing is written over.
            let again = restore(&archive, &data, database.as_deref(), None, Arc::new(System)).await;
            assert!(matches!(again, Err(BackupError::NotEmpty(_))), "{again:?}");
            if database.is_some() {
                let elsewhere = folder.path().join("elsewhere");
                let again = restore(&archive, &elsewhere, database.as_deref(), None, Arc::new(System)).await;
                assert!(matches!(again, Err(BackupError::NotEmpty(_))), "{again:?}");
                assert!(!elsewhere.exists());
            }
        }
    }
}

#[tokio::test]
async fn a_damaged_archive_restores_nothing() {
    let server = each().await.remove(0);
    filled(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("weibao.tar");
    save(&server.app, &archive).await.unwrap();
    let whole = std::fs::read(&archive).unwrap();
    let receipt = whole
        .windows(9)
        .position(|bytes| bytes == b"\"receipt\"")
        .or_else(|| {
            // In a line of JSON the receipt is a text of its own.
            whole.windows(11).position(|bytes| bytes == b"\\\"receipt\\\"")
        });
    let picture = whole.windows(9).position(|bytes| bytes == b"a picture");
    let damages = [
        whole[..whole.len() / 2].to_vec(),
        flipped(&whole, receipt.unwrap() + 4),
        flipped(&whole, picture.unwrap()),
        b"no archive at all".to_vec(),
    ];
    for (number, bytes) in damages.into_iter().enumerate() {
        let path = folder.path().join(format!("{number}.tar"));
        std::fs::write(&path, bytes).unwrap();
        let data = folder.path().join(format!("data-{number}"));
        let done = restore(&path, &data, None, None, Arc::new(System)).await;
        assert!(matches!(done, Err(BackupError::Damaged(_))), "{number}: {done:?}");
        let left: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .flatten()
            .filter(|file| file.file_name().to_string_lossy().starts_with("data-"))
            .collect();
        assert!(left.is_empty(), "{number}: {left:?}");
    }
}

fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 1;
    bytes
}
