//! The service described as OpenAPI, and a page to try it on.
//!
//! In: what the areas say of themselves. Out: one document, and the page. Must not know: how anything is answered.

use axum::Router;
use utoipa::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Where the document is.
pub const DOCUMENT: &str = "/openapi.json";

/// Where the page is.
pub const PAGE: &str = "/docs";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Weibao Rules · 未保规则",
        description = "Rechecks form entries, receives and keeps inspections, replays their verdicts.\n\nEvery fault is an RFC 9457 problem (`application/problem+json`) whose `type` never changes its meaning.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    tags(
        (name = "recheck", description = "Judge an entry again; stores nothing"),
        (name = "submissions", description = "Send what was inspected, get a signed receipt"),
        (name = "library", description = "Rulesets and reference data"),
        (name = "reading", description = "What was received, as lists, one by one, exported, counted"),
        (name = "ledger", description = "What has to be put right, by whom and until when"),
        (name = "access", description = "Who may do what"),
        (name = "ops", description = "Condition and keys of the service"),
    )
)]
struct Document;

/// The document around what the areas say.
pub(crate) fn document(areas: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let mut whole = Document::openapi();
    whole.merge(areas);
    let bearer = Http::builder()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A device's token, or that of a session."))
        .build();
    whole
        .components
        .get_or_insert_default()
        .security_schemes
        .insert("token".to_owned(), SecurityScheme::Http(bearer).into());
    whole
}

/// The document at its address and the page that shows it, from this server alone.
pub(crate) fn routes(document: utoipa::openapi::OpenApi) -> Router {
    let config = Config::default().try_it_out_enabled(true).validator_url("none");
    Router::from(SwaggerUi::new(PAGE).url(DOCUMENT, document).config(config))
}
