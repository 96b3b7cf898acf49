//! Whether the service can work, and by which keys it is believed.
//!
//! In: an open service. Out: its condition. Must not know: what is stored.

pub(crate) mod backup;
pub(crate) mod limits;
pub(crate) mod metrics;

use crate::app::App;
use crate::problem::Problem;
use crate::receipts::base64url;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use sqlx::Row;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The addresses of this area.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(ready)).routes(routes!(keys))
}

#[derive(Serialize, ToSchema)]
struct Ready {
    status: &'static str,
}

/// Can the service store something now? Asks the database, through the writer.
#[utoipa::path(get, path = "/readyz", tag = "ops", responses((status = 200, body = Ready), (status = 503)))]
async fn ready(State(app): State<App>) -> Result<Json<Ready>, Problem> {
    app.db
        .write(|tx| {
            Box::pin(async move {
                tx.head().await?;
                Ok(())
            })
        })
        .await?;
    Ok(Json(Ready { status: "ready" }))
}

/// The server's public keys.
#[derive(Serialize, ToSchema)]
struct PublicKeys {
    /// Receipts are verified by these: the one that signs now, then those of earlier receipts.
    signing: Vec<SigningKey>,
    /// Bodies may be sealed to these.
    sealing: Vec<SealedTo>,
    /// Days that a phone keeps a record after its receipt, where the office has set them.
    #[serde(rename = "keptDays", skip_serializing_if = "Option::is_none")]
    kept_days: Option<u16>,
}

#[derive(Serialize, ToSchema)]
struct SealedTo {
    id: String,
    /// `P-256`: DHKEM(P-256, HKDF-SHA256) of RFC 9180
    kem: &'static str,
    /// base64url of the uncompressed point
    public: String,
}

#[derive(Serialize, ToSchema)]
struct SigningKey {
    id: String,
    /// `Ed25519`, or `SM2` (with SM3)
    alg: String,
    /// base64url: 32 bytes of Ed25519, the uncompressed point of SM2
    public: String,
}

/// The server's public keys.
#[utoipa::path(get, path = "/v1/keys", tag = "ops", responses((status = 200, body = PublicKeys)))]
async fn keys(State(app): State<App>) -> Result<Json<PublicKeys>, Problem> {
    let rows = sqlx::query(
        "SELECT id, algorithm, public FROM server_keys WHERE use_for = 'signing' \
         ORDER BY CASE WHEN id = $1 THEN 0 ELSE 1 END, created_ms DESC",
    )
    .bind(app.keys.id())
    .fetch_all(app.db.read())
    .await?;
    let mut signing = Vec::with_capacity(rows.len());
    for row in rows {
        signing.push(SigningKey {
            id: row.try_get(0)?,
            alg: row.try_get(1)?,
            public: row.try_get(2)?,
        });
    }
    Ok(Json(PublicKeys {
        signing,
        sealing: vec![SealedTo {
            id: app.sealing.id().to_owned(),
            kem: "P-256",
            public: base64url(app.sealing.public()),
        }],
        kept_days: app.access.settings.phone_keep_days,
    }))
}
