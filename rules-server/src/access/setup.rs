//! The first administrator: made with a code that only whoever starts the server reads, and that works once.
//!
//! In: the code, a name, a password. Out: an account. Must not know: where the code is printed.

use super::{Origin, Role, token, users};
use crate::app::App;
use crate::openapi::shapes::{Area, LoginName, NewPassword};
use crate::problem::{Kind, Problem};
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::{Mutex, PoisonError};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(first))
}

/// The hash of the code, as long as it may be used. In memory: each start makes another.
#[derive(Debug, Default)]
pub(crate) struct Code(Mutex<Option<String>>);

impl Code {
    fn set(&self, hash: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = hash;
    }

    /// Uses the code up, if it is this one: of two that come at once, one gets it.
    fn take(&self, hash: &str) -> bool {
        let mut code = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = code.as_deref() == Some(hash);
        if fits {
            *code = None;
        }
        fits
    }
}

impl App {
    /// A code with which the first administrator is made, where there is none yet.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn setup_code(&self) -> Result<Option<String>, Problem> {
        if users::has_admin(self).await? {
            return Ok(None);
        }
        let code = token::fresh(self, "wb_setup_")?;
        self.access.setup.set(Some(token::hash(&code)));
        Ok(Some(code))
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct First {
    /// What `rules serve` printed.
    code: String,
    #[schema(value_type = LoginName)]
    name: String,
    #[schema(value_type = NewPassword)]
    password: String,
    /// Division code of what this server is for; the whole country, if not given.
    #[serde(default = "country")]
    #[schema(value_type = Area, required = false)]
    area: String,
}

fn country() -> String {
    "000000".to_owned()
}

/// Makes the first administrator, with the code that the server printed at its start.
#[utoipa::path(post, path = "/v1/setup", tag = "access", request_body = First,
    responses((status = 201, body = users::User), (status = 401, description = "Not the code, or there is an administrator already"), (status = 422), (status = 429)))]
async fn first(
    State(app): State<App>,
    Origin(origin): Origin,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let now = app.clock.now_ms();
    if let Some(seconds) = app.access.guesses.waits(&origin, now) {
        return Err(Problem::wait(seconds, ""));
    }
    let First {
        code,
        name,
        password,
        area,
    } = super::read(&headers, body)?;
    let hash = token::hash(&code);
    if !app.access.setup.take(&hash) {
        app.access.guesses.wrong(&origin, now);
        return Err(Problem::new(
            Kind::NoAccess,
            "the code is not the one that the server printed",
        ));
    }
    let account = users::New {
        name,
        display: None,
        role: Role::Admin,
        area,
        password: Some(password),
    };
    match users::add(&app, account, "setup").await {
        Ok(user) => Ok((StatusCode::CREATED, axum::Json(user)).into_response()),
        Err(problem) => {
            // Nobody was made, so the code may be tried again.
            app.access.setup.set(Some(hash));
            Err(problem)
        }
    }
}
