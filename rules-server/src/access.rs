//! Who asks, what that allows, and what is written down about it.
//!
//! In: requests, accounts, devices. Out: a principal for each request, or the problem. Must not know: how entries are judged or read.

mod authenticate;
mod demo;
mod devices;
mod gate;
mod limits;
mod log;
mod oidc;
mod password;
mod principal;
mod purge;
mod purpose;
mod retention;
mod scope;
mod sessions;
mod settings;
mod setup;
mod table;
pub(crate) mod token;
pub mod users;

pub use demo::Account;
pub(crate) use gate::gate;
pub use oidc::OidcSettings;
pub use principal::{Principal, Role};
pub use purge::Purged;
#[allow(unused_imports, reason = "for the modules that read entries")]
pub(crate) use purpose::{Purpose, Reading};
pub use retention::Retention;
pub use settings::AccessSettings;
pub use table::{Row, Scope, TABLE};

use crate::app::App;
use crate::edge::rfc3339;
use crate::problem::{Kind, Problem};
use crate::submissions;
use axum::body::Bytes;
use axum::extract::FromRequestParts;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use limits::Limit;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Tokens that were right, remembered so that somebody else's guesses do not shut them out.
const REMEMBERED: usize = 20_000;

const MINUTE_MS: i64 = 60_000;

/// What is kept in memory about access.
#[derive(Debug)]
pub struct Access {
    /// How it is set up.
    pub settings: AccessSettings,
    /// Wrong tokens by origin.
    pub(crate) guesses: Limit,
    /// Wrong passwords by name and origin, by name, by origin.
    pub(crate) logins: [Limit; 3],
    /// Passwords being hashed: each takes 19 MiB and a core.
    pub(crate) hashing: tokio::sync::Semaphore,
    pub(crate) setup: setup::Code,
    pub(crate) oidc: oidc::Logins,
    right: Mutex<HashSet<String>>,
}

impl Access {
    pub(crate) fn new(settings: AccessSettings) -> Access {
        Access {
            settings,
            guesses: Limit::new(30, 5 * MINUTE_MS),
            logins: [
                Limit::new(5, 5 * MINUTE_MS),
                Limit::new(20, 15 * MINUTE_MS),
                Limit::new(50, 15 * MINUTE_MS),
            ],
            hashing: tokio::sync::Semaphore::new(2),
            setup: setup::Code::default(),
            oidc: oidc::Logins::default(),
            right: Mutex::default(),
        }
    }

    pub(crate) fn origin(&self, parts: &Parts) -> String {
        limits::origin(parts, &self.settings.proxies)
    }

    pub(crate) fn was_right(&self, hash: &str) -> bool {
        let right = self.right.lock().unwrap_or_else(PoisonError::into_inner);
        right.contains(hash)
    }

    pub(crate) fn remember(&self, hash: String) {
        let mut right = self.right.lock().unwrap_or_else(PoisonError::into_inner);
        if right.len() >= REMEMBERED {
            right.clear();
        }
        right.insert(hash);
    }
}

/// The addresses of this area.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(me))
        .merge(devices::routes())
        .merge(sessions::routes())
        .merge(setup::routes())
        .merge(users::routes())
        .merge(log::routes())
        .merge(oidc::routes())
}

/// Who the token stands for.
#[derive(serde::Serialize, ToSchema)]
struct Me {
    id: String,
    name: String,
    role: Role,
    /// Division code (GB/T 2260).
    area: String,
}

/// Who am I?
#[utoipa::path(get, path = "/v1/me", tag = "access", responses((status = 200, body = Me), (status = 401)), security(("token" = [])))]
async fn me(principal: Principal) -> axum::Json<Me> {
    axum::Json(Me {
        id: principal.id,
        name: principal.name,
        role: principal.role,
        area: principal.area,
    })
}

/// A time that may not be.
fn time(ms: Option<i64>) -> Option<String> {
    ms.map(rfc3339)
}

/// Where a request comes from, as far as mistakes are counted by it.
pub(crate) struct Origin(pub(crate) String);

impl FromRequestParts<App> for Origin {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Origin, Self::Rejection> {
        Ok(Origin(app.access.origin(parts)))
    }
}

/// The body of a request as JSON of one shape.
pub(crate) fn read<T: serde::de::DeserializeOwned>(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<T, Problem> {
    submissions::json_body(headers)?;
    let body = body.map_err(|rejection| Problem::of_status(rejection.status()))?;
    let mut reader = serde_json::Deserializer::from_slice(&body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(submissions::refused)?;
    let end = reader.end();
    end.map_err(|_| Problem::new(Kind::BadJson, "something follows after the value"))?;
    Ok(value)
}
