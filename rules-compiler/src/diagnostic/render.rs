//! Draws diagnostics for a terminal.
//!
//! In: files and diagnostics. Out: text, with or without colours. Must not know: what the codes mean.
//!
//! The drawing library wants byte ranges within the text that it is given; it is given only the lines that matter, so that a
//! thousand diagnostics of a megabyte do not take a gigabyte of work.

use super::{Diagnostic, Severity};
use crate::ast::Span;
use crate::source::{Files, to_usize};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use std::ops::Range;

/// Bytes of source that one drawing shows at most; a longer span is drawn by its first line.
const WINDOW: usize = 16 << 10;

/// Draws all diagnostics, in the order given.
pub fn render(files: &Files, diagnostics: &[Diagnostic], colour: bool) -> String {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&renderer.render(&groups(files, diagnostic)));
        out.push_str("\n\n");
    }
    out
}

fn groups<'a>(files: &'a Files, diagnostic: &'a Diagnostic) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code.as_str());
    let mut group = Group::with_title(title);
    let mut places: Vec<(Span, Option<&str>)> = vec![(diagnostic.span, None)];
    places.extend(
        diagnostic
            .labels
            .iter()
            .map(|(span, text)| (*span, Some(text.as_str()))),
    );
    // Neighbouring places share a drawing; one that is far away or in another file has its own.
    while let Some(first) = places.first().copied() {
        let mut taken = Vec::new();
        places.retain(|place| {
            let near = place.0.file == first.0.file && place.0.start.abs_diff(first.0.start) < 4_000;
            if near {
                taken.push(*place);
            }
            !near
        });
        if let Some(snippet) = snippet(files, &taken) {
            group = group.element(snippet);
        }
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    vec![group]
}

fn snippet<'a>(files: &'a Files, places: &[(Span, Option<&'a str>)]) -> Option<Snippet<'a, Annotation<'a>>> {
    let file = files.get(places.first()?.0.file)?;
    let text = file.text.as_str();
    let start = places
        .iter()
        .map(|(span, _)| to_usize(span.start).min(text.len()))
        .min()?;
    let start = floor(text, start);
    let from = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    let end = places
        .iter()
        .map(|(span, _)| to_usize(span.end).min(text.len()))
        .max()?
        .max(start);
    let end = floor(text, end.min(from + WINDOW).max(start));
    let to = text.get(end..)?.find('\n').map_or(text.len(), |at| end + at);
    let window = text.get(from..to)?;
    let line = to_usize(
        files
            .place(places.first()?.0.file, crate::source::to_u32(from))
            .line,
    );
    let annotations = places.iter().map(|(span, label)| {
        let range = within(window, to_usize(span.start), to_usize(span.end), from);
        let kind = if label.is_none() {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        kind.span(range).label(*label)
    });
    Some(
        Snippet::source(window)
            .line_start(line)
            .path(file.name.as_str())
            .annotations(annotations),
    )
}

/// A range of the file as a range of the window; at least one character wide where there is one.
fn within(window: &str, start: usize, end: usize, from: usize) -> Range<usize> {
    let start = floor(window, start.saturating_sub(from));
    let end = floor(window, end.saturating_sub(from)).max(start);
    if start < end {
        return start..end;
    }
    let width = window
        .get(start..)
        .and_then(|rest| rest.chars().next())
        .filter(|c| *c != '\n')
        .map_or(0, char::len_utf8);
    start..start + width
}

/// The character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn chinese_before_the_fault_does_not_move_the_underline() {
        let mut files = Files::new();
        let text = "ruleset: a\ntitle: 标题\n规则: 网吧 banana 不得\n";
        let id = files.add("案.yaml", text);
        let at = text.find("banana").unwrap() as u32;
        let span = Span {
            file: id,
            start: at,
            end: at + 6,
        };
        let other = Span {
            file: id,
            start: 9,
            end: 10,
        };
        let diagnostic = Diagnostic::new(Code::R0002, span, "unknown key `banana`")
            .label(other, "here")
            .help("do this");
        let drawn = render(&files, std::slice::from_ref(&diagnostic), false);
        assert_eq!(
            drawn,
            "error[R0002]: unknown key `banana`\n \
             --> 案.yaml:3:8\n  \
             |\n\
             1 | ruleset: a\n  \
             |          - here\n\
             2 | title: 标题\n\
             3 | 规则: 网吧 banana 不得\n  \
             |            ^^^^^^\n  \
             |\n  \
             = help: do this\n\n"
        );
        assert!(render(&files, &[diagnostic], true).contains('\u{1b}'));
    }

    #[test]
    fn a_span_at_the_end_or_beyond_is_drawn() {
        let mut files = Files::new();
        let id = files.add("a.yaml", "甲");
        for (start, end) in [(3, 3), (1, 2), (90, 99), (0, 3)] {
            let span = Span { file: id, start, end };
            assert!(render(&files, &[Diagnostic::new(Code::R0001, span, "x")], false).contains("R0001"));
        }
    }
}
