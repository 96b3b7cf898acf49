//! Reference tables as people keep them, turned into what the engine takes.
//!
//! In: CSV and what the table holds. Out: JSON rows, or what is wrong with which line. Must not know: files, rulesets' text, where rows are kept.
//! A crate of its own, because the command line and the server both read tables, and the server knows nothing of the compiler.
pub mod csv;
