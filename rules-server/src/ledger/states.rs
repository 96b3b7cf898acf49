//! The states of an item and the ways between them.
//!
//! In: a state and what is done. Out: the next state, or that this cannot be done. Must not know: who does it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where an item stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// Found, and nothing decided yet.
    Open,
    /// It is decided what is to be done.
    MeasureSet,
    /// It was done, and nobody has looked yet.
    Done,
    /// Somebody looked, and it is in order.
    Closed,
    /// Somebody looked, and it is not in order; or it was closed too early.
    Reopened,
    /// A later revision of the submission no longer has the finding.
    Withdrawn,
}

/// What moves an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    Measure,
    Done,
    Accepted,
    Rejected,
    Reopen,
    /// By a revision of the submission.
    Withdraw,
    /// By a revision that has the finding again.
    Restore,
}

impl State {
    pub(super) const ALL: [State; 6] = [
        State::Open,
        State::MeasureSet,
        State::Done,
        State::Closed,
        State::Reopened,
        State::Withdrawn,
    ];

    /// Of these, an item may be overdue.
    pub(super) const WAITING: [State; 3] = [State::Open, State::MeasureSet, State::Reopened];

    pub(super) fn word(self) -> &'static str {
        match self {
            State::Open => "open",
            State::MeasureSet => "measure_set",
            State::Done => "done",
            State::Closed => "closed",
            State::Reopened => "reopened",
            State::Withdrawn => "withdrawn",
        }
    }

    pub(super) fn of(word: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.word() == word)
    }

    pub(super) fn waits(self) -> bool {
        State::WAITING.contains(&self)
    }

    /// The state after a step; nothing where the step cannot be taken from here.
    pub(super) fn after(self, step: Step) -> Option<State> {
        match (self, step) {
            (State::Open | State::MeasureSet | State::Reopened, Step::Measure) => Some(State::MeasureSet),
            (State::MeasureSet, Step::Done) => Some(State::Done),
            (State::Done, Step::Accepted) => Some(State::Closed),
            (State::Done, Step::Rejected) | (State::Closed, Step::Reopen) => Some(State::Reopened),
            // What somebody has looked at and closed stays closed.
            (state, Step::Withdraw) if state != State::Closed && state != State::Withdrawn => {
                Some(State::Withdrawn)
            }
            (State::Withdrawn, Step::Restore) => Some(State::Reopened),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [Step; 7] = [
        Step::Measure,
        Step::Done,
        Step::Accepted,
        Step::Rejected,
        Step::Reopen,
        Step::Withdraw,
        Step::Restore,
    ];

    /// State: what each step leads to, in the order of `STEPS`.
    const TABLE: [(&str, [&str; 7]); 6] = [
        ("open", ["measure_set", "", "", "", "", "withdrawn", ""]),
        (
            "measure_set",
            ["measure_set", "done", "", "", "", "withdrawn", ""],
        ),
        ("done", ["", "", "closed", "reopened", "", "withdrawn", ""]),
        ("closed", ["", "", "", "", "reopened", "", ""]),
        ("reopened", ["measure_set", "", "", "", "", "withdrawn", ""]),
        ("withdrawn", ["", "", "", "", "", "", "reopened"]),
    ];

    #[test]
    fn every_way_is_in_the_table() {
        for (state, ways) in TABLE {
            for (step, expected) in STEPS.into_iter().zip(ways) {
                let next = State::of(state).and_then(|state| state.after(step));
                assert_eq!(next.map_or("", State::word), expected, "{state} {step:?}");
            }
        }
    }
}
