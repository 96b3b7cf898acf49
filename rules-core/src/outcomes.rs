//! Outcomes as words (u32) in memory: what a host decodes when somebody looks. No names, no texts.
//!
//! `[words, whole, findings, five counts, finding …]`. A finding: `rule | outcome << 24 | has item << 27`, reason, `at | missing << 16`
//! (how many), the item's place if it has one, then the places. A place: `steps << 24 | slot` and per step from the submission
//! `slot, item`; slot `0xffffff` is the record itself. A reason: 0 none, from 1 the words of the language, from 0x100 faults, from 0x10000 the author's.

use crate::answers::Step;
use crate::eval::{Context, Eval, Outcome};
use crate::judge::{self, Judged, Whole};
use crate::plan::RuleKind;
use crate::truth::{Fault, Why};
use crate::value::{NO_LIST, Store};
use alloc::string::String;
use alloc::vec::Vec;

/// Words before the first finding.
const HEAD: usize = 8;
/// The record itself, where a slot would stand.
const RECORD: u32 = 0xff_ffff;

/// Writes all findings (with `all`, also passes and what does not apply).
pub fn write(out: &mut Vec<u32>, whole: Option<Whole>, cx: Context<'_>, judged: &Judged, all: bool) {
    out.clear();
    out.resize(HEAD, 0);
    let mut counts = [0u32; 5];
    let mut findings = 0;
    let mut eval = Eval::new(cx);
    for verdict in &judged.verdicts {
        let Some(rule) = cx.plan.rules.get(verdict.rule as usize) else {
            continue;
        };
        let index = verdict.outcome.index();
        if let (true, Some(count)) = (rule.kind != RuleKind::Entry, counts.get_mut(index)) {
            *count += 1;
        }
        let reason = match verdict.outcome {
            Outcome::Undetermined(why) => reason(why),
            Outcome::Faulted(fault) => 0x100 + fault as u32,
            Outcome::Fail => 0,
            Outcome::Pass | Outcome::NotApplicable if all => 0,
            Outcome::Pass | Outcome::NotApplicable => continue,
        };
        findings += 1;
        let trace = judge::trace(&mut eval, verdict, false);
        eval.unbind_each();
        let undecided = matches!(verdict.outcome, Outcome::Undetermined(_));
        let missing = if undecided { trace.missing.as_slice() } else { &[] };
        let item = verdict.list != NO_LIST;
        out.push(verdict.rule | (index as u32) << 24 | u32::from(item) << 27);
        out.push(reason);
        out.push(trace.at.len() as u32 | (missing.len() as u32) << 16);
        if item {
            place(
                out,
                cx.store,
                Step {
                    list: verdict.list,
                    item: verdict.item,
                },
                RECORD,
            );
        }
        for (step, slot) in trace.at.iter().chain(missing) {
            place(out, cx.store, *step, *slot);
        }
    }
    let whole = match whole {
        Some(Whole::Pass) => 0,
        Some(Whole::Fail) => 1,
        Some(Whole::Undetermined) => 2,
        None => 3,
    };
    let head = [out.len() as u32, whole, findings].into_iter().chain(counts);
    for (place, word) in out.iter_mut().zip(head) {
        *place = word;
    }
}

fn reason(why: Why) -> u32 {
    match why {
        Why::Fault(fault) => 0x100 + fault as u32,
        Why::Author(number) => 0x1_0000 + u32::from(number),
        why => Why::WORDS
            .iter()
            .position(|(_, word)| *word == why)
            .map_or(0, |i| i as u32 + 1),
    }
}

/// The words of reasons and faults, in the order of their numbers, `|` between them and a line end between the two.
pub fn words() -> String {
    const FAULTS: [Fault; 7] = [
        Fault::DivisionByZero,
        Fault::Overflow,
        Fault::CrsMixed,
        Fault::StepLimit,
        Fault::TextLimit,
        Fault::Function,
        Fault::BadPlan,
    ];
    let mut out = String::new();
    for (word, _) in Why::WORDS {
        out.push_str(word);
        out.push('|');
    }
    out.push('\n');
    for fault in FAULTS {
        out.push_str(fault.code());
        out.push('|');
    }
    out
}

fn place(out: &mut Vec<u32>, store: &Store, at: Step, slot: u32) {
    let head = out.len();
    out.push(0);
    let mut steps = 0;
    let mut step = at;
    while let Some(list) = store.lists.get(step.list as usize) {
        out.extend([list.slot, step.item]);
        steps += 1;
        step = Step {
            list: list.parent,
            item: list.item,
        };
    }
    // Met from the inside out, read from the submission on.
    if let Some(pairs) = out.get_mut(head + 1..).filter(|_| steps > 1) {
        pairs.reverse();
        pairs.chunks_exact_mut(2).for_each(|pair| pair.reverse());
    }
    if let Some(word) = out.get_mut(head) {
        *word = steps << 24 | slot & RECORD;
    }
}

#[cfg(test)]
mod tests {
    use super::{place, words};
    use crate::answers::Step;
    use crate::truth::Fault;
    use crate::value::{List, NO_LIST, Store};
    use std::vec;
    use std::vec::Vec;

    #[test]
    fn places_are_written_from_the_outside_in() {
        let list = |parent, item, slot| List {
            scope: 1,
            start: 0,
            stride: 1,
            len: 9,
            parent,
            item,
            slot,
        };
        let store = Store {
            lists: vec![list(NO_LIST, 0, 7), list(0, 4, 5)],
            ..Store::default()
        };
        let mut out = Vec::new();
        place(&mut out, &store, Step { list: 1, item: 6 }, 3);
        assert_eq!(out, [2 << 24 | 3, 7, 4, 5, 6]);
        out.clear();
        place(&mut out, &store, Step::ROOT, 2);
        assert_eq!(out, [2]);
    }

    #[test]
    fn every_fault_has_its_word() {
        let words = words();
        let fault = |fault: Fault| {
            words
                .lines()
                .nth(1)
                .and_then(|line| line.split('|').nth(fault as usize))
        };
        for one in [Fault::DivisionByZero, Fault::CrsMixed, Fault::BadPlan] {
            assert_eq!(fault(one), Some(one.code()));
        }
    }
}
