//! The page: files of a folder, and its entry page for every address that a script of the page understands.
//!
//! In: a folder. Out: a service. Must not know: what the page does.

use crate::problem::{Kind, Problem};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use std::path::Path;
use tower::ServiceExt;
use tower_http::services::{ServeDir, ServeFile};

/// Files below `folder`; for an address whose last part has no dot, the entry page.
pub(crate) fn service(folder: &Path) -> Router {
    let index = ServeFile::new(folder.join("index.html"));
    let files = ServeDir::new(folder).precompressed_br().precompressed_gzip();
    let entry = Router::new().fallback(entry).with_state(index);
    Router::new()
        .fallback_service(files.fallback(entry))
        .layer(middleware::map_response(kept))
}

async fn entry(State(index): State<ServeFile>, request: Request) -> Response {
    let last = request.uri().path().rsplit('/').next().unwrap_or("");
    let page = matches!(*request.method(), Method::GET | Method::HEAD) && !last.contains('.');
    let of_api = request.uri().path().starts_with("/v1/");
    if !page || of_api {
        return Problem::new(Kind::NotFound, "").into_response();
    }
    if let Some(there) = verifying(request.uri().path()) {
        return (StatusCode::SEE_OTHER, [(header::LOCATION, there)]).into_response();
    }
    match index.oneshot(request).await {
        Ok(response) => response.map(axum::body::Body::new),
        Err(never) => match never {},
    }
}

/// The address in the code on a paper, `/verify/<digest>`, is sent on to the entry page, whose files lie beside it and not below
/// `/verify/`; the digest goes along as a fragment.
fn verifying(path: &str) -> Option<HeaderValue> {
    let (_, digest) = path.rsplit_once("/verify/")?;
    let digest = digest.to_ascii_lowercase();
    let hexadecimal = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    HeaderValue::try_from(format!("../#verify={digest}"))
        .ok()
        .filter(|_| hexadecimal)
}

/// Everything is looked after again each time unless the server says otherwise; a file is sent again only if it has changed.
async fn kept(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-cache"));
    response
}
