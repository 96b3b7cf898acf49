//! Reads a file's YAML into nodes that know their bytes.
//!
//! In: a file. Out: one tree of scalars, mappings and sequences. Must not know: which keys there are.
//!
//! What a ruleset may not have is reported here: broken YAML, anchors, aliases, tags, a second document, a key twice, keys that are
//! not text, and anything beyond the limits. The tree that comes back is free of all that; what broke it is left out.

use super::map::{OffsetMap, trimmed};
use super::{Files, to_u32, to_usize};
use crate::ast::Span;
use crate::diagnostic::{Code, Diagnostic, Sink};
use saphyr_parser::{Event, Parser, ScalarStyle};
use std::collections::BTreeMap;

/// Bytes of a file: a ruleset of a thousand rules has a quarter of this.
pub const FILE_BYTES: usize = 1 << 20;
/// Nesting: a field in a list in a group, with options, is at eight. The reader of nodes recurses over it.
pub const DEPTH: usize = 48;
/// Nodes: what a megabyte of ordinary YAML has. `[,,,` must not fill the memory.
pub const NODES: usize = 200_000;

/// How a scalar is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// A node.
#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where it stands, quotes and brackets included, white space behind it not.
    pub span: Span,
}

/// The kinds of nodes.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    /// Text.
    Scalar(String, Style),
    /// Keys (scalars, each once) with their values, in order.
    Mapping(Vec<(Node, Node)>),
    /// Items.
    Sequence(Vec<Node>),
}

impl Node {
    /// The text of a scalar.
    pub fn scalar(&self) -> Option<&str> {
        if let Kind::Scalar(text, _) = &self.kind {
            Some(text)
        } else {
            None
        }
    }

    /// The text of a scalar without quotes, which may mean something else than text.
    pub fn plain(&self) -> Option<&str> {
        if let Kind::Scalar(text, Style::Plain) = &self.kind {
            Some(text)
        } else {
            None
        }
    }

    /// Is it YAML's null: nothing, `~` or `null`?
    pub fn is_null(&self) -> bool {
        matches!(self.plain(), Some("" | "~" | "null" | "Null" | "NULL"))
    }

    /// Where the characters of a scalar stand in the file.
    pub fn offsets(&self, files: &Files) -> OffsetMap {
        match &self.kind {
            Kind::Scalar(text, style) => OffsetMap::new(
                text,
                files.text(self.span),
                *style,
                self.span.file,
                self.span.start,
            ),
            Kind::Mapping(_) | Kind::Sequence(_) => OffsetMap::plain("", self.span.file, self.span.start),
        }
    }

    /// What kind of node it is, in the words of a message.
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            Kind::Scalar(..) if self.is_null() => "nothing",
            Kind::Scalar(..) => "a scalar",
            Kind::Mapping(_) => "a mapping",
            Kind::Sequence(_) => "a list",
        }
    }
}

/// Characters to bytes, for one file: the YAML reader counts characters.
struct Bytes<'a> {
    file: u32,
    text: &'a str,
    /// Absent where every character is one byte.
    starts: Option<Vec<u32>>,
}

impl Bytes<'_> {
    fn new(file: u32, text: &str) -> Bytes<'_> {
        let starts = (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| to_u32(at)).collect());
        Bytes { file, text, starts }
    }

    fn at(&self, character: usize) -> u32 {
        let all = to_u32(self.text.len());
        match &self.starts {
            Some(starts) => starts.get(character).copied().unwrap_or(all),
            None => to_u32(character).min(all),
        }
    }

    fn span(&self, span: saphyr_parser::Span) -> Span {
        let span = Span {
            file: self.file,
            start: self.at(span.start.index()),
            end: self.at(span.end.index()),
        };
        trimmed(self.text, span)
    }

    /// The word at a place: what stands there up to white space or the end of the line.
    fn word(&self, span: Span) -> Span {
        let rest = self.text.get(to_usize(span.start)..).unwrap_or("");
        let len = rest.find(char::is_whitespace).unwrap_or(rest.len());
        Span {
            end: span.start + to_u32(len),
            ..span
        }
    }
}

/// A container that is being read.
struct Open {
    span: Span,
    items: Vec<Node>,
    mapping: bool,
}

/// Reads a file. Nothing comes back where there is no tree to go on with.
pub fn read(files: &Files, id: u32, sink: &mut Sink) -> Option<Node> {
    let text = files.get(id)?.text.as_str();
    let nowhere = Span {
        file: id,
        start: 0,
        end: 0,
    };
    if text.len() > FILE_BYTES {
        let message = format!("the file has {} bytes; at most {FILE_BYTES} are read", text.len());
        sink.push(Diagnostic::new(Code::R0014, nowhere, message));
        return None;
    }
    let bytes = Bytes::new(id, text);
    let mut open: Vec<Open> = Vec::new();
    let mut root: Option<Node> = None;
    let mut nodes = 0;
    for event in Parser::new_from_str(text) {
        let (event, span) = match event {
            Ok((event, span)) => (event, bytes.span(span)),
            Err(error) => {
                sink.push(broken(&bytes, &error));
                return None;
            }
        };
        nodes += 1;
        if nodes > NODES || open.len() > DEPTH {
            let what = if nodes > NODES {
                "has too many nodes"
            } else {
                "is nested too deeply"
            };
            let message = format!("the file {what}; at most {NODES} nodes and {DEPTH} levels are read");
            sink.push(Diagnostic::new(Code::R0014, bytes.word(span), message));
            return None;
        }
        let node = match event {
            Event::DocumentStart(_) if root.is_some() => {
                sink.push(
                    Diagnostic::new(Code::R0005, bytes.word(span), "a second document begins here")
                        .help("put the second ruleset into a file of its own"),
                );
                break;
            }
            Event::Alias(_) => {
                sink.push(refused(&bytes, span, "an alias"));
                Node {
                    kind: Kind::Scalar(String::new(), Style::Plain),
                    span,
                }
            }
            Event::Scalar(value, style, anchor, tag) => {
                let span = refuse(&bytes, span, anchor > 0, tag.is_some(), sink);
                Node {
                    kind: Kind::Scalar(value.into_owned(), style_of(style)),
                    span,
                }
            }
            Event::SequenceStart(anchor, tag) => {
                let span = refuse(&bytes, span, anchor > 0, tag.is_some(), sink);
                open.push(Open {
                    span,
                    items: Vec::new(),
                    mapping: false,
                });
                continue;
            }
            Event::MappingStart(anchor, tag) => {
                let span = refuse(&bytes, span, anchor > 0, tag.is_some(), sink);
                open.push(Open {
                    span,
                    items: Vec::new(),
                    mapping: true,
                });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(container) => close(container, span, sink),
                None => continue,
            },
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {
                continue;
            }
        };
        match open.last_mut() {
            Some(container) => container.items.push(node),
            None => root = Some(node),
        }
    }
    if root.is_none() {
        sink.push(
            Diagnostic::new(Code::R0016, nowhere, "the file is empty").help("begin with `ruleset: NAME`"),
        );
    }
    root
}

/// A finished container. A block has no brackets: it ends with its last node.
fn close(container: Open, end: Span, sink: &mut Sink) -> Node {
    let last = container
        .items
        .last()
        .map_or(container.span.end, |node| node.span.end);
    let span = Span {
        end: end.end.max(last).max(container.span.start),
        ..container.span
    };
    let span = if end.start == end.end {
        Span { end: last, ..span }
    } else {
        span
    };
    if !container.mapping {
        return Node {
            kind: Kind::Sequence(container.items),
            span,
        };
    }
    let mut entries: Vec<(Node, Node)> = Vec::with_capacity(container.items.len() / 2);
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    let mut items = container.items.into_iter();
    while let (Some(key), Some(value)) = (items.next(), items.next()) {
        let Some(name) = key.scalar() else {
            sink.push(Diagnostic::new(
                Code::R0006,
                key.span,
                format!("a key must be text, and this is {}", key.describe()),
            ));
            continue;
        };
        if let Some(first) = seen.get(name) {
            let message = format!("the key `{name}` stands twice");
            sink.push(Diagnostic::new(Code::R0003, key.span, message).label(*first, "the first one"));
            continue;
        }
        seen.insert(name.to_owned(), key.span);
        entries.push((key, value));
    }
    Node {
        kind: Kind::Mapping(entries),
        span,
    }
}

/// Reports an anchor or a tag before a node, and gives the span of the node without it.
fn refuse(bytes: &Bytes<'_>, span: Span, anchor: bool, tag: bool, sink: &mut Sink) -> Span {
    let mut span = span;
    if !anchor && !tag {
        return span;
    }
    for (found, what) in [(anchor, "an anchor"), (tag, "a tag")] {
        if found {
            sink.push(refused(bytes, span, what));
        }
    }
    loop {
        let raw = bytes
            .text
            .get(to_usize(span.start)..to_usize(span.end))
            .unwrap_or("");
        if !raw.starts_with(['&', '!']) {
            return span;
        }
        let behind = raw
            .find(char::is_whitespace)
            .and_then(|at| raw.get(at..))
            .unwrap_or("")
            .trim_start();
        span.start += to_u32(raw.len() - behind.len());
    }
}

fn refused(bytes: &Bytes<'_>, span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(
        Code::R0004,
        bytes.word(span),
        format!("{what} is not allowed here"),
    )
    .help("write the value out: a ruleset says everything where it stands")
}

fn broken(bytes: &Bytes<'_>, error: &saphyr_parser::ScanError) -> Diagnostic {
    let start = bytes.at(error.marker().index());
    // At the end of the file, or on white space, the last thing written is what an author can look at.
    let before = bytes.text.get(..to_usize(start)).unwrap_or("");
    let at_blank = bytes
        .text
        .get(to_usize(start)..)
        .is_none_or(|rest| rest.trim_start().is_empty());
    let start = if at_blank {
        let trimmed = before.trim_end();
        to_u32(trimmed.rfind(char::is_whitespace).map_or(0, |at| at + 1))
    } else {
        start
    };
    let span = bytes.word(Span {
        file: bytes.file,
        start,
        end: start,
    });
    Diagnostic::new(Code::R0001, span, format!("the file is not valid YAML: {}", error.info()))
        .help("indent with spaces, and quote a text that contains `: ` or ` #` or begins with one of `[{&*!|>'\"%@`")
}

fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<(&'static str, String)> {
        let mut files = Files::new();
        let id = files.add("a.yaml", text);
        let mut sink = Sink::new();
        read(&files, id, &mut sink);
        sink.into_sorted()
            .iter()
            .map(|d| (d.code.as_str(), files.text(d.span).to_owned()))
            .collect()
    }

    #[test]
    fn what_a_ruleset_may_not_have_is_underlined() {
        assert_eq!(
            faults("题: &甲 x\n乙: *甲\n"),
            [("R0004", "&甲".into()), ("R0004", "*甲".into())]
        );
        assert_eq!(faults("题: !!str 1\n"), [("R0004", "!!str".into())]);
        assert_eq!(faults("题: 1\n---\nb: 2\n"), [("R0005", "---".into())]);
        assert_eq!(faults("题: 1\n题: 2\n"), [("R0003", "题".into())]);
        assert_eq!(faults("[a]: 1\n"), [("R0006", "[a]".into())]);
        assert_eq!(faults("题: [1, 二\n"), [("R0001", "二".into())]);
        assert_eq!(faults("题: 一\n 二: 三\n"), [("R0001", ":".into())]);
        assert_eq!(faults("# nothing\n"), [("R0016", String::new())]);
    }

    #[test]
    fn hostile_files_end_in_a_diagnostic() {
        for text in [
            "[".repeat(5000),
            "- ".repeat(5000),
            "? ".repeat(5000),
            "{a: ".repeat(5000),
            "x".repeat(FILE_BYTES + 1),
        ] {
            let codes = faults(&text);
            assert!(
                matches!(codes.first(), Some(("R0014" | "R0001", _))),
                "{:?}",
                codes.first()
            );
        }
        assert_eq!(
            faults(&format!("[{}]", ",a".repeat(NODES))).first().map(|f| f.0),
            Some("R0001")
        );
        assert_eq!(
            faults(&format!("[{}]", "a,".repeat(NODES))).first().map(|f| f.0),
            Some("R0014")
        );
    }

    #[test]
    fn a_block_ends_with_its_last_node() {
        let mut files = Files::new();
        let id = files.add("a.yaml", "甲:\n  乙: [1, {二: \"x\" }]\n\n# note\n丙: 1\n");
        let node = read(&files, id, &mut Sink::new()).unwrap();
        let Kind::Mapping(entries) = &node.kind else {
            panic!()
        };
        assert_eq!(files.text(entries[0].1.span), "乙: [1, {二: \"x\" }]");
        let Kind::Mapping(inner) = &entries[0].1.kind else {
            panic!()
        };
        assert_eq!(files.text(inner[0].1.span), "[1, {二: \"x\" }]");
        assert_eq!(files.text(node.span), files.get(id).unwrap().text.trim_end());
    }
}
