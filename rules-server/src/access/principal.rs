//! Whoever asks.
//!
//! In: what `authenticate` found. Out: id, role, area, and what of the stored things that reaches. Must not know: tokens, statements beyond one
//! condition.

use super::scope;
use crate::app::App;
use crate::problem::{Kind, Problem};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use utoipa::ToSchema;

/// What somebody may do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize, ToSchema)]
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
    /// Everything in its area, accounts included.
    Admin,
}

impl Role {
    /// All of them.
    pub const ALL: [Role; 5] = [
        Role::Device,
        Role::Inspector,
        Role::Reviewer,
        Role::Office,
        Role::Admin,
    ];

    /// The roles that a person can have.
    pub const STAFF: [Role; 4] = [Role::Inspector, Role::Reviewer, Role::Office, Role::Admin];

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

    /// The role with this word.
    pub fn of(word: &str) -> Option<Role> {
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

/// A condition of SQL with one placeholder, and the value for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Condition {
    /// `s.area LIKE $1`
    pub sql: String,
    /// What to bind.
    pub value: String,
}

impl Principal {
    /// Does its area reach this one?
    pub fn reaches(&self, area: &str) -> bool {
        scope::reaches(&self.area, area)
    }

    /// May it see something that lies in `area` and was sent by `sender`? Devices and inspectors see what they sent.
    pub fn sees(&self, area: &str, sender: &str) -> bool {
        match self.role {
            Role::Device | Role::Inspector => self.id == sender,
            Role::Reviewer | Role::Office | Role::Admin => self.reaches(area),
        }
    }

    /// The same as a condition on the columns that hold area and sender, for `$number`.
    pub fn condition(&self, area: &str, sender: &str, number: usize) -> Condition {
        match self.role {
            Role::Device | Role::Inspector => Condition {
                sql: format!("{sender} = ${number}"),
                value: self.id.clone(),
            },
            Role::Reviewer | Role::Office | Role::Admin => Condition {
                sql: format!("{area} LIKE ${number}"),
                value: scope::pattern(&self.area),
            },
        }
    }

    /// An area that a request names (to filter by, to issue something for), as a pattern for LIKE.
    ///
    /// # Errors
    /// 422 if it is no code, 403 if it lies outside.
    pub fn within(&self, area: &str) -> Result<String, Problem> {
        if !scope::is_area(area) {
            return Err(Problem::new(
                Kind::BadRequest,
                "an area is a division code of six digits",
            ));
        }
        if !self.reaches(area) {
            return Err(Problem::new(Kind::Forbidden, "the area is not within yours"));
        }
        Ok(scope::pattern(area))
    }
}

impl FromRequestParts<App> for Principal {
    type Rejection = Problem;

    /// The gate has found it; a public address has none.
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Principal, Problem> {
        let found = parts.extensions.get::<Principal>().cloned();
        found.ok_or_else(|| Problem::new(Kind::NoAccess, ""))
    }
}
