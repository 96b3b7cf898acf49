//! Arithmetic: exact integers within ±(2^53−1), finite doubles, intervals.

use crate::limits::MAX_SAFE_INTEGER;
use crate::plan::Op;
use crate::truth::{Fault, Why};
use crate::value::V;

/// A value with its tolerance.
type Interval = (f64, f64);

fn interval(value: V) -> Result<Interval, V> {
    match value {
        V::Num(value) => Ok((value, 0.0)),
        V::Measure(value, tolerance) => Ok((value, tolerance)),
        V::Unknown(why) | V::Bounded(_, _, why) => Err(V::Unknown(why)),
        _ => Err(V::fault(Fault::BadPlan)),
    }
}

fn made(value: f64, tolerance: f64, integer: bool) -> V {
    if !value.is_finite() || !tolerance.is_finite() || (integer && value.abs() > MAX_SAFE_INTEGER) {
        V::fault(Fault::Overflow)
    } else if tolerance > 0.0 {
        V::Measure(value, tolerance)
    } else {
        V::Num(value)
    }
}

/// Two operands.
pub fn binary(op: Op, x: V, y: V, integer: bool) -> V {
    if let Some(unknown) = both(x, y) {
        return unknown;
    }
    match (op, x, y) {
        (Op::Min2, V::Date(x), V::Date(y)) => return V::Date(x.min(y)),
        (Op::Max2, V::Date(x), V::Date(y)) => return V::Date(x.max(y)),
        _ => {}
    }
    let (x, y) = match (interval(x), interval(y)) {
        (Ok(x), Ok(y)) => (x, y),
        (Err(unknown), _) | (_, Err(unknown)) => return unknown,
    };
    match op {
        Op::Add => made(x.0 + y.0, x.1 + y.1, integer),
        Op::Sub => made(x.0 - y.0, x.1 + y.1, integer),
        Op::Mul => made(x.0 * y.0, x.1 * y.0.abs() + y.1 * x.0.abs(), integer),
        Op::Div | Op::Ratio | Op::Rem if y.0 == 0.0 => V::fault(Fault::DivisionByZero),
        Op::Ratio if x.0 < 0.0 || y.0 < 0.0 || x.0 > y.0 => V::Unknown(Why::Conflict),
        Op::Div | Op::Ratio => made(x.0 / y.0, x.1 / y.0.abs(), false),
        Op::Rem => made(libm::fmod(x.0, y.0), 0.0, integer),
        Op::Min2 | Op::Max2 => extreme(op, x, y),
        _ => V::fault(Fault::BadPlan),
    }
}

/// Smaller or greater of two intervals: the interval of all that it can be.
fn extreme(op: Op, x: Interval, y: Interval) -> V {
    let pick = |a: f64, b: f64| if op == Op::Min2 { a.min(b) } else { a.max(b) };
    if x.1 == 0.0 && y.1 == 0.0 {
        return V::Num(pick(x.0, y.0));
    }
    let low = pick(x.0 - x.1, y.0 - y.1);
    let high = pick(x.0 + x.1, y.0 + y.1);
    made((low + high) / 2.0, (high - low) / 2.0, false)
}

fn both(x: V, y: V) -> Option<V> {
    match (x.why(), y.why()) {
        (Some(a), Some(b)) => Some(V::Unknown(a.first(b))),
        (Some(why), None) | (None, Some(why)) => Some(V::Unknown(why)),
        (None, None) => None,
    }
}

/// One operand.
pub fn unary(op: Op, x: V) -> V {
    let (value, tolerance) = match interval(x) {
        Ok(x) => x,
        Err(unknown) => return unknown,
    };
    match op {
        Op::Neg => made(-value, tolerance, false),
        Op::Abs if tolerance > value.abs() => {
            let high = value.abs() + tolerance;
            made(high / 2.0, high / 2.0, false)
        }
        Op::Abs => made(value.abs(), tolerance, false),
        _ => V::fault(Fault::BadPlan),
    }
}

/// Half away from zero, to a number of decimal digits.
pub fn round(x: V, digits: u32) -> V {
    let (value, tolerance) = match interval(x) {
        Ok(x) => x,
        Err(unknown) => return unknown,
    };
    let mut scale = 1.0;
    for _ in 0..digits.min(15) {
        scale *= 10.0;
    }
    let rounded = libm::round(value * scale) / scale;
    if tolerance > 0.0 {
        made(rounded, tolerance + 0.5 / scale, false)
    } else {
        made(rounded, 0.0, false)
    }
}

/// A running sum, exact or a fault: beyond ±(2^53−1) the next item might change nothing.
pub fn add(x: V, y: V) -> V {
    binary(Op::Add, x, y, true)
}
