//! The rectification ledger: what was found wrong, what is to be done about it, by whom and when, and who saw that it was done.
//!
//! In: failing findings, changes by offices. Out: items with their history. Must not know: how a verdict comes about.

mod change;
mod export;
mod feed;
mod item;
mod list;
mod states;

pub(crate) use feed::feed;

use crate::app::App;
use crate::problem::{Kind, Problem};
use rules_core::domain::date::Date;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The addresses of this area.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(export::export))
        .routes(routes!(item::one, change::change))
}

/// The day that it is in China.
fn today(app: &App) -> Result<Date, Problem> {
    app.today()
        .ok_or_else(|| Problem::new(Kind::Internal, "the clock shows no day"))
}
