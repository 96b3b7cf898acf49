//! The ruleset that the targets check answers against: one with every type of field and most operations.

use rules_compiler::compile::{Library, compile};
use rules_compiler::diagnostic::Sink;
use rules_compiler::source::Files;
use rules_compiler::syntax::parse_ruleset;
use rules_core::Ruleset;
use std::borrow::Cow;

/// No stored tables, one document that holds every quotation of the fixture.
pub struct Nothing;

impl Library for Nothing {
    fn source_text(&self, _: &str) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed("应当"))
    }
    fn table(&self, _: &str) -> Option<String> {
        None
    }
}

/// Compiles a ruleset of one file; `None` where something is wrong with it.
pub fn compiled(text: &str) -> Option<Ruleset> {
    let mut files = Files::new();
    let mut sink = Sink::new();
    let file = files.add("fuzz.yaml", text);
    let parsed = parse_ruleset(&files, file, &mut sink);
    let compiled = compile(&files, &[parsed?], &Nothing, &mut sink);
    // Drawing must not fail either, whatever the text.
    let _ = rules_compiler::diagnostic::render(&files, sink.diagnostics(), false);
    if sink.has_errors() {
        return None;
    }
    let plans = compiled?.variants.into_iter().map(|variant| variant.plan).collect();
    Ruleset::from_plans(plans, &[]).ok()
}

/// The fixture.
pub fn ruleset() -> Ruleset {
    compiled(include_str!("fixture.yaml")).expect("the fixture compiles")
}
