//! Takes YAML nodes apart: keys of a mapping, items of a list, words, dates, texts, expressions.
//!
//! In: nodes. Out: values of `ast` with their places, and what is wrong with them. Must not know: which keys a rule or a field has.

use super::expr;
use crate::ast::{At, Expr, Literal, Period, Span, Text};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::Files;
use crate::source::yaml::{Kind, Node};
use rules_core::domain::date::Date;
use rules_core::limits::MAX_SAFE_INTEGER;

/// What a reader needs: the files, for the places of characters, and the sink.
pub(super) struct Reader<'a> {
    pub(super) files: &'a Files,
    pub(super) sink: &'a mut Sink,
}

/// A mapping whose keys are known to be among those expected.
#[derive(Clone, Copy)]
pub(super) struct Mapping<'n> {
    entries: &'n [(Node, Node)],
    /// What it describes, with its article.
    what: &'static str,
    /// Where to say that something is missing: the first key.
    pub(super) head: Span,
}

impl<'n> Mapping<'n> {
    /// The value of a key; nothing if it is null.
    pub(super) fn get(&self, key: &str) -> Option<&'n Node> {
        self.entries
            .iter()
            .find(|(k, _)| k.scalar() == Some(key))
            .map(|(_, value)| value)
            .filter(|value| !value.is_null())
    }
}

/// What a name looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `snake_case`
    Snake,
    /// `snake_case`, and readable by expressions.
    Name,
    /// `dotted.lower_case`
    Dotted,
}

impl<'a> Reader<'a> {
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.sink.push(diagnostic);
    }

    fn unfit(&mut self, node: &Node, wanted: &str) {
        let message = format!("{wanted} is expected here, and this is {}", node.describe());
        self.push(Diagnostic::new(Code::R0006, head(node), message));
    }

    /// A mapping with these keys. Others are reported.
    pub(super) fn mapping<'n>(
        &mut self,
        node: &'n Node,
        what: &'static str,
        keys: &[&str],
    ) -> Option<Mapping<'n>> {
        let entries = self.entries(node, what)?;
        for (key, _) in entries {
            let name = key.scalar().unwrap_or("");
            if !keys.contains(&name) {
                let diagnostic =
                    Diagnostic::new(Code::R0002, key.span, format!("{what} has no key `{name}`"));
                self.push(match crate::diagnostic::nearest(name, keys.iter().copied()) {
                    Some(found) => diagnostic.help(format!("did you mean `{found}`?")),
                    None => diagnostic.help(format!("its keys are {}", list_of(keys))),
                });
            }
        }
        Some(Mapping {
            entries,
            what,
            head: head(node),
        })
    }

    /// The entries of a mapping with whatever keys.
    pub(super) fn entries<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n [(Node, Node)]> {
        if let Kind::Mapping(entries) = &node.kind {
            return Some(entries);
        }
        self.unfit(node, &format!("a mapping ({what})"));
        None
    }

    /// The value of a key that must be there.
    pub(super) fn required<'n>(&mut self, mapping: &Mapping<'n>, key: &str) -> Option<&'n Node> {
        let found = mapping.get(key);
        if found.is_none() {
            let message = format!("{} needs the key `{key}`", mapping.what);
            self.push(Diagnostic::new(Code::R0007, mapping.head, message));
        }
        found
    }

    /// The items of a list; an absent list has none.
    pub(super) fn items<'n>(&mut self, node: Option<&'n Node>, what: &str) -> &'n [Node] {
        match node.map(|node| (&node.kind, node)) {
            None => &[],
            Some((Kind::Sequence(items), _)) => items,
            Some((_, node)) => {
                self.unfit(node, &format!("a list ({what})"));
                &[]
            }
        }
    }

    /// Entries that say their own name under `key`, in a list, or stand under their names in a mapping.
    pub(super) fn named<'n>(
        &mut self,
        node: Option<&'n Node>,
        what: &'static str,
        key: &str,
        keys: &[&str],
        shape: Shape,
    ) -> Vec<(At<String>, Mapping<'n>, &'n Node)> {
        let mut found = Vec::new();
        let without: Vec<&str> = keys.iter().copied().filter(|k| *k != key).collect();
        match node.map(|node| (&node.kind, node)) {
            None => {}
            Some((Kind::Sequence(items), _)) => {
                for item in items {
                    let Some(mapping) = self.mapping(item, what, keys) else {
                        continue;
                    };
                    let name = match self.required(&mapping, key) {
                        Some(name) => self.name(name, shape),
                        None => empty(mapping.head),
                    };
                    found.push((name, mapping, item));
                }
            }
            Some((Kind::Mapping(entries), _)) => {
                for (name, item) in entries {
                    let name = self.name(name, shape);
                    if let Some(mapping) = self.mapping(item, what, &without) {
                        found.push((name, mapping, item));
                    }
                }
            }
            Some((Kind::Scalar(..), node)) => self.unfit(node, &format!("a list or a mapping ({what})")),
        }
        found
    }

    /// A scalar as text, whatever it may mean elsewhere.
    pub(super) fn string(&mut self, node: &Node) -> At<String> {
        match node.scalar() {
            Some(text) if !node.is_null() => At {
                value: text.to_owned(),
                span: node.span,
            },
            _ => {
                self.unfit(node, "a text");
                empty(head(node))
            }
        }
    }

    /// The text of an optional key.
    pub(super) fn optional(&mut self, node: Option<&Node>) -> Option<At<String>> {
        node.map(|node| self.string(node))
    }

    /// A list of scalars, or one alone.
    pub(super) fn strings(&mut self, node: Option<&Node>, what: &str) -> Vec<At<String>> {
        match node {
            Some(node) if node.scalar().is_some() => vec![self.string(node)],
            _ => self
                .items(node, what)
                .iter()
                .map(|item| self.string(item))
                .collect(),
        }
    }

    /// A name or an id.
    pub(super) fn name(&mut self, node: &Node, shape: Shape) -> At<String> {
        let name = self.string(node);
        let piece = |text: &str| {
            text.starts_with(|c: char| c.is_ascii_lowercase())
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        };
        let fits = if shape == Shape::Dotted {
            name.value.split('.').all(piece)
        } else {
            piece(&name.value)
        };
        if name.value.is_empty() && !node.scalar().is_some_and(str::is_empty) {
            return name;
        }
        if !fits {
            let help = match shape {
                Shape::Dotted => {
                    "an id is written with a–z, 0–9 and `_`, its parts joined with dots: `hotel.checkin`"
                }
                Shape::Name | Shape::Snake => {
                    "a name begins with a–z and goes on with a–z, 0–9 and `_`: `min_distance`"
                }
            };
            let what = if shape == Shape::Dotted { "an id" } else { "a name" };
            let message = format!("`{}` is not {what}", short(&name.value));
            self.push(Diagnostic::new(Code::R0012, node.span, message).help(help));
            return empty(node.span);
        }
        if shape == Shape::Name && expr::is_reserved(&name.value) {
            self.push(expr::reserved(&name.value, node.span));
            return empty(node.span);
        }
        name
    }

    /// A word of a closed list.
    pub(super) fn word(&mut self, node: &Node, words: &[&str]) -> At<String> {
        let word = self.string(node);
        if word.value.is_empty() || words.contains(&word.value.as_str()) {
            return word;
        }
        let message = format!(
            "`{}` is none of the words that may stand here",
            short(&word.value)
        );
        let diagnostic =
            Diagnostic::new(Code::R0008, node.span, message).nearest(&word.value, words.iter().copied());
        self.push(diagnostic.help(format!("the words are {}", list_of(words))));
        empty(node.span)
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, node: Option<&Node>) -> bool {
        let Some(node) = node else {
            return false;
        };
        match node.plain() {
            Some("true" | "True" | "TRUE") => true,
            Some("false" | "False" | "FALSE") => false,
            _ => {
                self.literal_fault(
                    node,
                    "`true` or `false` is expected",
                    "`yes` and `no` are texts in YAML 1.2",
                );
                false
            }
        }
    }

    /// A number of things.
    pub(super) fn count(&mut self, node: Option<&Node>) -> Option<At<u32>> {
        let node = node?;
        match node
            .plain()
            .filter(|text| is_integer(text))
            .and_then(|text| text.parse().ok())
        {
            Some(value) => Some(At {
                value,
                span: node.span,
            }),
            None => {
                self.literal_fault(
                    node,
                    "a whole number from 0 is expected",
                    "write digits without quotes",
                );
                None
            }
        }
    }

    pub(super) fn literal_fault(&mut self, node: &Node, message: &str, help: &str) {
        let message = match node.scalar() {
            Some(text) if !text.is_empty() => format!("{message}, and this is `{}`", short(text)),
            _ => message.to_owned(),
        };
        self.push(Diagnostic::new(Code::R0009, head(node), message).help(help));
    }

    /// A literal.
    pub(super) fn literal(&mut self, node: &Node) -> Option<At<Literal>> {
        let Kind::Scalar(text, _) = &node.kind else {
            self.unfit(node, "a literal");
            return None;
        };
        let value = match node.plain() {
            None => Literal::Text(text.clone()),
            Some(plain) => match number(plain) {
                Scalar::Bool(value) => Literal::Bool(value),
                Scalar::Int(value) => Literal::Int(value),
                Scalar::Num(value) => Literal::Num(value),
                Scalar::Text => Literal::Text(text.clone()),
                Scalar::Odd(why) => {
                    self.literal_fault(node, why, "quote it if it is a text");
                    return None;
                }
            },
        };
        Some(At {
            value,
            span: node.span,
        })
    }

    /// A date.
    pub(super) fn date(&mut self, node: Option<&Node>) -> Option<Date> {
        let text = self.string(node?);
        if text.value.is_empty() {
            return None;
        }
        let date = Date::parse(&text.value).ok();
        if date.is_none() {
            let message = format!("`{}` is not a date", short(&text.value));
            self.push(
                Diagnostic::new(Code::R0010, text.span, message)
                    .help("write year, month and day: `2026-03-01`"),
            );
        }
        date
    }

    /// `from` and `until`.
    pub(super) fn period(&mut self, node: Option<&Node>) -> Period {
        let Some(mapping) = node.and_then(|node| self.mapping(node, "a period", &["from", "until"])) else {
            return Period::default();
        };
        let (from, until) = (self.date(mapping.get("from")), self.date(mapping.get("until")));
        if let (Some(from), Some(until)) = (from, until)
            && until <= from
        {
            let help = "`until` is the first day that no longer belongs to it";
            self.push(
                Diagnostic::new(Code::R0010, mapping.head, "the period ends before it begins").help(help),
            );
        }
        Period { from, until }
    }

    /// A division code.
    pub(super) fn jurisdiction(&mut self, node: &Node) -> Option<At<u32>> {
        let text = self.string(node);
        let quoted = node.plain().is_none();
        let digits = text.value.len() == 6 && text.value.bytes().all(|byte| byte.is_ascii_digit());
        match text.value.parse() {
            Ok(value) if digits && (quoted || !text.value.starts_with('0')) => Some(At {
                value,
                span: node.span,
            }),
            _ if text.value.is_empty() => None,
            _ => {
                let message = format!("`{}` is not a division code", short(&text.value));
                let help = if digits {
                    "put it in quotes: YAML reads digits that begin with 0 as a number"
                } else {
                    "a code of GB/T 2260 has six digits: `\"520400\"`; `\"000000\"` is the whole country"
                };
                self.push(Diagnostic::new(Code::R0013, node.span, message).help(help));
                None
            }
        }
    }

    /// `{ zh, en }` or a plain string.
    pub(super) fn text(&mut self, node: Option<&Node>) -> Text {
        let Some(node) = node else {
            return Text::default();
        };
        let (zh, en) = self.languages(node);
        let read = |node: Option<&Node>| node.and_then(Node::scalar).unwrap_or("").to_owned();
        Text {
            zh: read(zh),
            en: read(en),
            span: node.span,
        }
    }

    /// The scalars of a text in Chinese and in English.
    pub(super) fn languages<'n>(&mut self, node: &'n Node) -> (Option<&'n Node>, Option<&'n Node>) {
        if node.scalar().is_some() {
            let chinese = self.string(node);
            if !chinese.value.is_ascii() {
                self.no_english(node);
            }
            return (Some(node), None);
        }
        let Some(mapping) = self.mapping(node, "a text", &["zh", "en"]) else {
            return (None, None);
        };
        let zh = self.required(&mapping, "zh");
        let en = mapping.get("en");
        for text in [zh, en].into_iter().flatten() {
            self.string(text);
        }
        if let (Some(zh), None) = (zh, en) {
            self.no_english(zh);
        }
        (zh, en)
    }

    fn no_english(&mut self, node: &Node) {
        self.push(
            Diagnostic::new(Code::R0015, node.span, "this text has no English")
                .help("write `{ zh: …, en: … }`"),
        );
    }

    /// An expression.
    pub(super) fn expr(&mut self, node: Option<&Node>) -> Option<Expr> {
        let node = node?;
        match node.scalar() {
            Some(text) => Some(expr::parse(text, &node.offsets(self.files), 0, self.sink)),
            None => {
                self.unfit(node, "an expression");
                Some(Expr {
                    kind: crate::ast::ExprKind::Error,
                    span: head(node),
                })
            }
        }
    }

    /// Expressions that name fields.
    pub(super) fn exprs(&mut self, node: Option<&Node>, what: &str) -> Vec<Expr> {
        match node {
            Some(node) if node.scalar().is_some() => self.expr(Some(node)).into_iter().collect(),
            _ => self
                .items(node, what)
                .iter()
                .filter_map(|item| self.expr(Some(item)))
                .collect(),
        }
    }
}

/// A name that was reported, or is not there.
pub(super) fn empty(span: Span) -> At<String> {
    At {
        value: String::new(),
        span,
    }
}

/// What to underline of a node: the first key or item of a large one.
pub(super) fn head(node: &Node) -> Span {
    match &node.kind {
        Kind::Mapping(entries) => entries.first().map_or(node.span, |(key, _)| key.span),
        Kind::Sequence(items) => items.first().map_or(node.span, |item| Span {
            start: node.span.start,
            ..head(item)
        }),
        Kind::Scalar(..) => node.span,
    }
}

/// The beginning of an author's text, for a message.
pub(super) fn short(text: &str) -> String {
    let mut short: String = text
        .chars()
        .take(40)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

pub(super) fn list_of(words: &[&str]) -> String {
    words
        .iter()
        .map(|word| format!("`{word}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// What a plain scalar means in YAML's core schema.
pub(super) enum Scalar {
    Bool(bool),
    Int(i64),
    Num(f64),
    Text,
    /// A number that we do not read, and why.
    Odd(&'static str),
}

/// Reads a plain scalar. Forms of numbers that JSON does not have are refused: an author who writes 010 or .5 or 1e999 is asked.
pub(super) fn number(text: &str) -> Scalar {
    match text {
        "true" | "True" | "TRUE" => return Scalar::Bool(true),
        "false" | "False" | "FALSE" => return Scalar::Bool(false),
        _ => {}
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let special = matches!(digits.to_ascii_lowercase().as_str(), ".inf" | ".nan");
    let based = digits
        .strip_prefix("0x")
        .is_some_and(|rest| is_all(rest, |b| b.is_ascii_hexdigit()))
        || digits
            .strip_prefix("0o")
            .is_some_and(|rest| is_all(rest, |b| b.is_ascii_digit()));
    if special || based {
        return Scalar::Odd("a decimal number is expected");
    }
    let (mantissa, exponent) = digits
        .split_once(['e', 'E'])
        .map_or((digits, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa
        .split_once('.')
        .map_or((mantissa, None), |(w, f)| (w, Some(f)));
    let numeric = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let exponent_fits =
        exponent.is_none_or(|e| is_all(e.strip_prefix(['-', '+']).unwrap_or(e), |b| b.is_ascii_digit()));
    let some_digit = !whole.is_empty() || fraction.is_some_and(|f| !f.is_empty());
    if !(numeric(whole) && fraction.is_none_or(numeric) && exponent_fits && some_digit) {
        return Scalar::Text;
    }
    if whole.is_empty()
        || fraction == Some("")
        || text.starts_with('+')
        || whole.len() > 1 && whole.starts_with('0')
    {
        return Scalar::Odd("a number as JSON writes it is expected");
    }
    if is_integer(text) {
        let safe = text
            .parse::<f64>()
            .is_ok_and(|value| value.abs() <= MAX_SAFE_INTEGER);
        return match text.parse() {
            Ok(value) if safe => Scalar::Int(value),
            _ => Scalar::Odd("an integer within 9007199254740991 is expected"),
        };
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Scalar::Num(value),
        _ => Scalar::Odd("a number that a double can hold is expected"),
    }
}

fn is_integer(text: &str) -> bool {
    is_all(text.strip_prefix('-').unwrap_or(text), |byte| {
        byte.is_ascii_digit()
    })
}

fn is_all(text: &str, fits: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(fits)
}
