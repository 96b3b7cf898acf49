//! What is known, and what an author declares unknown.

use super::{Builtin, Call};
use crate::ast::Binary;
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{Expr, ExprKind, Ty};
use crate::resolve::typer::{Typer, fault, op};
use rules_core::plan::{Const, Op};

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
        name: "met",
        usage: "met(finding)",
        arity: (1, 1),
        call: met,
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

/// What an inspector's finding says: `met` is true, `not_met` false, anything between is unknown under its own name.
fn met(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Expr {
    let codes = ["met", "partly_met", "not_met", "not_inspected"];
    let finding = typer.value(call.arg(0));
    let is_finding = match &finding.ty {
        Ty::Choice(options) => {
            options.len() == codes.len() && options.iter().all(|one| codes.contains(&typer.world.code(*one)))
        }
        Ty::Any => return fault(call.span),
        _ => false,
    };
    if !is_finding {
        let diagnostic = Diagnostic::new(Code::R0203, finding.span, "`met` reads a field of type `finding`")
            .help("a finding is what an inspector records: met, partly_met, not_met or not_inspected");
        typer.push(diagnostic);
        return fault(call.span);
    }
    let span = call.span;
    let expr = |kind, ty| Expr { kind, ty, span };
    let mut decided = expr(ExprKind::Unknown("not_inspected".to_owned()), Ty::Bool);
    for code in ["partly_met", "not_met", "met"] {
        let symbol = typer.world.symbol(code);
        let option = expr(ExprKind::Const(Const::Choice(symbol)), Ty::Choice(vec![symbol]));
        let is = ExprKind::Binary(Binary::Eq, Box::new(typer.copy(&finding)), Box::new(option));
        let then = match code {
            "partly_met" => expr(ExprKind::Unknown(code.to_owned()), Ty::Bool),
            code => expr(ExprKind::Const(Const::Bool(code == "met")), Ty::Bool),
        };
        let is = Box::new(expr(is, Ty::Bool));
        decided = expr(ExprKind::If(is, Box::new(then), Box::new(decided)), Ty::Bool);
    }
    decided
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
