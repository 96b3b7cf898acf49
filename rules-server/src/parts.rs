//! Parts: photos and other files of a submission, sent apart, kept by the digest of their bytes.
//!
//! In: bytes, whole or piece by piece. Out: a stored part, and the completion of submissions that waited for it. Must not know: entries.
//! The bytes are on the disk before the database says so: a part that is known is there.

mod arrival;
mod removal;
mod shelf;

pub(crate) use removal::{release, remove};
pub use shelf::Shelf;

use crate::access::{Principal, Purpose, Reading};
use crate::app::App;
use crate::openapi::shapes::{Binary, Hex, PurposeText, SubmissionId};
use crate::problem::{Kind, Problem};
use crate::submissions::{PART_BYTES, identified, is_digest, visible};
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rules_core::json::Json;
use sqlx::Row;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");

/// The addresses of this area.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(put, progress, piece, read))
        .layer(DefaultBodyLimit::max(PART_BYTES as usize))
}

/// Receives a part whole. The same part again changes nothing.
#[utoipa::path(put, path = "/v1/submissions/{id}/parts/{hex}", tag = "parts",
    params(("id" = inline(SubmissionId), Path, description = "The submission's id"),
        ("hex" = inline(Hex), Path, description = "64 hexadecimal digits of the SHA-256 of the part's bytes")),
    request_body(content((inline(Binary) = "application/octet-stream"))),
    responses((status = 201, description = "Stored"), (status = 204, description = "It was here already"),
        (status = 404, description = "No revision of a submission of yours names this part"),
        (status = 413, description = "More than 20 MiB"),
        (status = 422, description = "The bytes have another digest")),
    security(("token" = [])))]
async fn put(
    State(app): State<App>,
    principal: Principal,
    Path((id, hex)): Path<(String, String)>,
    body: Body,
) -> Result<StatusCode, Problem> {
    let claim = Claim::find(&app, &principal, &id, &hex).await?;
    if claim.is_here {
        return Ok(StatusCode::NO_CONTENT);
    }
    let _alone = app.parts.alone(&claim.upload).await;
    app.parts.begin(&claim.upload).await?;
    app.parts
        .add(&claim.upload, 0, u64::from(PART_BYTES), body)
        .await?;
    arrival::finish(&app, &claim).await?;
    Ok(StatusCode::CREATED)
}

/// A part, for staff who have a reason to look at it.
#[utoipa::path(get, path = "/v1/submissions/{id}/parts/{hex}", tag = "parts",
    params(("id" = inline(SubmissionId), Path, description = "The submission's id"),
        ("hex" = inline(Hex), Path, description = "64 hexadecimal digits of the part's digest"),
        ("x-purpose" = inline(PurposeText), Header, description = "Why you read this: 2 to 200 characters, those beyond ASCII percent-encoded")),
    responses((status = 200, description = "Pictures as what they are, everything else as bytes", content((inline(Binary) = "application/octet-stream"), (inline(Binary) = "image/jpeg"), (inline(Binary) = "image/png"), (inline(Binary) = "image/webp"))), (status = 404), (status = 422)),
    security(("token" = [])))]
async fn read(
    State(app): State<App>,
    principal: Principal,
    purpose: Purpose,
    Path((id, hex)): Path<(String, String)>,
) -> Result<Response, Problem> {
    identified(&id)?;
    visible(&app, &principal, &id).await?;
    let digest = format!("sha256:{hex}");
    let claim = sqlx::query(
        "SELECT c.media_type FROM part_claims c JOIN parts p ON p.digest = c.digest WHERE c.submission = $1 AND c.digest = $2",
    )
    .bind(&id)
    .bind(&digest)
    .fetch_optional(app.db.read())
    .await?;
    let absent = || {
        Problem::new(
            Kind::NotFound,
            "this submission has no such part, or it has not arrived",
        )
    };
    let media: String = claim.ok_or_else(absent)?.try_get(0)?;
    let bytes = app.parts.read(&digest).await?.ok_or_else(absent)?;
    let reading = Reading {
        address: "/v1/submissions/{id}/parts/{hex}",
        ids: vec![id],
        filter: Json::Obj(vec![("part".to_owned(), digest.into())]),
        count: 1,
    };
    purpose.log(&app, &principal, reading).await?;
    // Pictures may be shown; whatever else somebody sent is saved and never run in this server's name.
    let shown = ["image/jpeg", "image/png", "image/webp"].contains(&media.as_str());
    let (kind, place) = match shown {
        true => (media.as_str(), "inline"),
        false => ("application/octet-stream", "attachment"),
    };
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_str(kind).map_err(|_| absent())?,
    );
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(place));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// How much of a part has arrived.
#[utoipa::path(head, path = "/v1/submissions/{id}/parts/{hex}", tag = "parts",
    params(("id" = inline(SubmissionId), Path, description = "The submission's id"),
        ("hex" = inline(Hex), Path, description = "64 hexadecimal digits of the part's digest")),
    responses((status = 200, description = "`Upload-Offset` bytes of `Upload-Length` are here"),
        (status = 404, description = "No revision of a submission of yours names this part")),
    security(("token" = [])))]
async fn progress(
    State(app): State<App>,
    principal: Principal,
    Path((id, hex)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let claim = Claim::find(&app, &principal, &id, &hex).await?;
    let offset = match claim.is_here {
        true => claim.bytes,
        false => app.parts.length(&claim.upload).await?,
    };
    Ok(at(StatusCode::OK, offset, Some(claim.bytes)))
}

/// Receives the next piece of a part, which begins where the last one ended.
#[utoipa::path(patch, path = "/v1/submissions/{id}/parts/{hex}", tag = "parts",
    params(("id" = inline(SubmissionId), Path, description = "The submission's id"),
        ("hex" = inline(Hex), Path, description = "64 hexadecimal digits of the part's digest"),
        ("upload-offset" = u64, Header, description = "How many bytes come before this piece")),
    request_body(content((inline(Binary) = "application/octet-stream"))),
    responses((status = 204, description = "Kept; `Upload-Offset` says how much is here. Where it is all, the part is stored"),
        (status = 404, description = "No revision of a submission of yours names this part"),
        (status = 409, description = "`Upload-Offset` is not where the last piece ended; the answer's says where that is"),
        (status = 413, description = "More bytes than the submission says that the part has"),
        (status = 422, description = "The whole has another digest; it begins anew")),
    security(("token" = [])))]
async fn piece(
    State(app): State<App>,
    principal: Principal,
    Path((id, hex)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let claim = Claim::find(&app, &principal, &id, &hex).await?;
    let wanted = headers.get(&OFFSET).and_then(|value| value.to_str().ok());
    let wanted: Option<u64> = wanted.and_then(|value| value.parse().ok());
    let wanted = wanted.ok_or_else(|| {
        Problem::new(
            Kind::BadRequest,
            "the header Upload-Offset is missing or no number",
        )
    })?;
    if claim.is_here {
        return Ok(at(StatusCode::NO_CONTENT, claim.bytes, None));
    }
    let _alone = app.parts.alone(&claim.upload).await;
    let here = app.parts.length(&claim.upload).await?;
    if wanted != here {
        let mut response = Problem::new(Kind::WrongOffset, "").into_response();
        response.headers_mut().insert(OFFSET, HeaderValue::from(here));
        return Ok(response);
    }
    let here = app.parts.add(&claim.upload, here, claim.bytes, body).await?;
    if here == claim.bytes {
        arrival::finish(&app, &claim).await?;
    }
    Ok(at(StatusCode::NO_CONTENT, here, None))
}

fn at(status: StatusCode, offset: u64, length: Option<u64>) -> Response {
    let mut response = status.into_response();
    let headers = response.headers_mut();
    headers.insert(OFFSET, HeaderValue::from(offset));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(length) = length {
        headers.insert(LENGTH, HeaderValue::from(length));
    }
    response
}

/// A part that a submission of the sender names.
#[derive(Debug)]
struct Claim {
    digest: String,
    /// How many bytes the submission says that it has.
    bytes: u64,
    /// Where its pieces are gathered: of one submission, so that nobody else can spoil them.
    upload: String,
    is_here: bool,
}

impl Claim {
    async fn find(app: &App, principal: &Principal, id: &str, hex: &str) -> Result<Claim, Problem> {
        identified(id)?;
        let digest = format!("sha256:{hex}");
        let unknown = || {
            let detail = "no revision of a submission of yours names this part; send the submission first";
            Problem::new(Kind::UnknownPart, detail)
        };
        if !is_digest(&digest) {
            return Err(unknown());
        }
        let row = sqlx::query(
            "SELECT c.bytes, p.digest FROM part_claims c JOIN submissions s ON s.id = c.submission \
             LEFT JOIN parts p ON p.digest = c.digest \
             WHERE c.submission = $1 AND c.digest = $2 AND s.sender = $3 AND s.purged_ms IS NULL ORDER BY c.revision DESC LIMIT 1",
        )
        .bind(id)
        .bind(&digest)
        .bind(&principal.id)
        .fetch_optional(app.db.read())
        .await?;
        let Some(row) = row else {
            return Err(unknown());
        };
        let (bytes, here): (i64, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
        Ok(Claim {
            upload: format!("{id}-{hex}"),
            digest,
            bytes: bytes.unsigned_abs(),
            is_here: here.is_some(),
        })
    }
}
