//! Judging a submission: under the ruleset that the form names, and under the one that is in force.
//!
//! In: a submission, the library. Out: verdicts. Must not know: HTTP, how they are stored.

use super::body::Submission;
use crate::app::App;
use crate::prepared::{Prepared, prepare};
use crate::problem::{Kind, Problem};
use crate::registers;
use crate::store::Bundle;
use rules_core::Options;
use rules_core::digest::sha256;
use rules_core::json::{self, Json};
use rules_core::limits::Limits;
use rules_core::report::Report;
use std::sync::Arc;
use std::time::Instant;

/// What judged: stored beside every verdict, for the day on which two engines differ.
pub const ENGINE: &str = concat!("rules-core ", env!("CARGO_PKG_VERSION"));

/// A verdict as it is stored.
#[derive(Clone, PartialEq, Debug)]
pub struct Verdict {
    /// Digest and version of the ruleset.
    pub ruleset: (String, String),
    /// Canonical JSON: name → digest.
    pub tables: String,
    /// The report's bytes.
    pub report: String,
    /// The report's own digest.
    pub report_digest: String,
    /// `pass`, `fail`, `undetermined`, `not_applicable`
    pub outcome: &'static str,
    /// `complete`, `incomplete`, `invalid`
    pub entry_outcome: &'static str,
    /// Passed, failed, undetermined, faulted, not applicable.
    pub counts: [i64; 5],
    /// In the report's order.
    pub findings: Vec<Finding>,
}

/// A finding as lists are filtered by it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Id of the rule.
    pub rule: String,
    /// JSON Pointer of the item, or nothing.
    pub item: String,
    /// `duty`, …
    pub kind: String,
    /// `minor`, …
    pub severity: String,
    /// `fail` or `undetermined`
    pub outcome: String,
    /// JSON array of ids.
    pub clauses: String,
    /// A day.
    pub deadline: Option<String>,
    /// What it means, as JSON: `zh` and `en`.
    pub message: String,
    /// What to do, as JSON.
    pub remedy: Option<String>,
    /// Who must act, as JSON.
    pub duty: Option<String>,
}

/// What a submission was judged to be.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Digest of the canonical answers.
    pub answers: String,
    /// Under the ruleset and the tables that the form names; nothing where one of them is not here.
    pub named: Option<Verdict>,
    /// Under the ruleset in force on the day.
    pub in_force: Option<Verdict>,
}

/// Judges with the library of `app`, on a thread that may be kept busy.
pub(super) async fn of(app: &App, submission: Arc<Submission>) -> Result<Judged, Problem> {
    let (id, digest) = &submission.ruleset;
    let named = app.library.by_digest(digest);
    let in_force = app
        .library
        .in_force(id, submission.as_of, submission.jurisdiction);
    let named = ready(app, named, &submission).await?;
    let in_force = ready_today(app, in_force, &submission).await?;
    let internal = || Problem::new(Kind::Internal, "");
    let _turn = app.checks.clone().acquire_owned().await.map_err(|_| internal())?;
    let metrics = app.metrics.clone();
    let work = tokio::task::spawn_blocking(move || {
        let start = Instant::now();
        let judged = both(named.as_deref(), in_force.as_deref(), &submission);
        metrics.judged(start.elapsed());
        judged
    });
    work.await.map_err(|_| internal())
}

async fn ready(
    app: &App,
    bundle: Option<Arc<Bundle>>,
    submission: &Submission,
) -> Result<Option<Arc<Prepared>>, Problem> {
    match bundle {
        Some(bundle) => prepare(app, bundle, &submission.tables).await,
        None => Ok(None),
    }
}

/// With the tables of today; where they do not fit, with those that the form names.
async fn ready_today(
    app: &App,
    bundle: Option<Arc<Bundle>>,
    submission: &Submission,
) -> Result<Option<Arc<Prepared>>, Problem> {
    let Some(bundle) = bundle else {
        return Ok(None);
    };
    let current = registers::current(app, &bundle, &submission.tables).await?;
    match prepare(app, bundle.clone(), &current).await? {
        Some(ready) => Ok(Some(ready)),
        None => ready(app, Some(bundle), submission).await,
    }
}

fn both(named: Option<&Prepared>, in_force: Option<&Prepared>, submission: &Submission) -> Judged {
    let verdict = named.map(|ready| judge(ready, submission));
    let current = match in_force {
        // The same ruleset with the same tables.
        Some(ready) if named.is_some_and(|named| std::ptr::eq(named, ready)) => verdict.clone(),
        other => other.map(|ready| judge(ready, submission)),
    };
    Judged {
        answers: answers(submission.entry()),
        named: verdict,
        in_force: current,
    }
}

/// The digest that a report has in `answers`.
fn answers(entry: &str) -> String {
    let limits = Limits::DEFAULT;
    let tree = if entry.len() > limits.answer_bytes {
        Json::Null
    } else {
        json::parse(entry, limits.depth).map_or(Json::Null, |(tree, _)| tree)
    };
    sha256(tree.canonical().as_bytes())
}

/// One verdict.
pub fn judge(ready: &Prepared, submission: &Submission) -> Verdict {
    let mut options = Options::on(submission.as_of);
    options.jurisdiction = submission.jurisdiction;
    options.tables = Some(&ready.tables);
    let report = ready.bundle.ruleset().check(submission.entry(), &options);
    verdict(&ready.bundle, &report)
}

fn verdict(bundle: &Bundle, report: &Report) -> Verdict {
    let ruleset = bundle.ruleset();
    let version = ruleset
        .base()
        .map_or_else(String::new, |base| base.version.clone());
    let json = report.json();
    let found = json.get("verdict");
    let counts = found.and_then(|verdict| verdict.get("counts"));
    let count = |name: &str| counts.and_then(|counts| counts.get(name)).and_then(Json::as_num);
    let findings = found
        .and_then(|verdict| verdict.get("findings"))
        .and_then(Json::as_arr);
    Verdict {
        ruleset: (ruleset.digest().to_owned(), version),
        tables: json
            .get("tables")
            .map_or_else(|| String::from("{}"), Json::canonical),
        report: report.canonical(),
        report_digest: report.digest().to_owned(),
        outcome: report.verdict(),
        entry_outcome: report.entry(),
        counts: ["pass", "fail", "undetermined", "faulted", "not_applicable"]
            .map(|name| count(name).map_or(0, |count| count as i64)),
        findings: findings.unwrap_or_default().iter().map(finding).collect(),
    }
}

fn finding(json: &Json) -> Finding {
    let text = |name: &str| json.get(name).and_then(Json::as_str);
    let word = |name: &str| text(name).unwrap_or("").to_owned();
    let words = |name: &str| json.get(name).map(Json::canonical);
    Finding {
        rule: word("rule"),
        item: word("item"),
        kind: word("kind"),
        severity: word("severity"),
        outcome: word("outcome"),
        clauses: json
            .get("clauses")
            .map_or_else(|| String::from("[]"), Json::canonical),
        deadline: text("deadline").map(str::to_owned),
        message: words("message").unwrap_or_else(|| String::from("{}")),
        remedy: words("remedy"),
        duty: words("duty"),
    }
}
