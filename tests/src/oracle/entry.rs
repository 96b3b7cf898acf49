//! Is this a complete and consistent record? Relevance, what is required, and the outcome of the entry.
//!
//! In: the read record and its problems. Out: more problems. Must not know: the verdict.

use super::expr::{Check, Frame};
use super::json::token;
use super::read::key_of;
use super::value::{Record, Truth, Value, and};
use super::{Entry, Problem};
use rules_core::form::{Field, Member, Scope};

/// The problems of relevance: what is required and absent, what is given and not asked for, and keys that no table has.
/// `read` are the problems of reading: what was given and could not be used is wrong, not absent.
pub fn relevance(check: &Check<'_>, read: &[Problem]) -> Vec<Problem> {
    let mut walk = Walk {
        check,
        read,
        problems: Vec::new(),
    };
    walk.record(&check.root, &Ok(true));
    walk.problems
}

/// A record on the way, and what its expressions see.
struct At<'a> {
    scope: &'a Scope,
    record: &'a Record,
    frames: Vec<Frame>,
}

struct Walk<'a> {
    check: &'a Check<'a>,
    read: &'a [Problem],
    problems: Vec<Problem>,
}

impl Walk<'_> {
    fn record(&mut self, record: &Record, asked: &Truth) {
        let Some(scope) = self.check.ruleset.form.scopes.get(record.scope as usize) else {
            return;
        };
        let frames = if record.scope == 0 {
            vec![]
        } else {
            vec![Frame::Item(record.clone())]
        };
        let at = At {
            scope,
            record,
            frames,
        };
        if scope.scalar {
            self.field(&at, 0, &record.pointer, asked);
        } else {
            self.group(&at, 0, &record.pointer, asked);
        }
    }

    /// Asked for unless it or something around it is known not to be relevant.
    fn asked(&self, at: &At<'_>, relevant: Option<u32>, outer: &Truth) -> Truth {
        let expr = relevant.and_then(|index| self.check.ruleset.relevants.get(index as usize));
        let own = expr.map_or(Ok(true), |expr| self.check.truth(expr, &at.frames));
        and(outer.clone(), own)
    }

    fn group(&mut self, at: &At<'_>, number: u32, pointer: &str, outer: &Truth) {
        let Some(group) = at.scope.groups.get(number as usize) else {
            return;
        };
        let asked = self.asked(at, group.relevant, outer);
        for member in &group.members {
            match *member {
                Member::Group(inner) => {
                    let name = at
                        .scope
                        .groups
                        .get(inner as usize)
                        .map_or("", |group| &group.name);
                    self.group(at, inner, &format!("{pointer}/{}", token(name)), &asked);
                }
                Member::Field(slot) => {
                    let name = at.scope.fields.get(slot as usize).map_or("", |field| &field.name);
                    self.field(at, slot, &format!("{pointer}/{}", token(name)), &asked);
                }
            }
        }
    }

    fn field(&mut self, at: &At<'_>, slot: u32, pointer: &str, outer: &Truth) {
        let Some(field) = at.scope.fields.get(slot as usize) else {
            return;
        };
        let asked = self.asked(at, field.relevant, outer);
        let code = match at.record.values.get(&slot) {
            None if field.required && asked == Ok(true) => {
                let wrong = self.read.iter().any(|problem| problem.at == pointer);
                (!wrong).then_some("required")
            }
            None => None,
            // Of an irrelevant list one warning is enough, and nothing inside is asked for.
            Some(_) if asked == Ok(false) => Some("irrelevant"),
            Some(Value::Text(key)) => self.no_such_key(field, key).then_some("unknown_ref"),
            Some(Value::List(items)) => {
                for item in items {
                    self.record(item, &asked);
                }
                None
            }
            Some(_) => None,
        };
        self.problems.extend(code.map(|code| Problem::new(pointer, code)));
    }

    /// Is it a key into a table that was given and has no such row?
    fn no_such_key(&self, field: &Field, key: &str) -> bool {
        let ruleset = self.check.ruleset;
        let rows = field
            .table
            .and_then(|table| Some((table, self.check.tables.rows(ruleset, table)?)));
        rows.is_some_and(|(table, rows)| !rows.iter().any(|row| key_of(ruleset, table, row) == Some(key)))
    }
}

/// The outcome of an entry with these problems.
pub fn outcome(mut problems: Vec<Problem>) -> Entry {
    problems.sort();
    problems.dedup();
    let has = |severity: &str| problems.iter().any(|problem| problem.severity == severity);
    let outcome = if has("error") {
        "invalid"
    } else if has("incomplete") {
        "incomplete"
    } else {
        "complete"
    };
    Entry {
        outcome: outcome.to_owned(),
        problems,
    }
}
