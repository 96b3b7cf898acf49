//! Evaluates a typed expression by walking it (language.md §2).
//!
//! In: an expression, the root record, the frames. Out: a value, or why there is none. Must not know: rules, outcomes.
//! Nothing is cached and nothing is skipped: every operand is evaluated, and the tables decide.

use super::Tables;
use super::builtin;
use super::rule::fold;
use super::value::{Answer, Number, Record, Truth, Unknown, Value, both, less, not, same, settled};
use rules_compiler::ast::Binary;
use rules_compiler::hir::{Expr, ExprKind, Ruleset, Ty};
use rules_core::domain::date::Date;
use rules_core::plan::{Const, Op};

const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

/// What expressions read.
pub struct Check<'a> {
    /// The ruleset.
    pub ruleset: &'a Ruleset,
    /// The given tables.
    pub tables: &'a Tables,
    /// The submission.
    pub root: Record,
    /// The day of the check.
    pub as_of: Date,
}

/// What a closure parameter stands for.
#[derive(Clone, Debug)]
pub enum Frame {
    /// Bound by no one here.
    Free,
    /// An item of which nothing is known.
    Nobody,
    /// An item of a list.
    Item(Record),
    /// A row of a table.
    Row(u32, usize, bool),
}

impl Check<'_> {
    /// Evaluates an expression of type truth.
    pub fn truth(&self, expr: &Expr, frames: &[Frame]) -> Truth {
        match self.eval(expr, frames)? {
            Value::Bool(value) => Ok(value),
            other => unreachable!("not a truth: {other:?}"),
        }
    }

    /// Evaluates any expression.
    pub fn eval(&self, expr: &Expr, frames: &[Frame]) -> Answer {
        let eval = |expr: &Expr| self.eval(expr, frames);
        let truth = |expr: &Expr| self.truth(expr, frames);
        match &expr.kind {
            ExprKind::Const(constant) => Ok(value_of(constant)),
            ExprKind::Param(index) => {
                let param = self.ruleset.params.get(*index as usize);
                let value = param.and_then(|param| param.value.as_ref());
                value.map(value_of).ok_or_else(|| Unknown::new("missing_param"))
            }
            ExprKind::Let(index) => {
                let (_, body) = self
                    .ruleset
                    .lets
                    .get(*index as usize)
                    .unwrap_or_else(|| unreachable!("let {index}"));
                self.eval(body, &[])
            }
            ExprKind::AsOf => Ok(Value::Date(self.as_of)),
            ExprKind::Field(slot) => self.field(&self.root, *slot),
            ExprKind::ItemField(frame, slot) => match frames.get(*frame as usize) {
                Some(Frame::Item(record)) => self.field(record, *slot),
                // A fault, so that even `known` has no answer.
                Some(Frame::Nobody) => Err(Unknown::new("bad_plan")),
                other => unreachable!("field of frame {frame}: {other:?}"),
            },
            ExprKind::FrameRow(frame) => match frames.get(*frame as usize) {
                Some(Frame::Row(table, row, sure)) => Ok(Value::Row(*table, *row, *sure)),
                Some(Frame::Nobody) => Err(Unknown::new("bad_plan")),
                other => unreachable!("row of frame {frame}: {other:?}"),
            },
            ExprKind::Column(row, slot) => match eval(row)? {
                Value::Row(table, row, sure) => {
                    let rows = self.tables.rows(self.ruleset, table);
                    let value = rows
                        .and_then(|rows| rows.get(row))
                        .and_then(|record| record.values.get(slot));
                    match value.cloned() {
                        // Another row might be the nearest; how far that is depends on the place's accuracy only.
                        Some(place @ Value::Place(_)) => Ok(place),
                        _ if !sure => Err(Unknown::new("too_close")),
                        // A gap in a table is no answer that anyone could fill in.
                        value => value.ok_or_else(|| Unknown::new("missing")),
                    }
                }
                other => unreachable!("column of {other:?}"),
            },
            ExprKind::And(parts) => fold(true, parts.iter().map(truth)).map(Value::Bool),
            ExprKind::Or(parts) => fold(false, parts.iter().map(truth)).map(Value::Bool),
            ExprKind::Not(inner) => not(truth(inner)).map(Value::Bool),
            ExprKind::If(condition, yes, no) => match truth(condition) {
                Ok(true) => eval(yes),
                Ok(false) => eval(no),
                Err(why) => match (eval(yes), eval(no)) {
                    // Two intervals are not known to be equal, as `==` has it.
                    (Ok(a), Ok(b)) if equal(Ok(a.clone()), Ok(b.clone())) == Ok(true) => Ok(a),
                    // The reason is the condition's; what is wanting, that of the unknown branches, too.
                    (a, b) => Err(Unknown {
                        missing: [Some(why.clone()), a.err(), b.err()]
                            .into_iter()
                            .flatten()
                            .flat_map(|why| why.missing)
                            .collect(),
                        reason: why.reason,
                    }),
                },
            },
            ExprKind::Coalesce(first, second) => match settled(eval(first)) {
                Err(why) if !why.is_fault() => settled(eval(second)).map_err(|other| Unknown {
                    reason: other.reason,
                    missing: why.missing.into_iter().chain(other.missing).collect(),
                }),
                // A fault stays; what is wanting counts only where both are unknown.
                Err(why) if settled(eval(second)).is_ok() => Err(Unknown::new(&why.reason)),
                known_or_fault => known_or_fault,
            },
            ExprKind::Binary(operator, a, b) => self.binary(expr, *operator, eval(a), eval(b)),
            ExprKind::OneOf(value, rest) => {
                let value = eval(value);
                fold(false, rest.iter().map(|other| equal(value.clone(), eval(other)))).map(Value::Bool)
            }
            ExprKind::HasOption(set, number) => {
                let Ty::Choices(options) = &set.ty else {
                    unreachable!("options of {:?}", set.ty)
                };
                let Value::Choices(chosen) = eval(set)? else {
                    unreachable!("a set of options")
                };
                Ok(Value::Bool(
                    options
                        .get(*number as usize)
                        .is_some_and(|option| chosen.contains(option)),
                ))
            }
            ExprKind::Unknown(word) => Err(Unknown::new(word)),
            ExprKind::Concat(parts) => builtin::concat(self.ruleset, parts.iter().map(eval).collect()),
            ExprKind::Over(op, list, body, frame) => self.over(*op, eval(list), body, *frame, frames),
            ExprKind::Op(op, operands) => builtin::call(self, *op, operands, frames),
            // Rhai runs author's functions; the oracle has no second one and leaves such rules out.
            ExprKind::Call(..) => Err(Unknown::new("function_failed")),
        }
    }

    /// The value of a slot, or its pointer as what is missing.
    pub fn field(&self, record: &Record, slot: u32) -> Answer {
        let value = record.values.get(&slot).cloned();
        value.ok_or_else(|| Unknown::missing(pointer(self.ruleset, record, slot)))
    }

    fn binary(&self, expr: &Expr, operator: Binary, a: Answer, b: Answer) -> Answer {
        match operator {
            Binary::Eq => return equal(a, b).map(Value::Bool),
            Binary::Ne => return not(equal(a, b)).map(Value::Bool),
            _ => {}
        }
        let (a, b) = both(a, b)?;
        if let (Value::Number(a), Value::Number(b)) = (&a, &b) {
            let truth = match operator {
                Binary::Lt => less(a, b),
                Binary::Ge => not(less(a, b)),
                Binary::Gt => less(b, a),
                Binary::Le => not(less(b, a)),
                _ => return arithmetic(operator, a, b, matches!(expr.ty, Ty::Int(_))).map(Value::Number),
            };
            return truth.map(Value::Bool);
        }
        let order = match (&a, &b) {
            (Value::Date(a), Value::Date(b)) => a.cmp(b),
            (Value::DateTime(a), Value::DateTime(b)) => a.cmp(b),
            (Value::Text(a), Value::Text(b)) if operator == Binary::Add => {
                return Ok(Value::Text(format!("{a}{b}")));
            }
            (Value::Text(a), Value::Text(b)) => a.cmp(b),
            other => unreachable!("{operator} of {other:?}"),
        };
        Ok(Value::Bool(match operator {
            Binary::Lt => order.is_lt(),
            Binary::Le => order.is_le(),
            Binary::Gt => order.is_gt(),
            Binary::Ge => order.is_ge(),
            other => unreachable!("{other} of {a:?} and {b:?}"),
        }))
    }

    fn over(&self, op: Op, list: Answer, body: &Expr, frame: u32, frames: &[Frame]) -> Answer {
        let items: Vec<(Frame, bool)> = match list? {
            Value::List(items) => items.into_iter().map(|item| (Frame::Item(item), true)).collect(),
            Value::Rows(table, rows) => rows
                .into_iter()
                .map(|(row, sure)| (Frame::Row(table, row, true), sure))
                .collect(),
            other => unreachable!("{op:?} over {other:?}"),
        };
        let bind = |item: Frame| {
            let mut frames = frames.to_vec();
            frames.resize(frames.len().max(frame as usize + 1), Frame::Free);
            frames.splice(frame as usize.., [item]);
            frames
        };
        let answers: Vec<Answer> = items
            .into_iter()
            .map(|(item, sure)| perhaps(op, sure, self.eval(body, &bind(item))))
            .collect();
        let truths = || {
            answers.iter().cloned().map(|answer| match answer? {
                Value::Bool(value) => Ok(value),
                other => unreachable!("not a truth: {other:?}"),
            })
        };
        match op {
            Op::All => fold(true, truths()).map(Value::Bool),
            Op::Any => fold(false, truths()).map(Value::Bool),
            Op::NoneOf => not(fold(false, truths())).map(Value::Bool),
            Op::Count => {
                let sure = truths().filter(|truth| *truth == Ok(true)).count();
                let open: Vec<Unknown> = truths().filter_map(Truth::err).collect();
                let possible = sure + open.len();
                let cause = open.into_iter().reduce(Unknown::meet);
                Ok(Value::Number(Number::between(
                    sure as f64,
                    possible as f64,
                    cause,
                )))
            }
            Op::Sum => {
                let zero = Ok(Value::Number(Number::plain(0.0)));
                answers
                    .into_iter()
                    .fold(zero, |sum, next| match both(sum, next)? {
                        (Value::Number(a), Value::Number(b)) => {
                            arithmetic(Binary::Add, &a, &b, true).map(Value::Number)
                        }
                        other => unreachable!("sum of {other:?}"),
                    })
            }
            Op::MinOf | Op::MaxOf => {
                let best = answers
                    .into_iter()
                    .reduce(|a, b| builtin::extreme(op == Op::MinOf, a, b));
                best.unwrap_or_else(|| Err(Unknown::new("missing")))
            }
            other => unreachable!("{other:?} over a list"),
        }
    }
}

/// What an item adds that may not belong to the list at all: nothing, or what it says.
fn perhaps(op: Op, sure: bool, answer: Answer) -> Answer {
    let nothing = Value::Bool(op == Op::All);
    match op {
        _ if sure => answer,
        Op::Sum | Op::MinOf | Op::MaxOf => Err(Unknown::new("too_close")),
        _ if answer == Ok(nothing) => answer,
        _ => answer.and_then(|_| Err(Unknown::new("too_close"))),
    }
}

/// The pointer of a slot.
pub fn pointer(ruleset: &Ruleset, record: &Record, slot: u32) -> String {
    let scope = ruleset.form.scopes.get(record.scope as usize);
    let Some(scope) = scope.filter(|scope| !scope.scalar) else {
        return record.pointer.clone();
    };
    let path = scope
        .fields
        .get(slot as usize)
        .map(|field| field.path.as_slice())
        .unwrap_or_default();
    path.iter().fold(record.pointer.clone(), |pointer, key| {
        format!("{pointer}/{}", super::json::token(key))
    })
}

fn value_of(constant: &Const) -> Value {
    match constant {
        Const::Bool(value) => Value::Bool(*value),
        Const::Num(value) => Value::Number(Number::plain(*value)),
        Const::Text(text) => Value::Text(text.clone()),
        Const::Choice(symbol) => Value::Choice(*symbol),
        Const::Date(date) => Value::Date(*date),
    }
}

/// `a == b`.
pub fn equal(a: Answer, b: Answer) -> Truth {
    match both(a, b)? {
        (Value::Number(a), Value::Number(b)) => same(&a, &b),
        (a, b) => Ok(a == b),
    }
}

/// `+ - * / %`. Whole numbers are exact or they overflow; others are finite or they overflow.
pub fn arithmetic(operator: Binary, a: &Number, b: &Number, whole: bool) -> Result<Number, Unknown> {
    if a.cause.is_some() || b.cause.is_some() {
        return Err([a, b]
            .into_iter()
            .filter_map(|number| number.cause.clone())
            .reduce(Unknown::meet)
            .unwrap_or_else(|| unreachable!("a cause")));
    }
    let vague = a.tolerance != 0.0 || b.tolerance != 0.0;
    let (value, tolerance) = match operator {
        Binary::Add => (a.value + b.value, a.tolerance + b.tolerance),
        Binary::Sub => (a.value - b.value, a.tolerance + b.tolerance),
        // By a plain number only; a product of two intervals says nothing.
        Binary::Mul if b.tolerance == 0.0 => (a.value * b.value, a.tolerance * b.value.abs()),
        Binary::Mul if a.tolerance == 0.0 => (a.value * b.value, b.tolerance * a.value.abs()),
        Binary::Div | Binary::Rem if b.value == 0.0 && b.tolerance == 0.0 => {
            return Err(Unknown::new("division_by_zero"));
        }
        Binary::Div if b.tolerance == 0.0 => (a.value / b.value, a.tolerance / b.value.abs()),
        Binary::Rem if !vague => (a.value % b.value, 0.0),
        _ => return Err(a.vague(b)),
    };
    let number = Number {
        value,
        tolerance,
        cause: None,
    };
    let furthest = number.low().abs().max(number.high().abs());
    let fits = if whole {
        furthest <= MAX_SAFE
    } else {
        value.is_finite() && tolerance.is_finite()
    };
    if fits {
        Ok(number)
    } else {
        Err(Unknown::new("overflow"))
    }
}
