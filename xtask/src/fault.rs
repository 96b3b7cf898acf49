//! The one error type: what is wrong, and what the person in front of the terminal does about it.

use std::fmt;

pub(crate) type Result<T> = std::result::Result<T, Fault>;

/// Something that stops a command.
#[derive(Debug)]
pub(crate) struct Fault {
    what: String,
    remedy: String,
}

impl Fault {
    pub(crate) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Fault {
            what: what.into(),
            remedy: remedy.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  what to do: {}", self.what, self.remedy)
    }
}
