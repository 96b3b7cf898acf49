//! The audit chain: what happened, in one order, each entry holding the hash of the one before it.
//!
//! In: kind, subject, body. Out: position, time, hash. Must not know: what the kinds mean.

use super::{Fault, Tx};
use crate::edge::rfc3339;
use rules_core::digest::sha256;
use rules_core::json::Json;
use sqlx::Row;

/// What the first entry has before it.
pub(crate) const GENESIS: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// An entry's place in the chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// 1 for the first.
    pub position: i64,
    /// Its hash: `sha256:…`.
    pub hash: String,
    /// When it was written, in milliseconds since 1970.
    pub time_ms: i64,
}

/// The hash of an entry; `body` is canonical JSON.
pub(crate) fn hash_of(
    previous: &str,
    position: i64,
    time_ms: i64,
    kind: &str,
    subject: &str,
    body: &str,
) -> String {
    // In the order of a canonical object's members, so that the body goes in as the bytes that are stored.
    let mut out = crate::write::Object::new();
    out.raw("body", body);
    out.text("kind", kind);
    out.raw("position", &position.to_string());
    out.text("previous", previous);
    out.text("subject", subject);
    out.text("time", &rfc3339(time_ms));
    sha256(out.finish().as_bytes())
}

impl Tx {
    /// The last entry, or where the first one follows.
    pub(crate) async fn head(&mut self) -> Result<Link, Fault> {
        if let Some(head) = &self.head {
            return Ok(head.clone());
        }
        let row = sqlx::query("SELECT position, hash, time_ms FROM chain ORDER BY position DESC LIMIT 1")
            .fetch_optional(self.sql())
            .await?;
        let head = match row {
            Some(row) => Link {
                position: row.try_get(0)?,
                hash: row.try_get(1)?,
                time_ms: row.try_get(2)?,
            },
            None => Link {
                position: 0,
                hash: GENESIS.to_owned(),
                time_ms: 0,
            },
        };
        self.head = Some(head.clone());
        Ok(head)
    }

    /// Appends an entry to the chain.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn append(&mut self, kind: &str, subject: &str, body: Json) -> Result<Link, Fault> {
        let head = self.head().await?;
        let (position, time_ms, body) = (head.position + 1, self.now_ms, body.canonical());
        let hash = hash_of(&head.hash, position, time_ms, kind, subject, &body);
        sqlx::query(
            "INSERT INTO chain (position, time_ms, kind, subject, body, previous, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(position)
        .bind(time_ms)
        .bind(kind)
        .bind(subject)
        .bind(body)
        .bind(&head.hash)
        .bind(&hash)
        .execute(self.sql())
        .await?;
        let link = Link {
            position,
            hash,
            time_ms,
        };
        self.head = Some(link.clone());
        Ok(link)
    }
}
