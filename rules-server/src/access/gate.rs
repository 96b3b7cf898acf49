//! What every request to an address of the service passes: is there a row for it, may this one, and why does it read?
//!
//! In: a request. Out: the handler's answer, or a problem. Must not know: what the handlers do. An address without a row is not served, and the
//! data of an address that asks for a purpose does not leave unless the handler has written the access log.

use super::authenticate::{self, Given};
use super::purpose::Purpose;
use super::table::{self, Row};
use crate::app::App;
use crate::problem::{Kind, Problem};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// A page of another site can make a browser send our cookie, but not this header.
const OURS: &str = "x-weibao";

/// The gate.
pub(crate) async fn gate(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or(String::new(), |path| path.as_str().to_owned());
    let Some(row) = table::find(request.method().as_str(), &path) else {
        return unlisted(&path);
    };
    if row.who.is_empty() {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let purpose = match enter(&app, row, &mut parts).await {
        Ok(purpose) => purpose,
        Err(problem) => return problem.into_response(),
    };
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(purpose) = purpose
        && response.status().is_success()
        && !purpose.is_logged()
    {
        tracing::error!(
            path,
            "an answer was held back: its reading is not in the access log"
        );
        return Problem::new(Kind::Internal, "").into_response();
    }
    // What is somebody's own is kept by nobody on the way.
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

async fn enter(
    app: &App,
    row: &Row,
    parts: &mut axum::http::request::Parts,
) -> Result<Option<Purpose>, Problem> {
    let (principal, given) = authenticate::principal(app, parts).await?;
    if !row.who.contains(&principal.role) {
        return Err(Problem::new(Kind::Forbidden, ""));
    }
    let safe = matches!(parts.method, Method::GET | Method::HEAD);
    let ours = parts.headers.get(OURS).is_some_and(|value| value == "1");
    if given == Given::Cookie && !safe && !ours {
        return Err(Problem::new(
            Kind::NeedsHeader,
            "with the cookie of a session, send `x-weibao: 1`",
        ));
    }
    let purpose = if row.purpose {
        Some(Purpose::of(&parts.headers)?)
    } else {
        None
    };
    parts.extensions.insert(principal);
    if let Some(purpose) = purpose.clone() {
        parts.extensions.insert(purpose);
    }
    Ok(purpose)
}

fn unlisted(path: &str) -> Response {
    let methods = table::methods(path);
    if methods.is_empty() {
        tracing::error!(path, "not served: no row of the access table");
        return Problem::new(Kind::NotFound, "").into_response();
    }
    let mut response = Problem::new(Kind::WrongMethod, "").into_response();
    if let Ok(methods) = HeaderValue::from_str(&methods) {
        response.headers_mut().insert(header::ALLOW, methods);
    }
    response
}
