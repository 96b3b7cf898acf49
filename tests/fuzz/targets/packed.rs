//! No packed bytes crash or hang reading and judging.
#![no_main]
mod fixture;

use libfuzzer_sys::fuzz_target;
use rules_core::domain::date::Date;
use rules_core::{Checker, Options, Ruleset, Scratch};

fuzz_target!(|bytes: &[u8]| {
    thread_local!(static RULESET: Ruleset = fixture::ruleset());
    RULESET.with(|ruleset| {
        let day = Date::from_ymd(2026, 3, 2).expect("a day");
        let options = Options::on(day);
        let checker = Checker::new(ruleset, &options);
        let mut scratch = Scratch::default();
        if checker.read_packed(bytes, &mut scratch) {
            checker.judge(&mut scratch);
            for verdict in scratch.judged.verdicts.clone() {
                let _ = checker.trace(&scratch, &verdict);
            }
        }
    });
});
