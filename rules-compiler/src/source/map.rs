//! Where each character of a decoded YAML scalar stands in the file.
//!
//! In: the scalar's text as decoded, and its bytes in the file with quotes, escapes, folds and indentation. Out: for a byte of the
//! decoded text, the byte of the file. Must not know: what the text says.
//!
//! Both texts are walked side by side: escapes and doubled quotes are taken as what they mean, and white space, which folding and
//! indentation change, is skipped where it differs. Positions of characters that are not white space are exact.

use super::yaml::Style;
use super::{to_u32, to_usize};
use crate::ast::Span;

/// Offsets of a scalar.
#[derive(Clone, PartialEq, Debug)]
pub struct OffsetMap {
    file: u32,
    /// Byte of the file at which the text starts, without its quote.
    start: u32,
    /// Bytes of the decoded text.
    len: u32,
    /// Where the text is not written as it is read: for each decoded character, its byte, and its first and last-plus-one byte in
    /// the file.
    steps: Option<Vec<(u32, u32, u32)>>,
}

impl OffsetMap {
    /// Text that stands in the file as it is.
    pub fn plain(text: &str, file: u32, start: u32) -> OffsetMap {
        OffsetMap {
            file,
            start,
            len: to_u32(text.len()),
            steps: None,
        }
    }

    /// The map of the scalar whose bytes in the file are `raw`, from `start`.
    pub fn new(text: &str, raw: &str, style: Style, file: u32, start: u32) -> OffsetMap {
        let (raw, start) = match style {
            Style::Single | Style::Double => {
                (raw.get(1..raw.len().saturating_sub(1)).unwrap_or(""), start + 1)
            }
            Style::Plain | Style::Literal | Style::Folded => (raw, start),
        };
        let mut map = OffsetMap::plain(text, file, start);
        if raw != text {
            let mut at = 0;
            let steps = text.char_indices().map(|(decoded, wanted)| {
                let (first, next) = find(raw, at, wanted, style);
                at = next;
                (to_u32(decoded), start + to_u32(first), start + to_u32(next))
            });
            map.steps = Some(steps.collect());
        }
        map
    }

    /// The bytes of the file for bytes `start..end` of the decoded text.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let first = self.first(to_u32(start));
        let last = if end > start {
            self.behind(to_u32(end))
        } else {
            first
        };
        Span {
            file: self.file,
            start: first,
            end: last.max(first),
        }
    }

    /// The byte of the file at which the character at decoded byte `at` begins.
    fn first(&self, at: u32) -> u32 {
        let Some(steps) = &self.steps else {
            return self.start + at.min(self.len);
        };
        match steps.get(steps.partition_point(|step| step.0 < at)) {
            Some(step) => step.1,
            None => steps.last().map_or(self.start, |step| step.2),
        }
    }

    /// The byte of the file behind the character that ends at decoded byte `at`.
    fn behind(&self, at: u32) -> u32 {
        let Some(steps) = &self.steps else {
            return self.start + at.min(self.len);
        };
        let index = steps.partition_point(|step| step.0 < at);
        index
            .checked_sub(1)
            .and_then(|i| steps.get(i))
            .map_or(self.start, |step| step.2)
    }
}

/// Where in `raw`, from `at` on, the character `wanted` is written: its first byte and the byte behind it.
fn find(raw: &str, mut at: usize, wanted: char, style: Style) -> (usize, usize) {
    loop {
        let rest = raw.get(at..).unwrap_or("");
        let Some(here) = rest.chars().next() else {
            return (raw.len(), raw.len());
        };
        if style == Style::Double && here == '\\' {
            match escape(rest) {
                Escape::Character(bytes) => return (at, at + bytes),
                Escape::Join(bytes) => at += bytes,
            }
            continue;
        }
        if style == Style::Single && wanted == '\'' && rest.starts_with("''") {
            return (at, at + 2);
        }
        let fold = wanted == ' ' && matches!(here, '\n' | '\r');
        if here == wanted || fold {
            return (at, at + here.len_utf8());
        }
        let skips = here.is_whitespace() && (!wanted.is_whitespace() || wanted == '\n');
        if !skips {
            // White space that stands nowhere in the file, or a fault of this walk: a place of no width, and the walk goes on.
            return (at, at);
        }
        at += here.len_utf8();
    }
}

enum Escape {
    /// An escaped character of so many bytes.
    Character(usize),
    /// An escaped line break with the indentation behind it.
    Join(usize),
}

fn escape(rest: &str) -> Escape {
    let digits = match rest.chars().nth(1) {
        Some('x') => 2,
        Some('u') => 4,
        Some('U') => 8,
        Some('\n' | '\r') => {
            let behind = rest.get(1..).unwrap_or("");
            return Escape::Join(1 + behind.len() - behind.trim_start().len());
        }
        Some(c) => return Escape::Character(1 + c.len_utf8()),
        None => 0,
    };
    Escape::Character((2 + digits).min(rest.len()))
}

/// The bytes of a scalar in its file, as a span without white space at its end.
pub(super) fn trimmed(text: &str, span: Span) -> Span {
    let raw = text.get(to_usize(span.start)..to_usize(span.end)).unwrap_or("");
    Span {
        end: span.start + to_u32(raw.trim_end().len()),
        ..span
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Sink;
    use crate::source::Files;
    use crate::source::yaml::{Kind, read};

    /// Every character that is not white space must be found in the file, whatever the style.
    fn check(yaml: &str) {
        let mut files = Files::new();
        let id = files.add("a.yaml", yaml);
        let mut sink = Sink::new();
        let node = read(&files, id, &mut sink).unwrap();
        assert!(!sink.has_errors(), "{:?}", sink.diagnostics());
        let Kind::Mapping(entries) = &node.kind else {
            panic!()
        };
        for (_, value) in entries {
            let map = value.offsets(&files);
            let text = value.scalar().unwrap();
            for (at, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
                let raw = files.text(map.span(at, at + c.len_utf8()));
                let same = raw == c.to_string() || raw == "''" && c == '\'' || raw.starts_with('\\');
                assert!(same, "{yaml:?}: {c} is {raw:?}");
            }
        }
    }

    #[test]
    fn every_style_is_followed() {
        check("规: 甲 >= 乙\n");
        check("规: 甲 >=\n   乙\n\n   丙\n");
        check("规: '甲''s ''x'' 乙'\n");
        check("规: \"甲\\n\\u4e2d\\\"乙\\\\ 丙\\x41丁\"\n");
        check("规: \"甲\\\n     乙\n   丙\"\n");
        check("规: |\n  甲 &&\n    乙\n\n  丙\n其: 1\n");
        check("规: >-\n  甲 &&\n  乙\n\n  丙\n    丁\n  戊\n");
        check("规: |\r\n  甲 &&\r\n  乙\r\n");
        check("\u{feff}规: >\n  甲\n\n\n  乙\n");
        check("规: { a }\n".replace("{ a }", "甲乙").as_str());
    }

    #[test]
    fn a_piece_has_the_bytes_from_its_first_to_its_last_character() {
        let mut files = Files::new();
        let id = files.add("a.yaml", "中文: \"甲\\u4e59 >= 3\"\n");
        let node = read(&files, id, &mut Sink::new()).unwrap();
        let Kind::Mapping(entries) = &node.kind else {
            panic!()
        };
        let map = entries[0].1.offsets(&files);
        assert_eq!(files.text(map.span(0, 6)), "甲\\u4e59");
        assert_eq!(files.text(map.span(7, 9)), ">=");
        assert_eq!(files.text(map.span(10, 11)), "3");
        assert_eq!(files.text(map.span(11, 11)), "");
    }
}
