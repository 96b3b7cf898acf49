//! Clauses: those that a ruleset quotes itself, and the register of a whole document.
//!
//! In: nodes. Out: `ast::Source`, `ast::Register`. Must not know: whether a quotation stands in its document; `resolve` looks it up.

use super::reader::{Mapping, Reader, Shape, empty};
use crate::ast::{At, Clause, Register, Source, Text};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::yaml::Node;
use std::collections::BTreeMap;

const GRADES: [&str; 3] = ["original", "repost", "unverified"];
const REGISTER_KEYS: [&str; 10] = [
    "document",
    "title",
    "publisher",
    "link",
    "jurisdiction",
    "grade",
    "effective",
    "complete",
    "units",
    "clauses",
];
const CLAUSE_KEYS: [&str; 15] = [
    "id",
    "article",
    "heading",
    "quote",
    "gloss",
    "subject",
    "units",
    "behind",
    "note",
    "undecidable",
    "supplement",
    "grade",
    "effective",
    "publisher",
    "link",
];

impl Reader<'_> {
    /// The clauses that a ruleset quotes itself.
    pub(super) fn sources(&mut self, node: Option<&Node>) -> Vec<Source> {
        let keys = [
            "id",
            "document",
            "title",
            "article",
            "quote",
            "publisher",
            "link",
            "grade",
            "effective",
            "note",
        ];
        let mut sources = Vec::new();
        for (id, mapping, _) in self.named(node, "a source", "id", &keys, Shape::Snake) {
            let mut string = |key: &str| match self.required(&mapping, key) {
                Some(node) => self.string(node),
                None => empty(mapping.head),
            };
            let (document, title, article, quote) = (
                string("document"),
                string("title"),
                string("article"),
                string("quote"),
            );
            let grade = match self.required(&mapping, "grade") {
                Some(node) => self.word(node, &GRADES),
                None => empty(mapping.head),
            };
            let mut optional = |key: &str| {
                self.optional(mapping.get(key))
                    .map_or_else(String::new, |text| text.value)
            };
            let (publisher, link) = (optional("publisher"), optional("link"));
            sources.push(Source {
                id,
                document,
                title: title.value,
                article: article.value,
                quote,
                publisher,
                link,
                grade,
                effective: self.period(mapping.get("effective")),
                note: self.text(mapping.get("note")),
                behind: Vec::new(),
                duty: Text::default(),
            });
        }
        sources
    }

    /// The register of a document. What its clauses share stands at its head.
    pub(super) fn register(&mut self, node: &Node) -> Option<Register> {
        let mapping = self.mapping(node, "a register of clauses", &REGISTER_KEYS)?;
        let document = match self.required(&mapping, "document") {
            Some(node) => self.string(node),
            None => empty(mapping.head),
        };
        let title = self.required(&mapping, "title");
        let title = self.text(title);
        let head = Source {
            id: empty(mapping.head),
            document: document.clone(),
            title: title.zh.clone(),
            article: String::new(),
            quote: empty(mapping.head),
            publisher: self.plain(mapping.get("publisher")),
            link: self.plain(mapping.get("link")),
            grade: match self.required(&mapping, "grade") {
                Some(node) => self.word(node, &GRADES),
                None => empty(mapping.head),
            },
            effective: self.period(mapping.get("effective")),
            note: Text::default(),
            behind: Vec::new(),
            duty: Text::default(),
        };
        let jurisdiction = match mapping.get("jurisdiction") {
            Some(node) => self.jurisdiction(node).map_or(0, |code| code.value),
            None => 0,
        };
        let units = self.units(mapping.get("units"));
        let clauses = self.required(&mapping, "clauses");
        let clauses = self
            .named(clauses, "a clause", "id", &CLAUSE_KEYS, Shape::Snake)
            .into_iter()
            .map(|(id, mapping, _)| self.clause(id, &mapping, &head, &units))
            .collect();
        Some(Register {
            document,
            title,
            jurisdiction,
            complete: self.boolean(mapping.get("complete")),
            clauses,
        })
    }

    fn clause(
        &mut self,
        id: At<String>,
        mapping: &Mapping<'_>,
        head: &Source,
        units: &BTreeMap<String, Text>,
    ) -> Clause {
        let article = self.required(mapping, "article");
        let quote = match self.required(mapping, "quote") {
            Some(node) => self.string(node),
            None => empty(mapping.head),
        };
        let own = |here: String, head: &str| if here.is_empty() { head.to_owned() } else { here };
        let source = Source {
            id,
            document: head.document.clone(),
            title: head.title.clone(),
            article: self.plain(article),
            quote,
            publisher: own(self.plain(mapping.get("publisher")), &head.publisher),
            link: own(self.plain(mapping.get("link")), &head.link),
            grade: match mapping.get("grade") {
                Some(node) => self.word(node, &GRADES),
                None => head.grade.clone(),
            },
            effective: match mapping.get("effective") {
                Some(node) => self.period(Some(node)),
                None => head.effective,
            },
            note: self.text(mapping.get("note")),
            behind: self.strings(mapping.get("behind"), "clause ids"),
            duty: self.duty(mapping.get("units"), units),
        };
        Clause {
            source,
            heading: self.plain(mapping.get("heading")),
            gloss: self.plain(mapping.get("gloss")),
            subject: self.plain(mapping.get("subject")),
            undecidable: self.text(mapping.get("undecidable")),
            supplement: self.boolean(mapping.get("supplement")),
        }
    }

    /// The English of the units that a document names.
    fn units(&mut self, node: Option<&Node>) -> BTreeMap<String, Text> {
        let Some(entries) = node.and_then(|node| self.entries(node, "units and their English names")) else {
            return BTreeMap::new();
        };
        let mut units = BTreeMap::new();
        for (unit, english) in entries {
            let (unit, english) = (self.string(unit), self.string(english));
            let text = Text {
                zh: unit.value.clone(),
                en: english.value,
                span: unit.span,
            };
            units.insert(unit.value, text);
        }
        units
    }

    /// Several units as one text.
    fn duty(&mut self, node: Option<&Node>, units: &BTreeMap<String, Text>) -> Text {
        let (mut zh, mut en) = (Vec::new(), Vec::new());
        let named = self.strings(node, "units");
        for unit in &named {
            match units.get(&unit.value) {
                Some(text) => {
                    zh.push(text.zh.as_str());
                    en.push(text.en.as_str());
                }
                None if unit.value.is_empty() => {}
                None => {
                    let message = format!("the unit `{}` is not among the register's `units`", unit.value);
                    self.push(
                        Diagnostic::new(Code::R0307, unit.span, message)
                            .nearest(&unit.value, units.keys().map(String::as_str))
                            .help("write its English name under `units:` at the head of the register"),
                    );
                }
            }
        }
        Text {
            zh: zh.join("、"),
            en: en.join("; "),
            span: named.first().map(|unit| unit.span).unwrap_or_default(),
        }
    }

    fn plain(&mut self, node: Option<&Node>) -> String {
        self.optional(node).map_or_else(String::new, |text| text.value)
    }
}
