//! What a ruleset would make of what is stored, before it goes into force.
//!
//! In: a bundle, filters. Out: a line for each submission whose verdict flips, and a summary. Must not know: how verdicts are stored beyond what
//! it compares. A page of submissions is in memory at once; nothing is written.

use super::publish::read;
use super::{Trusted, id_of};
use crate::access::Principal;
use crate::app::App;
use crate::prepared::{Prepared, kept_tables, prepare};
use crate::problem::{Kind, Problem};
use crate::reading::query::{Asked, Filter, Where};
use crate::reading::{Item, Order, page};
use crate::store::Bundle;
use crate::submissions::{Verdict, judge, submission};
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use rules_core::bundle;
use serde::Serialize;
use serde_json::value::RawValue;
use sqlx::Row;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

/// Submissions that are in memory at once.
const PAGE: i64 = 100;

/// A line of the answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TrialLine)]
pub(super) enum Line {
    /// A submission whose verdict would be another.
    Flip(Box<Flip>),
    /// How far it is.
    Progress {
        /// Submissions that were tried.
        tried: i64,
    },
    /// The last line.
    Summary(Summary),
    /// Instead of the summary, where the rest could not be read.
    Failed {
        /// The word of the problem's type.
        detail: String,
    },
}

/// A submission whose verdict would be another.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Flip {
    id: String,
    as_of: String,
    jurisdiction: Option<String>,
    #[schema(value_type = Option<Object>)]
    subject: Option<Box<RawValue>>,
    /// Outcome of the verdict that counts today.
    from: String,
    /// Outcome under the bundle.
    to: String,
    entry_from: String,
    entry_to: String,
    rules: Vec<Moved>,
}

/// A rule, or its item, that comes out otherwise.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Moved {
    rule: String,
    item: String,
    /// `none`: it passes, does not apply or does not exist.
    from: String,
    to: String,
}

/// What came of it all.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Summary {
    tried: i64,
    flipped: i64,
    /// The verdict stays, and some rule comes out otherwise.
    rules_only: i64,
    /// Purged, or not judged yet, or their tables do not fit the bundle.
    skipped: i64,
    transitions: Vec<Transition>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Transition {
    from: String,
    to: String,
    count: i64,
}

/// Tries a bundle on all stored submissions of its ruleset that one may see. Where the bundle goes into force only later, they are judged as if
/// it were in force already. The answer is a line of JSON for each that flips, and last the summary.
#[utoipa::path(post, path = "/v1/rulesets/trial", tag = "library", params(Filter),
    request_body(content = Object, content_type = "application/json", description = "A bundle"),
    responses((status = 200, description = "Lines of JSON: flips, progress, last the summary", content((Line = "application/x-ndjson"))), (status = 422)),
    security(("token" = [])))]
pub(super) async fn trial(
    State(app): State<App>,
    principal: Principal,
    Extension(trusted): Extension<Trusted>,
    mut asked: Asked,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let mut filter = Filter::take(&mut asked)?;
    asked.end()?;
    let given = read(&headers, body, &trusted).await?;
    let opened = tokio::task::spawn_blocking(move || opened(&given));
    let bundle = opened.await.map_err(|_| Problem::new(Kind::Internal, ""))??;
    filter.topic = Some(id_of(&bundle));
    let trial = Trial {
        condition: filter.condition(&principal)?,
        app,
        bundle: Arc::new(bundle),
        after: 0,
        summary: Summary::default(),
        transitions: BTreeMap::new(),
        done: false,
    };
    let lines = stream::unfold(trial, |mut trial| async move {
        if trial.done {
            return None;
        }
        let mut out = String::new();
        for line in trial.step().await {
            // Nothing of these types can fail to be written.
            out.push_str(&serde_json::to_string(&line).unwrap_or_default());
            out.push('\n');
        }
        Some((Ok::<_, std::io::Error>(Bytes::from(out)), trial))
    });
    // Compression asks once more after the end.
    let mut response = Body::from_stream(lines.fuse()).into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/x-ndjson"),
    );
    Ok(response)
}

/// The bundle as if it had been in force from the beginning: its base, and the layers that begin with it or later.
fn opened(given: &Bundle) -> Result<Bundle, Problem> {
    let refused = |error: bundle::BundleError| Problem::new(Kind::BadBundle, "").code(error.code());
    let mut content = bundle::read(given.text()).map_err(refused)?;
    let from = given.ruleset().base().and_then(|base| base.effective.from);
    for layer in content.variants.iter_mut().flat_map(|plan| &mut plan.layers) {
        if layer.effective.from >= from {
            layer.effective.from = None;
        }
    }
    Bundle::load(bundle::write(&content.variants, &content.tables)).map_err(refused)
}

struct Trial {
    app: App,
    condition: Where,
    bundle: Arc<Bundle>,
    after: i64,
    summary: Summary,
    transitions: BTreeMap<(String, String), i64>,
    done: bool,
}

/// A stored submission with what it is tried with.
struct Stored {
    item: Item,
    body: Option<Vec<u8>>,
    ready: Option<Arc<Prepared>>,
    /// Rule and item → outcome.
    findings: BTreeMap<(String, String), String>,
}

impl Trial {
    /// One page.
    async fn step(&mut self) -> Vec<Line> {
        match self.page().await {
            Ok(lines) => lines,
            Err(problem) => {
                tracing::error!(detail = problem.detail(), "a trial was cut off");
                self.done = true;
                vec![Line::Failed {
                    detail: "the rest cannot be read; try again later".to_owned(),
                }]
            }
        }
    }

    async fn page(&mut self) -> Result<Vec<Line>, Problem> {
        let pool = self.app.db.read();
        let items = page(pool, &self.condition, Order::OldestFirst, Some(self.after), PAGE).await?;
        let Some(last) = items.last() else {
            self.done = true;
            let mut summary = std::mem::take(&mut self.summary);
            summary.transitions = std::mem::take(&mut self.transitions)
                .into_iter()
                .map(|((from, to), count)| Transition { from, to, count })
                .collect();
            return Ok(vec![Line::Summary(summary)]);
        };
        self.after = last.position;
        let stored = self.stored(items).await?;
        let internal = || Problem::new(Kind::Internal, "");
        let _turn = self
            .app
            .checks
            .clone()
            .acquire_owned()
            .await
            .map_err(|_| internal())?;
        let judged = tokio::task::spawn_blocking(move || {
            let judged = stored.into_iter().map(|stored| (tried(&stored), stored));
            judged.collect::<Vec<_>>()
        });
        let mut lines = Vec::new();
        for (verdict, stored) in judged.await.map_err(|_| internal())? {
            self.summary.tried += 1;
            let (Some(verdict), Some(from)) = (verdict, stored.item.outcome.clone()) else {
                self.summary.skipped += 1;
                continue;
            };
            let moved = moved(&stored.findings, &verdict);
            let entry = stored.item.entry_outcome.clone().unwrap_or_default();
            if from == verdict.outcome && entry == verdict.entry_outcome {
                self.summary.rules_only += i64::from(!moved.is_empty());
                continue;
            }
            self.summary.flipped += 1;
            let way = (from.clone(), verdict.outcome.to_owned());
            *self.transitions.entry(way).or_default() += 1;
            lines.push(Line::Flip(Box::new(Flip {
                id: stored.item.id,
                as_of: stored.item.as_of,
                jurisdiction: stored.item.jurisdiction,
                subject: stored.item.subject,
                from,
                to: verdict.outcome.to_owned(),
                entry_from: entry,
                entry_to: verdict.entry_outcome.to_owned(),
                rules: moved,
            })));
        }
        lines.push(Line::Progress {
            tried: self.summary.tried,
        });
        Ok(lines)
    }

    /// Answers, tables and findings of a page.
    async fn stored(&self, items: Vec<Item>) -> Result<Vec<Stored>, Problem> {
        let mut ready: BTreeMap<String, Option<Arc<Prepared>>> = BTreeMap::new();
        let mut all = Vec::with_capacity(items.len());
        for item in items {
            let row = sqlx::query(
                "SELECT r.body, COALESCE(f.tables, n.tables) AS tables FROM revisions r \
                 LEFT JOIN verdicts f ON f.submission = r.submission AND f.revision = r.revision AND f.basis = 'in_force' \
                 LEFT JOIN verdicts n ON n.submission = r.submission AND n.revision = r.revision AND n.basis = 'named' \
                 WHERE r.submission = $1 AND r.revision = $2",
            )
            .bind(&item.id)
            .bind(item.revision)
            .fetch_one(self.app.db.read())
            .await?;
            let tables: Option<String> = row.try_get("tables")?;
            let tables = tables.unwrap_or_else(|| "{}".to_owned());
            let ready = match ready.get(&tables) {
                Some(ready) => ready.clone(),
                None => {
                    let kept = kept_tables(&self.app, &tables).await?;
                    let made = prepare(&self.app, self.bundle.clone(), &kept).await?;
                    ready.entry(tables).or_insert(made).clone()
                }
            };
            let rows = sqlx::query(
                "SELECT rule, item, outcome FROM findings WHERE submission = $1 AND revision = $2",
            )
            .bind(&item.id)
            .bind(item.revision)
            .fetch_all(self.app.db.read())
            .await?;
            let mut findings = BTreeMap::new();
            for row in rows {
                let key = (row.try_get("rule")?, row.try_get("item")?);
                findings.insert(key, row.try_get("outcome")?);
            }
            all.push(Stored {
                item,
                body: row.try_get("body")?,
                ready,
                findings,
            });
        }
        Ok(all)
    }
}

fn tried(stored: &Stored) -> Option<Verdict> {
    let text = String::from_utf8(stored.body.clone()?).ok()?;
    let sent = submission(text.into()).ok()?;
    Some(judge(stored.ready.as_ref()?, &sent))
}

/// Rules and items that come out otherwise.
fn moved(before: &BTreeMap<(String, String), String>, after: &Verdict) -> Vec<Moved> {
    let mut now: BTreeMap<(String, String), &str> = BTreeMap::new();
    for finding in &after.findings {
        now.insert((finding.rule.clone(), finding.item.clone()), &finding.outcome);
    }
    let mut all: Vec<&(String, String)> = before.keys().chain(now.keys()).collect();
    all.sort();
    all.dedup();
    let word = |outcome: Option<&str>| outcome.unwrap_or("none").to_owned();
    all.into_iter()
        .filter_map(|key| {
            let (from, to) = (before.get(key).map(String::as_str), now.get(key).copied());
            (from != to).then(|| Moved {
                rule: key.0.clone(),
                item: key.1.clone(),
                from: word(from),
                to: word(to),
            })
        })
        .collect()
}
