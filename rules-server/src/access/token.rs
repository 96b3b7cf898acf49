//! Tokens: secrets that stand for somebody. Only their hash is stored.
//!
//! In: chance. Out: texts `wb_<kind>_<base64url>`. Must not know: what a token allows.

use super::Role;
use crate::app::App;
use crate::db::Fault;
use crate::problem::{Kind, Problem};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rules_core::digest::sha256;
use rules_core::json::Json;

/// What is kept of a token.
pub(crate) fn hash(token: &str) -> String {
    sha256(token.as_bytes())
}

/// Makes a token, stores its hash and writes the issue into the chain. Gives the token: it exists nowhere else.
pub(crate) async fn issue(
    app: &App,
    kind: &str,
    name: &str,
    role: Role,
    area: &str,
) -> Result<String, Fault> {
    let no_chance = |_| Fault::from(Problem::new(Kind::Internal, "the system gives no random bytes"));
    let secret = app.random.bytes().map_err(no_chance)?;
    let id = app.random.bytes().map_err(no_chance)?;
    let token = format!("wb_{kind}_{}", URL_SAFE_NO_PAD.encode(secret));
    let id = URL_SAFE_NO_PAD.encode(id.get(..9).unwrap_or(&id));
    let (hash, kind, name, area) = (hash(&token), kind.to_owned(), name.to_owned(), area.to_owned());
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let now = tx.now_ms;
                sqlx::query("INSERT INTO credentials (id, kind, token_hash, name, role, area, created_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)")
                    .bind(&id)
                    .bind(&kind)
                    .bind(hash)
                    .bind(name)
                    .bind(role.word())
                    .bind(&area)
                    .bind(now)
                    .execute(tx.sql())
                    .await?;
                let body = Json::Obj(vec![
                    ("area".to_owned(), area.into()),
                    ("kind".to_owned(), kind.into()),
                    ("role".to_owned(), role.word().into()),
                ]);
                tx.append("token_issued", &id, body).await?;
                Ok(())
            })
        })
        .await?;
    Ok(token)
}
