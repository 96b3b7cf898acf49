//! The functions of the language: which there are, how many arguments they take, who types a call.
//!
//! In: a call as written. Out: a typed expression. Must not know: rules. One file per family; to add a function, add a line to the
//! table of its family, and its meaning to the core and the oracle.

mod dates;
mod lists;
mod numbers;
mod places;
mod texts;
mod unknowns;

use super::typer::{Typer, fault};
use super::types;
use crate::ast::{self, At, Span};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::hir::{Expr, ExprKind, Ty};
use rules_core::plan::Scalar;

/// A function of the language.
pub(super) struct Builtin {
    /// Its name.
    name: &'static str,
    /// How a call looks.
    usage: &'static str,
    /// Fewest and most arguments.
    arity: (usize, usize),
    /// Types a call whose number of arguments is right.
    call: fn(&mut Typer<'_, '_>, &Call<'_>) -> Expr,
}

/// A call as written.
pub(super) struct Call<'c> {
    name: &'c At<String>,
    args: &'c [ast::Expr],
    span: Span,
}

/// Stands for an argument that is not there; the number of arguments was checked.
static ABSENT: ast::Expr = ast::Expr {
    kind: ast::ExprKind::Error,
    span: Span {
        file: 0,
        start: 0,
        end: 0,
    },
};

impl<'c> Call<'c> {
    /// An argument.
    fn arg(&self, number: usize) -> &'c ast::Expr {
        self.args.get(number).unwrap_or(&ABSENT)
    }

    /// The function in a message.
    fn what(&self) -> String {
        format!("`{}`", self.name.value)
    }
}

fn families() -> impl Iterator<Item = &'static Builtin> {
    [
        dates::ALL,
        lists::ALL,
        numbers::ALL,
        places::ALL,
        texts::ALL,
        unknowns::ALL,
    ]
    .into_iter()
    .flatten()
}

/// Is it the name of a function of the language?
pub(crate) fn is_builtin(name: &str) -> bool {
    families().any(|builtin| builtin.name == name)
}

/// Types a call.
pub(crate) fn call(typer: &mut Typer<'_, '_>, name: &At<String>, args: &[ast::Expr], span: Span) -> Expr {
    let call = Call { name, args, span };
    if let Some(builtin) = families().find(|builtin| builtin.name == name.value) {
        if args.len() < builtin.arity.0 || args.len() > builtin.arity.1 {
            let message = format!(
                "`{}` takes {}, found {}",
                name.value,
                counted(builtin.arity),
                args.len()
            );
            typer
                .push(Diagnostic::new(Code::R0205, span, message).help(format!("write `{}`", builtin.usage)));
            return fault(span);
        }
        return (builtin.call)(typer, &call);
    }
    match typer
        .world
        .functions
        .iter()
        .position(|function| function.name == name.value)
    {
        Some(number) => author(typer, &call, number),
        None => {
            let mut diagnostic = Diagnostic::new(
                Code::R0204,
                name.span,
                format!("there is no function `{}`", name.value),
            );
            let own: Vec<String> = typer
                .world
                .functions
                .iter()
                .map(|function| function.name.clone())
                .collect();
            let names = families()
                .map(|builtin| builtin.name)
                .chain(own.iter().map(String::as_str));
            if let Some(found) = nearest(&name.value, names) {
                let usage = families()
                    .find(|builtin| builtin.name == found)
                    .map_or(found, |builtin| builtin.usage);
                diagnostic = diagnostic.help(format!("did you mean `{usage}`?"));
            }
            typer.push(diagnostic);
            fault(span)
        }
    }
}

fn counted(arity: (usize, usize)) -> String {
    match arity {
        (1, 1) => "1 argument".to_owned(),
        (least, most) if least == most => format!("{least} arguments"),
        (least, most) => format!("{least} to {most} arguments"),
    }
}

/// A call of an author's function.
fn author(typer: &mut Typer<'_, '_>, call: &Call<'_>, number: usize) -> Expr {
    let Some(function) = typer.world.functions.get(number).cloned() else {
        return fault(call.span);
    };
    if call.args.len() != function.args.len() {
        let count = function.args.len();
        let message = format!(
            "`{}` takes {}, found {}",
            function.name,
            counted((count, count)),
            call.args.len()
        );
        let names: Vec<&str> = function.args.iter().map(|(name, _)| name.as_str()).collect();
        let usage = format!("write `{}({})`", function.name, names.join(", "));
        typer.push(Diagnostic::new(Code::R0205, call.span, message).help(usage));
        return fault(call.span);
    }
    let mut args = Vec::new();
    for (arg, (_, scalar)) in call.args.iter().zip(&function.args) {
        let (fits, expected): (fn(&Ty) -> bool, &str) = match scalar {
            Scalar::Boolean => (|ty| *ty == Ty::Bool, "true or false"),
            Scalar::Integer => (|ty| matches!(ty, Ty::Int(_)), "an integer"),
            Scalar::Number => (|ty| matches!(ty, Ty::Int(_) | Ty::Num(_)), "a number"),
            Scalar::Text => (|ty| matches!(ty, Ty::Text | Ty::Ref(_)), "a text"),
        };
        args.push(typer.want(arg, fits, &call.what(), expected));
    }
    let ty = match function.returns {
        Scalar::Boolean => Ty::Bool,
        Scalar::Integer => Ty::Int(String::new()),
        Scalar::Number => Ty::Num(String::new()),
        Scalar::Text => Ty::Text,
    };
    Expr {
        kind: ExprKind::Call(crate::source::to_u32(number), args),
        ty,
        span: call.span,
    }
}

impl Typer<'_, '_> {
    /// An argument that is a date.
    fn date(&mut self, call: &Call<'_>, number: usize) -> Expr {
        self.want(call.arg(number), |ty| *ty == Ty::Date, &call.what(), "a date")
    }

    /// An argument that is an integer in this unit or without one.
    fn integer(&mut self, call: &Call<'_>, number: usize, unit: &str) -> Expr {
        let typed = self.want(
            call.arg(number),
            |ty| matches!(ty, Ty::Int(_)),
            &call.what(),
            "an integer",
        );
        self.in_unit(typed, unit, call)
    }

    /// Refuses a number of another unit.
    fn in_unit(&mut self, expr: Expr, unit: &str, call: &Call<'_>) -> Expr {
        let own = types::unit(&expr.ty);
        if own.is_empty() || own == unit {
            return expr;
        }
        let message = format!("{} expects `{unit}` here, found `{own}`", call.what());
        self.wrong(Code::R0207, expr.span, message)
    }

    /// An argument that is a text.
    fn text(&mut self, call: &Call<'_>, number: usize) -> Expr {
        self.want(
            call.arg(number),
            |ty| matches!(ty, Ty::Text | Ty::Ref(_)),
            &call.what(),
            "a text",
        )
    }

    /// An argument that is a text literal.
    fn literal(&mut self, call: &Call<'_>, number: usize) -> Option<At<String>> {
        let arg = call.arg(number);
        if let ast::ExprKind::Text(text) = &arg.kind {
            return Some(At {
                value: text.clone(),
                span: arg.span,
            });
        }
        let message = format!("{} expects a text literal here", call.what());
        self.wrong(Code::R0211, arg.span, message);
        None
    }
}
