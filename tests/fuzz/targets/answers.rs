//! No answers crash or hang a check; the report is canonical JSON that is read again as it was written.
#![no_main]
mod fixture;

use libfuzzer_sys::fuzz_target;
use rules_core::domain::date::Date;
use rules_core::json::parse;
use rules_core::{Detail, Options, Ruleset};

fuzz_target!(|text: &str| {
    thread_local!(static RULESET: Ruleset = fixture::ruleset());
    RULESET.with(|ruleset| {
        let day = Date::from_ymd(2026, 3, 2).expect("a day");
        let options = Options { detail: Detail { explain: true, all: true }, ..Options::on(day) };
        let report = ruleset.check(text, &options).canonical();
        let (tree, flaws) = parse(&report, 64).expect("a report is JSON");
        assert!(flaws.is_empty());
        assert_eq!(tree.canonical(), report);
    });
});
