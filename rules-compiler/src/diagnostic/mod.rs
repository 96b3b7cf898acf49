//! What is wrong with a ruleset, as data: a code, a message, where it stands, what else belongs to it, what to do.
//!
//! In: every phase of the front end pushes to a [`Sink`]. Out: a list in the order of the files, drawn by [`render`].
//! Must not know: YAML, expressions, rules.
//!
//! A message starts in lower case, has no final period and puts the author's text in backticks.

pub mod codes;
mod render;

pub use codes::{Code, Severity};
pub use render::render;

use crate::ast::Span;

/// Diagnostics that are kept; more are counted. Nobody reads more than a few pages, and a hostile file must not make a gigabyte of them.
pub const DIAGNOSTICS: usize = 1_000;

/// One thing that is wrong.
#[derive(Clone, PartialEq, Debug)]
pub struct Diagnostic {
    /// Its code.
    pub code: Code,
    /// How much it matters: the code's severity, unless a caller is stricter.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: Span,
    /// Further places with what they have to do with it.
    pub labels: Vec<(Span, String)>,
    /// What to do.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic without labels and help.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: code.severity(),
            message: message.into(),
            span,
            labels: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Adds a place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push((span, text.into()));
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help.push(text.into());
        self
    }

    /// Adds "did you mean" if one of the candidates is near to the word.
    #[must_use]
    pub fn nearest<'a>(self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Diagnostic {
        match nearest(word, candidates) {
            Some(found) => self.help(format!("did you mean `{found}`?")),
            None => self,
        }
    }
}

/// Where diagnostics gather.
#[derive(Clone, Debug, Default)]
pub struct Sink {
    diagnostics: Vec<Diagnostic>,
    errors: usize,
    notes: usize,
    dropped: usize,
}

impl Sink {
    /// An empty one.
    pub fn new() -> Sink {
        Sink::default()
    }

    /// Adds a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if diagnostic.severity == Severity::Error {
            self.errors += 1;
        }
        // Notes have a room of their own: a thousand of them must not hide an error, and one that is left out is none.
        let note = diagnostic.severity == Severity::Note;
        self.notes += usize::from(note);
        let kept = if note {
            self.notes <= DIAGNOSTICS
        } else {
            self.diagnostics.len() < DIAGNOSTICS + self.notes.min(DIAGNOSTICS)
        };
        if kept {
            self.diagnostics.push(diagnostic);
        } else if !note {
            self.dropped += 1;
        }
    }

    /// Is there an error?
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Errors so far: a phase compares before and after.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// How many errors and warnings were beyond the limit.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// What has gathered, in the order of giving.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// All in the order of the files, for people and for bytes that are the same every time.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.diagnostics
            .sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
        self.diagnostics
    }
}

/// The candidate that the author probably meant: at most a third of its letters away.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // PERF: a hostile word of a megabyte is near to nothing.
    if word.len() > 200 {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let distance = strsim::osa_distance(word, candidate);
        let reach = word.chars().count().max(candidate.chars().count()) / 3;
        if distance <= reach.max(1)
            && candidate.chars().count() > 1
            && best.is_none_or(|(least, _)| distance < least)
        {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_near() {
        let keys = ["require", "forbid", "when", "where", "id"];
        assert_eq!(nearest("requires", keys), Some("require"));
        assert_eq!(nearest("wehre", keys), Some("where"));
        assert_eq!(nearest("banana", keys), None);
    }

    #[test]
    fn the_sink_counts_what_it_does_not_keep() {
        let mut sink = Sink::new();
        for _ in 0..DIAGNOSTICS + 3 {
            sink.push(Diagnostic::new(Code::R0002, Span::default(), "x"));
        }
        assert_eq!((sink.errors(), sink.dropped()), (DIAGNOSTICS + 3, 3));
        assert_eq!(sink.into_sorted().len(), DIAGNOSTICS);
    }

    #[test]
    fn notes_hide_no_error() {
        let mut sink = Sink::new();
        for _ in 0..DIAGNOSTICS + 3 {
            sink.push(Diagnostic::new(Code::R0501, Span::default(), "x"));
        }
        sink.push(Diagnostic::new(Code::R0002, Span::default(), "y"));
        assert_eq!((sink.errors(), sink.dropped()), (1, 0));
        assert_eq!(sink.into_sorted().len(), DIAGNOSTICS + 1);
    }
}
