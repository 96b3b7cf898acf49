//! The body of a submission, read without being rebuilt: the entry stays the bytes that were sent.
//!
//! In: text. Out: `Body`, or the problem. Must not know: rulesets.

use crate::openapi::shapes::{Day, Division, RulesetId, Sha256, Time, shapes};
use crate::problem::{Kind, Problem};
use rules_core::domain::date::Date;
use rules_core::json::{push_index, push_key};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_path_to_error::Segment;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use utoipa::ToSchema;

shapes! {
    /// A text that lists show.
    ShortText = |text| text.pattern(Some("^[^\\u0000]*$")).max_length(Some(WORDS));
    /// Media type and place of a part.
    PartText = |text| text.pattern(Some("^[^\\u0000]*$")).max_length(Some(PART_WORDS));
}

/// What a form sends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = SubmissionBody)]
pub struct Body<'a> {
    /// The ruleset that the form judged by.
    pub ruleset: Named,
    /// The day of the check, `2026-03-02`.
    #[schema(value_type = Day)]
    pub as_of: String,
    /// The place, a division code of six digits.
    #[schema(value_type = Option<Division>)]
    pub jurisdiction: Option<String>,
    /// The answers. Anything: what cannot be answers is said in the report.
    #[serde(borrow)]
    #[schema(value_type = serde_json::Value)]
    pub entry: &'a RawValue,
    /// Digest of the form's own plain report.
    #[schema(value_type = Sha256)]
    pub report: String,
    /// The form's own report. Stored with the body, for whoever looks into a difference.
    #[serde(borrow)]
    #[schema(value_type = Option<serde_json::Value>)]
    #[expect(dead_code, reason = "only its shape is checked")]
    pub client_report: Option<&'a RawValue>,
    /// Tables that the form judged with: name → digest.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Sha256>)]
    pub tables: BTreeMap<String, String>,
    /// Photos and other files, which are sent apart.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub parts: Vec<Part>,
    /// How the entry came about.
    pub context: Option<Context>,
    /// What was inspected, in words for lists.
    pub subject: Option<Subject>,
    /// Why an earlier revision is replaced.
    #[schema(value_type = Option<ShortText>)]
    pub reason: Option<String>,
}

/// A ruleset by id and digest.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Its id.
    #[schema(value_type = RulesetId)]
    pub id: String,
    /// `sha256:…`
    #[schema(value_type = Sha256)]
    pub digest: String,
}

/// A file that belongs to a submission.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// `sha256:…` of its bytes.
    #[schema(value_type = Sha256)]
    pub digest: String,
    /// How many.
    #[schema(maximum = 20_971_520)]
    pub bytes: u32,
    /// Media type.
    #[serde(rename = "type")]
    #[schema(value_type = PartText)]
    pub media_type: String,
    /// JSON Pointer of the answer that it belongs to.
    #[schema(value_type = PartText)]
    pub at: String,
}

/// How an entry came about: times by the sender's clock, the sender's own count, the program.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Context {
    /// RFC 3339.
    #[schema(value_type = Option<Time>)]
    pub started_at: Option<String>,
    /// RFC 3339.
    #[schema(value_type = Option<Time>)]
    pub finished_at: Option<String>,
    /// Counts what the device has finished.
    #[schema(maximum = 9_007_199_254_740_991_u64)]
    pub sequence: Option<u64>,
    /// Version of the form's program.
    #[expect(dead_code, reason = "only its shape is checked")]
    pub app: Option<String>,
}

/// What was inspected.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Name of the place.
    #[schema(value_type = Option<ShortText>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its kind.
    #[schema(value_type = Option<ShortText>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Where it is.
    #[schema(value_type = Option<ShortText>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// The largest part.
pub const PART_BYTES: u32 = 20 << 20;

/// Parts of one submission.
const PARTS: usize = 200;

/// Media type and place of a part.
const PART_WORDS: usize = 200;

/// The largest count: beyond it, not every reader of JSON keeps whole numbers apart.
const COUNT: u64 = (1 << 53) - 1;

/// A text that lists show.
const WORDS: usize = 400;

/// A submission whose form is right: the bytes that were sent, and what was found in them.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The whole body.
    pub text: Arc<str>,
    entry: Range<usize>,
    /// Id and digest of the ruleset that the form judged by.
    pub ruleset: (String, String),
    /// The day of the check.
    pub as_of: Date,
    /// The place.
    pub jurisdiction: Option<u32>,
    /// Digest of the form's report.
    pub client_report: String,
    /// Name → digest.
    pub tables: BTreeMap<String, String>,
    /// In the order of the body.
    pub parts: Vec<Part>,
    /// Canonical JSON.
    pub subject: Option<String>,
    /// Why an earlier revision is replaced.
    pub reason: Option<String>,
}

impl Submission {
    /// The answers, as the bytes that were sent.
    pub fn entry(&self) -> &str {
        self.text.get(self.entry.clone()).unwrap_or("null")
    }
}

/// Reads a body whole.
///
/// # Errors
/// Those of [`read`].
pub fn submission(text: Arc<str>) -> Result<Submission, Problem> {
    let (body, as_of, jurisdiction) = read(&text)?;
    let entry = body.entry.get();
    let start = (entry.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let subject = body.subject.as_ref().map(serde_json::to_string).transpose();
    let subject = subject.map_err(|_| bad("/subject", "the member has the wrong shape"))?;
    Ok(Submission {
        entry: start..start + entry.len(),
        ruleset: (body.ruleset.id, body.ruleset.digest),
        as_of,
        jurisdiction,
        client_report: body.report,
        tables: body.tables,
        parts: body.parts,
        subject,
        reason: body.reason.filter(|reason| !reason.trim().is_empty()),
        text: text.clone(),
    })
}

/// Reads a body and checks what does not need a ruleset. Gives the day and the place beside it.
///
/// # Errors
/// `bad-json` where the text is not JSON; `bad-request` where a member is missing, unknown, twice or of the wrong shape.
pub fn read(text: &str) -> Result<(Body<'_>, Date, Option<u32>), Problem> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let body: Body<'_> = serde_path_to_error::deserialize(&mut reader).map_err(refused)?;
    reader
        .end()
        .map_err(|error| Problem::new(Kind::BadJson, stopped(&error)))?;
    let as_of = Date::parse(&body.as_of).map_err(|_| bad("/asOf", "a day is written 2026-03-01"))?;
    let jurisdiction = body.jurisdiction.as_deref().map(code).transpose()?;
    for (at, digest) in [
        ("/ruleset/digest", &body.ruleset.digest),
        ("/report", &body.report),
    ] {
        is_digest(digest).then_some(()).ok_or_else(|| bad(at, DIGEST))?;
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if !(1..=100).contains(&body.ruleset.id.len()) || !body.ruleset.id.bytes().all(plain) {
        return Err(bad(
            "/ruleset/id",
            "an id has 1 to 100 letters, digits, `.`, `_` and `-`",
        ));
    }
    for (name, digest) in &body.tables {
        let mut at = String::from("/tables");
        push_key(&mut at, name);
        is_digest(digest).then_some(()).ok_or_else(|| bad(&at, DIGEST))?;
    }
    parts(&body.parts)?;
    let subject = body.subject.as_ref();
    let words = [
        ("/subject/name", subject.and_then(|subject| subject.name.as_ref())),
        ("/subject/kind", subject.and_then(|subject| subject.kind.as_ref())),
        (
            "/subject/place",
            subject.and_then(|subject| subject.place.as_ref()),
        ),
        ("/reason", body.reason.as_ref()),
    ];
    for (at, text) in words {
        // PostgreSQL's text takes no NUL.
        if text.is_some_and(|text| text.chars().count() > WORDS || text.contains('\0')) {
            return Err(bad(
                at,
                "the text has at most 400 characters, and none of them is NUL",
            ));
        }
    }
    for (at, time) in [
        (
            "/context/startedAt",
            body.context
                .as_ref()
                .and_then(|context| context.started_at.as_ref()),
        ),
        (
            "/context/finishedAt",
            body.context
                .as_ref()
                .and_then(|context| context.finished_at.as_ref()),
        ),
    ] {
        if time.is_some_and(|time| time.parse::<jiff::Timestamp>().is_err()) {
            return Err(bad(at, "a time is written 2026-03-01T09:30:00+08:00"));
        }
    }
    let sequence = body.context.as_ref().and_then(|context| context.sequence);
    if sequence.is_some_and(|number| number > COUNT) {
        return Err(bad("/context/sequence", "a count is at most 9007199254740991"));
    }
    Ok((body, as_of, jurisdiction))
}

const DIGEST: &str = "a digest is written `sha256:` and 64 hexadecimal digits in lower case";

/// Is it `sha256:` and 64 digits?
pub(crate) fn is_digest(text: &str) -> bool {
    let digits = text.strip_prefix("sha256:").unwrap_or("");
    digits.len() == 64
        && digits
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn code(text: &str) -> Result<u32, Problem> {
    let digits = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    let code = text.parse().ok().filter(|_| digits);
    code.ok_or_else(|| bad("/jurisdiction", "a division code is a text of six digits"))
}

fn parts(parts: &[Part]) -> Result<(), Problem> {
    if parts.len() > PARTS {
        return Err(bad("/parts", "a submission has at most 200 parts"));
    }
    for (number, part) in parts.iter().enumerate() {
        let mut at = String::from("/parts");
        push_index(&mut at, number);
        if !is_digest(&part.digest) {
            return Err(bad(&format!("{at}/digest"), DIGEST));
        }
        if part.bytes > PART_BYTES {
            return Err(bad(&format!("{at}/bytes"), "a part has at most 20 MiB"));
        }
        let plain = |text: &str| text.chars().count() <= PART_WORDS && !text.contains('\0');
        if !plain(&part.media_type) || !plain(&part.at) {
            return Err(bad(
                &at,
                "`type` and `at` have at most 200 characters, and none of them is NUL",
            ));
        }
    }
    Ok(())
}

fn bad(at: &str, detail: &str) -> Problem {
    Problem::new(Kind::BadRequest, detail).at(at)
}

fn stopped(error: &serde_json::Error) -> String {
    format!(
        "reading stopped at line {}, column {}",
        error.line(),
        error.column()
    )
}

/// The reader's own words repeat what it found, which may be anything: only what it expected is said.
pub(crate) fn refused(error: serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let mut at = String::new();
    for segment in error.path() {
        match segment {
            Segment::Seq { index } => push_index(&mut at, *index),
            Segment::Map { key } => push_key(&mut at, key),
            Segment::Enum { variant } => push_key(&mut at, variant),
            Segment::Unknown => {}
        }
    }
    let error = error.into_inner();
    if !error.is_data() {
        return Problem::new(Kind::BadJson, stopped(&error));
    }
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or("");
    let detail = match text.rfind("expected ").and_then(|start| text.get(start..)) {
        Some(expected) => expected.to_owned(),
        None if text.starts_with("missing field") || text.starts_with("duplicate field") => text.to_owned(),
        None => String::from("the member has the wrong shape"),
    };
    Problem::new(Kind::BadRequest, detail).at(at)
}
