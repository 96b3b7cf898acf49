//! Who may do what, over HTTP: every address × every role × every area × every kind of bad token, made from the server's own table.
//!
//! In: `rules_server::TABLE`. Out: one request a cell. An address without a row, a row without an address, or either without a `probe` fails.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may end where it fails"
)]

mod cli_program;
mod served;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use rules_core::digest::sha256;
use rules_server::{Role, Row, Scope, TABLE};
use served::{Answer, Served, body, each, id};
use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// One guest is too young: a finding, and so an item of the ledger.
const ENTRY: &str = r#"{"kind":"shop","guests":[{"name":"甲","age":17}]}"#;

/// Where whoever asks is at home.
const HOME: &str = "520400";

/// Where the thing lies that is asked for, and whose it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Target {
    /// Sent by whoever asks.
    Mine,
    /// Somebody else's, at home.
    Own,
    Below,
    Sibling,
    Above,
}

impl Target {
    fn area(self) -> &'static str {
        match self {
            Target::Mine | Target::Own => HOME,
            Target::Below => "520402",
            Target::Sibling => "520500",
            Target::Above => "520000",
        }
    }

    fn inside(self) -> bool {
        matches!(self, Target::Mine | Target::Own | Target::Below)
    }
}

/// How an address is asked.
struct Probe {
    path: String,
    body: Option<String>,
    /// `If-Match`, where a change wants it.
    tag: Option<String>,
    /// Status where it is allowed.
    allowed: u16,
    /// Status where the thing is out of reach; none if the address is about no single thing.
    outside: Option<u16>,
}

fn plain(path: &str, allowed: u16) -> Probe {
    Probe {
        path: path.to_owned(),
        body: None,
        tag: None,
        allowed,
        outside: None,
    }
}

/// What there is to be asked for.
struct World {
    server: Served,
    ruleset: String,
    /// Over everything.
    root: String,
    next: AtomicU64,
    addresses: AtomicU32,
}

impl World {
    async fn new(server: Served) -> World {
        World {
            ruleset: server.ruleset().await,
            root: server.token(Role::Admin, "000000").await,
            next: AtomicU64::new(1000),
            addresses: AtomicU32::new(0x0a00_0001),
            server,
        }
    }

    /// Asks from an address of its own, so that the limit on guesses does not decide.
    async fn ask(&self, method: &str, path: &str, token: &str, purpose: bool, body: Option<&str>) -> Answer {
        let probe = Probe {
            body: body.map(str::to_owned),
            ..plain(path, 0)
        };
        self.send(method, &probe, token, purpose).await
    }

    async fn send(&self, method: &str, probe: &Probe, token: &str, purpose: bool) -> Answer {
        let mut request = Request::builder().method(method).uri(&probe.path);
        if let Some(tag) = &probe.tag {
            request = request.header("if-match", tag);
        }
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if purpose {
            request = request.header("x-purpose", "matrix");
        }
        if probe.body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let from = Ipv4Addr::from(self.addresses.fetch_add(1, Ordering::Relaxed));
        let request = request
            .header("host", "weibao.example")
            .extension(ConnectInfo(SocketAddr::new(from.into(), 1)));
        let body = probe.body.clone().map_or(Body::empty(), Body::from);
        self.server.ask(request.body(body).unwrap()).await
    }

    fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    async fn device(&self, area: &str) -> serde_json::Value {
        let wish = format!(r#"{{"name":"phone","area":"{area}"}}"#);
        let answer = self
            .ask("POST", "/v1/devices", &self.root, false, Some(&wish))
            .await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()
    }

    /// Id of an account in an area.
    async fn user(&self, area: &str) -> String {
        self.server.token(Role::Inspector, area).await;
        let all = self.ask("GET", "/v1/users", &self.root, false, None).await.json();
        let items = all["items"].as_array().unwrap();
        let user = items.iter().find(|user| user["area"] == area).unwrap();
        user["id"].as_str().unwrap().to_owned()
    }

    /// Id of a submission for an area, sent by whoever has the token.
    async fn submission(&self, token: &str, area: &str) -> String {
        let id = id(self.number());
        let sent = body(&self.ruleset, ENTRY, "").replace("520402", area);
        let path = format!("/v1/submissions/{id}");
        let answer = self.ask("PUT", &path, token, false, Some(&sent)).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        id
    }

    /// A submission for a target, as far as whoever asks can have sent one.
    async fn entry(&self, target: Target, token: &str) -> String {
        let sender = match target {
            Target::Mine => token.to_owned(),
            _ => self.device(target.area()).await["token"]
                .as_str()
                .unwrap()
                .to_owned(),
        };
        self.submission(&sender, target.area()).await
    }

    /// Path of a part that has arrived.
    async fn part(&self, target: Target, token: &str) -> String {
        let sender = match target {
            Target::Mine => token.to_owned(),
            _ => self.device(target.area()).await["token"]
                .as_str()
                .unwrap()
                .to_owned(),
        };
        let (bytes, submission) = ("part", id(self.number()));
        let digest = sha256(bytes.as_bytes());
        let parts = format!(
            r#","parts":[{{"digest":"{digest}","bytes":{},"type":"text/plain","at":""}}]"#,
            bytes.len()
        );
        let sent = body(&self.ruleset, ENTRY, &parts).replace("520402", target.area());
        let path = format!("/v1/submissions/{submission}");
        let answer = self.ask("PUT", &path, &sender, false, Some(&sent)).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let path = format!("{path}/parts/{}", digest.trim_start_matches("sha256:"));
        let answer = self.ask("PUT", &path, &sender, false, Some(bytes)).await;
        assert!(answer.status < 300, "{}", answer.text());
        path
    }

    /// Path and tag of an item of the ledger.
    async fn item(&self, target: Target, token: &str) -> (String, String) {
        let entry = self.entry(target, token).await;
        let path = format!("/v1/rectifications?submission={entry}");
        let list = self.ask("GET", &path, &self.root, false, None).await.json();
        let id = list["items"][0]["id"].as_str().unwrap();
        let path = format!("/v1/rectifications/{id}");
        let one = self.ask("GET", &path, &self.root, false, None).await;
        (path, one.headers["etag"].to_str().unwrap().to_owned())
    }

    /// The digest of a new version of a register.
    async fn register(&self) -> String {
        let body = format!(r#"[{{"id":"{}"}}]"#, self.number());
        let path = "/v1/tables/schools?crs=wgs84";
        let answer = self.ask("PUT", path, &self.root, false, Some(&body)).await;
        answer.json()["digest"].as_str().unwrap().to_owned()
    }

    /// The bundle of the test ruleset.
    async fn bundle(&self) -> Option<String> {
        let answer = self.ask("GET", "/v1/bundles/shop", "", false, None).await;
        Some(answer.text().to_owned())
    }

    /// How an address is asked for a thing at `target`. `token` is whose turn it is, where it may send anything at all.
    async fn probe(&self, row: &Row, target: Target, token: &str) -> Probe {
        let area = target.area();
        match (row.method, row.path) {
            ("GET", "/healthz" | "/readyz" | "/v1/rulesets" | "/v1/keys" | "/v1/me") => plain(row.path, 200),
            // Without a provider there is nothing to begin; with one, `access_oidc.rs` asks.
            ("GET", "/v1/oidc/start" | "/v1/oidc/callback") => plain(row.path, 404),
            ("GET", "/v1/login") => plain(row.path, 200),
            ("GET", "/v1/devices" | "/v1/users" | "/v1/access-log") => plain(row.path, 200),
            ("GET", "/v1/bundles/{id}") => plain("/v1/bundles/shop", 200),
            ("GET", "/v1/bundles/by-digest/{hex}") => plain(
                &format!("/v1/bundles/by-digest/{}", &self.ruleset["sha256:".len()..]),
                200,
            ),
            ("POST", "/v1/recheck") => Probe {
                body: Some(format!(
                    r#"{{"ruleset":"shop","entry":{{}},"asOf":"2026-03-02","digest":"sha256:{}"}}"#,
                    "0".repeat(64)
                )),
                ..plain(row.path, 200)
            },
            ("PUT", "/v1/submissions/{id}") => Probe {
                body: Some(body(&self.ruleset, r#"{"kind":"shop"}"#, "")),
                ..plain(&format!("/v1/submissions/{}", id(self.number())), 201)
            },
            ("GET", "/v1/submissions/{id}/receipt") => Probe {
                outside: Some(404),
                ..plain(
                    &format!("/v1/submissions/{}/receipt", self.entry(target, token).await),
                    200,
                )
            },
            // Of a part that the submission does not name: whether it is one's own is told by nothing else.
            ("PUT" | "HEAD" | "PATCH", "/v1/submissions/{id}/parts/{hex}") => Probe {
                outside: Some(404),
                ..plain(
                    &format!(
                        "/v1/submissions/{}/parts/{}",
                        self.entry(target, token).await,
                        "0".repeat(64)
                    ),
                    404,
                )
            },
            ("GET", "/v1/submissions/{id}/parts/{hex}") => Probe {
                outside: Some(404),
                ..plain(&self.part(target, token).await, 200)
            },
            ("GET", "/v1/submissions/{id}/replay") => Probe {
                outside: Some(404),
                ..plain(
                    &format!("/v1/submissions/{}/replay", self.entry(target, token).await),
                    200,
                )
            },
            // Of one area: it goes over all of them.
            ("POST", "/v1/replay") => plain(row.path, 403),
            ("GET", "/v1/audit/head") => plain(row.path, 200),
            // With another code, or a wrong password: reached is what it is about, and nobody else's session ends.
            ("POST", "/v1/setup") => Probe {
                body: Some(r#"{"code":"x","name":"root","password":"long enough"}"#.to_owned()),
                ..plain(row.path, 401)
            },
            ("POST", "/v1/sessions") => Probe {
                body: Some(r#"{"name":"nobody","password":"long enough"}"#.to_owned()),
                ..plain(row.path, 401)
            },
            ("PUT", "/v1/me/password") => Probe {
                body: Some(r#"{"old":"another one","new":"long enough"}"#.to_owned()),
                ..plain(row.path, 401)
            },
            ("DELETE", "/v1/sessions/current") => plain(row.path, 204),
            ("POST", "/v1/devices") => Probe {
                body: Some(format!(r#"{{"name":"phone","area":"{area}"}}"#)),
                outside: Some(403),
                ..plain(row.path, 201)
            },
            ("DELETE", "/v1/devices/{id}") => {
                let device = self.device(area).await;
                Probe {
                    outside: Some(404),
                    ..plain(&format!("/v1/devices/{}", device["id"].as_str().unwrap()), 204)
                }
            }
            ("POST", "/v1/users") => Probe {
                body: Some(format!(
                    r#"{{"name":"user-{}","role":"reviewer","area":"{area}"}}"#,
                    self.number()
                )),
                outside: Some(403),
                ..plain(row.path, 201)
            },
            ("PATCH", "/v1/users/{id}") => Probe {
                body: Some(r#"{"display":"另一个名字"}"#.to_owned()),
                outside: Some(404),
                ..plain(&format!("/v1/users/{}", self.user(area).await), 200)
            },
            ("GET", "/v1/submissions" | "/v1/rectifications") => plain(row.path, 200),
            ("GET", "/v1/statistics") => plain("/v1/statistics?by=rule", 200),
            ("GET", "/v1/export" | "/v1/rectifications/export") => {
                plain(&format!("{}?format=csv", row.path), 200)
            }
            ("GET", "/v1/verify/{hex}") => plain(&format!("/v1/verify/{}", "0".repeat(64)), 200),
            ("GET", "/v1/submissions/{id}") => Probe {
                outside: Some(404),
                ..plain(
                    &format!("/v1/submissions/{}", self.entry(target, token).await),
                    200,
                )
            },
            ("GET", "/v1/rectifications/{id}") => Probe {
                outside: Some(404),
                ..plain(&self.item(target, token).await.0, 200)
            },
            ("PATCH", "/v1/rectifications/{id}") => {
                let (path, tag) = self.item(target, token).await;
                Probe {
                    body: Some(r#"{"measure":"已整改"}"#.to_owned()),
                    tag: Some(tag),
                    outside: Some(404),
                    ..plain(&path, 200)
                }
            }
            ("GET", "/v1/rulesets/{id}/versions") => plain("/v1/rulesets/shop/versions", 200),
            ("POST", "/v1/rulesets" | "/v1/rulesets/trial") => Probe {
                body: self.bundle().await,
                ..plain(row.path, 200)
            },
            ("GET", "/v1/tables") => plain(row.path, 200),
            ("GET", "/v1/tables/{name}" | "/v1/tables/{name}/versions") => {
                self.register().await;
                plain(&row.path.replace("{name}", "schools"), 200)
            }
            ("GET", "/v1/tables/by-digest/{hex}") => {
                let digest = self.register().await;
                plain(
                    &format!("/v1/tables/by-digest/{}", &digest["sha256:".len()..]),
                    200,
                )
            }
            ("PUT", "/v1/tables/{name}") => Probe {
                body: Some(format!(r#"[{{"id":"{}"}}]"#, self.number())),
                ..plain("/v1/tables/schools?crs=wgs84", 201)
            },
            (method, path) => {
                panic!("{method} {path} has a row in the access table and no probe in this test")
            }
        }
    }
}

fn may(row: &Row, role: Role, target: Target) -> bool {
    match row.scope {
        Scope::None => true,
        Scope::Own => target == Target::Mine,
        Scope::Area if role == Role::Inspector => target == Target::Mine,
        Scope::Area => target.inside(),
    }
}

/// The type of a problem, its last word.
fn word(answer: &Answer) -> String {
    let json: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let kind = json["type"].as_str().unwrap_or("");
    kind.rsplit('#').next().unwrap_or("").to_owned()
}

#[test]
fn every_address_has_a_row_and_every_row_an_address() {
    let served: BTreeSet<(String, String)> = rules_server::operations()
        .into_iter()
        .map(|(method, path)| (method.to_owned(), path))
        .collect();
    let listed: BTreeSet<(String, String)> = TABLE
        .iter()
        .map(|row| (row.method.to_owned(), row.path.to_owned()))
        .collect();
    let unlisted: Vec<_> = served.difference(&listed).collect();
    assert!(unlisted.is_empty(), "no row in access/table.rs: {unlisted:?}");
    let unserved: Vec<_> = listed.difference(&served).collect();
    assert!(
        unserved.is_empty(),
        "a row in access/table.rs and no address: {unserved:?}"
    );
}

#[tokio::test]
async fn roles_and_areas() {
    let mut cells = 0;
    for server in each().await {
        let world = World::new(server).await;
        for row in TABLE {
            for role in Role::ALL {
                for target in [
                    Target::Mine,
                    Target::Own,
                    Target::Below,
                    Target::Sibling,
                    Target::Above,
                ] {
                    if !cell(&world, row, role, target).await {
                        // It is about no single thing, so there is nothing to be elsewhere.
                        break;
                    }
                    cells += 1;
                }
            }
        }
    }
    assert!(cells > 100, "{cells}");
}

/// One cell, if it is different from the one before.
async fn cell(world: &World, row: &Row, role: Role, target: Target) -> bool {
    let token = world.server.token(role, HOME).await;
    let probe = world.probe(row, target, &token).await;
    if probe.outside.is_none() && target != Target::Mine {
        return false;
    }
    let (listed, public) = (row.who.contains(&role), row.who.is_empty());
    let name = format!("{} {} by {role:?}, {target:?}", row.method, row.path);
    if row.purpose && listed {
        let answer = world.send(row.method, &probe, &token, false).await;
        assert_eq!(
            (answer.status, word(&answer).as_str()),
            (422, "purpose-required"),
            "{name}"
        );
    }
    let before = world.server.count("SELECT COUNT(*) FROM access_log").await;
    let answer = world.send(row.method, &probe, &token, row.purpose).await;
    let expected = match probe.outside {
        _ if !listed && !public => 403,
        Some(outside) if !may(row, role, target) => outside,
        _ => probe.allowed,
    };
    assert_eq!(answer.status, expected, "{name}: {}", answer.text());
    let after = world.server.count("SELECT COUNT(*) FROM access_log").await;
    let logged = row.purpose && (200..300).contains(&answer.status);
    assert_eq!(after - before, i64::from(logged), "{name}");
    true
}

#[tokio::test]
async fn tokens_that_are_none() {
    for server in each().await {
        let world = World::new(server).await;
        let issued = world.device(HOME).await;
        let revoked = issued["token"].as_str().unwrap().to_owned();
        let path = format!("/v1/devices/{}", issued["id"].as_str().unwrap());
        assert_eq!(
            world.ask("DELETE", &path, &world.root, false, None).await.status,
            204
        );
        let expired = world.server.token(Role::Admin, "000000").await;
        let sql = format!(
            "UPDATE sessions SET expires_ms = created_ms WHERE token_hash = '{}' RETURNING 1",
            sha256(expired.as_bytes())
        );
        world.server.count(&sql).await;
        let device = world.device(HOME).await;
        let device = device["token"].as_str().unwrap();
        let other = device.replace("wb_device_", "wb_session_");
        let bad = [
            ("nobody", "", "no-access"),
            ("revoked", &revoked, "token-revoked"),
            ("expired", &expired, "token-expired"),
            ("of another kind", &other, "no-access"),
            ("no kind", "abc", "no-access"),
            ("cut", &device[..device.len() - 1], "no-access"),
        ];
        for row in TABLE {
            for (name, token, kind) in bad {
                // The thing asked for exists, so that only the token can be the reason.
                let probe = world.probe(row, Target::Own, device).await;
                let answer = world.send(row.method, &probe, token, true).await;
                let name = format!("{} {} with a token: {name}", row.method, row.path);
                if row.who.is_empty() {
                    assert_eq!(answer.status, probe.allowed, "{name}: {}", answer.text());
                } else {
                    // A HEAD has no body to say it in.
                    let kind = if row.method == "HEAD" { "" } else { kind };
                    assert_eq!(
                        (answer.status, word(&answer).as_str()),
                        (401, kind),
                        "{name}: {}",
                        answer.text()
                    );
                }
            }
        }
    }
}

/// Lists hold what lies within, and nothing else.
#[tokio::test]
async fn lists_end_at_the_border() {
    for server in each().await {
        let world = World::new(server).await;
        let targets = [Target::Own, Target::Below, Target::Sibling, Target::Above];
        for target in targets {
            world.device(target.area()).await;
            world.user(target.area()).await;
        }
        let token = world.server.token(Role::Admin, HOME).await;
        for path in ["/v1/devices", "/v1/users"] {
            let list = world.ask("GET", path, &token, false, None).await.json();
            let items = list["items"].as_array().unwrap();
            let areas: BTreeSet<&str> = items.iter().map(|item| item["area"].as_str().unwrap()).collect();
            assert_eq!(areas, BTreeSet::from([HOME, "520402"]), "{path}");
        }
        let sent = [
            world.entry(Target::Own, &token).await,
            world.entry(Target::Below, &token).await,
            world.entry(Target::Sibling, &token).await,
            world.entry(Target::Above, &token).await,
        ];
        for path in [
            "/v1/submissions",
            "/v1/export?format=ndjson",
            "/v1/rectifications",
            "/v1/rectifications/export?format=ndjson",
        ] {
            let answer = world.ask("GET", path, &token, true, None).await;
            let seen = sent.each_ref().map(|id| answer.text().contains(id.as_str()));
            assert_eq!(seen, [true, true, false, false], "{path}");
        }
    }
}

/// What is said of an address that is not there, or not for that method, tells nothing about who asks.
#[tokio::test]
async fn methods_without_a_row_are_not_served() {
    for server in each().await {
        let world = World::new(server).await;
        for (method, path) in [
            ("DELETE", "/v1/me"),
            ("PUT", "/v1/users"),
            ("OPTIONS", "/v1/devices"),
        ] {
            let answer = world.ask(method, path, &world.root, false, None).await;
            assert_eq!(
                (answer.status, word(&answer).as_str()),
                (405, "wrong-method"),
                "{path}"
            );
            assert!(answer.headers["allow"].to_str().unwrap().contains("GET"));
        }
        assert_eq!(
            world
                .ask("GET", "/v1/nothing", &world.root, false, None)
                .await
                .status,
            404
        );
        assert_eq!(
            world.ask("HEAD", "/v1/me", &world.root, false, None).await.status,
            200
        );
    }
}
