//! Comparisons that come out the same whatever is answered.
//!
//! In: typed operands. Out: whether and why the comparison is settled. Must not know: how it is said.
//!
//! A field's `min` and `max` count, since an answer beyond them is a problem and missing for the rules. Params do not: another layer
//! may set another value.

use super::typer::{Bound, Typer};
use crate::ast::Binary;
use crate::hir::{Expr, ExprKind, Operand, Ty};
use rules_core::form::{self, Kind};
use rules_core::plan::{Const, Op};

/// A settled comparison.
pub(crate) struct Always {
    /// What it is.
    pub(crate) truth: bool,
    /// Why, for people.
    pub(crate) why: String,
}

/// Is `a ∘ b` settled?
pub(crate) fn always(typer: &Typer<'_, '_>, binary: Binary, a: &Expr, b: &Expr) -> Option<Always> {
    // Of type `Any` are `unknown(…)` and what was reported already.
    if a.ty == Ty::Any || b.ty == Ty::Any {
        return None;
    }
    if same(a, b) {
        let truth = matches!(binary, Binary::Le | Binary::Ge | Binary::Eq);
        return Some(Always {
            truth,
            why: "both sides are the same".to_owned(),
        });
    }
    if let (Ty::Choice(x), Ty::Choice(y)) = (&a.ty, &b.ty)
        && !x.iter().any(|symbol| y.contains(symbol))
    {
        let why = "the two have no option in common".to_owned();
        return Some(Always {
            truth: binary == Binary::Ne,
            why,
        });
    }
    let (x, y) = (range(typer, a), range(typer, b));
    let settled = match binary {
        Binary::Lt => settle(x.1 < y.0, x.0 >= y.1),
        Binary::Le => settle(x.1 <= y.0, x.0 > y.1),
        Binary::Gt => settle(x.0 > y.1, x.1 <= y.0),
        Binary::Ge => settle(x.0 >= y.1, x.1 < y.0),
        Binary::Eq => settle(false, x.1 < y.0 || y.1 < x.0),
        Binary::Ne => settle(x.1 < y.0 || y.1 < x.0, false),
        _ => None,
    };
    if let Some(truth) = settled {
        return Some(Always {
            truth,
            why: format!("the left side lies in {}, the right in {}", shown(x), shown(y)),
        });
    }
    if let (ExprKind::Const(x), ExprKind::Const(y)) = (&a.kind, &b.kind) {
        let truth = (x == y) == (binary == Binary::Eq);
        return Some(Always {
            truth,
            why: "both sides are literals".to_owned(),
        });
    }
    None
}

/// Is `x in [options]` settled?
pub(crate) fn always_in(typer: &Typer<'_, '_>, x: &Expr, options: &[Expr]) -> Option<Always> {
    if let Ty::Choice(own) = &x.ty {
        let listed = |symbol: &u32| {
            options
                .iter()
                .any(|option| matches!(option.kind, ExprKind::Const(Const::Choice(one)) if one == *symbol))
        };
        if !own.is_empty() && own.iter().all(listed) {
            return Some(Always {
                truth: true,
                why: "the list holds every option".to_owned(),
            });
        }
    }
    let settled: Vec<Always> = options
        .iter()
        .filter_map(|option| always(typer, Binary::Eq, x, option))
        .collect();
    if settled.len() == options.len() && settled.iter().all(|one| !one.truth) {
        return settled.into_iter().next();
    }
    None
}

/// The number of a literal.
pub(crate) fn number(expr: &Expr) -> Option<f64> {
    match expr.kind {
        ExprKind::Const(Const::Num(n)) => Some(n),
        ExprKind::Const(Const::Date(day)) => Some(f64::from(day.days())),
        _ => None,
    }
}

fn settle(yes: bool, no: bool) -> Option<bool> {
    match (yes, no) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

fn shown((low, high): (f64, f64)) -> String {
    match (low.is_finite(), high.is_finite()) {
        (true, true) => format!("{low} to {high}"),
        (true, false) => format!("{low} and above"),
        (false, true) => format!("{high} and below"),
        (false, false) => "any".to_owned(),
    }
}

const ANY: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

/// Where the value of an expression lies if it is known: numbers, and dates as days.
pub(crate) fn range(typer: &Typer<'_, '_>, expr: &Expr) -> (f64, f64) {
    match &expr.kind {
        ExprKind::Const(_) => number(expr).map_or(ANY, |n| (n, n)),
        ExprKind::Field(slot) => typer.world.field(0, *slot).map_or(ANY, field_range),
        ExprKind::ItemField(frame, slot) => match typer.frames.get(*frame as usize) {
            Some((_, Bound::Item(scope))) => typer.world.field(*scope, *slot).map_or(ANY, field_range),
            _ => ANY,
        },
        ExprKind::Let(number) => typer
            .world
            .let_facts
            .get(*number as usize)
            .map_or(ANY, |facts| facts.range),
        ExprKind::If(_, a, b) | ExprKind::Coalesce(a, b) => {
            let (a, b) = (range(typer, a), range(typer, b));
            (a.0.min(b.0), a.1.max(b.1))
        }
        ExprKind::Binary(binary, a, b) => {
            let (a, b) = (range(typer, a), range(typer, b));
            match binary {
                Binary::Add => (a.0 + b.0, a.1 + b.1),
                Binary::Sub => (a.0 - b.1, a.1 - b.0),
                _ => ANY,
            }
        }
        ExprKind::Over(Op::Count, list, _, _) => (0.0, length(typer, list)),
        ExprKind::Op(op, operands) => {
            let inner = operands.iter().find_map(|operand| match operand {
                Operand::Expr(expr) => Some(expr),
                Operand::Number(_) => None,
            });
            let flag = operands.iter().find_map(|operand| match operand {
                Operand::Number(flag) => Some(*flag),
                Operand::Expr(_) => None,
            });
            match (op, inner) {
                (Op::Len, Some(of)) => (0.0, length(typer, of)),
                (Op::Neg, Some(of)) => {
                    let (low, high) = range(typer, of);
                    (-high, -low)
                }
                (Op::Abs | Op::AgeOn | Op::Distance, _) => (0.0, f64::INFINITY),
                (Op::Ratio, _) => (0.0, 1.0),
                (Op::DatePart, _) => match flag {
                    Some(0) => (1.0, 9999.0),
                    Some(1) => (1.0, 12.0),
                    Some(2) => (1.0, 31.0),
                    Some(3) => (1.0, 7.0),
                    Some(4) => (0.0, 23.0),
                    _ => (0.0, 59.0),
                },
                _ => ANY,
            }
        }
        _ => ANY,
    }
}

fn field_range(field: &form::Field) -> (f64, f64) {
    // The bounds of a measure are of its value, not of its interval; those of a time are not days.
    if !matches!(field.kind, Kind::Integer | Kind::Number | Kind::Date) {
        return ANY;
    }
    (
        field.min.unwrap_or(f64::NEG_INFINITY),
        field.max.unwrap_or(f64::INFINITY),
    )
}

/// The greatest length of a list, text or set.
fn length(typer: &Typer<'_, '_>, expr: &Expr) -> f64 {
    let field = match &expr.kind {
        ExprKind::Field(slot) => typer.world.field(0, *slot),
        _ => None,
    };
    let most = field.and_then(|field| match field.kind {
        Kind::Text => field.max_length,
        _ => field.max_items,
    });
    most.map_or(f64::INFINITY, f64::from)
}

/// Do two expressions say the same?
pub(crate) fn same(a: &Expr, b: &Expr) -> bool {
    let (x, y) = (a.children(), b.children());
    head(a) == head(b) && x.len() == y.len() && x.iter().zip(&y).all(|(x, y)| same(x, y))
}

/// An expression without its operands.
fn head(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Const(value) => format!("const {value:?}"),
        ExprKind::Param(n) => format!("param {n}"),
        ExprKind::Let(n) => format!("let {n}"),
        ExprKind::AsOf => "as_of".to_owned(),
        ExprKind::Field(n) => format!("field {n}"),
        ExprKind::ItemField(frame, n) => format!("item {frame} {n}"),
        ExprKind::FrameRow(frame) => format!("row {frame}"),
        ExprKind::Column(_, n) => format!("column {n}"),
        ExprKind::And(_) => "and".to_owned(),
        ExprKind::Or(_) => "or".to_owned(),
        ExprKind::Not(_) => "not".to_owned(),
        ExprKind::If(..) => "if".to_owned(),
        ExprKind::Coalesce(..) => "??".to_owned(),
        ExprKind::Binary(binary, ..) => format!("binary {binary}"),
        ExprKind::OneOf(..) => "one of".to_owned(),
        ExprKind::HasOption(_, n) => format!("has {n}"),
        ExprKind::Unknown(word) => format!("unknown {word}"),
        ExprKind::Concat(_) => "concat".to_owned(),
        ExprKind::Over(op, _, _, frame) => format!("over {op:?} {frame}"),
        ExprKind::Op(op, operands) => {
            let flags: Vec<String> = operands
                .iter()
                .map(|operand| match operand {
                    Operand::Number(n) => n.to_string(),
                    Operand::Expr(_) => "_".to_owned(),
                })
                .collect();
            format!("op {op:?} {}", flags.join(" "))
        }
        ExprKind::Call(n, _) => format!("call {n}"),
    }
}
