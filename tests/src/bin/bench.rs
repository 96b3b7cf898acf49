//! The native benchmark behind docs/benchmarks.md.
//!
//! `cargo run --release -p rules-tests --bin bench` compares all answers, then times and prints ratios of this run.
//! `… -- --write DIR` writes the bundles and entries that the JavaScript side measures. `… -- --only WORD` times the
//! tables whose title holds the word.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unreachable,
    reason = "a benchmark that cannot build its input, or whose contenders disagree, should stop"
)]

#[path = "../bench/mod.rs"]
mod bench;

use bench::hand::{self, Entry, Found};
use bench::inputs::{self, ENTRY_5, ENTRY_100, SIZES};
use bench::ours;
use bench::timing::{Contender, race};
use rules_core::{Checker, Detail, Options, Ruleset, Scratch, Session};
use std::path::Path;
use std::time::Duration;

const ROUNDS: usize = 401;
const ROUND: Duration = Duration::from_micros(300);

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        let at = args.iter().position(|arg| arg == name)?;
        args.get(at + 1).cloned()
    };
    if let Some(dir) = value("--write") {
        write(Path::new(&dir));
        return;
    }
    let only = value("--only").unwrap_or_default();
    let sizes = SIZES.map(|rules| (rules, ours::ruleset(&inputs::bundle(rules))));
    let twenty = &sizes[1].1;
    println!("{}", compare(twenty));
    let tables: [(&str, &dyn Fn()); 6] = [
        ("20 rules, 5 guests (1.6 kB)", &|| checks(twenty, ENTRY_5)),
        ("20 rules, 100 guests (24 kB)", &|| checks(twenty, ENTRY_100)),
        ("Rules by number, 5 guests", &|| scaling(&sizes)),
        ("One edit in a session", &|| sessions(&sizes)),
        ("100,000 entries as NDJSON", &|| stream(twenty)),
        ("Peers, 20 rules, 5 guests", &|| peers(twenty)),
    ];
    for (title, table) in tables {
        if title.contains(&only) {
            println!("\n## {title}\n");
            table();
        }
    }
}

/// Holds the engine's outcomes and paths against the hand-written ones, on what is timed and on much else.
fn compare(ruleset: &Ruleset) -> String {
    let options = ours::options();
    let checker = Checker::new(ruleset, &options);
    let mut scratch = Scratch::default();
    let mut packed = Scratch::default();
    let mut theirs = Found::default();
    let (mut entries, mut findings) = (0, 0);
    let all = [ENTRY_5.to_owned(), ENTRY_100.to_owned()];
    let all = all.into_iter().chain((0..2_000).map(inputs::varied));
    for text in all.chain((0..20_000).map(inputs::broken)) {
        let entry: Entry<'_> = serde_json::from_str(&text).unwrap();
        hand::judge(&entry, &mut theirs);
        checker.read(&text, &mut scratch);
        let ours = ours::found(&checker, &mut scratch);
        assert!(
            scratch.answers.problems.is_empty(),
            "{:?} {text}",
            scratch.answers.problems
        );
        assert_eq!(ours.verdicts, theirs.verdicts, "{text}");
        assert_eq!(ours.findings, theirs.findings, "{text}");
        assert_eq!(ours.lacks, theirs.lacks, "{text}");
        let bytes = ours::packed(checker.plan().unwrap(), &scratch.answers.store);
        assert!(checker.read_packed(&bytes, &mut packed), "{text}");
        checker.judge(&mut packed);
        assert_eq!(packed.judged.verdicts, scratch.judged.verdicts, "{text}");
        entries += 1;
        findings += ours.findings.len();
    }
    format!("{entries} entries with {findings} findings: outcomes, paths and lacks are equal.")
}

fn table(rows: &[(String, f64)], floor: f64, unit: &str) {
    println!("| | {unit} | ratio |\n| --- | ---: | ---: |");
    for (name, nanos) in rows {
        println!("| {name} | {:.3} | {:.2} |", nanos / 1e3, nanos / floor);
    }
}

fn checks(ruleset: &Ruleset, text: &str) {
    let options = ours::options();
    let checker = Checker::new(ruleset, &options);
    let explaining = Options {
        detail: Detail {
            explain: true,
            all: false,
        },
        ..options
    };
    let explainer = Checker::new(ruleset, &explaining);
    let text = text.trim_end();
    let entry: Entry<'_> = serde_json::from_str(text).unwrap();
    let mut found = Found::default();
    let mut parsed = Found::default();
    let mut scratches: [Scratch; 7] = Default::default();
    for scratch in &mut scratches {
        checker.read(text, scratch);
    }
    let bytes = ours::packed(checker.plan().unwrap(), &scratches[0].answers.store);
    let tree = inputs::tree(text);
    let [prepared, bare, packed, read, only_read, writing, whole] = &mut scratches;
    checker.judge(writing);
    let (writing, writing_too) = (&*writing, &*writing);
    let rows = race(
        vec![
            Contender::new("hand-written Rust, parsed struct", 1, || {
                hand::judge(&entry, &mut found);
                found.verdicts.len() + found.findings.len()
            }),
            Contender::new("ours, prepared answers: outcomes", 1, || {
                checker.judge(bare);
                bare.judged.verdicts.len()
            }),
            Contender::new("ours, prepared answers: outcomes with paths", 1, || {
                ours::outcomes(&checker, prepared)
            }),
            Contender::new(format!("ours, packed bytes ({} B)", bytes.len()), 1, || {
                assert!(checker.read_packed(&bytes, packed));
                ours::outcomes(&checker, packed)
            }),
            Contender::new("hand-written Rust, JSON text (serde_json)", 1, || {
                let entry: Entry<'_> = serde_json::from_str(text).unwrap();
                hand::judge(&entry, &mut parsed);
                parsed.verdicts.len() + parsed.findings.len()
            }),
            Contender::new("ours, JSON text: reading alone", 1, || {
                checker.read(text, only_read);
                only_read.answers.store.values.len()
            }),
            Contender::new("ours, JSON text: outcomes with paths", 1, || {
                checker.read(text, read);
                ours::outcomes(&checker, read)
            }),
            Contender::new("ours, report of what was judged", 1, || {
                checker
                    .write(&writing.answers, &writing.judged, &tree)
                    .json()
                    .as_str()
                    .map_or(1, str::len)
            }),
            Contender::new("ours, the same with explain", 1, || {
                let report = explainer.write(&writing_too.answers, &writing_too.judged, &tree);
                report.json().as_str().map_or(1, str::len)
            }),
            Contender::new("ours, JSON text to report bytes with digest", 1, || {
                checker.report(text, whole).canonical().len()
            }),
        ],
        ROUNDS,
        ROUND,
    );
    table(&rows, rows[0].1, "µs");
    let of = |name: &str| rows.iter().find(|row| row.0.contains(name)).unwrap().1;
    println!(
        "\nFrom text {:.2} times the hand-written; explain {:.2} times.",
        of("JSON text: outcomes") / of("serde_json"),
        of("with explain") / of("report of what")
    );
}

fn scaling(sizes: &[(usize, Ruleset)]) {
    let options = ours::options();
    let mut contenders = Vec::new();
    for (rules, ruleset) in sizes {
        let checker = Checker::new(ruleset, &options);
        let mut scratch = Scratch::default();
        checker.read(ENTRY_5.trim_end(), &mut scratch);
        contenders.push(Contender::new(
            format!("{rules} rules, a rule"),
            *rules,
            move || {
                checker.judge(&mut scratch);
                scratch.judged.verdicts.len()
            },
        ));
    }
    let rows = race(contenders, ROUNDS, ROUND);
    table(&rows, rows[1].1, "µs");
}

fn sessions(sizes: &[(usize, Ruleset)]) {
    let options = ours::options();
    let mut contenders = Vec::new();
    for (rules, ruleset) in sizes {
        let checker = Checker::new(ruleset, &options);
        let mut scratch = Scratch::default();
        checker.read(ENTRY_5, &mut scratch);
        contenders.push(Contender::new(
            format!("{rules} rules: all of them, prepared answers"),
            1,
            move || ours::outcomes(&checker, &mut scratch),
        ));
        let edits = [
            (
                "a date that one rule reads",
                "/previous_on",
                "\"2025-02-03\"",
                "\"2025-12-24\"",
            ),
            ("a number that a rule in twenty reads", "/cameras", "2", "16"),
            ("a number of a guest", "/guests/3/nights", "0", "4"),
        ];
        for (name, pointer, one, other) in edits {
            let mut session = Session::new(ruleset, ENTRY_5, &options, None);
            let mut flip = false;
            contenders.push(Contender::new(
                format!("{rules} rules: edit {name}"),
                1,
                move || {
                    flip = !flip;
                    session
                        .set(pointer, if flip { one } else { other })
                        .unwrap()
                        .len()
                },
            ));
        }
    }
    let rows = race(contenders, ROUNDS, ROUND);
    for group in rows.chunks(4) {
        table(group, group[0].1, "µs");
    }
}

fn stream(ruleset: &Ruleset) {
    let mut text = String::new();
    for n in 0..100_000 {
        text.push_str(&inputs::varied(n));
        text.push('\n');
    }
    let options = ours::options();
    let checker = Checker::new(ruleset, &options);
    let mut scratch = Scratch::default();
    let mut whole = Scratch::default();
    let mut found = Found::default();
    let rows = race(
        vec![
            Contender::new("hand-written Rust, an entry", 100_000, || {
                let mut sum = 0;
                for line in text.lines() {
                    let entry: Entry<'_> = serde_json::from_str(line).unwrap();
                    hand::judge(&entry, &mut found);
                    sum += found.verdicts.len() + found.findings.len();
                }
                sum
            }),
            Contender::new("ours, outcomes with paths, an entry", 100_000, || {
                let mut sum = 0;
                for line in text.lines() {
                    checker.read(line, &mut scratch);
                    sum += ours::outcomes(&checker, &mut scratch);
                }
                sum
            }),
            Contender::new("ours, report bytes with digest, an entry", 100_000, || {
                text.lines()
                    .map(|line| checker.report(line, &mut whole).canonical().len())
                    .sum()
            }),
        ],
        3,
        Duration::from_millis(1),
    );
    table(&rows, rows[0].1, "µs");
    println!(
        "\n{:.1} MB; ours {:.0} entries a second, {:.0} as reports.",
        text.len() as f64 / 1e6,
        1e9 / rows[1].1,
        1e9 / rows[2].1
    );
}

#[cfg(feature = "peers")]
fn peers(ruleset: &Ruleset) {
    bench::peers::run(ruleset, ROUNDS, ROUND);
}

#[cfg(not(feature = "peers"))]
fn peers(_: &Ruleset) {
    println!("Build with `--features peers` to measure them.");
}

fn write(dir: &Path) {
    std::fs::create_dir_all(dir).unwrap();
    let put = |name: String, text: &str| {
        std::fs::write(dir.join(&name), text).unwrap();
        println!("{name} {}", text.len());
    };
    for rules in SIZES {
        put(format!("inspection-{rules}.rules.json"), &inputs::bundle(rules));
        put(format!("inspection-{rules}.yaml"), &inputs::yaml(rules));
    }
    put("entry-5.json".to_owned(), ENTRY_5);
    put("entry-100.json".to_owned(), ENTRY_100);
    let lines: Vec<String> = (0..1_000).map(inputs::varied).collect();
    put("varied.ndjson".to_owned(), &(lines.join("\n") + "\n"));
    let lines: Vec<String> = (0..1_000).map(inputs::broken).collect();
    put("broken.ndjson".to_owned(), &(lines.join("\n") + "\n"));
}
