//! Writes what the parity runner compares: for every real ruleset, and each place that one of its layers is for, the cases and generated
//! submissions with the reports that the native engine gives.
//!
//! `cargo run --release -p rules-tests --bin parity -- COUNT DIR`: COUNT submissions a ruleset, fewer of one with many rules, in folders of at most
//! 2,500.

use rules_core::json::Json;
use rules_core::{Checker, Options, Scratch};
use rules_tests::engine;
use rules_tests::generate::{Rng, answers};
use std::fs;
use std::path::Path;

/// A folder's reports stay far below what a JavaScript text can hold.
const CHUNK: usize = 2_500;

/// Rules that are judged for each submission asked for: a self-assessment of two hundred gets fewer submissions, so that the whole
/// costs what twenty-odd rulesets of this size would.
const RULES: usize = 30;

fn main() -> std::io::Result<()> {
    let mut words = std::env::args().skip(1);
    let (Some(count), Some(dir)) = (words.next().and_then(|n| n.parse::<usize>().ok()), words.next()) else {
        eprintln!("parity COUNT DIR");
        std::process::exit(2);
    };
    let dir = Path::new(&dir);
    if dir.exists() {
        fs::remove_dir_all(dir)?;
    }
    let mut total = 0;
    for (name, compiled) in engine::rulesets() {
        let places: Vec<u32> = compiled
            .variants()
            .filter_map(|v| v.layers.last().map(|layer| layer.jurisdiction))
            .collect();
        for (number, place) in places.iter().enumerate() {
            let hir = compiled.variant(number);
            let pool = answers::pool(hir);
            let mut rng = Rng::new(0x5eed + number as u64);
            let cases = compiled
                .cases()
                .into_iter()
                .filter(|case| case.jurisdiction.unwrap_or(0) == *place);
            let mut texts: Vec<String> = cases
                .filter(|case| case.tables.is_empty())
                .map(|case| one_line(&case.answers))
                .collect();
            let wanted = (count * RULES / hir.rules.len().max(RULES)).div_ceil(places.len());
            while texts.len() < wanted {
                texts.push(answers::answers(hir, &pool, answers::Mix::USUAL, &mut rng).write());
            }
            let chunk = CHUNK * RULES / hir.rules.len().max(RULES);
            for (part, chunk) in texts.chunks(chunk.max(1)).enumerate() {
                let folder = dir.join(format!("{name}-{place:06}-{part}"));
                total += chunk.len();
                write(&folder, &compiled, *place, chunk)?;
            }
        }
    }
    println!("{total} submissions in {}", dir.display());
    Ok(())
}

/// A case's answers may stand on several lines.
fn one_line(text: &str) -> String {
    rules_core::json::parse(text, 64).map_or_else(|_| text.replace('\n', " "), |(tree, _)| tree.canonical())
}

fn write(folder: &Path, compiled: &engine::Compiled, place: u32, texts: &[String]) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let day = engine::day();
    let options = Options {
        jurisdiction: Some(place),
        ..Options::on(day)
    };
    let checker = Checker::new(compiled.ruleset(), &options);
    let mut scratch = Scratch::default();
    let mut expected = String::new();
    for text in texts {
        expected.push_str(&checker.report(text, &mut scratch).canonical());
        expected.push('\n');
    }
    let told = Json::Obj(vec![
        ("asOf".into(), Json::from(day.to_string())),
        ("jurisdiction".into(), Json::from(format!("{place:06}"))),
    ]);
    fs::write(folder.join("bundle.rules.json"), compiled.bundle())?;
    fs::write(folder.join("options.json"), told.canonical())?;
    fs::write(folder.join("answers.ndjson"), texts.join("\n") + "\n")?;
    fs::write(folder.join("expected.ndjson"), expected)
}
