//! The server as its router, over SQLite and over PostgreSQL, with a clock and chance that repeat.
//!
//! In: a name. Out: answers to requests. Must not know: what is asked. PostgreSQL is used where the variable `WEIBAO_TEST_POSTGRES` holds an
//! address of a cluster in which this may create databases; `cargo xtask test` sets it.

#![allow(dead_code, reason = "each test file uses another part")]

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use http_body_util::BodyExt;
use rules_server::{AccessSettings, App, Clock, Config, Random, Role, Settings, Store};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use tower::ServiceExt;

/// 2026-03-02T02:00:00Z, and a second more each time it is asked.
#[derive(Debug)]
pub(crate) struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now_ms(&self) -> i64 {
        self.0.fetch_add(1000, Ordering::Relaxed)
    }
}

/// Different each time, the same in each run.
#[derive(Debug)]
pub(crate) struct Counting(AtomicU64);

impl Random for Counting {
    fn bytes(&self) -> std::io::Result<[u8; 32]> {
        let mut bytes = [7; 32];
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        bytes[..8].copy_from_slice(&number.to_le_bytes());
        Ok(bytes)
    }
}

/// An open server.
pub(crate) struct Served {
    pub(crate) app: App,
    pub(crate) router: Router,
    pub(crate) folder: tempfile::TempDir,
    /// The address of its database, for a look inside.
    pub(crate) database: String,
    /// Tokens by role, for the whole country.
    pub(crate) device: String,
    pub(crate) admin: String,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }
}

/// Folder of the bundle of the test ruleset `shop`.
pub(crate) fn shop() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = crate::cli_program::fresh(&format!("shop-{}", std::process::id()));
        crate::cli_program::bundles("rulesets/shop", &folder);
        folder
    })
}

/// Addresses of fresh databases: one of each kind that is there. `None` is SQLite in the data folder.
pub(crate) async fn databases() -> Vec<Option<String>> {
    let mut all = vec![None];
    if let Ok(cluster) = std::env::var("WEIBAO_TEST_POSTGRES") {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let name = format!(
            "test_{}_{}",
            std::process::id(),
            NUMBER.fetch_add(1, Ordering::Relaxed)
        );
        sqlx::any::install_default_drivers();
        let pool = sqlx::AnyPool::connect(&cluster).await.unwrap();
        let sql = format!("CREATE DATABASE {name}");
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .execute(&pool)
            .await
            .unwrap();
        pool.close().await;
        // …/postgres?host=… with another name
        let (head, query) = cluster.split_once('?').unwrap_or((&cluster, ""));
        let head = head.rsplit_once('/').unwrap().0;
        all.push(Some(format!("{head}/{name}?{query}")));
    }
    all
}

/// A fresh server over each database.
pub(crate) async fn each() -> Vec<Served> {
    each_with(AccessSettings::default(), &Config::default()).await
}

/// A fresh server over each database, set up in another way.
pub(crate) async fn each_with(access: AccessSettings, config: &Config) -> Vec<Served> {
    each_opened(config, |settings| settings.access = access.clone()).await
}

/// A fresh server over each database, opened in another way.
pub(crate) async fn each_opened(config: &Config, change: impl Fn(&mut Settings)) -> Vec<Served> {
    let mut all = Vec::new();
    for database in databases().await {
        all.push(Served::open(tempfile::tempdir().unwrap(), database, config, &change).await);
    }
    all
}

impl Served {
    async fn open(
        folder: tempfile::TempDir,
        database: Option<String>,
        config: &Config,
        change: &impl Fn(&mut Settings),
    ) -> Served {
        let mut settings = Settings {
            database: database.clone(),
            clock: Arc::new(Ticking(AtomicI64::new(1_772_416_800_000))),
            random: Arc::new(Counting(AtomicU64::new(1))),
            ..Settings::new(folder.path())
        };
        change(&mut settings);
        let store = Store::read(shop()).unwrap();
        let app = App::open(settings, &store).await.unwrap();
        let file = format!("sqlite://{}/weibao.db", folder.path().display());
        Served {
            device: app.demo_token(Role::Device).await.unwrap(),
            admin: app.demo_token(Role::Admin).await.unwrap(),
            router: rules_server::app_with(app.clone(), store, config),
            database: database.unwrap_or(file),
            app,
            folder,
        }
    }

    /// The same server after a stop, opened in another way.
    pub(crate) async fn again(self, change: impl Fn(&mut Settings)) -> Served {
        self.app.close().await;
        let database = Some(self.database).filter(|address| !address.starts_with("sqlite:"));
        Served::open(self.folder, database, &Config::default(), &change).await
    }

    /// A token for a role and an area.
    pub(crate) async fn token(&self, role: Role, area: &str) -> String {
        self.app.demo_token_in(role, area).await.unwrap()
    }

    /// A request with `headers` as `name: value`.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        token: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.ask(request.body(body.into()).unwrap()).await
    }

    /// A request as it is.
    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes().to_vec(),
        }
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        self.send("GET", path, token, &[], Body::empty()).await
    }

    /// Sends a submission as the device.
    pub(crate) async fn submit(&self, id: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        let path = format!("/v1/submissions/{id}");
        self.send("PUT", &path, &self.device, &all, body.to_owned()).await
    }

    /// The digest of the ruleset `shop`.
    pub(crate) async fn ruleset(&self) -> String {
        let list = self.get("/v1/rulesets", "").await.json();
        list["rulesets"][0]["digest"].as_str().unwrap().to_owned()
    }

    /// Changes the database behind the server's back.
    pub(crate) async fn execute(&self, sql: &str) {
        let pool = sqlx::AnyPool::connect(&self.database).await.unwrap();
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        assert!(sqlx::query(sql).execute(&pool).await.unwrap().rows_affected() > 0);
        pool.close().await;
    }

    /// A value of the database.
    pub(crate) async fn count(&self, sql: &str) -> i64 {
        sqlx::any::install_default_drivers();
        let pool = sqlx::AnyPool::connect(&self.database).await.unwrap();
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        let count = sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap();
        pool.close().await;
        count
    }
}

/// A UUID of version 7 for a number.
pub(crate) fn id(number: u64) -> String {
    format!("01935c3a-7a00-7000-8000-{number:012x}")
}

/// A submission to `shop`.
pub(crate) fn body(ruleset: &str, entry: &str, more: &str) -> String {
    format!(
        r#"{{"ruleset":{{"id":"shop","digest":"{ruleset}"}},"asOf":"2026-03-02","jurisdiction":"520402","entry":{entry},"report":"sha256:{}"{more}}}"#,
        "0".repeat(64)
    )
}
