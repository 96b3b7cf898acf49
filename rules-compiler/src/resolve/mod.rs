//! From what the author wrote to what it means: names resolved, expressions typed, clauses verified.
//!
//! In: one ruleset with its layers already merged, the stored texts and tables. Out: a `hir::Ruleset`; faults go to the report.
//! Must not know: YAML, Rhai, nodes of the plan.

mod builtins;
pub(crate) mod cases;
mod constant;
mod forms;
pub(crate) mod layers;
mod monotone;
mod names;
mod operators;
pub(crate) mod registers;
pub(crate) mod report;
mod rules;
mod sections;
pub(crate) mod sources;
mod tables;
#[cfg(test)]
mod tests;
mod typer;
mod types;
mod world;

use crate::ast;
use crate::compile::Library;
use crate::diagnostic::{Code, Diagnostic};
use crate::hir;
use crate::source::to_u32;
use report::Report;
use rules_core::form::{Member, Text};
use rules_core::plan;
use sources::Documents;
use typer::{Bare, Bound, Typer};
use world::World;

/// Resolves a ruleset with its layers.
pub(crate) fn resolve(
    merged: &ast::Ruleset,
    layers: Vec<plan::Layer>,
    library: &dyn Library,
    documents: &mut Documents,
    report: &mut Report,
) -> hir::Ruleset {
    let clauses = sources::resolve(&merged.sources, library, documents, report);
    let mut world = World::new(report, &merged.lets);
    let mut pending = Vec::new();
    tables::tables(&mut world, &merged.tables, library, &mut pending);
    forms::resolve(&mut world, &merged.fields, &mut pending);
    tables::params(&mut world, &merged.params, &clauses);
    tables::functions(&mut world, &merged.functions);
    clashes(&mut world, merged);
    for (name, _) in &merged.lets {
        world.let_value(&name.value);
    }
    let relevants = relevances(&mut world, pending);
    let rules = rules::resolve(&mut world, merged, &clauses);
    let sections = sections::resolve(&mut world, merged, &rules);
    hir::Ruleset {
        layers,
        form: world.form,
        relevants,
        symbols: world.symbols,
        params: world.params,
        tables: world.tables,
        patterns: world.patterns,
        functions: world.functions,
        lets: world.lets,
        clauses,
        rules,
        sections,
    }
}

/// A name that would mean two things in an expression.
fn clashes(world: &mut World<'_>, merged: &ast::Ruleset) {
    let fields = merged.fields.iter().map(|field| (&field.name, "field"));
    let lets = merged.lets.iter().map(|(name, _)| (name, "derived value"));
    let tables = merged.tables.iter().map(|table| (&table.name, "table"));
    let mut seen: std::collections::BTreeMap<&str, (ast::Span, &str)> = std::collections::BTreeMap::new();
    for (name, what) in fields.chain(lets).chain(tables) {
        match seen.get(name.value.as_str()) {
            Some((first, other)) if *other != what => {
                let message = format!("`{}` is a {other} and a {what}", name.value);
                let diagnostic = Diagnostic::new(Code::R0202, name.span, message).label(*first, "first here");
                world.report.push(diagnostic);
            }
            Some(_) => {}
            None => {
                seen.insert(&name.value, (name.span, what));
            }
        }
    }
}

fn relevances(world: &mut World<'_>, pending: Vec<forms::Relevance<'_>>) -> Vec<hir::Expr> {
    let mut list = Vec::new();
    for one in pending {
        let mut typer = Typer::new(world);
        let frame = (one.scope != 0).then_some(0);
        if frame.is_some() {
            // The record is frame 0; it has no name, its members are bare.
            typer.frames.push((String::new(), Bound::Item(one.scope)));
        }
        typer.bare = Some(Bare {
            frame,
            scope: one.scope,
            groups: one.groups,
        });
        let expr = typer.truth(one.expr);
        let number = to_u32(list.len());
        list.push(expr);
        let Some(scope) = world.form.scopes.get_mut(one.scope as usize) else {
            continue;
        };
        match one.target {
            Member::Field(slot) => {
                if let Some(field) = scope.fields.get_mut(slot as usize) {
                    field.relevant = Some(number);
                }
            }
            Member::Group(group) => {
                if let Some(group) = scope.groups.get_mut(group as usize) {
                    group.relevant = Some(number);
                }
            }
        }
    }
    list
}

/// The core's text.
pub(crate) fn text(text: &ast::Text) -> Text {
    Text {
        zh: text.zh.clone(),
        en: text.en.clone(),
    }
}

/// The core's period.
pub(crate) fn period(period: ast::Period) -> plan::Period {
    plan::Period {
        from: period.from,
        until: period.until,
    }
}

pub(crate) use monotone::looks_at_missing;
pub(crate) use typer::DEPTH;
