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
use served::{Served, body, each, id};

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
