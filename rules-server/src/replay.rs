//! Replay: every stored verdict judged again from the stored answers, ruleset and tables, and compared byte for byte.
//!
//! In: an open service. Out: *same*, or what differs. Must not know: how a verdict was stored. Memory does not grow with what is stored.

mod http;
mod page;

pub(crate) use http::routes;

use crate::app::App;
use crate::differs::differences;
use crate::prepared::{Prepared, kept_tables, prepare};
use crate::problem::{Kind, Problem};
use crate::submissions;
use page::{Again, Stored};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Verdicts that differ and are listed; the rest is counted.
const LISTED: usize = 100;

/// Places at which two reports differ that are listed.
const PLACES: usize = 20;

/// Nesting of a report.
const DEPTH: usize = 64;

/// What a replay found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Replayed {
    /// Revisions that were looked at.
    pub revisions: u64,
    /// Verdicts that were judged again.
    pub verdicts: u64,
    /// Of them, byte for byte as they were stored.
    pub same: u64,
    /// Revisions whose answers were purged.
    pub purged: u64,
    /// Verdicts whose ruleset cannot be run here.
    pub unavailable: u64,
    /// Verdicts that are not as they were; up to 100.
    pub differs: Vec<Differing>,
    /// How many more.
    pub more_differ: u64,
    /// Go on behind this position; absent at the end.
    pub next: Option<i64>,
}

/// A verdict that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Differing {
    /// The submission.
    pub submission: String,
    /// Its revision.
    pub revision: i64,
    /// `named` or `in_force`
    pub basis: String,
    /// Digest of the stored report.
    pub stored: String,
    /// Digest of today's.
    pub now: String,
    /// JSON Pointers into the report, up to 20.
    pub at: Vec<String>,
}

impl Replayed {
    /// Is every verdict that could be judged again as it was?
    pub fn is_same(&self) -> bool {
        self.differs.is_empty() && self.more_differ == 0
    }

    fn add(&mut self, other: Replayed) {
        self.revisions += other.revisions;
        self.verdicts += other.verdicts;
        self.same += other.same;
        self.purged += other.purged;
        self.unavailable += other.unavailable;
        self.more_differ += other.more_differ;
        for differing in other.differs {
            if self.differs.len() < LISTED {
                self.differs.push(differing);
            } else {
                self.more_differ += 1;
            }
        }
    }
}

/// What a replay goes over.
#[derive(Clone, Debug, Default)]
pub struct Range {
    /// Positions of the chain after this one.
    pub after: i64,
    /// This many revisions; all where absent.
    pub limit: Option<u64>,
}

/// Judges the range again; `progress` is told how many revisions are done.
///
/// # Errors
/// Where the database cannot be read.
pub async fn replay(app: &App, range: Range, mut progress: impl FnMut(u64)) -> Result<Replayed, Problem> {
    let left = |done: u64| range.limit.map_or(u64::MAX, |limit| limit.saturating_sub(done));
    let (mut all, mut after) = (Replayed::default(), range.after);
    let mut now = page::read(app, after, left(0)).await?;
    while let Some(last) = now.last() {
        after = last.position;
        let done = all.revisions + now.len() as u64;
        // The database reads the next page while this one is judged.
        let (judged, ahead) = tokio::join!(judged(app, now), page::read(app, after, left(done)));
        all.add(judged?);
        now = ahead?;
        progress(all.revisions);
    }
    all.next = (left(all.revisions) == 0).then_some(after);
    Ok(all)
}

/// Judges one stored revision again.
///
/// # Errors
/// `not-found`; where the database cannot be read.
pub async fn replay_one(app: &App, id: &str) -> Result<Replayed, Problem> {
    let found = page::one(app, id).await?;
    if found.is_empty() {
        return Err(Problem::new(Kind::NotFound, "no submission has this id"));
    }
    judged(app, found).await
}

async fn judged(app: &App, page: Vec<Stored>) -> Result<Replayed, Problem> {
    let mut bench = Vec::new();
    for again in page.iter().flat_map(|stored| &stored.verdicts) {
        let known =
            |(ruleset, tables, _): &(String, String, _)| *ruleset == again.ruleset && *tables == again.tables;
        if bench.iter().any(known) {
            continue;
        }
        let ready = match app.library.by_digest(&again.ruleset) {
            Some(bundle) => prepare(app, bundle, &kept_tables(app, &again.tables).await?).await?,
            None => None,
        };
        bench.push((again.ruleset.clone(), again.tables.clone(), ready));
    }
    let bench = Arc::new(bench);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let size = page.len().div_ceil(cores).max(1);
    let (mut rest, mut work) = (page, Vec::new());
    while !rest.is_empty() {
        let tail = rest.split_off(size.min(rest.len()));
        let (part, bench) = (std::mem::replace(&mut rest, tail), bench.clone());
        work.push(tokio::task::spawn_blocking(move || compared(&part, &bench)));
    }
    let mut all = Replayed::default();
    for part in work {
        all.add(part.await.map_err(|_| Problem::new(Kind::Internal, ""))?);
    }
    Ok(all)
}

type Bench = [(String, String, Option<Arc<Prepared>>)];

fn compared(part: &[Stored], bench: &Bench) -> Replayed {
    let mut found = Replayed::default();
    for stored in part {
        found.revisions += 1;
        let Some(body) = &stored.body else {
            found.purged += 1;
            continue;
        };
        let sent = std::str::from_utf8(body).ok();
        let sent = sent.and_then(|text| submissions::submission(text.into()).ok());
        // The report of the ruleset that was judged by last: both verdicts are often by the same.
        let mut last: Option<(&str, submissions::Verdict)> = None;
        for again in &stored.verdicts {
            let ready = bench
                .iter()
                .find(|(ruleset, tables, _)| *ruleset == again.ruleset && *tables == again.tables)
                .and_then(|(_, _, ready)| ready.as_ref());
            let (Some(sent), Some(ready)) = (&sent, ready) else {
                found.unavailable += 1;
                continue;
            };
            let verdict = match last.take() {
                Some((ruleset, verdict)) if ruleset == again.ruleset => verdict,
                _ => submissions::judge(ready, sent),
            };
            found.verdicts += 1;
            let bytes = again
                .report
                .as_ref()
                .is_none_or(|report| *report == verdict.report);
            if bytes && verdict.report_digest == again.report_digest {
                found.same += 1;
            } else if found.differs.len() < LISTED {
                found.differs.push(differing(stored, again, &verdict));
            } else {
                found.more_differ += 1;
            }
            last = Some((&again.ruleset, verdict));
        }
    }
    found
}

fn differing(stored: &Stored, again: &Again, now: &submissions::Verdict) -> Differing {
    let read = |text: &str| rules_core::json::parse(text, DEPTH).map(|(json, _)| json).ok();
    let before = again.report.as_deref().and_then(read);
    let places = before
        .zip(read(&now.report))
        .map(|(before, now)| differences(&before, &now).list)
        .unwrap_or_default();
    Differing {
        submission: stored.submission.clone(),
        revision: stored.revision,
        basis: again.basis.clone(),
        stored: again.report_digest.clone(),
        now: now.report_digest.clone(),
        at: places.into_iter().take(PLACES).map(|place| place.at).collect(),
    }
}
