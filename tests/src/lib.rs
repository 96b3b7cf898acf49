//! The engine seen from outside: a second evaluator and generators that the test files share.

#![allow(
    clippy::unreachable,
    reason = "the compiler rules these out; a test that meets one should stop"
)]

pub mod cases;
pub mod engine;
pub mod generate;
pub mod mutants;
pub mod oracle;

/// The examples of the page about the Rust API, as doctests.
#[cfg(doctest)]
#[doc = include_str!("../../docs/rust.md")]
pub struct RustPage;

/// The Rust backend of the page for all hosts, as a doctest.
#[cfg(doctest)]
#[doc = include_str!("../../docs/embed.md")]
pub struct EmbedPage;
