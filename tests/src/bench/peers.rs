//! Another engine on the same work: Rhai's own evaluator, the interpreter whose syntax the rules are written in.
//!
//! In: the ruleset, the entry. Out: times. Must not know: hand-written rules. It gives less than the engine does: a truth per rule
//! or item of an entry that is complete, without reasons, paths or three values; the truths are compared before it is timed.

use super::inputs::ENTRY_5;
use super::ours;
use super::timing::{Contender, race};
use rhai::{AST, Dynamic, Engine, Map, Scope};
use rules_core::domain::age::{AgeRule, LeapRule, age_on, is_minor_on};
use rules_core::domain::date::{Date, DateTime, days_between};
use rules_core::eval::Outcome;
use rules_core::{Checker, Ruleset, Scratch};
use std::time::Duration;

/// Rule, list or nothing, condition, requirement, as in inspection.yaml.
const RULES: [(&str, &str, &str); 20] = [
    ("", "true", "licence_until >= inspected_on"),
    ("each", MINOR, "guest.id_checked && guest.registered"),
    ("", "true", "cameras >= 4 && cameras <= 400"),
    ("", "true", r#"hotel_kind in ["hotel", "homestay", "hostel"]"#),
    // The measure 195 ± 12 is decided at neither end; the two ends stand for it.
    (
        "",
        "true",
        "school_distance.value - school_distance.tolerance >= 200 || school_distance.value + school_distance.tolerance < 200",
    ),
    ("each", "true", "guest.nights >= 1 && guest.nights <= 30"),
    ("", "true", "rooms_occupied <= rooms"),
    ("", "true", "guests.all(|g| g.registered)"),
    ("", "true", "phone_fits(phone)"),
    ("", "true", "days_between(previous_on, inspected_on) <= 184"),
    ("each", MINOR, "guest.guardian_asked && guest.guardian_recorded"),
    (
        "each",
        "guest.accompanied && minor_on(guest.birth_date, date_of(guest.checked_in_at))",
        "guest.relation_asked == true && guest.relation_recorded == true",
    ),
    ("each", "true", "guest.room != ()"),
    ("each", MINOR, "!(hour(guest.checked_in_at) < 6)"),
    ("", "true", "patrols && patrol_log != ()"),
    ("", "true", "ratio(trained, staff) >= 0.5"),
    (
        "",
        "true",
        "guests.filter(|g| minor_on(g.birth_date, inspected_on)).len <= minors_declared",
    ),
    (
        "",
        "guests.some(|g| g.suspicious)",
        r#"police_report == "immediate""#,
    ),
    ("", "true", r#""alarm" in equipment && "first_aid" in equipment"#),
    ("each", "true", "age_on(guest.birth_date, inspected_on) <= 110"),
];
const MINOR: &str = "minor_on(guest.birth_date, date_of(guest.checked_in_at))";

fn engine() -> Engine {
    let mut engine = Engine::new();
    engine
        .set_fast_operators(true)
        .register_type_with_name::<Date>("Date")
        .register_type_with_name::<DateTime>("DateTime")
        .register_fn(">=", |a: Date, b: Date| a >= b)
        .register_fn("days_between", days_between)
        .register_fn("date_of", |at: DateTime| at.date())
        .register_fn("hour", |at: DateTime| i64::from(at.minute_of_day() / 60))
        .register_fn("ratio", |a: i64, b: i64| a as f64 / b as f64)
        .register_fn("minor_on", |birth: Date, on: Date| {
            is_minor_on(birth, on, AgeRule::DayAfter, LeapRule::Feb28).unwrap()
        })
        .register_fn("age_on", |birth: Date, on: Date| {
            i64::from(age_on(birth, on, AgeRule::DayAfter, LeapRule::Feb28).unwrap())
        })
        .register_fn("phone_fits", |phone: &str| super::hand::phone_fits(phone));
    engine
}

/// Days and times are made when the entry is read, as with the others.
fn dynamic(value: &serde_json::Value, name: &str) -> Dynamic {
    match value {
        serde_json::Value::String(text) if name == "checked_in_at" => {
            Dynamic::from(DateTime::parse(text).unwrap())
        }
        serde_json::Value::String(text) => match Date::parse(text) {
            Ok(day) => Dynamic::from(day),
            Err(_) => text.into(),
        },
        serde_json::Value::Bool(value) => (*value).into(),
        serde_json::Value::Number(number) => number.as_i64().unwrap().into(),
        serde_json::Value::Array(items) => {
            Dynamic::from_array(items.iter().map(|item| dynamic(item, "")).collect())
        }
        serde_json::Value::Object(members) => Dynamic::from_map(map(members)),
        serde_json::Value::Null => Dynamic::UNIT,
    }
}

fn map(members: &serde_json::Map<String, serde_json::Value>) -> Map {
    let member = |(key, value): (&String, &serde_json::Value)| (key.into(), dynamic(value, key));
    members.iter().map(member).collect()
}

fn scope(text: &str) -> Scope<'static> {
    let serde_json::Value::Object(members) = serde_json::from_str(text).unwrap() else {
        unreachable!("the entry is an object")
    };
    let mut scope = Scope::new();
    for (key, value) in &members {
        scope.push_dynamic(key.clone(), dynamic(value, key));
    }
    scope
}

struct Compiled {
    each: bool,
    when: AST,
    require: AST,
}

fn judge(engine: &Engine, rules: &[Compiled], scope: &mut Scope<'_>, out: &mut Vec<Option<bool>>) {
    out.clear();
    let guests = scope.get_value::<rhai::Array>("guests").unwrap();
    let one = |scope: &mut Scope<'_>, rule: &Compiled| {
        let applies: bool = engine.eval_ast_with_scope(scope, &rule.when).unwrap();
        applies.then(|| engine.eval_ast_with_scope(scope, &rule.require).unwrap())
    };
    let base = scope.len();
    for rule in rules {
        if rule.each {
            for guest in &guests {
                scope.push_dynamic("guest", guest.clone());
                out.push(one(scope, rule));
                scope.rewind(base);
            }
        } else {
            out.push(one(scope, rule));
        }
    }
}

/// Compares and times.
pub fn run(ruleset: &Ruleset, rounds: usize, round: Duration) {
    let engine = engine();
    let rules: Vec<Compiled> = RULES
        .iter()
        .map(|(each, when, require)| Compiled {
            each: *each == "each",
            when: engine.compile(when).unwrap(),
            require: engine.compile(require).unwrap(),
        })
        .collect();
    let options = ours::options();
    let checker = Checker::new(ruleset, &options);
    let mut scratch = Scratch::default();
    checker.read(ENTRY_5, &mut scratch);
    checker.judge(&mut scratch);
    let mut prepared = scope(ENTRY_5);
    let mut truths = Vec::new();
    judge(&engine, &rules, &mut prepared, &mut truths);
    let expected = scratch
        .judged
        .verdicts
        .iter()
        .map(|verdict| match verdict.outcome {
            Outcome::NotApplicable => None,
            Outcome::Pass => Some(true),
            // Rhai has no third value.
            Outcome::Fail | Outcome::Undetermined(_) | Outcome::Faulted(_) => Some(false),
        });
    assert!(truths.iter().copied().eq(expected), "{truths:?}");
    let mut more = Vec::new();
    let mut other = Scratch::default();
    let rows = race(
        vec![
            Contender::new("ours, prepared answers: outcomes with paths", 1, || {
                ours::outcomes(&checker, &mut scratch)
            }),
            Contender::new("rhai 1.27, prepared scope: truths", 1, || {
                judge(&engine, &rules, &mut prepared, &mut truths);
                truths.len()
            }),
            Contender::new("ours, JSON text: outcomes with paths", 1, || {
                checker.read(ENTRY_5.trim_end(), &mut other);
                ours::outcomes(&checker, &mut other)
            }),
            Contender::new("rhai 1.27, JSON text: truths", 1, || {
                judge(&engine, &rules, &mut scope(ENTRY_5), &mut more);
                more.len()
            }),
        ],
        rounds,
        round,
    );
    println!("| | µs | ratio |\n| --- | ---: | ---: |");
    for (name, nanos) in &rows {
        println!("| {name} | {:.3} | {:.2} |", nanos / 1e3, nanos / rows[0].1);
    }
}
