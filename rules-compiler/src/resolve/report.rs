//! Gathers diagnostics of the phases here: those that a base gives again with every layer are kept once.
//!
//! In: diagnostics. Out: the same, without repetition, in a `Sink`. Must not know: what they mean.

use crate::ast::Span;
use crate::diagnostic::{Code, Diagnostic, Severity, Sink};
use std::collections::BTreeSet;

/// Where the phases push.
#[derive(Default)]
pub(crate) struct Report {
    seen: BTreeSet<(Code, Span, String)>,
    list: Vec<Diagnostic>,
    errors: usize,
}

impl Report {
    /// Adds a diagnostic unless it was given.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        if diagnostic.severity == Severity::Error {
            self.errors += 1;
        }
        if self
            .seen
            .insert((diagnostic.code, diagnostic.span, diagnostic.message.clone()))
        {
            self.list.push(diagnostic);
        }
    }

    /// Adds one without help.
    pub(crate) fn say(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.push(Diagnostic::new(code, span, message));
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
