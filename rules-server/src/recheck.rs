//! Judging an entry again.
//!
//! In: a ruleset and what a client asks. Out: our report and whether it is the client's. Must not know: HTTP.

use crate::differs::{Difference, Differences, differences};
use crate::problem::{Kind, Problem};
use crate::request::Recheck;
use crate::write::{Object, array};
use rules_core::json::{self, Json, push_key};
use rules_core::limits::Limits;
use rules_core::report::{Detail, Report};
use rules_core::{Options, Ruleset, Tables};

/// Nesting of a report: far below this, unless somebody made it up.
const REPORT_DEPTH: usize = 64;

/// Checks an entry and compares digests. The answer is `{agree, differs, digest, report}`; the report stands in it byte for byte.
///
/// # Errors
/// `bad-table` where a table does not fit; `bad-request` where the client's report is not JSON that can be compared.
pub fn recheck(ruleset: &Ruleset, request: &Recheck<'_>) -> Result<String, Problem> {
    let mut tables = Tables::new(ruleset);
    for (name, rows) in &request.tables {
        tables
            .insert(ruleset, name, rows, &Limits::DEFAULT)
            .map_err(|error| {
                let mut at = String::from("/tables");
                push_key(&mut at, name);
                at.push_str(&error.at);
                Problem::new(Kind::BadTable, "").at(at).code(error.code)
            })?;
    }
    let Some(as_of) = request.as_of else {
        return Err(Problem::new(Kind::BadRequest, "the member is missing").at("/asOf"));
    };
    let mut options = Options::on(as_of);
    options.jurisdiction = request.jurisdiction;
    options.tables = Some(&tables);
    options.detail = Detail {
        explain: request.explain,
        all: request.all,
    };
    let report = ruleset.check(request.entry, &options);
    let agree = report.digest() == request.digest;
    let differs = if agree {
        Differences::default()
    } else {
        compare(&report, request)?
    };
    let mut body = Object::new();
    body.raw("agree", if agree { "true" } else { "false" });
    body.raw("differs", &array(differs.list.iter().map(written)));
    body.text("digest", report.digest());
    if differs.more > 0 {
        body.raw("moreDiffers", &differs.more.to_string());
    }
    body.raw("report", &report.canonical());
    Ok(body.finish())
}

fn compare(report: &Report, request: &Recheck<'_>) -> Result<Differences, Problem> {
    let Some(text) = request.client_report else {
        return Ok(Differences::default());
    };
    let (client, _) = json::parse(text, REPORT_DEPTH)
        .map_err(|_| Problem::new(Kind::BadRequest, "this is not a report").at("/clientReport"))?;
    let mut found = differences(&client, report.json());
    if found.list.is_empty() {
        // The reports are the same, so the digest beside them is not that of the report.
        let (theirs, ours) = (Json::from(request.digest.as_str()), Json::from(report.digest()));
        found.add("/digest", Some(&theirs), Some(&ours));
    }
    Ok(found)
}

fn written(difference: &Difference) -> String {
    let mut object = Object::new();
    object.text("at", &difference.at);
    if let Some(client) = &difference.client {
        object.raw("client", &client.canonical());
    }
    if let Some(server) = &difference.server {
        object.raw("server", &server.canonical());
    }
    object.finish()
}
