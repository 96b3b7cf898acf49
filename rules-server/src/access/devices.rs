//! Devices: phones that may send and read nothing else. One is let in by a code that its user scans.
//!
//! In: a name, an area. Out: a token, once, as text and as a picture. Must not know: what a device sends.

use super::settings::is_origin;
use super::{Principal, Role, scope, sessions, time, token, users};
use crate::app::App;
use crate::edge::rfc3339;
use crate::openapi::shapes::{Area, Label};
use crate::problem::{Kind, Problem};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use rules_core::json::Json as Value;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const DAY_MS: i64 = 86_400_000;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(revoke))
}

/// A device to let in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewDevice)]
struct New {
    /// What people call it: 1 to 100 characters.
    #[schema(value_type = Label)]
    name: String,
    /// Division code; one's own, if not given.
    #[schema(value_type = Option<Area>)]
    area: Option<String>,
    /// Days that the token is good for; at most and else what the server is set to.
    #[schema(minimum = 1)]
    days: Option<u32>,
}

/// A device that was let in. The token is shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Issued {
    id: String,
    /// The secret.
    token: String,
    /// Where the device opens the page: the token stands behind `#`, which a browser keeps to itself.
    link: String,
    /// The link as a QR code, an SVG document.
    qr: String,
    expires_at: String,
}

/// A device, as it is shown.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Device {
    id: String,
    name: String,
    /// Division code.
    area: String,
    /// Id of the account that let it in.
    issued_by: Option<String>,
    created_at: Option<String>,
    expires_at: Option<String>,
    revoked_at: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Devices {
    items: Vec<Device>,
}

/// The devices of one's area and below.
#[utoipa::path(get, path = "/v1/devices", tag = "access", responses((status = 200, body = Devices)), security(("token" = [])))]
async fn list(State(app): State<App>, principal: Principal) -> Result<Json<Devices>, Problem> {
    let rows = sqlx::query(
        "SELECT id, name, area, issued_by, created_ms, expires_ms, revoked_ms FROM credentials \
         WHERE kind = 'device' AND area LIKE $1 ORDER BY created_ms, id",
    )
    .bind(scope::pattern(&principal.area))
    .fetch_all(app.db.read())
    .await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        items.push(Device {
            id: row.try_get(0)?,
            name: row.try_get(1)?,
            area: row.try_get(2)?,
            issued_by: row.try_get(3)?,
            created_at: time(row.try_get(4)?),
            expires_at: time(row.try_get(5)?),
            revoked_at: time(row.try_get(6)?),
        });
    }
    Ok(Json(Devices { items }))
}

/// Lets a device in.
#[utoipa::path(post, path = "/v1/devices", tag = "access", request_body = New,
    responses((status = 201, body = Issued), (status = 403, description = "The area is not within one's own"), (status = 422)), security(("token" = [])))]
async fn create(
    State(app): State<App>,
    principal: Principal,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let New { name, area, days } = super::read(&headers, body)?;
    let bad = |at: &str, detail: &str| Err(Problem::new(Kind::BadRequest, detail).at(at));
    if !users::label_fits(&name) {
        return bad("/name", users::LABEL);
    }
    let longest = app.access.settings.device_days;
    let days = days.unwrap_or(longest);
    if days == 0 || days > longest {
        return bad("/days", &format!("1 to {longest} days"));
    }
    let area = area.unwrap_or_else(|| principal.area.clone());
    principal.within(&area).map_err(|problem| problem.at("/area"))?;
    let origin = origin(&app, &headers)?;
    let issued = issue(&app, name.trim(), &area, days, &principal.id).await?;
    let link = format!("{origin}/#device={}", issued.token);
    let issued = Issued {
        qr: picture(&link)?,
        link,
        id: issued.id,
        token: issued.token,
        expires_at: rfc3339(issued.expires_ms),
    };
    Ok((StatusCode::CREATED, Json(issued)).into_response())
}

/// What was issued.
pub(super) struct Credential {
    pub(super) id: String,
    pub(super) token: String,
    expires_ms: i64,
}

/// Makes a token for a device, stores its hash and writes the issue into the chain.
pub(super) async fn issue(
    app: &App,
    name: &str,
    area: &str,
    days: u32,
    by: &str,
) -> Result<Credential, Problem> {
    let token = token::fresh(app, token::DEVICE)?;
    let id = token::id(app)?;
    let (hash, key, name, area, by) = (
        token::hash(&token),
        id.clone(),
        name.to_owned(),
        area.to_owned(),
        by.to_owned(),
    );
    let written = app.db.write(move |tx| {
        Box::pin(async move {
            let now = tx.now_ms;
            let expires = now.saturating_add(i64::from(days) * DAY_MS);
            sqlx::query("INSERT INTO credentials (id, kind, token_hash, name, role, area, created_ms, expires_ms, issued_by) VALUES ($1, 'device', $2, $3, $4, $5, $6, $7, $8)")
                .bind(&key)
                .bind(hash)
                .bind(name)
                .bind(Role::Device.word())
                .bind(&area)
                .bind(now)
                .bind(expires)
                .bind(&by)
                .execute(tx.sql())
                .await?;
            let body = Value::Obj(vec![
                ("area".to_owned(), area.into()),
                ("by".to_owned(), by.into()),
                ("expires".to_owned(), rfc3339(expires).into()),
            ]);
            tx.append("token_issued", &key, body).await?;
            Ok(expires)
        })
    });
    let expires_ms = written.await?;
    Ok(Credential {
        id,
        token,
        expires_ms,
    })
}

/// Shuts a device out. Again is as good as once.
#[utoipa::path(delete, path = "/v1/devices/{id}", tag = "access", params(("id" = String, Path, description = "The device's id")),
    responses((status = 204), (status = 404)), security(("token" = [])))]
async fn revoke(
    State(app): State<App>,
    principal: Principal,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let written = app.db.write(move |tx| {
        Box::pin(async move {
            let none = || Problem::new(Kind::NotFound, "");
            let now = tx.now_ms;
            let row =
                sqlx::query("SELECT area, revoked_ms FROM credentials WHERE id = $1 AND kind = 'device'")
                    .bind(&id)
                    .fetch_optional(tx.sql())
                    .await?
                    .ok_or_else(none)?;
            let (area, revoked): (String, Option<i64>) = (row.try_get(0)?, row.try_get(1)?);
            if !principal.reaches(&area) {
                return Err(none().into());
            }
            if revoked.is_none() {
                sqlx::query("UPDATE credentials SET revoked_ms = $1 WHERE id = $2")
                    .bind(now)
                    .bind(&id)
                    .execute(tx.sql())
                    .await?;
                let body = Value::Obj(vec![("by".to_owned(), principal.id.as_str().into())]);
                tx.append("token_revoked", &id, body).await?;
            }
            Ok(())
        })
    });
    written.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The address under which a phone finds this service: as it is set, or as whoever asks found it.
fn origin(app: &App, headers: &HeaderMap) -> Result<String, Problem> {
    if let Some(origin) = &app.access.settings.origin {
        return Ok(origin.clone());
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = if sessions::is_local(headers) {
        "http"
    } else {
        "https"
    };
    let host = text(header::HOST).map(|host| format!("{scheme}://{host}"));
    let found = text(header::ORIGIN).map(str::to_owned).or(host);
    // What goes into a picture that somebody scans is an origin and nothing else.
    found.filter(|origin| is_origin(origin)).ok_or_else(|| {
        Problem::new(
            Kind::BadRequest,
            "the request does not say the service's address; set `origin`",
        )
    })
}

/// A QR code of a text, as SVG that grows with its place.
fn picture(text: &str) -> Result<String, Problem> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M);
    let code = code.map_err(|_| Problem::new(Kind::Internal, "the address is too long for a code"))?;
    let svg = code.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
    let start = svg.find("<svg").unwrap_or(0);
    Ok(svg.get(start..).unwrap_or("").to_owned())
}
