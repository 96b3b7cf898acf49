//! The rulesets of the law: each compiles without an error, and every case in its files holds.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its data should stop")]

use rules_core::Options;
use rules_tests::cases::differences;
use rules_tests::engine::{law, rulesets};

#[test]
fn every_ruleset_compiles() {
    let all = law();
    assert!(all.len() >= 4, "{} rulesets", all.len());
    let faulty: Vec<String> = all
        .into_iter()
        .filter_map(|(name, compiled)| Some(format!("{name}\n{}", compiled.err()?)))
        .collect();
    assert!(faulty.is_empty(), "{}", faulty.join("\n"));
}

#[test]
fn every_case_holds() {
    let mut amiss = Vec::new();
    let mut count = 0;
    for (name, compiled) in rulesets() {
        for case in compiled.cases() {
            count += 1;
            let lines = differences(&compiled, &case);
            if !lines.is_empty() {
                amiss.push(format!("{name}, {}\n  {}", case.name, lines.join("\n  ")));
            }
        }
    }
    assert!(count > 0, "no cases");
    assert!(
        amiss.is_empty(),
        "{} of {count} cases\n{}",
        amiss.len(),
        amiss.join("\n")
    );
}

/// A bundle that was written and read again is the same ruleset.
#[test]
fn bundles_come_back() {
    for (name, compiled) in rulesets() {
        let bundle = compiled.bundle();
        let loaded = rules_core::Ruleset::load(&bundle).unwrap();
        assert_eq!(loaded.digest(), compiled.ruleset().digest(), "{name}");
        for case in compiled.cases() {
            let tables = compiled.tables(&case.tables);
            let mut options = Options::on(case.as_of);
            options.jurisdiction = case.jurisdiction;
            options.tables = Some(&tables);
            assert_eq!(
                loaded.check(&case.answers, &options).canonical(),
                compiled.ruleset().check(&case.answers, &options).canonical(),
                "{name}, {}",
                case.name
            );
        }
    }
}

/// Rulesets of different places share names of fields, so that values can be compared: a name is of one type everywhere.
#[test]
fn a_field_name_has_one_type() {
    let mut types: std::collections::BTreeMap<String, (&str, String)> = std::collections::BTreeMap::new();
    let mut amiss = Vec::new();
    for (name, compiled) in rulesets() {
        for field in compiled
            .variants()
            .flat_map(|variant| variant.form.scopes.first())
            .flat_map(|root| &root.fields)
        {
            let path = field.path.join(".");
            let kind = field.kind.word();
            match types.get(&path) {
                Some((other, place)) if *other != kind => {
                    amiss.push(format!("{path}: {kind} in {name}, {other} in {place}"));
                }
                Some(_) => {}
                None => {
                    types.insert(path, (kind, name.clone()));
                }
            }
        }
    }
    assert!(amiss.is_empty(), "{}", amiss.join("\n"));
}
