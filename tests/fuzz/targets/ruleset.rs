//! No ruleset text crashes or hangs the compiler, and what compiles loads again from its bundle.
#![no_main]
mod fixture;

use libfuzzer_sys::fuzz_target;
use rules_core::{Ruleset, bundle};

fuzz_target!(|text: &str| {
    if let Some(ruleset) = fixture::compiled(text) {
        let plans: Vec<_> = ruleset.plans().cloned().collect();
        let written = bundle::write(&plans, &[]);
        let again = Ruleset::load(&written).expect("what compiles loads");
        assert_eq!(again.digest(), ruleset.digest());
    }
});
