//! What stops a command, and the status that the program ends with.
//!
//! In: what went wrong where it was noticed. Out: words for standard error, a status. Must not know: commands.

use std::fmt;
use std::io;
use std::path::Path;

/// What a command gives back.
pub(crate) type Result<T> = std::result::Result<T, Fault>;

/// Status of the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Status {
    /// Done; of a check: pass, or nothing that applies.
    Ok,
    /// Something was found wrong; of a check: fail.
    Failed,
    /// Of a check: undetermined.
    Undetermined,
    /// The command line, an input or a ruleset is faulty.
    Bad,
    /// Nobody reads our output any more.
    Closed,
}

impl Status {
    /// The number.
    pub(crate) fn code(self) -> u8 {
        match self {
            Status::Ok => 0,
            Status::Failed => 1,
            Status::Undetermined => 2,
            Status::Bad => 3,
            // As shells show a program that a closed pipe ended: 128 + SIGPIPE.
            Status::Closed => 141,
        }
    }
}

/// Something that stops a command.
#[derive(Debug)]
pub(crate) enum Fault {
    /// To be said.
    Said {
        /// What is wrong.
        what: String,
        /// What to do, or empty.
        help: String,
    },
    /// Already said, as drawn diagnostics.
    Drawn,
    /// Standard output was closed: no fault of anybody.
    Closed,
}

impl Fault {
    /// What is wrong, without advice.
    pub(crate) fn new(what: impl Into<String>) -> Fault {
        Fault::Said {
            what: what.into(),
            help: String::new(),
        }
    }

    /// Adds what to do.
    #[must_use]
    pub(crate) fn help(self, text: impl Into<String>) -> Fault {
        match self {
            Fault::Said { what, .. } => Fault::Said {
                what,
                help: text.into(),
            },
            other => other,
        }
    }

    /// A file that cannot be read.
    pub(crate) fn unread(path: &Path, error: &io::Error) -> Fault {
        Fault::new(format!("`{}` cannot be read: {}", path.display(), reason(error)))
    }

    /// A file that cannot be written.
    pub(crate) fn unwritten(path: &Path, error: &io::Error) -> Fault {
        Fault::new(format!(
            "`{}` cannot be written: {}",
            path.display(),
            reason(error)
        ))
    }

    /// The status that the program ends with.
    pub(crate) fn status(&self) -> Status {
        match self {
            Fault::Said { .. } | Fault::Drawn => Status::Bad,
            Fault::Closed => Status::Closed,
        }
    }
}

/// An error of the system without its number.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or("").to_lowercase()
        }
    }
}

/// Output that fails: closed by its reader, or a fault.
impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Fault::Closed
        } else {
            Fault::new(format!("the output cannot be written: {}", reason(&error)))
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Said { what, help } if help.is_empty() => f.write_str(what),
            Fault::Said { what, help } => write!(f, "{what}\n  help: {help}"),
            Fault::Drawn | Fault::Closed => Ok(()),
        }
    }
}
