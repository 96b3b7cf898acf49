//! Outcomes of rules: the table of the language, then what is due and what is evidenced.

use super::{Eval, Frame, over::Items};
use crate::plan::Rule;
use crate::truth::{Fault, Truth, Why};
use crate::value::V;

/// What a rule says of the submission, or of one item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Does not apply.
    NotApplicable,
    /// Holds.
    Pass,
    /// Does not hold.
    Fail,
    /// Not decided, and why.
    Undetermined(Why),
    /// An expression failed.
    Faulted(Fault),
}

impl Outcome {
    /// The words in a report, in the order of `index`.
    pub const WORDS: [&'static str; 5] = ["not_applicable", "pass", "fail", "undetermined", "faulted"];

    /// A number for counting.
    pub fn index(self) -> usize {
        match self {
            Outcome::NotApplicable => 0,
            Outcome::Pass => 1,
            Outcome::Fail => 2,
            Outcome::Undetermined(_) => 3,
            Outcome::Faulted(_) => 4,
        }
    }

    /// The word in a report.
    pub fn word(self) -> &'static str {
        Outcome::WORDS.get(self.index()).copied().unwrap_or("")
    }

    fn unknown(why: Why) -> Outcome {
        if let Why::Fault(fault) = why {
            Outcome::Faulted(fault)
        } else {
            Outcome::Undetermined(why)
        }
    }
}

/// An item of which nothing can be said, not even whether it says anything: an item frame that holds a row is a fault, and so is the reverse.
pub(super) const NOBODY: [Frame; 2] = [Frame::Row(0, 0, false), Frame::Empty];

/// What a rule is decided for.
#[derive(Clone, Copy)]
pub enum Subjects {
    /// The submission once.
    Whole,
    /// Each item of a list.
    Each(Items),
    /// A list that is not known.
    UnknownList(Why),
    /// The rule is not in force.
    OutOfForce,
}

impl Eval<'_> {
    /// What a rule is to be decided for.
    pub fn subjects(&mut self, rule: &Rule) -> Subjects {
        if !rule.effective.holds(self.context().as_of) {
            return Subjects::OutOfForce;
        }
        let Some(each) = rule.each else {
            return Subjects::Whole;
        };
        let list = self.operand(each);
        match self.items(list) {
            Ok(items) => Subjects::Each(items),
            Err(why) => Subjects::UnknownList(why),
        }
    }

    /// The outcome where the list of `each` is not known: not applicable where `when` is false without any item.
    pub fn unknown_list(&mut self, rule: &Rule, why: Why) -> Outcome {
        let Some(when) = rule.when else {
            return Outcome::unknown(why);
        };
        for nobody in NOBODY {
            self.set_frame(0, nobody);
            let truth = self.truth(when);
            self.unbind_each();
            if truth != Truth::False {
                return Outcome::unknown(why);
            }
        }
        Outcome::NotApplicable
    }

    /// The outcome for what the frames are bound to.
    pub fn outcome(&mut self, rule: &Rule) -> Outcome {
        let mut applies = Truth::True;
        if let Some(filter) = rule.filter {
            applies = self.truth(filter);
        }
        if let (Some(when), Truth::True | Truth::Unknown(_)) = (rule.when, applies) {
            applies = applies.and(self.truth(when));
        }
        match applies {
            Truth::False => Outcome::NotApplicable,
            Truth::True | Truth::Unknown(_) => match (self.truth(rule.require), applies) {
                (Truth::True, _) => self.evidenced(rule),
                (Truth::False, Truth::True) => self.due(rule),
                (Truth::False, Truth::Unknown(why)) => Outcome::unknown(why),
                (Truth::Unknown(why), Truth::Unknown(other)) => Outcome::unknown(why.first(other)),
                (Truth::Unknown(why), Truth::True) => Outcome::unknown(why),
                (Truth::False | Truth::Unknown(_), Truth::False) => Outcome::NotApplicable,
            },
        }
    }

    /// A pass, unless its evidence is missing.
    fn evidenced(&mut self, rule: &Rule) -> Outcome {
        for node in &rule.evidence {
            if self.value(*node).why().is_some() {
                return Outcome::Undetermined(Why::NoEvidence);
            }
        }
        Outcome::Pass
    }

    /// A fail, unless its day has not passed.
    fn due(&mut self, rule: &Rule) -> Outcome {
        let Some(due) = rule.due else { return Outcome::Fail };
        match self.value(due) {
            V::Date(due) if self.context().as_of <= due => Outcome::Undetermined(Why::NotDue),
            V::Date(_) => Outcome::Fail,
            V::Unknown(why) => Outcome::unknown(why),
            _ => Outcome::Faulted(Fault::BadPlan),
        }
    }

    /// Binds the `each` frame to an item.
    pub fn bind_each(&mut self, items: Items, item: u32) {
        let (frame, _) = self.bind(items, item);
        self.set_frame(0, frame);
    }

    /// Unbinds it.
    pub fn unbind_each(&mut self) {
        self.set_frame(0, Frame::Empty);
    }
}
