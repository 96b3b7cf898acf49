//! Sections: which fields and rules belong together, for drawing the form and for counting outcomes.
//!
//! In: the author's sections, and the `section` of fields and rules. Out: `plan::Section`s. Must not know: expressions.

use super::text;
use super::world::World;
use crate::ast::{self, At};
use crate::diagnostic::{Code, Diagnostic};
use crate::hir;
use crate::source::to_u32;
use rules_core::form::Member;
use rules_core::plan;

/// Resolves the sections.
pub(crate) fn resolve(
    world: &mut World<'_>,
    merged: &ast::Ruleset,
    rules: &[hir::Rule],
) -> Vec<plan::Section> {
    let mut sections: Vec<plan::Section> = merged
        .sections
        .iter()
        .map(|section| plan::Section {
            id: section.id.value.clone(),
            title: text(&section.title),
            members: Vec::new(),
            rules: Vec::new(),
        })
        .collect();
    for field in &merged.fields {
        nested(world, &field.fields);
        let Some(id) = &field.section else { continue };
        let member = member(world, &field.name.value);
        if let (Some(section), Some(member)) = (find(world, merged, &mut sections, id), member) {
            section.members.push(member);
        }
    }
    for rule in &merged.rules {
        let Some(id) = &rule.section else { continue };
        let number = rules.iter().position(|one| one.facts.id == rule.id.value);
        if let (Some(section), Some(number)) = (find(world, merged, &mut sections, id), number) {
            section.rules.push(to_u32(number));
        }
    }
    sections
}

/// A section by its id; said if there is none.
fn find<'s>(
    world: &mut World<'_>,
    merged: &ast::Ruleset,
    sections: &'s mut [plan::Section],
    id: &At<String>,
) -> Option<&'s mut plan::Section> {
    let found = sections.get_mut(merged.section(&id.value));
    if found.is_none() && !id.value.is_empty() {
        let names = merged.sections.iter().map(|section| section.id.value.as_str());
        world.report.push(
            Diagnostic::new(
                Code::R0216,
                id.span,
                format!("there is no section `{}`", id.value),
            )
            .nearest(&id.value, names)
            .help("declare it under `sections:` in the ruleset's own file"),
        );
    }
    found
}

/// A field or group of the submission itself.
fn member(world: &World<'_>, name: &str) -> Option<Member> {
    let root = world.form.scopes.first()?;
    let members = &root.groups.first()?.members;
    members.iter().copied().find(|member| match *member {
        Member::Field(slot) => root.fields.get(slot as usize).is_some_and(|one| one.name == name),
        Member::Group(group) => root
            .groups
            .get(group as usize)
            .is_some_and(|one| one.name == name),
    })
}

fn nested(world: &mut World<'_>, fields: &[ast::Field]) {
    for field in fields {
        if let Some(section) = &field.section {
            let message = "only a field of the submission itself belongs to a section";
            world.report.say(Code::R0213, section.span, message);
        }
        nested(world, &field.fields);
    }
}
