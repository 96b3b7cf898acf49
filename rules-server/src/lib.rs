//! The recheck: a small HTTP service that judges an entry again and says whether its report is the one that the form made.
//!
//! In: bundles, requests. Out: reports, bundles, the page. Must not know: YAML, the compiler, a clock. Nothing is stored, and nothing of
//! an entry is logged.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use rules_server::{Config, Store};
//!
//! let store = Store::read(std::path::Path::new("target/bundles"))?;
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8787").await?;
//! rules_server::serve(listener, store, Config::default(), std::future::pending()).await?;
//! # Ok(()) }
//! ```

pub mod differs;
mod guard;
mod pages;
mod problem;
mod recheck;
mod request;
mod routes;
mod store;
mod write;

pub use problem::{Kind, Problem, TYPES};
pub use recheck::recheck;
pub use request::{Recheck, read};
pub use routes::{Config, app, serve};
pub use store::{Bundle, LoadError, Store};
