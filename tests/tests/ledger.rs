//! The rectification ledger: what comes of findings, who may change what, and what is overdue; over every database.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may end where it fails"
)]

mod cli_program;
mod served;

use rules_server::Role;
use serde_json::{Value, json};
use served::{Answer, Served, each, id};

const TWO: &str = r#"{"kind":"shop","guests":[{"name":"甲","age":17},{"name":"乙","age":16}]}"#;
const ONE: &str = r#"{"kind":"shop","guests":[{"name":"甲","age":17},{"name":"乙","age":18}]}"#;

async fn submit(server: &Served, number: u64, entry: &str, more: &str, tag: Option<&str>) -> Answer {
    let body = served::body(&server.ruleset().await, entry, more);
    let headers: Vec<(&str, &str)> = tag.map(|tag| ("if-match", tag)).into_iter().collect();
    let answer = server.submit(&id(number), &body, &headers).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer
}

async fn change(server: &Served, item: &Value, token: &str, tag: &str, body: Value) -> Answer {
    let path = format!("/v1/rectifications/{}", item["id"].as_str().unwrap());
    let headers = [("content-type", "application/json"), ("if-match", tag)];
    server
        .send("PATCH", &path, token, &headers, body.to_string())
        .await
}

async fn list(server: &Served, query: &str, token: &str) -> Vec<Value> {
    let answer = server.get(&format!("/v1/rectifications?{query}"), token).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn an_item_goes_its_way_and_its_history_tells() {
    for server in each().await {
        submit(&server, 1, TWO, r#","subject":{"name":"蓝天"}"#, None).await;
        let items = list(&server, "", &server.admin).await;
        assert_eq!(items.len(), 2);
        let item = items.iter().find(|item| item["item"] == "/guests/0").unwrap();
        assert_eq!(item["state"], "open");
        assert_eq!(item["problem"]["zh"], "有一位顾客 17 岁");
        assert_eq!(item["remedy"]["zh"], "劝离");
        assert_eq!(item["subject"]["name"], "蓝天");
        // Monday, and three working days.
        assert_eq!(item["due"], "2026-03-05");
        let office = server.token(Role::Office, "520400").await;
        let steps = [
            (json!({"done": "2026-03-04"}), 409, ""),
            (json!({"review": "accepted"}), 409, ""),
            (
                json!({"measure": "培训店员", "unit": "文旅局", "due": "2026-03-10"}),
                200,
                "measure_set",
            ),
            (json!({"done": "2026-03-04", "evidence": "照片"}), 200, "done"),
            (json!({"due": "2026-04-01"}), 409, ""),
            (json!({"review": "rejected"}), 422, ""),
            (json!({"review": "rejected", "note": "照片不清"}), 200, "reopened"),
            (
                json!({"measure": "再培训", "done": "2026-03-06", "review": "accepted"}),
                200,
                "closed",
            ),
            (json!({"measure": "x"}), 409, ""),
            (json!({"reopen": true}), 422, ""),
            (json!({"reopen": true, "note": "又发现"}), 200, "reopened"),
        ];
        let mut version = 1;
        for (body, status, state) in steps {
            let answer = change(&server, item, &office, &format!("\"{version}\""), body.clone()).await;
            assert_eq!(answer.status, status, "{body}: {}", answer.text());
            if status == 200 {
                version += 1;
                assert_eq!(answer.json()["state"], state, "{body}");
                assert_eq!(answer.headers["etag"].to_str().unwrap(), format!("\"{version}\""));
            }
        }
        let path = format!("/v1/rectifications/{}", item["id"].as_str().unwrap());
        let now = server.get(&path, &office).await.json();
        let events: Vec<&str> = now["history"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["event"].as_str().unwrap())
            .collect();
        assert_eq!(
            events,
            ["opened", "changed", "done", "rejected", "accepted", "reopened"]
        );
        assert_eq!(
            now["history"][1]["changes"],
            json!({"due": "2026-03-10", "measure": "培训店员", "unit": "文旅局"})
        );
        assert_eq!(now["history"][3]["note"], "照片不清");
        assert!(now["doneOn"].is_null());
        assert_eq!(
            server
                .count("SELECT COUNT(*) FROM chain WHERE kind = 'rectification'")
                .await,
            5
        );
    }
}

#[tokio::test]
async fn a_change_needs_the_version_it_was_made_on_and_the_right_person() {
    for server in each().await {
        submit(&server, 1, ONE, "", None).await;
        let item = &list(&server, "", &server.admin).await[0];
        let path = format!("/v1/rectifications/{}", item["id"].as_str().unwrap());
        let body = json!({"measure": "培训"});
        let untagged = server
            .send(
                "PATCH",
                &path,
                &server.admin,
                &[("content-type", "application/json")],
                body.to_string(),
            )
            .await;
        assert_eq!(untagged.status, 428);
        let stale = change(&server, item, &server.admin, "\"7\"", body.clone()).await;
        assert_eq!((stale.status, stale.json()["stored"].as_str()), (412, Some("1")));
        for (role, area, status) in [
            (Role::Reviewer, "520402", 403),
            (Role::Inspector, "520402", 403),
            (Role::Office, "520403", 404),
            (Role::Office, "520000", 200),
        ] {
            let token = server.token(role, area).await;
            let answer = change(&server, item, &token, "\"1\"", body.clone()).await;
            assert_eq!(answer.status, status, "{role:?} {area}");
        }
        for (wrong, at) in [
            (json!({}), ""),
            (json!({"due": "soon"}), "/due"),
            (json!({"measure": " "}), "/measure"),
            (json!({"measure": "x".repeat(2001)}), "/measure"),
            (json!({"done": "2026-02-30"}), "/done"),
            (json!({"state": "closed"}), "/state"),
            (json!({"review": "maybe"}), "/review"),
        ] {
            let answer = change(&server, item, &server.admin, "\"2\"", wrong.clone()).await;
            assert_eq!(
                (answer.status, answer.json()["at"].as_str()),
                (422, Some(at)),
                "{wrong}"
            );
        }
        let cleared = change(&server, item, &server.admin, "\"2\"", json!({"due": null})).await;
        assert_eq!(cleared.status, 200);
        assert!(cleared.json()["due"].is_null());
        // A measure that is set cannot be taken away again.
        assert_eq!(
            change(&server, item, &server.admin, "\"3\"", json!({"measure": null}))
                .await
                .status,
            422
        );
    }
}

#[tokio::test]
async fn a_revision_withdraws_updates_and_takes_up_again() {
    for server in each().await {
        let tag = |answer: &Answer| answer.headers["etag"].to_str().unwrap().to_owned();
        let first = submit(&server, 1, TWO, "", None).await;
        let second = submit(&server, 1, ONE, r#","reason":"年龄写错""#, Some(&tag(&first))).await;
        let states = |items: &[Value]| -> Vec<(String, String)> {
            let mut all: Vec<(String, String)> = items
                .iter()
                .map(|item| {
                    (
                        item["item"].as_str().unwrap().to_owned(),
                        item["state"].as_str().unwrap().to_owned(),
                    )
                })
                .collect();
            all.sort();
            all
        };
        let pair = |one: &str, two: &str| {
            vec![
                ("/guests/0".to_owned(), one.to_owned()),
                ("/guests/1".to_owned(), two.to_owned()),
            ]
        };
        assert_eq!(
            states(&list(&server, "", &server.admin).await),
            pair("open", "withdrawn")
        );
        // The same bytes as the first would be the first: another reason makes other bytes.
        submit(&server, 1, TWO, r#","reason":"没有写错""#, Some(&tag(&second))).await;
        let items = list(&server, "", &server.admin).await;
        assert_eq!(states(&items), pair("open", "reopened"));
        assert_eq!(items.len(), 2);
    }
}

#[tokio::test]
async fn overdue_is_told_for_a_day_and_the_earliest_comes_first() {
    for server in each().await {
        for number in 1..=5 {
            submit(&server, number, ONE, "", None).await;
        }
        let items = list(&server, "", &server.admin).await;
        for (item, due) in items
            .iter()
            .zip(["2026-03-20", "2026-03-10", "2026-03-15", "2026-03-10"])
        {
            let answer = change(
                &server,
                item,
                &server.admin,
                "\"1\"",
                json!({"measure": "培训", "due": due}),
            )
            .await;
            assert_eq!(answer.status, 200);
        }
        let dues = |items: &[Value]| -> Vec<String> {
            items
                .iter()
                .map(|item| item["due"].as_str().unwrap().to_owned())
                .collect()
        };
        let mut found = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/v1/rectifications?overdue=true&day=2026-03-16&limit=2{cursor}");
            let page = server.get(&path, &server.admin).await.json();
            found.extend(page["items"].as_array().unwrap().clone());
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(
            dues(&found),
            ["2026-03-05", "2026-03-10", "2026-03-10", "2026-03-15"]
        );
        assert!(found.iter().all(|item| item["overdue"] == true));
        // On the day itself nothing is late yet.
        assert_eq!(
            list(&server, "overdue=true&day=2026-03-10", &server.admin)
                .await
                .len(),
            1
        );
        assert!(list(&server, "overdue=true", &server.admin).await.is_empty());
        let file = server
            .get(
                "/v1/rectifications/export?format=csv&overdue=true&day=2026-03-16",
                &server.admin,
            )
            .await;
        assert_eq!(file.text().lines().count(), 5, "{}", file.text());
        assert!(file.text().contains("有一位顾客 17 岁"));
        for query in [
            "state=lost",
            "day=today",
            "cursor=5&overdue=true",
            "topic=a&topic=b",
        ] {
            assert_eq!(
                server
                    .get(&format!("/v1/rectifications?{query}"), &server.admin)
                    .await
                    .status,
                422,
                "{query}"
            );
        }
        let other = server.token(Role::Office, "640000").await;
        assert!(list(&server, "", &other).await.is_empty());
        assert_eq!(list(&server, "state=open", &server.admin).await.len(), 1);
    }
}
