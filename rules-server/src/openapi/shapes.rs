//! Texts of one shape, as the document describes them: what a reader of this server takes, no more and no less.
//!
//! In: nothing. Out: schemas. Must not know: which address takes which.

/// Types that stand for a text of one shape in the document. They have no values: the program itself reads texts.
macro_rules! shapes {
    ($($(#[doc = $doc:literal])* $name:ident = $made:expr;)*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum $name {}

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let made: fn(utoipa::openapi::ObjectBuilder) -> utoipa::openapi::ObjectBuilder = $made;
                let text = utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::Type::String);
                made(text).into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )*};
}

pub(crate) use shapes;
use utoipa::openapi::{KnownFormat, SchemaFormat};

shapes! {
    /// A division code of GB/T 2260: six digits.
    Division = |text| text.pattern(Some("^[0-9]{6}$"));
    /// A division code that is an area: that of a province or below, or `000000` for the whole country.
    Area = |text| text.pattern(Some("^(000000|(1[1-9]|[2-9][0-9])[0-9]{4})$"));
    /// A day, `2026-03-02`.
    Day = |text| text.format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)));
    /// A time with its offset, `2026-03-01T09:30:00+08:00`.
    Time = |text| text.format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
    /// A SHA-256 as 64 hexadecimal digits in lower case.
    Hex = |text| text.pattern(Some("^[0-9a-f]{64}$"));
    /// A digest: `sha256:` and 64 hexadecimal digits in lower case.
    Sha256 = |text| text.pattern(Some("^sha256:[0-9a-f]{64}$"));
    /// Bytes as base64url without padding.
    Base64Url = |text| text.pattern(Some("^[A-Za-z0-9_-]*$"));
    /// Bytes as they are.
    Binary = |text| text.format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
    /// A UUID of version 7 as RFC 9562 writes it.
    SubmissionId = |text| text.pattern(Some("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"));
    /// Id of a ruleset.
    RulesetId = |text| text.pattern(Some("^[A-Za-z0-9._-]{1,100}$"));
    /// A text that may be searched for: not empty, without U+0000, which no database keeps.
    Word = |text| text.pattern(Some("^[^\\u0000]+$"));
    /// What people call somebody or something: not only spaces, and no control characters.
    Label = |text| {
        let pattern = "^[^\\u0000-\\u001F\\u007F-\\u009F]*\\S[^\\u0000-\\u001F\\u007F-\\u009F]*$";
        text.pattern(Some(pattern)).min_length(Some(1)).max_length(Some(100))
    };
    /// A name to log in with: of ASCII letters, digits, `.`, `_`, `@` and `-`; beyond ASCII letters and digits, which not every reader of patterns
    /// knows a word for.
    LoginName = |text| text.pattern(Some("^[^\\u0000-,/:-?\\[-^`{-\\u007F]{2,64}$"));
    /// A new password.
    NewPassword = |text| text.min_length(Some(10)).max_length(Some(128));
    /// Why somebody reads: 2 to 200 characters, those beyond ASCII percent-encoded.
    PurposeText = |text| text.min_length(Some(2));
    /// Where a list goes on: `next` of the page before.
    Cursor = |text| text.pattern(Some("^[1-9][0-9]{0,17}$"));
}
