//! Parameters, tables and functions: what a ruleset declares beside its form.
//!
//! In: the author's declarations. Out: the lists of the `World`. Must not know: rules, expressions.

use super::forms::{self, Relevance};
use super::text;
use super::world::World;
use crate::ast::{self, At, Literal, Span};
use crate::compile::Library;
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{self, Ty};
use crate::source::to_u32;
use rules_core::domain::date::Date;
use rules_core::form::Kind;
use rules_core::plan::{self, Const, Scalar, TableKind};
use std::collections::BTreeMap;

/// Says a second declaration.
fn twice<'a>(
    world: &mut World<'_>,
    seen: &mut BTreeMap<&'a str, Span>,
    name: &'a At<String>,
    what: &str,
) -> bool {
    let Some(first) = seen.insert(&name.value, name.span) else {
        return false;
    };
    let message = format!("the {what} `{}` is declared twice", name.value);
    world
        .report
        .push(Diagnostic::new(Code::R0202, name.span, message).label(first, "first here"));
    true
}

/// Resolves parameters.
pub(crate) fn params(world: &mut World<'_>, params: &[ast::Param], clauses: &[plan::Clause]) {
    let mut seen = BTreeMap::new();
    for param in params {
        if twice(world, &mut seen, &param.name, "param") {
            continue;
        }
        let unit = param
            .unit
            .as_ref()
            .map(|unit| unit.value.clone())
            .unwrap_or_default();
        let ty = param_type(world, param, &unit);
        let number = matches!(ty, Ty::Int(_) | Ty::Num(_));
        if let Some(unit) = param.unit.as_ref().filter(|_| !number) {
            world
                .report
                .say(Code::R0213, unit.span, "`unit` belongs to an integer or a number");
        }
        let value = param
            .value
            .as_ref()
            .and_then(|value| param_value(world, &ty, value));
        let clause = param
            .clause
            .as_ref()
            .and_then(|id| super::rules::clause(world, clauses, id));
        if let Some(value) = param.value.as_ref()
            && param.clause.is_none()
            && !param.proposal
        {
            let message = format!("the value of `{}` rests on no clause", param.name.value);
            world.report.push(
                Diagnostic::new(Code::R0306, value.span, message).help(
                    "name the `clause` that states it, or say `proposal: true`, or leave the value out",
                ),
            );
        }
        world.params.push(hir::Param {
            name: param.name.value.clone(),
            label: text(&param.label),
            ty,
            unit,
            value,
            clause,
        });
    }
}

fn param_type(world: &mut World<'_>, param: &ast::Param, unit: &str) -> Ty {
    let Some(kind) = &param.kind else {
        // A layer sets what nobody declared: said when the layers are merged.
        return Ty::Any;
    };
    if let Some((option, _)) = param.options.first()
        && kind.value != "choice"
    {
        world.report.say(
            Code::R0213,
            option.span,
            format!("`options` do not belong to a {}", kind.value),
        );
    }
    match kind.value.as_str() {
        "boolean" => Ty::Bool,
        "integer" => Ty::Int(unit.to_owned()),
        "number" => Ty::Num(unit.to_owned()),
        "text" => Ty::Text,
        "date" => Ty::Date,
        "choice" => {
            if param.options.is_empty() {
                world
                    .report
                    .say(Code::R0213, kind.span, "a choice needs `options`");
            }
            Ty::Choice(
                forms::options(world, &param.options)
                    .iter()
                    .map(|option| option.symbol)
                    .collect(),
            )
        }
        "" => Ty::Any,
        other => {
            let words = ["boolean", "integer", "number", "text", "choice", "date"];
            let message = format!("`{other}` is not a type of params");
            world
                .report
                .push(Diagnostic::new(Code::R0008, kind.span, message).nearest(other, words));
            Ty::Any
        }
    }
}

fn param_value(world: &mut World<'_>, ty: &Ty, value: &At<Literal>) -> Option<Const> {
    let found = match (ty, &value.value) {
        (Ty::Bool, Literal::Bool(flag)) => Some(Const::Bool(*flag)),
        (Ty::Int(_) | Ty::Num(_), Literal::Int(n)) => Some(Const::Num(*n as f64)),
        (Ty::Num(_), Literal::Num(n)) => Some(Const::Num(*n)),
        (Ty::Text, Literal::Text(text)) => Some(Const::Text(text.clone())),
        (Ty::Date, Literal::Text(day)) => Date::parse(day).ok().map(Const::Date),
        (Ty::Choice(symbols), Literal::Text(code)) => {
            let found = symbols.iter().copied().find(|symbol| world.code(*symbol) == code);
            if found.is_none() {
                let codes: Vec<&str> = symbols.iter().map(|symbol| world.code(*symbol)).collect();
                let diagnostic =
                    Diagnostic::new(Code::R0206, value.span, format!("there is no option `{code}`"))
                        .nearest(code, codes);
                world.report.push(diagnostic);
                return None;
            }
            found.map(Const::Choice)
        }
        (Ty::Any, _) => return None,
        _ => None,
    };
    if found.is_none() {
        let message = format!("this is not {}", super::types::describe(ty));
        world.report.say(Code::R0009, value.span, message);
    }
    found
}

/// Resolves tables; their names come first so that columns may refer to them.
pub(crate) fn tables<'a>(
    world: &mut World<'_>,
    tables: &'a [ast::Table],
    library: &dyn Library,
    pending: &mut Vec<Relevance<'a>>,
) {
    let mut seen = BTreeMap::new();
    for table in tables {
        if twice(world, &mut seen, &table.name, "table") {
            continue;
        }
        let kind = if table.calendar {
            TableKind::Calendar
        } else {
            let columns = forms::columns(world, &table.columns, pending);
            let key = table.key.as_ref().and_then(|key| {
                let found = columns
                    .fields
                    .iter()
                    .position(|column| column.path == [key.value.as_str()]);
                let fits = found
                    .and_then(|at| columns.fields.get(at))
                    .is_some_and(|column| column.kind == Kind::Text);
                if !fits {
                    let names = columns.fields.iter().map(|column| column.name.as_str());
                    let message = format!("the key `{}` is not a text column", key.value);
                    world
                        .report
                        .push(Diagnostic::new(Code::R0214, key.span, message).nearest(&key.value, names));
                }
                found
            });
            let place = columns
                .fields
                .iter()
                .position(|column| column.kind == Kind::Point);
            TableKind::Rows {
                columns,
                key: key.map(to_u32),
                place: place.map(to_u32),
            }
        };
        if let Some(include) = &table.include
            && library.table(&include.value).is_none()
        {
            let message = format!("there is no stored table `{}`", include.value);
            world.report.push(
                Diagnostic::new(Code::R0214, include.span, message)
                    .help(format!("store it as `tables/{}.csv`", include.value)),
            );
        }
        world.tables.push(plan::Table {
            name: table.name.value.clone(),
            label: text(&table.label),
            kind,
            include: table.include.as_ref().map(|include| include.value.clone()),
        });
    }
}

/// Resolves functions.
pub(crate) fn functions(world: &mut World<'_>, functions: &[ast::Function]) {
    let mut seen = BTreeMap::new();
    for function in functions {
        if twice(world, &mut seen, &function.name, "function") {
            continue;
        }
        if super::builtins::is_builtin(&function.name.value) {
            let message = format!("`{}` is a function of the language", function.name.value);
            world.report.say(Code::R0202, function.name.span, message);
        }
        let args = function
            .args
            .iter()
            .map(|(name, word)| (name.value.clone(), scalar(world, word).unwrap_or(Scalar::Text)))
            .collect();
        let returns = scalar(world, &function.returns).unwrap_or(Scalar::Boolean);
        world.functions.push(plan::Function {
            name: function.name.value.clone(),
            args,
            returns,
            body: function.body.value.clone(),
        });
    }
}

fn scalar(world: &mut World<'_>, word: &At<String>) -> Option<Scalar> {
    match word.value.as_str() {
        "boolean" => Some(Scalar::Boolean),
        "integer" => Some(Scalar::Integer),
        "number" => Some(Scalar::Number),
        "text" => Some(Scalar::Text),
        "" => None,
        other => {
            let message = format!("`{other}` is not a type of functions");
            let words = ["boolean", "integer", "number", "text"];
            world
                .report
                .push(Diagnostic::new(Code::R0008, word.span, message).nearest(other, words));
            None
        }
    }
}
