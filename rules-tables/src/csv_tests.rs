//! CSV in, JSON out, as lines of data.

use super::{Records, to_json};
use rules_core::form::{Field, Kind, Scope};
use rules_core::plan::TableKind;

fn cells(text: &str) -> Vec<Vec<String>> {
    Records::new(text)
        .filter_map(|record| record.ok().map(|record| record.cells))
        .collect()
}

#[test]
fn records_follow_rfc_4180() {
    assert_eq!(cells("a,b\r\n1,2\r\n\r\n"), [["a", "b"], ["1", "2"]]);
    assert_eq!(cells("\"a\"\"b\",\"c,\nd\"\n,x"), [["a\"b", "c,\nd"], ["", "x"]]);
    assert!(Records::new("\"a").next().is_some_and(|record| record.is_err()));
    assert!(Records::new("a\"b").next().is_some_and(|record| record.is_err()));
    assert!(
        Records::new("\"a\"b")
            .next()
            .is_some_and(|record| record.is_err())
    );
}

fn field(name: &str, kind: Kind) -> Field {
    Field {
        name: name.to_owned(),
        path: vec![name.to_owned()],
        kind,
        label: Default::default(),
        hint: Default::default(),
        required: false,
        relevant: None,
        unit: String::new(),
        min: None,
        max: None,
        max_length: None,
        pattern: None,
        options: Vec::new(),
        min_items: None,
        max_items: None,
        crs: Vec::new(),
        table: None,
        sensitive: false,
    }
}

fn schools() -> TableKind {
    let fields = vec![
        field("id", Kind::Text),
        field("pupils", Kind::Integer),
        field("boarding", Kind::Boolean),
        field("location", Kind::Point),
        field("levels", Kind::Choices),
    ];
    TableKind::Rows {
        columns: Scope {
            fields,
            ..Scope::default()
        },
        key: Some(0),
        place: Some(3),
    }
}

/// `CSV | JSON or what is wrong`
const ROWS: &[(&str, &str)] = &[
    ("id\n007\n", r#"[{"id":"007"}]"#),
    (
        "\u{feff}id,pupils\n一,12\n二,\n",
        r#"[{"id":"一","pupils":12},{"id":"二"}]"#,
    ),
    (
        "id,location.lng,location.lat,location.crs\na,105.9,26.2,wgs84\n",
        r#"[{"id":"a","location":{"crs":"wgs84","lat":26.2,"lng":105.9}}]"#,
    ),
    (
        "id,boarding\na,是\nb,false\n",
        r#"[{"boarding":true,"id":"a"},{"boarding":false,"id":"b"}]"#,
    ),
    (
        "id,levels\na,primary; middle\n",
        r#"[{"id":"a","levels":["primary","middle"]}]"#,
    ),
    (
        "id,pupils\na,many\n",
        "line 2, column `pupils`: a number is expected",
    ),
    (
        "id,pupils\na,0x10\n",
        "line 2, column `pupils`: a number is expected",
    ),
    (
        "id,boarding\na,maybe\n",
        "line 2, column `boarding`: `true` or `false` is expected",
    ),
    ("id,id\n", "line 1, column `id`: the column stands twice"),
    ("id\na,b\n", "line 2: 2 cells where the first line has 1"),
    ("id\n\"a\nb\n", "line 2: a quote is not closed"),
    ("location\nx\n", "the parts of a point have columns of their own"),
    (
        "name\nx\n",
        "the table has no such column; it has id, pupils, boarding, location, levels",
    ),
    ("", "line 1: the file is empty"),
];

#[test]
fn rows_become_records() {
    for (csv, expected) in ROWS {
        let made = to_json(csv, &schools()).unwrap_or_else(|error| error.to_string());
        let same = if expected.starts_with('[') {
            made == *expected
        } else {
            made.contains(expected)
        };
        assert!(same, "{csv:?} is {made}");
    }
}

const CALENDARS: &[(&str, &str)] = &[
    (
        "date,kind,festival,notice_year\n2026-01-01,off,元旦,2026\n2026-01-04,work,元旦,2026\n",
        r#"{"years":[2026],"days":[["2026-01-01","off"],["2026-01-04","work"]]}"#,
    ),
    (
        "date,kind,notice_year\n2026-01-01,free,2026\n",
        "line 2, column `kind`: `off` or `work` is expected",
    ),
    (
        "date,kind\n",
        "line 1, column `notice_year`: a calendar has the columns",
    ),
];

#[test]
fn calendars_cover_the_years_of_their_notices() {
    for (csv, expected) in CALENDARS {
        let made = to_json(csv, &TableKind::Calendar).unwrap_or_else(|error| error.to_string());
        let same = if expected.starts_with('{') {
            made == *expected
        } else {
            made.contains(expected)
        };
        assert!(same, "{csv:?} is {made}");
    }
}
