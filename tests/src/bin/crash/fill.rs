//! Many generated submissions of all rulesets, so that a replay has something to go over.
//!
//! In: how many. Out: a filled server. Must not know: what is done with it. Each report's digest comes from the engine here, and the server has to
//! agree: parity over HTTP, under concurrent load.

use crate::http::send;
use crate::server::{Given, Program};
use rules_core::{Checker, Options, Scratch};
use rules_tests::engine;
use rules_tests::generate::{Rng, answers};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

/// Submissions that are made from one generated entry: making them takes longer than receiving them.
const OFTEN: u64 = 10;

struct Entry {
    ruleset: String,
    digest: String,
    place: u32,
    entry: String,
    report: String,
}

impl Entry {
    /// As `PUT /v1/submissions/{id}` takes it.
    fn submission(&self) -> String {
        format!(
            r#"{{"ruleset":{{"id":"{}","digest":"{}"}},"asOf":"{}","jurisdiction":"{:06}","entry":{},"report":"{}"}}"#,
            self.ruleset,
            self.digest,
            engine::day(),
            self.place,
            self.entry,
            self.report
        )
    }

    /// As `POST /v1/recheck` takes it.
    fn recheck(&self) -> String {
        format!(
            r#"{{"ruleset":"{}","asOf":"{}","jurisdiction":"{:06}","entry":{},"digest":"{}"}}"#,
            self.ruleset,
            engine::day(),
            self.place,
            self.entry,
            self.report
        )
    }
}

/// Writes bodies for a load tool, one a line: `submissions` and `rechecks` in the folder.
pub(crate) fn write(given: &Given, count: u64) {
    let entries = entries(count);
    let file = |name: &str, line: fn(&Entry) -> String| {
        let lines: Vec<String> = entries.iter().map(line).collect();
        std::fs::write(given.data.join(name), lines.join("\n")).unwrap();
    };
    file("submissions", Entry::submission);
    file("rechecks", Entry::recheck);
}

/// Fills the server.
pub(crate) fn fill(given: &Given, count: u64) {
    let entries = entries(count.div_ceil(OFTEN));
    let program = Program::new(given);
    let server = program.start(true);
    let token = format!("Bearer {}", server.token);
    let headers = [
        ("authorization", token.as_str()),
        ("content-type", "application/json"),
    ];
    let (next, bytes, start) = (AtomicU64::new(0), AtomicUsize::new(0), Instant::now());
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return;
                    }
                    let entry = entries.get(number as usize % entries.len()).unwrap();
                    let body = entry.submission();
                    bytes.fetch_add(body.len(), Ordering::Relaxed);
                    let path = format!("/v1/submissions/01935c3a-7a00-7000-8000-{number:012x}");
                    let answer = send(&server.address, "PUT", &path, &headers, body.as_bytes()).unwrap();
                    assert!(answer.status == 201, "{}", answer.body);
                    let agrees = answer.body.contains(r#""agree":true"#);
                    assert!(
                        agrees,
                        "{} {}: the server's report differs",
                        entry.ruleset, entry.entry
                    );
                }
            });
        }
    });
    let seconds = start.elapsed().as_secs_f64();
    server.stop();
    println!(
        "{}: {count} submissions of {} kB on average, each with the digest of its report, all agreed: {:.0} a second",
        program.name(),
        bytes.into_inner() as u64 / count.max(1) / 1000,
        count as f64 / seconds
    );
}

fn entries(count: u64) -> Vec<Entry> {
    let mut all = Vec::new();
    let rulesets = engine::rulesets();
    let each = (count as usize).div_ceil(rulesets.len());
    for (number, (_, compiled)) in rulesets.iter().enumerate() {
        let hir = compiled.variant(0);
        let place = hir.layers.last().map_or(0, |layer| layer.jurisdiction);
        let pool = answers::pool(hir);
        let mut rng = Rng::new(0xf111 + number as u64);
        let options = Options {
            jurisdiction: Some(place),
            ..Options::on(engine::day())
        };
        let ruleset = compiled.ruleset();
        let checker = Checker::new(ruleset, &options);
        let mut scratch = Scratch::default();
        for _ in 0..each {
            let entry = answers::answers(hir, &pool, answers::Mix::USUAL, &mut rng).write();
            let report = checker.report(&entry, &mut scratch);
            all.push(Entry {
                ruleset: ruleset.base().unwrap().id.clone(),
                digest: ruleset.digest().to_owned(),
                place,
                entry,
                report: report.digest().to_owned(),
            });
        }
    }
    // Not one ruleset after the other: phones send what they have.
    let mut rng = Rng::new(0x5f1e);
    for number in (1..all.len()).rev() {
        all.swap(number, rng.below(number + 1));
    }
    all
}
