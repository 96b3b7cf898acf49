//! Which files belong together.
//!
//! In: the rulesets of all files read. Out: each base with its layers. Must not know: what they say.

use crate::ast::Ruleset;
use crate::diagnostic::Sink;
use crate::resolve::layers;
use crate::resolve::report::Report;

/// What a file beside a ruleset holds, by its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Beside {
    /// `STEM.cases.yaml`, or `STEM.SECTION.cases.yaml`: its cases.
    Cases,
    /// `STEM.SECTION.part.yaml`: one of its sections.
    Part,
}

/// What a file is to the ruleset in `STEM.yaml`, if anything.
pub fn beside(stem: &str, name: &str) -> Option<Beside> {
    let rest = name.strip_prefix(stem)?.strip_prefix('.')?;
    let rest = rest.strip_suffix(".yaml").or_else(|| rest.strip_suffix(".yml"))?;
    match rest.rsplit_once('.') {
        None => (rest == "cases").then_some(Beside::Cases),
        Some((section, _)) if section.contains('.') => None,
        Some((_, "cases")) => Some(Beside::Cases),
        Some((_, "part")) => Some(Beside::Part),
        Some(_) => None,
    }
}

/// Is it a file of its own, and no cases or part of another's?
pub fn stands_alone(name: &str) -> bool {
    let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"));
    stem.is_some_and(|stem| !stem.ends_with(".cases") && !stem.ends_with(".part") && !stem.starts_with('.'))
}

/// Puts each base with its layers, the base first. A layer whose base is not among the rulesets is said and left out.
pub fn group(rulesets: Vec<Ruleset>, sink: &mut Sink) -> Vec<Vec<Ruleset>> {
    let mut report = Report::after(sink);
    let groups = layers::group(rulesets, &mut report);
    report.flush(sink);
    groups
}
