//! Places: distances, and the rows of tables found by place or key.

use super::{Builtin, Call};
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{Expr, ExprKind, Operand, Ty};
use crate::resolve::names::Found;
use crate::resolve::typer::{Typer, fault, op};
use crate::resolve::types::describe;
use rules_core::domain::geo::Crs;
use rules_core::form::Kind;
use rules_core::plan::{Op, TableKind};

pub(super) const ALL: &[Builtin] = &[
    Builtin {
        name: "distance",
        usage: "distance(a, b)",
        arity: (2, 2),
        call: distance,
    },
    Builtin {
        name: "to_wgs84",
        usage: "to_wgs84(point)",
        arity: (1, 1),
        call: to_wgs84,
    },
    Builtin {
        name: "nearest",
        usage: "nearest(table, point)",
        arity: (2, 2),
        call: nearest,
    },
    Builtin {
        name: "within",
        usage: "within(table, point, metres)",
        arity: (3, 3),
        call: within,
    },
    Builtin {
        name: "lookup",
        usage: "lookup(table, key)",
        arity: (2, 2),
        call: lookup,
    },
];

fn systems(ty: &Ty) -> &[Crs] {
    match ty {
        Ty::Point(crs) | Ty::Area(crs) => crs,
        _ => &[],
    }
}

/// Says that two places can never be in one coordinate system.
fn check_systems(typer: &mut Typer<'_, '_>, a: &Ty, b: &Ty, call: &Call<'_>) {
    let (x, y) = (systems(a), systems(b));
    if x.is_empty() || y.is_empty() || x.iter().any(|crs| y.contains(crs)) {
        return;
    }
    let names = |list: &[Crs]| {
        list.iter()
            .map(|crs| format!("`{}`", crs.name()))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let message = format!(
        "two coordinate systems in one distance: {} and {}",
        names(x),
        names(y)
    );
    let diagnostic = Diagnostic::new(Code::R0209, call.span, message)
        .help("convert what is not in WGS-84: `to_wgs84(…)`; two systems lie hundreds of metres apart");
    typer.push(diagnostic);
}

fn distance(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Expr {
    let fits = |ty: &Ty| matches!(ty, Ty::Point(_) | Ty::Area(_));
    let a = typer.want(call.arg(0), fits, "`distance`", "a point or an area");
    let b = typer.want(call.arg(1), fits, "`distance`", "a point or an area");
    check_systems(typer, &a.ty, &b.ty, call);
    if crate::resolve::constant::same(&a, &b) && a.ty != Ty::Any {
        return typer.wrong(
            Code::R0208,
            call.span,
            "the distance of a place from itself is always 0",
        );
    }
    op(Op::Distance, vec![a, b], Ty::Measure("m".to_owned()), call.span)
}

fn to_wgs84(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Expr {
    let point = typer.want(
        call.arg(0),
        |ty| matches!(ty, Ty::Point(_)),
        "`to_wgs84`",
        "a point",
    );
    op(Op::ToWgs84, vec![point], Ty::Point(vec![Crs::Wgs84]), call.span)
}

/// The table named by the first argument.
fn table(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Option<u32> {
    let arg = call.arg(0);
    let message = match typer.find(arg)? {
        Found::Table(number) => {
            if typer.world.columns(number).is_some() {
                return Some(number);
            }
            "a calendar has no rows".to_owned()
        }
        Found::Value(value) if value.ty == Ty::Any => return None,
        Found::Value(value) => format!(
            "{} expects a table here, found {}",
            call.what(),
            describe(&value.ty)
        ),
        Found::Record(_) | Found::Params => format!("{} expects a table here", call.what()),
    };
    typer.push(Diagnostic::new(Code::R0214, arg.span, message).help("tables are declared under `tables`"));
    None
}

/// The table, and a point that fits its places.
fn table_and_point(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Option<(u32, Expr)> {
    let table = table(typer, call);
    let point = typer.want(
        call.arg(1),
        |ty| matches!(ty, Ty::Point(_)),
        &call.what(),
        "a point",
    );
    let table = table?;
    let Some(place) = typer.world.place_of(table) else {
        let diagnostic = Diagnostic::new(
            Code::R0214,
            call.arg(0).span,
            "the table has no column of type `point`",
        );
        typer.push(diagnostic);
        return None;
    };
    check_systems(typer, &place, &point.ty, call);
    Some((table, point))
}

fn nearest(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Expr {
    let Some((table, point)) = table_and_point(typer, call) else {
        return fault(call.span);
    };
    let kind = ExprKind::Op(Op::Nearest, vec![Operand::Number(table), Operand::Expr(point)]);
    Expr {
        kind,
        ty: Ty::Row(table),
        span: call.span,
    }
}

fn within(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Expr {
    let found = table_and_point(typer, call);
    let metres = typer.want(
        call.arg(2),
        |ty| matches!(ty, Ty::Int(_) | Ty::Num(_)),
        "`within`",
        "a plain number",
    );
    let metres = typer.in_unit(metres, "m", call);
    let Some((table, point)) = found else {
        return fault(call.span);
    };
    let operands = vec![
        Operand::Number(table),
        Operand::Expr(point),
        Operand::Expr(metres),
    ];
    Expr {
        kind: ExprKind::Op(Op::Within, operands),
        ty: Ty::Rows(table),
        span: call.span,
    }
}

fn lookup(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Expr {
    let table = table(typer, call);
    let key = typer.want(
        call.arg(1),
        |ty| matches!(ty, Ty::Text | Ty::Ref(_)),
        "`lookup`",
        "a key",
    );
    let Some(table) = table else {
        return fault(call.span);
    };
    let keyed = typer
        .world
        .tables
        .get(table as usize)
        .is_some_and(|table| match &table.kind {
            TableKind::Rows {
                columns,
                key: Some(key),
                ..
            } => columns
                .fields
                .get(*key as usize)
                .is_some_and(|column| column.kind == Kind::Text),
            TableKind::Rows { .. } | TableKind::Calendar => false,
        });
    if !keyed {
        return typer.wrong(Code::R0214, call.arg(0).span, "the table has no `key`");
    }
    if let Ty::Ref(other) = key.ty
        && other != table
    {
        return typer.wrong(Code::R0214, key.span, "this is a key into another table");
    }
    let kind = ExprKind::Op(Op::Lookup, vec![Operand::Number(table), Operand::Expr(key)]);
    Expr {
        kind,
        ty: Ty::Row(table),
        span: call.span,
    }
}
