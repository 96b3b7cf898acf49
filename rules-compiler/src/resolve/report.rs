//! Gathers diagnostics of the phases here: those that a base gives again with every layer are kept once.
//!
//! In: diagnostics. Out: the same, without repetition, in a `Sink`. Must not know: what they mean.

use crate::ast::Span;
use crate::diagnostic::{Code, Diagnostic, Severity, Sink};
use std::collections::BTreeSet;

/// Where the phases push.
#[derive(Default)]
pub(crate) struct Report {
    /// Places where an earlier phase found an error: a name that is empty there was reported.
    told: BTreeSet<Span>,
    seen: BTreeSet<(Code, Span, String)>,
    list: Vec<Diagnostic>,
    errors: usize,
}

impl Report {
    /// One that does not repeat what stands in the sink.
    pub(crate) fn after(sink: &Sink) -> Report {
        let errors = sink
            .diagnostics()
            .iter()
            .filter(|one| one.severity == Severity::Error);
        Report {
            told: errors.map(|one| one.span).collect(),
            ..Report::default()
        }
    }

    /// Adds a diagnostic unless it was given.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        if diagnostic.severity == Severity::Error {
            self.errors += 1;
        }
        let key = (diagnostic.code, diagnostic.span, diagnostic.message.clone());
        if !self.told.contains(&diagnostic.span) && self.seen.insert(key) {
            self.list.push(diagnostic);
        }
    }

    /// Adds one without help.
    pub(crate) fn say(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.push(Diagnostic::new(code, span, message));
    }

    /// Are there still so few errors that each deserves a search for what was meant?
    pub(crate) fn is_patient(&self) -> bool {
        self.errors < 300
    }

    /// Errors so far, repetitions included.
    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    /// Hands all over.
    pub(crate) fn flush(self, sink: &mut Sink) {
        for diagnostic in self.list {
            sink.push(diagnostic);
        }
    }
}
