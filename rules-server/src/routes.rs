//! The addresses and what guards them.
//!
//! In: a store, a configuration, perhaps an open service. Out: a router. Must not know: how an entry is judged, what is stored.

use crate::app::App;
use crate::library::{Library, Trusted, summaries};
use crate::openapi::shapes::{Day, Division};
use crate::ops::limits::{self, Limits, Rate};
use crate::ops::metrics::Metrics;
use crate::problem::{Kind, Problem};
use crate::reading::query::Asked;
use crate::request::Body;
use crate::store::Store;
use crate::write::{Object, array};
use crate::{guard, openapi, pages, recheck};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router, middleware};
use rules_core::bundle::PublicKey;
use rules_core::domain::date::Date;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How the service runs.
#[derive(Clone, Debug)]
pub struct Config {
    /// The page's files, if one is served.
    pub pages: Option<PathBuf>,
    /// Bytes of a body. An inspection with its notes is below 100 kB, and the engine itself takes no entry beyond 1 MiB.
    pub body_limit: usize,
    /// The longest that a request may take, its body included. A phone on a bad network needs seconds for its entry.
    pub time_limit: Duration,
    /// How often one client may ask; no limit without.
    pub rate: Option<Rate>,
    /// Keys of which one must have signed a ruleset that is published; none: a signature is not asked for.
    pub trusted: Vec<PublicKey>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            pages: None,
            body_limit: 1 << 20,
            time_limit: Duration::from_secs(30),
            rate: None,
            trusted: Vec::new(),
        }
    }
}

#[derive(Clone)]
struct Shared {
    library: Arc<Library>,
    /// Tells the day; without it nothing is read from a clock, and of each ruleset there is one version.
    app: Option<App>,
    /// Checks under way. Each may keep a core busy; more at once would only make all of them late.
    checks: Arc<Semaphore>,
    metrics: Metrics,
}

impl Shared {
    fn today(&self) -> Option<Date> {
        self.app.as_ref().and_then(App::today)
    }
}

/// The router of the recheck alone: nothing is stored.
pub fn app(store: Store, metrics: Metrics, config: &Config) -> Router {
    assembled(store, None, metrics, config)
}

/// The router of the recheck and of everything that is stored.
pub fn app_with(app: App, store: Store, config: &Config) -> Router {
    let metrics = app.metrics.clone();
    assembled(store, Some(app), metrics, config)
}

/// One module an area; each brings its addresses and their description.
fn areas() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(crate::submissions::routes())
        .merge(crate::parts::routes())
        .merge(crate::access::routes())
        .merge(crate::library::routes())
        .merge(crate::replay::routes())
        .merge(crate::audit::routes())
        .merge(crate::reading::routes())
        .merge(crate::ledger::routes())
        .merge(crate::registers::routes())
        .merge(crate::ops::routes())
}

/// The addresses that are there without a database, too.
fn plain() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(health))
        .routes(routes!(rulesets))
        .routes(routes!(bundle))
        .routes(routes!(check))
}

/// Method and path of every address of an open service.
pub fn operations() -> Vec<(&'static str, String)> {
    let (_, mut described) = areas().split_for_parts();
    described.merge(plain().split_for_parts().1);
    let mut all: Vec<(&'static str, String)> = Vec::new();
    for (path, item) in described.paths.paths {
        let methods = [
            ("GET", item.get.is_some()),
            ("PUT", item.put.is_some()),
            ("POST", item.post.is_some()),
            ("DELETE", item.delete.is_some()),
            ("PATCH", item.patch.is_some()),
            ("HEAD", item.head.is_some()),
        ];
        let there = methods.into_iter().filter(|(_, there)| *there);
        all.extend(there.map(|(method, _)| (method, path.clone())));
    }
    all
}

fn assembled(store: Store, app: Option<App>, metrics: Metrics, config: &Config) -> Router {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let shared = Shared {
        library: match &app {
            Some(app) => app.library.clone(),
            None => Arc::new(Library::of(&store)),
        },
        app: app.clone(),
        checks: Arc::new(Semaphore::new(cores)),
        metrics: metrics.clone(),
    };
    let (mut api, mut described) = plain().with_state(shared).split_for_parts();
    if let Some(app) = app {
        let (stored, more) = areas().with_state(app.clone()).split_for_parts();
        api = api
            .merge(stored)
            .route_layer(middleware::from_fn_with_state(app, crate::access::gate));
        described.merge(more);
    }
    let mut api = api.merge(openapi::routes(openapi::document(described)));
    if let Some(rate) = config.rate {
        // Not the page's files: a page is fifty of them.
        let limits = Limits::new(rate, metrics.clone());
        api = api.route_layer(middleware::from_fn_with_state(limits, limits::limit));
    }
    let router = match &config.pages {
        Some(folder) => api.fallback_service(pages::service(folder)),
        None => api.fallback(nothing),
    };
    router
        .layer(Extension(Trusted(config.trusted.as_slice().into())))
        .layer(DefaultBodyLimit::max(config.body_limit))
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            config.time_limit,
        ))
        .layer(middleware::map_response(guard::problems))
        .layer(middleware::map_response(guard::headers))
        .layer(middleware::from_fn_with_state(metrics, guard::log))
}

/// The numbers, for an address of its own: they are nobody's business outside.
pub fn metrics_page(metrics: Metrics) -> Router {
    let page = move || async move {
        let media = HeaderValue::from_static(crate::ops::metrics::MEDIA_TYPE);
        ([(header::CONTENT_TYPE, media)], metrics.text())
    };
    Router::new().route("/metrics", get(page)).fallback(nothing)
}

fn json(text: String) -> Response {
    (
        [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))],
        text,
    )
        .into_response()
}

/// Is the process alive?
#[utoipa::path(get, path = "/healthz", tag = "ops", responses((status = 200, description = "It is", body = serde_json::Value)))]
async fn health(State(shared): State<Shared>) -> Response {
    let mut body = Object::new();
    body.text("status", "ok");
    body.text("version", env!("CARGO_PKG_VERSION"));
    body.raw("rulesets", &shared.library.ids().len().to_string());
    json(body.finish())
}

/// The rulesets that are handed out; with `day` or `jurisdiction`, what holds then and there.
#[utoipa::path(get, path = "/v1/rulesets", tag = "library", params(
    ("day" = inline(Option<Day>), Query, description = "A day, `2026-03-02`"),
    ("jurisdiction" = inline(Option<Division>), Query, description = "Division code, six digits")),
    responses((status = 200, description = "Id, version, digest, title, area, period and layers of each", body = serde_json::Value), (status = 422)))]
async fn rulesets(State(shared): State<Shared>, mut asked: Asked) -> Result<Response, Problem> {
    let (day, place) = (asked.day("day")?, asked.place("jurisdiction")?);
    let mut body = Object::new();
    body.raw(
        "rulesets",
        &array(summaries(&shared.library, shared.today(), day, place)),
    );
    let mut response = json(body.finish());
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// A bundle as it was built. The tag is weak because a compressed answer has other bytes.
#[utoipa::path(get, path = "/v1/bundles/{id}", tag = "library", params(("id" = String, Path, description = "Id of a ruleset"), ("if-none-match" = Option<String>, Header, description = "ETag that is known")), responses(
    (status = 200, description = "The bundle", body = serde_json::Value),
    (status = 304, description = "The client has it"),
    (status = 404, description = "`unknown-ruleset`")))]
async fn bundle(State(shared): State<Shared>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let Some(bundle) = shared.library.current(&id, shared.today()) else {
        return unknown(&id).into_response();
    };
    let tag = format!("W/\"{}\"", bundle.ruleset().digest());
    let mut response = if is_known(&headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        json(bundle.text().to_owned())
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// Does the client have what carries this tag already?
pub(crate) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok());
    known.flat_map(|value| value.split(',')).any(|one| {
        let one = one.trim();
        one == "*" || one.trim_start_matches("W/") == tag.trim_start_matches("W/")
    })
}

fn unknown(id: &str) -> Problem {
    // What the client sent is its own affair; only what can be an id is said back.
    let id: String = id
        .chars()
        .take(100)
        .filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c))
        .collect();
    Problem::new(
        Kind::UnknownRuleset,
        format!("no ruleset `{id}` is loaded; GET /v1/rulesets lists them"),
    )
}

async fn nothing() -> Problem {
    Problem::new(Kind::NotFound, "")
}

/// Judges an entry again and says whether its report is the one that the client made.
#[utoipa::path(post, path = "/v1/recheck", tag = "recheck", request_body(content((Body = "application/json", example = json!({"ruleset": "hotel", "entry": {}, "asOf": "2026-03-02", "digest": "sha256:0"}))), description = "`ruleset`, `entry`, `asOf`, `digest`, and what else the client's check was given"), responses(
    (status = 200, description = "`agree`, `differs`, `digest`, `report`", body = serde_json::Value),
    (status = 400, description = "`bad-json`"),
    (status = 404, description = "`unknown-ruleset`"),
    (status = 413, description = "`too-large`"),
    (status = 415, description = "`wrong-media-type`"),
    (status = 422, description = "`bad-request`, `bad-table`")))]
async fn check(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let media = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let media = media.split(';').next().unwrap_or("").trim();
    if !media.eq_ignore_ascii_case("application/json") || headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Problem::new(Kind::WrongMediaType, ""));
    }
    let body = body.map_err(|rejection| Problem::of_status(rejection.status()))?;
    let Ok(text) = String::from_utf8(body.into()) else {
        return Err(Problem::new(Kind::BadJson, "the body is not UTF-8"));
    };
    let internal = || Problem::new(Kind::Internal, "");
    let _turn = shared
        .checks
        .clone()
        .acquire_owned()
        .await
        .map_err(|_| internal())?;
    let work = tokio::task::spawn_blocking(move || {
        let request = crate::request::read(&text)?;
        let bundle = shared
            .library
            .for_check(&request.ruleset, request.as_of, request.jurisdiction)
            .ok_or_else(|| unknown(&request.ruleset))?;
        let start = Instant::now();
        let answer = recheck::recheck(bundle.ruleset(), &request);
        shared.metrics.judged(start.elapsed());
        answer
    });
    work.await.map_err(|_| internal())?.map(json)
}
