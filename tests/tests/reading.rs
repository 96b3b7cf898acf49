//! Lists, statistics and exports, held against a list in memory that is filtered by hand; over every database.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may end where it fails"
)]

mod cli_program;
mod served;

use rules_server::Role;
use serde_json::{Value, json};
use served::{Served, each, id};
use std::collections::BTreeMap;

const WHY: &[(&str, &str)] = &[("x-purpose", "test")];

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// What was sent, and what it must come to: worked out by hand, not by the engine.
#[derive(Clone, Debug)]
struct Sent {
    id: String,
    area: &'static str,
    day: String,
    name: String,
    outcome: &'static str,
    fails: i64,
}

const AREAS: &[&str] = &["520402", "520403", "520502", "640402", "150424"];
const NAMES: &[&str] = &["蓝天网吧", "Sunshine Bar", "100%_好", "红星超市"];

fn sent(dice: &mut Dice, number: u64) -> (Sent, String) {
    let guests = dice.below(4);
    let (mut fails, mut open, mut list) = (0, false, Vec::new());
    for guest in 0..guests {
        match dice.below(4) {
            0 => {
                fails += 1;
                list.push(json!({"name": format!("客{guest}"), "age": 17}));
            }
            1 => {
                open = true;
                list.push(json!({"name": format!("客{guest}")}));
            }
            _ => list.push(json!({"name": format!("客{guest}"), "age": 18 + guest})),
        }
    }
    let outcome = match (fails, open) {
        (1.., _) => "fail",
        (_, true) => "undetermined",
        _ => "pass",
    };
    let sent = Sent {
        id: id(number),
        area: dice.of::<&'static str>(AREAS),
        day: format!("2026-0{}-1{}", 1 + dice.below(3), dice.below(10)),
        name: (*dice.of(NAMES)).to_owned(),
        outcome,
        fails,
    };
    let body = json!({
        "ruleset": {"id": "shop", "digest": "?"}, "asOf": sent.day, "jurisdiction": sent.area,
        "entry": {"kind": "shop", "guests": list}, "report": format!("sha256:{}", "0".repeat(64)),
        "subject": {"name": sent.name, "kind": "shop"},
    });
    (sent, body.to_string())
}

async fn fill(server: &Served, count: u64) -> Vec<Sent> {
    let ruleset = server.ruleset().await;
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut all = Vec::new();
    for number in 1..=count {
        let (one, body) = sent(&mut dice, number);
        let answer = server
            .submit(&one.id, &body.replace("\"?\"", &format!("\"{ruleset}\"")), &[])
            .await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        all.push(one);
    }
    // Newest first, as lists are.
    all.reverse();
    all
}

async fn get(server: &Served, path: &str, token: &str) -> Value {
    let answer = server.send("GET", path, token, WHY, "").await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

/// All pages of a list.
async fn pages(server: &Served, path: &str, token: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = get(server, &format!("{path}&limit=7{cursor}"), token).await;
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 7);
        all.extend(items.iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

fn within(own: &str, area: &str) -> bool {
    let head = own.trim_end_matches("00");
    area.starts_with(if own == "000000" { "" } else { head })
}

type Test = Box<dyn Fn(&Sent) -> bool>;

/// A filter as a query, and as a test on what was sent.
fn filter(dice: &mut Dice) -> (String, Test) {
    let mut query = String::from("?");
    let mut tests: Vec<Test> = Vec::new();
    if dice.below(3) == 0 {
        let area = *dice.of(&["520000", "520400", "520402", "640000", "000000"]);
        query += &format!("area={area}&");
        tests.push(Box::new(move |one| within(area, one.area)));
    }
    if dice.below(3) == 0 {
        let outcome = *dice.of(&["pass", "fail", "undetermined", "none"]);
        query += &format!("outcome={outcome}&");
        tests.push(Box::new(move |one| one.outcome == outcome));
    }
    if dice.below(3) == 0 {
        query += "from=2026-01-15&to=2026-02-16&";
        tests.push(Box::new(|one| {
            ("2026-01-15".."2026-02-17").contains(&one.day.as_str())
        }));
    }
    if dice.below(3) == 0 {
        let (text, part) = *dice.of(&[
            ("SUNSHINE", "Sunshine"),
            ("%25_", "%_"),
            ("%E7%BD%91", "网"),
            ("!", "!"),
            ("name", "name"),
        ]);
        query += &format!("text={text}&");
        tests.push(Box::new(move |one| one.name.contains(part)));
    }
    if dice.below(4) == 0 {
        query += "rule=adults_only&topic=shop&state=complete&agree=false&";
        tests.push(Box::new(|one| one.outcome != "pass"));
    }
    (query, Box::new(move |one| tests.iter().all(|test| test(one))))
}

#[tokio::test]
async fn lists_and_statistics_are_those_of_a_list_in_memory() {
    for server in each().await {
        let all = fill(&server, 60).await;
        let mut dice = Dice(77);
        for round in 0..40 {
            let own = *dice.of(&["000000", "520000", "520400", "640402"]);
            let token = server.token(Role::Reviewer, own).await;
            let (query, test) = filter(&mut dice);
            let area = query.strip_prefix("?area=").map(|rest| &rest[..6]);
            if area.is_some_and(|area| !within(own, area) || area == "000000" && own != area) {
                let answer = server
                    .send("GET", &format!("/v1/submissions{query}"), &token, WHY, "")
                    .await;
                assert_eq!(answer.status, 403, "{query}");
                continue;
            }
            let expected: Vec<&Sent> = all
                .iter()
                .filter(|one| within(own, one.area) && test(one))
                .collect();
            let found = pages(&server, &format!("/v1/submissions{query}"), &token).await;
            let ids: Vec<&str> = found.iter().map(|item| item["id"].as_str().unwrap()).collect();
            let wanted: Vec<&str> = expected.iter().map(|one| one.id.as_str()).collect();
            assert_eq!(ids, wanted, "round {round}: {query} of {own}");
            for (item, one) in found.iter().zip(&expected) {
                assert_eq!(item["outcome"], one.outcome);
                assert_eq!(item["counts"]["fail"], one.fails);
                assert_eq!(item["subject"]["name"], one.name.as_str());
            }
            statistics(&server, &query, &token, &expected).await;
        }
    }
}

async fn statistics(server: &Served, query: &str, token: &str, expected: &[&Sent]) {
    type Key = fn(&Sent) -> String;
    let ways: [(&str, Key); 6] = [
        ("by=area", |one| one.area.to_owned()),
        ("by=area&level=prefecture", |one| format!("{}00", &one.area[..4])),
        ("by=area&level=province", |one| format!("{}0000", &one.area[..2])),
        ("by=month", |one| one.day[..7].to_owned()),
        ("by=outcome", |one| one.outcome.to_owned()),
        ("by=topic", |_| "shop".to_owned()),
    ];
    for (by, key) in ways {
        let mut counts: BTreeMap<String, BTreeMap<&str, i64>> = BTreeMap::new();
        for one in expected {
            *counts
                .entry(key(one))
                .or_default()
                .entry(one.outcome)
                .or_default() += 1;
        }
        let found = get(server, &format!("/v1/statistics{query}{by}"), token).await;
        assert_eq!(found["total"], expected.len(), "{query}{by}");
        let rows: Vec<Value> = counts
            .iter()
            .map(|(key, of)| {
                let of = |outcome: &str| of.get(outcome).copied().unwrap_or(0);
                let (pass, fail, open) = (of("pass"), of("fail"), of("undetermined"));
                json!({"key": key, "total": pass + fail + open, "pass": pass, "fail": fail, "undetermined": open, "notApplicable": 0, "none": 0})
            })
            .collect();
        assert_eq!(found["rows"], Value::Array(rows), "{query}{by}");
    }
    let found = get(server, &format!("/v1/statistics{query}by=rule"), token).await;
    let fails: i64 = expected.iter().map(|one| one.fails).sum();
    let row = found["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["key"] == "adults_only");
    assert_eq!(
        row.map_or(0, |row| row["fail"].as_i64().unwrap()),
        fails,
        "{query}"
    );
    if let Some(row) = row {
        assert_eq!(row["of"], expected.len());
        assert_eq!(row["title"]["zh"], "顾客年满十八周岁");
    }
}

#[tokio::test]
async fn one_submission_has_all_that_is_kept() {
    for server in each().await {
        let ruleset = server.ruleset().await;
        let entry = r#"{"kind":"shop","guests":[{"name":"甲","age":17}]}"#;
        let photo = format!("sha256:{}", "a".repeat(64));
        let more = format!(
            r#","clientReport":{{"verdict":{{"outcome":"pass"}}}},"parts":[{{"digest":"{photo}","bytes":3,"type":"image/jpeg","at":"/photos/0"}}],"context":{{"app":"0.1.0"}}"#
        );
        let first = server
            .submit(&id(1), &served::body(&ruleset, entry, &more), &[])
            .await;
        assert_eq!(first.status, 201, "{}", first.text());
        let tag = first.headers["etag"].to_str().unwrap().to_owned();
        let second = served::body(
            &ruleset,
            r#"{"kind":"shop","guests":[]}"#,
            r#","reason":"写错了""#,
        );
        let edited = server.submit(&id(1), &second, &[("if-match", &tag)]).await;
        assert_eq!(edited.status, 201, "{}", edited.text());
        let path = format!("/v1/submissions/{}", id(1));
        let one = get(&server, &path, &server.admin).await;
        assert_eq!(one["revision"], 2);
        assert_eq!(one["reason"], "写错了");
        assert_eq!(one["outcome"], "pass");
        assert_eq!(one["revisions"].as_array().unwrap().len(), 2);
        assert_eq!(one["rectifications"][0]["state"], "withdrawn");
        let old = get(&server, &format!("{path}?revision=1"), &server.admin).await;
        assert_eq!(old["entry"], serde_json::from_str::<Value>(entry).unwrap());
        assert_eq!(old["parts"][0]["here"], false);
        assert_eq!(old["context"]["app"], "0.1.0");
        assert_eq!(old["receipt"], first.json()["receipt"]);
        let named = &old["reports"]["named"];
        assert_eq!(named["digest"], old["receipt"]["report"]);
        assert_eq!(named["report"]["digest"], named["digest"]);
        assert_eq!(old["reports"]["inForce"]["report"], named["report"]);
        assert!(
            old["differs"]
                .as_array()
                .unwrap()
                .iter()
                .any(|place| place["at"] == "/verdict/outcome")
        );
        assert!(
            !old["why"]["verdict"]["findings"][0]["evidence"]["values"]
                .as_array()
                .unwrap()
                .is_empty()
        );
        for (path, token, headers, status) in [
            (path.clone(), &server.admin, &[] as &[(&str, &str)], 422),
            (format!("/v1/submissions/{}", id(9)), &server.admin, WHY, 404),
            (format!("{path}?revision=3"), &server.admin, WHY, 404),
            (path.clone(), &server.device, WHY, 403),
            (path.clone(), &server.token(Role::Admin, "640000").await, WHY, 404),
            (
                path.clone(),
                &server.token(Role::Inspector, "520402").await,
                WHY,
                404,
            ),
        ] {
            let answer = server.send("GET", &path, token, headers, "").await;
            assert_eq!(answer.status, status, "{path} {}", answer.text());
        }
    }
}

#[tokio::test]
async fn what_a_query_has_wrong_is_said() {
    for server in each().await {
        for (query, at) in [
            ("limit=0", "limit"),
            ("limit=201", "limit"),
            ("limit=x", "limit"),
            ("cursor=x", "cursor"),
            ("outcome=good", "outcome"),
            ("from=2026-02-30", "from"),
            ("agree=1", "agree"),
            ("area=52&area=53", "area"),
            ("text=%00", "text"),
            ("colour=red", ""),
        ] {
            let answer = server
                .send("GET", &format!("/v1/submissions?{query}"), &server.admin, WHY, "")
                .await;
            assert_eq!(
                (answer.status, answer.json()["at"].as_str()),
                (422, Some(at)),
                "{query}"
            );
        }
        let answer = server
            .send("GET", "/v1/submissions?area=52", &server.admin, WHY, "")
            .await;
        assert_eq!(answer.status, 422);
        for path in [
            "/v1/statistics",
            "/v1/statistics?by=sun",
            "/v1/statistics?by=topic&level=county",
            "/v1/export",
        ] {
            assert_eq!(
                server.send("GET", path, &server.admin, WHY, "").await.status,
                422,
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn exports_hold_what_the_list_holds() {
    for server in each().await {
        let all = fill(&server, 25).await;
        let token = server.token(Role::Office, "520000").await;
        let expected: Vec<&Sent> = all
            .iter()
            .rev()
            .filter(|one| within("520000", one.area))
            .collect();
        let lines = server
            .send("GET", "/v1/export?format=ndjson&entries=true", &token, WHY, "")
            .await;
        assert_eq!(
            lines.headers["content-disposition"],
            "attachment; filename=\"submissions.ndjson\""
        );
        let lines: Vec<Value> = lines
            .text()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let ids: Vec<&str> = lines.iter().map(|line| line["id"].as_str().unwrap()).collect();
        let wanted: Vec<&str> = expected.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, wanted);
        for (line, one) in lines.iter().zip(&expected) {
            let fails = line["findings"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|found| found["outcome"] == "fail");
            assert_eq!(i64::try_from(fails.count()).unwrap(), one.fails);
            assert_eq!(line["entry"]["kind"], "shop");
        }
        let table = server.send("GET", "/v1/export?format=csv", &token, WHY, "").await;
        let text = table.text().strip_prefix('\u{feff}').unwrap().to_owned();
        assert!(text.starts_with("编号 id,修订 revision,"), "{text}");
        assert_eq!(text.lines().count(), expected.len() + 1);
        assert!(
            text.lines()
                .skip(1)
                .zip(&expected)
                .all(|(line, one)| line.starts_with(&one.id))
        );
        let book = server
            .send("GET", "/v1/export?format=xlsx", &token, WHY, "")
            .await;
        let mut sheet = String::new();
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(book.body)).unwrap();
        std::io::Read::read_to_string(&mut zip.by_name("xl/worksheets/sheet1.xml").unwrap(), &mut sheet)
            .unwrap();
        assert_eq!(sheet.matches("<row ").count(), expected.len() + 1);
        assert!(expected.iter().all(|one| sheet.contains(&one.id)));
        let log = server
            .count("SELECT COUNT(*) FROM access_log WHERE address = '/v1/export'")
            .await;
        assert_eq!(log, 3);
    }
}

#[tokio::test]
async fn anybody_can_ask_for_a_report_and_learns_little() {
    for server in each().await {
        let ruleset = server.ruleset().await;
        let sent = served::body(&ruleset, r#"{"kind":"shop"}"#, r#","subject":{"name":"蓝天"}"#);
        let first = server.submit(&id(1), &sent, &[]).await;
        let receipt = first.json()["receipt"].clone();
        let hex = receipt["report"]
            .as_str()
            .unwrap()
            .trim_start_matches("sha256:")
            .to_owned();
        let known = server.get(&format!("/v1/verify/{hex}"), "").await.json();
        let expected = json!({"known": true, "time": receipt["time"], "position": receipt["position"], "current": true,
            "ruleset": {"id": "shop", "version": "1.0.0", "digest": ruleset}});
        assert_eq!(known, expected);
        let unknown = server.get(&format!("/v1/verify/{}", "0".repeat(64)), "").await;
        assert_eq!((unknown.status, unknown.json()), (200, json!({"known": false})));
        assert_eq!(server.get("/v1/verify/x", "").await.status, 422);
        let tag = first.headers["etag"].to_str().unwrap().to_owned();
        let other = served::body(&ruleset, r#"{"kind":"bar"}"#, r#","reason":"改正""#);
        assert_eq!(
            server.submit(&id(1), &other, &[("if-match", &tag)]).await.status,
            201
        );
        let known = server.get(&format!("/v1/verify/{hex}"), "").await.json();
        assert_eq!(
            (&known["known"], &known["current"]),
            (&json!(true), &json!(false))
        );
    }
}
