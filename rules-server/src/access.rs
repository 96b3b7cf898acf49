//! Who asks, and what that allows.
//!
//! In: a request's token. Out: a principal, or the problem. Must not know: what is asked for.

mod principal;
pub(crate) mod token;

pub use principal::{Principal, Role};

use crate::app::App;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The addresses of this area.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(me))
}

/// Who the token stands for.
#[derive(serde::Serialize, ToSchema)]
struct Me {
    id: String,
    name: String,
    role: Role,
    /// Division code (GB/T 2260).
    area: String,
}

/// Who am I?
#[utoipa::path(get, path = "/v1/me", tag = "access", responses((status = 200, body = Me), (status = 401)))]
async fn me(principal: Principal) -> axum::Json<Me> {
    axum::Json(Me {
        id: principal.id,
        name: principal.name,
        role: principal.role,
        area: principal.area,
    })
}
