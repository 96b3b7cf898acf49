//! Logging in through the office's identity provider: OpenID Connect, authorization code with PKCE.
//!
//! In: what the provider says of somebody. Out: an account with the role and the area of its claims, and a session. Must not know: passwords.
//! A login is bound to the browser that began it by a cookie, to the provider's answer by `state`, to the token by `nonce`.

mod claims;
mod provider;

use super::authenticate::cookie;
use super::{sessions, token, users};
use crate::app::App;
use crate::db::Fault;
use crate::problem::{Kind, Problem};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use claims::Person;
use provider::Provider;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use claims::OidcSettings;

/// The cookie of a login under way. The provider sends the browser back from another site, so it is `Lax`.
const COOKIE: &str = "weibao_login";

/// How long somebody may take at the provider.
const PATIENCE_MS: i64 = 10 * 60_000;

/// Logins under way at once.
const WAITING: usize = 10_000;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(ways))
        .routes(routes!(start))
        .routes(routes!(callback))
}

/// A login under way.
#[derive(Debug)]
struct Waiting {
    /// Hash of the cookie.
    browser: String,
    nonce: String,
    verifier: String,
    back: String,
    until_ms: i64,
}

/// What is kept in memory about logins. A restart forgets those under way; they begin again.
#[derive(Debug, Default)]
pub(crate) struct Logins {
    /// By the hash of `state`.
    waiting: Mutex<HashMap<String, Waiting>>,
    provider: Provider,
}

impl Logins {
    fn put(&self, state: String, one: Waiting, now_ms: i64) -> Result<(), Problem> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= WAITING {
            waiting.retain(|_, one| one.until_ms > now_ms);
        }
        if waiting.len() >= WAITING {
            return Err(Problem::wait(60, "too many logins are under way"));
        }
        waiting.insert(state, one);
        Ok(())
    }

    /// A login ends with the first answer to it, whatever that is.
    fn take(&self, state: &str) -> Option<Waiting> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.remove(state)
    }
}

fn settings(app: &App) -> Result<&OidcSettings, Problem> {
    let found = app.access.settings.oidc.as_ref();
    found.ok_or_else(|| Problem::new(Kind::NotFound, "no identity provider is set up"))
}

/// How one can log in here.
#[derive(Serialize, ToSchema)]
struct Ways {
    /// Name and password.
    password: bool,
    /// What the identity provider is called, if there is one.
    oidc: Option<String>,
}

/// How one can log in here.
#[utoipa::path(get, path = "/v1/login", tag = "access", responses((status = 200, body = Ways)))]
async fn ways(State(app): State<App>) -> Json<Ways> {
    let oidc = app.access.settings.oidc.as_ref();
    Json(Ways {
        password: true,
        oidc: oidc.map(|oidc| oidc.name.clone()),
    })
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Start {
    /// Where to go on afterwards: a path of this service.
    back: Option<String>,
}

/// Begins a login: sends the browser to the identity provider.
#[utoipa::path(get, path = "/v1/oidc/start", tag = "access", params(Start),
    responses((status = 303, description = "To the provider"), (status = 404, description = "None is set up"), (status = 503, description = "The provider does not answer")))]
async fn start(
    State(app): State<App>,
    headers: HeaderMap,
    query: Result<Query<Start>, QueryRejection>,
) -> Result<Response, Problem> {
    let settings = settings(&app)?;
    let back = query.ok().and_then(|Query(query)| query.back);
    let back = back.unwrap_or_else(|| "/".to_owned());
    if !is_own_path(&back) {
        return Err(Problem::new(
            Kind::BadRequest,
            "`back` is a path of this service, such as `/office`",
        ));
    }
    let [state, nonce, verifier, browser] = [
        token::fresh(&app, "")?,
        token::fresh(&app, "")?,
        token::fresh(&app, "")?,
        token::fresh(&app, "")?,
    ];
    let now = app.clock.now_ms();
    let address = app
        .access
        .oidc
        .provider
        .login(&app, settings, &state, &nonce, &verifier)
        .await?;
    let waiting = Waiting {
        browser: token::hash(&browser),
        nonce,
        verifier,
        back,
        until_ms: now + PATIENCE_MS,
    };
    app.access.oidc.put(token::hash(&state), waiting, now)?;
    let secure = if sessions::is_local(&headers) {
        ""
    } else {
        "; Secure"
    };
    let cookie = format!("{COOKIE}={browser}; Path=/v1/oidc; HttpOnly; SameSite=Lax; Max-Age=600{secure}");
    redirect(&address, &[cookie])
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Callback {
    /// What `start` gave the provider.
    state: Option<String>,
    /// What the provider exchanges for a token.
    code: Option<String>,
    /// Why there is no code.
    error: Option<String>,
}

/// Ends a login: the identity provider sends the browser here.
#[utoipa::path(get, path = "/v1/oidc/callback", tag = "access", params(Callback),
    responses((status = 303, description = "Logged in; on to where it began"), (status = 401, description = "The login is not believed"), (status = 403, description = "The claims have no role or area here")))]
async fn callback(
    State(app): State<App>,
    headers: HeaderMap,
    query: Result<Query<Callback>, QueryRejection>,
) -> Result<Response, Problem> {
    let settings = settings(&app)?;
    let refused = |detail: &str| Problem::new(Kind::LoginFailed, detail);
    let again = || refused("this login was not begun in this browser, or too long ago; begin again");
    let Query(query) = query.map_err(|_| again())?;
    let waiting = query
        .state
        .and_then(|state| app.access.oidc.take(&token::hash(&state)));
    let waiting = waiting.ok_or_else(again)?;
    let browser = cookie(&headers, COOKIE).map(token::hash);
    if browser.as_deref() != Some(waiting.browser.as_str()) || waiting.until_ms <= app.clock.now_ms() {
        return Err(again());
    }
    let code = match (query.code, query.error) {
        (Some(code), None) => code,
        _ => return Err(refused("the identity provider did not let you in")),
    };
    let person = app
        .access
        .oidc
        .provider
        .person(&app, settings, code, waiting.verifier, waiting.nonce)
        .await?;
    let account = account(&app, settings, person).await?;
    let session = sessions::begin(&app, &account).await?;
    let lasts = app.access.settings.session_ms() / 1000;
    let kept = sessions::cookie(&headers, &session.token, lasts);
    let kept = kept.to_str().unwrap_or("").to_owned();
    let done = format!("{COOKIE}=; Path=/v1/oidc; HttpOnly; SameSite=Lax; Max-Age=0");
    redirect(&waiting.back, &[kept, done])
}

/// A path of this service and nothing else: `//elsewhere` and `/\elsewhere` are other hosts to a browser.
fn is_own_path(path: &str) -> bool {
    path.len() <= 500
        && path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
}

fn redirect(to: &str, cookies: &[String]) -> Result<Response, Problem> {
    let internal = |_| Problem::new(Kind::Internal, "");
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, HeaderValue::from_str(to).map_err(internal)?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for cookie in cookies {
        headers.append(
            header::SET_COOKIE,
            HeaderValue::from_str(cookie).map_err(internal)?,
        );
    }
    Ok(response)
}

/// The account of somebody whom the provider vouches for. Role and area are as the claims of this login say.
async fn account(app: &App, settings: &OidcSettings, person: Person) -> Result<String, Problem> {
    let external = format!("{} {}", settings.issuer, person.subject);
    let row = sqlx::query("SELECT id, role, area, disabled_ms FROM users WHERE external = $1")
        .bind(&external)
        .fetch_optional(app.db.read())
        .await?;
    let Some(row) = row else {
        let entry = users::Entry {
            name: free_name(app, &person, &external).await?,
            display: person.display,
            role: person.role,
            area: person.area,
            password: None,
            external: Some(external),
            by: "oidc".to_owned(),
        };
        return Ok(users::stored(app, entry).await?.id);
    };
    let (id, role, area): (String, String, String) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let disabled: Option<i64> = row.try_get(3)?;
    if disabled.is_some() {
        return Err(Problem::new(Kind::Forbidden, "this account is disabled here"));
    }
    if role != person.role.word() || area != person.area {
        let change = users::Change {
            role: Some(person.role),
            area: Some(person.area),
            ..users::Change::default()
        };
        users::alter(app, &id, change, "oidc").await?;
    }
    Ok(id)
}

/// The provider's name for somebody, unless an account has it: that must not become theirs.
async fn free_name(app: &App, person: &Person, external: &str) -> Result<String, Problem> {
    let digest = token::hash(external);
    let tail: String = digest.chars().skip("sha256:".len()).take(8).collect();
    let wanted = person.name.clone().filter(|name| users::name_fits(name));
    let Some(wanted) = wanted else {
        return Ok(format!("oidc-{tail}"));
    };
    let taken = sqlx::query("SELECT 1 FROM users WHERE name = $1")
        .bind(&wanted)
        .fetch_optional(app.db.read())
        .await
        .map_err(Fault::from)?;
    Ok(match taken {
        None => wanted,
        Some(_) => format!("{}-{tail}", wanted.chars().take(50).collect::<String>()),
    })
}

#[cfg(test)]
mod tests {
    use super::is_own_path;

    #[test]
    fn only_paths_of_this_service_are_gone_back_to() {
        for (path, own) in [
            ("/", true),
            ("/office?area=52#list", true),
            ("", false),
            ("//evil.example", false),
            ("/\\evil.example", false),
            ("https://evil.example", false),
            ("/a\r\nset-cookie: x", false),
            ("/数", false),
        ] {
            assert_eq!(is_own_path(path), own, "{path}");
        }
    }
}
