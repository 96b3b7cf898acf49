//! `rules users`: accounts of staff, for whoever runs the server.
//!
//! In: names, roles, areas; a password on standard input. Out: accounts. Must not know: how they are stored.

use crate::fault::{Fault, Result, Status};
use crate::stored::{self, Place};
use crate::term;
use clap::{Subcommand, ValueEnum};
use rules_server::{AccessSettings, Change, New, Role, User};
use std::io::Read;

const EXAMPLES: &str = "\
Examples:
  rules users add zhang.wei --role office --area 520400 --data data      a password is made and printed
  rules users add li.na --role admin --data data --password-stdin < file
  rules users list --data data
  rules users password zhang.wei --data data                             another one; all sessions end
  rules users disable zhang.wei --data data                              at once, also for open sessions

The server may run at the same time. Roles and areas: docs/server/access.md.";

/// Accounts of staff: add, list, disable, enable, new password
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Make an account
    Add {
        /// The name to log in with
        name: String,
        /// What it may do
        #[arg(long)]
        role: Word,
        /// Division code: it sees that area and below; 000000 is the whole country
        #[arg(long, value_name = "CODE", default_value = "000000")]
        area: String,
        /// What people call it
        #[arg(long, value_name = "NAME")]
        display: Option<String>,
        /// Read the password from standard input instead of making one
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        place: Place,
    },
    /// List all accounts
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Let nobody log in with an account any more, and end its sessions
    Disable {
        /// The account
        name: String,
        #[command(flatten)]
        place: Place,
    },
    /// Let an account log in again
    Enable {
        /// The account
        name: String,
        #[command(flatten)]
        place: Place,
    },
    /// Give an account another password, and end its sessions
    Password {
        /// The account
        name: String,
        /// Read the password from standard input instead of making one
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        place: Place,
    },
}

/// What an account may do
#[derive(Clone, Copy, ValueEnum)]
enum Word {
    /// Sends, and reads what is its own
    Inspector,
    /// Reads and replays in its area
    Reviewer,
    /// Keeps the ledger of its area, lets devices in
    Office,
    /// Everything in its area, accounts included
    Admin,
}

impl Word {
    fn role(self) -> Role {
        match self {
            Word::Inspector => Role::Inspector,
            Word::Reviewer => Role::Reviewer,
            Word::Office => Role::Office,
            Word::Admin => Role::Admin,
        }
    }
}

/// Whose doing it is, in the chain.
const BY: &str = "command line";

pub(crate) fn run(args: Args) -> Result<Status> {
    match args.what {
        What::Add {
            name,
            role,
            area,
            display,
            password_stdin,
            place,
        } => {
            let new = New {
                name,
                display,
                role: role.role(),
                area,
                password: given(password_stdin)?,
            };
            let user = open(&place, |app| async move { app.add_user(new, BY).await })?;
            told(&user.name, user.password.as_deref())
        }
        What::List { place } => {
            let users = open(&place, |app| async move { app.users().await })?;
            let lines: String = users.iter().map(line).collect();
            term::print(&lines)?;
            Ok(Status::Ok)
        }
        What::Disable { name, place } => switch(&place, name, true),
        What::Enable { name, place } => switch(&place, name, false),
        What::Password {
            name,
            password_stdin,
            place,
        } => {
            let given = given(password_stdin)?;
            let made = given.is_none();
            let (user, password) = open(&place, |app| async move {
                let password = match given {
                    Some(password) => password,
                    None => app.fresh_password()?,
                };
                let change = Change {
                    password: Some(password.clone()),
                    ..Change::default()
                };
                Ok((app.change_user(&name, change, BY).await?, password))
            })?;
            told(&user.name, made.then_some(password.as_str()))
        }
    }
}

fn open<T, W, F>(place: &Place, work: W) -> Result<T>
where
    W: FnOnce(rules_server::App) -> F,
    F: Future<Output = std::result::Result<T, rules_server::Problem>>,
{
    stored::with(place, AccessSettings::default(), work)
}

fn switch(place: &Place, name: String, disabled: bool) -> Result<Status> {
    let change = Change {
        disabled: Some(disabled),
        ..Change::default()
    };
    open(
        place,
        |app| async move { app.change_user(&name, change, BY).await },
    )?;
    Ok(Status::Ok)
}

/// The account, and its password where one was made: the only time that it is shown.
fn told(name: &str, password: Option<&str>) -> Result<Status> {
    let password = password.map_or(String::new(), |password| format!(" {password}"));
    term::print(&format!("{name}{password}\n"))?;
    Ok(Status::Ok)
}

fn line(user: &User) -> String {
    let state = match &user.disabled_at {
        Some(since) => format!("disabled {since}"),
        None => "active".to_owned(),
    };
    let User {
        name,
        role,
        area,
        login,
        ..
    } = user;
    format!("{name}\t{}\t{area}\t{login}\t{state}\n", role.word())
}

/// The first line of standard input.
fn given(wanted: bool) -> Result<Option<String>> {
    if !wanted {
        return Ok(None);
    }
    let mut text = String::new();
    std::io::stdin()
        .take(4096)
        .read_to_string(&mut text)
        .map_err(|error| Fault::new(format!("standard input: {error}")))?;
    let line = text.lines().next().unwrap_or("").to_owned();
    if line.is_empty() {
        return Err(Fault::new("standard input has no password").help("give it as the first line"));
    }
    Ok(Some(line))
}
