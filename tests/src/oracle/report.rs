//! Reads a report of the engine into the oracle's terms, and says where the two differ.
//!
//! In: a report as JSON text, made with the option `all`. Out: lines that name each difference. Must not know: expressions.

use super::json::Json;
use super::{Entry, Finding, Judged, Problem, Verdict};

/// Reads a report.
///
/// # Errors
/// The byte at which the text stops being JSON.
pub fn parse(report: &str) -> Result<Judged, usize> {
    let report = Json::parse(report)?;
    let at = |path: &[&str]| {
        path.iter()
            .try_fold(&report, |json, key| json.get(key))
            .unwrap_or(&Json::Null)
            .clone()
    };
    let mut problems: Vec<Problem> = at(&["entry", "problems"]).items().iter().map(problem).collect();
    problems.sort();
    let reason = at(&["verdict", "reason"]);
    Ok(Judged {
        entry: Entry {
            outcome: word(Some(&at(&["entry", "outcome"]))),
            problems,
        },
        verdict: Verdict {
            outcome: word(Some(&at(&["verdict", "outcome"]))),
            reason: reason.text().map(str::to_owned),
            findings: at(&["verdict", "findings"]).items().iter().map(finding).collect(),
        },
    })
}

fn word(json: Option<&Json>) -> String {
    json.and_then(Json::text).unwrap_or_default().to_owned()
}

fn problem(json: &Json) -> Problem {
    Problem {
        at: word(json.get("at")),
        code: word(json.get("code")),
        severity: word(json.get("severity")),
        rule: json.get("rule").and_then(Json::text).map(str::to_owned),
    }
}

fn finding(json: &Json) -> Finding {
    let mut missing: Vec<String> = json
        .get("missing")
        .map_or(&[][..], Json::items)
        .iter()
        .map(|path| word(Some(path)))
        .collect();
    missing.sort();
    Finding {
        rule: word(json.get("rule")),
        item: json.get("item").and_then(Json::text).map(str::to_owned),
        outcome: word(json.get("outcome")),
        reason: json.get("reason").and_then(Json::text).map(str::to_owned),
        missing,
        margin: json
            .get("margin")
            .and_then(|margin| margin.get("value"))
            .and_then(Json::number),
    }
}

/// Where the engine's report differs from the oracle's judgement; empty if nowhere.
pub fn differences(oracle: &Judged, engine: &Judged) -> Vec<String> {
    let mut lines = Vec::new();
    let mut differ = |what: &str, oracle: String, engine: String| {
        if oracle != engine {
            lines.push(format!("{what}: oracle {oracle}, engine {engine}"));
        }
    };
    differ(
        "entry",
        oracle.entry.outcome.clone(),
        engine.entry.outcome.clone(),
    );
    differ("problems", problems(&oracle.entry), problems(&engine.entry));
    differ(
        "verdict",
        oracle.verdict.outcome.clone(),
        engine.verdict.outcome.clone(),
    );
    differ(
        "reason",
        format!("{:?}", oracle.verdict.reason),
        format!("{:?}", engine.verdict.reason),
    );
    let said = |finding: &Finding| said(finding);
    let (ours, theirs): (Vec<String>, Vec<String>) = (
        oracle.verdict.findings.iter().map(said).collect(),
        engine.verdict.findings.iter().map(said).collect(),
    );
    for line in ours.iter().filter(|line| !theirs.contains(line)) {
        lines.push(format!("only the oracle says {line}"));
    }
    for line in theirs.iter().filter(|line| !ours.contains(line)) {
        lines.push(format!("only the engine says {line}"));
    }
    if lines.is_empty() && ours != theirs {
        lines.push(format!(
            "the findings stand in another order: oracle {ours:?}, engine {theirs:?}"
        ));
    }
    for ours in &oracle.verdict.findings {
        let theirs = engine
            .verdict
            .findings
            .iter()
            .find(|theirs| theirs.rule == ours.rule && theirs.item == ours.item);
        // The engine may say of more rules than the oracle how near they are; where it speaks it has to be the same number.
        if let (Some(margin), Some(other)) = (ours.margin, theirs.and_then(|theirs| theirs.margin))
            && margin != other
        {
            lines.push(format!(
                "margin of {} {:?}: oracle {margin}, engine {other}",
                ours.rule, ours.item
            ));
        }
    }
    lines
}

/// The problems in one line. A failed entry rule is known by its id; where it points to is the author's `at`.
fn problems(entry: &Entry) -> String {
    let mut said: Vec<String> = entry
        .problems
        .iter()
        .map(|problem| match &problem.rule {
            Some(rule) => format!("rule {rule} {} {}", problem.code, problem.severity),
            None => format!("{} {} {}", problem.at, problem.code, problem.severity),
        })
        .collect();
    said.sort();
    said.join(", ")
}

/// A finding in one line. What a fault leaves open is not compared.
fn said(finding: &Finding) -> String {
    let item = finding.item.as_deref().unwrap_or("-");
    match finding.outcome.as_str() {
        "undetermined" => {
            let reason = finding.reason.as_deref().unwrap_or("-");
            format!(
                "{} {item}: undetermined, {reason}, [{}]",
                finding.rule,
                finding.missing.join(" ")
            )
        }
        "faulted" => format!(
            "{} {item}: faulted, {}",
            finding.rule,
            finding.reason.as_deref().unwrap_or("-")
        ),
        outcome => format!("{} {item}: {outcome}", finding.rule),
    }
}
