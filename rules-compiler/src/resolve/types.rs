//! What types are called, when two fit, and what becomes of their units.
//!
//! In: two types. Out: their common type, or none. Must not know: expressions, the form.

use crate::hir::Ty;

/// The type in a message, with its article.
pub(crate) fn describe(ty: &Ty) -> &'static str {
    match ty {
        Ty::Bool => "true or false",
        Ty::Int(_) => "an integer",
        Ty::Num(_) => "a number",
        Ty::Measure(_) => "a measure",
        Ty::Text => "a text",
        Ty::Choice(_) => "a choice",
        Ty::Choices(_) => "a set of choices",
        Ty::Date => "a date",
        Ty::DateTime => "a date with time",
        Ty::Point(_) => "a point",
        Ty::Area(_) => "an area",
        Ty::Attachment => "an attachment",
        Ty::Ref(_) => "a key into a table",
        Ty::List(_) => "a list",
        Ty::Record(_) => "a record",
        Ty::Rows(_) => "rows of a table",
        Ty::Row(_) => "a row of a table",
        Ty::Any => "anything",
    }
}

/// The unit of a numeric type.
pub(crate) fn unit(ty: &Ty) -> &str {
    match ty {
        Ty::Int(unit) | Ty::Num(unit) | Ty::Measure(unit) => unit,
        _ => "",
    }
}

/// Is it a number of some kind?
pub(crate) fn is_numeric(ty: &Ty) -> bool {
    matches!(ty, Ty::Int(_) | Ty::Num(_) | Ty::Measure(_) | Ty::Any)
}

/// The common unit of two that are added or compared: a unit fits itself and none.
pub(crate) fn join_units(a: &str, b: &str) -> Option<String> {
    if a == b || b.is_empty() {
        Some(a.to_owned())
    } else if a.is_empty() {
        Some(b.to_owned())
    } else {
        None
    }
}

/// The kind of number that arithmetic on two kinds gives; the unit is the caller's.
pub(crate) fn join_numbers(a: &Ty, b: &Ty, unit: String) -> Ty {
    match (a, b) {
        (Ty::Measure(_), _) | (_, Ty::Measure(_)) => Ty::Measure(unit),
        (Ty::Int(_), Ty::Int(_)) => Ty::Int(unit),
        _ => Ty::Num(unit),
    }
}

/// Why two types have no common one.
pub(crate) enum Clash {
    /// Other types.
    Type,
    /// Other units.
    Unit,
}

/// The type that holds values of both.
pub(crate) fn join(a: &Ty, b: &Ty) -> Result<Ty, Clash> {
    match (a, b) {
        (Ty::Any, other) | (other, Ty::Any) => Ok(other.clone()),
        (Ty::Int(_) | Ty::Num(_) | Ty::Measure(_), Ty::Int(_) | Ty::Num(_) | Ty::Measure(_)) => {
            let unit = join_units(unit(a), unit(b)).ok_or(Clash::Unit)?;
            Ok(join_numbers(a, b, unit))
        }
        (Ty::Choice(x), Ty::Choice(y)) => {
            let mut all = x.clone();
            all.extend(y.iter().filter(|symbol| !x.contains(symbol)));
            Ok(Ty::Choice(all))
        }
        (Ty::Text | Ty::Ref(_), Ty::Text | Ty::Ref(_)) if a != b => Ok(Ty::Text),
        (Ty::Point(x), Ty::Point(y)) => Ok(Ty::Point(union(x, y))),
        (Ty::Area(x), Ty::Area(y)) => Ok(Ty::Area(union(x, y))),
        _ if a == b => Ok(a.clone()),
        _ => Err(Clash::Type),
    }
}

fn union<T: Copy + PartialEq>(x: &[T], y: &[T]) -> Vec<T> {
    // Empty stands for all.
    if x.is_empty() || y.is_empty() {
        return Vec::new();
    }
    let mut all = x.to_vec();
    all.extend(y.iter().copied().filter(|one| !x.contains(one)));
    all
}
