//! What one rule of a session says, as JSON text for hosts that draw it. In: the number of a rule. Out: its verdicts with reasons and places.

use super::Session;
use crate::answers::Step;
use crate::eval::Outcome;
use crate::json::write_string;
use crate::judge::Verdict;
use crate::ruleset::Chosen;
use crate::truth::Why;
use crate::value::NO_LIST;
use alloc::string::String;

impl Session {
    /// What one rule says, as JSON text of a list: one entry for the whole, or one per item.
    pub fn told(&self, rule: u32) -> String {
        let mut out = String::from("[");
        for (i, verdict) in self.verdicts(rule).iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            self.tell(verdict, &mut out);
        }
        out.push(']');
        out
    }

    fn tell(&self, verdict: &Verdict, out: &mut String) {
        let number = if let Chosen::Variant(number) = self.chosen {
            number
        } else {
            0
        };
        let plan = self.ruleset.plan(number);
        let rule = plan.and_then(|plan| plan.rules.get(verdict.rule as usize));
        let member = |out: &mut String, key: &str, value: &str| {
            out.push_str(key);
            write_string(value, out);
        };
        member(out, "{\"rule\":", rule.map_or("", |rule| rule.id.as_str()));
        member(out, ",\"outcome\":", verdict.outcome.word());
        if verdict.list != NO_LIST {
            // No slot: the record itself.
            let step = Step {
                list: verdict.list,
                item: verdict.item,
            };
            member(out, ",\"item\":", &self.pointer(step, u32::MAX));
        }
        let reason = match verdict.outcome {
            Outcome::Undetermined(Why::Author(number)) => plan
                .and_then(|plan| plan.reasons.get(usize::from(number)))
                .map(String::as_str),
            Outcome::Undetermined(why) => why.word(),
            Outcome::Faulted(fault) => Some(fault.code()),
            Outcome::Pass | Outcome::Fail | Outcome::NotApplicable => None,
        };
        if let Some(reason) = reason {
            member(out, ",\"reason\":", reason);
        }
        let trace = self.trace(verdict);
        let mut list = |key: &str, paths: &[(Step, u32)]| {
            out.push_str(key);
            for (i, (step, slot)) in paths.iter().enumerate() {
                out.push(if i > 0 { ',' } else { '[' });
                write_string(&self.pointer(*step, *slot), out);
            }
            out.push_str(if paths.is_empty() { "[]" } else { "]" });
        };
        list(",\"at\":", &trace.at);
        let undecided = matches!(verdict.outcome, Outcome::Undetermined(_));
        list(",\"missing\":", if undecided { &trace.missing } else { &[] });
        out.push('}');
    }
}
