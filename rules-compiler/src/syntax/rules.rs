//! Rules and their messages, and the functions.
//!
//! In: nodes. Out: `ast::Rule`, `ast::Function`. Must not know: what a rule's names stand for.

use super::expr;
use super::reader::{Reader, Shape, empty, short};
use crate::ast::{At, Expr, Function, Message, Piece, Rule, Text};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::yaml::{Kind, Node};

const RULE_KEYS: [&str; 20] = [
    "id",
    "title",
    "kind",
    "severity",
    "section",
    "clauses",
    "each",
    "where",
    "when",
    "require",
    "forbid",
    "due",
    "evidence",
    "at",
    "message",
    "remedy",
    "duty",
    "deadline",
    "effective",
    "tags",
];
const KINDS: [&str; 4] = ["duty", "prohibition", "trigger", "entry"];
const SEVERITIES: [&str; 4] = ["critical", "major", "moderate", "minor"];
const ARGUMENTS: [&str; 4] = ["integer", "number", "boolean", "text"];

/// A derived value with its name.
type Let = (At<String>, Expr);

impl Reader<'_> {
    /// The rules.
    pub(super) fn rules(&mut self, node: Option<&Node>) -> Vec<Rule> {
        let mut rules = Vec::new();
        for (id, mapping, node) in self.named(node, "a rule", "id", &RULE_KEYS, Shape::Snake) {
            let mut word = |key: &str, words: &[&str]| match self.required(&mapping, key) {
                Some(node) => self.word(node, words),
                None => empty(mapping.head),
            };
            let (kind, severity) = (word("kind", &KINDS), word("severity", &SEVERITIES));
            let title = self.required(&mapping, "title");
            rules.push(Rule {
                id,
                title: self.text(title),
                kind,
                severity,
                section: self.optional(mapping.get("section")),
                clauses: self.strings(mapping.get("clauses"), "clause ids"),
                each: mapping.get("each").and_then(|node| self.each(node)),
                filter: self.expr(mapping.get("where")),
                when: self.expr(mapping.get("when")),
                require: self.expr(mapping.get("require")),
                forbid: self.expr(mapping.get("forbid")),
                due: self.expr(mapping.get("due")),
                evidence: self.exprs(mapping.get("evidence"), "fields"),
                at: self.exprs(mapping.get("at"), "fields"),
                message: self.message(mapping.get("message")),
                remedy: self.text(mapping.get("remedy")),
                duty: self.text(mapping.get("duty")),
                deadline: self.expr(mapping.get("deadline")),
                effective: self.period(mapping.get("effective")),
                tags: self
                    .strings(mapping.get("tags"), "tags")
                    .into_iter()
                    .map(|tag| tag.value)
                    .collect(),
                span: node.span,
            });
        }
        rules
    }

    fn each(&mut self, node: &Node) -> Option<(At<String>, Expr)> {
        let text = self.string(node);
        if text.value.is_empty() {
            return None;
        }
        expr::parse_each(&text.value, &node.offsets(self.files), self.sink)
    }

    fn message(&mut self, node: Option<&Node>) -> Message {
        let Some(node) = node else {
            return Message::default();
        };
        let (zh, en) = self.languages(node);
        Message {
            zh: self.pieces(zh),
            en: self.pieces(en),
        }
    }

    /// Cuts a message at its `${…}`; `$${` is the sign itself.
    fn pieces(&mut self, node: Option<&Node>) -> Vec<Piece> {
        let Some((node, text)) = node.and_then(|node| Some((node, node.scalar()?))) else {
            return Vec::new();
        };
        let map = node.offsets(self.files);
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut at = 0;
        while let Some(found) = text
            .get(at..)
            .and_then(|rest| rest.find("${"))
            .map(|offset| at + offset)
        {
            let before = text.get(at..found).unwrap_or("");
            if let Some(before) = before.strip_suffix('$') {
                literal.push_str(before);
                literal.push_str("${");
                at = found + 2;
                continue;
            }
            literal.push_str(before);
            let Some(end) = expr::piece_end(text, found + 2) else {
                let message = "`${` is not closed";
                let help = "close it with `}`, or write `$${` for the sign itself";
                self.push(Diagnostic::new(Code::R0112, map.span(found, found + 2), message).help(help));
                return pieces;
            };
            if !literal.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut literal)));
            }
            let inside = text.get(found + 2..end).unwrap_or("");
            pieces.push(Piece::Expr(expr::parse(inside, &map, found + 2, self.sink)));
            at = end + 1;
        }
        literal.push_str(text.get(at..).unwrap_or(""));
        if !literal.is_empty() {
            pieces.push(Piece::Text(literal));
        }
        pieces
    }

    /// The functions.
    pub(super) fn functions(&mut self, node: Option<&Node>) -> Vec<Function> {
        let mut functions = Vec::new();
        for (name, mapping, _) in self.named(
            node,
            "a function",
            "name",
            &["name", "args", "returns", "body"],
            Shape::Name,
        ) {
            let mut args = Vec::new();
            if let Some(node) = mapping.get("args")
                && let Some(entries) = self.entries(node, "arguments with their types")
            {
                for (arg, kind) in entries {
                    args.push((self.name(arg, Shape::Name), self.word(kind, &ARGUMENTS)));
                }
            }
            let returns = match self.required(&mapping, "returns") {
                Some(node) => self.word(node, &ARGUMENTS),
                None => empty(mapping.head),
            };
            let body = match self.required(&mapping, "body") {
                Some(node) => {
                    let body = self.string(node);
                    expr::check_body(&body.value, &node.offsets(self.files), self.sink);
                    body
                }
                None => empty(mapping.head),
            };
            functions.push(Function {
                name,
                args,
                returns,
                body,
            });
        }
        functions
    }

    /// Name → expression, or name → its label and the expression as `value`.
    pub(super) fn lets(&mut self, node: Option<&Node>) -> (Vec<Let>, Vec<(String, Text)>) {
        let (mut lets, mut labels) = (Vec::new(), Vec::new());
        let Some(node) = node else {
            return (lets, labels);
        };
        for (name, value) in self.entries(node, "names with their expressions").unwrap_or(&[]) {
            let name = self.name(name, Shape::Name);
            if value.is_null() {
                let message = format!("`{}` has no expression", short(&name.value));
                self.push(
                    Diagnostic::new(Code::R0109, name.span, message)
                        .help("write a value, or leave the name out"),
                );
                continue;
            }
            let mut value = value;
            if let Kind::Mapping(_) = &value.kind {
                let Some(mapping) = self.mapping(value, "a derived value", &["label", "value"]) else {
                    continue;
                };
                labels.push((name.value.clone(), self.text(mapping.get("label"))));
                match self.required(&mapping, "value") {
                    Some(inner) => value = inner,
                    None => continue,
                }
            }
            if let Some(expr) = self.expr(Some(value)) {
                lets.push((name, expr));
            }
        }
        (lets, labels)
    }
}
