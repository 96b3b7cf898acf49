//! Layers: which files belong together, and what a base with some of its layers says.
//!
//! In: the files of a topic. Out: chains from the base to each layer, and each chain as one `ast::Ruleset`. Must not know: types,
//! expressions.

use super::registers::{self, Registers};
use super::report::Report;
use super::{period, text};
use crate::ast::{self, Ruleset, Span};
use crate::diagnostic::{Code, Diagnostic};
use rules_core::domain::division::covers;
use rules_core::plan;
use std::collections::BTreeMap;

/// Puts each base with its layers: the base first, then each layer after what it extends. Layers without a base are said and left out.
pub(crate) fn group(rulesets: Vec<Ruleset>, report: &mut Report) -> Vec<Vec<Ruleset>> {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    let mut bases = Vec::new();
    let mut layers = Vec::new();
    for ruleset in rulesets {
        if let Some(first) = seen.insert(ruleset.id.value.clone(), ruleset.id.span) {
            let message = format!("two files are the ruleset `{}`", ruleset.id.value);
            report.push(Diagnostic::new(Code::R0202, ruleset.id.span, message).label(first, "first here"));
        } else if ruleset.extends.is_none() {
            bases.push(vec![ruleset]);
        } else {
            layers.push(ruleset);
        }
    }
    // Each round places the layers whose base is placed; what is left at the end hangs in the air.
    loop {
        let mut rest = Vec::new();
        let before = layers.len();
        for layer in layers {
            let base = layer.extends.as_ref().map(|base| base.value.as_str());
            match bases
                .iter_mut()
                .find(|group| group.iter().any(|one| Some(one.id.value.as_str()) == base))
            {
                Some(group) => group.push(layer),
                None => rest.push(layer),
            }
        }
        layers = rest;
        if layers.is_empty() || layers.len() == before {
            break;
        }
    }
    for layer in &layers {
        let Some(base) = &layer.extends else { continue };
        let diagnostic = if seen.contains_key(&base.value) {
            Diagnostic::new(
                Code::R0606,
                base.span,
                format!("`{}` extends itself over other layers", layer.id.value),
            )
        } else {
            Diagnostic::new(
                Code::R0601,
                base.span,
                format!("there is no ruleset `{}`", base.value),
            )
            .nearest(&base.value, seen.keys().map(String::as_str))
        };
        report.push(diagnostic);
    }
    bases
}

/// The chains of a group, base first: one per file, in the order of the files.
pub(crate) fn chains<'a>(group: &'a [Ruleset], report: &mut Report) -> Vec<Vec<&'a Ruleset>> {
    let mut chains: Vec<Vec<&Ruleset>> = Vec::new();
    for ruleset in group {
        let parent = ruleset.extends.as_ref().and_then(|base| {
            chains
                .iter()
                .find(|chain| chain.last().is_some_and(|last| last.id.value == base.value))
                .cloned()
        });
        if let (Some(parent), Some(base)) = (&parent, &ruleset.extends)
            && let Some(under) = parent.last()
            && !covers(under.jurisdiction.value, ruleset.jurisdiction.value)
        {
            let message = format!(
                "the area {:06} lies outside of {:06}, that of `{}`",
                ruleset.jurisdiction.value, under.jurisdiction.value, base.value
            );
            report.push(Diagnostic::new(Code::R0605, ruleset.jurisdiction.span, message));
        }
        let mut chain = parent.unwrap_or_default();
        chain.push(ruleset);
        chains.push(chain);
    }
    overlaps(group, report);
    chains
}

/// Two layers on one base must not both hold for one place on one day.
fn overlaps(group: &[Ruleset], report: &mut Report) {
    for (number, one) in group.iter().enumerate() {
        let Some(base) = &one.extends else { continue };
        for other in group.iter().take(number) {
            if other.extends.as_ref().map(|other| &other.value) != Some(&base.value) {
                continue;
            }
            let (a, b) = (one.jurisdiction.value, other.jurisdiction.value);
            if (covers(a, b) || covers(b, a)) && meet(one.effective, other.effective) {
                let message = format!(
                    "`{}` and `{}` hold for the same place on the same day",
                    other.id.value, one.id.value
                );
                report.push(
                    Diagnostic::new(Code::R0603, one.id.span, message)
                        .label(other.id.span, "the other layer")
                        .help("let one extend the other, or set apart their areas or periods"),
                );
            }
        }
    }
}

fn meet(a: ast::Period, b: ast::Period) -> bool {
    let before = |from: Option<_>, until: Option<_>| from.zip(until).is_none_or(|(from, until)| from < until);
    before(a.from, b.until) && before(b.from, a.until)
}

/// What the plan says of each file of a chain.
pub(crate) fn facts(chain: &[&Ruleset]) -> Vec<plan::Layer> {
    chain
        .iter()
        .map(|one| plan::Layer {
            id: one.id.value.clone(),
            version: one.version.value.clone(),
            digest: one.digest.clone(),
            title: text(&one.title),
            jurisdiction: one.jurisdiction.value,
            effective: period(one.effective),
        })
        .collect()
}

/// A chain as one ruleset.
pub(crate) fn merge(
    chain: &[&Ruleset],
    registers: Option<&Registers>,
    report: &mut Report,
) -> Option<Ruleset> {
    let (base, layers) = chain.split_first()?;
    let mut merged = Ruleset::clone(base);
    merged.cases.clear();
    declared(&merged.params, report);
    if let Some(disable) = base.disable.first() {
        report.push(
            Diagnostic::new(Code::R0604, disable.rule.span, "only a layer disables rules")
                .help("leave the rule out"),
        );
    }
    for layer in layers {
        let base_rules: Vec<String> = merged.rules.iter().map(|rule| rule.id.value.clone()).collect();
        for disable in &layer.disable {
            let before = merged.rules.len();
            merged.rules.retain(|rule| rule.id.value != disable.rule.value);
            if merged.rules.len() == before {
                let message = format!("the base has no rule `{}`", disable.rule.value);
                report.push(
                    Diagnostic::new(Code::R0604, disable.rule.span, message)
                        .nearest(&disable.rule.value, base_rules.iter().map(String::as_str)),
                );
            }
        }
        set_params(&mut merged, layer, report);
        merged.documents.extend(layer.documents.iter().cloned());
        merged.sections.extend(layer.sections.iter().cloned());
        merged.sources.extend(layer.sources.iter().cloned());
        merged.tables.extend(layer.tables.iter().cloned());
        merged.fields.extend(layer.fields.iter().cloned());
        merged.lets.extend(layer.lets.iter().cloned());
        merged.let_labels.extend(layer.let_labels.iter().cloned());
        merged.functions.extend(layer.functions.iter().cloned());
        merged.rules.extend(layer.rules.iter().cloned());
        merged.span = layer.span;
    }
    twice(&merged, report);
    registers::cite(&mut merged, layers, registers, report);
    for disable in layers.iter().flat_map(|layer| &layer.disable) {
        if !merged
            .sources
            .iter()
            .any(|source| source.id.value == disable.clause.value)
        {
            let ids = merged.sources.iter().map(|source| source.id.value.as_str());
            let message = format!("there is no clause `{}`", disable.clause.value);
            report.push(
                Diagnostic::new(Code::R0303, disable.clause.span, message)
                    .nearest(&disable.clause.value, ids),
            );
        }
    }
    Some(merged)
}

/// Two clauses, or two sections, of one id.
fn twice(merged: &Ruleset, report: &mut Report) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for source in &merged.sources {
        if let Some(first) = seen.insert(&source.id.value, source.id.span) {
            let message = format!("the clause `{}` is declared twice", source.id.value);
            report.push(Diagnostic::new(Code::R0202, source.id.span, message).label(first, "first here"));
        }
    }
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for section in &merged.sections {
        if let Some(first) = seen.insert(&section.id.value, section.id.span) {
            let message = format!("the section `{}` is declared twice", section.id.value);
            report.push(Diagnostic::new(Code::R0202, section.id.span, message).label(first, "first here"));
        }
    }
}

/// Params of a base need a type.
fn declared(params: &[ast::Param], report: &mut Report) {
    for param in params.iter().filter(|param| param.kind.is_none()) {
        let message = format!("the param `{}` has no `type`", param.name.value);
        report.push(Diagnostic::new(Code::R0602, param.name.span, message));
    }
}

/// A layer sets params of its base, and declares its own.
fn set_params(merged: &mut Ruleset, layer: &Ruleset, report: &mut Report) {
    for param in &layer.params {
        let names: Vec<String> = merged.params.iter().map(|one| one.name.value.clone()).collect();
        let existing = merged
            .params
            .iter_mut()
            .find(|one| one.name.value == param.name.value);
        match (existing, &param.kind) {
            (Some(base), None) => {
                base.value.clone_from(&param.value);
                base.clause.clone_from(&param.clause);
                base.proposal = param.proposal;
            }
            (Some(base), Some(kind)) => {
                let message = format!("the base declares the param `{}`", param.name.value);
                report.push(
                    Diagnostic::new(Code::R0202, kind.span, message)
                        .label(base.name.span, "declared here")
                        .help("a layer sets `value` and `clause` only"),
                );
            }
            (None, Some(_)) => merged.params.push(param.clone()),
            (None, None) => {
                let message = format!("the base declares no param `{}`", param.name.value);
                report.push(
                    Diagnostic::new(Code::R0602, param.name.span, message)
                        .nearest(&param.name.value, names.iter().map(String::as_str))
                        .help("to declare it here, give its `type`"),
                );
            }
        }
    }
}

/// Clauses that nothing in the whole group cites.
pub(crate) fn uncited(group: &[Ruleset], report: &mut Report) {
    let mut cited: Vec<&str> = Vec::new();
    for ruleset in group {
        cited.extend(
            ruleset
                .rules
                .iter()
                .flat_map(|rule| &rule.clauses)
                .map(|id| id.value.as_str()),
        );
        cited.extend(
            ruleset
                .params
                .iter()
                .filter_map(|param| param.clause.as_ref())
                .map(|id| id.value.as_str()),
        );
        cited.extend(
            ruleset
                .disable
                .iter()
                .map(|disable| disable.clause.value.as_str()),
        );
    }
    cited.sort_unstable();
    for source in group.iter().flat_map(|ruleset| &ruleset.sources) {
        if cited.binary_search(&source.id.value.as_str()).is_err() {
            let message = format!("nothing cites the clause `{}`", source.id.value);
            report.push(Diagnostic::new(Code::R0305, source.id.span, message));
        }
    }
}
