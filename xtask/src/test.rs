//! `test [--fast] [--only STEP]`: every check, one step after the other. A step that fails does not keep the others from
//! running, only those that need what it makes. The runners print their own summaries; here each step gets its time and
//! its line in the table at the end.

mod steps;

use crate::fault::{Fault, Result};
use crate::flags::Flags;
use crate::repo::Repo;
use std::time::{Duration, Instant};
use steps::{STEPS, Step};

/// How a step ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Passed,
    Failed,
    /// What it needs failed.
    Blocked,
}

pub(crate) fn run(repo: &Repo, mut flags: Flags) -> Result<()> {
    let fast = flags.switch("--fast");
    let only = flags.value("--only")?;
    flags.finish()?;
    let chosen = choose(fast, only.as_deref())?;
    let start = Instant::now();
    let mut ends: Vec<(&Step, End, Duration)> = Vec::new();
    for step in chosen {
        println!("\n==== {}", step.name);
        let begun = Instant::now();
        let broken = step.needs.iter().find(|need| {
            ends.iter()
                .any(|(done, end, _)| done.name == **need && *end != End::Passed)
        });
        let end = match broken {
            Some(need) => {
                println!("not run: it needs `{need}`");
                End::Blocked
            }
            None => match (step.run)(repo, fast) {
                Ok(()) => End::Passed,
                Err(fault) => {
                    println!("{}: {fault}", step.name);
                    End::Failed
                }
            },
        };
        println!(
            "==== {} {} in {:.1} s",
            step.name,
            word(end),
            begun.elapsed().as_secs_f64()
        );
        ends.push((step, end, begun.elapsed()));
    }
    println!("\n==== summary");
    for (step, end, time) in &ends {
        println!(
            "  {:<8} {:>7.1} s  {:<12} {}",
            word(*end),
            time.as_secs_f64(),
            step.name,
            step.what
        );
    }
    println!("  all      {:>7.1} s", start.elapsed().as_secs_f64());
    let broken: Vec<&str> = ends
        .iter()
        .filter(|(_, end, _)| *end != End::Passed)
        .map(|(step, ..)| step.name)
        .collect();
    if broken.is_empty() {
        return Ok(());
    }
    Err(Fault::new(
        format!("not passed: {}", broken.join(", ")),
        "run one again with `cargo xtask test --only STEP`",
    ))
}

fn word(end: End) -> &'static str {
    match end {
        End::Passed => "passed",
        End::Failed => "FAILED",
        End::Blocked => "not run",
    }
}

/// All steps; or without the slow ones; or one with those that it needs.
fn choose(fast: bool, only: Option<&str>) -> Result<Vec<&'static Step>> {
    let Some(name) = only else {
        return Ok(STEPS.iter().filter(|step| !(fast && step.slow)).collect());
    };
    if !STEPS.iter().any(|step| step.name == name) {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        return Err(Fault::new(
            format!("there is no step `{name}`"),
            format!("choose from {}", names.join(", ")),
        ));
    }
    let mut wanted = vec![name];
    for step in STEPS.iter().rev() {
        if wanted.contains(&step.name) {
            wanted.extend(step.needs);
        }
    }
    Ok(STEPS.iter().filter(|step| wanted.contains(&step.name)).collect())
}

#[cfg(test)]
mod tests {
    use super::{STEPS, choose};

    fn names(fast: bool, only: Option<&str>) -> Vec<&'static str> {
        choose(fast, only)
            .map(|steps| steps.iter().map(|step| step.name).collect())
            .unwrap_or_default()
    }

    #[test]
    fn a_step_brings_what_it_needs() {
        assert_eq!(names(false, Some("size")), ["setup", "build", "size"]);
        assert_eq!(names(false, Some("format")), ["format"]);
        assert!(names(false, Some("sise")).is_empty());
    }

    #[test]
    fn fast_leaves_out_the_slow_and_keeps_the_order() {
        assert!(!names(true, None).contains(&"browser"));
        assert_eq!(names(false, None).len(), STEPS.len());
    }

    #[test]
    fn every_need_stands_before_the_step() {
        for (at, step) in STEPS.iter().enumerate() {
            for need in step.needs {
                assert!(
                    STEPS.iter().take(at).any(|earlier| earlier.name == *need),
                    "{} needs {need}",
                    step.name
                );
            }
        }
    }
}
