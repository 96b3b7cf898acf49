//! Fields become slots.
//!
//! In: the author's fields, groups and lists. Out: the core's `Form` (and the columns of tables), with the expressions of relevance
//! kept for later, when every name is known. Must not know: rules, expressions.

use super::text;
use super::world::World;
use crate::ast::{self, At, Literal, Span};
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::Ty;
use rules_core::domain::date::{Date, DateTime};
use rules_core::domain::geo::Crs;
use rules_core::form::{self, Group, Kind, Member, Opt, Scope};
use rules_core::limits;
use std::collections::BTreeMap;

/// The words of field types.
const KINDS: [&str; 15] = [
    "boolean",
    "integer",
    "number",
    "text",
    "choice",
    "choices",
    "date",
    "datetime",
    "measure",
    "point",
    "area",
    "attachment",
    "group",
    "list",
    "ref",
];

/// A set of choices is one machine word in the plan's values.
const MOST_CHOICES: usize = 64;

/// An expression of relevance, and what it decides.
pub(crate) struct Relevance<'a> {
    /// What the author wrote.
    pub(crate) expr: &'a ast::Expr,
    /// The scope it stands in.
    pub(crate) scope: u32,
    /// Groups from the record inwards, whose members are readable.
    pub(crate) groups: Vec<u32>,
    /// A field, or a group.
    pub(crate) target: Member,
}

/// Where fields are being put.
struct Place {
    /// Number of the scope in the form; `None` for the columns of a table.
    scope: Option<u32>,
    /// Groups from the record inwards.
    groups: Vec<u32>,
    /// Keys of those groups.
    path: Vec<String>,
    sensitive: bool,
}

/// Builds the whole form.
pub(crate) fn resolve<'a>(world: &mut World<'_>, fields: &'a [ast::Field], pending: &mut Vec<Relevance<'a>>) {
    world.form.scopes = vec![Scope::default()];
    let scope = record(world, fields, Some(0), false, pending);
    if let Some(root) = world.form.scopes.first_mut() {
        *root = scope;
    }
    for name in fields.iter().map(|field| &field.name) {
        if matches!(name.value.as_str(), "params" | "as_of") {
            world.report.say(
                Code::R0202,
                name.span,
                format!("`{}` has a meaning of its own", name.value),
            );
        }
    }
}

/// The columns of a table.
pub(crate) fn columns<'a>(
    world: &mut World<'_>,
    fields: &'a [ast::Field],
    pending: &mut Vec<Relevance<'a>>,
) -> Scope {
    record(world, fields, None, false, pending)
}

fn record<'a>(
    world: &mut World<'_>,
    fields: &'a [ast::Field],
    number: Option<u32>,
    sensitive: bool,
    pending: &mut Vec<Relevance<'a>>,
) -> Scope {
    let mut scope = Scope {
        groups: vec![Group::default()],
        ..Scope::default()
    };
    let mut place = Place {
        scope: number,
        groups: vec![0],
        path: Vec::new(),
        sensitive,
    };
    members(world, fields, &mut scope, &mut place, pending);
    if scope.fields.len() > limits::SLOTS {
        let span = fields.first().map_or_else(Span::default, |field| field.name.span);
        world.report.say(
            Code::R0215,
            span,
            format!("a record has more than {} fields", limits::SLOTS),
        );
    }
    scope
}

fn members<'a>(
    world: &mut World<'_>,
    fields: &'a [ast::Field],
    scope: &mut Scope,
    place: &mut Place,
    pending: &mut Vec<Relevance<'a>>,
) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for field in fields {
        if let Some(first) = seen.insert(&field.name.value, field.name.span) {
            world.report.push(
                Diagnostic::new(
                    Code::R0202,
                    field.name.span,
                    format!("the field `{}` is declared twice", field.name.value),
                )
                .label(first, "first here"),
            );
            continue;
        }
        let member = if field.kind.value == "group" {
            group(world, field, scope, place, pending)
        } else {
            slot(world, field, scope, place, pending)
        };
        if let Some(expr) = &field.relevant {
            match place.scope {
                Some(number) => {
                    pending.push(Relevance {
                        expr,
                        scope: number,
                        groups: place.groups.clone(),
                        target: member,
                    });
                }
                None => misfit(world, expr.span, "relevant", "column"),
            }
        }
        let inner = place.groups.last().copied().unwrap_or(0);
        if let Some(group) = scope.groups.get_mut(inner as usize) {
            group.members.push(member);
        }
    }
}

fn group<'a>(
    world: &mut World<'_>,
    field: &'a ast::Field,
    scope: &mut Scope,
    place: &mut Place,
    pending: &mut Vec<Relevance<'a>>,
) -> Member {
    check_keys(world, field);
    let number = index(scope.groups.len());
    scope.groups.push(Group {
        name: field.name.value.clone(),
        label: text(&field.label),
        hint: text(&field.hint),
        relevant: None,
        members: Vec::new(),
    });
    let outer = place.sensitive;
    place.sensitive |= field.sensitive;
    place.groups.push(number);
    place.path.push(field.name.value.clone());
    members(world, &field.fields, scope, place, pending);
    place.path.pop();
    place.groups.pop();
    place.sensitive = outer;
    Member::Group(number)
}

fn slot<'a>(
    world: &mut World<'_>,
    field: &'a ast::Field,
    scope: &mut Scope,
    place: &Place,
    pending: &mut Vec<Relevance<'a>>,
) -> Member {
    let number = index(scope.fields.len());
    let mut path = place.path.clone();
    if !field.name.value.is_empty() {
        path.push(field.name.value.clone());
    }
    let sensitive = place.sensitive || field.sensitive;
    let kind = kind(world, field, place, sensitive, pending);
    let (min, max) = (
        bound(world, field, field.min.as_ref()),
        bound(world, field, field.max.as_ref()),
    );
    if let (Some(low), Some(high), Some(at)) = (min, max, &field.max)
        && low > high
    {
        world.report.say(Code::R0009, at.span, "`max` is below `min`");
    }
    check_keys(world, field);
    let options = options(world, &field.options);
    if kind == Kind::Choices && options.len() > MOST_CHOICES {
        world.report.say(
            Code::R0213,
            field.name.span,
            format!("`choices` hold at most {MOST_CHOICES} options; make it a list"),
        );
    }
    let pattern = field.pattern.as_ref().and_then(|pattern| world.pattern(pattern));
    let table = field.table.as_ref().and_then(|table| world.table(table));
    let crs = field.crs.iter().filter_map(|word| crs(world, word)).collect();
    // Placeholders are for the tests of the form only: a slot is pushed once, here.
    scope.fields.push(form::Field {
        name: field.name.value.clone(),
        path,
        kind,
        label: text(&field.label),
        hint: text(&field.hint),
        required: field.required,
        relevant: None,
        unit: field
            .unit
            .as_ref()
            .map(|unit| unit.value.clone())
            .unwrap_or_default(),
        min,
        max,
        max_length: field.max_length.as_ref().map(|n| n.value),
        pattern,
        options,
        min_items: field.min_items.as_ref().map(|n| n.value),
        max_items: field.max_items.as_ref().map(|n| n.value),
        crs,
        table,
        sensitive,
    });
    Member::Field(number)
}

fn kind<'a>(
    world: &mut World<'_>,
    field: &'a ast::Field,
    place: &Place,
    sensitive: bool,
    pending: &mut Vec<Relevance<'a>>,
) -> Kind {
    match field.kind.value.as_str() {
        "boolean" => Kind::Boolean,
        "integer" => Kind::Integer,
        "number" => Kind::Number,
        "text" => Kind::Text,
        "choice" => Kind::Choice,
        "choices" => Kind::Choices,
        "date" => Kind::Date,
        "datetime" => Kind::DateTime,
        "measure" => Kind::Measure,
        "point" => Kind::Point,
        "area" => Kind::Area,
        "attachment" => Kind::Attachment,
        "ref" => Kind::Ref,
        "list" => {
            if place.scope.is_none() {
                world.report.say(
                    Code::R0213,
                    field.kind.span,
                    "a column of a table cannot be a list",
                );
                return Kind::Text;
            }
            let number = index(world.form.scopes.len());
            world.form.scopes.push(Scope::default());
            let scope = match &field.item {
                Some(item) => scalar(world, item, number, sensitive, pending),
                None => record(world, &field.fields, Some(number), sensitive, pending),
            };
            if let Some(slot) = world.form.scopes.get_mut(number as usize) {
                *slot = scope;
            }
            Kind::List(number)
        }
        "" => Kind::Text,
        other => {
            let message = format!("`{other}` is not a type of fields");
            world
                .report
                .push(Diagnostic::new(Code::R0008, field.kind.span, message).nearest(other, KINDS));
            Kind::Text
        }
    }
}

fn scalar<'a>(
    world: &mut World<'_>,
    item: &'a ast::Field,
    number: u32,
    sensitive: bool,
    pending: &mut Vec<Relevance<'a>>,
) -> Scope {
    let mut scope = Scope {
        groups: vec![Group::default()],
        scalar: true,
        ..Scope::default()
    };
    if matches!(item.kind.value.as_str(), "group" | "list") {
        world.report.push(
            Diagnostic::new(
                Code::R0213,
                item.kind.span,
                format!("an item cannot be a {}", item.kind.value),
            )
            .help("write `fields:` for a list of records"),
        );
        return scope;
    }
    let place = Place {
        scope: Some(number),
        groups: vec![0],
        path: Vec::new(),
        sensitive,
    };
    let member = slot(world, item, &mut scope, &place, pending);
    if let Some(group) = scope.groups.first_mut() {
        group.members.push(member);
    }
    scope
}

/// Options with their interned codes.
pub(crate) fn options(world: &mut World<'_>, options: &[(At<String>, ast::Text)]) -> Vec<Opt> {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    let mut list = Vec::new();
    for (code, label) in options {
        if let Some(first) = seen.insert(&code.value, code.span) {
            let message = format!("the option `{}` is declared twice", code.value);
            world
                .report
                .push(Diagnostic::new(Code::R0202, code.span, message).label(first, "first here"));
            continue;
        }
        list.push(Opt {
            symbol: world.symbol(&code.value),
            label: text(label),
        });
    }
    list
}

fn crs(world: &mut World<'_>, word: &At<String>) -> Option<Crs> {
    let found = Crs::from_name(&word.value);
    if found.is_none() {
        let message = format!("`{}` is not a coordinate system", word.value);
        let names = Crs::ALL.iter().map(|crs| crs.name());
        world
            .report
            .push(Diagnostic::new(Code::R0008, word.span, message).nearest(&word.value, names));
    }
    found
}

/// `min` or `max` as the number that the core compares.
fn bound(world: &mut World<'_>, field: &ast::Field, literal: Option<&At<Literal>>) -> Option<f64> {
    let literal = literal?;
    let found = match (field.kind.value.as_str(), &literal.value) {
        ("integer" | "number" | "measure", Literal::Int(n)) => Some(*n as f64),
        ("number" | "measure", Literal::Num(n)) => Some(*n),
        ("date", Literal::Text(day)) => Date::parse(day).ok().map(|day| f64::from(day.days())),
        ("datetime", Literal::Text(time)) => DateTime::parse(time).ok().map(|time| time.millis() as f64),
        ("integer" | "number" | "measure" | "date" | "datetime", _) => None,
        // Said by `check_keys`.
        _ => return None,
    };
    if found.is_none() {
        let message = format!("this is not a value of type {}", field.kind.value);
        world.report.say(Code::R0009, literal.span, message);
    }
    found
}

/// Keys that do not belong to the type, and those that it needs.
fn check_keys(world: &mut World<'_>, field: &ast::Field) {
    let kind = field.kind.value.as_str();
    let number = matches!(kind, "integer" | "number" | "measure");
    let day = matches!(kind, "date" | "datetime");
    let options = matches!(kind, "choice" | "choices");
    let many = matches!(kind, "list" | "choices");
    let place = matches!(kind, "point" | "area");
    let mut wrong = |present: Option<Span>, fits: bool, key: &str| {
        if let Some(span) = present
            && !fits
        {
            misfit(world, span, key, kind);
        }
    };
    wrong(field.unit.as_ref().map(|at| at.span), number, "unit");
    wrong(field.min.as_ref().map(|at| at.span), number || day, "min");
    wrong(field.max.as_ref().map(|at| at.span), number || day, "max");
    wrong(
        field.max_length.as_ref().map(|at| at.span),
        kind == "text",
        "max_length",
    );
    wrong(
        field.pattern.as_ref().map(|at| at.span),
        kind == "text",
        "pattern",
    );
    wrong(field.options.first().map(|(at, _)| at.span), options, "options");
    wrong(field.min_items.as_ref().map(|at| at.span), many, "min_items");
    wrong(field.max_items.as_ref().map(|at| at.span), many, "max_items");
    wrong(field.crs.first().map(|at| at.span), place, "crs");
    wrong(
        field.fields.first().map(|inner| inner.name.span),
        matches!(kind, "group" | "list"),
        "fields",
    );
    wrong(
        field.item.as_ref().map(|item| item.kind.span),
        kind == "list",
        "item",
    );
    wrong(field.table.as_ref().map(|at| at.span), kind == "ref", "table");
    wrong(
        (kind == "group" && field.required).then_some(field.name.span),
        false,
        "required",
    );

    let lacks = match kind {
        "choice" | "choices" if field.options.is_empty() => Some("options"),
        "group" if field.fields.is_empty() => Some("fields"),
        "list" if field.fields.is_empty() && field.item.is_none() => Some("fields` or `item"),
        "ref" if field.table.is_none() => Some("table"),
        _ => None,
    };
    if let Some(key) = lacks {
        world
            .report
            .say(Code::R0213, field.kind.span, format!("a {kind} needs `{key}`"));
    }
    if kind == "list" && field.item.is_some() && !field.fields.is_empty() {
        world.report.say(
            Code::R0213,
            field.kind.span,
            "a list has either `fields` or `item`",
        );
    }
}

fn misfit(world: &mut World<'_>, span: Span, key: &str, kind: &str) {
    world
        .report
        .say(Code::R0213, span, format!("`{key}` does not belong to a {kind}"));
}

/// The type of what a slot holds.
pub(crate) fn ty(field: &form::Field) -> Ty {
    let symbols = || field.options.iter().map(|option| option.symbol).collect();
    match field.kind {
        Kind::Boolean => Ty::Bool,
        Kind::Integer => Ty::Int(field.unit.clone()),
        Kind::Number => Ty::Num(field.unit.clone()),
        Kind::Text => Ty::Text,
        Kind::Choice => Ty::Choice(symbols()),
        Kind::Choices => Ty::Choices(symbols()),
        Kind::Date => Ty::Date,
        Kind::DateTime => Ty::DateTime,
        Kind::Measure => Ty::Measure(field.unit.clone()),
        Kind::Point => Ty::Point(field.crs.clone()),
        Kind::Area => Ty::Area(field.crs.clone()),
        Kind::Attachment => Ty::Attachment,
        Kind::Ref => Ty::Ref(field.table.unwrap_or(0)),
        Kind::List(scope) => Ty::List(scope),
    }
}

/// Lengths of lists here are far below the range of `u32`.
fn index(n: usize) -> u32 {
    crate::source::to_u32(n)
}
