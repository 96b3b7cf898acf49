//! Numbers: absolute value, rounding, shares.

use super::{Builtin, Call};
use crate::ast;
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{Expr, ExprKind, Operand, Ty};
use crate::resolve::typer::{Typer, fault, op};
use crate::resolve::types;
use rules_core::plan::Op;

/// More digits than a double has are no rounding.
const MOST_DIGITS: i64 = 15;

pub(super) const ALL: &[Builtin] = &[
    Builtin {
        name: "abs",
        usage: "abs(x)",
        arity: (1, 1),
        call: abs,
    },
    Builtin {
        name: "round",
        usage: "round(x, digits)",
        arity: (1, 2),
        call: round,
    },
    Builtin {
        name: "ratio",
        usage: "ratio(part, whole)",
        arity: (2, 2),
        call: ratio,
    },
];

fn abs(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Expr {
    let x = typer.number(call.arg(0), "`abs`");
    let ty = x.ty.clone();
    op(Op::Abs, vec![x], ty, call.span)
}

fn round(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Expr {
    let x = typer.want(
        call.arg(0),
        |ty| matches!(ty, Ty::Int(_) | Ty::Num(_)),
        "`round`",
        "a plain number",
    );
    let digits = match call.args.get(1).map(|arg| (&arg.kind, arg.span)) {
        None => 0,
        Some((ast::ExprKind::Int(n), _)) if (0..=MOST_DIGITS).contains(n) => u32::try_from(*n).unwrap_or(0),
        Some((_, span)) => {
            let message = format!("the digits are a whole number from 0 to {MOST_DIGITS}");
            return typer.wrong(Code::R0211, span, message);
        }
    };
    let ty = Ty::Num(types::unit(&x.ty).to_owned());
    let kind = ExprKind::Op(Op::Round, vec![Operand::Expr(x), Operand::Number(digits)]);
    Expr {
        kind,
        ty,
        span: call.span,
    }
}

fn ratio(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Expr {
    let fits = |ty: &Ty| matches!(ty, Ty::Int(_) | Ty::Num(_));
    let part = typer.want(call.arg(0), fits, "`ratio`", "a plain number");
    let whole = typer.want(call.arg(1), fits, "`ratio`", "a plain number");
    let (x, y) = (types::unit(&part.ty), types::unit(&whole.ty));
    if types::join_units(x, y).is_none() {
        let diagnostic = Diagnostic::new(
            Code::R0207,
            call.span,
            format!("a share of two units: `{x}` and `{y}`"),
        );
        typer.push(diagnostic);
        return fault(call.span);
    }
    op(Op::Ratio, vec![part, whole], Ty::Num(String::new()), call.span)
}
