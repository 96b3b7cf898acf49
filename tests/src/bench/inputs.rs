//! What is measured: the ruleset, larger ones made of it, entries, and entries with answers changed or left out.
//!
//! In: the files of tests/bench. Out: rulesets and JSON texts, the same on every run. Must not know: who is timed.

use rules_compiler::compile::{Compiled, Library, compile};
use rules_compiler::diagnostic::{Sink, render};
use rules_compiler::source::Files;
use rules_compiler::syntax::parse_ruleset;
use rules_core::bundle;
use rules_core::json::{self, Json};
use std::borrow::Cow;
use std::fmt::Write as _;

/// The twenty rules.
pub const RULESET: &str = include_str!("../../bench/inspection.yaml");
/// An inspection with five guests, 1.6 kB.
pub const ENTRY_5: &str = include_str!("../../bench/entry-5.json");
/// The same with a hundred guests.
pub const ENTRY_100: &str = include_str!("../../bench/entry-100.json");
const SOURCE: &str = include_str!("../../bench/bench-source.txt");
/// The sizes that are measured.
pub const SIZES: [usize; 4] = [10, 20, 200, 1000];

struct Stored;

impl Library for Stored {
    fn source_text(&self, document: &str) -> Option<Cow<'_, str>> {
        (document == "bench-source").then_some(Cow::Borrowed(SOURCE))
    }

    fn table(&self, _: &str) -> Option<String> {
        None
    }
}

/// The ruleset with so many rules: the twenty, then copies of them with other ids and thresholds.
///
/// In the copies nothing reads `previous_on`, so that an edit of it has one dependent at every size.
pub fn yaml(rules: usize) -> String {
    let (head, body) = RULESET.split_once("\nrules:\n").unwrap();
    let blocks: Vec<&str> = body.split("  - id: ").filter(|block| !block.is_empty()).collect();
    let mut out = format!("{head}\nrules:\n");
    for number in 0..rules {
        let (block, copy) = (blocks[number % blocks.len()], number / blocks.len());
        let (id, rest) = block.split_once('\n').unwrap();
        if copy == 0 {
            let _ = writeln!(out, "  - id: {id}\n{}", rest.trim_end());
            continue;
        }
        let rest = rest
            .replace(
                "days_between(previous_on, inspected_on) <= 184",
                "days_between(inspected_on, licence_until) >= 90",
            )
            .replace("previous_on", "licence_until");
        let _ = writeln!(out, "  - id: {id}_{copy}\n{}", loosened(rest.trim_end(), copy));
    }
    out
}

/// The lines of a rule, its thresholds moved by up to six in the direction that keeps what passed.
fn loosened(rule: &str, copy: usize) -> String {
    let by = copy % 7;
    rule.lines()
        .map(|line| {
            if !line.trim_start().starts_with("require:") {
                return line.to_owned();
            }
            let mut out = String::new();
            let mut rest = line;
            while let Some(at) = rest.find("= ") {
                let (before, after) = rest.split_at(at + 2);
                out.push_str(before);
                let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
                let (digits, after) = after.split_at(digits);
                match digits.parse::<usize>() {
                    Ok(n) if before.ends_with("<= ") => out.push_str(&(n + by).to_string()),
                    // A share has decimals; 200 is what the measure is close to.
                    Ok(n) if before.ends_with(">= ") && n > 1 && n != 200 => {
                        out.push_str(&n.saturating_sub(by).to_string());
                    }
                    _ => out.push_str(digits),
                }
                rest = after;
            }
            out + rest
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// Compiles a ruleset's text.
pub fn compiled(text: &str) -> Compiled {
    let mut files = Files::new();
    let file = files.add("inspection.yaml", text);
    let mut sink = Sink::new();
    let asts: Vec<_> = parse_ruleset(&files, file, &mut sink).into_iter().collect();
    let compiled = compile(&files, &asts, &Stored, &mut sink);
    assert!(
        !sink.has_errors(),
        "{}",
        render(&files, &sink.into_sorted(), false)
    );
    compiled.unwrap()
}

/// The ruleset with so many rules as a bundle.
pub fn bundle(rules: usize) -> String {
    let compiled = compiled(&yaml(rules));
    let plans: Vec<_> = compiled
        .variants
        .into_iter()
        .map(|variant| variant.plan)
        .collect();
    bundle::write(&plans, &compiled.tables)
}

/// Entry number `n` of a long file: the entry with five guests, its numbers, days and answers varied.
pub fn varied(n: u64) -> String {
    let mut entry = tree(ENTRY_5);
    let mut dice = Dice(n + 1);
    set(
        &mut entry,
        "rooms_occupied",
        Json::from(20.0 + dice.below(60) as f64),
    );
    set(&mut entry, "cameras", Json::from(2.0 + dice.below(60) as f64));
    set(&mut entry, "patrols", Json::from(dice.below(20) > 0));
    for guest in guests(&mut entry) {
        let (nights, hour) = (1 + dice.below(9), 6 + dice.below(17));
        set(guest, "nights", Json::from(nights as f64));
        let at = format!("2026-03-01T{hour:02}:{:02}:00+08:00", dice.below(60));
        set(guest, "checked_in_at", Json::from(at));
        let registered = dice.below(50) > 0;
        set(guest, "registered", Json::from(registered));
    }
    entry_text(&entry)
}

/// The entry with five guests, some answers left out, emptied or changed: what a half filled form is like.
pub fn broken(n: u64) -> String {
    let mut dice = Dice(n ^ 0x5eed_0bad);
    let mut entry = tree(ENTRY_5);
    for _ in 0..1 + dice.below(6) {
        if dice.below(2) == 0 {
            change(&mut entry, &mut dice);
        } else {
            let some = dice.below(5) as usize;
            if let Some(guest) = guests(&mut entry).get_mut(some) {
                change(guest, &mut dice);
            }
        }
    }
    match dice.below(12) {
        0 => guests(&mut entry).clear(),
        1 => set(&mut entry, "guests", Json::Null),
        _ => {}
    }
    entry_text(&entry)
}

fn change(record: &mut Json, dice: &mut Dice) {
    let Json::Obj(members) = record else { return };
    let which = dice.below(members.len() as u64) as usize;
    let (name, value) = &mut members[which];
    match (dice.below(3), &mut *value) {
        (0, _) if name != "guests" => {
            members.remove(which);
        }
        (1, Json::Bool(flag)) => *flag = !*flag,
        (1, Json::Num(number)) => *number = 1.0 + dice.below(40) as f64,
        (1, Json::Str(text)) if text.ends_with("+08:00") => {
            *text = format!("2026-03-01T{:02}:{:02}:00+08:00", dice.below(24), dice.below(60));
        }
        (1, Json::Str(text)) if name.contains("date") || name.ends_with("_on") || name.ends_with("until") => {
            *text = format!(
                "{:04}-{:02}-{:02}",
                1900 + dice.below(126),
                1 + dice.below(12),
                1 + dice.below(28)
            );
        }
        (1, Json::Str(text)) if name == "hotel_kind" => "esports".clone_into(text),
        (1, Json::Str(text)) if name == "police_report" => "immediate".clone_into(text),
        (1, Json::Str(text)) if name == "phone" => "13947512345x".clone_into(text),
        (2, value) if name != "guests" => *value = Json::Null,
        _ => {}
    }
    if let Some(Json::Obj(members)) = record.get_mut("school_distance") {
        members[0].1 = Json::from(150.0 + dice.below(120) as f64);
    }
}

/// A tree of a text that is JSON.
pub fn tree(text: &str) -> Json {
    json::parse(text, 64).unwrap().0
}

/// A tree as text, its keys in their order, as forms send them.
pub fn entry_text(value: &Json) -> String {
    fn put(value: &Json, out: &mut String) {
        match value {
            Json::Arr(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    put(item, out);
                }
                out.push(']');
            }
            Json::Obj(members) => {
                out.push('{');
                for (i, (key, value)) in members.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    json::write_string(key, out);
                    out.push(':');
                    put(value, out);
                }
                out.push('}');
            }
            Json::Null | Json::Bool(_) | Json::Num(_) | Json::Str(_) => out.push_str(&value.canonical()),
        }
    }
    let mut out = String::new();
    put(value, &mut out);
    out
}

trait GetMut {
    fn get_mut(&mut self, key: &str) -> Option<&mut Json>;
}

impl GetMut for Json {
    fn get_mut(&mut self, key: &str) -> Option<&mut Json> {
        let Json::Obj(members) = self else { return None };
        members
            .iter_mut()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }
}

fn set(record: &mut Json, key: &str, to: Json) {
    if let Some(value) = record.get_mut(key) {
        *value = to;
    }
}

fn guests(entry: &mut Json) -> &mut Vec<Json> {
    match entry.get_mut("guests") {
        Some(Json::Arr(guests)) => guests,
        _ => unreachable!("the entry has guests until they are taken away, last"),
    }
}

/// Numbers that look random and are the same on every run.
pub struct Dice(pub u64);

impl Dice {
    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}
