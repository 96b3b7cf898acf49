//! Form answers in, verdicts out: the engine of Weibao Rules.
//!
//! Load a bundle that `rules build` made, check a submission, and get a report whose bytes are the same on every platform:
//!
//! ```
//! use rules_core::{Options, Ruleset, domain::date::Date};
//!
//! // In a program: `std::fs::read_to_string("shop.rules.json")?`.
//! let bundle = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/shop.rules.json"));
//! let ruleset = Ruleset::load(bundle).map_err(|error| error.code())?;
//! let day = Date::from_ymd(2026, 3, 2).ok_or("no such day")?;
//! let report = ruleset.check(r#"{"kind": "shop", "guests": [{"age": 17}, {}]}"#, &Options::on(day));
//! assert_eq!((report.entry(), report.verdict()), ("complete", "fail"));
//! assert!(report.canonical().contains(r#""missing":["/guests/1/age"]"#));
//! # Ok::<(), &str>(())
//! ```
//!
//! What is wrong with a submission stands in its [`Report`]; what is wrong with a bundle is a [`bundle::BundleError`], with a table's data a
//! [`tables::TableError`], with an edit a [`session::EditError`], each with a stable code. Nothing panics.
//!
//! | you want | you take |
//! | --- | --- |
//! | a report of one submission | [`Ruleset::check`] |
//! | many submissions, or outcomes without texts | [`Checker`] with a [`Scratch`] |
//! | answers that change one at a time | [`Session`] |
//! | reference data | [`Tables`] |
//! | a place, evidence, lower limits | [`Options`] |
//! | proof of who made the rules | [`Ruleset::load_signed`], [`bundle::sign`] |
//!
//! **What stays stable.** The crate follows semantic versioning as a whole; its public items are recorded in the repository, and a change of
//! them without a line in the changelog fails the tests. Codes, words of reports and reason words never change their meaning.
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
