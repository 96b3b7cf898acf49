//! JSON Pointers of slots, and slots of JSON Pointers.

use crate::form::{Form, Kind, Member};
use crate::json::{push_index, push_key};
use crate::value::{NO_LIST, Store, V};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// A step from a record to the next list item inside it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// List number in the store.
    pub list: u32,
    /// Item.
    pub item: u32,
}

impl Step {
    /// The submission itself.
    pub const ROOT: Step = Step {
        list: NO_LIST,
        item: 0,
    };

    /// First slot of the record.
    pub fn base(self, store: &Store) -> usize {
        store
            .lists
            .get(self.list as usize)
            .map_or(0, |list| (list.start + self.item * list.stride) as usize)
    }

    /// Scope of the record.
    pub fn scope(self, store: &Store) -> usize {
        store
            .lists
            .get(self.list as usize)
            .map_or(0, |list| list.scope as usize)
    }
}

/// The pointer of a record.
pub fn of_record(form: &Form, store: &Store, at: Step) -> String {
    let mut steps = Vec::new();
    let mut step = at;
    while let Some(list) = store.lists.get(step.list as usize) {
        steps.push((step, *list));
        step = Step {
            list: list.parent,
            item: list.item,
        };
    }
    let mut out = String::new();
    for (step, list) in steps.into_iter().rev() {
        let scope = store
            .lists
            .get(list.parent as usize)
            .map_or(0, |parent| parent.scope);
        push_field(form, scope as usize, list.slot as usize, &mut out);
        push_index(&mut out, step.item as usize);
    }
    out
}

/// The pointer of a slot of a record.
pub fn of_slot(form: &Form, store: &Store, at: Step, slot: u32) -> String {
    let mut out = of_record(form, store, at);
    push_field(form, at.scope(store), slot as usize, &mut out);
    out
}

fn push_field(form: &Form, scope: usize, slot: usize, out: &mut String) {
    if let Some(field) = form.scopes.get(scope).and_then(|scope| scope.fields.get(slot)) {
        for key in &field.path {
            push_key(out, key);
        }
    }
}

/// Finding the slot that a pointer names.
pub mod locate {
    use super::{Cow, Form, Kind, Member, Step, Store, V, Vec};

    /// What a pointer names.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub enum Place {
        /// A slot of a record.
        Slot(Step, u32),
        /// An item of the list in a slot; `item` may be one past the last.
        Item {
            /// Record that the list stands in.
            record: Step,
            /// Slot of the list.
            slot: u32,
            /// Item.
            item: u32,
        },
        /// A group of a record, or (group 0) the submission itself.
        Group(Step, u32),
    }

    /// The place that a JSON Pointer names, or `None` where the form has no such place.
    pub fn place(form: &Form, store: &Store, pointer: &str) -> Option<Place> {
        let mut record = Step::ROOT;
        let mut group = 0u32;
        let mut keys = keys(pointer)?.into_iter();
        while let Some(key) = keys.next() {
            let scope = form.scopes.get(record.scope(store))?;
            let members = &scope.groups.get(group as usize)?.members;
            let member = members.iter().find(|member| match member {
                Member::Field(slot) => scope
                    .fields
                    .get(*slot as usize)
                    .is_some_and(|field| field.name == key),
                Member::Group(number) => scope.groups.get(*number as usize).is_some_and(|g| g.name == key),
            })?;
            match *member {
                Member::Group(number) => group = number,
                Member::Field(slot) => {
                    let field = scope.fields.get(slot as usize)?;
                    let Some(index) = keys.next() else {
                        return Some(Place::Slot(record, slot));
                    };
                    let Kind::List(inner) = field.kind else {
                        return Some(Place::Slot(record, slot));
                    };
                    let item = index.parse::<u32>().ok()?;
                    let base = record.base(store);
                    let rest = keys.as_slice().is_empty();
                    let list = match store.values.get(base + slot as usize) {
                        Some(V::List(list)) => *list,
                        _ if item == 0 && rest => return Some(Place::Item { record, slot, item }),
                        _ => return None,
                    };
                    let len = store.lists.get(list as usize)?.len;
                    if item > len {
                        return None;
                    }
                    if rest {
                        return Some(Place::Item { record, slot, item });
                    }
                    if item == len || form.scopes.get(inner as usize)?.scalar {
                        return None;
                    }
                    record = Step { list, item };
                    group = 0;
                }
            }
        }
        Some(Place::Group(record, group))
    }

    /// The unescaped keys of a pointer, or `None` where it is not one.
    pub fn keys(pointer: &str) -> Option<Vec<Cow<'_, str>>> {
        if pointer.is_empty() {
            return Some(Vec::new());
        }
        let unescaped = |key| match key {
            key if !str::contains(key, '~') => Cow::Borrowed(key),
            key => Cow::Owned(key.replace("~1", "/").replace("~0", "~")),
        };
        Some(pointer.strip_prefix('/')?.split('/').map(unescaped).collect())
    }
}
