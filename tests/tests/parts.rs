//! Parts over HTTP: whole, in pieces, again, damaged, somebody else's; over every database.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may end where it fails"
)]

mod cli_program;
mod served;

use rules_core::digest::sha256;
use rules_server::{AccessSettings, App, Config, Retention, Role, Settings, Store, audit};
use served::{Served, body, each, each_opened, each_with, id};

fn claim(bytes: &[u8]) -> String {
    format!(
        r#"{{"digest":"{}","bytes":{},"type":"image/jpeg","at":"/photos/0"}}"#,
        sha256(bytes),
        bytes.len()
    )
}

fn path(number: u64, bytes: &[u8]) -> String {
    let digest = sha256(bytes);
    format!(
        "/v1/submissions/{}/parts/{}",
        id(number),
        digest.trim_start_matches("sha256:")
    )
}

async fn submitted(server: &Served, number: u64, parts: &[&[u8]]) -> serde_json::Value {
    let claims: Vec<String> = parts.iter().map(|bytes| claim(bytes)).collect();
    let more = format!(r#","parts":[{}]"#, claims.join(","));
    let sent = body(&server.ruleset().await, r#"{"kind":"shop"}"#, &more);
    let answer = server.submit(&id(number), &sent, &[]).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn state(server: &Served, number: u64) -> serde_json::Value {
    server
        .get(&format!("/v1/submissions/{}/receipt", id(number)), &server.device)
        .await
        .json()
}

#[tokio::test]
async fn a_submission_is_complete_when_all_its_parts_are_here() {
    for server in each().await {
        let (one, two): (&[u8], &[u8]) = (b"first photo", b"second");
        // The same photo at two places is one part.
        let sent = submitted(&server, 1, &[one, two, one]).await;
        assert_eq!(sent["state"], "incomplete");
        assert_eq!(sent["missing"].as_array().unwrap().len(), 2);
        assert_eq!(
            server
                .send("PUT", &path(1, one), &server.device, &[], one.to_vec())
                .await
                .status,
            201
        );
        assert_eq!(
            server
                .send("PUT", &path(1, one), &server.device, &[], one.to_vec())
                .await
                .status,
            204
        );
        let half = state(&server, 1).await;
        assert_eq!(
            (&half["state"], half["missing"][0].as_str()),
            (&"incomplete".into(), Some(sha256(two).as_str()))
        );
        assert!(half["completion"].is_null());
        assert_eq!(
            server
                .send("PUT", &path(1, two), &server.device, &[], two.to_vec())
                .await
                .status,
            201
        );
        let whole = state(&server, 1).await;
        assert_eq!(whole["state"], "complete");
        assert_eq!(whole["receipt"], sent["receipt"], "the receipt never changes");
        assert_eq!(whole["completion"]["digest"], sent["receipt"]["digest"]);
        // Another submission with the same photo need not send it.
        assert_eq!(submitted(&server, 2, &[one]).await["state"], "complete");
        let audit = rules_server::audit::verify(&server.app, None).await.unwrap();
        assert_eq!(
            (audit.faults.as_slice(), audit.revisions, audit.parts),
            (&[] as &[String], 2, 2)
        );
    }
}

#[tokio::test]
async fn a_submission_is_given_over_to_whoever_sends_its_very_bytes() {
    for server in each().await {
        let photo: &[u8] = b"a photo of the gate";
        let more = format!(r#","parts":[{}]"#, claim(photo));
        let sent = body(&server.ruleset().await, r#"{"kind":"shop"}"#, &more);
        let first = server.submit(&id(1), &sent, &[]).await;
        assert_eq!(first.status, 201);
        let tag = first.headers["etag"].to_str().unwrap().to_owned();

        let renewed = server.token(Role::Device, "520402").await;
        let (address, receipt) = (
            format!("/v1/submissions/{}", id(1)),
            format!("/v1/submissions/{}/receipt", id(1)),
        );
        let json = ("content-type", "application/json");
        let corrected = body(
            &server.ruleset().await,
            r#"{"kind":"bar"}"#,
            r#","reason":"类型填错了""#,
        );
        let correct = [json, ("if-match", tag.as_str())];
        assert_eq!(server.get(&receipt, &renewed).await.status, 404);
        let part = server
            .send("PUT", &path(1, photo), &renewed, &[], photo.to_vec())
            .await;
        assert_eq!(part.status, 404);
        let refused = server
            .send("PUT", &address, &renewed, &correct, corrected.clone())
            .await;
        assert_eq!(refused.status, 403);

        for _ in 0..2 {
            let again = server
                .send("PUT", &address, &renewed, &[json], sent.clone())
                .await;
            assert_eq!((again.status, &again.body), (200, &first.body));
        }
        let part = server
            .send("PUT", &path(1, photo), &renewed, &[], photo.to_vec())
            .await;
        assert_eq!(part.status, 201);
        assert_eq!(server.get(&receipt, &renewed).await.json()["state"], "complete");
        // Who sent it first may still ask for the receipt, and change nothing.
        assert_eq!(
            server.get(&receipt, &server.device).await.json()["state"],
            "complete"
        );
        let late = server
            .submit(&id(1), &corrected, &[("if-match", tag.as_str())])
            .await;
        assert_eq!(late.status, 403);
        // An inspector who has the bytes reads by them no more than before.
        let inspector = server.token(Role::Inspector, "520402").await;
        server
            .send("PUT", &address, &inspector, &[json], sent.clone())
            .await;
        let whole = server.get(&address, &inspector).await;
        assert_ne!(whole.status, 200);
        let edited = server
            .send("PUT", &address, &renewed, &correct, corrected.clone())
            .await;
        assert_eq!(
            (edited.status, &edited.json()["receipt"]["revision"]),
            (201, &2.into())
        );

        let given = "SELECT COUNT(*) FROM chain WHERE kind = 'given_over'";
        assert_eq!(server.count(given).await, 1, "once, and in the chain");
        let senders = "SELECT COUNT(DISTINCT sender) FROM revisions";
        assert_eq!(server.count(senders).await, 2, "each revision keeps its own");
        let audit = rules_server::audit::verify(&server.app, None).await.unwrap();
        assert_eq!(audit.faults.as_slice(), &[] as &[String]);
    }
}

#[tokio::test]
async fn a_part_comes_in_pieces() {
    for server in each().await {
        let bytes: Vec<u8> = (0..100_000_u32).map(|number| (number % 251) as u8).collect();
        submitted(&server, 1, &[&bytes]).await;
        let path = path(1, &bytes);
        let piece = async |from: usize, to: usize| {
            let offset = from.to_string();
            let headers = [("upload-offset", offset.as_str())];
            server
                .send("PATCH", &path, &server.device, &headers, bytes[from..to].to_vec())
                .await
        };
        let offset = async || {
            let answer = server
                .send("HEAD", &path, &server.device, &[], axum::body::Body::empty())
                .await;
            assert_eq!(
                (answer.status, answer.headers["upload-length"].to_str().unwrap()),
                (200, "100000")
            );
            answer.headers["upload-offset"].to_str().unwrap().to_owned()
        };
        assert_eq!(offset().await, "0");
        assert_eq!(piece(0, 40_000).await.status, 204);
        assert_eq!(offset().await, "40000");
        let again = piece(0, 40_000).await;
        assert_eq!(
            (again.status, again.headers["upload-offset"].to_str().unwrap()),
            (409, "40000")
        );
        let last = piece(40_000, 100_000).await;
        assert_eq!(
            (last.status, last.headers["upload-offset"].to_str().unwrap()),
            (204, "100000")
        );
        assert_eq!(offset().await, "100000");
        assert_eq!(piece(5, 6).await.status, 204, "what is here needs nothing more");
        assert_eq!(state(&server, 1).await["state"], "complete");
        let headless = server
            .send("PATCH", &path, &server.device, &[], b"x".to_vec())
            .await;
        assert_eq!(headless.status, 422);
    }
}

#[tokio::test]
async fn damaged_and_foreign_parts_are_refused() {
    for server in each().await {
        let bytes = b"photo".to_vec();
        submitted(&server, 1, &[&bytes]).await;
        let place = path(1, &bytes);
        let damaged = server
            .send("PUT", &place, &server.device, &[], b"phoot".to_vec())
            .await;
        assert_eq!(damaged.status, 422);
        assert_eq!(damaged.json()["received"], sha256(b"phoot"));
        let headers = [("upload-offset", "0")];
        let damaged = server
            .send("PATCH", &place, &server.device, &headers, b"phoot".to_vec())
            .await;
        assert_eq!(damaged.status, 422);
        let longer = server
            .send(
                "PATCH",
                &place,
                &server.device,
                &headers,
                b"photo and more".to_vec(),
            )
            .await;
        assert_eq!(longer.status, 413);
        assert_eq!(
            server
                .send("PUT", &path(1, b"other"), &server.device, &[], b"other".to_vec())
                .await
                .status,
            404
        );
        assert_eq!(
            server
                .send("PUT", &place, &server.admin, &[], bytes.clone())
                .await
                .status,
            404
        );
        for hex in ["..%2f..%2fetc", "0", "%00"] {
            let path = format!("/v1/submissions/{}/parts/{hex}", id(1));
            let answer = server
                .send("PUT", &path, &server.device, &[], b"x".to_vec())
                .await;
            assert!(matches!(answer.status, 404 | 422), "{hex}: {}", answer.text());
        }
        assert_eq!(state(&server, 1).await["state"], "incomplete");
        assert_eq!(
            server
                .send("PUT", &place, &server.device, &[], bytes)
                .await
                .status,
            201
        );
        assert_eq!(state(&server, 1).await["state"], "complete");
    }
}

#[tokio::test]
async fn parts_are_purged_with_the_answers_and_not_before_nobody_else_names_them() {
    let kept = Retention {
        ruleset: None,
        area: "000000".to_owned(),
        answers_days: Some(100),
    };
    let access = AccessSettings {
        retention: vec![kept],
        ..AccessSettings::default()
    };
    for server in each_with(access, &Config::default()).await {
        let (own, shared): (&[u8], &[u8]) = (b"only of the first", b"of both");
        submitted(&server, 1, &[own, shared]).await;
        submitted(&server, 2, &[shared]).await;
        for bytes in [own, shared] {
            let answer = server
                .send("PUT", &path(1, bytes), &server.device, &[], bytes.to_vec())
                .await;
            assert_eq!(answer.status, 201);
        }
        let age = |number| {
            format!(
                "UPDATE submissions SET received_ms = received_ms - 8640000000 WHERE id = '{}'",
                id(number)
            )
        };
        server.execute(&age(1)).await;
        let purged = server.app.purge(false).await.unwrap();
        assert_eq!((purged.answers, purged.parts), (1, 1));
        assert!(server.app.parts.read(&sha256(own)).await.unwrap().is_none());
        assert!(server.app.parts.read(&sha256(shared)).await.unwrap().is_some());
        assert_eq!(
            audit::verify(&server.app, None).await.unwrap().faults,
            Vec::<String>::new()
        );
        // What is purged is not taken again.
        let again = server
            .send("PUT", &path(1, own), &server.device, &[], own.to_vec())
            .await;
        assert_eq!(again.status, 404);

        // A purge that was cut off before the bytes went: the next one goes on.
        server.execute(&age(2)).await;
        let pending = format!(
            "INSERT INTO part_removals (digest, since_ms) VALUES ('{}', 1)",
            sha256(shared)
        );
        server.execute(&pending).await;
        let purged = server.app.purge(false).await.unwrap();
        assert_eq!((purged.answers, purged.parts), (1, 1));
        assert!(server.app.parts.read(&sha256(shared)).await.unwrap().is_none());
        assert_eq!(server.count("SELECT COUNT(*) FROM part_removals").await, 0);
        assert_eq!(
            audit::verify(&server.app, None).await.unwrap().faults,
            Vec::<String>::new()
        );

        // The same photo of a new submission is a new part.
        submitted(&server, 3, &[shared]).await;
        let answer = server
            .send("PUT", &path(3, shared), &server.device, &[], shared.to_vec())
            .await;
        assert_eq!(answer.status, 201);
        assert!(server.app.parts.read(&sha256(shared)).await.unwrap().is_some());
    }
}

/// Needs a service that speaks S3 at the address in `WEIBAO_TEST_S3`; `cargo xtask test` starts one.
#[tokio::test]
async fn a_bucket_keeps_parts_as_a_folder_does() {
    let Ok(endpoint) = std::env::var("WEIBAO_TEST_S3") else {
        return;
    };
    let bucket = format!("test{}", std::process::id());
    make_bucket(&endpoint, &bucket);
    let address = format!("s3://{bucket}/weibao");
    for server in each_opened(&Config::default(), |settings| {
        settings.parts = Some(address.clone())
    })
    .await
    {
        let photo: &[u8] = b"a photo for the bucket";
        submitted(&server, 1, &[photo]).await;
        let (first, rest) = photo.split_at(7);
        for (offset, piece) in [("0", first), ("7", rest)] {
            let headers = [("upload-offset", offset)];
            let answer = server
                .send("PATCH", &path(1, photo), &server.device, &headers, piece.to_vec())
                .await;
            assert_eq!(answer.status, 204, "{}", answer.text());
        }
        assert_eq!(state(&server, 1).await["state"], "complete");
        let read = server
            .send(
                "GET",
                &path(1, photo),
                &server.admin,
                &[("x-purpose", "test")],
                axum::body::Body::empty(),
            )
            .await;
        assert_eq!((read.status, read.body.as_slice()), (200, photo));
        assert!(
            !server.folder.path().join("parts").exists(),
            "nothing lies in the folder"
        );
        assert_eq!(
            audit::verify(&server.app, None).await.unwrap().faults,
            Vec::<String>::new()
        );
        server.app.parts.remove(&sha256(photo)).await.unwrap();
        let faults = audit::verify(&server.app, None).await.unwrap().faults;
        assert!(faults.iter().any(|fault| fault.contains("gone")), "{faults:?}");
    }
    for (address, word) in [
        ("s3://", "s3://BUCKET"),
        ("https://somewhere/", "s3://BUCKET"),
        ("s3://no-such-bucket-here/", "no-such-bucket-here"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            parts: Some(address.to_owned()),
            ..Settings::new(folder.path())
        };
        let error = App::open(settings, &Store::default())
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(word), "{address}: {error}");
    }
}

fn make_bucket(endpoint: &str, bucket: &str) {
    use std::io::{Read, Write};
    let host = endpoint.trim_start_matches("http://");
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    let ask =
        format!("PUT /{bucket} HTTP/1.1\r\nhost: {host}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(ask.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
