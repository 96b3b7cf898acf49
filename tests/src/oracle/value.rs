//! Values, unknowns and their tables (language.md §2.1, §2.2).
//!
//! In: values. Out: values, or why there is none and which answers are wanting. Must not know: expressions, forms.

use rules_core::domain::date::{Date, DateTime};
use rules_core::domain::geo::{Crs, LngLat};
use std::collections::{BTreeMap, BTreeSet};

/// A value, or why there is none.
pub type Answer = Result<Value, Unknown>;

/// A known value.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// Truth.
    Bool(bool),
    /// Integer, number or measure.
    Number(Number),
    /// Text, or the key of a `ref`.
    Text(String),
    /// Option (symbol).
    Choice(u32),
    /// Set of options (symbols).
    Choices(BTreeSet<u32>),
    /// Day.
    Date(Date),
    /// Instant.
    DateTime(DateTime),
    /// Point or area.
    Place(Place),
    /// A file that is there.
    Attachment,
    /// A list of the submission.
    List(Vec<Record>),
    /// Rows of a table: the table, the rows' numbers and whether each surely belongs.
    Rows(u32, Vec<(usize, bool)>),
    /// A row of a table, and whether it is surely this one.
    Row(u32, usize, bool),
}

/// A number with a tolerance; zero for plain numbers.
#[derive(Clone, Debug)]
pub struct Number {
    /// Nominal value.
    pub value: f64,
    /// Half the width of the interval.
    pub tolerance: f64,
    /// For a count of which some items are unknown: why, and what is wanting.
    pub cause: Option<Unknown>,
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.value == other.value && self.tolerance == other.tolerance
    }
}

impl Number {
    /// A number without tolerance.
    pub fn plain(value: f64) -> Number {
        Number {
            value,
            tolerance: 0.0,
            cause: None,
        }
    }

    /// The interval between two ends.
    pub fn between(low: f64, high: f64, cause: Option<Unknown>) -> Number {
        Number {
            value: (low + high) / 2.0,
            tolerance: (high - low) / 2.0,
            cause,
        }
    }

    /// Lower end.
    pub fn low(&self) -> f64 {
        self.value - self.tolerance
    }

    /// Upper end.
    pub fn high(&self) -> f64 {
        self.value + self.tolerance
    }

    /// Why nothing can be said about a value inside the interval.
    pub fn vague(&self, other: &Number) -> Unknown {
        let why = |number: &Number| {
            let open = (number.tolerance > 0.0).then(|| Unknown::new("too_close"));
            number.cause.clone().or(open)
        };
        match (why(self), why(other)) {
            (Some(a), Some(b)) => a.meet(b),
            (Some(why), None) | (None, Some(why)) => why,
            (None, None) => Unknown::new("too_close"),
        }
    }

    /// The number, unless it is a count of which some items are unknown: only a comparison can still decide that.
    pub fn settled(self) -> Result<Number, Unknown> {
        match self.cause {
            Some(why) => Err(why),
            None => Ok(self),
        }
    }
}

/// A point (one position, no area) or an area.
#[derive(Clone, PartialEq, Debug)]
pub struct Place {
    /// Polygons of rings of positions; a point is one ring of one position.
    pub polygons: Vec<Vec<Vec<LngLat>>>,
    /// Is it a point?
    pub point: bool,
    /// Metres.
    pub accuracy: f64,
    /// Coordinate system.
    pub crs: Crs,
}

/// A record of the submission, or a row of a table.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Record {
    /// Scope of the form.
    pub scope: u32,
    /// JSON Pointer of the record.
    pub pointer: String,
    /// The slots that have a usable value.
    pub values: BTreeMap<u32, Value>,
}

/// The faults, then the reasons, first one first (language.md §2.1). Whatever is not here is the author's own and comes last.
const ORDER: [&str; 16] = [
    "division_by_zero",
    "overflow",
    "crs_mixed",
    "step_limit",
    "text_limit",
    "function_failed",
    "bad_plan",
    "missing",
    "missing_param",
    "method",
    "conflict",
    "no_evidence",
    "too_close",
    "out_of_period",
    "judgement",
    "not_due",
];

/// Why something is not known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unknown {
    /// The reason's word.
    pub reason: String,
    /// JSON Pointers of the answers that are wanting.
    pub missing: BTreeSet<String>,
}

impl Unknown {
    /// An unknown that no single answer would settle.
    pub fn new(reason: &str) -> Unknown {
        Unknown {
            reason: reason.to_owned(),
            missing: BTreeSet::new(),
        }
    }

    /// A missing answer.
    pub fn missing(pointer: String) -> Unknown {
        Unknown {
            reason: "missing".to_owned(),
            missing: BTreeSet::from([pointer]),
        }
    }

    fn rank(&self) -> (usize, &str) {
        (
            ORDER
                .iter()
                .position(|word| *word == self.reason)
                .unwrap_or(ORDER.len()),
            &self.reason,
        )
    }

    /// Is the reason a fault?
    pub fn is_fault(&self) -> bool {
        self.rank().0 < 7
    }

    /// Two unknowns meet: the reason that stands first, and what is wanting of both.
    pub fn meet(self, other: Unknown) -> Unknown {
        let reason = if self.rank() <= other.rank() {
            self.reason
        } else {
            other.reason
        };
        Unknown {
            reason,
            missing: self.missing.into_iter().chain(other.missing).collect(),
        }
    }
}

/// Both values, or what is unknown of them.
pub fn both(a: Answer, b: Answer) -> Result<(Value, Value), Unknown> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(a), Err(b)) => Err(a.meet(b)),
        // A count that is open is unknown, too, where nothing can be decided.
        (Err(why), Ok(known)) | (Ok(known), Err(why)) => Err(match settled(Ok(known)) {
            Ok(_) => why,
            Err(other) => why.meet(other),
        }),
    }
}

/// A count of which some items are unknown is unknown to all but comparisons.
pub fn settled(answer: Answer) -> Answer {
    match answer? {
        Value::Number(number) => number.settled().map(Value::Number),
        other => Ok(other),
    }
}

/// Truth of three values.
pub type Truth = Result<bool, Unknown>;

/// Kleene's `&&`.
pub fn and(a: Truth, b: Truth) -> Truth {
    match (a, b) {
        (Ok(true), Ok(true)) => Ok(true),
        (Ok(false), _) | (_, Ok(false)) => Ok(false),
        (Ok(true), Err(why)) | (Err(why), Ok(true)) => Err(why),
        (Err(a), Err(b)) => Err(a.meet(b)),
    }
}

/// Kleene's `||`.
pub fn or(a: Truth, b: Truth) -> Truth {
    match (a, b) {
        (Ok(false), Ok(false)) => Ok(false),
        (Ok(true), _) | (_, Ok(true)) => Ok(true),
        (Ok(false), Err(why)) | (Err(why), Ok(false)) => Err(why),
        (Err(a), Err(b)) => Err(a.meet(b)),
    }
}

/// Kleene's `!`.
pub fn not(a: Truth) -> Truth {
    match a {
        Ok(true) => Ok(false),
        Ok(false) => Ok(true),
        Err(why) => Err(why),
    }
}

/// `a < b` of intervals: decided only where they do not overlap.
pub fn less(a: &Number, b: &Number) -> Truth {
    if a.high() < b.low() {
        Ok(true)
    } else if a.low() >= b.high() {
        Ok(false)
    } else {
        Err(a.vague(b))
    }
}

/// `a == b` of intervals: true only of plain numbers.
pub fn same(a: &Number, b: &Number) -> Truth {
    if a.tolerance == 0.0 && b.tolerance == 0.0 {
        Ok(a.value == b.value)
    } else if a.high() < b.low() || b.high() < a.low() {
        Ok(false)
    } else {
        Err(a.vague(b))
    }
}
