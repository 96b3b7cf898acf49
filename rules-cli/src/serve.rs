//! `rules serve`: the recheck, the bundles and the page on one port; with a data folder, submissions and all that is kept of them.

use crate::fault::{Fault, Result, Status};
use crate::term;
use rules_server::{Algorithm, App, Config, Connections, Metrics, Rate, Role, Settings, Store};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
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
  rules serve --config /etc/weibao/weibao.toml        options from a file

Addresses: POST /v1/recheck, GET /v1/rulesets, GET /v1/bundles/ID, GET /healthz, /openapi.json, /docs
(to try them) and the page. See docs/server.md. Every option is a variable of the environment, too.
Requests are logged on standard error, one JSON object a line, without bodies.";

/// Serve the recheck, the bundles and a page over HTTP
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Folder of bundles that `rules build` made; with --data, those that are new are published
    #[arg(
        long,
        value_name = "DIR",
        env = "WEIBAO_BUNDLES",
        required_unless_present = "data"
    )]
    bundles: Option<PathBuf>,
    /// Folder of what is kept: keys, files, and the database unless --database names one
    #[arg(long, value_name = "DIR", env = "WEIBAO_DATA")]
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
    /// Bucket of photos and files, s3://BUCKET/PREFIX, in place of the folder: see docs/server/operation.md
    #[arg(long, value_name = "URL", requires = "data", env = "WEIBAO_PARTS")]
    parts: Option<String>,
    /// How receipts are signed: ed25519, or sm2 (with SM3). Without it by the key that is there, else by a new Ed25519 key
    #[arg(long, value_name = "ALGORITHM", requires = "data", env = "WEIBAO_SIGNATURE", value_parser = algorithm)]
    signature: Option<Algorithm>,
    /// File of settings for sessions, identity provider and retention: see docs/server/access.md
    #[arg(long, value_name = "FILE", requires = "data", env = "WEIBAO_ACCESS")]
    access: Option<PathBuf>,
    /// File with a public key (64 hexadecimal digits) that must have signed a ruleset; may be given several times
    #[arg(long, value_name = "FILE", env = "WEIBAO_TRUST", value_delimiter = ',')]
    trust: Vec<PathBuf>,
    /// Make tokens for a device and an administrator and an account for each role, and print them: for trying it out
    #[arg(long, requires = "data")]
    demo: bool,
    /// Folder of the page; its index.html answers every address without a file
    #[arg(long = "static", value_name = "DIR", env = "WEIBAO_STATIC")]
    pages: Option<PathBuf>,
    /// Port; 0 takes a free one
    #[arg(long, env = "WEIBAO_PORT", default_value_t = 8787)]
    port: u16,
    /// Address to listen on; 0.0.0.0 for all
    #[arg(long, value_name = "IP", env = "WEIBAO_HOST", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// The largest body, in bytes
    #[arg(long, value_name = "BYTES", env = "WEIBAO_BODY_LIMIT", default_value_t = 1 << 20)]
    body_limit: usize,
    /// The longest that a request may take, in seconds
    #[arg(long, value_name = "SECONDS", env = "WEIBAO_TIME_LIMIT", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    time_limit: u64,
    /// The longest that the head of a request may take and that a connection may be idle, in seconds
    #[arg(long, value_name = "SECONDS", env = "WEIBAO_HEAD_LIMIT", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=3600))]
    head_limit: u64,
    /// How long requests under way may go on after the word to stop, in seconds
    #[arg(long, value_name = "SECONDS", env = "WEIBAO_DRAIN", default_value_t = 10, value_parser = clap::value_parser!(u64).range(0..=3600))]
    drain: u64,
    /// Connections that may be open at once
    #[arg(long, value_name = "NUMBER", env = "WEIBAO_CONNECTIONS", default_value_t = 4096, value_parser = clap::value_parser!(u32).range(1..))]
    connections: u32,
    /// Requests a second that one client (a token, or an address without one) may make to the API; 0 for no limit
    #[arg(long, value_name = "NUMBER", env = "WEIBAO_RATE", default_value_t = 50)]
    rate: u32,
    /// Requests that one client may make at once after a quiet time
    #[arg(long, value_name = "NUMBER", env = "WEIBAO_BURST", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
    burst: u32,
    /// A proxy of ours is in front: the last address in x-forwarded-for is the client's
    #[arg(long, env = "WEIBAO_BEHIND_PROXY")]
    behind_proxy: bool,
    /// Address for Prometheus, such as 127.0.0.1:9187: GET /metrics; not to be reachable from outside
    #[arg(long, value_name = "IP:PORT", env = "WEIBAO_METRICS")]
    metrics: Option<SocketAddr>,
    /// File with these options, by their long names (TOML)
    #[arg(long, value_name = "FILE", env = "WEIBAO_CONFIG")]
    config: Option<PathBuf>,
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
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(|error| failed(address, &error))?;
    let address = listener.local_addr().map_err(|error| failed(address, &error))?;
    let config = Config {
        pages: args.pages.clone(),
        body_limit: args.body_limit,
        time_limit: Duration::from_secs(args.time_limit),
        rate: rate(&args),
        trusted: trusted(&args, &store)?,
    };
    let connections = Connections {
        limit: usize::try_from(args.connections).unwrap_or(usize::MAX),
        head: Duration::from_secs(args.head_limit),
        drain: Duration::from_secs(args.drain),
    };
    let app = open(&args, &store).await?;
    let mut tokens = String::new();
    if let (true, Some(app)) = (args.demo, &app) {
        // Accounts first: a new password ends the sessions that an account had.
        let accounts = app.demo_accounts().await.map_err(crate::stored::refused)?;
        for role in [Role::Device, Role::Admin] {
            let token = app.demo_token(role).await;
            let token = token.map_err(crate::stored::refused)?;
            tokens.push_str(&format!("{} {token}\n", role.word()));
        }
        for account in accounts {
            tokens.push_str(&format!("account {} {}\n", account.name, account.password));
        }
    }
    if let Some(app) = &app
        && let Some(code) = app.setup_code().await.map_err(crate::stored::refused)?
    {
        tokens.push_str(&format!("setup {code}\n"));
        term::say(
            "There is no administrator yet. Make one with the set-up code (POST /v1/setup), or with `rules users add`.\n",
        );
    }
    let metrics = app.as_ref().map_or_else(Metrics::new, |app| app.metrics.clone());
    let router = match &app {
        Some(app) => rules_server::app_with(app.clone(), store, &config),
        None => rules_server::app(store, metrics.clone(), &config),
    };
    // Before the address is told: whoever reads it may want the server to stop at once.
    let stopped = stopped();
    term::print(&format!("http://{address}/\n{tokens}"))?;
    let purging = app
        .clone()
        .map(|app| tokio::spawn(async move { app.purge_daily().await }));
    if let Some(address) = args.metrics {
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| failed(address, &error))?;
        let page = rules_server::metrics_page(metrics.clone());
        let own = Metrics::new();
        tokio::spawn(async move {
            rules_server::serve(
                listener,
                page,
                &Connections::default(),
                &own,
                std::future::pending(),
            )
            .await
        });
    }
    let served = rules_server::serve(listener, router, &connections, &metrics, stopped).await;
    if let Some(purging) = purging {
        purging.abort();
    }
    if let Some(app) = app {
        app.close().await;
    }
    served.map_err(|error| Fault::new(format!("the server failed: {error}")))?;
    Ok(Status::Ok)
}

fn failed(address: SocketAddr, error: &std::io::Error) -> Fault {
    Fault::new(format!(
        "the server cannot listen on {address}: {}",
        crate::fault::reason(error)
    ))
    .help("choose another port with --port, or --port 0 for a free one")
}

fn rate(args: &Args) -> Option<Rate> {
    Some(Rate {
        per_second: NonZeroU32::new(args.rate)?,
        burst: NonZeroU32::new(args.burst)?,
        behind_proxy: args.behind_proxy,
    })
}

/// The keys that sign rulesets; those of `--bundles` must be signed, too.
fn trusted(args: &Args, store: &Store) -> Result<Vec<[u8; 32]>> {
    let keys: Vec<[u8; 32]> = args
        .trust
        .iter()
        .map(|path| crate::build::key(path))
        .collect::<Result<_>>()?;
    for bundle in store.bundles().filter(|_| !keys.is_empty()) {
        if let Err(error) = rules_core::bundle::read_signed(bundle.text(), &keys) {
            let id = bundle.ruleset().base().map_or("", |base| base.id.as_str());
            let help = "sign it with `rules build --sign`, or leave --trust out";
            return Err(Fault::new(format!("`{id}`: {} ({})", error.text().1, error.code())).help(help));
        }
    }
    Ok(keys)
}

fn algorithm(word: &str) -> std::result::Result<Algorithm, String> {
    Algorithm::of_word(word).ok_or_else(|| "it is `ed25519` or `sm2`".to_owned())
}

async fn open(args: &Args, store: &Store) -> Result<Option<App>> {
    let Some(data) = &args.data else {
        return Ok(None);
    };
    let settings = Settings {
        database: args.database.clone(),
        access: crate::stored::access(args.access.as_deref())?,
        signature: args.signature,
        parts: args.parts.clone(),
        ..Settings::new(data)
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
