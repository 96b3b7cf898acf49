//! Days: literals, parts, periods, working days, ages.

use super::{Builtin, Call};
use crate::ast;
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{Expr, ExprKind, Operand, Ty};
use crate::resolve::typer::{Typer, fault, op};
use rules_core::domain::date::Date;
use rules_core::plan::{Const, Op, TableKind};

pub(super) const ALL: &[Builtin] = &[
    Builtin {
        name: "date",
        usage: "date(\"2026-03-01\")",
        arity: (1, 1),
        call: literal,
    },
    Builtin {
        name: "date_of",
        usage: "date_of(datetime)",
        arity: (1, 1),
        call: date_of,
    },
    Builtin {
        name: "year",
        usage: "year(date)",
        arity: (1, 1),
        call: |typer, call| part(typer, call, 0),
    },
    Builtin {
        name: "month",
        usage: "month(date)",
        arity: (1, 1),
        call: |typer, call| part(typer, call, 1),
    },
    Builtin {
        name: "day",
        usage: "day(date)",
        arity: (1, 1),
        call: |typer, call| part(typer, call, 2),
    },
    Builtin {
        name: "weekday",
        usage: "weekday(date)",
        arity: (1, 1),
        call: |typer, call| part(typer, call, 3),
    },
    Builtin {
        name: "hour",
        usage: "hour(datetime)",
        arity: (1, 1),
        call: |typer, call| part(typer, call, 4),
    },
    Builtin {
        name: "minute",
        usage: "minute(datetime)",
        arity: (1, 1),
        call: |typer, call| part(typer, call, 5),
    },
    Builtin {
        name: "days_between",
        usage: "days_between(from, to)",
        arity: (2, 2),
        call: |typer, call| between(typer, call, Op::DaysBetween, "day"),
    },
    Builtin {
        name: "months_between",
        usage: "months_between(from, to)",
        arity: (2, 2),
        call: |typer, call| between(typer, call, Op::MonthsBetween, "month"),
    },
    Builtin {
        name: "add_days",
        usage: "add_days(date, days)",
        arity: (2, 2),
        call: |typer, call| add(typer, call, Op::AddDays, "day"),
    },
    Builtin {
        name: "add_months",
        usage: "add_months(date, months)",
        arity: (2, 2),
        call: |typer, call| add(typer, call, Op::AddMonths, "month"),
    },
    Builtin {
        name: "add_workdays",
        usage: "add_workdays(date, days)",
        arity: (2, 2),
        call: add_workdays,
    },
    Builtin {
        name: "workdays_between",
        usage: "workdays_between(from, to)",
        arity: (2, 2),
        call: workdays_between,
    },
    Builtin {
        name: "is_workday",
        usage: "is_workday(date)",
        arity: (1, 1),
        call: |typer, call| workday(typer, call, Op::IsWorkday, Ty::Bool),
    },
    Builtin {
        name: "next_workday",
        usage: "next_workday(date)",
        arity: (1, 1),
        call: |typer, call| workday(typer, call, Op::NextWorkday, Ty::Date),
    },
    Builtin {
        name: "age_on",
        usage: "age_on(birth, day)",
        arity: (2, 3),
        call: |typer, call| age(typer, call, Op::AgeOn, Ty::Int("year".to_owned())),
    },
    Builtin {
        name: "minor_on",
        usage: "minor_on(birth, day)",
        arity: (2, 3),
        call: |typer, call| age(typer, call, Op::MinorOn, Ty::Bool),
    },
];

fn literal(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Expr {
    let Some(text) = typer.literal(call, 0) else {
        return fault(call.span);
    };
    match Date::parse(&text.value) {
        Ok(day) => Expr {
            kind: ExprKind::Const(Const::Date(day)),
            ty: Ty::Date,
            span: call.span,
        },
        Err(_) => {
            let message = format!("`{}` is not a day", text.value);
            typer.push(Diagnostic::new(Code::R0010, text.span, message).help("write it as `2026-03-01`"));
            fault(call.span)
        }
    }
}

fn date_of(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Expr {
    let time = typer.want(
        call.arg(0),
        |ty| *ty == Ty::DateTime,
        &call.what(),
        "a date with time",
    );
    op(Op::DateOf, vec![time], Ty::Date, call.span)
}

fn part(typer: &mut Typer<'_, '_>, call: &Call<'_>, part: u32) -> Expr {
    let of = if part < 4 {
        typer.want(
            call.arg(0),
            |ty| matches!(ty, Ty::Date | Ty::DateTime),
            &call.what(),
            "a date",
        )
    } else {
        typer.want(
            call.arg(0),
            |ty| *ty == Ty::DateTime,
            &call.what(),
            "a date with time",
        )
    };
    let kind = ExprKind::Op(Op::DatePart, vec![Operand::Expr(of), Operand::Number(part)]);
    Expr {
        kind,
        ty: Ty::Int(String::new()),
        span: call.span,
    }
}

fn between(typer: &mut Typer<'_, '_>, call: &Call<'_>, operation: Op, unit: &str) -> Expr {
    let (from, to) = (typer.date(call, 0), typer.date(call, 1));
    op(operation, vec![from, to], Ty::Int(unit.to_owned()), call.span)
}

fn add(typer: &mut Typer<'_, '_>, call: &Call<'_>, operation: Op, unit: &str) -> Expr {
    let (from, count) = (typer.date(call, 0), typer.integer(call, 1, unit));
    op(operation, vec![from, count], Ty::Date, call.span)
}

/// The one working-day calendar.
fn calendar(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Option<u32> {
    let tables = &typer.world.tables;
    let mut found = (0..)
        .zip(tables)
        .filter(|(_, table)| table.kind == TableKind::Calendar)
        .map(|(number, _)| number);
    let diagnostic = match (found.next(), found.next()) {
        (Some(number), None) => return Some(number),
        (None, _) => Diagnostic::new(
            Code::R0214,
            call.span,
            format!("{} needs a working-day calendar", call.what()),
        )
        .help("add one under `tables`: `workdays: { type: calendar, include: cn-workdays }`"),
        (Some(_), Some(_)) => Diagnostic::new(Code::R0214, call.span, "there are two working-day calendars")
            .help("keep one of them"),
    };
    typer.push(diagnostic);
    None
}

fn add_workdays(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Expr {
    let (from, count) = (typer.date(call, 0), typer.integer(call, 1, "day"));
    let Some(table) = calendar(typer, call) else {
        return fault(call.span);
    };
    let operands = vec![Operand::Expr(from), Operand::Expr(count), Operand::Number(table)];
    Expr {
        kind: ExprKind::Op(Op::AddWorkdays, operands),
        ty: Ty::Date,
        span: call.span,
    }
}

fn workdays_between(typer: &mut Typer<'_, '_>, call: &Call<'_>) -> Expr {
    let (from, to) = (typer.date(call, 0), typer.date(call, 1));
    let Some(table) = calendar(typer, call) else {
        return fault(call.span);
    };
    let operands = vec![Operand::Expr(from), Operand::Expr(to), Operand::Number(table)];
    Expr {
        kind: ExprKind::Op(Op::WorkdaysBetween, operands),
        ty: Ty::Int("day".to_owned()),
        span: call.span,
    }
}

fn workday(typer: &mut Typer<'_, '_>, call: &Call<'_>, operation: Op, ty: Ty) -> Expr {
    let day = typer.date(call, 0);
    let Some(table) = calendar(typer, call) else {
        return fault(call.span);
    };
    let kind = ExprKind::Op(operation, vec![Operand::Expr(day), Operand::Number(table)]);
    Expr {
        kind,
        ty,
        span: call.span,
    }
}

fn age(typer: &mut Typer<'_, '_>, call: &Call<'_>, operation: Op, ty: Ty) -> Expr {
    let (birth, day) = (typer.date(call, 0), typer.date(call, 1));
    let rule = match call.args.get(2) {
        None => 0,
        Some(ast::Expr {
            kind: ast::ExprKind::Text(word),
            ..
        }) if word == "day_after" => 0,
        Some(ast::Expr {
            kind: ast::ExprKind::Text(word),
            ..
        }) if word == "birthday" => 1,
        Some(other) => {
            let message = "the counting rule is `\"day_after\"` or `\"birthday\"`";
            return typer.wrong(Code::R0211, other.span, message);
        }
    };
    let operands = vec![Operand::Expr(birth), Operand::Expr(day), Operand::Number(rule)];
    Expr {
        kind: ExprKind::Op(operation, operands),
        ty,
        span: call.span,
    }
}
