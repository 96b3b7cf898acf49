//! Fields, params and tables: what a form and its reference data look like.
//!
//! In: nodes. Out: `ast::Field`, `ast::Param`, `ast::Table`. Must not know: which keys fit which type; `resolve` does.

use super::reader::{Mapping, Reader, Shape, empty};
use crate::ast::{At, Field, Param, Span, Table, Text};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::yaml::{Kind, Node};

/// The types of fields.
pub(super) const TYPES: [&str; 16] = [
    "boolean",
    "integer",
    "number",
    "text",
    "choice",
    "choices",
    "finding",
    "date",
    "datetime",
    "measure",
    "point",
    "area",
    "attachment",
    "group",
    "list",
    "ref",
];
/// What an inspector may record of what only people can judge.
const FINDINGS: [(&str, &str, &str); 4] = [
    ("met", "达标", "Met"),
    ("partly_met", "部分达标", "Partly met"),
    ("not_met", "不达标", "Not met"),
    ("not_inspected", "未检查", "Not inspected"),
];
const PARAM_TYPES: [&str; 6] = ["boolean", "integer", "number", "text", "choice", "date"];
const SYSTEMS: [&str; 4] = ["wgs84", "cgcs2000", "gcj02", "bd09"];
const FIELD_KEYS: [&str; 20] = [
    "name",
    "type",
    "label",
    "hint",
    "required",
    "relevant",
    "unit",
    "min",
    "max",
    "max_length",
    "pattern",
    "options",
    "min_items",
    "max_items",
    "crs",
    "fields",
    "item",
    "table",
    "sensitive",
    "section",
];

impl Reader<'_> {
    /// A list of fields.
    pub(super) fn fields(&mut self, node: Option<&Node>) -> Vec<Field> {
        let named = self.named(node, "a field", "name", &FIELD_KEYS, Shape::Name);
        named
            .into_iter()
            .map(|(name, mapping, _)| self.field(name, &mapping))
            .collect()
    }

    fn field(&mut self, name: At<String>, mapping: &Mapping<'_>) -> Field {
        let mut kind = match self.required(mapping, "type") {
            Some(node) => self.word(node, &TYPES),
            None => empty(mapping.head),
        };
        let options = if kind.value == "finding" {
            kind.value = "choice".to_owned();
            self.findings(kind.span, mapping.get("options"))
        } else {
            self.options(mapping.get("options"))
        };
        let crs = match mapping.get("crs") {
            Some(node) if node.scalar().is_some() => vec![self.word(node, &SYSTEMS)],
            node => self
                .items(node, "coordinate systems")
                .iter()
                .map(|item| self.word(item, &SYSTEMS))
                .collect(),
        };
        let item = mapping.get("item").and_then(|node| {
            let keys: Vec<&str> = FIELD_KEYS.iter().copied().filter(|key| *key != "name").collect();
            let inner = self.mapping(node, "an item", &keys)?;
            Some(Box::new(self.field(empty(inner.head), &inner)))
        });
        Field {
            name,
            kind,
            label: self.text(mapping.get("label")),
            hint: self.text(mapping.get("hint")),
            required: self.boolean(mapping.get("required")),
            relevant: self.expr(mapping.get("relevant")),
            unit: self.optional(mapping.get("unit")),
            min: mapping.get("min").and_then(|node| self.literal(node)),
            max: mapping.get("max").and_then(|node| self.literal(node)),
            max_length: self.count(mapping.get("max_length")),
            pattern: self.optional(mapping.get("pattern")),
            options,
            min_items: self.count(mapping.get("min_items")),
            max_items: self.count(mapping.get("max_items")),
            crs: crs
                .into_iter()
                .filter(|system| !system.value.is_empty())
                .collect(),
            fields: self.fields(mapping.get("fields")),
            item,
            table: self.optional(mapping.get("table")),
            sensitive: self.boolean(mapping.get("sensitive")),
            section: self.optional(mapping.get("section")),
        }
    }

    /// The options of a `finding`: a choice that every ruleset words alike, so that `met(…)` reads all of them.
    fn findings(&mut self, span: Span, own: Option<&Node>) -> Vec<(At<String>, Text)> {
        if let Some(node) = own {
            let message = "a `finding` has its options: met, partly_met, not_met, not_inspected";
            self.push(Diagnostic::new(Code::R0213, node.span, message).help("leave `options` out"));
        }
        let option = |(code, zh, en): &(&str, &str, &str)| {
            let code = At {
                value: (*code).to_owned(),
                span,
            };
            let text = Text {
                zh: (*zh).to_owned(),
                en: (*en).to_owned(),
                span,
            };
            (code, text)
        };
        FINDINGS.iter().map(option).collect()
    }

    /// Code → text, or a list of codes.
    fn options(&mut self, node: Option<&Node>) -> Vec<(At<String>, Text)> {
        let Some(node) = node else {
            return Vec::new();
        };
        if let Kind::Mapping(entries) = &node.kind {
            return entries
                .iter()
                .map(|(code, text)| (self.string(code), self.text(Some(text))))
                .collect();
        }
        let mut options: Vec<(At<String>, Text)> = Vec::new();
        for item in self.items(Some(node), "codes, or a mapping from code to text") {
            let code = self.string(item);
            if let Some((first, _)) = options.iter().find(|(first, _)| first.value == code.value) {
                let message = format!("the option `{}` stands twice", code.value);
                self.push(
                    Diagnostic::new(Code::R0003, code.span, message).label(first.span, "the first one"),
                );
                continue;
            }
            let text = Text {
                zh: code.value.clone(),
                en: code.value.clone(),
                span: code.span,
            };
            options.push((code, text));
        }
        options
    }

    /// The params. A layer may set one without saying its type again.
    pub(super) fn params(&mut self, node: Option<&Node>, layer: bool) -> Vec<Param> {
        let keys = [
            "name", "type", "label", "unit", "options", "value", "clause", "proposal",
        ];
        let mut params = Vec::new();
        for (name, mapping, _) in self.named(node, "a param", "name", &keys, Shape::Name) {
            let kind = match mapping.get("type") {
                Some(node) => Some(self.word(node, &PARAM_TYPES)),
                None if layer => None,
                None => {
                    self.required(&mapping, "type");
                    Some(empty(mapping.head))
                }
            };
            params.push(Param {
                name,
                kind,
                label: self.text(mapping.get("label")),
                unit: self.optional(mapping.get("unit")),
                options: self.options(mapping.get("options")),
                value: mapping.get("value").and_then(|node| self.literal(node)),
                clause: self.optional(mapping.get("clause")),
                proposal: self.boolean(mapping.get("proposal")),
            });
        }
        params
    }

    /// The tables.
    pub(super) fn tables(&mut self, node: Option<&Node>) -> Vec<Table> {
        let keys = ["name", "type", "label", "key", "columns", "include"];
        let mut tables = Vec::new();
        for (name, mapping, _) in self.named(node, "a table", "name", &keys, Shape::Name) {
            let kind = mapping
                .get("type")
                .map(|node| self.word(node, &["calendar", "records"]));
            tables.push(Table {
                name,
                label: self.text(mapping.get("label")),
                calendar: kind.is_some_and(|kind| kind.value == "calendar"),
                include: self.optional(mapping.get("include")),
                key: self.optional(mapping.get("key")),
                columns: self.fields(mapping.get("columns")),
            });
        }
        tables
    }
}
