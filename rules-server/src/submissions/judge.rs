//! Judging a submission: under the ruleset that the form names, and under the one that is in force.
//!
//! In: a submission, the library. Out: verdicts. Must not know: HTTP, how they are stored.

use super::body::Submission;
use crate::app::App;
use crate::problem::{Kind, Problem};
use crate::store::Bundle;
use rules_core::digest::sha256;
use rules_core::json::{self, Json};
use rules_core::limits::Limits;
use rules_core::report::Report;
use rules_core::{Options, Tables};
use sqlx::Row;
use std::collections::BTreeMap;
use std::sync::Arc;

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
    let tables = tables(app, &submission.tables).await?;
    let internal = || Problem::new(Kind::Internal, "");
    let _turn = app.checks.clone().acquire_owned().await.map_err(|_| internal())?;
    let app = app.clone();
    tokio::task::spawn_blocking(move || judged(&app, &submission, tables.as_deref()))
        .await
        .map_err(|_| internal())
}

/// The rows of the tables that are named, if all of them are here.
async fn tables(
    app: &App,
    named: &BTreeMap<String, String>,
) -> Result<Option<Vec<(String, String)>>, Problem> {
    let mut found = Vec::new();
    for (name, digest) in named {
        let row = sqlx::query("SELECT body FROM tables WHERE digest = $1 AND name = $2")
            .bind(digest)
            .bind(name)
            .fetch_optional(app.db.read())
            .await?;
        match row {
            Some(row) => found.push((name.clone(), row.try_get(0)?)),
            None => return Ok(None),
        }
    }
    Ok(Some(found))
}

fn judged(app: &App, submission: &Submission, tables: Option<&[(String, String)]>) -> Judged {
    let (id, digest) = &submission.ruleset;
    let named = app.library.by_digest(digest);
    let in_force = app
        .library
        .in_force(id, submission.as_of, submission.jurisdiction);
    let judge = |bundle: &Bundle| tables.and_then(|tables| judge(bundle, submission, tables));
    let verdict = named.as_deref().and_then(judge);
    let same = in_force
        .as_ref()
        .is_some_and(|bundle| bundle.ruleset().digest() == digest);
    let current = if same {
        verdict.clone()
    } else {
        in_force.as_deref().and_then(judge)
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

/// One verdict; nothing where a table does not fit the ruleset.
pub fn judge(bundle: &Bundle, submission: &Submission, rows: &[(String, String)]) -> Option<Verdict> {
    let ruleset = bundle.ruleset();
    let mut tables = Tables::new(ruleset);
    for (name, rows) in rows {
        tables.insert(ruleset, name, rows, &Limits::DEFAULT).ok()?;
    }
    let mut options = Options::on(submission.as_of);
    options.jurisdiction = submission.jurisdiction;
    options.tables = Some(&tables);
    Some(verdict(bundle, &ruleset.check(submission.entry(), &options)))
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
    }
}
