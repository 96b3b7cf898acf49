//! Counts of submissions by area, topic, month or outcome, and of findings by rule.
//!
//! In: filters. Out: counts. Must not know: entries; a count names nobody, so it asks for no purpose.

use super::query::{Asked, Filter, Where, bad};
use crate::access::Principal;
use crate::app::App;
use crate::openapi::shapes::shapes;
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::value::RawValue;
use sqlx::Row;
use std::collections::BTreeMap;
use utoipa::ToSchema;

const BY: &[&str] = &["area", "topic", "month", "outcome", "rule"];
const LEVELS: &[&str] = &["province", "prefecture", "county"];

shapes! {
    /// What is counted by.
    ByWord = |text| text.enum_values(Some(BY.iter().copied()));
    /// A level of areas.
    LevelWord = |text| text.enum_values(Some(LEVELS.iter().copied()));
}

/// Statistics: `rows` by `by`.
#[derive(Serialize, ToSchema)]
pub(super) struct Statistics {
    by: String,
    /// Of areas: `province`, `prefecture` or `county`.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<String>,
    /// Submissions in all.
    total: i64,
    rows: Vec<Line>,
}

/// One line. Of submissions it has their outcomes, of a rule its findings.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = StatisticsLine)]
enum Line {
    Submissions(Outcomes),
    Rule(Box<Findings>),
}

/// Submissions by outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Outcomes {
    /// Area, topic, month (`2026-03`) or outcome.
    key: String,
    total: i64,
    pass: i64,
    fail: i64,
    undetermined: i64,
    not_applicable: i64,
    /// Not judged yet.
    none: i64,
}

/// Findings of a rule.
#[derive(Debug, Serialize, ToSchema)]
struct Findings {
    /// Id of the rule.
    key: String,
    /// Id of its ruleset.
    topic: String,
    /// `zh` and `en`, of the ruleset that was published last.
    #[schema(value_type = Option<Object>)]
    title: Option<Box<RawValue>>,
    severity: String,
    fail: i64,
    undetermined: i64,
    faulted: i64,
    /// Submissions with such a finding.
    submissions: i64,
    /// Submissions of the topic in all.
    of: i64,
}

/// Counts, of one's area and below.
#[utoipa::path(get, path = "/v1/statistics", tag = "reading",
    params(Filter, ("by" = inline(ByWord), Query, description = "`area`, `topic`, `month`, `outcome` or `rule`"),
        ("level" = inline(Option<LevelWord>), Query, description = "Of areas: `province`, `prefecture` or `county`; else `county`")),
    responses((status = 200, body = Statistics), (status = 403), (status = 422)), security(("token" = [])))]
pub(super) async fn statistics(
    State(app): State<App>,
    principal: Principal,
    mut asked: Asked,
) -> Result<Json<Statistics>, Problem> {
    let filter = Filter::take(&mut asked)?;
    let by = asked.word("by", BY)?;
    let by = by.ok_or_else(|| bad("by", "it is one of area, topic, month, outcome, rule"))?;
    let level = asked.word("level", LEVELS)?;
    asked.end()?;
    if level.is_some() && by != "area" {
        return Err(bad("level", "only areas have a level"));
    }
    let level = (by == "area").then(|| level.unwrap_or_else(|| "county".to_owned()));
    let condition = filter.condition(&principal)?;
    let key = match (by.as_str(), level.as_deref()) {
        ("area", Some("province")) => "SUBSTR(s.area, 1, 2) || '0000'",
        ("area", Some("prefecture")) => "SUBSTR(s.area, 1, 4) || '00'",
        ("area", _) => "s.area",
        ("month", _) => "SUBSTR(s.as_of, 1, 7)",
        ("outcome", _) => "COALESCE(s.outcome, 'none')",
        _ => "s.topic",
    };
    let outcomes = outcomes(&app, &condition, key).await?;
    let total = outcomes.iter().map(|line| line.total).sum();
    let rows = if by == "rule" {
        rules(&app, &condition, &outcomes).await?
    } else {
        outcomes.into_iter().map(Line::Submissions).collect()
    };
    Ok(Json(Statistics {
        by,
        level,
        total,
        rows,
    }))
}

async fn outcomes(app: &App, condition: &Where, key: &str) -> Result<Vec<Outcomes>, Problem> {
    let sql = format!(
        "SELECT {key} AS name, s.outcome, COUNT(*) AS number FROM submissions s{} GROUP BY {key}, s.outcome",
        condition.sql()
    );
    let mut lines: BTreeMap<String, Outcomes> = BTreeMap::new();
    for row in condition.fetch(app.db.read(), sql).await? {
        let key: String = row.try_get("name")?;
        let (outcome, number): (Option<String>, i64) = (row.try_get("outcome")?, row.try_get("number")?);
        let line = lines.entry(key.clone()).or_default();
        line.key = key;
        line.total += number;
        let place = match outcome.as_deref() {
            Some("pass") => &mut line.pass,
            Some("fail") => &mut line.fail,
            Some("undetermined") => &mut line.undetermined,
            Some(_) => &mut line.not_applicable,
            None => &mut line.none,
        };
        *place += number;
    }
    Ok(lines.into_values().collect())
}

async fn rules(app: &App, condition: &Where, topics: &[Outcomes]) -> Result<Vec<Line>, Problem> {
    let sql = format!(
        "SELECT s.topic, g.rule, MIN(g.severity) AS severity, COUNT(CASE WHEN g.outcome = 'fail' THEN 1 END) AS fail, \
         COUNT(CASE WHEN g.outcome = 'undetermined' THEN 1 END) AS undetermined, COUNT(CASE WHEN g.outcome = 'faulted' THEN 1 END) AS faulted, \
         COUNT(DISTINCT s.id) AS submissions FROM submissions s JOIN findings g ON g.submission = s.id AND g.revision = s.revision{} \
         GROUP BY s.topic, g.rule ORDER BY fail DESC, undetermined DESC, s.topic, g.rule",
        condition.sql()
    );
    let mut lines = Vec::new();
    for row in condition.fetch(app.db.read(), sql).await? {
        let (topic, key): (String, String) = (row.try_get("topic")?, row.try_get("rule")?);
        lines.push(Line::Rule(Box::new(Findings {
            title: super::item::raw(app.library.rule_title(&topic, &key))?,
            severity: row.try_get("severity")?,
            fail: row.try_get("fail")?,
            undetermined: row.try_get("undetermined")?,
            faulted: row.try_get("faulted")?,
            submissions: row.try_get("submissions")?,
            of: topics
                .iter()
                .find(|line| line.key == topic)
                .map_or(0, |line| line.total),
            key,
            topic,
        })));
    }
    Ok(lines)
}
