//! Verdicts over every database: both are kept, what waited is judged later, a replay finds the same, sealed bodies count as plain ones.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may end where it fails"
)]

mod cli_program;
mod served;

use rules_server::Store;
use rules_server::replay::{Range, replay};
use served::{Served, body, each, id};
use std::process::Command;

const ENTRY: &str = r#"{"kind":"shop","guests":[{"name":"甲","age":17}]}"#;

/// The shop's ruleset with other words in it, built.
fn variant(name: &str, changes: &[(&str, &str)]) -> Store {
    let folder = cli_program::fresh(name);
    let source = cli_program::data().join("rulesets");
    let copied = Command::new("cp")
        .arg("-r")
        .arg(&source)
        .arg(&folder)
        .status()
        .unwrap();
    assert!(copied.success());
    let file = folder.join("rulesets/shop/shop.yaml");
    let mut text = std::fs::read_to_string(&file).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    std::fs::write(&file, text).unwrap();
    cli_program::bundles(folder.join("rulesets/shop"), &folder.join("bundles"));
    Store::read(&folder.join("bundles")).unwrap()
}

async fn publish(server: &Served, store: &Store) -> String {
    let bundle = store.bundles().next().unwrap().clone();
    let digest = bundle.ruleset().digest().to_owned();
    assert!(server.app.publish(bundle, "test").await.unwrap());
    digest
}

#[tokio::test]
async fn what_waited_for_its_ruleset_is_judged_when_it_comes() {
    let newer = variant(
        "later",
        &[("version: 1.0.0", "version: 1.1.0"), ("2020-01-01", "2026-01-01")],
    );
    let digest = newer.bundles().next().unwrap().ruleset().digest().to_owned();
    for server in each().await {
        let sent = body(&digest, ENTRY, "");
        let first = server.submit(&id(1), &sent, &[]).await;
        assert_eq!(
            (first.status, first.json()["state"].as_str()),
            (202, Some("quarantined"))
        );
        assert_eq!(
            server
                .count("SELECT COUNT(*) FROM verdicts WHERE basis = 'in_force'")
                .await,
            1
        );
        publish(&server, &newer).await;
        let now = server.submit(&id(1), &sent, &[]).await;
        assert_eq!(
            (now.status, now.json()["state"].as_str()),
            (200, Some("complete"))
        );
        assert_eq!(
            now.json()["receipt"],
            first.json()["receipt"],
            "the receipt never changes"
        );
        assert_eq!(now.json()["agree"], false);
        assert_eq!(server.count("SELECT COUNT(*) FROM verdicts").await, 2);
        assert_eq!(
            server
                .count("SELECT COUNT(*) FROM chain WHERE kind = 'judged'")
                .await,
            1
        );
        let audit = rules_server::audit::verify(&server.app, None).await.unwrap();
        assert_eq!(audit.faults, [] as [&str; 0]);
    }
}

#[tokio::test]
async fn the_verdict_in_force_is_kept_beside_the_one_named() {
    let lenient = variant(
        "lenient",
        &[
            ("version: 1.0.0", "version: 2.0.0"),
            ("2020-01-01", "2026-01-01"),
            ("age >= 18", "age >= 16"),
        ],
    );
    for server in each().await {
        let old = server.ruleset().await;
        assert_eq!(
            server.submit(&id(1), &body(&old, ENTRY, ""), &[]).await.status,
            201
        );
        assert_eq!(
            server
                .count("SELECT COUNT(*) FROM verdicts WHERE report IS NULL")
                .await,
            1
        );
        publish(&server, &lenient).await;
        assert_eq!(
            server.submit(&id(2), &body(&old, ENTRY, ""), &[]).await.status,
            201
        );
        let differ = "SELECT COUNT(*) FROM submissions WHERE same_in_force = 0";
        assert_eq!(server.count(differ).await, 1);
        for (basis, outcome) in [("named", "fail"), ("in_force", "pass")] {
            let sql = format!(
                "SELECT COUNT(*) FROM verdicts WHERE submission = '{}' AND basis = '{basis}' AND outcome = '{outcome}'",
                id(2)
            );
            assert_eq!(server.count(&sql).await, 1, "{basis}");
        }
    }
}

#[tokio::test]
async fn a_replay_finds_the_same_and_what_was_tampered_with() {
    for server in each().await {
        let ruleset = server.ruleset().await;
        for number in 0..210 {
            let entry = format!(
                r#"{{"kind":"shop","guests":[{{"name":"甲","age":{}}}]}}"#,
                number % 90
            );
            assert_eq!(
                server
                    .submit(&id(number), &body(&ruleset, &entry, ""), &[])
                    .await
                    .status,
                201
            );
        }
        let found = replay(&server.app, Range::default(), |_| {}).await.unwrap();
        assert_eq!((found.revisions, found.verdicts, found.same), (210, 420, 420));
        assert!(found.is_same() && found.next.is_none());
        let page = server
            .send("POST", "/v1/replay?limit=100", &server.admin, &[], "")
            .await
            .json();
        assert_eq!(
            (page["revisions"].as_u64(), page["same"].as_u64()),
            (Some(100), Some(200))
        );
        let rest = format!("/v1/replay?after={}", page["next"]);
        let rest = server.send("POST", &rest, &server.admin, &[], "").await.json();
        assert_eq!(
            (rest["revisions"].as_u64(), rest["next"].is_null()),
            (Some(110), true)
        );
        // Somebody makes a violation disappear from the database.
        let tampered = format!(
            "UPDATE verdicts SET report = replace(report, '\"fail\"', '\"pass\"') WHERE submission = '{}'",
            id(7)
        );
        server.execute(&tampered).await;
        let one = server
            .send(
                "GET",
                &format!("/v1/submissions/{}/replay", id(7)),
                &server.admin,
                &[("x-purpose", "test")],
                "",
            )
            .await
            .json();
        assert_eq!(one["same"], false);
        assert_eq!(one["differs"][0]["basis"], "named");
        assert!(
            one["differs"][0]["at"]
                .as_array()
                .unwrap()
                .contains(&"/verdict/outcome".into())
        );
        let other = server
            .send(
                "GET",
                &format!("/v1/submissions/{}/replay", id(8)),
                &server.admin,
                &[("x-purpose", "test")],
                "",
            )
            .await
            .json();
        assert_eq!(other["same"], true);
        let found = replay(&server.app, Range::default(), |_| {}).await.unwrap();
        assert_eq!((found.same, found.differs.len()), (419, 1));
        assert_eq!(
            server
                .get(&format!("/v1/submissions/{}/replay", id(7)), &server.device)
                .await
                .status,
            403
        );
    }
}

#[tokio::test]
async fn the_audit_finds_what_was_changed_behind_the_servers_back() {
    for server in each().await {
        let ruleset = server.ruleset().await;
        for number in 0..3 {
            assert_eq!(
                server
                    .submit(&id(number), &body(&ruleset, ENTRY, ""), &[])
                    .await
                    .status,
                201
            );
        }
        let audit = rules_server::audit::verify(&server.app, None).await.unwrap();
        assert_eq!((audit.faults.len(), audit.revisions), (0, 3));
        let noted = audit.head;
        let cases = [
            (
                "UPDATE revisions SET digest = 'sha256:0' WHERE submission = 'ID'",
                "another digest",
            ),
            (
                "UPDATE chain SET time_ms = time_ms + 1 WHERE subject = 'ID'",
                "another hash",
            ),
            (
                "UPDATE revisions SET receipt = replace(receipt, '\"revision\":1', '\"revision\":2') WHERE submission = 'ID'",
                "signature",
            ),
            (
                "UPDATE submissions SET state = 'incomplete' WHERE id = 'ID'",
                "does not fit its parts",
            ),
        ];
        for (number, (sql, fault)) in cases.iter().enumerate() {
            server.execute(&sql.replace("ID", &id(number as u64 % 3))).await;
            let audit = rules_server::audit::verify(&server.app, Some(&noted))
                .await
                .unwrap();
            assert!(
                audit.faults.iter().any(|text| text.contains(fault)),
                "{sql}: {:?}",
                audit.faults
            );
        }
        let lost = rules_server::audit::verify(&server.app, Some("sha256:1"))
            .await
            .unwrap();
        assert!(lost.faults.iter().any(|text| text.contains("noted down")));
    }
}

/// Seals a body as a phone does.
fn seal(key: &serde_json::Value, plain: &str, id: &str) -> String {
    use hpke::{Deserializable, Kem, OpModeS, Serializable, aead, kdf, kem};
    type P256 = kem::DhP256HkdfSha256;
    let public = rules_server::unbase64url(key["public"].as_str().unwrap()).unwrap();
    let public = <P256 as Kem>::PublicKey::from_bytes(&public).unwrap();
    let (mode, info) = (OpModeS::Base, b"weibao submission");
    let (enc, ciphertext) = hpke::single_shot_seal::<aead::AesGcm256, kdf::HkdfSha256, P256>(
        &mode,
        &public,
        info,
        plain.as_bytes(),
        id.as_bytes(),
    )
    .unwrap();
    format!(
        r#"{{"sealed":1,"key":{},"enc":"{}","ciphertext":"{}"}}"#,
        key["id"],
        rules_server::base64url(&enc.to_bytes()),
        rules_server::base64url(&ciphertext)
    )
}

#[tokio::test]
async fn a_sealed_body_is_the_plain_one() {
    for server in each().await {
        let plain = body(&server.ruleset().await, ENTRY, "");
        let keys = server.get("/v1/keys", "").await.json();
        let key = &keys["sealing"][0];
        let sealed = seal(key, &plain, &id(1));
        let headers = [("content-type", rules_server::sealed::MEDIA_TYPE)];
        let path = format!("/v1/submissions/{}", id(1));
        let first = server
            .send("PUT", &path, &server.device, &headers, sealed.clone())
            .await;
        assert_eq!(first.status, 201, "{}", first.text());
        // Plain, and sealed anew: the same submission.
        let again = server.submit(&id(1), &plain, &[]).await;
        assert_eq!((again.status, &again.body), (200, &first.body));
        let anew = seal(key, &plain, &id(1));
        assert_ne!(anew, sealed);
        assert_eq!(
            server
                .send("PUT", &path, &server.device, &headers, anew)
                .await
                .status,
            200
        );
        let elsewhere = format!("/v1/submissions/{}", id(2));
        let moved = server
            .send("PUT", &elsewhere, &server.device, &headers, sealed)
            .await;
        assert_eq!(
            (
                moved.status,
                moved.json()["type"].as_str().unwrap().ends_with("not-opened")
            ),
            (422, true)
        );
    }
}
