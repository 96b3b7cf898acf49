//! The server: judges an entry again and says whether its report is the one that the form made; with a data folder, it also receives
//! submissions, keeps them, and defends their verdicts.
//!
//! In: bundles, requests. Out: reports, receipts, bundles, the page. Must not know: YAML, the compiler. Nothing of an entry is logged, and
//! without a data folder nothing is stored.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use rules_server::{Config, Store};
//!
//! let store = Store::read(std::path::Path::new("target/bundles"))?;
//! let router = rules_server::app(store, &Config::default());
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8787").await?;
//! rules_server::serve(listener, router, &Config::default(), std::future::pending()).await?;
//! # Ok(()) }
//! ```

mod access;
mod app;
mod db;
pub mod differs;
mod edge;
mod guard;
mod library;
mod ops;
mod pages;
mod problem;
mod receipts;
mod recheck;
mod request;
mod routes;
mod store;
mod submissions;
mod write;

pub use access::Role;
pub use app::{App, OpenError, Settings};
pub use edge::{Clock, Random, System};
pub use problem::{Kind, Problem, TYPES};
pub use receipts::{Forged, unbase64url, verify};
pub use recheck::recheck;
pub use request::{Recheck, read};
pub use routes::{Config, app, app_with, serve};
pub use store::{Bundle, LoadError, Store};
