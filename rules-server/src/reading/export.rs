//! Submissions as a file: CSV, NDJSON, XLSX.
//!
//! In: filters, a format. Out: a stream, a page of the database at a time. Must not know: how a format is written (`download`).

mod download;
mod xlsx;

pub(crate) use download::{Cell, Format, FormatWord, Pages, Row, download};

use super::item::{Item, Order, page};
use super::query::{Asked, Filter, Where, bad};
use crate::access::{Principal, Purpose, Reading};
use crate::app::App;
use crate::db::Boxed;
use crate::openapi::shapes::{Binary, PurposeText};
use crate::problem::{Kind, Problem};
use crate::write::{Object, array};
use axum::extract::State;
use axum::response::Response;
use rules_core::json::Json;
use serde::Deserialize;
use serde_json::value::RawValue;
use sqlx::Row as _;
use std::collections::BTreeMap;

/// Submissions that are in memory at once.
const PAGE: i64 = 200;

/// Headings, Chinese and English.
const HEADINGS: &[(&str, &str)] = &[
    ("编号", "id"),
    ("修订", "revision"),
    ("接收时间", "received"),
    ("检查日期", "day"),
    ("主题", "topic"),
    ("规则版本", "version"),
    ("地区", "area"),
    ("名称", "name"),
    ("类别", "kind"),
    ("地点", "place"),
    ("结论", "outcome"),
    ("记录", "entry"),
    ("符合", "pass"),
    ("不符合", "fail"),
    ("未定", "undetermined"),
    ("出错", "faulted"),
    ("不适用", "not applicable"),
    ("与现场一致", "agree"),
    ("状态", "state"),
    ("不符合的规则", "failed rules"),
    ("未定的规则", "undetermined rules"),
    ("摘要", "digest"),
];

/// Submissions as a file, oldest first. One that is edited while the file is written comes again, further down, as its new revision.
#[utoipa::path(get, path = "/v1/export", tag = "reading",
    params(Filter, ("format" = inline(FormatWord), Query, description = "`csv`, `ndjson` or `xlsx`"),
        ("entries" = Option<bool>, Query, description = "Of NDJSON: `true` for the answers, too"),
        ("x-purpose" = inline(PurposeText), Header, description = "Why you read this: 2 to 200 characters, those beyond ASCII percent-encoded")),
    responses((status = 200, description = "A file", content((String = "text/csv"), (String = "application/x-ndjson"), (inline(Binary) = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
        (status = 403), (status = 422)), security(("token" = [])))]
pub(super) async fn export(
    State(app): State<App>,
    principal: Principal,
    purpose: Purpose,
    mut asked: Asked,
) -> Result<Response, Problem> {
    let filter = Filter::take(&mut asked)?;
    let format = Format::take(&mut asked)?;
    let entries = asked.truth("entries")?.unwrap_or(false);
    asked.end()?;
    if entries && format != Format::Ndjson {
        return Err(bad("entries", "only NDJSON holds answers"));
    }
    let condition = filter.condition(&principal)?;
    let sql = format!("SELECT COUNT(*) FROM submissions s{}", condition.sql());
    let count = condition.count(app.db.read(), sql).await?;
    let mut logged = filter.logged();
    if let Json::Obj(members) = &mut logged {
        members.push(("entries".to_owned(), Json::Bool(entries)));
    }
    let reading = Reading {
        address: "/v1/export",
        ids: Vec::new(),
        filter: logged,
        count,
    };
    purpose.log(&app, &principal, reading).await?;
    let pages = Submissions {
        app: app.clone(),
        condition,
        entries,
        after: 0,
    };
    download(format, "submissions", HEADINGS, count, Box::new(pages)).await
}

struct Submissions {
    app: App,
    condition: Where,
    entries: bool,
    after: i64,
}

impl Pages for Submissions {
    fn next(&mut self) -> Boxed<'_, Result<Vec<Row>, Problem>> {
        Box::pin(async move {
            let pool = self.app.db.read();
            let items = page(pool, &self.condition, Order::OldestFirst, Some(self.after), PAGE).await?;
            if let Some(last) = items.last() {
                self.after = last.position;
            }
            let findings = findings(&self.app, &items).await?;
            let mut entries = if self.entries {
                entries(&self.app, &items).await?
            } else {
                BTreeMap::new()
            };
            let row = |item: Item| {
                let found = findings.get(&item.id).map_or(&[] as &[_], Vec::as_slice);
                let entry = self.entries.then(|| entries.remove(&item.id));
                row(&item, found, entry)
            };
            items.into_iter().map(row).collect()
        })
    }
}

/// Rule, item, outcome.
type Found = (String, String, String);

/// A condition that names the submissions of a page.
fn among(items: &[Item], column: &str) -> Where {
    let mut all = Where::default();
    let places: Vec<String> = items.iter().map(|item| all.text(&item.id)).collect();
    // An empty list is no SQL.
    all.add(match places.is_empty() {
        true => "1 = 0".to_owned(),
        false => format!("{column} IN ({})", places.join(", ")),
    });
    all
}

async fn findings(app: &App, items: &[Item]) -> Result<BTreeMap<String, Vec<Found>>, Problem> {
    let all = among(items, "g.submission");
    let sql = format!(
        "SELECT g.submission, g.rule, g.item, g.outcome FROM findings g \
         JOIN submissions s ON s.id = g.submission AND s.revision = g.revision{} ORDER BY g.submission, g.number",
        all.sql()
    );
    let mut found: BTreeMap<String, Vec<Found>> = BTreeMap::new();
    for row in all.fetch(app.db.read(), sql).await? {
        found.entry(row.try_get("submission")?).or_default().push((
            row.try_get("rule")?,
            row.try_get("item")?,
            row.try_get("outcome")?,
        ));
    }
    Ok(found)
}

#[derive(Deserialize)]
struct Body {
    entry: Box<RawValue>,
}

async fn entries(app: &App, items: &[Item]) -> Result<BTreeMap<String, Box<RawValue>>, Problem> {
    let all = among(items, "r.submission");
    let sql = format!(
        "SELECT r.submission, r.body FROM revisions r JOIN submissions s ON s.id = r.submission AND s.revision = r.revision{}",
        all.sql()
    );
    let mut found = BTreeMap::new();
    for row in all.fetch(app.db.read(), sql).await? {
        let body: Option<Vec<u8>> = row.try_get("body")?;
        let body: Option<Body> = body
            .map(|bytes| serde_json::from_slice(&bytes))
            .transpose()
            .map_err(|_| Problem::new(Kind::Internal, ""))?;
        if let Some(body) = body {
            found.insert(row.try_get("submission")?, body.entry);
        }
    }
    Ok(found)
}

/// What a list says of the subject, in parts.
#[derive(Default, Deserialize)]
pub(crate) struct Subject {
    pub(crate) name: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) place: Option<String>,
}

impl Subject {
    pub(crate) fn of(json: Option<&RawValue>) -> Subject {
        json.and_then(|json| serde_json::from_str(json.get()).ok())
            .unwrap_or_default()
    }
}

/// `entry` is nothing where answers are not asked for, and holds nothing where they were purged.
fn row(item: &Item, found: &[Found], entry: Option<Option<Box<RawValue>>>) -> Result<Row, Problem> {
    let subject = Subject::of(item.subject.as_deref());
    let rules = |outcome: &str| {
        let mut seen: Vec<&str> = Vec::new();
        for (rule, _, what) in found {
            if what == outcome && !seen.contains(&rule.as_str()) {
                seen.push(rule);
            }
        }
        Cell::from(seen.join(" "))
    };
    let count = |pick: fn(&super::item::Counts) -> i64| item.counts.as_ref().map(pick).into();
    let cells = vec![
        Cell::from(&item.id),
        Cell::from(item.revision),
        Cell::from(&item.received_at),
        Cell::from(&item.as_of),
        Cell::from(&item.ruleset),
        Cell::from(item.version.as_ref()),
        Cell::from(&item.area),
        Cell::from(subject.name.as_ref()),
        Cell::from(subject.kind.as_ref()),
        Cell::from(subject.place.as_ref()),
        Cell::from(item.outcome.as_ref()),
        Cell::from(item.entry_outcome.as_ref()),
        count(|counts| counts.pass),
        count(|counts| counts.fail),
        count(|counts| counts.undetermined),
        count(|counts| counts.faulted),
        count(|counts| counts.not_applicable),
        Cell::from(
            item.agree
                .map(|agree| if agree { "true" } else { "false" }.to_owned())
                .as_ref(),
        ),
        Cell::from(&item.state),
        rules("fail"),
        rules("undetermined"),
        Cell::from(&item.digest),
    ];
    let mut json = serde_json::to_string(item).map_err(|_| Problem::new(Kind::Internal, ""))?;
    json.pop();
    json.push_str(",\"findings\":");
    json.push_str(&array(found.iter().map(|(rule, item, outcome)| {
        let mut object = Object::new();
        object.text("rule", rule);
        object.text("item", item);
        object.text("outcome", outcome);
        object.finish()
    })));
    if let Some(entry) = entry {
        json.push_str(",\"entry\":");
        json.push_str(entry.as_ref().map_or("null", |entry| entry.get()));
    }
    json.push('}');
    Ok(Row { cells, json })
}
