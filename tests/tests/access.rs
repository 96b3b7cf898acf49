//! Devices, sessions, accounts, purposes, retention: over HTTP, over every database.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may end where it fails"
)]

mod cli_program;
mod served;

use axum::body::Body;
use rules_core::digest::sha256;
use rules_server::{AccessSettings, Config, Retention, Role};
use served::{Answer, Served, body, each, each_with, id};

const ENTRY: &str = r#"{"kind":"shop","guests":[{"name":"甲","age":17}]}"#;

const JSON: (&str, &str) = ("content-type", "application/json");
const HOST: (&str, &str) = ("host", "weibao.example");

async fn post(server: &Served, path: &str, token: &str, text: &str) -> Answer {
    server
        .send("POST", path, token, &[JSON, HOST], text.to_owned())
        .await
}

fn word(answer: &Answer) -> String {
    let json = answer.json();
    json["type"]
        .as_str()
        .unwrap_or("")
        .rsplit('#')
        .next()
        .unwrap()
        .to_owned()
}

async fn login(server: &Served, name: &str, password: &str) -> Answer {
    let text = format!(r#"{{"name":"{name}","password":"{password}"}}"#);
    post(server, "/v1/sessions", "", &text).await
}

#[tokio::test]
async fn a_device_is_let_in_sends_and_is_shut_out() {
    for server in each().await {
        let office = server.token(Role::Office, "520400").await;
        let issued = post(
            &server,
            "/v1/devices",
            &office,
            r#"{"name":"手机 1","area":"520402","days":30}"#,
        )
        .await;
        assert_eq!(issued.status, 201, "{}", issued.text());
        assert_eq!(issued.headers["cache-control"], "no-store");
        let json = issued.json();
        let (device, token) = (json["id"].as_str().unwrap(), json["token"].as_str().unwrap());
        assert_eq!(json["link"], format!("https://weibao.example/#device={token}"));
        assert!(json["qr"].as_str().unwrap().starts_with("<svg"));
        let hash = sha256(token.as_bytes());
        let stored = format!("SELECT COUNT(*) FROM credentials WHERE token_hash = '{hash}'");
        assert_eq!(server.count(&stored).await, 1);

        let sent = body(&server.ruleset().await, ENTRY, "");
        let path = format!("/v1/submissions/{}", id(1));
        assert_eq!(
            server
                .send("PUT", &path, token, &[JSON], sent.clone())
                .await
                .status,
            201
        );
        let list = server.get("/v1/devices", &office).await;
        assert!(list.text().contains("手机 1") && !list.text().contains(token));

        let revoke = format!("/v1/devices/{device}");
        for _ in 0..2 {
            assert_eq!(server.send("DELETE", &revoke, &office, &[], "").await.status, 204);
        }
        let replayed = server.send("PUT", &path, token, &[JSON], sent).await;
        assert_eq!(
            (replayed.status, word(&replayed).as_str()),
            (401, "token-revoked")
        );
        let chained =
            |kind: &str| format!("SELECT COUNT(*) FROM chain WHERE subject = '{device}' AND kind = '{kind}'");
        assert_eq!(server.count(&chained("token_issued")).await, 1);
        assert_eq!(server.count(&chained("token_revoked")).await, 1);
    }
}

#[tokio::test]
async fn a_device_that_is_not_wished_well_is_not_issued() {
    for server in each().await {
        let office = server.token(Role::Office, "520400").await;
        for (text, status, at) in [
            (r#"{"name":""}"#, 422, "/name"),
            (r#"{"name":"x","days":0}"#, 422, "/days"),
            (r#"{"name":"x","days":366}"#, 422, "/days"),
            (r#"{"name":"x","area":"52"}"#, 422, "/area"),
            (r#"{"name":"x","area":"520000"}"#, 403, "/area"),
            (r#"{"name":"x","role":"admin"}"#, 422, "/role"),
        ] {
            let answer = post(&server, "/v1/devices", &office, text).await;
            assert_eq!(
                (answer.status, answer.json()["at"].as_str()),
                (status, Some(at)),
                "{text}"
            );
        }
        for host in ["evil.example/#", "a b", "x@y", ""] {
            let headers = [JSON, ("host", host)];
            let answer = server
                .send("POST", "/v1/devices", &office, &headers, r#"{"name":"x"}"#)
                .await;
            assert_eq!(answer.status, 422, "{host}");
        }
        let expires = "UPDATE credentials SET expires_ms = 1 RETURNING 1";
        server.count(expires).await;
        let late = server.get("/v1/me", &server.device).await;
        assert_eq!((late.status, word(&late).as_str()), (401, "token-expired"));
    }
}

#[tokio::test]
async fn a_session_begins_with_a_password_and_ends() {
    for server in each().await {
        let accounts = server.app.demo_accounts().await.unwrap();
        let office = accounts.iter().find(|one| one.role == Role::Office).unwrap();
        let answer = login(&server, &office.name, &office.password).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let cookie = answer.headers["set-cookie"].to_str().unwrap().to_owned();
        for part in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/", "Max-Age=43200"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        let pair = cookie.split(';').next().unwrap();
        let with_cookie = [("cookie", pair), JSON, HOST];
        let me = server.send("GET", "/v1/me", "", &with_cookie, "").await;
        assert_eq!((me.status, me.json()["role"].as_str()), (200, Some("office")));

        // Another site's page can make the browser send the cookie, but not the header.
        let forged = server
            .send("POST", "/v1/devices", "", &with_cookie, r#"{"name":"x"}"#)
            .await;
        assert_eq!((forged.status, word(&forged).as_str()), (403, "needs-header"));
        let ours = [("cookie", pair), ("x-weibao", "1"), JSON, HOST];
        let issued = server
            .send("POST", "/v1/devices", "", &ours, r#"{"name":"x"}"#)
            .await;
        assert_eq!(issued.status, 201);
        // A device's token is none in a cookie.
        let device = format!("weibao_session={}", server.device);
        assert_eq!(
            server
                .send("GET", "/v1/me", "", &[("cookie", &device)], "")
                .await
                .status,
            401
        );

        let ended = server.send("DELETE", "/v1/sessions/current", "", &ours, "").await;
        assert_eq!(ended.status, 204);
        assert!(
            ended.headers["set-cookie"]
                .to_str()
                .unwrap()
                .contains("Max-Age=0")
        );
        let after = server.send("GET", "/v1/me", "", &with_cookie, "").await;
        assert_eq!((after.status, word(&after).as_str()), (401, "token-revoked"));
    }
}

#[tokio::test]
async fn a_session_that_nobody_uses_ends() {
    for server in each().await {
        let token = server.token(Role::Reviewer, "520400").await;
        assert_eq!(server.get("/v1/me", &token).await.status, 200);
        let idle = format!(
            "UPDATE sessions SET seen_ms = seen_ms - 3700000 WHERE token_hash = '{}' RETURNING 1",
            sha256(token.as_bytes())
        );
        server.count(&idle).await;
        let late = server.get("/v1/me", &token).await;
        assert_eq!((late.status, word(&late).as_str()), (401, "token-expired"));
    }
}

/// What is answered to a wrong password is what is answered to a wrong name, and both have to wait after five.
#[tokio::test]
async fn whether_a_name_exists_is_not_told() {
    for server in each().await {
        let accounts = server.app.demo_accounts().await.unwrap();
        let known = &accounts[0].name;
        let mut answers = Vec::new();
        for name in [known.as_str(), "nobody-at-all"] {
            let mut seen = Vec::new();
            for _ in 0..6 {
                let answer = login(&server, name, "not the password").await;
                seen.push((
                    answer.status,
                    word(&answer),
                    answer.headers.contains_key("retry-after"),
                ));
            }
            answers.push(seen);
        }
        assert_eq!(answers[0], answers[1]);
        let words: Vec<&str> = answers[0].iter().map(|(_, word, _)| word.as_str()).collect();
        assert_eq!(words[..5], ["wrong-password"; 5]);
        assert_eq!(words[5], "too-many-mistakes");
        assert!(answers[0][5].2);
        // The right password has to wait, too; another account does not.
        assert_eq!(login(&server, known, &accounts[0].password).await.status, 429);
        assert_eq!(
            login(&server, &accounts[1].name, &accounts[1].password)
                .await
                .status,
            201
        );
    }
}

#[tokio::test]
async fn accounts_are_made_changed_and_disabled() {
    for server in each().await {
        let admin = server.token(Role::Admin, "520000").await;
        let made = post(
            &server,
            "/v1/users",
            &admin,
            r#"{"name":"zhang.wei","role":"office","area":"520400"}"#,
        )
        .await;
        assert_eq!(made.status, 201, "{}", made.text());
        let (id, password) = (made.json()["id"].clone(), made.json()["password"].clone());
        let (id, password) = (id.as_str().unwrap(), password.as_str().unwrap());
        let taken = post(
            &server,
            "/v1/users",
            &admin,
            r#"{"name":"zhang.wei","role":"office","area":"520400"}"#,
        )
        .await;
        assert_eq!((taken.status, taken.json()["at"].as_str()), (409, Some("/name")));
        let session = login(&server, "zhang.wei", password).await.json();
        let token = session["token"].as_str().unwrap();
        assert_eq!(server.get("/v1/devices", token).await.status, 200);
        let path = format!("/v1/users/{id}");
        let change = |text: &'static str| server.send("PATCH", &path, &admin, &[JSON], text);
        // Another area holds at once, for open sessions too.
        assert_eq!(change(r#"{"area":"520500"}"#).await.status, 200);
        assert_eq!(server.get("/v1/me", token).await.json()["area"], "520500");
        // Another role ends them.
        assert_eq!(change(r#"{"role":"reviewer"}"#).await.status, 200);
        let old = server.get("/v1/me", token).await;
        assert_eq!((old.status, word(&old).as_str()), (401, "token-revoked"));
        let session = login(&server, "zhang.wei", password).await.json();
        let token = session["token"].as_str().unwrap();
        assert_eq!(server.get("/v1/devices", token).await.status, 403);
        // One's own password: the old one is needed.
        let own = |text: String| server_put(&server, token, text);
        let wrong = own(r#"{"old":"another one","new":"a new one that is long"}"#.to_owned()).await;
        assert_eq!(word(&wrong), "wrong-password");
        let right = format!(r#"{{"old":"{password}","new":"a new one that is long"}}"#);
        assert_eq!(own(right).await.status, 204);
        assert_eq!(server.get("/v1/me", token).await.status, 401);
        assert_eq!(login(&server, "zhang.wei", password).await.status, 401);
        let session = login(&server, "zhang.wei", "a new one that is long").await.json();
        let token = session["token"].as_str().unwrap();
        assert_eq!(change(r#"{"disabled":true}"#).await.status, 200);
        assert_eq!(server.get("/v1/me", token).await.status, 401);
        assert_eq!(
            login(&server, "zhang.wei", "a new one that is long").await.status,
            401
        );
        assert_eq!(change(r#"{"disabled":false}"#).await.status, 200);
        assert_eq!(
            login(&server, "zhang.wei", "a new one that is long").await.status,
            201
        );
        // Nobody raises or ends oneself, and no password, nor its hash, is ever shown.
        let me = server.get("/v1/me", &admin).await.json()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let own = format!("/v1/users/{me}");
        for text in [
            r#"{"role":"office"}"#,
            r#"{"disabled":true}"#,
            r#"{"area":"520400"}"#,
            r#"{"password":"another that is long"}"#,
        ] {
            assert_eq!(
                server.send("PATCH", &own, &admin, &[JSON], text).await.status,
                422
            );
        }
        let list = server.get("/v1/users", &admin).await;
        assert!(!list.text().contains("argon2") && !list.text().contains(password));
        for (text, at) in [
            (r#"{"name":"a b","role":"office","area":"520400"}"#, "/name"),
            (r#"{"name":"li.na","role":"device","area":"520400"}"#, "/role"),
            (
                r#"{"name":"li.na","role":"office","area":"520400","password":"short"}"#,
                "/password",
            ),
        ] {
            let answer = post(&server, "/v1/users", &admin, text).await;
            assert_eq!(
                (answer.status, answer.json()["at"].as_str()),
                (422, Some(at)),
                "{text}"
            );
        }
    }
}

async fn server_put(server: &Served, token: &str, text: String) -> Answer {
    server.send("PUT", "/v1/me/password", token, &[JSON], text).await
}

#[tokio::test]
async fn the_first_administrator_is_made_once() {
    for server in each().await {
        assert!(server.app.setup_code().await.unwrap().is_none());
        let unused = r#"{"code":"","name":"root","password":"long enough 1"}"#;
        assert_eq!(post(&server, "/v1/setup", "", unused).await.status, 401);
        server
            .count("UPDATE users SET disabled_ms = 1 WHERE role = 'admin' RETURNING 1")
            .await;
        let code = server.app.setup_code().await.unwrap().unwrap();
        let text = |code: &str, password: &str| {
            format!(r#"{{"code":"{code}","name":"root","password":"{password}","area":"520000"}}"#)
        };
        let wrong = post(&server, "/v1/setup", "", &text("wb_setup_x", "long enough 1")).await;
        assert_eq!(wrong.status, 401);
        // What is refused for its password may be tried again.
        assert_eq!(
            post(&server, "/v1/setup", "", &text(&code, "short")).await.status,
            422
        );
        let made = post(&server, "/v1/setup", "", &text(&code, "long enough 1")).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!(login(&server, "root", "long enough 1").await.status, 201);
        let again = post(&server, "/v1/setup", "", &text(&code, "long enough 1")).await;
        assert_eq!(again.status, 401);
        assert!(server.app.setup_code().await.unwrap().is_none());
    }
}

#[tokio::test]
async fn who_read_what_and_why_is_written_down() {
    for server in each().await {
        let sent = body(&server.ruleset().await, ENTRY, "");
        assert_eq!(server.submit(&id(1), &sent, &[]).await.status, 201);
        let reviewer = server.token(Role::Reviewer, "520400").await;
        let path = format!("/v1/submissions/{}", id(1));
        let silent = server.get(&path, &reviewer).await;
        assert_eq!((silent.status, word(&silent).as_str()), (422, "purpose-required"));
        assert!(!silent.text().contains("甲"));
        let purpose = [("x-purpose", "%E5%A4%8D%E6%A0%B8")];
        let read = server.send("GET", &path, &reviewer, &purpose, "").await;
        assert_eq!(read.status, 200, "{}", read.text());
        let me = server.get("/v1/me", &reviewer).await.json();
        let admin = server.token(Role::Admin, "520000").await;
        let log = server.get("/v1/access-log", &admin).await.json();
        let line = &log["items"][0];
        assert_eq!(line["principal"], me["id"]);
        assert_eq!(line["purpose"], "复核");
        assert_eq!(line["address"], "/v1/submissions/{id}");
        assert_eq!(line["ids"][0], id(1));
        assert_eq!((&line["count"], &line["role"]), (&1.into(), &"reviewer".into()));
        let beside = server.token(Role::Admin, "530000").await;
        let log = server.get("/v1/access-log", &beside).await.json();
        assert_eq!(log["items"].as_array().unwrap().len(), 0);
        for query in ["after=-1", "limit=0", "limit=1001", "limit=x", "unknown=1"] {
            let answer = server.get(&format!("/v1/access-log?{query}"), &admin).await;
            assert_eq!(answer.status, 422, "{query}");
        }
    }
}

fn kept_for(days: u32) -> AccessSettings {
    AccessSettings {
        retention: vec![
            Retention {
                ruleset: None,
                area: "000000".to_owned(),
                answers_days: Some(days),
            },
            Retention {
                ruleset: Some("shop".to_owned()),
                area: "330000".to_owned(),
                answers_days: None,
            },
        ],
        ..AccessSettings::default()
    }
}

#[tokio::test]
async fn answers_are_purged_and_their_verdicts_stay() {
    for server in each_with(kept_for(100), &Config::default()).await {
        let sent = body(
            &server.ruleset().await,
            ENTRY,
            r#","subject":{"name":"某店","kind":"venue"}"#,
        );
        let elsewhere = sent.replace("520402", "330102");
        for (number, text) in [(1, &sent), (2, &sent), (3, &elsewhere)] {
            let answer = server.submit(&id(number), text, &[]).await;
            assert_eq!(answer.status, 201, "{}", answer.text());
        }
        // Two of them were received long ago.
        let old = format!(
            "UPDATE submissions SET received_ms = received_ms - 8640000000 WHERE id <> '{}' RETURNING 1",
            id(2)
        );
        server.count(&old).await;
        let verdicts = "SELECT COUNT(*) FROM verdicts";
        let before = server.count(verdicts).await;
        let receipt = server
            .get(&format!("/v1/submissions/{}/receipt", id(1)), &server.device)
            .await;

        let would = server.app.purge(true).await.unwrap();
        assert_eq!(would.answers, 1);
        assert_eq!(
            server
                .count("SELECT COUNT(*) FROM revisions WHERE body IS NULL")
                .await,
            0
        );
        assert_eq!(server.app.purge(false).await.unwrap().answers, 1);
        assert_eq!(server.app.purge(false).await.unwrap().answers, 0);

        let gone = format!(
            "SELECT COUNT(*) FROM revisions WHERE body IS NULL AND submission = '{}'",
            id(1)
        );
        assert_eq!(server.count(&gone).await, 1);
        assert_eq!(
            server
                .count("SELECT COUNT(*) FROM revisions WHERE body IS NULL")
                .await,
            1
        );
        assert_eq!(
            server
                .count("SELECT COUNT(*) FROM submissions WHERE subject IS NULL")
                .await,
            1
        );
        assert_eq!(server.count(verdicts).await, before);
        let chained = format!(
            "SELECT COUNT(*) FROM chain WHERE kind = 'purged' AND subject = '{}'",
            id(1)
        );
        assert_eq!(server.count(&chained).await, 1);
        let again = server
            .get(&format!("/v1/submissions/{}/receipt", id(1)), &server.device)
            .await;
        assert_eq!(again.body, receipt.body);
        // The same bytes are still known, and not stored anew.
        assert_eq!(server.submit(&id(1), &sent, &[]).await.status, 200);
        assert_eq!(
            server
                .count("SELECT COUNT(*) FROM revisions WHERE body IS NULL")
                .await,
            1
        );
        let admin = [("x-purpose", "test")];
        let one = server
            .send(
                "GET",
                &format!("/v1/submissions/{}", id(1)),
                &server.admin,
                &admin,
                Body::empty(),
            )
            .await;
        assert_eq!(one.status, 200, "{}", one.text());
        assert!(!one.text().contains("甲") && !one.text().contains("某店"));
    }
}

/// Runs the program with a password on standard input, or nothing.
fn run(args: &[&str], folder: &std::path::Path, input: &str) -> (Option<i32>, String, String) {
    use std::io::Write;
    use std::process::Stdio;
    let mut child = cli_program::rules()
        .args(args)
        .arg("--data")
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn accounts_and_retention_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let add = ["users", "add", "wang.fang", "--role", "admin", "--area", "520400"];
    let (status, out, _) = run(&add, at, "");
    assert_eq!(status, Some(0));
    let (name, password) = out.trim().split_once(' ').unwrap();
    assert_eq!((name, password.len()), ("wang.fang", 19));
    let (status, _, err) = run(&add, at, "");
    assert_eq!(status, Some(3));
    assert!(err.contains("an account has this name"), "{err}");
    let given = ["users", "add", "li.na", "--role", "reviewer", "--password-stdin"];
    assert_eq!(run(&given, at, "short\n").0, Some(3));
    assert_eq!(run(&given, at, "").0, Some(3));
    assert_eq!(run(&given, at, "long enough 1\n").1, "li.na\n");
    assert_eq!(run(&["users", "disable", "li.na"], at, "").0, Some(0));
    assert_eq!(run(&["users", "disable", "nobody"], at, "").0, Some(3));
    let (_, list, _) = run(&["users", "list"], at, "");
    let lines: Vec<&str> = list.lines().collect();
    assert!(
        lines[0].starts_with("li.na\treviewer\t000000\tpassword\tdisabled "),
        "{list}"
    );
    assert_eq!(lines[1], "wang.fang\tadmin\t520400\tpassword\tactive");
    let (_, out, _) = run(&["users", "password", "li.na"], at, "");
    assert!(out.starts_with("li.na ") && !list.contains(out.trim()));

    let file = at.join("access.toml");
    let file = file.to_str().unwrap();
    for (text, status, word) in [
        (
            "[[retention]]\nanswers-days = 30\n",
            0,
            "due: answers of 0 submissions",
        ),
        ("device-days = 30\n", 3, "retention"),
        ("[[retention]]\narea = \"52\"\n", 3, "division code"),
        ("origin = \"ftp://x\"\n", 3, "origin"),
        ("[oidc]\nclient-secret = 'hush'\n", 3, "missing field"),
        ("sesion-hours = 1\n", 3, "unknown field"),
    ] {
        std::fs::write(file, text).unwrap();
        let (found, out, err) = run(&["purge", "--dry-run", "--access", file], at, "");
        assert_eq!(found, Some(status), "{text}: {err}");
        assert!(out.contains(word) || err.contains(word), "{text}: {out}{err}");
        assert!(!err.contains("hush"));
    }
}
