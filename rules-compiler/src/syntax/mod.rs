//! From YAML nodes to the author's ruleset.
//!
//! In: a file. Out: an `ast::Ruleset`, as good as the file allows, and what is wrong with the file. Must not know: what a name stands
//! for, whether types fit, other files.
//!
//! What was reported is told to later phases in one way: a name, word or id that is wrong or missing is empty, an expression that is
//! wrong is `ExprKind::Error`. Neither is to be reported again.

mod expr;
mod rhai;
mod token;

pub use expr::{BYTES as EXPRESSION_BYTES, DEPTH as EXPRESSION_DEPTH};

use crate::ast::Expr;
use crate::diagnostic::{Diagnostic, Sink};
use crate::source::map::OffsetMap;

/// Parses one expression that is not in a file; spans count from its start. For tests and tools.
pub fn parse_expression(text: &str) -> (Expr, Vec<Diagnostic>) {
    let mut sink = Sink::new();
    let expr = expr::parse(text, &OffsetMap::plain(text, 0, 0), 0, &mut sink);
    (expr, sink.into_sorted())
}
