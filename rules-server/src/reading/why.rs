//! Why a verdict is what it is: the report again, with the evidence of each finding.
//!
//! In: a stored body, the ruleset and the tables of its verdict. Out: a report with evidence. Must not know: what is stored beside them.

use crate::app::App;
use crate::prepared::{kept_tables, prepare};
use crate::problem::{Kind, Problem};
use crate::submissions::submission;
use rules_core::{Detail, Options};
use serde_json::value::RawValue;

/// The report with evidence; nothing where the ruleset or a table cannot be used here.
pub(super) async fn why(
    app: &App,
    ruleset: &str,
    tables: &str,
    body: Vec<u8>,
) -> Result<Option<Box<RawValue>>, Problem> {
    let Some(bundle) = app.library.by_digest(ruleset) else {
        return Ok(None);
    };
    let Some(ready) = prepare(app, bundle, &kept_tables(app, tables).await?).await? else {
        return Ok(None);
    };
    let internal = || Problem::new(Kind::Internal, "");
    let _turn = app.checks.clone().acquire_owned().await.map_err(|_| internal())?;
    let work = tokio::task::spawn_blocking(move || {
        let text = String::from_utf8(body).ok()?;
        let sent = submission(text.into()).ok()?;
        let mut options = Options::on(sent.as_of);
        options.jurisdiction = sent.jurisdiction;
        options.tables = Some(&ready.tables);
        options.detail = Detail {
            explain: true,
            all: false,
        };
        let report = ready.bundle.ruleset().check(sent.entry(), &options).canonical();
        RawValue::from_string(report).ok()
    });
    work.await.map_err(|_| internal())
}
