//! Puts one mistake after another into the law's rulesets and tells which no case notices.
//!
//! `cargo run --release -p rules-tests --bin mutants -- [WORD…]`: all rulesets, or the mistakes whose names contain one of the words.
//! Those that no case can notice stand in `tests/mutants.txt` with the reason; any other survivor, and a reason without a survivor, is
//! a failure.

use rules_compiler::ast::Ruleset;
use rules_tests::cases::differences;
use rules_tests::engine::{Case, Compiled, Written};
use rules_tests::mutants::{Mutant, mutants};
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// `name | reason`, one a line.
const EXPLAINED: &str = include_str!("../../mutants.txt");

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word.as_str()));
    let written = Written::read();
    let (mut count, mut survivors, mut unsound) = (0, Vec::new(), 0);
    for family in &written.families {
        let id = family.first().map(|one| one.id.value.clone()).unwrap_or_default();
        let list: Vec<Mutant> = (0..family.len())
            .flat_map(|file| mutants(&written.files, family, file))
            .filter(|mutant| wanted(&mutant.name))
            .collect();
        if list.is_empty() {
            continue;
        }
        let sound = written
            .compile(family)
            .is_ok_and(|compiled| notices(&compiled, None).is_none());
        if !sound {
            println!("{id}: does not compile, or a case does not hold");
            unsound += 1;
            continue;
        }
        let alive = survive(&written, family, &list);
        println!("{id}: {} mistakes, {} not noticed", list.len(), alive.len());
        count += list.len();
        survivors.extend(alive);
    }
    let explained: BTreeMap<&str, &str> = EXPLAINED
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" | "))
        .collect();
    let open: Vec<&String> = survivors
        .iter()
        .filter(|name| !explained.contains_key(name.as_str()))
        .collect();
    let stale: Vec<&&str> = explained
        .keys()
        .filter(|name| wanted(name) && !survivors.iter().any(|one| one == **name))
        .collect();
    for name in &open {
        println!("not noticed: {name}");
    }
    for name in &stale {
        println!("explained, but noticed or gone: {name}");
    }
    println!(
        "{count} mistakes: {} noticed, {} explained, {} open",
        count - survivors.len(),
        survivors.len() - open.len(),
        open.len()
    );
    let failed = open.len() + stale.len() + unsound;
    println!("{} passed, {failed} failed", count - open.len());
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The mistakes that no case notices, on two threads.
fn survive(written: &Written, family: &[Ruleset], list: &[Mutant]) -> Vec<String> {
    let (next, alive) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(mutant) = list.get(next.fetch_add(1, Ordering::Relaxed)) {
            // A mistake that the compiler refuses is noticed.
            let Ok(compiled) = written.compile(&mutant.family(family)) else {
                continue;
            };
            if notices(&compiled, mutant.rule.as_deref()).is_none()
                && let Ok(mut alive) = alive.lock()
            {
                alive.push(mutant.name.clone());
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(work);
        }
    });
    let mut alive = alive.into_inner().unwrap_or_default();
    alive.sort();
    alive.dedup();
    alive
}

/// The first case that does not come out as it says; of one rule, among the cases that speak of it, and among those that speak of the
/// whole entry.
fn notices(compiled: &Compiled, rule: Option<&str>) -> Option<String> {
    let mut cases = compiled.cases().into_iter();
    let speaks = |case: &Case| {
        let wanted = &case.wanted;
        let whole = wanted.entry.is_some() || wanted.verdict.is_some();
        rule.is_none_or(|rule| whole || wanted.expect.iter().any(|(id, _)| id.value == rule))
    };
    cases
        .find(|case| speaks(case) && !differences(compiled, case).is_empty())
        .map(|case| case.name)
}
