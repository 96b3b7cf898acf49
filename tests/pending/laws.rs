//! Laws that hold for every ruleset and all answers, tried on generated ones and on those of `rulesets/`.
//! The seeds are fixed, so a failure comes again; it names the seed, the ruleset and the answers.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot read its data should stop"
)]

use rules_compiler::hir::{Expr, ExprKind, Ruleset};
use rules_core::plan::Op;
use rules_tests::engine::{Compiled, DAY, compile, rulesets, source};
use rules_tests::generate::Rng;
use rules_tests::generate::answers::{Mix, Pool, answers, pool, walk, walk_all};
use rules_tests::generate::ruleset::{SCHOOLS, ruleset};
use rules_tests::oracle::json::Json;
use rules_tests::oracle::report::differences;
use rules_tests::oracle::{Finding, Judged};

/// How many rulesets are generated; `LAWS` in the environment sets another number for a longer hunt.
fn rounds() -> u64 {
    std::env::var("LAWS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(60)
}

/// Answers tried on each ruleset.
const TRIES: usize = 12;

fn tables() -> Vec<(String, String)> {
    vec![("schools".to_owned(), SCHOOLS.to_owned())]
}

/// Generated rulesets that compile, with their seeds and text.
fn generated() -> impl Iterator<Item = (u64, String, Compiled)> {
    let (document, quote) = source();
    (1..=rounds()).filter_map(move |seed| {
        let text = ruleset(&mut Rng::new(seed), document, quote);
        compile(&text).ok().map(|compiled| (seed, text, compiled))
    })
}

/// Puts one pair of judgements after the other to a law.
fn on_generated(mut law: impl FnMut(&Compiled, &Pool, &mut Rng) -> Vec<String>) {
    let mut broken = Vec::new();
    for (seed, text, compiled) in generated() {
        let pool = pool(compiled.hir());
        let mut rng = Rng::new(seed << 20);
        for _ in 0..TRIES {
            let lines = law(&compiled, &pool, &mut rng);
            if !lines.is_empty() && broken.len() < 5 {
                broken.push(format!("seed {seed}\n{text}\n{}", lines.join("\n")));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
}

#[test]
fn most_generated_rulesets_compile() {
    let (document, quote) = source();
    let faulty: Vec<String> = (1..=rounds())
        .filter_map(|seed| compile(&ruleset(&mut Rng::new(seed), document, quote)).err())
        .collect();
    let shown = faulty.first().cloned().unwrap_or_default();
    assert!(
        faulty.len() as u64 * 5 < rounds(),
        "{} of {} do not, as\n{shown}",
        faulty.len(),
        rounds()
    );
}

#[test]
fn the_oracle_agrees_on_generated_rulesets() {
    on_generated(|compiled, pool, rng| {
        let text = answers(compiled.hir(), pool, Mix::USUAL, rng).write();
        let oracle = compiled.oracle(&text, &tables(), DAY, None);
        let mut lines = differences(&oracle, &compiled.engine(&text, &tables(), DAY, None));
        if !lines.is_empty() {
            lines.insert(0, text);
        }
        lines
    });
}

#[test]
fn the_oracle_agrees_on_the_rulesets_of_the_law() {
    let mut broken = Vec::new();
    for (name, compiled, cases) in rulesets() {
        for case in cases {
            let oracle = compiled.oracle(&case.answers, &case.tables, case.as_of, case.jurisdiction);
            let engine = compiled.engine(&case.answers, &case.tables, case.as_of, case.jurisdiction);
            let lines = differences(&oracle, &engine);
            if !lines.is_empty() {
                broken.push(format!(
                    "{name}, case {}\n{}\n{}",
                    case.name,
                    case.answers,
                    lines.join("\n")
                ));
            }
        }
        let pool = pool(compiled.hir());
        let mut rng = Rng::new(7);
        for _ in 0..TRIES * 10 {
            let text = answers(compiled.hir(), &pool, Mix::USUAL, &mut rng).write();
            let oracle = compiled.oracle(&text, &[], DAY, None);
            let lines = differences(&oracle, &compiled.engine(&text, &[], DAY, None));
            if !lines.is_empty() {
                broken.push(format!("{name}\n{text}\n{}", lines.join("\n")));
            }
        }
    }
    broken.truncate(5);
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
}

/// The rules that the law of filling and narrowing speaks of: those that do not look at missingness itself.
fn monotone(ruleset: &Ruleset) -> Vec<&str> {
    let looks = |expr: &Expr| {
        matches!(
            &expr.kind,
            ExprKind::Coalesce(..) | ExprKind::Op(Op::Known | Op::IsMissing, _) | ExprKind::Call(..)
        )
    };
    let any_let_looks = {
        let mut found = false;
        for (_, expr) in &ruleset.lets {
            walk(expr, &mut |expr| found |= looks(expr));
        }
        found
    };
    let keeps = |rule: &&rules_compiler::hir::Rule| {
        // A ruleset of this rule alone, so that the walk sees nothing else.
        let alone = Ruleset {
            rules: vec![(*rule).clone()],
            ..Ruleset::default()
        };
        let mut found = false;
        walk_all(&alone, &mut |expr| {
            found |= looks(expr) || (any_let_looks && matches!(expr.kind, ExprKind::Let(_)));
        });
        !found && rule.evidence.is_empty()
    };
    ruleset
        .rules
        .iter()
        .filter(keeps)
        .map(|rule| rule.facts.id.as_str())
        .collect()
}

/// Decided findings of one judgement that another has turned.
fn flips(ruleset: &Ruleset, before: &Judged, after: &Judged) -> Vec<String> {
    let rules = monotone(ruleset);
    let decided = |finding: &&Finding| {
        matches!(&*finding.outcome, "pass" | "fail") && rules.contains(&finding.rule.as_str())
    };
    let mut lines = Vec::new();
    for old in before.verdict.findings.iter().filter(decided) {
        let new = after
            .verdict
            .findings
            .iter()
            .find(|new| new.rule == old.rule && new.item == old.item);
        let turned = new.is_none_or(|new| {
            // An unknown `when` that turns out false takes a pass away without contradicting it.
            new.outcome != old.outcome && !(old.outcome == "pass" && new.outcome == "not_applicable")
        });
        if turned {
            lines.push(format!("{old:?} became {new:?}"));
        }
    }
    lines
}

/// Fills one gap of a tree with what stands at the same place in another: keys that are absent or `null`.
fn fill(gaps: &Json, full: &Json, rng: &mut Rng) -> Json {
    let (Json::Object(have), Json::Object(all)) = (gaps, full) else {
        return gaps.clone();
    };
    let mut members = have.clone();
    for (key, value) in all {
        match members.iter_mut().find(|(name, _)| name == key) {
            Some((_, Json::Null)) if rng.chance(50) => members.retain(|(name, _)| name != key),
            Some((_, old)) => {
                *old = fill(old, value, rng);
                continue;
            }
            None if rng.chance(50) => {}
            None => continue,
        }
        members.retain(|(name, _)| name != key);
        members.push((key.clone(), value.clone()));
    }
    Json::Object(members)
}

#[test]
fn filling_a_blank_flips_no_decided_rule() {
    on_generated(|compiled, pool, rng| {
        let full = answers(compiled.hir(), pool, Mix { missing: 0, wrong: 0 }, rng);
        let gaps = answers(
            compiled.hir(),
            pool,
            Mix {
                missing: 50,
                wrong: 0,
            },
            rng,
        );
        let filled = fill(&gaps, &full, rng);
        let before = compiled.engine(&gaps.write(), &tables(), DAY, None);
        let after = compiled.engine(&filled.write(), &tables(), DAY, None);
        named(flips(compiled.hir(), &before, &after), &gaps, &filled)
    });
}

fn named(mut lines: Vec<String>, before: &Json, after: &Json) -> Vec<String> {
    if !lines.is_empty() {
        lines.insert(0, format!("{}\n{}", before.write(), after.write()));
    }
    lines
}

/// Narrows every tolerance and accuracy of a tree.
fn narrow(json: &Json, rng: &mut Rng) -> Json {
    match json {
        Json::Object(members) => {
            let tolerance = json.get("tolerance").and_then(Json::number).unwrap_or(0.0);
            // Halves of halves are exact, so the narrower interval lies inside the wider one to the last bit.
            let exact = json
                .get("value")
                .and_then(Json::number)
                .is_some_and(|value| (value * 2.0).fract() == 0.0);
            let shift = if exact {
                *rng.pick(&[-0.5, 0.0, 0.5]) * tolerance
            } else {
                0.0
            };
            let member = |(key, value): &(String, Json), rng: &mut Rng| {
                let value = match (key.as_str(), value) {
                    ("tolerance" | "accuracy", Json::Number(wide)) => Json::Number(wide / 2.0),
                    ("value", Json::Number(value)) if tolerance > 0.0 => Json::Number(value + shift),
                    (_, value) => narrow(value, rng),
                };
                (key.clone(), value)
            };
            Json::Object(members.iter().map(|pair| member(pair, rng)).collect())
        }
        Json::List(items) => Json::List(items.iter().map(|item| narrow(item, rng)).collect()),
        other => other.clone(),
    }
}

#[test]
fn narrowing_a_measure_flips_no_decided_rule() {
    on_generated(|compiled, pool, rng| {
        let wide = answers(compiled.hir(), pool, Mix { missing: 5, wrong: 0 }, rng);
        let narrower = narrow(&wide, rng);
        let before = compiled.engine(&wide.write(), &tables(), DAY, None);
        let after = compiled.engine(&narrower.write(), &tables(), DAY, None);
        // A measure whose value has moved beyond `min` or `max` is no measure any more.
        if before.entry.problems != after.entry.problems {
            return Vec::new();
        }
        named(flips(compiled.hir(), &before, &after), &wide, &narrower)
    });
}

#[test]
fn a_margin_has_the_sign_of_its_outcome() {
    on_generated(|compiled, pool, rng| {
        let text = answers(compiled.hir(), pool, Mix::USUAL, rng).write();
        let judged = compiled.engine(&text, &tables(), DAY, None);
        let wrong = |finding: &&Finding| match (&*finding.outcome, finding.margin) {
            ("pass", Some(margin)) => margin < 0.0,
            ("fail", Some(margin)) => margin > 0.0,
            _ => false,
        };
        judged
            .verdict
            .findings
            .iter()
            .filter(wrong)
            .map(|finding| format!("{text}\n{finding:?}"))
            .collect()
    });
}

#[test]
fn building_is_reproducible() {
    for (seed, text, compiled) in generated().take(20) {
        let again = compile(&text).unwrap();
        assert_eq!(compiled.bundle(), again.bundle(), "seed {seed}\n{text}");
    }
}
