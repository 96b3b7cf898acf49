//! Logging in and out with a password.
//!
//! In: a name and a password. Out: a session's token and cookie. Must not know: what the session is used for. A name that does not exist
//! takes as long, and is answered, like a wrong password.

use super::authenticate::{COOKIE, token_of};
use super::{Origin, Role, password, token, users};
use crate::app::App;
use crate::db::{Fault, Tx};
use crate::edge::rfc3339;
use crate::problem::{Kind, Problem};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(login))
        .routes(routes!(logout))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Login {
    name: String,
    password: String,
}

/// A session. Whoever cannot keep a cookie sends the token as `Authorization: Bearer`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Session {
    /// The secret.
    pub(crate) token: String,
    /// When it ends at the latest.
    expires_at: String,
    /// Id of the account.
    id: String,
    name: String,
    role: Role,
    area: String,
}

/// Logs in. The answer sets the cookie `weibao_session`, too.
#[utoipa::path(post, path = "/v1/sessions", tag = "access", request_body = Login,
    responses((status = 201, body = Session), (status = 401, description = "Name and password do not fit"), (status = 429, description = "Too many mistakes")))]
async fn login(
    State(app): State<App>,
    Origin(origin): Origin,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let Login { name, password } = super::read(&headers, body)?;
    let now = app.clock.now_ms();
    // A name of any length is one key of fixed size.
    let name_key = token::hash(&name);
    let keys = [format!("{name_key} {origin}"), name_key, origin];
    let waits = app.access.logins.iter().zip(&keys);
    if let Some(seconds) = waits.filter_map(|(limit, key)| limit.waits(key, now)).max() {
        return Err(Problem::wait(seconds, ""));
    }
    // What can be no name is nobody's, and is asked for all the same: by the name that nobody has.
    let asked = if users::name_fits(&name) {
        name.as_str()
    } else {
        ""
    };
    let row = sqlx::query("SELECT id, password FROM users WHERE name = $1 AND disabled_ms IS NULL")
        .bind(asked)
        .fetch_optional(app.db.read())
        .await?;
    let (id, hash): (Option<String>, Option<String>) = match row {
        Some(row) => (Some(row.try_get(0)?), row.try_get(1)?),
        None => (None, None),
    };
    let long = password.chars().count() > *password::LENGTH.end();
    let right = password::is_right(&app, password, hash.filter(|_| !long)).await?;
    let Some(id) = id.filter(|_| right) else {
        for (limit, key) in app.access.logins.iter().zip(&keys) {
            limit.wrong(key, now);
        }
        return Err(Problem::new(Kind::WrongPassword, ""));
    };
    let ([limit, ..], [key, ..]) = (&app.access.logins, &keys);
    limit.right(key);
    let session = begin(&app, &id).await?;
    let cookie = cookie(&headers, &session.token, app.access.settings.session_ms() / 1000);
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, cookie)], Json(session)).into_response())
}

/// Begins a session of an account, and forgets sessions that are long over.
pub(crate) async fn begin(app: &App, account: &str) -> Result<Session, Problem> {
    let token = token::fresh(app, token::SESSION)?;
    let (hash, account) = (token::hash(&token), account.to_owned());
    let lasts = app.access.settings.session_ms();
    let written = app.db.write(move |tx| {
        Box::pin(async move {
            let now = tx.now_ms;
            let expires = now.saturating_add(lasts);
            let row = sqlx::query("SELECT id, name, role, area FROM users WHERE id = $1 AND disabled_ms IS NULL")
                .bind(&account)
                .fetch_optional(tx.sql())
                .await?;
            let row = row.ok_or_else(|| Problem::new(Kind::WrongPassword, ""))?;
            // A day longer than they last, so that whoever comes back is told that the time is over.
            sqlx::query("DELETE FROM sessions WHERE expires_ms < $1")
                .bind(now.saturating_sub(86_400_000))
                .execute(tx.sql())
                .await?;
            sqlx::query("INSERT INTO sessions (token_hash, account, created_ms, seen_ms, expires_ms) VALUES ($1, $2, $3, $4, $5)")
                .bind(hash)
                .bind(&account)
                .bind(now)
                .bind(now)
                .bind(expires)
                .execute(tx.sql())
                .await?;
            let role: String = row.try_get(2)?;
            Ok((
                expires,
                row.try_get::<String, _>(0)?,
                row.try_get::<String, _>(1)?,
                Role::of(&role).unwrap_or(Role::Inspector),
                row.try_get::<String, _>(3)?,
            ))
        })
    });
    let (expires, id, name, role, area) = written.await?;
    Ok(Session {
        token,
        expires_at: rfc3339(expires),
        id,
        name,
        role,
        area,
    })
}

/// The cookie of a session: not for scripts, not for other sites, and only through TLS unless the browser is on this machine.
pub(crate) fn cookie(headers: &HeaderMap, token: &str, seconds: i64) -> HeaderValue {
    let secure = if is_local(headers) { "" } else { "; Secure" };
    let text = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// Was the service asked under an address of this machine?
pub(crate) fn is_local(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.unwrap_or("");
    let name = host.rsplit_once(':').map_or(host, |(name, port)| {
        if port.bytes().all(|b| b.is_ascii_digit()) {
            name
        } else {
            host
        }
    });
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

/// Ends all sessions of an account.
pub(crate) async fn end_all(tx: &mut Tx, account: &str) -> Result<(), Fault> {
    let now = tx.now_ms;
    sqlx::query("UPDATE sessions SET ended_ms = $1 WHERE account = $2 AND ended_ms IS NULL")
        .bind(now)
        .bind(account)
        .execute(tx.sql())
        .await?;
    Ok(())
}

/// Logs out: this session ends.
#[utoipa::path(delete, path = "/v1/sessions/current", tag = "access", responses((status = 204)), security(("token" = [])))]
async fn logout(State(app): State<App>, headers: HeaderMap) -> Result<Response, Problem> {
    let hash = token_of(&headers).map(|(_, token)| token::hash(token));
    let hash = hash.ok_or_else(|| Problem::new(Kind::NoAccess, ""))?;
    let written = app.db.write(move |tx| {
        Box::pin(async move {
            let now = tx.now_ms;
            sqlx::query("UPDATE sessions SET ended_ms = $1 WHERE token_hash = $2 AND ended_ms IS NULL")
                .bind(now)
                .bind(hash)
                .execute(tx.sql())
                .await?;
            Ok(())
        })
    });
    written.await?;
    let cookie = cookie(&headers, "", 0);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}
