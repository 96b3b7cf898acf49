//! Judging: all rules over a submission, as outcomes with the slots that decided. No texts, no digests.
//!
//! In: a context. Out: `Judged`. Must not know: how a report is written.

use crate::entry::{self, Lack, Needs};
use crate::eval::trace::Trace;
use crate::eval::{Context, Eval, Outcome, Subjects};
use crate::plan::{RuleKind, Severity};
use crate::value::NO_LIST;
use alloc::vec::Vec;

/// One verdict: a rule for the submission or for one item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// Rule number.
    pub rule: u32,
    /// List of `each`, or `NO_LIST`.
    pub list: u32,
    /// Item.
    pub item: u32,
    /// Outcome.
    pub outcome: Outcome,
}

/// All verdicts of a submission.
#[derive(Clone, Default, Debug)]
pub struct Judged {
    /// In ruleset order, then item order.
    pub verdicts: Vec<Verdict>,
    /// What the entry lacks.
    pub lacks: Vec<Lack>,
}

/// The verdict of the whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whole {
    /// Nothing of weight fails or is open.
    Pass,
    /// A rule of severity critical or major, or a trigger, fails.
    Fail,
    /// Such a rule is not decided.
    Undetermined,
}

impl Whole {
    /// The word in a report.
    pub fn word(self) -> &'static str {
        match self {
            Whole::Pass => "pass",
            Whole::Fail => "fail",
            Whole::Undetermined => "undetermined",
        }
    }
}

impl Judged {
    /// Judges a submission, into memory that may be there already.
    pub fn run(&mut self, cx: Context<'_>, needs: &Needs) {
        self.verdicts.clear();
        let mut eval = Eval::new(cx);
        for number in 0..cx.plan.rules.len() as u32 {
            judge_rule(&mut eval, number, &mut self.verdicts);
        }
        self.lacks = entry::lacks(&mut eval, needs);
    }

    /// The verdict of the whole.
    pub fn whole(&self, cx: &Context<'_>) -> Whole {
        let mut whole = Whole::Pass;
        for verdict in &self.verdicts {
            let Some(rule) = cx.plan.rules.get(verdict.rule as usize) else {
                continue;
            };
            let heavy = match rule.kind {
                RuleKind::Entry => false,
                RuleKind::Trigger => true,
                RuleKind::Duty | RuleKind::Prohibition => rule.severity <= Severity::Major,
            };
            match verdict.outcome {
                Outcome::Fail if heavy => return Whole::Fail,
                Outcome::Undetermined(_) | Outcome::Faulted(_) if heavy => whole = Whole::Undetermined,
                Outcome::Fail
                | Outcome::Undetermined(_)
                | Outcome::Faulted(_)
                | Outcome::Pass
                | Outcome::NotApplicable => {}
            }
        }
        whole
    }
}

/// The verdicts of one rule, appended.
pub fn judge_rule(eval: &mut Eval<'_>, number: u32, out: &mut Vec<Verdict>) {
    let Some(rule) = eval.context().plan.rules.get(number as usize) else {
        return;
    };
    let whole = |outcome| Verdict {
        rule: number,
        list: NO_LIST,
        item: 0,
        outcome,
    };
    match eval.subjects(rule) {
        Subjects::OutOfForce => out.push(whole(Outcome::NotApplicable)),
        Subjects::Whole => {
            let outcome = eval.outcome(rule);
            out.push(whole(outcome));
        }
        Subjects::UnknownList(why) => {
            let outcome = eval.unknown_list(rule, why);
            out.push(whole(outcome));
        }
        Subjects::Each(items) => {
            let list = items.list();
            for item in 0..items.len() {
                eval.bind_each(items, item);
                let outcome = eval.outcome(rule);
                out.push(Verdict {
                    rule: number,
                    list,
                    item,
                    outcome,
                });
            }
            eval.unbind_each();
        }
    }
}

/// What decided a verdict.
pub fn trace(eval: &mut Eval<'_>, verdict: &Verdict, explain: bool) -> Trace {
    let Some(rule) = eval.context().plan.rules.get(verdict.rule as usize) else {
        return Trace::default();
    };
    if !rule.effective.holds(eval.context().as_of) {
        return Trace::default();
    }
    match eval.subjects(rule) {
        Subjects::Each(items) => {
            eval.bind_each(items, verdict.item);
            let mut trace = eval.trace(rule, verdict.outcome, explain);
            highlight(eval, &rule.at, &mut trace);
            trace
        }
        Subjects::Whole => {
            let mut trace = eval.trace(rule, verdict.outcome, explain);
            highlight(eval, &rule.at, &mut trace);
            trace
        }
        Subjects::UnknownList(_) => eval.trace_list(rule),
        Subjects::OutOfForce => Trace::default(),
    }
}

fn highlight(eval: &Eval<'_>, at: &[u32], trace: &mut Trace) {
    if !at.is_empty() {
        trace.read = core::mem::take(&mut trace.at);
        trace.at = eval.paths(at);
    }
}
