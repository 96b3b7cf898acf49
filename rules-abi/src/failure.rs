//! Why a call gave nothing: a stable code, a place, and more for developers; three lines of text, of which only the last may have line ends.

use alloc::string::String;

/// A refused call.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Failure {
    pub(crate) code: &'static str,
    pub(crate) path: String,
    pub(crate) detail: String,
}

/// No living thing of the right kind has this handle.
pub(crate) const BAD_HANDLE: &str = "bad_handle";
/// The bytes do not lie in memory that was handed out.
pub(crate) const BAD_BUFFER: &str = "bad_buffer";
/// The bytes are not UTF-8.
pub(crate) const NOT_UTF8: &str = "not_utf8";
/// An option is missing, misspelt or of the wrong type.
pub(crate) const BAD_OPTION: &str = "bad_option";
impl Failure {
    pub(crate) fn new(code: &'static str, path: &str, detail: &str) -> Failure {
        Failure {
            code,
            path: path.into(),
            detail: detail.into(),
        }
    }

    pub(crate) fn of(code: &'static str) -> Failure {
        Failure::new(code, "", "")
    }

    /// As the host reads it.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for part in [self.code, "\n", &self.path, "\n", &self.detail] {
            text.push_str(part);
        }
        text
    }
}
