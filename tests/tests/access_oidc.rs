//! Logging in through an identity provider, from the button to the cookie, against a provider of our own on a port of this machine.
//!
//! In: what a provider may answer, right and wrong. Out: sessions for the right ones only.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may end where it fails"
)]

mod cli_program;
mod served;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_compact::{KeyPair, Seed};
use rules_core::digest::sha256;
use rules_server::{AccessSettings, Config, OidcSettings, Role};
use serde_json::{Value, json};
use served::{Answer, Served, each_with};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

/// The clock of the served server stands there.
const NOW: i64 = 1_772_416_800;

/// What the provider will say of whoever logs in next.
struct Provider {
    issuer: String,
    /// Codes that may be exchanged: challenge and nonce of each.
    codes: Mutex<HashMap<String, (String, String)>>,
    claims: Mutex<Value>,
    /// Signs with a key that it has not published.
    forged: Mutex<bool>,
}

impl Provider {
    async fn start() -> Arc<Provider> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let provider = Arc::new(Provider {
            issuer: format!("http://{}", listener.local_addr().unwrap()),
            codes: Mutex::default(),
            claims: Mutex::default(),
            forged: Mutex::default(),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(about))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    fn key(&self, forged: bool) -> KeyPair {
        KeyPair::from_seed(Seed::new([if forged { 9 } else { 3 }; 32]))
    }

    /// Somebody logs in at the provider: what a browser is sent back with.
    fn logs_in(&self, address: &str) -> (String, BTreeMap<String, String>) {
        let asked = query(address);
        let code = format!("code-{}", self.codes.lock().unwrap().len());
        let kept = (asked["code_challenge"].clone(), asked["nonce"].clone());
        self.codes.lock().unwrap().insert(code.clone(), kept);
        (code, asked)
    }
}

async fn about(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let issuer = &provider.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    }))
}

async fn keys(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let public = URL_SAFE_NO_PAD.encode(*provider.key(false).pk);
    Json(
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "1", "x": public}]}),
    )
}

async fn token(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    body: String,
) -> (StatusCode, Json<Value>) {
    let refused = (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"})));
    let known = format!(
        "Basic {}",
        base64::engine::general_purpose::STANDARD.encode("weibao:hush")
    );
    let form = pairs(&body);
    let kept = provider.codes.lock().unwrap().remove(&form["code"]);
    let Some((challenge, nonce)) = kept else {
        return refused;
    };
    let hex = sha256(form["code_verifier"].as_bytes());
    let digest: Vec<u8> = (0..32)
        .map(|at| u8::from_str_radix(&hex["sha256:".len() + 2 * at..][..2], 16).unwrap())
        .collect();
    if headers["authorization"] != known
        || URL_SAFE_NO_PAD.encode(digest) != challenge
        || form["redirect_uri"] != "https://weibao.example/v1/oidc/callback"
    {
        return refused;
    }
    let mut claims = json!({
        "iss": provider.issuer, "aud": "weibao", "sub": "u-1", "iat": NOW, "exp": NOW + 3600, "nonce": nonce,
        "preferred_username": "li.na", "name": "李娜", "groups": ["staff", "wb-office"], "division": "520400",
    });
    let wanted = provider.claims.lock().unwrap().clone();
    for (name, value) in wanted.as_object().into_iter().flatten() {
        claims[name] = value.clone();
    }
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&json!({"alg": "EdDSA", "kid": "1"})), part(&claims));
    let key = provider.key(*provider.forged.lock().unwrap());
    let signature = URL_SAFE_NO_PAD.encode(*key.sk.sign(signed.as_bytes(), None));
    let answer =
        json!({"access_token": "x", "token_type": "Bearer", "id_token": format!("{signed}.{signature}")});
    (StatusCode::OK, Json(answer))
}

fn query(address: &str) -> BTreeMap<String, String> {
    pairs(address.split_once('?').unwrap().1)
}

/// A query, or a form: names and values.
fn pairs(text: &str) -> BTreeMap<String, String> {
    let pairs = text.split('&');
    let decoded = |text: &str| {
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'%' => {
                    let digits = [rest.next().unwrap(), rest.next().unwrap()];
                    u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
                }
                b'+' => b' ',
                byte => byte,
            });
        }
        String::from_utf8(bytes).unwrap()
    };
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap());
    pairs
        .map(|(name, value)| (name.to_owned(), decoded(value)))
        .collect()
}

async fn servers(provider: &Provider) -> Vec<Served> {
    let roles = [("wb-office", Role::Office), ("wb-admin", Role::Admin)];
    let access = AccessSettings {
        origin: Some("https://weibao.example".to_owned()),
        oidc: Some(OidcSettings {
            name: "办公室登录".to_owned(),
            issuer: provider.issuer.clone(),
            client_id: "weibao".to_owned(),
            client_secret: Some("hush".to_owned()),
            scopes: vec!["profile".to_owned()],
            role_claim: "groups".to_owned(),
            roles: roles.map(|(word, role)| (word.to_owned(), role)).into(),
            area_claim: "division".to_owned(),
        }),
        ..AccessSettings::default()
    };
    each_with(access, &Config::default()).await
}

const HOST: (&str, &str) = ("host", "weibao.example");

fn cookie(answer: &Answer, name: &str) -> String {
    let all = answer.headers.get_all("set-cookie").iter();
    let mut all = all.map(|value| value.to_str().unwrap());
    let found = all.find(|cookie| cookie.starts_with(&format!("{name}=")));
    found.unwrap().split(';').next().unwrap().to_owned()
}

/// Begins a login and lets the provider agree: the address to come back to, and the cookie of the browser.
async fn begun(server: &Served, provider: &Provider) -> (String, String) {
    let start = server
        .send("GET", "/v1/oidc/start?back=/office", "", &[HOST], "")
        .await;
    assert_eq!(start.status, 303, "{}", start.text());
    let address = start.headers["location"].to_str().unwrap();
    assert!(address.starts_with(&format!("{}/authorize?", provider.issuer)));
    let (code, asked) = provider.logs_in(address);
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["scope"], "openid profile");
    let back = format!("/v1/oidc/callback?code={code}&state={}", asked["state"]);
    (back, cookie(&start, "weibao_login"))
}

async fn callback(server: &Served, back: &str, browser: &str) -> Answer {
    server
        .send("GET", back, "", &[HOST, ("cookie", browser)], "")
        .await
}

#[tokio::test]
async fn somebody_whom_the_provider_vouches_for_is_let_in() {
    let provider = Provider::start().await;
    for server in servers(&provider).await {
        *provider.claims.lock().unwrap() = json!({});
        assert_eq!(server.get("/v1/login", "").await.json()["oidc"], "办公室登录");
        let (back, browser) = begun(&server, &provider).await;
        let done = callback(&server, &back, &browser).await;
        assert_eq!(
            (
                done.status,
                done.headers.get("location").map(|to| to.to_str().unwrap())
            ),
            (303, Some("/office")),
            "{}",
            done.text()
        );
        let session = cookie(&done, "weibao_session");
        let me = server
            .send("GET", "/v1/me", "", &[("cookie", &session)], "")
            .await
            .json();
        assert_eq!(
            (&me["name"], &me["role"], &me["area"]),
            (&"li.na".into(), &"office".into(), &"520400".into())
        );
        // Again: the same account, with what the claims say now.
        *provider.claims.lock().unwrap() = json!({"groups": ["wb-admin", "wb-office"], "division": "520000"});
        let (back, browser) = begun(&server, &provider).await;
        let done = callback(&server, &back, &browser).await;
        let session = cookie(&done, "weibao_session");
        let again = server
            .send("GET", "/v1/me", "", &[("cookie", &session)], "")
            .await
            .json();
        assert_eq!(
            (&again["id"], &again["role"], &again["area"]),
            (&me["id"], &"admin".into(), &"520000".into())
        );
        // No password opens it, and disabling it does close it.
        let login = r#"{"name":"li.na","password":"long enough 1"}"#;
        let json = [("content-type", "application/json")];
        assert_eq!(
            server.send("POST", "/v1/sessions", "", &json, login).await.status,
            401
        );
        server
            .count("UPDATE users SET disabled_ms = 1 WHERE name = 'li.na' RETURNING 1")
            .await;
        let (back, browser) = begun(&server, &provider).await;
        assert_eq!(callback(&server, &back, &browser).await.status, 403);
    }
}

#[tokio::test]
async fn a_name_that_is_taken_is_not_taken_over() {
    let provider = Provider::start().await;
    for server in servers(&provider).await {
        let local = r#"{"name":"li.na","role":"admin","area":"000000"}"#;
        let json = [("content-type", "application/json")];
        assert_eq!(
            server
                .send("POST", "/v1/users", &server.admin, &json, local)
                .await
                .status,
            201
        );
        let (back, browser) = begun(&server, &provider).await;
        let done = callback(&server, &back, &browser).await;
        let session = cookie(&done, "weibao_session");
        let me = server
            .send("GET", "/v1/me", "", &[("cookie", &session)], "")
            .await
            .json();
        assert_eq!(me["role"], "office");
        assert!(me["name"].as_str().unwrap().starts_with("li.na-"), "{me}");
    }
}

#[tokio::test]
async fn what_is_not_believed_gets_no_session() {
    let provider = Provider::start().await;
    for server in servers(&provider).await {
        let refused = |answer: Answer, status: u16, what: &str| {
            assert_eq!(answer.status, status, "{what}: {}", answer.text());
            let cookies = answer.headers.get_all("set-cookie").iter();
            assert!(
                cookies
                    .into_iter()
                    .all(|cookie| !cookie.to_str().unwrap().starts_with("weibao_session")),
                "{what}"
            );
        };
        *provider.claims.lock().unwrap() = json!({});
        // Another browser, no browser, a state that nobody began, the same answer twice, the provider's refusal.
        let (back, browser) = begun(&server, &provider).await;
        refused(
            callback(&server, &back, "weibao_login=other").await,
            401,
            "another browser",
        );
        refused(
            callback(&server, &back, &browser).await,
            401,
            "after another browser",
        );
        let (back, browser) = begun(&server, &provider).await;
        refused(
            callback(&server, "/v1/oidc/callback?code=x&state=y", &browser).await,
            401,
            "no such state",
        );
        refused(
            callback(&server, "/v1/oidc/callback", &browser).await,
            401,
            "nothing",
        );
        assert_eq!(callback(&server, &back, &browser).await.status, 303);
        refused(callback(&server, &back, &browser).await, 401, "twice");
        let (back, browser) = begun(&server, &provider).await;
        let error = back.replace("code=", "error=access_denied&x=");
        refused(callback(&server, &error, &browser).await, 401, "access denied");
        let (back, browser) = begun(&server, &provider).await;
        let stolen = back.replace("code-", "code-9");
        refused(callback(&server, &stolen, &browser).await, 401, "another code");

        for (claims, status) in [
            (json!({"iss": "https://other.example"}), 401),
            (json!({"aud": "somebody-else"}), 401),
            (json!({"exp": NOW - 60}), 401),
            (json!({"nonce": "another"}), 401),
            (json!({"groups": []}), 403),
            (json!({"groups": "admin"}), 403),
            (json!({"division": null}), 403),
            (json!({"division": "52%"}), 403),
        ] {
            *provider.claims.lock().unwrap() = claims.clone();
            let (back, browser) = begun(&server, &provider).await;
            refused(
                callback(&server, &back, &browser).await,
                status,
                &claims.to_string(),
            );
        }
        *provider.claims.lock().unwrap() = json!({});
        *provider.forged.lock().unwrap() = true;
        let (back, browser) = begun(&server, &provider).await;
        refused(callback(&server, &back, &browser).await, 401, "another key");
        *provider.forged.lock().unwrap() = false;
        for path in ["//evil.example", "https://evil.example", "/%5Cevil.example", "x"] {
            let start = server
                .send("GET", &format!("/v1/oidc/start?back={path}"), "", &[HOST], "")
                .await;
            assert_eq!(start.status, 422, "{path}");
        }
    }
}
