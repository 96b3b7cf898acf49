//! Submissions over HTTP: what is answered first, again, and to other bytes; over every database.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may end where it fails"
)]

mod cli_program;
mod served;

use rules_server::{Algorithm, Forged, SigningPublicKey, audit};
use served::{body, each, id};

const ENTRY: &str = r#"{"kind":"shop","guests":[{"name":"甲","age":17,"age":18}]}"#;

#[tokio::test]
async fn the_same_bytes_get_the_same_receipt() {
    for server in each().await {
        let sent = body(&server.ruleset().await, ENTRY, "");
        let first = server.submit(&id(1), &sent, &[]).await;
        assert_eq!(first.status, 201, "{}", first.text());
        let again = server.submit(&id(1), &sent, &[]).await;
        assert_eq!(again.status, 200);
        assert_eq!(again.body, first.body);
        let receipt = server
            .get(&format!("/v1/submissions/{}/receipt", id(1)), &server.device)
            .await;
        assert_eq!((receipt.status, &receipt.body), (200, &first.body));
        assert_eq!(server.count("SELECT COUNT(*) FROM revisions").await, 1);
        let answer = first.json();
        assert_eq!(answer["state"], "complete");
        assert_eq!(answer["agree"], false);
        let keys = server.get("/v1/keys", "").await.json();
        let key = &keys["signing"][0];
        let public = rules_server::unbase64url(key["public"].as_str().unwrap()).unwrap();
        let public = rules_server::SigningPublicKey::read(key["alg"].as_str().unwrap(), &public).unwrap();
        let receipt = answer["receipt"].to_string();
        let verified = rules_server::verify(&receipt, key["id"].as_str().unwrap(), &public);
        assert_eq!(verified, Ok(()));
    }
}

#[tokio::test]
async fn other_bytes_need_the_current_tag_and_a_reason() {
    for server in each().await {
        let ruleset = server.ruleset().await;
        let (one, two) = (body(&ruleset, ENTRY, ""), body(&ruleset, r#"{"kind":"bar"}"#, ""));
        let first = server.submit(&id(1), &one, &[]).await;
        let tag = first.headers["etag"].to_str().unwrap().to_owned();
        let conflict = server.submit(&id(1), &two, &[]).await;
        assert_eq!(conflict.status, 409);
        assert_eq!(
            format!("\"{}\"", conflict.json()["stored"].as_str().unwrap()),
            tag
        );
        let stale = format!("\"sha256:{}\"", "0".repeat(64));
        assert_eq!(
            server.submit(&id(1), &two, &[("if-match", &stale)]).await.status,
            412
        );
        let unreasoned = server.submit(&id(1), &two, &[("if-match", &tag)]).await;
        assert_eq!(
            (unreasoned.status, unreasoned.json()["at"].as_str()),
            (422, Some("/reason"))
        );
        let reasoned = body(&ruleset, r#"{"kind":"bar"}"#, r#","reason":"类型填错了""#);
        let edited = server.submit(&id(1), &reasoned, &[("if-match", &tag)]).await;
        assert_eq!(edited.status, 201, "{}", edited.text());
        assert_eq!(edited.json()["receipt"]["revision"], 2);
        // The first one, sent again late, still gets its own receipt.
        let late = server.submit(&id(1), &one, &[]).await;
        assert_eq!((late.status, &late.body), (200, &first.body));
        assert_eq!(server.count("SELECT COUNT(*) FROM revisions").await, 2);
    }
}

#[tokio::test]
async fn an_unknown_ruleset_is_kept_and_not_refused() {
    for server in each().await {
        let unknown = format!("sha256:{}", "1".repeat(64));
        let answer = server.submit(&id(1), &body(&unknown, ENTRY, ""), &[]).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        let json = answer.json();
        assert_eq!(json["state"], "quarantined");
        assert!(json["receipt"]["report"].is_null() && json["agree"].is_null());
    }
}

#[tokio::test]
async fn what_is_wrong_has_its_place_and_stores_nothing() {
    for server in each().await {
        let ruleset = server.ruleset().await;
        let good = body(&ruleset, ENTRY, "");
        let before = server.count("SELECT COUNT(*) FROM chain").await;
        let long = body(&ruleset, ENTRY, &format!(r#","reason":"{}""#, "长".repeat(401)));
        let cases = [
            ("", 400, None),
            ("{", 400, None),
            ("[]", 422, Some("")),
            (&good.replace("asOf", "as_of"), 422, Some("/as_of")),
            (&good.replace("2026-03-02", "2026-02-30"), 422, Some("/asOf")),
            (&good.replace("520402", "52"), 422, Some("/jurisdiction")),
            (
                &good.replace("\"shop\",\"digest", "\"sh op\",\"digest"),
                422,
                Some("/ruleset/id"),
            ),
            (&long, 422, Some("/reason")),
            (
                &body(
                    &ruleset,
                    ENTRY,
                    r#","parts":[{"digest":"x","bytes":1,"type":"image/jpeg","at":""}]"#,
                ),
                422,
                Some("/parts/0/digest"),
            ),
            (
                &body(&ruleset, ENTRY, r#","context":{"startedAt":"yesterday"}"#),
                422,
                Some("/context/startedAt"),
            ),
        ];
        for (sent, status, at) in cases {
            let answer = server.submit(&id(1), sent, &[]).await;
            assert_eq!(answer.status, status, "{sent}: {}", answer.text());
            let json = answer.json();
            assert_eq!(json["at"].as_str().filter(|_| at.is_some()), at, "{sent}: {json}");
            assert!(!answer.text().contains("yesterday"));
        }
        for wrong in [
            "1",
            "01935C3A-7A00-7000-8000-000000000001",
            "01935c3a-7a00-4000-8000-000000000001",
        ] {
            assert_eq!(server.submit(wrong, &good, &[]).await.status, 422, "{wrong}");
        }
        let plain = [("content-type", "text/plain")];
        let path = format!("/v1/submissions/{}", id(1));
        let media = server
            .send("PUT", &path, &server.device, &plain, good.clone())
            .await;
        assert_eq!(media.status, 415);
        for token in ["", "wb_device_AAAA"] {
            assert_eq!(
                server.send("PUT", &path, token, &[], good.clone()).await.status,
                401
            );
        }
        assert_eq!(server.count("SELECT COUNT(*) FROM chain").await, before);
    }
}

/// Many at once, some of them the same: each is stored once, and the chain has no gap.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_are_stored_once() {
    for server in each().await {
        let ruleset = server.ruleset().await;
        let server = std::sync::Arc::new(server);
        let before = server.count("SELECT COUNT(*) FROM chain").await;
        let mut tasks = Vec::new();
        for number in 0..60 {
            let sent = body(
                &ruleset,
                &format!(r#"{{"kind":"shop","guests":[{{"age":{}}}]}}"#, number / 3),
                "",
            );
            let server = server.clone();
            tasks.push(tokio::spawn(async move {
                let answer = server.submit(&id(number / 3), &sent, &[]).await;
                assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
                (number / 3, answer.json()["receipt"].to_string())
            }));
        }
        let mut receipts = std::collections::BTreeMap::new();
        for task in tasks {
            let (number, receipt) = task.await.unwrap();
            assert_eq!(receipts.entry(number).or_insert(receipt.clone()), &receipt);
        }
        assert_eq!(server.count("SELECT COUNT(*) FROM revisions").await, 20);
        assert_eq!(server.count("SELECT COUNT(*) FROM chain").await, before + 20);
        assert_eq!(server.count("SELECT MAX(position) FROM chain").await, before + 20);
    }
}

#[tokio::test]
async fn receipts_are_signed_by_sm2_where_that_is_wanted_and_the_older_ones_still_hold() {
    let public = |keys: &serde_json::Value, number: usize| {
        let key = keys["signing"][number].clone();
        let bytes = rules_server::unbase64url(key["public"].as_str().unwrap()).unwrap();
        let public = SigningPublicKey::read(key["alg"].as_str().unwrap(), &bytes).unwrap();
        (key["id"].as_str().unwrap().to_owned(), public)
    };
    for server in each().await {
        let sent = body(&server.ruleset().await, ENTRY, "");
        let old = server.submit(&id(1), &sent, &[]).await.json()["receipt"].to_string();
        let server = server
            .again(|settings| settings.signature = Some(Algorithm::Sm2))
            .await;
        let new = server.submit(&id(2), &sent, &[]).await.json()["receipt"].to_string();
        let keys = server.get("/v1/keys", "").await.json();
        assert_eq!(
            [&keys["signing"][0]["alg"], &keys["signing"][1]["alg"]],
            ["SM2", "Ed25519"]
        );
        let ((sm2, by_sm2), (ed25519, by_ed25519)) = (public(&keys, 0), public(&keys, 1));
        assert_eq!(rules_server::verify(&new, &sm2, &by_sm2), Ok(()));
        assert_eq!(rules_server::verify(&old, &ed25519, &by_ed25519), Ok(()));
        assert_eq!(
            rules_server::verify(&new, &ed25519, &by_ed25519),
            Err(Forged::OtherKey)
        );
        assert_eq!(
            rules_server::verify(&new, &sm2, &by_ed25519),
            Err(Forged::Signature)
        );
        let moved = new.replace("\"revision\":1", "\"revision\":2");
        assert_ne!(moved, new);
        assert_eq!(
            rules_server::verify(&moved, &sm2, &by_sm2),
            Err(Forged::Signature)
        );
        assert_eq!(
            audit::verify(&server.app, None).await.unwrap().faults,
            Vec::<String>::new()
        );
    }
}

/// The page verifies the same receipt (tests/js/test/store.test.mjs).
#[test]
fn a_receipt_of_another_day_verifies_by_sm2() {
    let kept: serde_json::Value = serde_json::from_str(include_str!("../data/receipts/sm2.json")).unwrap();
    let key = &kept["keys"]["signing"][0];
    let public = rules_server::unbase64url(key["public"].as_str().unwrap()).unwrap();
    let public = SigningPublicKey::read(key["alg"].as_str().unwrap(), &public).unwrap();
    let receipt = kept["receipt"].to_string();
    assert_eq!(
        rules_server::verify(&receipt, key["id"].as_str().unwrap(), &public),
        Ok(())
    );
}

#[tokio::test]
async fn phones_are_told_how_long_to_keep_what_was_received() {
    for server in each().await {
        let keys = server.get("/v1/keys", "").await.json();
        assert!(keys.get("keptDays").is_none());
        let server = server
            .again(|settings| settings.access.phone_keep_days = Some(30))
            .await;
        assert_eq!(server.get("/v1/keys", "").await.json()["keptDays"], 30);
    }
}
