//! Form answers in, verdicts out: the engine of Weibao Rules.
//!
//! Load a bundle that `rules build` made, check a submission, and get a report whose bytes are the same on every platform:
//!
//! ```no_run
//! use rules_core::{Options, Ruleset, domain::date::Date};
//!
//! let bundle = std::fs::read_to_string("venue.rules.json")?;
//! let ruleset = Ruleset::load(&bundle).map_err(|error| error.code())?;
//! let day = Date::from_ymd(2026, 3, 2).ok_or("no such day")?;
//! let report = ruleset.check(r#"{"venue_kind": "internet_cafe"}"#, &Options::on(day));
//! println!("{} {}", report.verdict(), report.canonical());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `no_std` with `alloc`, no unsafe code, no clock, no I/O, no hash order, no platform mathematics.
#![no_std]
extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod answers;
pub mod bundle;
mod decimal;
mod depends;
pub mod digest;
pub mod domain;
pub mod entry;
pub mod eval;
pub mod form;
pub mod json;
pub mod judge;
pub mod limits;
pub mod measuring;
pub mod outcomes;
mod pattern;
pub mod plan;
pub mod report;
mod ruleset;
pub mod session;
mod sort;
pub mod tables;
pub mod truth;
pub mod value;
pub mod wire;

pub use report::{Detail, Report};
pub use ruleset::{Checker, Chosen, Options, Ruleset, Scratch, Tables};
pub use session::Session;
