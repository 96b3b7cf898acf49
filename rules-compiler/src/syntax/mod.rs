//! From YAML nodes to the author's ruleset.
//!
//! In: a file. Out: an `ast::Ruleset`, as good as the file allows, and what is wrong with the file. Must not know: what a name stands
//! for, whether types fit, other files.
//!
//! What was reported is told to later phases in one way: a name, word or id that is wrong or missing is empty, an expression that is
//! wrong is `ExprKind::Error`. Neither is to be reported again. A word of a closed list (a type, a kind, a severity, a grade, a
//! coordinate system, an outcome) that is not empty is one of its list.

mod cases;
mod documents;
mod expr;
mod form;
mod json;
mod reader;
mod rhai;
mod rules;
mod token;

pub use expr::{BYTES as EXPRESSION_BYTES, DEPTH as EXPRESSION_DEPTH};

use crate::ast::{At, Case, Disable, Expr, Part, Register, Ruleset, Section, Span, Text};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::Files;
use crate::source::map::OffsetMap;
use crate::source::yaml::{Node, read};
use reader::{Mapping, Reader, Shape, empty, short};

const KEYS: [&str; 17] = [
    "ruleset",
    "version",
    "title",
    "jurisdiction",
    "effective",
    "extends",
    "documents",
    "sections",
    "sources",
    "params",
    "tables",
    "fields",
    "let",
    "functions",
    "rules",
    "disable",
    "cases",
];
const PART_KEYS: [&str; 6] = ["section", "params", "tables", "fields", "let", "rules"];

/// Parses a ruleset file. Nothing comes back where the file is no YAML or no mapping.
pub fn parse_ruleset(files: &Files, file: u32, sink: &mut Sink) -> Option<Ruleset> {
    let node = read(files, file, sink)?;
    let mut reader = Reader { files, sink };
    let mapping = reader.mapping(&node, "a ruleset", &KEYS)?;
    let extends = mapping
        .get("extends")
        .map(|node| reader.name(node, Shape::Dotted));
    let (id, version) = (reader.id(&mapping), reader.version(&mapping));
    let title = reader.required(&mapping, "title");
    let jurisdiction = match reader.required(&mapping, "jurisdiction") {
        Some(node) => reader.jurisdiction(node),
        None => None,
    };
    let (lets, let_labels) = reader.lets(mapping.get("let"));
    Some(Ruleset {
        id,
        version,
        title: reader.text(title),
        jurisdiction: jurisdiction.unwrap_or(At {
            value: 0,
            span: mapping.head,
        }),
        effective: reader.period(mapping.get("effective")),
        documents: reader.strings(mapping.get("documents"), "ids of stored documents"),
        sections: reader.sections(mapping.get("sections")),
        sources: reader.sources(mapping.get("sources")),
        params: reader.params(mapping.get("params"), extends.is_some()),
        tables: reader.tables(mapping.get("tables")),
        fields: reader.fields(mapping.get("fields")),
        lets,
        let_labels,
        functions: reader.functions(mapping.get("functions")),
        rules: reader.rules(mapping.get("rules")),
        disable: reader.disabled(mapping.get("disable")),
        cases: reader.cases(mapping.get("cases")),
        extends,
        digest: digest(&node),
        span: node.span,
    })
}

/// Parses the sibling file that holds the cases of a ruleset: the ruleset's id (empty if the file does not say it: then the name of
/// the file tells) and the cases.
pub fn parse_cases(files: &Files, file: u32, sink: &mut Sink) -> (At<String>, Vec<Case>) {
    let nowhere = empty(Span {
        file,
        start: 0,
        end: 0,
    });
    let Some(node) = read(files, file, sink) else {
        return (nowhere, Vec::new());
    };
    let mut reader = Reader { files, sink };
    let Some(mapping) = reader.mapping(&node, "a file of cases", &["ruleset", "cases"]) else {
        return (nowhere, Vec::new());
    };
    let id = mapping
        .get("ruleset")
        .map_or(empty(mapping.head), |node| reader.name(node, Shape::Dotted));
    let cases = reader.required(&mapping, "cases");
    (id, reader.cases(cases))
}

/// Parses a part: one section of a ruleset in a file of its own.
pub fn parse_part(files: &Files, file: u32, sink: &mut Sink) -> Option<Part> {
    let node = read(files, file, sink)?;
    let mut reader = Reader { files, sink };
    let mapping = reader.mapping(&node, "a part", &PART_KEYS)?;
    let section = match reader.required(&mapping, "section") {
        Some(node) => reader.name(node, Shape::Snake),
        None => empty(mapping.head),
    };
    let (lets, let_labels) = reader.lets(mapping.get("let"));
    Some(Part {
        section,
        params: reader.params(mapping.get("params"), false),
        tables: reader.tables(mapping.get("tables")),
        fields: reader.fields(mapping.get("fields")),
        lets,
        let_labels,
        rules: reader.rules(mapping.get("rules")),
        digest: digest(&node),
    })
}

/// Parses the register of a document's clauses.
pub fn parse_register(files: &Files, file: u32, sink: &mut Sink) -> Option<Register> {
    let node = read(files, file, sink)?;
    Reader { files, sink }.register(&node)
}

/// Parses one expression that is not in a file; spans count from its start. For tests and tools.
pub fn parse_expression(text: &str) -> (Expr, Vec<Diagnostic>) {
    let mut sink = Sink::new();
    let expr = expr::parse(text, &OffsetMap::plain(text, 0, 0), 0, &mut sink);
    (expr, sink.into_sorted())
}

/// The digest of a file's content: of its canonical JSON without the cases, so that comments, order of keys and new examples leave it.
fn digest(node: &Node) -> String {
    rules_core::digest::sha256(json::value(node, &["cases"]).canonical().as_bytes())
}

impl Reader<'_> {
    fn id(&mut self, mapping: &Mapping<'_>) -> At<String> {
        match self.required(mapping, "ruleset") {
            Some(node) => self.name(node, Shape::Dotted),
            None => empty(mapping.head),
        }
    }

    fn version(&mut self, mapping: &Mapping<'_>) -> At<String> {
        let Some(node) = self.required(mapping, "version") else {
            return empty(mapping.head);
        };
        let version = self.string(node);
        if !version.value.is_empty() && !is_semantic(&version.value) {
            let message = format!("`{}` is not a semantic version", short(&version.value));
            self.push(
                Diagnostic::new(Code::R0011, version.span, message).help("write three numbers: `1.0.0`"),
            );
            return empty(version.span);
        }
        version
    }

    fn sections(&mut self, node: Option<&Node>) -> Vec<Section> {
        let named = self.named(node, "a section", "id", &["id", "title"], Shape::Snake);
        named
            .into_iter()
            .map(|(id, mapping, _)| {
                let title = self.required(&mapping, "title");
                Section {
                    id,
                    title: self.text(title),
                }
            })
            .collect()
    }

    fn disabled(&mut self, node: Option<&Node>) -> Vec<Disable> {
        let mut disabled = Vec::new();
        for item in self.items(node, "rules that are disabled") {
            let Some(mapping) = self.mapping(item, "a disabled rule", &["rule", "reason", "clause"]) else {
                continue;
            };
            let rule = self
                .required(&mapping, "rule")
                .map_or_else(|| empty(mapping.head), |node| self.string(node));
            let reason = match self.required(&mapping, "reason") {
                Some(node) => self.text(Some(node)),
                None => Text::default(),
            };
            let clause = self
                .required(&mapping, "clause")
                .map_or_else(|| empty(mapping.head), |node| self.string(node));
            disabled.push(Disable { rule, reason, clause });
        }
        disabled
    }
}

/// Is it `1.2.3`, perhaps with `-rc.1` and `+build`?
fn is_semantic(text: &str) -> bool {
    let (text, build) = text
        .split_once('+')
        .map_or((text, None), |(text, build)| (text, Some(build)));
    let (core, pre) = text
        .split_once('-')
        .map_or((text, None), |(core, pre)| (core, Some(pre)));
    let number = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    let parts = |text: &str| {
        text.split('.')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
    };
    core.split('.').count() == 3
        && core.split('.').all(number)
        && pre.is_none_or(parts)
        && build.is_none_or(parts)
}

#[cfg(test)]
#[path = "mod_tests.rs"]
mod tests;
