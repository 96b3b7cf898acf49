//! The ledger as a file.
//!
//! In: filters, a format. Out: a stream. Must not know: how a format is written.

use super::item::Item;
use super::list::{Cursor, Filter, items};
use crate::access::Principal;
use crate::app::App;
use crate::db::Boxed;
use crate::openapi::shapes::Binary;
use crate::problem::{Kind, Problem};
use crate::reading::query::{Asked, Where};
use crate::reading::{Cell, ExportRow, Format, FormatWord, Pages, Subject, download};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::value::RawValue;

const PAGE: i64 = 500;

const HEADINGS: &[(&str, &str)] = &[
    ("编号", "id"),
    ("检查日期", "day"),
    ("主题", "topic"),
    ("地区", "area"),
    ("名称", "name"),
    ("地点", "place"),
    ("规则", "rule"),
    ("问题", "problem"),
    ("条款", "clauses"),
    ("责任", "duty"),
    ("建议", "remedy"),
    ("整改措施", "measure"),
    ("整改期限", "due"),
    ("责任单位", "unit"),
    ("完成日期", "done"),
    ("佐证", "evidence"),
    ("复核人", "reviewed by"),
    ("复核意见", "review"),
    ("状态", "state"),
    ("逾期", "overdue"),
    ("检查记录", "submission"),
];

/// The ledger as a file, in the order of the list.
#[utoipa::path(get, path = "/v1/rectifications/export", tag = "ledger",
    params(Filter, ("format" = inline(FormatWord), Query, description = "`csv`, `ndjson` or `xlsx`")),
    responses((status = 200, description = "A file", content((String = "text/csv"), (String = "application/x-ndjson"), (inline(Binary) = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
        (status = 403), (status = 422)), security(("token" = [])))]
pub(super) async fn export(
    State(app): State<App>,
    principal: Principal,
    mut asked: Asked,
) -> Result<Response, Problem> {
    let filter = Filter::take(&app, &mut asked)?;
    let format = Format::take(&mut asked)?;
    asked.end()?;
    let condition = filter.condition(&principal)?;
    let sql = format!("SELECT COUNT(*) FROM rectifications l{}", condition.sql());
    let count = condition.count(app.db.read(), sql).await?;
    let pages = Items {
        app,
        filter,
        condition,
        behind: None,
    };
    download(format, "rectifications", HEADINGS, count, Box::new(pages)).await
}

struct Items {
    app: App,
    filter: Filter,
    condition: Where,
    behind: Option<Cursor>,
}

impl Pages for Items {
    fn next(&mut self) -> Boxed<'_, Result<Vec<ExportRow>, Problem>> {
        Box::pin(async move {
            let behind = self.behind.as_ref();
            let found = items(&self.app, &self.filter, &self.condition, behind, PAGE).await?;
            if let Some(last) = found.last() {
                self.behind = Some(Cursor::behind(last, self.filter.overdue));
            }
            found.iter().map(row).collect()
        })
    }
}

/// A text in both languages.
#[derive(Default, Deserialize)]
struct Words {
    #[serde(default)]
    zh: String,
    #[serde(default)]
    en: String,
}

fn words(json: Option<&RawValue>) -> Cell {
    let words: Option<Words> = json.and_then(|json| serde_json::from_str(json.get()).ok());
    match words {
        None => Cell::Empty,
        Some(words) if words.zh.is_empty() => Cell::Text(words.en),
        Some(words) => Cell::Text(words.zh),
    }
}

fn row(item: &Item) -> Result<ExportRow, Problem> {
    let subject = Subject::of(item.subject.as_deref());
    let clauses: Vec<String> = item
        .clauses
        .as_deref()
        .and_then(|json| serde_json::from_str(json.get()).ok())
        .unwrap_or_default();
    let place = if item.item.is_empty() {
        item.rule.clone()
    } else {
        format!("{} {}", item.rule, item.item)
    };
    let cells = vec![
        Cell::from(&item.id),
        Cell::from(&item.as_of),
        Cell::from(&item.topic),
        Cell::from(&item.area),
        Cell::from(subject.name.as_ref()),
        Cell::from(subject.place.as_ref()),
        Cell::from(place),
        words(item.problem.as_deref()),
        Cell::from(clauses.join(" ")),
        words(item.duty.as_deref()),
        words(item.remedy.as_deref()),
        Cell::from(item.measure.as_ref()),
        Cell::from(item.due.as_ref()),
        Cell::from(item.unit.as_ref()),
        Cell::from(item.done_on.as_ref()),
        Cell::from(item.evidence.as_ref()),
        Cell::from(item.reviewed_by.as_ref()),
        Cell::from(item.review_note.as_ref()),
        Cell::from(&item.state),
        Cell::from(if item.overdue { "true" } else { "false" }.to_owned()),
        Cell::from(&item.submission),
    ];
    let json = serde_json::to_string(item).map_err(|_| Problem::new(Kind::Internal, ""))?;
    Ok(ExportRow { cells, json })
}
