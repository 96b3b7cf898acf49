//! Turns ruleset text into a plan: everything an author needs and a form does not.
pub mod ast;
pub mod compile;
pub mod diagnostic;
pub mod hir;
mod lower;
pub mod pattern;
mod resolve;
pub mod rulesets;
pub mod source;
pub mod syntax;

/// Tables as CSV.
pub use rules_tables::csv;
