//! Rulesets as data: published while the server runs, in force by day, tried before that; over every database.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may end where it fails"
)]

mod cli_program;
mod served;

use rules_core::bundle;
use rules_server::{AccessSettings, Config, Role};
use serde_json::{Value, json};
use served::{Answer, Served, each, each_with, id};

/// The bundle of `shop` with changes to its text.
fn shop(name: &str, changes: &[(&str, &str)]) -> String {
    let folder = cli_program::fresh(&format!("library-{name}-{}", std::process::id()));
    let source = cli_program::data().join("rulesets/shop/shop.yaml");
    let mut text = std::fs::read_to_string(source).unwrap();
    for (old, new) in changes {
        assert!(text.contains(old), "{old}");
        text = text.replace(old, new);
    }
    // `include` looks for tables beside the rulesets.
    let rulesets = folder.join("rulesets");
    copy(&cli_program::data().join("rulesets"), &rulesets);
    std::fs::write(rulesets.join("shop/shop.yaml"), text).unwrap();
    let out = folder.join("out");
    let run = cli_program::rules()
        .current_dir(&folder)
        .args(["build", "rulesets/shop", "-o"])
        .arg(&out)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    std::fs::read_to_string(out.join("shop.rules.json")).unwrap()
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let there = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &there);
        } else {
            std::fs::copy(&path, &there).unwrap();
        }
    }
}

const NEXT: &[(&str, &str)] = &[
    ("version: 1.0.0", "version: 1.1.0"),
    ("guest.age >= 18", "guest.age >= 16"),
    ("from: 2020-01-01", "from: 2026-03-01"),
];

async fn publish(server: &Served, token: &str, bundle: &str) -> Answer {
    let json = [("content-type", "application/json")];
    server
        .send("POST", "/v1/rulesets", token, &json, bundle.to_owned())
        .await
}

fn digest(bundle: &str) -> String {
    serde_json::from_str::<Value>(bundle).unwrap()["digest"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_published_version_holds_at_once_for_its_days() {
    let next = shop("next", NEXT);
    for server in each().await {
        let old = server.ruleset().await;
        let first = publish(&server, &server.admin, &next).await;
        assert_eq!(first.status, 201, "{}", first.text());
        let again = publish(&server, &server.admin, &next).await;
        assert_eq!((again.status, &again.body), (200, &first.body));
        assert_eq!(
            server
                .count("SELECT COUNT(*) FROM chain WHERE kind = 'ruleset_published'")
                .await,
            2
        );
        // The clock shows 2026-03-02.
        let on = |query: &str| {
            let path = format!("/v1/rulesets{query}");
            let server = &server;
            async move {
                let list = server.get(&path, "").await.json();
                let list = list["rulesets"].as_array().unwrap().clone();
                list.iter()
                    .map(|one| one["version"].as_str().unwrap().to_owned())
                    .collect::<Vec<_>>()
            }
        };
        assert_eq!(on("").await, ["1.1.0"]);
        assert_eq!(on("?day=2026-02-28").await, ["1.0.0"]);
        assert_eq!(on("?day=2026-03-01&jurisdiction=520402").await, ["1.1.0"]);
        assert!(on("?day=2019-12-31").await.is_empty());
        assert_eq!(server.get("/v1/bundles/shop", "").await.text(), next);
        let hex = digest(&next).replace("sha256:", "");
        let kept = server.get(&format!("/v1/bundles/by-digest/{hex}"), "").await;
        assert_eq!(kept.text(), next);
        assert!(
            kept.headers["cache-control"]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        let versions = server.get("/v1/rulesets/shop/versions", "").await.json();
        let all: Vec<(&str, bool)> = versions["versions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                (
                    one["version"].as_str().unwrap(),
                    one["inForce"].as_bool().unwrap(),
                )
            })
            .collect();
        assert_eq!(all, [("1.1.0", true), ("1.0.0", false)]);
        assert_eq!(server.get("/v1/rulesets/none/versions", "").await.status, 404);
        // A form that still has the old one is judged by both.
        let entry = r#"{"kind":"shop","guests":[{"name":"甲","age":17}]}"#;
        server.submit(&id(1), &served::body(&old, entry, ""), &[]).await;
        let one = server
            .send(
                "GET",
                &format!("/v1/submissions/{}", id(1)),
                &server.admin,
                &[("x-purpose", "test")],
                "",
            )
            .await
            .json();
        assert_eq!(one["reports"]["named"]["outcome"], "fail");
        assert_eq!(one["reports"]["inForce"]["outcome"], "pass");
        assert_eq!(
            (&one["outcome"], &one["sameInForce"]),
            (&json!("pass"), &json!(false))
        );
        assert!(one["rectifications"].as_array().unwrap().is_empty());
        let check = |day: &str| {
            json!({"ruleset": "shop", "entry": serde_json::from_str::<Value>(entry).unwrap(), "asOf": day, "digest": "sha256:0"}).to_string()
        };
        for (day, outcome) in [("2026-02-28", "fail"), ("2026-03-02", "pass")] {
            let json = [("content-type", "application/json")];
            let answer = server
                .send("POST", "/v1/recheck", "", &json, check(day))
                .await
                .json();
            assert_eq!(answer["report"]["verdict"]["outcome"], outcome, "{day}");
        }
    }
}

#[tokio::test]
async fn what_may_not_be_published_is_refused() {
    let changed = shop("changed", &[("guest.age >= 18", "guest.age >= 17")]);
    let functions = shop("sound", NEXT).replace("\"version\":\"1.1.0\"", "\"version\":\"1.1.1\"");
    for server in each().await {
        let before = server.count("SELECT COUNT(*) FROM chain").await;
        let conflict = publish(&server, &server.admin, &changed).await;
        assert_eq!(conflict.status, 409, "{}", conflict.text());
        assert_eq!(conflict.json()["stored"], server.ruleset().await);
        let damaged = publish(&server, &server.admin, &functions).await;
        assert_eq!(
            (damaged.status, damaged.json()["code"].as_str()),
            (422, Some("B0104"))
        );
        assert_eq!(publish(&server, &server.admin, "{}").await.status, 422);
        let text = server
            .send(
                "POST",
                "/v1/rulesets",
                &server.admin,
                &[("content-type", "text/plain")],
                "{}",
            )
            .await;
        assert_eq!(text.status, 415);
        for (role, status) in [(Role::Office, 403), (Role::Device, 403)] {
            let token = server.token(role, "000000").await;
            assert_eq!(publish(&server, &token, &changed).await.status, status);
        }
        assert_eq!(publish(&server, "", &changed).await.status, 401);
        assert_eq!(server.count("SELECT COUNT(*) FROM rulesets").await, 1);
        assert!(
            server.count("SELECT COUNT(*) FROM chain").await <= before + 2,
            "tokens only"
        );
    }
}

#[tokio::test]
async fn a_signature_is_asked_for_where_keys_are_trusted() {
    let next = shop("signed", NEXT);
    let signed = bundle::sign(&next, [7; 32]).unwrap();
    let other = bundle::sign(&next, [8; 32]).unwrap();
    let config = Config {
        trusted: vec![bundle::public_key([7; 32])],
        ..Config::default()
    };
    for server in each_with(AccessSettings::default(), &config).await {
        for refused in [&next, &other] {
            let answer = publish(&server, &server.admin, refused).await;
            assert_eq!(
                (answer.status, answer.json()["code"].as_str()),
                (422, Some("B0107"))
            );
        }
        assert_eq!(publish(&server, &server.admin, &signed).await.status, 201);
    }
}

#[tokio::test]
async fn a_trial_lists_what_flips_and_writes_nothing() {
    let next = shop(
        "trial",
        &[
            ("version: 1.0.0", "version: 2.0.0"),
            ("guest.age >= 18", "guest.age >= 16"),
            ("from: 2020-01-01", "from: 2099-01-01"),
        ],
    );
    for server in each().await {
        let ruleset = server.ruleset().await;
        let mut expected = Vec::new();
        for number in 0..130_u64 {
            let age = 14 + number % 6;
            let entry = format!(
                r#"{{"kind":"shop","guests":[{{"age":{age}}},{{"age":{}}}]}}"#,
                18 - number % 2
            );
            let sent = server
                .submit(&id(number), &served::body(&ruleset, &entry, ""), &[])
                .await;
            assert_eq!(sent.status, 201);
            let (before, after) = (age < 18 || number % 2 == 1, age < 16);
            if before && !after {
                expected.push(id(number));
            }
        }
        let before = server.count("SELECT COUNT(*) FROM chain").await;
        let json = [("content-type", "application/json")];
        let answer = server
            .send("POST", "/v1/rulesets/trial", &server.admin, &json, next.clone())
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let lines: Vec<Value> = answer
            .text()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let flips: Vec<&Value> = lines.iter().filter_map(|line| line.get("flip")).collect();
        let ids: Vec<&str> = flips.iter().map(|flip| flip["id"].as_str().unwrap()).collect();
        assert_eq!(ids, expected);
        // As a browser asks for it: compressed, and to the end.
        let packed = [json[0], ("accept-encoding", "gzip")];
        let packed = server
            .send("POST", "/v1/rulesets/trial", &server.admin, &packed, next.clone())
            .await;
        assert_eq!(packed.headers["content-encoding"], "gzip");
        assert!(packed.body.starts_with(&[0x1f, 0x8b]) && packed.body.len() > 100);
        assert!(
            flips
                .iter()
                .all(|flip| flip["from"] == "fail" && flip["to"] == "pass")
        );
        assert_eq!(flips[0]["rules"][0]["rule"], "adults_only");
        let summary = &lines.last().unwrap()["summary"];
        assert_eq!((&summary["tried"], &summary["skipped"]), (&json!(130), &json!(0)));
        assert_eq!(
            summary["transitions"],
            json!([{"from": "fail", "to": "pass", "count": expected.len()}])
        );
        assert!(summary["rulesOnly"].as_i64().unwrap() > 0);
        assert_eq!(server.count("SELECT COUNT(*) FROM chain").await, before);
        assert_eq!(server.ruleset().await, ruleset);
        let elsewhere = server
            .send(
                "POST",
                "/v1/rulesets/trial?area=640000",
                &server.admin,
                &json,
                next.clone(),
            )
            .await;
        assert_eq!(
            serde_json::from_str::<Value>(elsewhere.text()).unwrap()["summary"]["tried"],
            0
        );
    }
}
