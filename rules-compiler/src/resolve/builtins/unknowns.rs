//! What is known, and what an author declares unknown.

use super::{Builtin, Call};
use crate::diagnostic::Code;
use crate::hir::{Expr, ExprKind, Ty};
use crate::resolve::typer::{Typer, fault, op};
use rules_core::plan::Op;

pub(super) const ALL: &[Builtin] = &[
    Builtin {
        name: "known",
        usage: "known(x)",
        arity: (1, 1),
        call: |typer, call| look(typer, call, Op::Known),
    },
    Builtin {
        name: "missing",
        usage: "missing(x)",
        arity: (1, 1),
        call: |typer, call| look(typer, call, Op::IsMissing),
    },
    Builtin {
        name: "unknown",
        usage: "unknown(\"reason\")",
        arity: (1, 1),
        call: unknown,
    },
];

fn look(typer: &mut Typer<'_, '_>, call: &Call<'_>, operation: Op) -> Expr {
    let of = typer.value(call.arg(0));
    op(operation, vec![of], Ty::Bool, call.span)
}

fn unknown(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Expr {
    let Some(reason) = typer.literal(call, 0) else {
        return fault(call.span);
    };
    if reason.value.trim().is_empty() {
        return typer.wrong(Code::R0211, reason.span, "a reason has words");
    }
    Expr {
        kind: ExprKind::Unknown(reason.value),
        ty: Ty::Any,
        span: call.span,
    }
}
