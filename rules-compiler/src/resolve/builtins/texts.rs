//! Texts: length, search, patterns, identity numbers.

use super::{Builtin, Call};
use crate::hir::{Expr, ExprKind, Operand, Ty};
use crate::resolve::typer::{Typer, fault, op};
use rules_core::plan::Op;

pub(super) const ALL: &[Builtin] = &[
    Builtin {
        name: "len",
        usage: "len(x)",
        arity: (1, 1),
        call: len,
    },
    Builtin {
        name: "contains",
        usage: "contains(x, y)",
        arity: (2, 2),
        call: contains,
    },
    Builtin {
        name: "starts_with",
        usage: "starts_with(text, \"…\")",
        arity: (2, 2),
        call: |typer, call| two(typer, call, Op::StartsWith),
    },
    Builtin {
        name: "ends_with",
        usage: "ends_with(text, \"…\")",
        arity: (2, 2),
        call: |typer, call| two(typer, call, Op::EndsWith),
    },
    Builtin {
        name: "lower",
        usage: "lower(text)",
        arity: (1, 1),
        call: |typer, call| one(typer, call, Op::Lower, Ty::Text),
    },
    Builtin {
        name: "trim",
        usage: "trim(text)",
        arity: (1, 1),
        call: |typer, call| one(typer, call, Op::Trim, Ty::Text),
    },
    Builtin {
        name: "matches",
        usage: "matches(text, \"regex\")",
        arity: (2, 2),
        call: matches,
    },
    Builtin {
        name: "resident_id_ok",
        usage: "resident_id_ok(text)",
        arity: (1, 1),
        call: |typer, call| one(typer, call, Op::ResidentIdOk, Ty::Bool),
    },
    Builtin {
        name: "birth_of_resident_id",
        usage: "birth_of_resident_id(text)",
        arity: (1, 1),
        call: |typer, call| one(typer, call, Op::BirthOfId, Ty::Date),
    },
];

fn len(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Expr {
    let fits = |ty: &Ty| {
        matches!(
            ty,
            Ty::Text | Ty::Ref(_) | Ty::List(_) | Ty::Rows(_) | Ty::Choices(_)
        )
    };
    let of = typer.want(call.arg(0), fits, "`len`", "a text or a list");
    op(Op::Len, vec![of], Ty::Int(String::new()), call.span)
}

fn contains(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Expr {
    typer.membership(call.arg(1), call.arg(0), call.span)
}

fn one(typer: &mut Typer<'_, '_>, call: &Call<'_>, operation: Op, ty: Ty) -> Expr {
    let text = typer.text(call, 0);
    op(operation, vec![text], ty, call.span)
}

fn two(typer: &mut Typer<'_, '_>, call: &Call<'_>, operation: Op) -> Expr {
    let (text, part) = (typer.text(call, 0), typer.text(call, 1));
    op(operation, vec![text, part], Ty::Bool, call.span)
}

fn matches(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Expr {
    let text = typer.text(call, 0);
    let Some(source) = typer.literal(call, 1) else {
        return fault(call.span);
    };
    let Some(pattern) = typer.world.pattern(&source) else {
        return fault(call.span);
    };
    let kind = ExprKind::Op(Op::Matches, vec![Operand::Expr(text), Operand::Number(pattern)]);
    Expr {
        kind,
        ty: Ty::Bool,
        span: call.span,
    }
}
