//! Truth with three values, and why a value is not known.
//!
//! In: nothing but the two operands. Out: Kleene's tables, written out. Must not know: where a value came from.
//! A fault is an unknown whose reason is the fault, so that `false && fault` is false in either operand order.

use core::cmp::Ordering;

/// Why something is not known. The order of the variants is the order in which one reason wins over another
/// where two unknowns meet, so that the connectives stay commutative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Why {
    /// An evaluation fault.
    Fault(Fault),
    /// An answer or a table is absent.
    Missing,
    /// A parameter that nobody has set.
    MissingParam,
    /// The author's word: measured by another method.
    Method,
    /// Answers contradict each other.
    Conflict,
    /// A pass without its evidence.
    NoEvidence,
    /// An interval that lies on both sides of a limit.
    TooClose,
    /// A period or a calendar year that is not covered.
    OutOfPeriod,
    /// A person has to judge.
    Judgement,
    /// The due day has not passed.
    NotDue,
    /// The author's own reason: an index into the plan's texts.
    Author(u16),
}

/// What went wrong while an expression was evaluated.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fault {
    /// Division by zero.
    DivisionByZero,
    /// A number or date beyond what is exact or finite.
    Overflow,
    /// Two coordinate systems in one distance.
    CrsMixed,
    /// More evaluation steps than the limit.
    StepLimit,
    /// More text than the limit.
    TextLimit,
    /// An author's function failed or reached a limit.
    Function,
    /// The plan asks for what its values are not; only a damaged bundle can cause it.
    BadPlan,
}

impl Fault {
    /// The stable code that reports carry.
    pub fn code(self) -> &'static str {
        match self {
            Fault::DivisionByZero => "division_by_zero",
            Fault::Overflow => "overflow",
            Fault::CrsMixed => "crs_mixed",
            Fault::StepLimit => "step_limit",
            Fault::TextLimit => "text_limit",
            Fault::Function => "function_failed",
            Fault::BadPlan => "bad_plan",
        }
    }
}

impl Why {
    /// Words an author may give to `unknown("…")` that mean a built-in reason.
    pub const WORDS: [(&'static str, Why); 9] = [
        ("missing", Why::Missing),
        ("missing_param", Why::MissingParam),
        ("method", Why::Method),
        ("conflict", Why::Conflict),
        ("no_evidence", Why::NoEvidence),
        ("too_close", Why::TooClose),
        ("out_of_period", Why::OutOfPeriod),
        ("judgement", Why::Judgement),
        ("not_due", Why::NotDue),
    ];

    /// The built-in word, or `None` for the author's own reason.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Why::Fault(fault) => Some(fault.code()),
            Why::Author(_) => None,
            why => Why::WORDS.iter().find(|(_, w)| *w == why).map(|(word, _)| *word),
        }
    }
}

/// A truth value of Kleene's strong three-valued logic.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Truth {
    /// Decided: holds.
    True,
    /// Decided: does not hold.
    False,
    /// Not decided, and why.
    Unknown(Why),
}

impl Truth {
    /// `a && b`.
    #[inline]
    pub fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::False, Truth::True | Truth::False | Truth::Unknown(_))
            | (Truth::True | Truth::Unknown(_), Truth::False) => Truth::False,
            (Truth::True, Truth::True) => Truth::True,
            (Truth::True, Truth::Unknown(why)) | (Truth::Unknown(why), Truth::True) => Truth::Unknown(why),
            (Truth::Unknown(a), Truth::Unknown(b)) => Truth::Unknown(a.first(b)),
        }
    }

    /// `a || b`.
    #[inline]
    pub fn or(self, other: Truth) -> Truth {
        self.not().and(other.not()).not()
    }

    /// `!a`, also written as the operator.
    #[inline]
    #[allow(
        clippy::should_implement_trait,
        reason = "the trait is implemented by this method"
    )]
    pub fn not(self) -> Truth {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown(why) => Truth::Unknown(why),
        }
    }
}

impl From<bool> for Truth {
    #[inline]
    fn from(value: bool) -> Truth {
        if value { Truth::True } else { Truth::False }
    }
}

impl Why {
    /// The reason that is kept where two unknowns meet.
    #[inline]
    pub fn first(self, other: Why) -> Why {
        match self.cmp(&other) {
            Ordering::Less | Ordering::Equal => self,
            Ordering::Greater => other,
        }
    }
}
