//! The addresses and what guards them.
//!
//! In: a store, a configuration, perhaps an open service. Out: a router, and a server that runs it until it is told to stop. Must not
//! know: how an entry is judged, what is stored.

use crate::app::App;
use crate::problem::{Kind, Problem};
use crate::store::Store;
use crate::write::{Object, array};
use crate::{guard, pages, recheck};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;
use utoipa_axum::router::OpenApiRouter;

/// How the service runs.
#[derive(Clone, Debug)]
pub struct Config {
    /// The page's files, if one is served.
    pub pages: Option<PathBuf>,
    /// Bytes of a body. An inspection with its notes is below 100 kB, and the engine itself takes no entry beyond 1 MiB.
    pub body_limit: usize,
    /// The longest that a request may take, its body included. A phone on a bad network needs seconds for its entry.
    pub time_limit: Duration,
    /// How long requests under way may go on once the service is told to stop.
    pub drain: Duration,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            pages: None,
            body_limit: 1 << 20,
            time_limit: Duration::from_secs(30),
            drain: Duration::from_secs(10),
        }
    }
}

#[derive(Clone)]
struct Shared {
    store: Arc<Store>,
    /// Checks under way. Each may keep a core busy; more at once would only make all of them late.
    checks: Arc<Semaphore>,
}

/// The router of the recheck alone: nothing is stored.
pub fn app(store: Store, config: &Config) -> Router {
    assembled(store, None, config)
}

/// The router of the recheck and of everything that is stored.
pub fn app_with(app: App, store: Store, config: &Config) -> Router {
    assembled(store, Some(app), config)
}

/// One module an area; each brings its addresses and their description.
fn areas() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(crate::submissions::routes())
        .merge(crate::access::routes())
        .merge(crate::library::routes())
        .merge(crate::ops::routes())
}

fn assembled(store: Store, app: Option<App>, config: &Config) -> Router {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let shared = Shared {
        store: Arc::new(store),
        checks: Arc::new(Semaphore::new(cores)),
    };
    let api = Router::new()
        .route("/healthz", get(health))
        .route("/v1/rulesets", get(rulesets))
        .route("/v1/bundles/{id}", get(bundle))
        .route("/v1/recheck", post(check))
        .with_state(shared);
    let api = match app {
        Some(app) => {
            let (stored, _) = areas().with_state(app).split_for_parts();
            api.merge(stored)
        }
        None => api,
    };
    let router = match &config.pages {
        Some(folder) => api.fallback_service(pages::service(folder)),
        None => api.fallback(nothing),
    };
    router
        .layer(DefaultBodyLimit::max(config.body_limit))
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            config.time_limit,
        ))
        .layer(middleware::map_response(guard::problems))
        .layer(middleware::map_response(guard::headers))
        .layer(middleware::from_fn(guard::log))
}

/// Serves until `stop` is ready; then takes no new requests and lets those under way end.
///
/// # Errors
/// Where the listener fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    config: &Config,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let drain = config.drain;
    let (stopped, heard) = tokio::sync::oneshot::channel();
    let signal = async move {
        stop.await;
        tracing::info!("stopping");
        // Nobody hears it where the server has failed before.
        let _ = stopped.send(());
    };
    let server = axum::serve(listener, router).with_graceful_shutdown(signal);
    let late = async {
        if heard.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(drain).await;
    };
    tokio::select! {
        ended = server => ended,
        () = late => {
            tracing::warn!("requests under way were cut off");
            Ok(())
        }
    }
}

fn json(text: String) -> Response {
    (
        [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))],
        text,
    )
        .into_response()
}

async fn health(State(shared): State<Shared>) -> Response {
    let mut body = Object::new();
    body.text("status", "ok");
    body.text("version", env!("CARGO_PKG_VERSION"));
    body.raw("rulesets", &shared.store.bundles().len().to_string());
    json(body.finish())
}

async fn rulesets(State(shared): State<Shared>) -> Response {
    let mut body = Object::new();
    body.raw(
        "rulesets",
        &array(shared.store.bundles().map(|bundle| bundle.summary().to_owned())),
    );
    let mut response = json(body.finish());
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// A bundle as it was built. The tag is weak because a compressed answer has other bytes.
async fn bundle(State(shared): State<Shared>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let Some(bundle) = shared.store.get(&id) else {
        return unknown(&id).into_response();
    };
    let tag = format!("W/\"{}\"", bundle.ruleset().digest());
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let same = known.flat_map(|value| value.split(',')).any(|one| {
        let one = one.trim();
        one == "*" || one.trim_start_matches("W/") == tag.trim_start_matches("W/")
    });
    let mut response = if same {
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
            .store
            .get(&request.ruleset)
            .ok_or_else(|| unknown(&request.ruleset))?;
        recheck::recheck(bundle.ruleset(), &request)
    });
    work.await.map_err(|_| internal())?.map(json)
}
