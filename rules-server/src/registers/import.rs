//! A register as people keep it, checked row by row against what a ruleset's table holds.
//!
//! In: CSV, GeoJSON or JSON rows, the coordinate system, the ruleset. Out: the rows that are right, and what is wrong with each of the others.
//! Must not know: HTTP, where rows are kept.

use crate::store::Bundle;
use geojson::{FeatureCollection, GeometryValue, feature};
use rules_core::Tables;
use rules_core::answers::ProblemCode;
use rules_core::domain::geo::Crs;
use rules_core::form::{Kind, Scope};
use rules_core::json::{self, Json};
use rules_core::limits::Limits;
use rules_core::plan::{Table, TableKind};
use rules_core::tables::TableError;
use rules_tables::csv;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use utoipa::ToSchema;

/// What a register is written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Format {
    Csv,
    GeoJson,
    Json,
}

/// What is wrong with a row.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct RowFault {
    /// Of CSV the line of the file, of the others the number of the feature or row, from 1; 0 is the file as a whole.
    pub(super) row: usize,
    /// Column, or empty for the whole row.
    pub(super) column: String,
    /// Stable word.
    pub(super) code: String,
    /// In Chinese.
    pub(super) zh: String,
    /// In English.
    pub(super) en: String,
}

/// What came of an import.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Imported {
    /// The rows that are right, as the JSON that the engine takes.
    pub(super) data: String,
    pub(super) rows: usize,
    /// In the order of rows.
    pub(super) faults: Vec<RowFault>,
}

fn fault(row: usize, column: &str, code: &str, zh: &str, en: &str) -> RowFault {
    RowFault {
        row,
        column: column.to_owned(),
        code: code.to_owned(),
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

/// The table of this name in a ruleset.
pub(super) fn table<'a>(bundle: &'a Bundle, name: &str) -> Option<&'a Table> {
    let mut tables = bundle.ruleset().plans().flat_map(|plan| &plan.tables);
    tables.find(|table| table.name == name)
}

/// Has the table columns that need a coordinate system?
pub(super) fn has_places(table: &Table) -> bool {
    match &table.kind {
        TableKind::Calendar => false,
        TableKind::Rows { columns, .. } => places(columns).next().is_some(),
    }
}

fn places(columns: &Scope) -> impl Iterator<Item = &[String]> {
    let fields = columns.fields.iter();
    fields
        .filter(|field| matches!(field.kind, Kind::Point | Kind::Area))
        .map(|field| field.path.as_slice())
}

/// Reads a register. Every ruleset of `bundles` has the table, and each must take the rows.
pub(super) fn import(
    bundles: &[Arc<Bundle>],
    name: &str,
    format: Format,
    text: &str,
    crs: Option<Crs>,
) -> Imported {
    let whole = |code: &str, zh: &str, en: &str| Imported {
        faults: vec![fault(0, "", code, zh, en)],
        ..Imported::default()
    };
    let Some(table) = bundles.first().and_then(|bundle| table(bundle, name)) else {
        return whole("no_such_table", "规则中没有这张表", "no ruleset has this table");
    };
    let TableKind::Rows { columns, key, .. } = &table.kind else {
        return calendar(bundles, name, format, text, &table.kind);
    };
    let (mut rows, mut faults) = match read(format, text, columns) {
        Ok(read) => read,
        Err(fault) => {
            return Imported {
                faults: vec![fault],
                ..Imported::default()
            };
        }
    };
    if let Some(crs) = crs {
        rows.retain_mut(|(row, value)| match placed(value, columns, crs) {
            None => true,
            Some(column) => {
                let zh = "坐标系与导入时声明的不一致";
                let en = "the row names another coordinate system than the import";
                faults.push(fault(*row, &column, "crs_differs", zh, en));
                false
            }
        });
    }
    let key = key.and_then(|slot| columns.fields.get(slot as usize));
    if let Some(key) = key {
        keyed(&mut rows, &key.path, &mut faults);
    }
    for bundle in bundles {
        judged(bundle, name, &mut rows, &mut faults);
    }
    faults.sort_by(|a, b| (a.row, &a.column).cmp(&(b.row, &b.column)));
    let count = rows.len();
    let data = Json::Arr(rows.into_iter().map(|(_, value)| value).collect());
    Imported {
        data: data.canonical(),
        rows: count,
        faults,
    }
}

type Read = (Vec<(usize, Json)>, Vec<RowFault>);

fn read(format: Format, text: &str, columns: &Scope) -> Result<Read, RowFault> {
    let bad_json = || {
        fault(
            0,
            "",
            "bad_json",
            "文件不是有效的 JSON",
            "the file is not valid JSON",
        )
    };
    match format {
        Format::Csv => {
            let told = |error: &csv::CsvError| {
                fault(
                    error.line(),
                    error.column(),
                    "bad_cell",
                    "单元格内容或列不符合要求",
                    error.message(),
                )
            };
            let (mut rows, mut faults) = (Vec::new(), Vec::new());
            for (line, row) in csv::to_rows(text, columns).map_err(|error| told(&error))? {
                match row {
                    Ok(row) => rows.push((line, row)),
                    Err(error) => faults.push(told(&error)),
                }
            }
            Ok((rows, faults))
        }
        Format::Json => {
            let (tree, flaws) = json::parse(text, Limits::DEFAULT.depth).map_err(|_| bad_json())?;
            let (Json::Arr(rows), true) = (tree, flaws.is_empty()) else {
                return Err(fault(
                    0,
                    "",
                    "not_rows",
                    "应为行的数组",
                    "an array of rows is expected",
                ));
            };
            Ok(((1..).zip(rows).collect(), Vec::new()))
        }
        Format::GeoJson => features(text, columns),
    }
}

/// A feature is a row: its properties, and its geometry in the first column that takes it.
fn features(text: &str, columns: &Scope) -> Result<Read, RowFault> {
    let collection: FeatureCollection = serde_json::from_str(text).map_err(|error| {
        let en = format!("this is no GeoJSON feature collection (line {})", error.line());
        fault(0, "", "not_geojson", "文件不是 GeoJSON 要素集合", &en)
    })?;
    let column = |kind: Kind| columns.fields.iter().find(|field| field.kind == kind);
    let (point, area) = (column(Kind::Point), column(Kind::Area));
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for (number, feature) in (1..).zip(collection.features) {
        let mut members = Vec::new();
        for (name, value) in feature.properties.into_iter().flatten() {
            // An empty property is an empty cell.
            if !value.is_null() {
                let text = value.to_string();
                let tree = json::parse(&text, Limits::DEFAULT.depth).map_or(Json::Null, |(tree, _)| tree);
                members.push((name, tree));
            }
        }
        let id = feature.id.map(|id| match id {
            feature::Id::String(text) => text,
            feature::Id::Number(number) => number.to_string(),
        });
        if let Some(id) = id
            && columns.fields.iter().any(|field| field.path == ["id"])
            && !members.iter().any(|(name, _)| name == "id")
        {
            members.push(("id".to_owned(), id.into()));
        }
        let geometry = feature.geometry.map(|geometry| geometry.value);
        let place = match &geometry {
            None => None,
            Some(GeometryValue::Point { coordinates }) => {
                let pair = (coordinates.as_slice().first(), coordinates.as_slice().get(1));
                let (Some(lng), Some(lat)) = pair else {
                    continue;
                };
                let members = vec![
                    ("lng".to_owned(), Json::Num(*lng)),
                    ("lat".to_owned(), Json::Num(*lat)),
                ];
                point.map(|field| (field, Json::Obj(members)))
            }
            Some(other) => {
                let shape = matches!(
                    other,
                    GeometryValue::Polygon { .. } | GeometryValue::MultiPolygon { .. }
                );
                let text = serde_json::to_string(other).unwrap_or_default();
                let tree = json::parse(&text, Limits::DEFAULT.depth).map(|(tree, _)| tree);
                area.filter(|_| shape).zip(tree.ok())
            }
        };
        match (geometry, place) {
            (_, Some((field, value))) => match field.path.as_slice() {
                [name] => members.push((name.clone(), value)),
                _ => continue,
            },
            (Some(_), None) => {
                let (zh, en) = (
                    "该表没有能存放这种图形的列",
                    "the table has no column for this geometry",
                );
                faults.push(fault(number, "geometry", "no_place_column", zh, en));
                continue;
            }
            (None, None) => {}
        }
        rows.push((number, Json::Obj(members)));
    }
    Ok((rows, faults))
}

/// Writes the coordinate system into the places of a row; gives the column that names another.
fn placed(row: &mut Json, columns: &Scope, crs: Crs) -> Option<String> {
    for path in places(columns) {
        let mut value = Some(&mut *row);
        for name in path {
            value = value.and_then(|value| match value {
                Json::Obj(members) => members
                    .iter_mut()
                    .find(|(key, _)| key == name)
                    .map(|(_, value)| value),
                _ => None,
            });
        }
        let Some(Json::Obj(members)) = value else {
            continue;
        };
        match members.iter().find(|(key, _)| key == "crs") {
            Some((_, Json::Str(named))) if named == crs.name() => {}
            Some(_) => return Some(path.join(".")),
            None => members.push(("crs".to_owned(), crs.name().into())),
        }
    }
    None
}

/// A row is found by its key, so each has one, and no two have the same.
fn keyed(rows: &mut Vec<(usize, Json)>, path: &[String], faults: &mut Vec<RowFault>) {
    let mut seen = BTreeSet::new();
    rows.retain(|(row, value)| {
        let key = path.iter().try_fold(value, |value, name| value.get(name));
        let (code, zh, en) = match key {
            None | Some(Json::Null) => ("missing_table_key", "缺少编号", "the key is missing"),
            Some(key) if seen.insert(key.canonical()) => return true,
            Some(_) => (
                "duplicate_table_key",
                "编号重复",
                "an earlier row has the same key",
            ),
        };
        faults.push(fault(*row, &path.join("."), code, zh, en));
        false
    });
}

/// Has the engine read the rows, and takes out those that it refuses. It tells the first fault of what it is given, so what is refused is
/// halved until each faulty row stands alone: without faults that is one reading.
fn judged(bundle: &Bundle, name: &str, rows: &mut Vec<(usize, Json)>, faults: &mut Vec<RowFault>) {
    let ruleset = bundle.ruleset();
    let refused = |rows: &[(usize, Json)]| -> Option<TableError> {
        let mut text = String::from("[");
        for (number, (_, row)) in rows.iter().enumerate() {
            if number > 0 {
                text.push(',');
            }
            text.push_str(&row.canonical());
        }
        text.push(']');
        Tables::new(ruleset)
            .insert(ruleset, name, &text, &Limits::DEFAULT)
            .err()
    };
    let mut wrong: Vec<usize> = Vec::new();
    let mut parts: Vec<&[(usize, Json)]> = vec![rows];
    while let Some(part) = parts.pop() {
        let Some(error) = refused(part) else {
            continue;
        };
        if let [(row, _)] = part {
            let column = error.at.trim_start_matches('/').split_once('/');
            let column = column.map_or(String::new(), |(_, rest)| rest.replace('/', "."));
            let (zh, en) = text(error.code);
            faults.push(fault(*row, &column, error.code, zh, en));
            wrong.push(*row);
        } else {
            let (head, tail) = part.split_at(part.len() / 2);
            parts.extend([tail, head]);
        }
    }
    let wrong: BTreeSet<usize> = wrong.into_iter().collect();
    rows.retain(|(row, _)| !wrong.contains(row));
}

fn text(code: &str) -> (&'static str, &'static str) {
    let known = ProblemCode::ALL.iter().find(|row| row.1 == code);
    known.map_or(("不符合表的定义", "it does not fit the table"), |row| {
        (row.3, row.4)
    })
}

/// A working-day calendar is one thing: it has no rows that could be left out.
fn calendar(bundles: &[Arc<Bundle>], name: &str, format: Format, text: &str, kind: &TableKind) -> Imported {
    let whole = |fault: RowFault| Imported {
        faults: vec![fault],
        ..Imported::default()
    };
    let data = match format {
        Format::Csv => match csv::to_json(text, kind) {
            Ok(data) => data,
            Err(error) => {
                let zh = "日历的这一行不符合要求";
                return whole(fault(
                    error.line(),
                    error.column(),
                    "not_calendar",
                    zh,
                    error.message(),
                ));
            }
        },
        Format::Json | Format::GeoJson => text.to_owned(),
    };
    for bundle in bundles {
        let ruleset = bundle.ruleset();
        if let Err(error) = Tables::new(ruleset).insert(ruleset, name, &data, &Limits::DEFAULT) {
            let (zh, en) = ("不是工作日历", "this is no working-day calendar");
            return whole(fault(0, error.at.trim_start_matches('/'), error.code, zh, en));
        }
    }
    let tree = json::parse(&data, Limits::DEFAULT.depth).map_or(Json::Null, |(tree, _)| tree);
    Imported {
        rows: tree.get("days").and_then(Json::as_arr).map_or(0, <[Json]>::len),
        data: tree.canonical(),
        faults: Vec::new(),
    }
}
