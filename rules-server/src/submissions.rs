//! Submissions: received, judged, stored, and answered with a receipt that never changes.
//!
//! In: bodies. Out: envelopes. Must not know: statements (`keep`), how a report comes about (`judge`).

mod body;
mod envelope;
mod judge;
mod keep;
mod release;

use body::Body;
pub(crate) use body::{PART_BYTES, is_digest, refused, submission};
use envelope::Envelope;
pub(crate) use judge::{Finding, Verdict, judge};
pub(crate) use release::release;

use crate::access::Principal;
use crate::app::App;
use crate::openapi::shapes::SubmissionId;
use crate::problem::{Kind, Problem};
use crate::sealed::{MEDIA_TYPE, Sealed};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use keep::{Arrival, Kept};
use rules_core::digest::sha256;
use sqlx::Row;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A sealed body is 4/3 of the plain one, which is at most 1 MiB.
const BODY: usize = (4 << 20) / 3 + 4096;

const PLAIN: usize = 1 << 20;

/// The addresses of this area.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(put))
        .routes(routes!(receipt))
        .layer(DefaultBodyLimit::max(BODY))
}

/// Receives a submission. The same bytes again get the same receipt; other bytes need `If-Match` and a reason.
#[utoipa::path(put, path = "/v1/submissions/{id}", tag = "submissions",
    params(("id" = inline(SubmissionId), Path, description = "UUID of version 7, made by the sender"),
        ("if-match" = Option<String>, Header, description = "ETag of the revision that this one replaces")),
    request_body(content((Body<'static> = "application/json"), (Sealed = "application/vnd.weibao.sealed+json"))),
    responses(
        (status = 200, description = "Received before", body = Envelope<'static>),
        (status = 201, description = "Received", body = Envelope<'static>),
        (status = 202, description = "Received and stored; it is judged once its ruleset is published", body = Envelope<'static>),
        (status = 409, description = "Other bytes are stored under this id"),
        (status = 412, description = "`If-Match` is not the current revision"),
        (status = 422, description = "The body is not a submission")),
    security(("token" = [])))]
async fn put(
    State(app): State<App>,
    principal: Principal,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    identified(&id)?;
    let sealed = is_sealed(&headers)?;
    let body = body.map_err(|rejection| Problem::of_status(rejection.status()))?;
    let body = match sealed {
        true => app.sealing.open_body(&body, &id)?.into(),
        false => body,
    };
    if body.len() > PLAIN {
        return Err(Problem::new(
            Kind::TooLarge,
            "a submission has at most 1 MiB; photos are parts",
        ));
    }
    let digest = sha256(&body);
    let known = keep::known(&app, &id, &digest).await?;
    let received = match known {
        Some(revision) => Kept {
            revision,
            first: false,
        },
        None => {
            let wanted = headers
                .get(header::IF_MATCH)
                .and_then(|value| value.to_str().ok());
            let wanted = wanted.map(|tag| tag.trim().trim_matches('"').to_owned());
            let text = std::str::from_utf8(&body)
                .map_err(|_| Problem::new(Kind::BadJson, "the body is not UTF-8"))?;
            let submission = Arc::new(body::submission(text.into())?);
            let judged = judge::of(&app, submission.clone()).await?;
            let arrival = Arrival {
                id: id.clone(),
                digest,
                wanted,
                sender: principal.clone(),
                submission,
                judged,
            };
            keep::receive(&app, arrival).await?
        }
    };
    if !received.first {
        keep::give_over(&app, &principal, &id, received.revision).await?;
    }
    answer(&app, &principal, &id, Some(received.revision), received.first).await
}

/// The receipt again, for whoever sent it.
#[utoipa::path(get, path = "/v1/submissions/{id}/receipt", tag = "submissions",
    params(("id" = inline(SubmissionId), Path, description = "The submission's id")),
    responses((status = 200, body = Envelope<'static>), (status = 404)), security(("token" = [])))]
async fn receipt(
    State(app): State<App>,
    principal: Principal,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    identified(&id)?;
    answer(&app, &principal, &id, None, false).await
}

async fn answer(
    app: &App,
    principal: &Principal,
    id: &str,
    revision: Option<i64>,
    first: bool,
) -> Result<Response, Problem> {
    let found = envelope::read(app.db.read(), id, revision).await?;
    // Whoever sends the bytes of a submission knows them; to anybody else, what they never sent does not exist.
    let theirs = match &found {
        Some(found) => {
            revision.is_some()
                || found.sender == principal.id
                || keep::sent_once(app, id, &principal.id).await?
        }
        None => false,
    };
    let Some(found) = found.filter(|_| theirs) else {
        return Err(Problem::new(Kind::NotFound, "no submission of yours has this id"));
    };
    let status = match (first, found.is_quarantined()) {
        (false, _) => StatusCode::OK,
        (true, false) => StatusCode::CREATED,
        (true, true) => StatusCode::ACCEPTED,
    };
    let mut response = (status, found.json()?).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", found.digest)) {
        headers.insert(header::ETAG, tag);
    }
    Ok(response)
}

/// An id is a UUID of version 7 as RFC 9562 writes it: one text for one id.
pub(crate) fn identified(id: &str) -> Result<(), Problem> {
    let fits = uuid::Uuid::try_parse(id).is_ok_and(|uuid| {
        uuid.get_version_num() == 7
            && uuid.get_variant() == uuid::Variant::RFC4122
            && uuid.hyphenated().to_string() == id
    });
    if fits {
        return Ok(());
    }
    Err(Problem::new(
        Kind::BadRequest,
        "the id in the address is a UUID of version 7, in lower case and with hyphens",
    ))
}

/// Is there a submission of this id for whoever asks? What is not theirs does not exist.
pub(crate) async fn visible(app: &App, principal: &Principal, id: &str) -> Result<(), Problem> {
    let row = sqlx::query("SELECT area, sender FROM submissions WHERE id = $1")
        .bind(id)
        .fetch_optional(app.db.read())
        .await?;
    if let Some(row) = row
        && principal.sees(&row.try_get::<String, _>(0)?, &row.try_get::<String, _>(1)?)
    {
        return Ok(());
    }
    let detail = "no submission of your area has this id";
    Err(Problem::new(Kind::NotFound, detail))
}

/// JSON that is not compressed; anything else is refused.
pub(crate) fn json_body(headers: &HeaderMap) -> Result<(), Problem> {
    match is_sealed(headers)? {
        true => Err(Problem::new(Kind::WrongMediaType, "")),
        false => Ok(()),
    }
}

/// Plain or sealed; anything else is refused.
fn is_sealed(headers: &HeaderMap) -> Result<bool, Problem> {
    let media = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or("")
        .trim();
    let sealed = media.eq_ignore_ascii_case(MEDIA_TYPE);
    let plain = media.eq_ignore_ascii_case("application/json");
    if (sealed || plain) && !headers.contains_key(header::CONTENT_ENCODING) {
        return Ok(sealed);
    }
    Err(Problem::new(Kind::WrongMediaType, ""))
}
