//! Comparisons: decided only where the whole interval lies on one side.

use super::Eval;
use crate::plan::Op;
use crate::truth::{Fault, Why};
use crate::value::V;
use core::cmp::Ordering;

impl Eval<'_> {
    /// `x op y`.
    #[inline]
    pub fn compare(&self, op: Op, x: V, y: V) -> V {
        match (x, y) {
            (V::Num(x), V::Num(y)) => V::Bool(decide(op, x.partial_cmp(&y))),
            (V::Choice(x), V::Choice(y)) => V::Bool(decide(op, Some(x.cmp(&y)))),
            (V::Date(x), V::Date(y)) => V::Bool(decide(op, Some(x.cmp(&y)))),
            (V::Bool(x), V::Bool(y)) => V::Bool(decide(op, Some(x.cmp(&y)))),
            (V::DateTime(x), V::DateTime(y)) => V::Bool(decide(op, Some(x.cmp(&y)))),
            (V::Text(x), V::Text(y)) => V::Bool(decide(op, Some(self.text(x).cmp(self.text(y))))),
            (V::Set(x), V::Set(y)) => V::Bool(decide(op, Some(x.cmp(&y)))),
            (V::Unknown(a), V::Unknown(b)) => V::Unknown(a.first(b)),
            (V::Unknown(why), V::Bounded(_, _, other)) | (V::Bounded(_, _, other), V::Unknown(why)) => {
                V::Unknown(why.first(other))
            }
            (V::Unknown(why), _) | (_, V::Unknown(why)) => V::Unknown(why),
            _ => match (bounds(x), bounds(y)) {
                (Some(x), Some(y)) => intervals(op, x, y),
                _ => V::fault(Fault::BadPlan),
            },
        }
    }
}

fn decide(op: Op, order: Option<Ordering>) -> bool {
    match op {
        Op::Lt => order == Some(Ordering::Less),
        Op::Le => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        Op::Gt => order == Some(Ordering::Greater),
        Op::Ge => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        Op::Ne => order != Some(Ordering::Equal),
        _ => order == Some(Ordering::Equal),
    }
}

/// Lowest, highest and why it is not one number.
type Bounds = (f64, f64, Why);

fn bounds(value: V) -> Option<Bounds> {
    match value {
        V::Num(value) => Some((value, value, Why::TooClose)),
        V::Measure(value, tolerance) => Some((value - tolerance, value + tolerance, Why::TooClose)),
        V::Bounded(low, high, why) => Some((f64::from(low), f64::from(high), why)),
        _ => None,
    }
}

fn intervals(op: Op, x: Bounds, y: Bounds) -> V {
    let why = match (x.0 < x.1, y.0 < y.1) {
        (true, true) => x.2.first(y.2),
        (true, false) => x.2,
        (false, _) => y.2,
    };
    let (yes, no) = match op {
        Op::Lt => (x.1 < y.0, x.0 >= y.1),
        Op::Le => (x.1 <= y.0, x.0 > y.1),
        Op::Gt => (x.0 > y.1, x.1 <= y.0),
        Op::Ge => (x.0 >= y.1, x.1 < y.0),
        Op::Eq | Op::Ne => {
            let apart = x.1 < y.0 || y.1 < x.0;
            let same = x.0 == x.1 && y.0 == y.1 && x.0 == y.0;
            if op == Op::Eq {
                (same, apart)
            } else {
                (apart, same)
            }
        }
        _ => return V::fault(Fault::BadPlan),
    };
    match (yes, no) {
        (true, _) => V::Bool(true),
        (false, true) => V::Bool(false),
        (false, false) => V::Unknown(why),
    }
}
