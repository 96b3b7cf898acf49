//! Which files belong together.
//!
//! In: the rulesets of all files read. Out: each base with its layers. Must not know: what they say.

use crate::ast::Ruleset;
use crate::diagnostic::Sink;
use crate::resolve::layers;
use crate::resolve::report::Report;

/// Puts each base with its layers, the base first. A layer whose base is not among the rulesets is said and left out.
pub fn group(rulesets: Vec<Ruleset>, sink: &mut Sink) -> Vec<Vec<Ruleset>> {
    let mut report = Report::after(sink);
    let groups = layers::group(rulesets, &mut report);
    report.flush(sink);
    groups
}
