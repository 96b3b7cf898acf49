//! No bundle bytes crash or hang loading; a plan that loads, however it was damaged, judges without a crash.
#![no_main]
mod fixture;

use libfuzzer_sys::fuzz_target;
use rules_core::domain::date::Date;
use rules_core::json::{Json, parse};
use rules_core::limits::Limits;
use rules_core::plan::Plan;
use rules_core::wire::Wire;
use rules_core::{Options, Ruleset};

const ANSWERS: &str = r#"{"b":true,"n":3,"x":0,"t":"abc","k":"red","ks":["red"],"d":"2024-02-29","m":{"value":3},"xs":[1],"rows":[{"birth":"2010-01-01","inner":[{"v":{"value":1}}]}]}"#;

/// Goes down to the leaf that `steps` leads to and replaces it.
fn damage(at: &mut Json, steps: usize, kind: u8, value: u8) {
    match at {
        Json::Arr(items) if !items.is_empty() => {
            let length = items.len();
            damage(&mut items[steps % length], steps / length.max(2), kind, value);
        }
        Json::Obj(members) if !members.is_empty() => {
            let length = members.len();
            damage(&mut members[steps % length].1, steps / length.max(2), kind, value);
        }
        leaf => {
            *leaf = match kind % 4 {
                0 => Json::Num(f64::from(value)),
                1 => Json::Null,
                2 => Json::Str("<".into()),
                _ => Json::Arr(vec![Json::Num(f64::from(value))]),
            };
        }
    }
}

/// Bytes edit the fixture's bundle: position, replacement, so that deep damage is reached without guessing a digest.
fn damaged(mut tree: Json, bytes: &[u8]) -> Json {
    for edit in bytes.chunks(4) {
        let [a, b, kind, value] = edit else { break };
        damage(&mut tree, usize::from(*a) << 8 | usize::from(*b), *kind, *value);
    }
    tree
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Ruleset::load(text);
    }
    thread_local!(static TREE: Json = fixture::ruleset().plan(0).map(Wire::put).unwrap_or_default());
    let tree = TREE.with(|tree| damaged(tree.clone(), bytes));
    let Some(plan) = <Plan as Wire>::take(&tree) else { return };
    let _ = parse(&tree.canonical(), 64);
    let Ok(ruleset) = Ruleset::from_plans(vec![plan], &[]) else { return };
    let day = Date::from_ymd(2026, 3, 2).expect("a day");
    let limits = Limits { steps: 100_000, ..Limits::DEFAULT };
    let detail = rules_core::Detail { explain: true, all: true };
    let options = Options { limits, detail, ..Options::on(day) };
    let _ = ruleset.check(ANSWERS, &options).canonical();
});
