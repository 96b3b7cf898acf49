//! Cases: answers and what is expected of them.
//!
//! In: nodes. Out: `ast::Case`. Must not know: which rules there are.

use super::json;
use super::reader::{Reader, Scalar, Shape, number};
use crate::ast::{At, Case, Expect};
use crate::source::yaml::{Kind, Node};

const OUTCOMES: [&str; 5] = ["pass", "fail", "undetermined", "not_applicable", "faulted"];
const ENTRIES: [&str; 3] = ["complete", "incomplete", "invalid"];
const VERDICTS: [&str; 4] = ["pass", "fail", "undetermined", "not_applicable"];

impl Reader<'_> {
    /// The cases.
    pub(super) fn cases(&mut self, node: Option<&Node>) -> Vec<Case> {
        let keys = [
            "name",
            "as_of",
            "jurisdiction",
            "answers",
            "tables",
            "params",
            "expect",
            "entry",
            "verdict",
        ];
        let mut cases = Vec::new();
        for item in self.items(node, "cases") {
            let Some(mapping) = self.mapping(item, "a case", &keys) else {
                continue;
            };
            let name = self.required(&mapping, "name").map(|node| self.string(node));
            let day = self.required(&mapping, "as_of");
            let as_of = self.date(day);
            let answers = self.required(&mapping, "answers");
            let answers = answers
                .filter(|node| self.entries(node, "answers").is_some())
                .map(json::text);
            let tables = mapping
                .get("tables")
                .and_then(|node| self.entries(node, "tables with their rows"))
                .unwrap_or(&[]);
            let tables = tables
                .iter()
                .map(|(name, rows)| (self.string(name).value, json::text(rows)))
                .collect();
            let params = mapping
                .get("params")
                .and_then(|node| self.entries(node, "params with their values"))
                .unwrap_or(&[]);
            let params = params
                .iter()
                .map(|(name, value)| (self.string(name), json::text(value)))
                .collect();
            let expect = self.expectations(mapping.get("expect"));
            let jurisdiction = mapping
                .get("jurisdiction")
                .and_then(|node| self.jurisdiction(node));
            let entry = mapping.get("entry").map(|node| self.word(node, &ENTRIES));
            let verdict = mapping.get("verdict").map(|node| self.word(node, &VERDICTS));
            let (Some(name), Some(as_of), Some(answers)) = (name, as_of, answers) else {
                continue;
            };
            cases.push(Case {
                name,
                as_of,
                jurisdiction: jurisdiction.map(|code| code.value),
                answers,
                tables,
                params,
                expect,
                entry: entry.filter(|word| !word.value.is_empty()),
                verdict: verdict.filter(|word| !word.value.is_empty()),
            });
        }
        cases
    }

    fn expectations(&mut self, node: Option<&Node>) -> Vec<(At<String>, Vec<Expect>)> {
        let entries = node
            .and_then(|node| self.entries(node, "rules with their outcomes"))
            .unwrap_or(&[]);
        let mut expectations = Vec::new();
        for (rule, expected) in entries {
            let rule = self.name(rule, Shape::Snake);
            let outcomes: Vec<Expect> = match &expected.kind {
                Kind::Sequence(items) => items.iter().filter_map(|item| self.expectation(item)).collect(),
                Kind::Scalar(..) | Kind::Mapping(_) => self.expectation(expected).into_iter().collect(),
            };
            expectations.push((rule, outcomes));
        }
        expectations
    }

    fn expectation(&mut self, node: &Node) -> Option<Expect> {
        let plain = |outcome| Expect {
            outcome,
            reason: None,
            missing: None,
            at: None,
            margin: None,
        };
        if node.scalar().is_some() {
            return Some(plain(self.word(node, &OUTCOMES)));
        }
        let mapping = self.mapping(
            node,
            "an expectation",
            &["outcome", "reason", "missing", "at", "margin"],
        )?;
        let outcome = self
            .required(&mapping, "outcome")
            .map(|node| self.word(node, &OUTCOMES))?;
        let mut paths = |key: &str| {
            let list = mapping.get(key)?;
            Some(
                self.strings(Some(list), "paths")
                    .into_iter()
                    .map(|path| path.value)
                    .collect(),
            )
        };
        let (missing, at) = (paths("missing"), paths("at"));
        Some(Expect {
            reason: self.optional(mapping.get("reason")).map(|reason| reason.value),
            missing,
            at,
            margin: mapping.get("margin").and_then(|node| self.decimal(node)),
            ..plain(outcome)
        })
    }

    fn decimal(&mut self, node: &Node) -> Option<f64> {
        let text = node.plain().unwrap_or("");
        match number(text) {
            Scalar::Int(_) | Scalar::Num(_) => text.parse().ok(),
            Scalar::Bool(_) | Scalar::Text | Scalar::Odd(_) => {
                self.literal_fault(node, "a number is expected", "write digits without quotes");
                None
            }
        }
    }
}
