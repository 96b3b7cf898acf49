//! The engine, as a host calls it.
//!
//! In: a ruleset, entries. Out: outcomes with the paths of findings. Must not know: who is timed beside it.

use super::hand::{self, Found, Path, WHOLE};
use rules_core::answers::Step;
use rules_core::domain::date::Date;
use rules_core::eval::Outcome;
use rules_core::plan::Plan;
use rules_core::truth::Why;
use rules_core::value::{Store, V};
use rules_core::{Checker, Options, Ruleset, Scratch};

/// The day of the check.
pub fn as_of() -> Date {
    Date::from_ymd(2026, 3, 2).unwrap()
}

/// The engine with one ruleset and no options but the day.
pub fn ruleset(bundle: &str) -> Ruleset {
    Ruleset::load(bundle).unwrap()
}

/// The options of every check here.
pub fn options() -> Options<'static> {
    Options::on(as_of())
}

/// Judges what was read and traces what failed or is open; gives how much was found.
pub fn outcomes(checker: &Checker<'_>, scratch: &mut Scratch) -> usize {
    checker.judge(scratch);
    let mut paths = 0;
    checker.traces(
        scratch,
        |verdict| is_finding(verdict.outcome),
        |_, trace| paths += trace.at.len() + trace.missing.len(),
    );
    scratch.judged.verdicts.len() + paths
}

fn is_finding(outcome: Outcome) -> bool {
    matches!(
        outcome,
        Outcome::Fail | Outcome::Undetermined(_) | Outcome::Faulted(_)
    )
}

/// What the engine finds in an entry, in the words of the hand-written rules.
pub fn found(checker: &Checker<'_>, scratch: &mut Scratch) -> Found {
    checker.judge(scratch);
    let plan = checker.plan().unwrap();
    let store = &scratch.answers.store;
    let mut out = Found::default();
    for verdict in &scratch.judged.verdicts {
        let outcome = match verdict.outcome {
            Outcome::NotApplicable => hand::Outcome::NotApplicable,
            Outcome::Pass => hand::Outcome::Pass,
            Outcome::Fail => hand::Outcome::Fail,
            Outcome::Undetermined(Why::Missing) => hand::Outcome::Undetermined(hand::Why::Missing),
            Outcome::Undetermined(Why::Conflict) => hand::Outcome::Undetermined(hand::Why::Conflict),
            Outcome::Undetermined(Why::NoEvidence) => hand::Outcome::Undetermined(hand::Why::NoEvidence),
            Outcome::Undetermined(Why::TooClose) => hand::Outcome::Undetermined(hand::Why::TooClose),
            other => unreachable!("no rule here gives {other:?}"),
        };
        let item = if verdict.list == rules_core::value::NO_LIST {
            WHOLE
        } else {
            verdict.item
        };
        out.verdicts.push((verdict.rule, item, outcome));
        if is_finding(verdict.outcome) {
            let trace = checker.trace(scratch, verdict);
            let decided = matches!(
                verdict.outcome,
                Outcome::Fail | Outcome::Undetermined(Why::TooClose)
            );
            let fields = if decided { trace.at } else { trace.missing };
            let paths = fields
                .into_iter()
                .map(|(step, slot)| path(plan, store, step, slot));
            out.findings.push((out.verdicts.len() - 1, paths.collect()));
        }
    }
    for (step, slot, _) in &scratch.judged.lacks {
        out.lacks.push(path(plan, store, *step, *slot));
    }
    out
}

fn path(plan: &Plan, store: &Store, step: Step, slot: u32) -> Path {
    let field = &plan.form.scopes[step.scope(store)].fields[slot as usize];
    // The names live as long as the run.
    let name: &'static str = String::leak(field.name.clone());
    (if step == Step::ROOT { WHOLE } else { step.item }, name)
}

/// Packs answers as a host that knows the form does; see `rules_core::answers::packed`.
pub fn packed(plan: &Plan, store: &Store) -> Vec<u8> {
    use rules_core::answers::packed::tag;
    fn record(plan: &Plan, store: &Store, scope: usize, base: usize, out: &mut Vec<u8>) {
        let fields = &plan.form.scopes[scope].fields;
        let known = |slot: &usize| !matches!(store.values[base + slot], V::Unknown(_));
        let slots: Vec<usize> = (0..fields.len()).filter(known).collect();
        out.extend((slots.len() as u16).to_le_bytes());
        for slot in slots {
            out.extend((slot as u16).to_le_bytes());
            let mut tagged = |tag: u8, bytes: &[u8]| {
                out.push(tag);
                out.extend(bytes);
            };
            match store.values[base + slot] {
                V::Bool(value) => tagged(if value { tag::TRUE } else { tag::FALSE }, &[]),
                V::Num(value) if fields[slot].kind == rules_core::form::Kind::Measure => {
                    tagged(tag::MEASURE, &[value.to_le_bytes(), 0f64.to_le_bytes()].concat());
                }
                V::Num(value) => tagged(tag::NUMBER, &value.to_le_bytes()),
                V::Measure(value, by) => {
                    tagged(tag::MEASURE, &[value.to_le_bytes(), by.to_le_bytes()].concat());
                }
                V::Choice(symbol) => {
                    let options = &fields[slot].options;
                    let at = options.iter().position(|option| option.symbol == symbol).unwrap();
                    tagged(tag::CHOICE, &(at as u16).to_le_bytes());
                }
                V::Set(set) => tagged(tag::SET, &set.to_le_bytes()),
                V::File => tagged(tag::FILE, &[]),
                V::Text(text) => tagged(tag::TEXT, &sized(store.text(text))),
                V::Date(day) => tagged(tag::TEXT, &sized(&day.to_string())),
                V::DateTime(at) => tagged(tag::TEXT, &sized(&at.to_string())),
                V::List(number) => {
                    let list = store.lists[number as usize];
                    tagged(tag::LIST, &list.len.to_le_bytes());
                    for item in 0..list.len {
                        let base = (list.start + item * list.stride) as usize;
                        record(plan, store, list.scope as usize, base, out);
                    }
                }
                other => unreachable!("no answer here is {other:?}"),
            }
        }
    }
    fn sized(text: &str) -> Vec<u8> {
        let mut out = (text.len() as u32).to_le_bytes().to_vec();
        out.extend(text.as_bytes());
        out
    }
    let mut out = Vec::new();
    record(plan, store, 0, 0, &mut out);
    out
}
