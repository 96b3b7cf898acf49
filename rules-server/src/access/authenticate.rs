//! From a token to whoever it stands for.
//!
//! In: a bearer token, or the cookie of a session. Out: a principal, or why not. Must not know: what is asked for.

use super::{Principal, Role, token};
use crate::app::App;
use crate::problem::{Kind, Problem};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use sqlx::Row;

/// The cookie of a session.
pub(crate) const COOKIE: &str = "weibao_session";

/// A session is looked at as used this often at most: each time is a write.
const SEEN_MS: i64 = 60_000;

/// How a token was given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Given {
    /// `Authorization: Bearer`
    Bearer,
    /// A cookie, which a browser sends whoever's page asks.
    Cookie,
}

/// The token of a request. The header goes before the cookie.
pub(crate) fn token_of(headers: &HeaderMap) -> Option<(Given, &str)> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        let bearer = scheme.eq_ignore_ascii_case("bearer");
        return bearer.then(|| (Given::Bearer, token.trim()));
    }
    let token = cookie(headers, COOKIE)?;
    // A device's token lives in the app that scanned it, never in a cookie.
    token
        .starts_with(token::SESSION)
        .then_some((Given::Cookie, token))
}

/// The value of a cookie.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).iter();
    let mut pairs = all
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'));
    pairs.find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then_some(value)
    })
}

/// Who asks, and how it said so. Whoever guesses is stopped after some mistakes; a token that was right before goes on working from
/// the same address, since phones of one office share it.
pub(crate) async fn principal(app: &App, parts: &Parts) -> Result<(Principal, Given), Problem> {
    let Some((given, text)) = token_of(&parts.headers) else {
        return Err(Problem::new(Kind::NoAccess, ""));
    };
    let hash = token::hash(text);
    let origin = app.access.origin(parts);
    let now = app.clock.now_ms();
    if let Some(seconds) = app.access.guesses.waits(&origin, now)
        && !app.access.was_right(&hash)
    {
        return Err(Problem::wait(
            seconds,
            "too many tokens that are none came from there",
        ));
    }
    let found = if text.starts_with(token::DEVICE) {
        device(app, &hash, now).await
    } else if text.starts_with(token::SESSION) {
        session(app, &hash, now).await
    } else {
        Err(Problem::new(Kind::NoAccess, ""))
    };
    match found {
        Ok(principal) => {
            app.access.remember(hash);
            Ok((principal, given))
        }
        Err(problem) => {
            // A token that was one once is no guess.
            if problem.kind() == Kind::NoAccess {
                app.access.guesses.wrong(&origin, now);
            }
            Err(problem)
        }
    }
}

async fn device(app: &App, hash: &str, now: i64) -> Result<Principal, Problem> {
    let row = sqlx::query("SELECT id, name, area, expires_ms, revoked_ms FROM credentials WHERE token_hash = $1 AND kind = 'device'")
        .bind(hash)
        .fetch_optional(app.db.read())
        .await?;
    let row = row.ok_or_else(|| Problem::new(Kind::NoAccess, ""))?;
    let (expires, revoked): (Option<i64>, Option<i64>) = (row.try_get(3)?, row.try_get(4)?);
    if revoked.is_some() {
        return Err(Problem::new(
            Kind::TokenRevoked,
            "this device was revoked; keep what is not sent yet and ask your office for a new code",
        ));
    }
    if expires.is_some_and(|expires| expires <= now) {
        return Err(Problem::new(
            Kind::TokenExpired,
            "keep what is not sent yet and ask your office for a new code",
        ));
    }
    Ok(Principal {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        role: Role::Device,
        area: row.try_get(2)?,
    })
}

async fn session(app: &App, hash: &str, now: i64) -> Result<Principal, Problem> {
    let row = sqlx::query(
        "SELECT u.id, u.name, u.role, u.area, u.disabled_ms, s.seen_ms, s.expires_ms, s.ended_ms \
         FROM sessions s JOIN users u ON u.id = s.account WHERE s.token_hash = $1",
    )
    .bind(hash)
    .fetch_optional(app.db.read())
    .await?;
    let row = row.ok_or_else(|| Problem::new(Kind::NoAccess, ""))?;
    let (disabled, ended): (Option<i64>, Option<i64>) = (row.try_get(4)?, row.try_get(7)?);
    if disabled.is_some() || ended.is_some() {
        return Err(Problem::new(Kind::TokenRevoked, "log in again"));
    }
    let (seen, expires): (i64, i64) = (row.try_get(5)?, row.try_get(6)?);
    if expires <= now || seen.saturating_add(app.access.settings.idle_ms()) <= now {
        return Err(Problem::new(Kind::TokenExpired, "log in again"));
    }
    if seen.saturating_add(SEEN_MS) <= now {
        let hash = hash.to_owned();
        let written = app.db.write(move |tx| {
            Box::pin(async move {
                sqlx::query("UPDATE sessions SET seen_ms = $1 WHERE token_hash = $2")
                    .bind(now)
                    .bind(hash)
                    .execute(tx.sql())
                    .await?;
                Ok(())
            })
        });
        written.await?;
    }
    let role: String = row.try_get(2)?;
    Ok(Principal {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        role: Role::of(&role).ok_or_else(|| Problem::new(Kind::NoAccess, ""))?,
        area: row.try_get(3)?,
    })
}
