//! What goes wrong over HTTP, as RFC 9457 problem details with types that never change their meaning.
//!
//! In: a kind and what is particular to this occurrence. Out: a response of type `application/problem+json`. Must not know: what was
//! being done. A detail never repeats what somebody filled in.

use crate::write::Object;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

/// Where the types are described; a type is this address with the kind's word behind it.
pub const TYPES: &str = "https://github.com/weibao/rules/blob/main/docs/server.md#";

/// The media type of problems.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $status:literal $word:literal $title:literal;)*) => {
        /// The kinds of problems.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Kind { $($(#[$doc])* $name,)* }

        impl Kind {
            /// Kind, status, word of the type and title.
            pub const ALL: &'static [(Kind, u16, &'static str, &'static str)] =
                &[$((Kind::$name, $status, $word, $title),)*];
        }
    };
}

kinds! {
    /// The body ended too early.
    BrokenOff 400 "broken-off" "The body did not arrive whole";
    /// The body is not JSON.
    BadJson 400 "bad-json" "The body is not valid JSON";
    /// No token, or one that is not valid.
    NoAccess 401 "no-access" "This address needs a valid token";
    /// A device was revoked, or a session has ended.
    TokenRevoked 401 "token-revoked" "This token is no longer valid: it was revoked";
    /// A token's time is over.
    TokenExpired 401 "token-expired" "This token is no longer valid: its time is over";
    /// Name and password do not fit.
    WrongPassword 401 "wrong-password" "Name and password do not fit";
    /// A login through the identity provider came to nothing.
    LoginFailed 401 "login-failed" "The login was not completed";
    /// The token does not allow it.
    Forbidden 403 "forbidden" "The token does not allow this";
    /// A cookie alone does not show that our own page asks.
    NeedsHeader 403 "needs-header" "A header of our own page is missing";
    /// Nothing has this address.
    NotFound 404 "not-found" "There is nothing at this address";
    /// No bundle of that id is loaded.
    UnknownRuleset 404 "unknown-ruleset" "There is no such ruleset";
    /// No revision names that part.
    UnknownPart 404 "unknown-part" "No submission names this part";
    /// Another method is needed.
    WrongMethod 405 "wrong-method" "This address does not take that method";
    /// The body did not arrive in time.
    TooSlow 408 "too-slow" "The request took too long";
    /// Something else is stored under this id.
    Conflict 409 "conflict" "Something else is stored under this id";
    /// A piece of a part does not begin where the last one ended.
    WrongOffset 409 "wrong-offset" "The piece does not begin where the last one ended";
    /// What is asked leads nowhere from the state that the thing is in.
    WrongState 409 "wrong-state" "This cannot be done in the present state";
    /// `If-Match` names another version than the current one.
    Stale 412 "stale" "It was changed since";
    /// The body is beyond the limit.
    TooLarge 413 "too-large" "The body is larger than this server takes";
    /// The body is not declared as JSON, or is compressed.
    WrongMediaType 415 "wrong-media-type" "The body must be uncompressed application/json";
    /// A member is missing, unknown or of the wrong shape.
    BadRequest 422 "bad-request" "The request is not what this address takes";
    /// It was not said why entries are read.
    PurposeRequired 422 "purpose-required" "Say why you read this";
    /// The body is no bundle that can be published.
    BadBundle 422 "bad-bundle" "The bundle cannot be used";
    /// A table does not fit the ruleset.
    BadTable 422 "bad-table" "A table does not fit the ruleset";
    /// The bytes of a part have another digest.
    WrongDigest 422 "wrong-digest" "The bytes have another digest";
    /// A sealed body cannot be opened.
    NotOpened 422 "not-opened" "The sealed body cannot be opened";
    /// `If-Match` is missing.
    NeedsMatch 428 "needs-if-match" "The header If-Match is missing";
    /// Too many mistakes.
    TooMany 429 "too-many-mistakes" "Too many mistakes; wait";
    /// One client asks more often than it may.
    RateLimited 429 "rate-limited" "Too many requests; come back later";
    /// A fault of the server.
    Internal 500 "internal" "The server made a mistake";
    /// The database is away.
    Unavailable 503 "unavailable" "The server cannot store or read now";
    /// No room on the disk.
    StorageFull 507 "storage-full" "The server has no room to store this";
}

impl Kind {
    fn row(self) -> (u16, &'static str, &'static str) {
        let found = Kind::ALL.iter().find(|row| row.0 == self);
        found.map_or((500, "internal", ""), |row| (row.1, row.2, row.3))
    }
}

/// One problem.
#[derive(Clone, Debug)]
pub struct Problem {
    kind: Kind,
    detail: String,
    at: Option<String>,
    code: Option<&'static str>,
    more: Vec<(&'static str, String)>,
    /// Boxed, so that the results that carry a problem stay small.
    raw: Option<Box<(&'static str, String)>>,
}

impl Problem {
    /// A problem with what is particular about it.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Problem {
        Problem {
            kind,
            detail: detail.into(),
            at: None,
            code: None,
            more: Vec::new(),
            raw: None,
        }
    }

    /// Too many mistakes: try again after so many seconds.
    pub(crate) fn wait(seconds: u64, detail: &str) -> Problem {
        Problem::new(Kind::TooMany, detail).retry_after(seconds)
    }

    /// What kind it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What all problems of a kind are called.
    pub fn title(kind: Kind) -> &'static str {
        kind.row().2
    }

    /// What is particular about it.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Says where in the body: a JSON Pointer.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>) -> Problem {
        self.at = Some(pointer.into());
        self
    }

    /// Adds the engine's own word.
    #[must_use]
    pub fn code(mut self, code: &'static str) -> Problem {
        self.code = Some(code);
        self
    }

    /// Says after how many seconds to come back.
    #[must_use]
    pub(crate) fn retry_after(self, seconds: u64) -> Problem {
        self.with("retryAfter", seconds.to_string())
    }

    /// Adds a member of its own to the answer, a text.
    #[must_use]
    pub fn with(mut self, name: &'static str, text: impl Into<String>) -> Problem {
        self.more.push((name, text.into()));
        self
    }

    /// Adds a member of its own to the answer, as JSON.
    #[must_use]
    pub(crate) fn with_json(mut self, name: &'static str, json: String) -> Problem {
        self.raw = Some(Box::new((name, json)));
        self
    }

    /// The problem of a response that another layer refused with a bare status.
    pub(crate) fn of_status(status: StatusCode) -> Problem {
        let kind = match status {
            StatusCode::METHOD_NOT_ALLOWED => Kind::WrongMethod,
            StatusCode::REQUEST_TIMEOUT => Kind::TooSlow,
            StatusCode::PAYLOAD_TOO_LARGE => Kind::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Kind::WrongMediaType,
            status if status.is_server_error() => Kind::Internal,
            StatusCode::NOT_FOUND => Kind::NotFound,
            _ => Kind::BadRequest,
        };
        Problem::new(kind, "")
    }
}

/// Marks a refusal whose body is something else than a problem, such as a table of faults, as meant so.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told;

/// Does it say what is wrong already?
pub(crate) fn is_problem(response: &Response) -> bool {
    response.extensions().get::<Told>().is_some()
        || response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind == MEDIA_TYPE)
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, word, title) = self.kind.row();
        let mut body = Object::new();
        body.text("type", &format!("{TYPES}{word}"));
        body.text("title", title);
        body.raw("status", &status.to_string());
        if !self.detail.is_empty() {
            body.text("detail", &self.detail);
        }
        if let Some(at) = &self.at {
            body.text("at", at);
        }
        if let Some(code) = self.code {
            body.text("code", code);
        }
        for (name, text) in &self.more {
            body.text(name, text);
        }
        if let Some((name, json)) = self.raw.as_deref() {
            body.raw(name, json);
        }
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let wait = self.more.iter().find(|(name, _)| *name == "retryAfter");
        let wait = wait.map(|(_, seconds)| seconds.clone());
        let media = HeaderValue::from_static(MEDIA_TYPE);
        let mut response = (status, [(header::CONTENT_TYPE, media)], body.finish()).into_response();
        let (name, value) = match self.kind {
            Kind::NoAccess | Kind::TokenRevoked | Kind::TokenExpired => (header::WWW_AUTHENTICATE, "Bearer"),
            Kind::Unavailable => (header::RETRY_AFTER, "5"),
            Kind::StorageFull => (header::RETRY_AFTER, "60"),
            Kind::TooMany | Kind::RateLimited => (header::RETRY_AFTER, wait.as_deref().unwrap_or("60")),
            _ => return response,
        };
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl utoipa::ToSchema for Problem {}

impl utoipa::PartialSchema for Problem {
    fn schema() -> RefOr<Schema> {
        let of = |kind: Type, description: &str| {
            ObjectBuilder::new()
                .schema_type(kind)
                .description(Some(description))
        };
        let types = Kind::ALL.iter().map(|row| format!("{TYPES}{}", row.2));
        ObjectBuilder::new()
            .description(Some(
                "What went wrong (RFC 9457). A kind may have members of its own.",
            ))
            .property(
                "type",
                of(Type::String, "What kind it is; never changes its meaning").enum_values(Some(types)),
            )
            .property("title", of(Type::String, "What all of the kind are called"))
            .property("status", of(Type::Integer, "That of the answer"))
            .property("detail", of(Type::String, "What is particular about this one"))
            .property(
                "at",
                of(
                    Type::String,
                    "Where in the body, a JSON Pointer, or which member of the query",
                ),
            )
            .property("code", of(Type::String, "The engine's own word"))
            .property(
                "retryAfter",
                of(Type::String, "After how many seconds to come back"),
            )
            .property(
                "stored",
                of(Type::String, "What is stored: a digest or a version"),
            )
            .required("type")
            .required("title")
            .required("status")
            .into()
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn words_are_unique_and_statuses_are_errors() {
        for (number, row) in Kind::ALL.iter().enumerate() {
            assert!((400..600).contains(&row.1));
            assert!(Kind::ALL.iter().skip(number + 1).all(|other| other.2 != row.2));
        }
    }
}
