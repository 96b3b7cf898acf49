//! Lists: quantifiers, counts, sums, extremes.

use super::{Builtin, Call};
use crate::ast::{self, At};
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{Expr, ExprKind, Ty};
use crate::resolve::typer::{Bound, Typer, fault, op};
use crate::resolve::types::{self, describe};
use rules_core::plan::Op;

pub(super) const ALL: &[Builtin] = &[
    Builtin {
        name: "all",
        usage: "all(list, |x| …)",
        arity: (2, 2),
        call: |typer, call| truth(typer, call, Op::All),
    },
    Builtin {
        name: "any",
        usage: "any(list, |x| …)",
        arity: (2, 2),
        call: |typer, call| truth(typer, call, Op::Any),
    },
    Builtin {
        name: "none",
        usage: "none(list, |x| …)",
        arity: (2, 2),
        call: |typer, call| truth(typer, call, Op::NoneOf),
    },
    Builtin {
        name: "count",
        usage: "count(list, |x| …)",
        arity: (1, 2),
        call: count,
    },
    Builtin {
        name: "sum",
        usage: "sum(list, |x| …)",
        arity: (1, 2),
        call: sum,
    },
    Builtin {
        name: "min",
        usage: "min(list, |x| …)` or `min(a, b)",
        arity: (1, 2),
        call: |typer, call| extreme(typer, call, Op::MinOf, Op::Min2),
    },
    Builtin {
        name: "max",
        usage: "max(list, |x| …)` or `max(a, b)",
        arity: (1, 2),
        call: |typer, call| extreme(typer, call, Op::MaxOf, Op::Max2),
    },
];

/// The list of a call, and what its items are.
fn list(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> (Expr, Bound) {
    let typed = typer.value(call.arg(0));
    let bound = match &typed.ty {
        Ty::List(scope) => Bound::Item(*scope),
        Ty::Rows(table) => Bound::Row(*table),
        Ty::Any => Bound::Fault,
        other => {
            let message = format!("{} expects a list here, found {}", call.what(), describe(other));
            typer.wrong(Code::R0203, typed.span, message);
            Bound::Fault
        }
    };
    (typed, bound)
}

/// The closure of a call with its parameter bound.
fn over(typer: &mut Typer<'_, '_>, call: &Call<'_>, operation: Op) -> Option<(Expr, Box<Expr>, u32, Op)> {
    let (list, bound) = list(typer, call);
    let arg = call.arg(1);
    let ast::ExprKind::Closure(name, body) = &arg.kind else {
        if !matches!(arg.kind, ast::ExprKind::Error) {
            let diagnostic = Diagnostic::new(
                Code::R0203,
                arg.span,
                format!("{} expects a closure here", call.what()),
            )
            .help(format!("write `{}(list, |x| …)`", call.name.value));
            typer.push(diagnostic);
        }
        return None;
    };
    let (body, frame) = typer.bind(name, bound, body);
    Some((list, Box::new(body), frame, operation))
}

/// A list of scalars without a closure: the items themselves.
fn items(typer: &mut Typer<'_, '_>, call: &Call<'_>, operation: Op) -> Option<(Expr, Box<Expr>, u32, Op)> {
    let (list, bound) = list(typer, call);
    if let Bound::Item(scope) = bound
        && typer.world.scalar(scope).is_none()
    {
        let diagnostic = Diagnostic::new(
            Code::R0205,
            call.span,
            format!("{} needs to know of what", call.what()),
        )
        .help(format!("write `{}(list, |x| x.…)`", call.name.value));
        typer.push(diagnostic);
        return None;
    }
    if let Bound::Row(_) = bound {
        typer.wrong(
            Code::R0205,
            call.span,
            format!("{} needs a closure over rows", call.what()),
        );
        return None;
    }
    let name = At {
        value: "$".to_owned(),
        span: call.span,
    };
    let body = ast::Expr {
        kind: ast::ExprKind::Name("$".to_owned()),
        span: call.span,
    };
    let (body, frame) = typer.bind(&name, bound, &body);
    Some((list, Box::new(body), frame, operation))
}

fn make(parts: (Expr, Box<Expr>, u32, Op), ty: Ty, call: &Call<'_>) -> Expr {
    let (list, body, frame, operation) = parts;
    Expr {
        kind: ExprKind::Over(operation, Box::new(list), body, frame),
        ty,
        span: call.span,
    }
}

/// Refuses a body that is not true or false.
fn condition(typer: &mut Typer<'_, '_>, body: &Expr) {
    if !matches!(body.ty, Ty::Bool | Ty::Any) {
        let message = format!("expected true or false, found {}", describe(&body.ty));
        typer.wrong(Code::R0203, body.span, message);
    }
}

fn truth(typer: &mut Typer<'_, '_>, call: &Call<'_>, operation: Op) -> Expr {
    let Some(parts) = over(typer, call, operation) else {
        return fault(call.span);
    };
    condition(typer, &parts.1);
    make(parts, Ty::Bool, call)
}

fn count(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Expr {
    let ty = Ty::Int(String::new());
    if call.args.len() == 1 {
        let (list, _) = list(typer, call);
        return op(Op::Len, vec![list], ty, call.span);
    }
    let Some(parts) = over(typer, call, Op::Count) else {
        return fault(call.span);
    };
    condition(typer, &parts.1);
    make(parts, ty, call)
}

fn sum(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Expr {
    let parts = if call.args.len() == 1 {
        items(typer, call, Op::Sum)
    } else {
        over(typer, call, Op::Sum)
    };
    let Some(parts) = parts else {
        return fault(call.span);
    };
    let ty = parts.1.ty.clone();
    if !types::is_numeric(&ty) {
        let message = format!("`sum` adds numbers, found {}", describe(&ty));
        return typer.wrong(Code::R0203, parts.1.span, message);
    }
    make(parts, ty, call)
}

fn extreme(typer: &mut Typer<'_, '_>, call: &Call<'_>, of_list: Op, of_two: Op) -> Expr {
    let ordered = |ty: &Ty| types::is_numeric(ty) || matches!(ty, Ty::Date | Ty::DateTime);
    let closure = matches!(call.arg(1).kind, ast::ExprKind::Closure(..));
    if call.args.len() == 2 && !closure {
        let (a, b) = (typer.value(call.arg(0)), typer.value(call.arg(1)));
        let (a, b, ty) = typer.fit(a, b, &format!("both arguments of {}", call.what()), call.span);
        if !ordered(&ty) {
            let message = format!(
                "{} compares numbers or dates, found {}",
                call.what(),
                describe(&ty)
            );
            return typer.wrong(Code::R0203, call.span, message);
        }
        return op(of_two, vec![a, b], ty, call.span);
    }
    let parts = if closure {
        over(typer, call, of_list)
    } else {
        items(typer, call, of_list)
    };
    let Some(parts) = parts else {
        return fault(call.span);
    };
    let ty = parts.1.ty.clone();
    if !ordered(&ty) {
        let message = format!(
            "{} compares numbers or dates, found {}",
            call.what(),
            describe(&ty)
        );
        return typer.wrong(Code::R0203, parts.1.span, message);
    }
    make(parts, ty, call)
}
