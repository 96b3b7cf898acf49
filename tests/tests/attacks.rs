//! What somebody sends who means no good: guesses, injected words, paths that lead out, bodies that are too large, compressed or never end.
//!
//! In: lists of such texts × the addresses of the access table. Out: refusals, and a database in which nothing has changed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may end where it fails"
)]

mod cli_program;
mod served;

use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::Request;
use rules_server::{AccessSettings, Config, Role, TABLE};
use served::{Answer, Served, body, each, each_with, id};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

const NASTY: &[&str] = &[
    "'",
    "' OR '1'='1",
    "\"; DROP TABLE submissions; --",
    "1) UNION SELECT token_hash FROM credentials --",
    "%",
    "_",
    "\0",
    "a\r\nX-Evil: 1",
    "a\nb",
    "../../../etc/passwd",
    "..\\..\\x",
    ".",
    "..",
    "//etc/passwd",
    "file:///etc/passwd",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "𝕏💥数",
    "\u{202e}abc",
    "-1",
    "9223372036854775808",
    "1e309",
    "NaN",
    "null",
    "[]",
    "sha256:",
];

/// Parameters of any address: each is tried everywhere.
const QUERY: &[&str] = &[
    "after",
    "area",
    "back",
    "by",
    "code",
    "cursor",
    "day",
    "entries",
    "error",
    "format",
    "from",
    "jurisdiction",
    "level",
    "limit",
    "outcome",
    "overdue",
    "principal",
    "q",
    "revision",
    "rule",
    "state",
    "submission",
    "to",
    "topic",
];

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// All that is stored, except what reading writes down.
async fn fingerprint(server: &Served) -> Vec<i64> {
    let mut all = Vec::new();
    for table in [
        "chain",
        "credentials",
        "users",
        "rulesets",
        "tables",
        "submissions",
        "revisions",
        "verdicts",
        "findings",
        "part_claims",
        "parts",
    ] {
        all.push(server.count(&format!("SELECT COUNT(*) FROM {table}")).await);
    }
    all
}

async fn from(server: &Served, ip: Ipv4Addr, path: &str, token: &str) -> Answer {
    let request = Request::builder()
        .uri(path)
        .header("authorization", format!("Bearer {token}"))
        .extension(ConnectInfo(SocketAddr::new(ip.into(), 1)));
    server.ask(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn whoever_guesses_tokens_has_to_wait_and_nobody_else() {
    for server in each().await {
        let (there, elsewhere) = (Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(10, 0, 0, 2));
        let reviewer = server.token(Role::Reviewer, "520400").await;
        // Phones behind the same address have been right before.
        assert_eq!(from(&server, there, "/v1/me", &server.device).await.status, 200);
        let mut statuses = Vec::new();
        for number in 0..40 {
            let guess = format!("wb_session_{number:043}");
            statuses.push(from(&server, there, "/v1/me", &guess).await.status);
        }
        assert_eq!(statuses[..30], [401; 30]);
        assert_eq!(statuses[30..], [429; 10]);
        assert_eq!(from(&server, there, "/v1/me", &server.device).await.status, 200);
        assert_eq!(from(&server, there, "/v1/me", &reviewer).await.status, 429);
        assert_eq!(from(&server, elsewhere, "/v1/me", &reviewer).await.status, 200);
    }
}

#[tokio::test]
async fn injected_words_change_nothing() {
    for server in each().await {
        let sent = body(&server.ruleset().await, r#"{"kind":"shop"}"#, "");
        assert_eq!(server.submit(&id(1), &sent, &[]).await.status, 201);
        let before = fingerprint(&server).await;
        let headers = [
            ("content-type", "application/json"),
            ("x-purpose", "attack"),
            ("if-match", "\"x\""),
        ];
        for row in TABLE {
            // Setting up and logging in write nothing either; they are limited, and tried below.
            if row.path.contains("/sessions") {
                continue;
            }
            for nasty in NASTY {
                let mut paths = Vec::new();
                if let Some((head, tail)) = row.path.split_once('{') {
                    let tail = tail.split_once('}').unwrap().1;
                    paths.push((format!("{head}{}{tail}", encoded(nasty)), true));
                } else if row.method == "GET" {
                    let query = QUERY
                        .iter()
                        .map(|name| (format!("{}?{name}={}", row.path, encoded(nasty)), false));
                    paths.extend(query);
                }
                for (path, of_path) in paths {
                    let answer = server
                        .send(row.method, &path, &server.admin, &headers, "{}")
                        .await;
                    let name = format!("{} {path}: {}", row.method, answer.status);
                    // An address that takes no query may be glad to be asked; what is part of an address must fit.
                    let refused = (400..500).contains(&answer.status);
                    assert!(
                        refused || (!of_path && answer.status == 200),
                        "{name} {}",
                        answer.text()
                    );
                    assert!(!answer.headers.contains_key("x-evil"), "{name}");
                    if refused {
                        assert_eq!(
                            answer.headers["content-type"], "application/problem+json",
                            "{name}"
                        );
                        assert!(!answer.text().contains("<script>"), "{name}");
                    }
                }
            }
        }
        assert_eq!(fingerprint(&server).await, before);
        for nasty in NASTY {
            let text = serde_json::json!({"name": nasty, "password": nasty}).to_string();
            let json = [("content-type", "application/json")];
            let answer = server.send("POST", "/v1/sessions", "", &json, text).await;
            assert!(matches!(answer.status, 401 | 429), "{nasty}: {}", answer.status);
            let text = serde_json::json!({"name": nasty, "role": "office", "area": nasty}).to_string();
            let answer = server.send("POST", "/v1/users", &server.admin, &json, text).await;
            assert!(matches!(answer.status, 403 | 422), "{nasty}: {}", answer.status);
        }
        assert_eq!(fingerprint(&server).await, before);
    }
}

#[tokio::test]
async fn no_path_leads_out_of_the_page() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret.txt"), "SECRET").unwrap();
    let pages = folder.path().join("pages");
    std::fs::create_dir(&pages).unwrap();
    std::fs::write(pages.join("index.html"), "the page").unwrap();
    let config = Config {
        pages: Some(pages),
        ..Config::default()
    };
    for server in each_with(AccessSettings::default(), &config).await {
        for path in [
            "/../secret.txt",
            "/a/../../secret.txt",
            "/%2e%2e/secret.txt",
            "/..%2fsecret.txt",
            "/%2e%2e%2fsecret.txt",
            "/..%5csecret.txt",
            "/....//secret.txt",
            "//../secret.txt",
            "/%252e%252e/secret.txt",
            "/secret.txt%00.html",
            "/v1/bundles/..%2f..%2fsecret.txt",
            "/v1/bundles/by-digest/..%2fsecret.txt",
        ] {
            let answer = server.get(path, &server.admin).await;
            assert!(
                !String::from_utf8_lossy(&answer.body).contains("SECRET"),
                "{path}"
            );
            assert!(answer.status < 500, "{path}: {}", answer.status);
        }
    }
}

#[tokio::test]
async fn bodies_that_are_too_large_or_compressed_are_refused() {
    for server in each().await {
        let before = fingerprint(&server).await;
        // 1 MiB of zeros in 1 kB: nothing unpacks it.
        let bomb: &[u8] = &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 0xed, 0xc1, 1, 1, 0, 0];
        let large = format!("{{\"name\":\"{}\"}}", "x".repeat((1 << 20) + 1));
        for row in TABLE
            .iter()
            .filter(|row| matches!(row.method, "POST" | "PUT" | "PATCH"))
            // Parts are bytes of any kind and larger, `parts.rs` has theirs; a replay takes no body and reads none.
            .filter(|row| !row.path.contains("/parts/") && row.path != "/v1/replay")
        {
            let path = row
                .path
                .replace("{id}", &id(7))
                .replace("{hex}", &"0".repeat(64))
                .replace("{name}", "schools?crs=wgs84");
            let json = [("content-type", "application/json"), ("if-match", "\"x\"")];
            let answer = server
                .send(row.method, &path, &server.admin, &json, large.clone())
                .await;
            // Bundles and registers are larger than entries; what is neither is refused for that.
            let larger = ["/v1/rulesets", "/v1/tables"];
            let expected: &[u16] = if larger.iter().any(|start| path.starts_with(start)) {
                &[413, 422]
            } else {
                &[413]
            };
            assert!(
                expected.contains(&answer.status),
                "{} {path}: {}",
                row.method,
                answer.status
            );
            for coding in ["gzip", "br", "deflate", "zstd", "identity, gzip"] {
                let packed = [json[0], json[1], ("content-encoding", coding)];
                let answer = server
                    .send(row.method, &path, &server.admin, &packed, bomb.to_vec())
                    .await;
                assert_eq!(answer.status, 415, "{} {path} {coding}", row.method);
            }
        }
        assert_eq!(fingerprint(&server).await, before);
    }
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let config = Config {
        time_limit: Duration::from_millis(300),
        ..Config::default()
    };
    for server in each_with(AccessSettings::default(), &config).await {
        let before = fingerprint(&server).await;
        let path = format!("/v1/submissions/{}", id(1));
        for (method, path) in [
            ("PUT", path.as_str()),
            ("POST", "/v1/sessions"),
            ("POST", "/v1/recheck"),
        ] {
            let slow = futures_util::stream::pending::<Result<Bytes, std::io::Error>>();
            let json = [("content-type", "application/json")];
            let answer = server
                .send(method, path, &server.device, &json, Body::from_stream(slow))
                .await;
            assert_eq!(answer.status, 408, "{path}");
        }
        assert_eq!(fingerprint(&server).await, before);
    }
}
