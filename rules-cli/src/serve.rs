//! `rules serve`: the recheck, the bundles and the page on one port; with a data folder, submissions and all that is kept of them.

use crate::fault::{Fault, Result, Status};
use crate::term;
use rules_server::{App, Config, Role, Settings, Store, System};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

const EXAMPLES: &str = "\
Examples:
  rules build rulesets -o bundles && rules serve --bundles bundles
  rules serve --bundles bundles --static web-demo/dist --port 8787
  rules serve --bundles bundles --port 0          a free port, which is printed
  rules serve --bundles bundles --data data       receive submissions, keep them in data/weibao.db
  rules serve --data data --database postgres://weibao@localhost/weibao
  rules serve --bundles bundles --data data --demo    and print tokens to try it with

Addresses: POST /v1/recheck, GET /v1/rulesets, GET /v1/bundles/ID, GET /healthz, and the page. See docs/server.md.
Requests are logged on standard error, one JSON object a line, without bodies.";

/// Serve the recheck, the bundles and a page over HTTP
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Folder of bundles that `rules build` made; with --data, those that are new are published
    #[arg(long, value_name = "DIR", required_unless_present = "data")]
    bundles: Option<PathBuf>,
    /// Folder of what is kept: keys, files, and the database unless --database names one
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Address of a PostgreSQL database
    #[arg(
        long,
        value_name = "URL",
        requires = "data",
        env = "WEIBAO_DATABASE",
        hide_env_values = true
    )]
    database: Option<String>,
    /// Make tokens for a device and an administrator, and print them: for trying it out
    #[arg(long, requires = "data")]
    demo: bool,
    /// Folder of the page; its index.html answers every address without a file
    #[arg(long = "static", value_name = "DIR")]
    pages: Option<PathBuf>,
    /// Port; 0 takes a free one
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Address to listen on; 0.0.0.0 for all
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// The largest body, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 20)]
    body_limit: usize,
    /// The longest that a request may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    time_limit: u64,
}

pub(crate) fn run(args: Args) -> Result<Status> {
    let store = match &args.bundles {
        Some(folder) => Store::read(folder).map_err(|error| Fault::new(error.to_string()))?,
        None => Store::default(),
    };
    if let Some(pages) = &args.pages
        && !pages.join("index.html").is_file()
    {
        return Err(
            Fault::new(format!("`{}` has no index.html", pages.display())).help("build the page first")
        );
    }
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_target(false)
        .with_writer(std::io::stderr)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Fault::new(format!("the server cannot start: {error}")))?;
    runtime.block_on(listen(args, store))
}

async fn listen(args: Args, store: Store) -> Result<Status> {
    let address = SocketAddr::new(args.host, args.port);
    let failed = |error: std::io::Error| {
        Fault::new(format!(
            "the server cannot listen on {address}: {}",
            crate::fault::reason(&error)
        ))
        .help("choose another port with --port, or --port 0 for a free one")
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let config = Config {
        pages: args.pages.clone(),
        body_limit: args.body_limit,
        time_limit: Duration::from_secs(args.time_limit),
        ..Config::default()
    };
    let app = open(&args, &store).await?;
    let mut tokens = String::new();
    if let (true, Some(app)) = (args.demo, &app) {
        for role in [Role::Device, Role::Admin] {
            let token = app.demo_token(role).await;
            let token = token.map_err(|fault| Fault::new(format!("no token could be made: {fault}")))?;
            tokens.push_str(&format!("{} {token}\n", role.word()));
        }
    }
    let router = match &app {
        Some(app) => rules_server::app_with(app.clone(), store, &config),
        None => rules_server::app(store, &config),
    };
    // Before the address is told: whoever reads it may want the server to stop at once.
    let stopped = stopped();
    term::print(&format!("http://{address}/\n{tokens}"))?;
    let served = rules_server::serve(listener, router, &config, stopped).await;
    if let Some(app) = app {
        app.close().await;
    }
    served.map_err(|error| Fault::new(format!("the server failed: {error}")))?;
    Ok(Status::Ok)
}

async fn open(args: &Args, store: &Store) -> Result<Option<App>> {
    let Some(data) = &args.data else {
        return Ok(None);
    };
    let settings = Settings {
        data: data.clone(),
        database: args.database.clone(),
        clock: Arc::new(System),
        random: Arc::new(System),
    };
    let app = App::open(settings, store).await;
    app.map(Some).map_err(|error| Fault::new(error.to_string()))
}

/// Ends when somebody wants the server to stop: Ctrl-C, or SIGTERM, also one that comes before this is first waited for.
#[cfg(unix)]
fn stopped() -> impl Future<Output = ()> {
    use tokio::signal::unix::{Signal, SignalKind, signal};
    async fn one(signal: Option<Signal>) {
        match signal {
            Some(mut signal) => {
                signal.recv().await;
            }
            None => std::future::pending().await,
        }
    }
    let interrupt = signal(SignalKind::interrupt()).ok();
    let terminate = signal(SignalKind::terminate()).ok();
    async move {
        tokio::select! {
            () = one(interrupt) => {}
            () = one(terminate) => {}
        }
    }
}

/// Ends when somebody wants the server to stop: Ctrl-C.
#[cfg(not(unix))]
async fn stopped() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
