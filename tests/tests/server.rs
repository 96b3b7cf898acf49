//! `rules serve` from outside, over plain HTTP/1.1.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may end where it fails"
)]

mod cli_program;

use cli_program::{bundles, fresh, rules};
use rules_core::json::{Json, parse};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Stdio};

struct Server {
    child: Child,
    address: String,
    log: PathBuf,
}

impl Server {
    fn start(name: &str) -> Server {
        let dir = fresh(name);
        bundles("rulesets/shop", &dir.join("bundles"));
        std::fs::create_dir_all(dir.join("page")).unwrap();
        std::fs::write(dir.join("page/index.html"), "<!doctype html><title>page</title>").unwrap();
        std::fs::write(dir.join("page/engine.wasm"), b"\0asm\x01\0\0\0").unwrap();
        let log = dir.join("log");
        let mut child = rules()
            .args(["serve", "--port", "0", "--bundles"])
            .arg(dir.join("bundles"))
            .arg("--static")
            .arg(dir.join("page"))
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .trim()
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .to_owned();
        Server { child, address, log }
    }

    /// Sends a request and gives status, headers in lower case, body.
    fn send(&self, head: &str, body: &[u8]) -> (u16, String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = if body.is_empty() {
            String::new()
        } else {
            format!("content-length: {}\r\n", body.len())
        };
        write!(
            stream,
            "{head}\r\nhost: test\r\nconnection: close\r\n{length}\r\n"
        )
        .unwrap();
        // The server may answer and close before it has read a body that is too large.
        let _ = stream.write_all(body);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .unwrap_or(0);
        (status, head.to_lowercase(), body.to_owned())
    }

    fn get(&self, path: &str) -> (u16, String, String) {
        self.send(&format!("GET {path} HTTP/1.1"), b"")
    }

    fn post(&self, body: &str) -> (u16, String) {
        let head = "POST /v1/recheck HTTP/1.1\r\ncontent-type: application/json";
        let (status, _, body) = self.send(head, body.as_bytes());
        (status, body)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const ENTRY: &str =
    r#"{"kind": "shop", "guests": [{"name": "张三丰", "age": 17}, {"name": "李四", "age": 17, "age": 18}]}"#;

/// The report that the command line gives.
fn report() -> String {
    let mut child = rules()
        .args([
            "check",
            "--ruleset",
            "rulesets/shop",
            "--as-of",
            "2026-01-01",
            "--format",
            "json",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(ENTRY.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout)
        .unwrap()
        .trim()
        .to_owned()
}

fn digest(report: &str) -> String {
    let (tree, _) = parse(report, 64).unwrap();
    tree.get("digest").and_then(Json::as_str).unwrap().to_owned()
}

fn body(digest: &str, more: &str) -> String {
    format!(r#"{{"ruleset":"shop","entry":{ENTRY},"asOf":"2026-01-01","digest":"{digest}"{more}}}"#)
}

#[test]
fn recheck_gives_the_same_bytes_as_the_command_line() {
    let server = Server::start("server-recheck");
    let report = report();
    let (status, answer) = server.post(&body(&digest(&report), ""));
    assert_eq!(status, 200, "{answer}");
    assert!(
        answer.starts_with(r#"{"agree":true,"differs":[],"digest":"sha256:"#),
        "{answer}"
    );
    // The key that stands twice is judged, not smoothed over.
    assert!(answer.ends_with(&format!("\"report\":{report}}}")) && report.contains("duplicate_key"));

    let forged = report.replacen("\"outcome\":\"fail\"", "\"outcome\":\"pass\"", 1);
    let (status, answer) = server.post(&body("sha256:0", &format!(r#","clientReport":{forged}"#)));
    assert_eq!(status, 200);
    assert!(
        answer.starts_with(r#"{"agree":false,"differs":[{"at":"/verdict/"#),
        "{answer}"
    );
    assert!(answer.contains(r#""client":"pass","server":"fail"}"#), "{answer}");

    let (_, answer) = server.post(&body("sha256:0", &format!(r#","clientReport":{report}"#)));
    assert!(
        answer.contains(r#""differs":[{"at":"/digest","client":"sha256:0","server":"sha256:"#),
        "{answer}"
    );
}

#[test]
fn faults_are_problem_details() {
    let server = Server::start("server-faults");
    let table = |rows: &str| body("sha256:0", &format!(r#","tables":{{"schools":{rows}}}"#));
    let cases: Vec<(String, u16, &str)> = vec![
        ("{".to_owned(), 400, "#bad-json"),
        ("\u{1}".to_owned(), 400, "#bad-json"),
        ("[]".to_owned(), 422, "#bad-request"),
        ("{}".to_owned(), 422, r#""at":"/ruleset""#),
        (
            body("sha256:0", "").replace("2026-01-01", "today"),
            422,
            r#""at":"/asOf""#,
        ),
        (body("sha256:0", r#","extra":1"#), 422, r#""at":"/extra""#),
        (
            body("sha256:0", "").replace("\"shop\",\"entry\"", "\"nope\",\"entry\""),
            404,
            "#unknown-ruleset",
        ),
        (table("1"), 422, "#bad-table"),
        (
            table(r#"[{"id":"a","location":{"lng":1,"lat":2}}]"#),
            422,
            r#""at":"/tables/schools/0/location""#,
        ),
        (body("sha256:0", r#","tables":{"nope":[]}"#), 422, "no_such_table"),
        (format!("{{\"entry\":{}", "[".repeat(200_000)), 400, "#bad-json"),
    ];
    for (text, status, expected) in cases {
        let (got, answer) = server.post(&text);
        let shown: String = text.chars().take(80).collect();
        assert!(
            got == status && answer.contains(expected),
            "{shown}: {got} {answer}"
        );
    }
    let (status, head, answer) = server.send(
        "POST /v1/recheck HTTP/1.1\r\ncontent-type: application/json",
        format!("{{\"entry\":\"{}\"}}", "x".repeat(1 << 20)).as_bytes(),
    );
    assert_eq!(status, 413, "{answer}");
    assert!(head.contains("application/problem+json") && answer.contains("#too-large"));
    let (status, _, _) = server.send("POST /v1/recheck HTTP/1.1\r\ncontent-type: text/plain", b"{}");
    assert_eq!(status, 415);
    let (status, head, _) = server.send("DELETE /v1/rulesets HTTP/1.1", b"");
    assert!(status == 405 && head.contains("allow: get,head") && head.contains("application/problem+json"));
    assert_eq!(server.get("/v1/nothing").0, 404);
}

#[test]
fn bundles_and_pages() {
    let server = Server::start("server-pages");
    let (status, _, health) = server.get("/healthz");
    assert!(status == 200 && health.contains(r#""status":"ok""#));
    let (_, _, list) = server.get("/v1/rulesets");
    assert!(list.contains(r#""id":"shop""#) && list.contains(r#""bundle":"/v1/bundles/shop""#));
    let (status, head, bundle) = server.get("/v1/bundles/shop");
    assert!(status == 200 && bundle.contains("weibao-rules"));
    // `send` gives headers in lower case; the mark of a weak tag is a capital.
    let tag = head
        .lines()
        .find_map(|line| line.strip_prefix("etag: w/"))
        .unwrap();
    let tag = format!("W/{tag}");
    let (status, _, empty) = server.send(
        &format!("GET /v1/bundles/shop HTTP/1.1\r\nif-none-match: {tag}"),
        b"",
    );
    assert!(status == 304 && empty.is_empty());
    for path in ["/", "/entries/7"] {
        let (status, head, page) = server.get(path);
        assert!(status == 200 && page.contains("<title>page</title>"), "{path}");
        assert!(head.contains("'wasm-unsafe-eval'") && head.contains("nosniff"));
    }
    assert!(
        server
            .get("/engine.wasm")
            .1
            .contains("content-type: application/wasm")
    );
    assert_eq!(server.get("/missing.js").0, 404);
    assert_eq!(server.get("/../../Cargo.toml").0, 404);
}

#[test]
fn the_log_holds_nothing_of_an_entry() {
    let server = Server::start("server-log");
    server.post(&body("sha256:0", ""));
    server.get("/entries/张三丰?name=李四");
    let log = std::fs::read_to_string(&server.log).unwrap();
    assert!(log.contains(r#""route":"/v1/recheck","status":200"#), "{log}");
    assert!(
        !log.contains("张三丰") && !log.contains("李四") && !log.contains("guests"),
        "{log}"
    );
}

#[cfg(unix)]
#[test]
fn it_stops_when_it_is_told_to() {
    let mut server = Server::start("server-stop");
    let id = server.child.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}
