//! What goes wrong over HTTP, as RFC 9457 problem details with types that never change their meaning.
//!
//! In: a kind and what is particular to this occurrence. Out: a response of type `application/problem+json`. Must not know: what was
//! being done. A detail never repeats what somebody filled in.

use crate::write::Object;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Where the types are described; a type is this address with the kind's word behind it.
pub const TYPES: &str = "https://github.com/weibao/rules/blob/main/docs/server.md#";

const MEDIA_TYPE: &str = "application/problem+json";

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
    /// The body is not JSON.
    BadJson 400 "bad-json" "The body is not valid JSON";
    /// No token, or one that is not valid.
    NoAccess 401 "no-access" "This address needs a valid token";
    /// The token does not allow it.
    Forbidden 403 "forbidden" "The token does not allow this";
    /// Nothing has this address.
    NotFound 404 "not-found" "There is nothing at this address";
    /// No bundle of that id is loaded.
    UnknownRuleset 404 "unknown-ruleset" "There is no such ruleset";
    /// Another method is needed.
    WrongMethod 405 "wrong-method" "This address does not take that method";
    /// The body did not arrive in time.
    TooSlow 408 "too-slow" "The request took too long";
    /// Something else is stored under this id.
    Conflict 409 "conflict" "Something else is stored under this id";
    /// `If-Match` names another version than the current one.
    Stale 412 "stale" "It was changed since";
    /// The body is beyond the limit.
    TooLarge 413 "too-large" "The body is larger than this server takes";
    /// The body is not declared as JSON, or is compressed.
    WrongMediaType 415 "wrong-media-type" "The body must be uncompressed application/json";
    /// A member is missing, unknown or of the wrong shape.
    BadRequest 422 "bad-request" "The request is not what this address takes";
    /// A table does not fit the ruleset.
    BadTable 422 "bad-table" "A table does not fit the ruleset";
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
        }
    }

    /// What kind it is.
    pub fn kind(&self) -> Kind {
        self.kind
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

    /// Adds a member of its own to the answer, a text.
    #[must_use]
    pub fn with(mut self, name: &'static str, text: impl Into<String>) -> Problem {
        self.more.push((name, text.into()));
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

/// Is it a problem already?
pub(crate) fn is_problem(response: &Response) -> bool {
    response
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
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let media = HeaderValue::from_static(MEDIA_TYPE);
        let mut response = (status, [(header::CONTENT_TYPE, media)], body.finish()).into_response();
        let (name, value) = match self.kind {
            Kind::NoAccess => (header::WWW_AUTHENTICATE, "Bearer"),
            Kind::Unavailable => (header::RETRY_AFTER, "5"),
            Kind::StorageFull => (header::RETRY_AFTER, "60"),
            _ => return response,
        };
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
        response
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
