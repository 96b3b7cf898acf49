//! No sequence of edits crashes a session, and it always reports what a fresh check of its answers reports.
#![no_main]
mod fixture;

use libfuzzer_sys::fuzz_target;
use rules_core::domain::date::Date;
use rules_core::{Detail, Options, Ruleset, Session};

const PLACES: [&str; 16] = [
    "/b", "/n", "/x", "/t", "/k", "/ks", "/d", "/m", "/p", "/g/y", "/xs", "/xs/0", "/rows", "/rows/0", "/rows/1/birth",
    "/rows/0/inner/0",
];
const VALUES: [&str; 16] = [
    "null", "true", "5", "0", "\"red\"", "[\"red\"]", "\"2010-02-28\"", "{\"value\":3,\"tolerance\":1}",
    "{\"lng\":1,\"lat\":2,\"crs\":\"wgs84\"}", "{}", "[]", "[1,5]", "[{\"birth\":\"2011-01-01\"},{}]", "1e400",
    "\"abc\"", "{\"inner\":[{\"v\":{\"value\":1}}]}",
];

fuzz_target!(|bytes: &[u8]| {
    thread_local!(static RULESET: Ruleset = fixture::ruleset());
    RULESET.with(|ruleset| {
        let day = Date::from_ymd(2026, 3, 2).expect("a day");
        let options = Options::on(day);
        let mut session = Session::new(ruleset, "{}", &options, None);
        for edit in bytes.iter().take(64) {
            let place = PLACES[usize::from(edit >> 4)];
            let _ = if edit & 15 == 9 { session.remove(place) } else { session.set(place, VALUES[usize::from(edit & 15)]) };
        }
        let fresh = ruleset.check(&session.answers(), &options);
        let ours = session.report(Detail::default());
        // What no double holds is told at its place and is null in the canonical answers, which a fresh check cannot know.
        if !ours.canonical().contains("not_finite") {
            assert_eq!(ours.canonical(), fresh.canonical());
        }
    });
});
