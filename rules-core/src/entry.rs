//! Is the submission a complete and consistent record? Adds what reading alone cannot tell: required, irrelevant, unknown keys of tables.
//!
//! In: answers already read, an evaluation. Out: problems with their places. Must not know: rules.

use crate::answers::{ProblemCode, Step};
use crate::eval::{Eval, Frame};
use crate::form::{Kind, Member, Scope};
use crate::tables::Content;
use crate::truth::Truth;
use crate::value::V;
use alloc::vec::Vec;

/// A slot of a record and what is wrong with it.
pub type Lack = (Step, u32, ProblemCode);

/// What a plan's scopes have that needs a look at every record; computed once per plan.
#[derive(Clone, Default, Debug)]
pub struct Needs {
    /// Per scope: does it, or a list inside it, have anything required, relevant or referring?
    scopes: Vec<bool>,
    /// Per scope where nothing is relevant or referring: the slots that are required or hold a list worth a look, in document
    /// order. PERF: a record is then a few slots, not its whole tree of groups and fields.
    simple: Vec<Option<Vec<(u32, bool)>>>,
}

impl Needs {
    /// Looks through a form.
    pub fn of(form: &crate::form::Form) -> Needs {
        let own: Vec<bool> =
            form.scopes
                .iter()
                .map(|scope| {
                    scope.groups.iter().any(|group| group.relevant.is_some())
                        || scope.fields.iter().any(|field| {
                            field.required || field.relevant.is_some() || field.kind == Kind::Ref
                        })
                })
                .collect();
        let mut scopes = own;
        // A list inside makes its owner worth walking; lists are never deeper than there are scopes.
        for _ in 0..form.scopes.len() {
            for (id, scope) in form.scopes.iter().enumerate() {
                let inner = scope.fields.iter().any(
                    |field| matches!(field.kind, Kind::List(inner) if scopes.get(inner as usize) == Some(&true)),
                );
                if let (true, Some(place)) = (inner, scopes.get_mut(id)) {
                    *place = true;
                }
            }
        }
        let simple = form.scopes.iter().map(|scope| simple(scope, &scopes)).collect();
        Needs { scopes, simple }
    }
}

fn simple(scope: &Scope, walked: &[bool]) -> Option<Vec<(u32, bool)>> {
    let conditional = scope.groups.iter().any(|group| group.relevant.is_some())
        || scope
            .fields
            .iter()
            .any(|field| field.relevant.is_some() || field.kind == Kind::Ref);
    if conditional {
        return None;
    }
    // Slots stand in document order.
    let worth = scope.fields.iter().enumerate().filter_map(|(slot, field)| {
        let list = matches!(field.kind, Kind::List(inner) if walked.get(inner as usize) == Some(&true));
        (field.required || list).then_some((slot as u32, field.required))
    });
    Some(worth.collect())
}

/// Everything that is lacking, record by record in document order.
pub fn lacks(eval: &mut Eval<'_>, needs: &Needs) -> Vec<Lack> {
    let mut out = Vec::new();
    record(eval, needs, Step::ROOT, Truth::True, &mut out);
    eval.set_frame(0, Frame::Empty);
    out
}

fn record(eval: &mut Eval<'_>, needs: &Needs, step: Step, asked: Truth, out: &mut Vec<Lack>) {
    let cx = eval.context();
    let scope_id = step.scope(cx.store);
    if needs.scopes.get(scope_id) != Some(&true) {
        return;
    }
    let (Some(Some(slots)), Truth::True) = (needs.simple.get(scope_id), asked) else {
        return group(eval, needs, step, scope_id, 0, asked, out);
    };
    let base = step.base(cx.store);
    for (slot, required) in slots {
        match cx.store.values.get(base + *slot as usize) {
            Some(V::Unknown(_)) | None if *required => out.push((step, *slot, ProblemCode::Required)),
            Some(V::List(list)) => items(eval, needs, *list, asked, out),
            _ => {}
        }
    }
}

fn items(eval: &mut Eval<'_>, needs: &Needs, list: u32, asked: Truth, out: &mut Vec<Lack>) {
    let list_of = eval.context().store.lists.get(list as usize);
    for item in 0..list_of.map_or(0, |list| list.len) {
        record(eval, needs, Step { list, item }, asked, out);
    }
}

fn bind(eval: &mut Eval<'_>, step: Step) {
    let frame = match eval.context().store.lists.get(step.list as usize) {
        Some(_) => Frame::Item(step.base(eval.context().store) as u32, step.list, step.item),
        None => Frame::Empty,
    };
    eval.set_frame(0, frame);
}

fn group(
    eval: &mut Eval<'_>,
    needs: &Needs,
    step: Step,
    scope_id: usize,
    number: usize,
    outer: Truth,
    out: &mut Vec<Lack>,
) {
    let cx = eval.context();
    let Some(scope) = cx.plan.form.scopes.get(scope_id) else {
        return;
    };
    let Some(group_of) = scope.groups.get(number) else {
        return;
    };
    let base = step.base(cx.store);
    let mut relevant = outer;
    if let Some(node) = group_of.relevant {
        bind(eval, step);
        relevant = relevant.and(eval.truth(node));
    }
    for member in &group_of.members {
        match *member {
            Member::Group(inner) => group(eval, needs, step, scope_id, inner as usize, relevant, out),
            Member::Field(slot) => {
                let Some(field) = scope.fields.get(slot as usize) else {
                    continue;
                };
                let mut asked = relevant;
                if let Some(node) = field.relevant {
                    bind(eval, step);
                    asked = asked.and(eval.truth(node));
                }
                let value = cx
                    .store
                    .values
                    .get(base + slot as usize)
                    .copied()
                    .unwrap_or(V::MISSING);
                match (value, asked) {
                    (V::Unknown(_), Truth::True) if field.required => {
                        out.push((step, slot, ProblemCode::Required))
                    }
                    (V::Unknown(_), _) => {}
                    (_, Truth::False) => out.push((step, slot, ProblemCode::Irrelevant)),
                    (V::Text(key), Truth::True | Truth::Unknown(_)) if field.kind == Kind::Ref => {
                        let data = field.table.and_then(|table| eval.data(table));
                        if let Some(Content::Rows(rows)) = data.map(|data| &data.content)
                            && rows.by_key(eval.text(key)).is_none()
                        {
                            out.push((step, slot, ProblemCode::UnknownRef));
                        }
                    }
                    (_, Truth::True | Truth::Unknown(_)) => {}
                }
                // Of a list that is not asked for one warning is enough, and nothing inside is required.
                if let (V::List(list), Truth::True | Truth::Unknown(_)) = (value, asked) {
                    items(eval, needs, list, asked, out);
                }
            }
        }
    }
}
