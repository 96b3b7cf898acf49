//! The server: judges an entry again and says whether its report is the one that the form made; with a data folder, it also receives
//! submissions, keeps them, and defends their verdicts.
//!
//! In: bundles, requests. Out: reports, receipts, bundles, the page. Must not know: YAML, the compiler. Nothing of an entry is logged, and
//! without a data folder nothing is stored.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use rules_server::{Config, Connections, Metrics, Store};
//!
//! let (store, metrics) = (Store::read(std::path::Path::new("target/bundles"))?, Metrics::new());
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8787").await?;
//! let router = rules_server::app(store, metrics.clone(), &Config::default());
//! rules_server::serve(listener, router, &Connections::default(), &metrics, std::future::pending()).await?;
//! # Ok(()) }
//! ```

mod access;
mod app;
pub mod audit;
mod db;
pub mod differs;
mod edge;
mod guard;
mod ledger;
mod library;
mod openapi;
mod ops;
mod pages;
mod parts;
mod prepared;
mod problem;
mod reading;
mod receipts;
mod recheck;
mod registers;
pub mod replay;
mod request;
mod routes;
pub mod sealed;
mod serve;
mod store;
mod submissions;
mod write;

pub use access::users::{Change, New, User};
pub use access::{
    AccessSettings, Account, OidcSettings, Principal, Purged, Retention, Role, Row, Scope, TABLE,
};
pub use app::{App, OpenError, Settings};
pub use edge::{Clock, Random, System};
pub use ops::backup::{BackupError, Restored, Saved, restore, save};
pub use ops::limits::Rate;
pub use ops::metrics::Metrics;
pub use problem::{Kind, Problem, TYPES};
pub use receipts::{Algorithm, Forged, SigningPublicKey, base64url, unbase64url, verify};
pub use recheck::recheck;
pub use request::{Recheck, read};
pub use routes::{Config, app, app_with, metrics_page, operations};
pub use serve::{Connections, serve};
pub use store::{Bundle, LoadError, Store};
