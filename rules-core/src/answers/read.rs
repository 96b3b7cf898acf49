//! Reads a submission from JSON text straight into slots; no tree of the whole is built.

use super::pointer::{Step, of_record};
use super::{Answers, ProblemCode, list_scope, locate::Place, scalar};
use crate::form::{Field, Kind, Member, Scope};
use crate::json::{Flaw, Peek, Reader, SyntaxError, SyntaxKind, push_index, push_key};
use crate::limits::Limits;
use crate::plan::Plan;
use crate::value::{List, V};
use alloc::string::String;
use alloc::vec::Vec;

/// Reads a whole submission.
pub fn submission(answers: &mut Answers, plan: &Plan, text: &str, limits: &Limits) {
    if text.len() > limits.answer_bytes {
        answers.problem(String::new(), ProblemCode::TooLarge, limits);
        return;
    }
    let mut reading = Reading::new(answers, plan, text, limits, String::new());
    if let Err(error) = reading.whole() {
        answers.reset(&plan.form);
        answers.problem(String::new(), code_of(error), limits);
    }
}

/// Reads one value into a place.
pub fn one(answers: &mut Answers, plan: &Plan, place: &Place, text: &str, limits: &Limits) {
    let (step, base) = match place {
        Place::Slot(step, _) | Place::Group(step, _) | Place::Item { record: step, .. } => {
            (*step, step.base(&answers.store))
        }
    };
    let at = of_record(&plan.form, &answers.store, step);
    let mut reading = Reading::new(answers, plan, text, limits, at);
    let done = reading.place(place, step, base);
    if let Err(error) = done {
        let at = reading.pointer();
        answers.problem(at, code_of(error), limits);
    }
}

fn code_of(error: SyntaxError) -> ProblemCode {
    match error.kind {
        SyntaxKind::TooDeep => ProblemCode::TooDeep,
        SyntaxKind::End | SyntaxKind::Unexpected | SyntaxKind::Trailing => ProblemCode::BadJson,
    }
}

/// A step of the way to where the reading stands.
#[derive(Clone, Copy)]
enum Key<'a> {
    Name(&'a str),
    Index(usize),
}

fn code_of_flaw(flaw: Flaw) -> ProblemCode {
    match flaw {
        Flaw::DuplicateKey => ProblemCode::DuplicateKey,
        Flaw::LoneSurrogate => ProblemCode::LoneSurrogate,
        Flaw::UnsafeInteger => ProblemCode::UnsafeInteger,
        Flaw::NotFinite => ProblemCode::NotFinite,
    }
}

struct Reading<'a> {
    answers: &'a mut Answers,
    plan: &'a Plan,
    limits: &'a Limits,
    reader: Reader<'a>,
    /// Pointer of the record that the reading began in.
    at: String,
    /// PERF: the way from there; it becomes a pointer only where something is wrong.
    way: Vec<Key<'a>>,
    items: usize,
}

type Read<T> = Result<T, SyntaxError>;

impl<'a> Reading<'a> {
    fn new(
        answers: &'a mut Answers,
        plan: &'a Plan,
        text: &'a str,
        limits: &'a Limits,
        at: String,
    ) -> Reading<'a> {
        let items = answers.store.lists.iter().map(|list| list.len as usize).sum();
        Reading {
            answers,
            plan,
            limits,
            reader: Reader::new(text, limits.depth),
            at,
            way: Vec::new(),
            items,
        }
    }

    fn pointer(&self) -> String {
        let mut out = self.at.clone();
        for key in &self.way {
            match *key {
                Key::Name(name) => push_key(&mut out, name),
                Key::Index(index) => push_index(&mut out, index),
            }
        }
        out
    }

    fn problem(&mut self, code: ProblemCode) {
        self.answers.problem(self.pointer(), code, self.limits);
    }

    /// A problem of a key that the form does not have, or of something inside.
    fn problem_at(&mut self, key: &str, code: ProblemCode) {
        let mut at = self.pointer();
        push_key(&mut at, key);
        self.answers.problem(at, code, self.limits);
    }

    fn flaw(&mut self, flaw: Flaw) {
        self.problem(code_of_flaw(flaw));
    }

    fn whole(&mut self) -> Read<()> {
        self.record(Step::ROOT, 0, 0, 0)?;
        self.reader.end()
    }

    fn place(&mut self, place: &Place, step: Step, base: usize) -> Read<()> {
        let scope = step.scope(&self.answers.store);
        match *place {
            Place::Group(_, group) => self.record(step, scope, base, group as usize)?,
            Place::Slot(_, slot) => {
                if let Some(field) = self.field(scope, slot as usize) {
                    self.way.extend(field.path.iter().map(|key| Key::Name(key)));
                    self.clear(base + slot as usize);
                    self.value(field, step, base, slot)?;
                }
            }
            Place::Item { slot, item, .. } => {
                if let Some(field) = self.field(scope, slot as usize) {
                    self.way.extend(field.path.iter().map(|key| Key::Name(key)));
                    self.item(field, step, base + slot as usize, slot, item)?;
                }
            }
        }
        self.reader.end()
    }

    fn field(&self, scope: usize, slot: usize) -> Option<&'a Field> {
        self.plan
            .form
            .scopes
            .get(scope)
            .and_then(|scope| scope.fields.get(slot))
    }

    fn clear(&mut self, slot: usize) {
        self.put(slot, V::MISSING);
    }

    fn put(&mut self, slot: usize, value: V) {
        if let Some(place) = self.answers.store.values.get_mut(slot) {
            *place = value;
        }
    }

    /// Reads a record, or a group of one, into the slots at `base`.
    fn record(&mut self, step: Step, scope_id: usize, base: usize, group: usize) -> Read<()> {
        match self.reader.peek()? {
            Peek::Obj => {}
            Peek::Null if group > 0 || step != Step::ROOT => return self.reader.null(),
            Peek::Str if group > 0 || step != Step::ROOT => {
                let (text, flaw) = self.reader.string()?;
                if flaw.is_some() || !text.trim().is_empty() {
                    self.problem(ProblemCode::WrongType);
                }
                return Ok(());
            }
            Peek::Null | Peek::Bool | Peek::Num | Peek::Str | Peek::Arr => {
                self.problem(ProblemCode::WrongType);
                return self.reader.skip();
            }
        }
        let plan = self.plan;
        let Some(scope) = plan.form.scopes.get(scope_id) else {
            return self.reader.skip();
        };
        let Some(record) = scope.groups.get(group) else {
            return self.reader.skip();
        };
        let mut seen = Seen::default();
        let mut next = 0;
        let mut first = true;
        self.reader.enter()?;
        while self.reader.more(first, b'}')? {
            first = false;
            // PERF: forms send their keys in document order, so the next member is nearly always the right one.
            let expected = record.members.get(next).is_some_and(|member| {
                let name = name(scope, member);
                self.reader.take_key(name)
            });
            let found = if expected {
                Some(next)
            } else {
                let key = self.reader.key()?;
                let after = record.members.iter().enumerate().skip(next);
                let before = record.members.iter().enumerate().take(next);
                let found = after.chain(before).find(|(_, member)| name(scope, member) == key);
                if found.is_none() {
                    self.problem_at(&key, ProblemCode::UnknownKey);
                }
                found.map(|(i, _)| i)
            };
            let Some((i, member)) = found.and_then(|i| record.members.get(i).map(|member| (i, *member)))
            else {
                self.reader.skip()?;
                continue;
            };
            next = i + 1;
            self.way.push(Key::Name(name(scope, &member)));
            if seen.again(i) {
                self.problem(ProblemCode::DuplicateKey);
                self.reader.skip()?;
                self.forget(scope_id, base, member);
            } else {
                match member {
                    Member::Group(group) => self.record(step, scope_id, base, group as usize)?,
                    Member::Field(slot) => {
                        if let Some(field) = scope.fields.get(slot as usize) {
                            self.value(field, step, base, slot)?;
                        }
                    }
                }
            }
            self.way.pop();
        }
        Ok(())
    }

    /// Makes what a repeated key stands for missing.
    fn forget(&mut self, scope_id: usize, base: usize, member: Member) {
        match member {
            Member::Field(slot) => self.clear(base + slot as usize),
            Member::Group(group) => {
                let members = self
                    .plan
                    .form
                    .scopes
                    .get(scope_id)
                    .and_then(|scope| scope.groups.get(group as usize));
                for member in members.into_iter().flat_map(|group| group.members.iter()) {
                    self.forget(scope_id, base, *member);
                }
            }
        }
    }

    /// Reads a value into its slot; a faulty one leaves it missing.
    ///
    /// PERF: values are written where they stay. Handed from call to call they were copied in pieces of other sizes than they
    /// were written in, which stalled for a quarter of the reading.
    fn value(&mut self, field: &'a Field, step: Step, base: usize, slot: u32) -> Read<()> {
        let index = base + slot as usize;
        let done = match self.reader.peek()? {
            Peek::Null => return self.reader.null(),
            Peek::Bool => {
                let value = self.reader.boolean()?;
                if field.kind == Kind::Boolean {
                    self.put(index, V::Bool(value));
                    Ok(())
                } else {
                    Err(ProblemCode::WrongType)
                }
            }
            Peek::Num => {
                let number = self.reader.number()?;
                if let Some(flaw) = number.flaw {
                    self.flaw(flaw);
                    return Ok(());
                }
                scalar::number(field, number.value).map(|()| self.put(index, V::Num(number.value)))
            }
            Peek::Str => {
                let (text, flaw) = self.reader.string()?;
                if let Some(flaw) = flaw {
                    self.flaw(flaw);
                    return Ok(());
                }
                scalar::text(self.plan, field, &mut self.answers.store, index, &text)
            }
            Peek::Arr => match list_scope(field.kind) {
                Some(inner) => return self.list(field, inner, step, index, slot),
                None => return self.composite(field, index),
            },
            Peek::Obj => return self.composite(field, index),
        };
        if let Err(code) = done {
            self.problem(code);
        }
        Ok(())
    }

    fn composite(&mut self, field: &'a Field, index: usize) -> Read<()> {
        // PERF: a value with nothing unusual needs no tree; anything else is read again with one.
        let mark = self.reader.mark();
        match scalar::plain(self.plan, field, &mut self.answers.store, &mut self.reader) {
            Some(value) => {
                self.put(index, value);
                return Ok(());
            }
            None => self.reader.back_to(mark),
        }
        let mut flaws = Vec::new();
        let mut at = self.pointer();
        let value = self.reader.tree(&mut at, &mut flaws)?;
        if !flaws.is_empty() {
            for (at, flaw) in flaws {
                self.answers.problem(at, code_of_flaw(flaw), self.limits);
            }
            return Ok(());
        }
        let mut unknown: Vec<String> = Vec::new();
        let done = scalar::tree(self.plan, field, &mut self.answers.store, &value, &mut |key| {
            unknown.push(key.into())
        });
        for key in unknown {
            self.problem_at(&key, ProblemCode::UnknownKey);
        }
        match done {
            Ok(value) => self.put(index, value),
            Err(code) => self.problem(code),
        }
        Ok(())
    }

    fn list(&mut self, field: &'a Field, inner: u32, step: Step, index: usize, slot: u32) -> Read<()> {
        let Some(scope) = self.plan.form.scopes.get(inner as usize) else {
            return self.reader.skip();
        };
        let stride = scope.fields.len();
        // Items of one list stand together; those of inner lists come after, so where there are some the length must be known
        // first. PERF: elsewhere items are appended as they come; counting reads the text twice.
        let nested = scope.fields.iter().any(|field| list_scope(field.kind).is_some());
        let counted = if nested { self.count()? } else { 0 };
        let room = self.limits.items.saturating_sub(self.items);
        let start = self.answers.store.slots(counted.min(room) * stride);
        let number = self.answers.store.lists.len() as u32;
        self.answers.store.lists.push(List {
            scope: inner,
            start: start as u32,
            stride: stride as u32,
            len: counted.min(room) as u32,
            parent: step.list,
            item: step.item,
            slot,
        });
        self.put(index, V::List(number));
        self.items += counted.min(room);
        let before = self.answers.problems.len();
        self.reader.enter()?;
        let mut item = 0;
        while self.reader.more(item == 0, b']')? {
            if item < room {
                if !nested {
                    self.answers.store.slots(stride);
                    self.items += 1;
                }
                self.way.push(Key::Index(item));
                let step = Step {
                    list: number,
                    item: item as u32,
                };
                self.item_value(scope.scalar, inner as usize, step, start + item * stride)?;
                self.way.pop();
            } else {
                self.reader.skip()?;
            }
            item += 1;
        }
        if let (false, Some(list)) = (nested, self.answers.store.lists.get_mut(number as usize)) {
            list.len = item.min(room) as u32;
        }
        if item > room {
            let listed = self.answers.problems.len();
            self.problem(ProblemCode::TooManyItems);
            // It stands before what is wrong with the items.
            if let Some(problems) = self.answers.problems.get_mut(before..)
                && before + problems.len() > listed
            {
                problems.rotate_right(1);
            }
        }
        if let Err(code) = scalar::in_count(field, item as u32) {
            self.problem(code);
            self.clear(index);
        }
        Ok(())
    }

    fn item_value(&mut self, scalar: bool, scope: usize, step: Step, base: usize) -> Read<()> {
        if !scalar {
            return self.record(step, scope, base, 0);
        }
        match self.field(scope, 0) {
            Some(field) => self.value(field, step, base, 0),
            None => self.reader.skip(),
        }
    }

    /// Items of the array that comes next; the reader stays where it is.
    fn count(&mut self) -> Read<usize> {
        let mark = self.reader.mark();
        self.reader.enter()?;
        let mut count = 0;
        while self.reader.more(count == 0, b']')? {
            self.reader.skip()?;
            count += 1;
        }
        self.reader.back_to(mark);
        Ok(count)
    }

    /// Reads one item of a list: an existing one in place, one past the last by moving the list to the end of the store.
    fn item(&mut self, field: &'a Field, step: Step, index: usize, slot: u32, item: u32) -> Read<()> {
        let Some(inner) = list_scope(field.kind) else {
            return self.reader.skip();
        };
        let Some(scope) = self.plan.form.scopes.get(inner as usize) else {
            return self.reader.skip();
        };
        let stride = scope.fields.len();
        let number = match self.answers.store.values.get(index) {
            Some(V::List(number)) => *number,
            _ => {
                let number = self.answers.store.lists.len() as u32;
                let start = self.answers.store.values.len() as u32;
                let stride = stride as u32;
                self.answers.store.lists.push(List {
                    scope: inner,
                    start,
                    stride,
                    len: 0,
                    parent: step.list,
                    item: step.item,
                    slot,
                });
                self.put(index, V::List(number));
                number
            }
        };
        let Some(list) = self.answers.store.lists.get(number as usize).copied() else {
            return self.reader.skip();
        };
        if item == list.len {
            if self.items >= self.limits.items {
                self.problem(ProblemCode::TooManyItems);
                return self.reader.skip();
            }
            let old = list.start as usize..(list.start + list.len * list.stride) as usize;
            let start = if old.end == self.answers.store.values.len() {
                list.start
            } else {
                let start = self.answers.store.values.len();
                self.answers.store.values.extend_from_within(old);
                start as u32
            };
            self.answers.store.slots(stride);
            if let Some(list) = self.answers.store.lists.get_mut(number as usize) {
                list.start = start;
                list.len += 1;
            }
        }
        self.way.push(Key::Index(item as usize));
        let step = Step { list: number, item };
        let base = step.base(&self.answers.store);
        for slot in 0..stride {
            self.clear(base + slot);
        }
        self.item_value(scope.scalar, inner as usize, step, base)
    }
}

fn name<'a>(scope: &'a Scope, member: &Member) -> &'a str {
    match *member {
        Member::Field(slot) => scope.fields.get(slot as usize).map_or("", |field| &field.name),
        Member::Group(group) => scope.groups.get(group as usize).map_or("", |group| &group.name),
    }
}

/// Which members of a record were seen.
#[derive(Default)]
struct Seen {
    low: u64,
    high: Vec<u64>,
}

impl Seen {
    /// Marks a member; was it marked before?
    fn again(&mut self, member: usize) -> bool {
        let bit = 1u64 << (member % 64);
        let word = if member < 64 {
            &mut self.low
        } else {
            let word = member / 64 - 1;
            if self.high.len() <= word {
                self.high.resize(word + 1, 0);
            }
            match self.high.get_mut(word) {
                Some(word) => word,
                None => &mut self.low,
            }
        };
        let was = *word & bit != 0;
        *word |= bit;
        was
    }
}
