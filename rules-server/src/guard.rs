//! What every request passes: one line in the log, the headers that browsers go by, problems in one shape.
//!
//! In: requests and responses. Out: the same, completed. Must not know: what is served. The log has method, address without query,
//! status, time and an id; never a body, never a query.

use crate::ops::metrics::Metrics;
use crate::problem::{self, Problem};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

const REQUEST_ID: &str = "x-request-id";

/// Scripts and connections of our own only; `wasm-unsafe-eval` lets the engine be compiled and nothing else. Photos are shown from memory.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

/// Answers that another layer refused without a word become problems.
pub(crate) async fn problems(response: Response) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || problem::is_problem(&response) {
        return response;
    }
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut response = Problem::of_status(status).into_response();
    if let Some(allow) = allow {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

/// The headers that every answer has.
pub(crate) async fn headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let all = [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        (
            "permissions-policy",
            "geolocation=(self), camera=(self), microphone=()",
        ),
        ("cross-origin-opener-policy", "same-origin"),
    ];
    for (name, value) in all {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// One line a request, and its place in the numbers.
pub(crate) async fn log(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let id = request_id(request.headers());
    let method = request.method().clone();
    // An address that is none of ours is not repeated: it may hold anything.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("(page)", MatchedPath::as_str)
        .to_owned();
    let mut response = next.run(request).await;
    let (status, time) = (response.status().as_u16(), start.elapsed());
    metrics.request(known(&method), &route, status, time);
    tracing::info!(
        request = %id,
        method = %method,
        route = %route,
        status,
        ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX),
        "request"
    );
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The method, if it is one of ours: anybody can make up others, and each would be a number of its own.
fn known(method: &Method) -> &str {
    let ours = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ];
    if ours.contains(method) {
        method.as_str()
    } else {
        "other"
    }
}

/// The id that a proxy in front gave, if it looks like one; else a new one.
fn request_id(headers: &HeaderMap) -> String {
    static PROCESS: LazyLock<u32> = LazyLock::new(|| {
        // A hasher's random seed is the random number that the standard library has.
        let bits = RandomState::new().build_hasher().finish();
        u32::try_from(bits >> 32).unwrap_or(0)
    });
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let fits = |id: &&str| {
        (1..=64).contains(&id.len())
            && id
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    match given.filter(fits) {
        Some(id) => id.to_owned(),
        None => format!("{:08x}-{}", *PROCESS, COUNT.fetch_add(1, Ordering::Relaxed)),
    }
}
