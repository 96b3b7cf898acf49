//! Comparisons: decided only where the whole interval lies on one side.

use super::Eval;
use crate::plan::Op;
use crate::truth::{Fault, Truth, Why};
use crate::value::V;
use core::cmp::Ordering;

impl Eval<'_> {
    /// `x op y`.
    #[inline]
    pub fn compare(&self, op: Op, x: &V, y: &V) -> Truth {
        let order = match (*x, *y) {
            (V::Num(x), V::Num(y)) => x.partial_cmp(&y),
            (V::Choice(x), V::Choice(y)) => Some(x.cmp(&y)),
            (V::Date(x), V::Date(y)) => Some(x.cmp(&y)),
            (V::Bool(x), V::Bool(y)) => Some(x.cmp(&y)),
            (V::DateTime(x), V::DateTime(y)) => Some(x.cmp(&y)),
            (V::Text(x), V::Text(y)) => Some(self.text(x).cmp(self.text(y))),
            (V::Set(x), V::Set(y)) => Some(x.cmp(&y)),
            (V::Unknown(a), V::Unknown(b)) => return Truth::Unknown(a.first(b)),
            (V::Unknown(why), V::Bounded(_, _, other)) | (V::Bounded(_, _, other), V::Unknown(why)) => {
                return Truth::Unknown(why.first(other));
            }
            (V::Unknown(why), _) | (_, V::Unknown(why)) => return Truth::Unknown(why),
            _ => {
                return match (bounds(*x), bounds(*y)) {
                    (Some(x), Some(y)) => intervals(op, x, y),
                    _ => Truth::Unknown(Why::Fault(Fault::BadPlan)),
                };
            }
        };
        decide(op, order).into()
    }
}

#[inline]
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

fn intervals(op: Op, x: Bounds, y: Bounds) -> Truth {
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
        _ => return Truth::Unknown(Why::Fault(Fault::BadPlan)),
    };
    match (yes, no) {
        (true, _) => Truth::True,
        (false, true) => Truth::False,
        (false, false) => Truth::Unknown(why),
    }
}
