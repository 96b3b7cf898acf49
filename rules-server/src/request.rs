//! The body of a recheck, read without being rebuilt: the entry and the tables stay the bytes that were sent, so that what is wrong
//! with them (a key twice, half of a character) is judged by the engine and not smoothed over by a parser on the way.
//!
//! In: text. Out: `Recheck`, or the problem. Must not know: rulesets.

use crate::openapi::shapes::{Day, Division};
use crate::problem::{Kind, Problem};
use rules_core::domain::date::Date;
use rules_core::json::{Peek, Reader, SyntaxError, push_key};
use rules_core::limits::Limits;
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What a client asks to have rechecked.
#[derive(Clone, Debug, Default)]
pub struct Recheck<'a> {
    /// Id of the ruleset.
    pub ruleset: String,
    /// The entry, as JSON text.
    pub entry: &'a str,
    /// The day of the check.
    pub as_of: Option<Date>,
    /// The place, a division code.
    pub jurisdiction: Option<u32>,
    /// Tables by name, as JSON text.
    pub tables: Vec<(String, &'a str)>,
    /// Digest of the client's report.
    pub digest: String,
    /// The client's report, as JSON text.
    pub client_report: Option<&'a str>,
    /// Was the client's report made with evidence?
    pub explain: bool,
    /// Was it made with passes, too?
    pub all: bool,
}

/// What a client asks to have judged again.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = RecheckBody)]
#[expect(
    dead_code,
    reason = "it is read by hand, so that the entry stays the bytes that were sent"
)]
pub(crate) struct Body {
    /// Id of the ruleset.
    ruleset: String,
    /// The answers. Anything: what cannot be answers is said in the report.
    entry: serde_json::Value,
    /// The day of the check.
    #[schema(value_type = Day)]
    as_of: String,
    /// The place, a division code.
    #[schema(value_type = Option<Division>)]
    jurisdiction: Option<String>,
    /// Tables that the client's check was given: name → rows.
    tables: Option<BTreeMap<String, serde_json::Value>>,
    /// Digest of the client's report.
    digest: String,
    /// The client's report, to be told where ours differs.
    client_report: Option<serde_json::Value>,
    /// Was the client's report made with evidence?
    #[serde(default)]
    explain: bool,
    /// Was it made with passes, too?
    #[serde(default)]
    all: bool,
}

const MEMBERS: [&str; 9] = [
    "ruleset",
    "entry",
    "asOf",
    "jurisdiction",
    "tables",
    "digest",
    "clientReport",
    "explain",
    "all",
];

/// Reads a body.
///
/// # Errors
/// `bad-json` where the text is not JSON; `bad-request` where a member is missing, unknown, twice or of the wrong shape.
pub fn read(text: &str) -> Result<Recheck<'_>, Problem> {
    // The entry itself may nest as deep as the engine allows, and lies two levels down.
    let mut reader = Reader::new(text, Limits::DEFAULT.depth + 2);
    let mut request = Recheck::default();
    let mut seen: Vec<String> = Vec::new();
    if reader.peek().map_err(bad_json)? != Peek::Obj {
        return Err(Problem::new(Kind::BadRequest, "the body is an object").at(""));
    }
    reader.enter().map_err(bad_json)?;
    while reader.more(seen.is_empty(), b'}').map_err(bad_json)? {
        let name = reader.key().map_err(bad_json)?.into_owned();
        if !MEMBERS.contains(&name.as_str()) {
            let detail = format!("there is no such member; the members are {}", MEMBERS.join(", "));
            return Err(bad(&name, detail));
        }
        if seen.contains(&name) {
            return Err(bad(&name, "the member stands twice"));
        }
        member(&mut reader, text, &name, &mut request)?;
        seen.push(name);
    }
    reader.end().map_err(bad_json)?;
    for name in ["ruleset", "entry", "asOf", "digest"] {
        if !seen.iter().any(|there| there == name) {
            return Err(bad(name, "the member is missing"));
        }
    }
    Ok(request)
}

fn member<'a>(
    reader: &mut Reader<'a>,
    text: &'a str,
    name: &str,
    request: &mut Recheck<'a>,
) -> Result<(), Problem> {
    match name {
        "ruleset" => request.ruleset = string(reader, name)?,
        "digest" => request.digest = string(reader, name)?,
        "entry" => request.entry = raw(reader, text)?,
        "clientReport" => request.client_report = Some(raw(reader, text)?).filter(|report| *report != "null"),
        "asOf" => {
            let day = Date::parse(&string(reader, name)?);
            request.as_of = Some(day.map_err(|_| bad(name, "a day is written 2026-03-01"))?);
        }
        "jurisdiction" => {
            if reader.peek().map_err(bad_json)? == Peek::Null {
                return reader.null().map_err(bad_json);
            }
            let code = string(reader, name)?;
            let digits = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
            let code = code.parse().ok().filter(|_| digits);
            request.jurisdiction =
                Some(code.ok_or_else(|| bad(name, "a division code is a text of six digits"))?);
        }
        "tables" => {
            if reader.peek().map_err(bad_json)? == Peek::Null {
                return reader.null().map_err(bad_json);
            }
            if reader.peek().map_err(bad_json)? != Peek::Obj {
                return Err(bad(name, "tables are an object of name and rows"));
            }
            reader.enter().map_err(bad_json)?;
            while reader.more(request.tables.is_empty(), b'}').map_err(bad_json)? {
                let table = reader.key().map_err(bad_json)?.into_owned();
                let rows = raw(reader, text)?;
                request.tables.push((table, rows));
            }
        }
        "explain" => request.explain = boolean(reader, name)?,
        _ => request.all = boolean(reader, name)?,
    }
    Ok(())
}

fn string(reader: &mut Reader<'_>, name: &str) -> Result<String, Problem> {
    if reader.peek().map_err(bad_json)? != Peek::Str {
        return Err(bad(name, "the member is a text"));
    }
    reader
        .string()
        .map(|(text, _)| text.into_owned())
        .map_err(bad_json)
}

fn boolean(reader: &mut Reader<'_>, name: &str) -> Result<bool, Problem> {
    if reader.peek().map_err(bad_json)? != Peek::Bool {
        return Err(bad(name, "the member is true or false"));
    }
    reader.boolean().map_err(bad_json)
}

/// The bytes of the next value.
fn raw<'a>(reader: &mut Reader<'a>, text: &'a str) -> Result<&'a str, Problem> {
    reader.peek().map_err(bad_json)?;
    let (start, _) = reader.mark();
    reader.skip().map_err(bad_json)?;
    let (end, _) = reader.mark();
    Ok(text.get(start..end).unwrap_or(""))
}

fn bad(name: &str, detail: impl Into<String>) -> Problem {
    let mut at = String::new();
    push_key(&mut at, name);
    Problem::new(Kind::BadRequest, detail).at(at)
}

fn bad_json(error: SyntaxError) -> Problem {
    Problem::new(Kind::BadJson, format!("reading stopped at byte {}", error.offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"ruleset":"a","entry": {"x": [1, 2], "x": 3} ,"asOf":"2026-03-01","digest":"sha256:0",
        "jurisdiction":"520402","tables":{"t":[{}], "u": [ ]},"clientReport":null,"all":true}"#;

    #[test]
    fn entry_and_tables_stay_as_they_were_sent() {
        let request = read(GOOD).unwrap_or_default();
        assert_eq!(request.entry, r#"{"x": [1, 2], "x": 3}"#);
        assert_eq!(
            request.tables,
            [("t".to_owned(), "[{}]"), ("u".to_owned(), "[ ]")]
        );
        assert_eq!(
            (request.jurisdiction, request.explain, request.all),
            (Some(520_402), false, true)
        );
        assert!(request.client_report.is_none());
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        let faults = [
            ("", None),
            ("{", None),
            ("[]", Some("")),
            ("{}", Some("/ruleset")),
            (r#"{"ruleset":1}"#, Some("/ruleset")),
            (r#"{"ruleset":"a","ruleset":"b"}"#, Some("/ruleset")),
            (r#"{"as_of":"2026-03-01"}"#, Some("/as_of")),
            (r#"{"asOf":"2026-02-30"}"#, Some("/asOf")),
            (r#"{"jurisdiction":"52"}"#, Some("/jurisdiction")),
            (r#"{"jurisdiction":"+52040"}"#, Some("/jurisdiction")),
            (r#"{"tables":[]}"#, Some("/tables")),
            (r#"{"all":1}"#, Some("/all")),
        ];
        for (text, place) in faults {
            match (read(text), place) {
                (Err(problem), Some(place)) => {
                    assert!(format!("{problem:?}").contains(&format!("{place:?}")), "{text}")
                }
                (Err(problem), None) => assert!(format!("{problem:?}").contains("BadJson"), "{text}"),
                (Ok(_), _) => assert_eq!(text, "refused"),
            }
        }
    }

    #[test]
    fn a_deep_body_is_refused_and_does_not_end_the_stack() {
        let deep = format!(r#"{{"entry":{}"#, "[".repeat(1_000_000));
        assert!(read(&deep).is_err());
    }
}
