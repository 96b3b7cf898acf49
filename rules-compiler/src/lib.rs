//! Turns ruleset text into a plan: everything an author needs and a form does not.
pub mod ast;
pub mod diagnostic;
pub mod hir;
pub mod source;
