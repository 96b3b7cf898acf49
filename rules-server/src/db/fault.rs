//! Why something was not read or written.
//!
//! In: errors of the database, refusals of whoever writes. Out: one value, and the problem that a client is told. Must not know: statements.

use crate::problem::{Kind, Problem};

/// Why something was not read or written.
#[derive(Debug)]
pub enum Fault {
    /// Whoever wanted to write found a reason against it. Boxed, for it is the rare case and the large one.
    Refused(Box<Problem>),
    /// The database.
    Sql(sqlx::Error),
    /// The database did not answer in time, or its writer has ended.
    Unavailable,
    /// Work ended in a panic.
    Broken,
}

/// What a fault of the database means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Cause {
    /// No room.
    Full,
    /// Away, or ill.
    Away,
    /// This statement; others may well work.
    Statement,
}

impl Fault {
    /// Is it of the whole transaction, rather than of one piece of work in it?
    pub(crate) fn is_of_all(&self) -> bool {
        match self {
            Fault::Refused(_) => false,
            Fault::Sql(error) => cause(error) != Cause::Statement,
            Fault::Unavailable | Fault::Broken => true,
        }
    }

    /// Another of the same meaning, for those who share a transaction.
    pub(crate) fn same(&self) -> Fault {
        match self {
            Fault::Sql(error) if cause(error) == Cause::Full => {
                Fault::Refused(Box::new(Problem::new(Kind::StorageFull, "")))
            }
            _ => Fault::Unavailable,
        }
    }
}

/// SQLite: the low byte of the code is the kind (10 input or output, 11 and 26 damaged, 13 full, 14 cannot open). PostgreSQL: classes
/// 53 resources, 57 operator, 58 system, 08 connection; 25 is a transaction that has already failed or must not write.
pub(crate) fn cause(error: &sqlx::Error) -> Cause {
    let Some(database) = error.as_database_error() else {
        return match error {
            sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::StorageFull => Cause::Full,
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Cause::Away,
            _ => Cause::Statement,
        };
    };
    let code = database.code().unwrap_or_default();
    // Both number their codes; PostgreSQL's have five characters, SQLite's at most four.
    if code.len() < 5 {
        return match code.parse::<u32>().map(|code| code & 0xff) {
            Ok(13) => Cause::Full,
            Ok(5 | 6 | 8 | 10 | 11 | 14 | 26) => Cause::Away,
            _ => Cause::Statement,
        };
    }
    match code.get(..2) {
        _ if code == "53100" => Cause::Full,
        Some("53" | "57" | "58" | "08" | "25" | "XX") => Cause::Away,
        _ => Cause::Statement,
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Fault {
        Fault::Sql(error)
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Fault {
        Fault::Refused(Box::new(problem))
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Problem {
        let (kind, log) = match fault {
            Fault::Refused(problem) => return *problem,
            Fault::Unavailable => return Problem::new(Kind::Unavailable, AGAIN),
            // PostgreSQL keeps no U+0000 in a text, and finds nothing by one: whoever sends it sends nothing that can be meant.
            Fault::Sql(error) if is_unstorable(&error) => {
                return Problem::new(Kind::BadRequest, "a text holds the character U+0000");
            }
            Fault::Broken => (Kind::Internal, String::from("work ended in a panic")),
            Fault::Sql(error) => match cause(&error) {
                Cause::Full => (Kind::StorageFull, described(&error)),
                Cause::Away => (Kind::Unavailable, described(&error)),
                Cause::Statement => (Kind::Internal, described(&error)),
            },
        };
        tracing::error!(fault = %log, "database");
        Problem::new(kind, if kind == Kind::Internal { "" } else { AGAIN })
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Problem {
        Fault::Sql(error).into()
    }
}

/// 22021: a character that the database's encoding does not have.
fn is_unstorable(error: &sqlx::Error) -> bool {
    let database = error.as_database_error();
    database.is_some_and(|error| error.code().is_some_and(|code| code == "22021"))
}

const AGAIN: &str = "nothing was acknowledged; send the same request again later";

/// What may stand in a log: PostgreSQL's detail repeats values of rows, so only its message and code do.
fn described(error: &sqlx::Error) -> String {
    match error.as_database_error() {
        Some(database) => format!("{} ({})", database.message(), database.code().unwrap_or_default()),
        None => error.to_string(),
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::Refused(problem) => write!(f, "{}", problem.detail()),
            Fault::Sql(error) => f.write_str(&described(error)),
            Fault::Unavailable => f.write_str("the database does not answer"),
            Fault::Broken => f.write_str("work ended in a panic"),
        }
    }
}

impl std::error::Error for Fault {}
