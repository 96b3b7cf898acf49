//! Wire forms: how plain data becomes JSON and comes back, written once per type.
//!
//! In: the types of `form` and `plan`. Out: JSON trees that leave out what is empty. Must not know: digests, files.
//! A macro per shape keeps the writer and the reader of a type in one line, so that they cannot drift apart.

use crate::domain::date::Date;
use crate::domain::geo::Crs;
use crate::form::{Field, Form, Group, Kind, Member, Opt, Scope, Text};
use crate::json::Json;
use crate::plan::{
    Clause, Const, Function, Layer, Let, Node, Op, Param, Part, Pattern, Period, Plan, Rule, RuleKind,
    Scalar, Section, Severity, Span, Table, TableKind, Template,
};
use crate::report::{kind_word, severity_word};
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A value with a JSON form.
pub trait Wire: Sized {
    /// Writes it; `Null` for what may be left out.
    fn put(&self) -> Json;
    /// Reads it; `None` where the JSON is not one.
    fn take(json: &Json) -> Option<Self>;
}

impl Wire for u32 {
    fn put(&self) -> Json {
        Json::from(*self)
    }
    fn take(json: &Json) -> Option<u32> {
        match json {
            Json::Null => Some(0),
            Json::Num(value)
                if *value >= 0.0 && *value <= f64::from(u32::MAX) && libm::trunc(*value) == *value =>
            {
                Some(*value as u32)
            }
            _ => None,
        }
    }
}

impl Wire for f64 {
    fn put(&self) -> Json {
        Json::Num(*self)
    }
    fn take(json: &Json) -> Option<f64> {
        json.as_num()
    }
}

impl Wire for bool {
    fn put(&self) -> Json {
        if *self { Json::Bool(true) } else { Json::Null }
    }
    fn take(json: &Json) -> Option<bool> {
        match json {
            Json::Null => Some(false),
            Json::Bool(value) => Some(*value),
            _ => None,
        }
    }
}

impl Wire for String {
    fn put(&self) -> Json {
        if self.is_empty() {
            Json::Null
        } else {
            Json::Str(self.clone())
        }
    }
    fn take(json: &Json) -> Option<String> {
        match json {
            Json::Null => Some(String::new()),
            Json::Str(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self) -> Json {
        if self.is_empty() {
            Json::Null
        } else {
            Json::Arr(self.iter().map(Wire::put).collect())
        }
    }
    fn take(json: &Json) -> Option<Vec<T>> {
        match json {
            Json::Null => Some(Vec::new()),
            Json::Arr(items) => {
                // Shorter in machine code than collecting, and it stands here for every type.
                let mut out = Vec::with_capacity(items.len());
                for item in items {
                    out.push(T::take(item)?);
                }
                Some(out)
            }
            _ => None,
        }
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self) -> Json {
        self.as_ref().map_or(Json::Null, T::put)
    }
    fn take(json: &Json) -> Option<Option<T>> {
        if *json == Json::Null {
            Some(None)
        } else {
            T::take(json).map(Some)
        }
    }
}

impl<T: Wire> Wire for Box<T> {
    fn put(&self) -> Json {
        T::put(self)
    }
    fn take(json: &Json) -> Option<Box<T>> {
        T::take(json).map(Box::new)
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn put(&self) -> Json {
        Json::Arr(Vec::from([self.0.put(), self.1.put()]))
    }
    fn take(json: &Json) -> Option<(A, B)> {
        match json.as_arr()? {
            [a, b] => Some((A::take(a)?, B::take(b)?)),
            _ => None,
        }
    }
}

impl Wire for Date {
    fn put(&self) -> Json {
        Json::Str(self.to_string())
    }
    fn take(json: &Json) -> Option<Date> {
        Date::parse(json.as_str()?).ok()
    }
}

impl Wire for Crs {
    fn put(&self) -> Json {
        self.name().into()
    }
    fn take(json: &Json) -> Option<Crs> {
        Crs::from_name(json.as_str()?)
    }
}

/// An object with the named members; what is empty is left out.
fn object(members: Vec<(&str, Json)>) -> Json {
    let full = members.into_iter().filter(|(_, value)| *value != Json::Null);
    Json::Obj(full.map(|(key, value)| (key.to_string(), value)).collect())
}

fn member<T: Wire>(json: &Json, key: &str) -> Option<T> {
    match json {
        Json::Obj(_) => T::take(json.get(key).unwrap_or(&Json::Null)),
        Json::Null => T::take(&Json::Null),
        _ => None,
    }
}

/// A member, or nothing in its place and `sound` no longer true. Leaving early instead would put the dropping of all members before it into
/// the code, once for each member: seven kilobytes in every form.
fn part<T: Wire + Default>(json: &Json, key: &str, sound: &mut bool) -> T {
    member(json, key).unwrap_or_else(|| {
        *sound = false;
        T::default()
    })
}

macro_rules! objects {
    ($($name:ident { $($field:ident),* $(,)? })*) => { $(
        impl Wire for $name {
            fn put(&self) -> Json {
                let json = object(Vec::from([$((stringify!($field), self.$field.put())),*]));
                if json == Json::Obj(Vec::new()) { Json::Null } else { json }
            }
            fn take(json: &Json) -> Option<$name> {
                let mut sound = true;
                let whole = $name { $($field: part(json, stringify!($field), &mut sound)),* };
                sound.then_some(whole)
            }
        }
    )* };
}

objects! {
    Text { zh, en }
    Form { scopes }
    Scope { fields, groups, scalar }
    Group { name, label, hint, relevant, members }
    Field {
        name, path, kind, label, hint, required, relevant, unit, min, max, max_length, pattern, options, min_items,
        max_items, crs, table, sensitive,
    }
    Opt { symbol, label }
    Plan {
        layers, form, symbols, consts, params, tables, patterns, reasons, functions, lets, nodes, args, spans, units,
        texts, clauses, rules, sections,
    }
    Section { id, title, members, rules }
    Layer { id, version, digest, title, jurisdiction, effective }
    Period { from, until }
    Let { name, node }
    Param { name, label, unit, value, clause }
    Table { name, label, kind, include }
    Function { name, args, returns, body }
    Clause { id, document, title, article, quote, publisher, link, grade, effective, note }
    Rule {
        id, title, kind, severity, clauses, each, filter, when, require, due, evidence, at, message, remedy, duty,
        deadline, effective, tags,
    }
    Template { zh, en }
}

macro_rules! words {
    ($($name:ident $word:path { $($variant:ident),* })*) => { $(
        impl Wire for $name {
            fn put(&self) -> Json {
                $word(*self).into()
            }
            fn take(json: &Json) -> Option<$name> {
                let word = json.as_str()?;
                [$($name::$variant),*].into_iter().find(|value| $word(*value) == word)
            }
        }
    )* };
}

fn scalar_word(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Boolean => "boolean",
        Scalar::Integer => "integer",
        Scalar::Number => "number",
        Scalar::Text => "text",
    }
}

words! {
    RuleKind kind_word { Duty, Prohibition, Trigger, Entry }
    Severity severity_word { Critical, Major, Moderate, Minor }
    Scalar scalar_word { Boolean, Integer, Number, Text }
}

/// The kinds without an operand and their words.
const KINDS: [(Kind, &str); 13] = [
    (Kind::Boolean, "boolean"),
    (Kind::Integer, "integer"),
    (Kind::Number, "number"),
    (Kind::Text, "text"),
    (Kind::Choice, "choice"),
    (Kind::Choices, "choices"),
    (Kind::Date, "date"),
    (Kind::DateTime, "datetime"),
    (Kind::Measure, "measure"),
    (Kind::Point, "point"),
    (Kind::Area, "area"),
    (Kind::Attachment, "attachment"),
    (Kind::Ref, "ref"),
];

impl Kind {
    /// The word of the language.
    pub fn word(self) -> &'static str {
        KINDS
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("list", |(_, word)| word)
    }
}

impl Wire for Kind {
    fn put(&self) -> Json {
        if let Kind::List(scope) = self {
            scope.put()
        } else {
            self.word().into()
        }
    }
    fn take(json: &Json) -> Option<Kind> {
        match json {
            Json::Num(_) => u32::take(json).map(Kind::List),
            _ => KINDS
                .iter()
                .find(|(_, word)| json.as_str() == Some(word))
                .map(|(kind, _)| *kind),
        }
    }
}

/// Two variants as an object with one member each.
macro_rules! either {
    ($name:ident $a:ident $ak:literal $b:ident $bk:literal) => {
        impl Wire for $name {
            fn put(&self) -> Json {
                match self {
                    $name::$a(value) => object(Vec::from([($ak, value.put())])),
                    $name::$b(value) => object(Vec::from([($bk, value.put())])),
                }
            }
            fn take(json: &Json) -> Option<$name> {
                match json.get($ak) {
                    Some(value) => Wire::take(value).map($name::$a),
                    None => json.get($bk).and_then(Wire::take).map($name::$b),
                }
            }
        }
    };
}

either!(Member Field "field" Group "group");
either!(Part Node "node" Text "text");

impl Wire for Const {
    fn put(&self) -> Json {
        match self {
            Const::Bool(value) => Json::Bool(*value),
            Const::Num(value) => Json::Num(*value),
            Const::Text(text) => Json::Str(text.clone()),
            Const::Choice(symbol) => object(Vec::from([("choice", symbol.put())])),
            Const::Date(day) => object(Vec::from([("date", day.put())])),
        }
    }
    fn take(json: &Json) -> Option<Const> {
        match json {
            Json::Bool(value) => Some(Const::Bool(*value)),
            Json::Num(value) => Some(Const::Num(*value)),
            Json::Str(text) => Some(Const::Text(text.clone())),
            Json::Obj(_) => match json.get("choice") {
                Some(symbol) => u32::take(symbol).map(Const::Choice),
                None => json.get("date").and_then(Date::take).map(Const::Date),
            },
            Json::Null | Json::Arr(_) => None,
        }
    }
}

impl Wire for TableKind {
    fn put(&self) -> Json {
        match self {
            TableKind::Calendar => "calendar".into(),
            TableKind::Rows { columns, key, place } => object(Vec::from([
                ("columns", columns.put()),
                ("key", key.put()),
                ("place", place.put()),
            ])),
        }
    }
    fn take(json: &Json) -> Option<TableKind> {
        match json {
            Json::Str(word) if word == "calendar" => Some(TableKind::Calendar),
            Json::Obj(_) => Some(TableKind::Rows {
                columns: member(json, "columns")?,
                key: member(json, "key")?,
                place: member(json, "place")?,
            }),
            _ => None,
        }
    }
}

/// Row of numbers.
fn numbers(values: impl IntoIterator<Item = u32>) -> Json {
    Json::Arr(values.into_iter().map(Json::from).collect())
}

fn small(json: &Json) -> Option<Vec<u32>> {
    json.as_arr()?.iter().map(u32::take).collect()
}

/// A node is `[operation, a, b, c]`, zeros at the end left out.
impl Wire for Node {
    fn put(&self) -> Json {
        let word = Op::ALL.get(self.op as usize).map_or("", |row| row.1);
        let mut row = Vec::from([Json::from(word), self.a.put(), self.b.put(), self.c.put()]);
        while row.len() > 1 && row.last() == Some(&Json::Num(0.0)) {
            row.pop();
        }
        Json::Arr(row)
    }
    fn take(json: &Json) -> Option<Node> {
        let row = json.as_arr()?;
        let word = row.first()?.as_str()?;
        let op = Op::ALL.iter().find(|op| op.1 == word)?.0;
        let operand = |i: usize| row.get(i).map_or(Some(0), u32::take);
        if row.len() > 4 {
            None
        } else {
            Some(Node {
                op,
                a: operand(1)?,
                b: operand(2)?,
                c: operand(3)?,
            })
        }
    }
}

impl Wire for Span {
    fn put(&self) -> Json {
        numbers([self.node, self.text, self.start, self.end])
    }
    fn take(json: &Json) -> Option<Span> {
        match small(json)?.as_slice() {
            [node, text, start, end] => Some(Span {
                node: *node,
                text: *text,
                start: *start,
                end: *end,
            }),
            _ => None,
        }
    }
}

/// Runs of equal numbers as `number, length`: automata are mostly runs.
fn runs(values: impl IntoIterator<Item = u32>) -> Json {
    let mut out: Vec<u32> = Vec::new();
    for value in values {
        match out.as_mut_slice() {
            [.., last, length] if *last == value => *length += 1,
            _ => out.extend([value, 1]),
        }
    }
    numbers(out)
}

fn unrun(json: Option<&Json>, most: usize) -> Option<Vec<u32>> {
    let mut out = Vec::new();
    for pair in small(json?)?.chunks(2) {
        let [value, length] = pair else { return None };
        if out.len() + *length as usize > most {
            return None;
        }
        out.resize(out.len() + *length as usize, *value);
    }
    Some(out)
}

impl Wire for Pattern {
    fn put(&self) -> Json {
        object(Vec::from([
            ("source", self.source.put()),
            (
                "classes",
                runs(self.classes.iter().map(|class| u32::from(*class))),
            ),
            ("stride", self.stride.put()),
            ("next", runs(self.next.iter().map(|state| u32::from(*state)))),
            (
                "accept",
                runs(self.accept.iter().map(|accept| u32::from(*accept))),
            ),
        ]))
    }
    fn take(json: &Json) -> Option<Pattern> {
        let most = crate::limits::PATTERN_CELLS;
        let classes = unrun(json.get("classes"), 256)?;
        let next = unrun(json.get("next"), most)?;
        let accept = unrun(json.get("accept"), most)?;
        Some(Pattern {
            source: member(json, "source")?,
            classes: classes
                .into_iter()
                .map(|class| u8::try_from(class).ok())
                .collect::<Option<_>>()?,
            stride: member(json, "stride")?,
            next: next
                .into_iter()
                .map(|state| u16::try_from(state).ok())
                .collect::<Option<_>>()?,
            accept: accept.into_iter().map(|accept| accept == 1).collect(),
        })
    }
}
