//! Registers: the clauses of whole documents, written once for all rulesets.
//!
//! In: registers as `syntax` gave them, the stored texts. Out: the clauses that a ruleset cites, with those behind them. Must not know:
//! how a rule is decided.

use super::report::Report;
use super::sources::{self, Documents};
use crate::ast::{At, Clause, Register, Ruleset};
use crate::compile::Library;
use crate::diagnostic::{Code, Diagnostic, Sink};
use std::collections::{BTreeMap, BTreeSet};

/// All registers, by the ids of their clauses.
#[derive(Debug, Default)]
pub struct Registers {
    list: Vec<Register>,
    places: BTreeMap<String, (usize, usize)>,
}

impl Registers {
    /// Takes registers together. An id that stands twice is said.
    pub fn new(list: Vec<Register>, sink: &mut Sink) -> Registers {
        let mut report = Report::after(sink);
        let mut places: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for (number, register) in list.iter().enumerate() {
            for (at, clause) in register.clauses.iter().enumerate() {
                let id = &clause.source.id;
                match places.get(&id.value) {
                    Some((register, first)) => {
                        let first = list.get(*register).and_then(|one| one.clauses.get(*first));
                        let message = format!("the clause `{}` is declared twice", id.value);
                        let mut diagnostic = Diagnostic::new(Code::R0202, id.span, message);
                        if let Some(first) = first {
                            diagnostic = diagnostic.label(first.source.id.span, "first here");
                        }
                        report.push(diagnostic);
                    }
                    None => {
                        places.insert(id.value.clone(), (number, at));
                    }
                }
            }
        }
        report.flush(sink);
        Registers { list, places }
    }

    /// Looks every quotation up in the stored text of its document, and every clause that stands behind another in the registers.
    pub fn verify(&self, library: &dyn Library, sink: &mut Sink) {
        let mut report = Report::after(sink);
        let mut documents = Documents::default();
        for clause in self.list.iter().flat_map(|register| &register.clauses) {
            sources::verify(&clause.source, library, &mut documents, &mut report);
            for id in &clause.source.behind {
                if self.get(&id.value).is_none() && !id.value.is_empty() {
                    let message = format!("there is no clause `{}`", id.value);
                    let ids = self.places.keys().map(String::as_str);
                    report.push(Diagnostic::new(Code::R0303, id.span, message).nearest(&id.value, ids));
                }
            }
        }
        report.flush(sink);
    }

    /// A clause with its register.
    pub fn get(&self, id: &str) -> Option<(&Register, &Clause)> {
        let (register, clause) = *self.places.get(id)?;
        let register = self.list.get(register)?;
        Some((register, register.clauses.get(clause)?))
    }

    /// The registers, in the order they were given.
    pub fn all(&self) -> &[Register] {
        &self.list
    }

    fn of(&self, document: &str) -> Option<&Register> {
        self.list
            .iter()
            .find(|register| register.document.value == document)
    }
}

/// Puts the clauses that a ruleset cites from registers among its own sources, and behind them those that stand behind them.
pub(crate) fn cite(
    merged: &mut Ruleset,
    layers: &[&Ruleset],
    registers: Option<&Registers>,
    report: &mut Report,
) {
    let mut documents = BTreeSet::new();
    for document in &merged.documents {
        match registers.and_then(|registers| registers.of(&document.value)) {
            Some(_) => {
                documents.insert(document.value.clone());
            }
            None if document.value.is_empty() => {}
            None => {
                let message = format!("there is no register of `{}`", document.value);
                let names = registers.map(Registers::all).unwrap_or_default();
                report.push(
                    Diagnostic::new(Code::R0304, document.span, message)
                        .nearest(
                            &document.value,
                            names.iter().map(|one| one.document.value.as_str()),
                        )
                        .help(format!("write it as `sources/{}.yaml`", document.value)),
                );
            }
        }
    }
    let Some(registers) = registers else { return };
    let rules = merged.rules.iter().flat_map(|rule| &rule.clauses);
    let params = merged.params.iter().filter_map(|param| param.clause.as_ref());
    let disabled = layers
        .iter()
        .flat_map(|layer| &layer.disable)
        .map(|disable| &disable.clause);
    let cited: Vec<At<String>> = rules.chain(params).chain(disabled).cloned().collect();
    let mut known: BTreeSet<String> = merged.sources.iter().map(|one| one.id.value.clone()).collect();
    for id in cited {
        if let Some((register, clause)) = registers.get(&id.value)
            && documents.contains(&register.document.value)
            && known.insert(id.value.clone())
        {
            merged.sources.push(clause.source.clone());
        }
    }
    // Clauses behind clauses, too; what is not registered was said by `verify`.
    let mut at = 0;
    while let Some(source) = merged.sources.get(at) {
        for id in source.behind.clone() {
            if let Some((_, clause)) = registers.get(&id.value)
                && known.insert(id.value.clone())
            {
                merged.sources.push(clause.source.clone());
            }
        }
        at += 1;
    }
}
