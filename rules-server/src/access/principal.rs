//! Whoever a token stands for.
//!
//! In: the header `Authorization`. Out: id, role, area. Must not know: tokens in clear beyond their hash.

use super::token;
use crate::app::App;
use crate::problem::{Kind, Problem};
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use sqlx::Row;
use utoipa::ToSchema;

/// What somebody may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A phone: sends, and reads its own receipts.
    Device,
    /// Sends and reads what is its own.
    Inspector,
    /// Reads and replays in its area.
    Reviewer,
    /// Keeps the ledger of its area, issues devices.
    Office,
    /// Everything.
    Admin,
}

impl Role {
    const ALL: [Role; 5] = [
        Role::Device,
        Role::Inspector,
        Role::Reviewer,
        Role::Office,
        Role::Admin,
    ];

    /// The role's word, as it is stored.
    pub fn word(self) -> &'static str {
        match self {
            Role::Device => "device",
            Role::Inspector => "inspector",
            Role::Reviewer => "reviewer",
            Role::Office => "office",
            Role::Admin => "admin",
        }
    }

    fn of(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// Whoever asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Principal {
    /// Id of the device or the member of staff.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Its division code: it may see that area and below.
    pub area: String,
}

impl FromRequestParts<App> for Principal {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Principal, Problem> {
        let refused = || Problem::new(Kind::NoAccess, "");
        let given = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(refused)?;
        let row = sqlx::query(
            "SELECT id, name, role, area FROM credentials WHERE token_hash = $1 AND revoked_ms IS NULL AND (expires_ms IS NULL OR expires_ms > $2)",
        )
        .bind(token::hash(given))
        .bind(app.clock.now_ms())
        .fetch_optional(app.db.read())
        .await?
        .ok_or_else(refused)?;
        let role: String = row.try_get(2)?;
        Ok(Principal {
            id: row.try_get(0)?,
            name: row.try_get(1)?,
            role: Role::of(&role).ok_or_else(refused)?,
            area: row.try_get(3)?,
        })
    }
}
