//! The file of `rules serve --config`: the same options as on the command line, by their long names.
//!
//! In: arguments. Out: arguments, with those of the file among them. Must not know: what an option does. What stands on the command line wins
//! over the environment, and both over the file.

use crate::fault::{Fault, Result};
use crate::files;
use clap::{Arg, ArgAction, Command};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use toml::{Table, Value};

const COMMAND: &str = "serve";
const OPTION: &str = "--config";
const VARIABLE: &str = "WEIBAO_CONFIG";

/// Larger is no file of options.
const LIMIT: usize = 1 << 20;

/// The arguments of the process, with the file's options behind the command's name.
pub(crate) fn expand(program: &Command, args: Vec<OsString>) -> Result<Vec<OsString>> {
    let Some(at) = args.iter().position(|arg| arg == COMMAND) else {
        return Ok(args);
    };
    let (before, after) = args.split_at(at + 1);
    let Some(path) = named(after).or_else(|| std::env::var_os(VARIABLE).map(PathBuf::from)) else {
        return Ok(args);
    };
    let Some(command) = program.find_subcommand(COMMAND) else {
        return Ok(args);
    };
    let set = |variable: &OsStr| std::env::var_os(variable).is_some();
    let options = options(command, &path, &files::read(&path, LIMIT)?, after, set)?;
    Ok([before, &options, after].concat())
}

/// The file that is named on the command line.
fn named(args: &[OsString]) -> Option<PathBuf> {
    let at = args.iter().position(|arg| is(arg, OPTION))?;
    match args.get(at)?.to_str().and_then(|arg| arg.split_once('=')) {
        Some((_, path)) => Some(PathBuf::from(path)),
        None => args.get(at + 1).map(PathBuf::from),
    }
}

fn is(arg: &OsStr, option: &str) -> bool {
    let arg = arg.to_string_lossy();
    arg.split('=').next() == Some(option)
}

fn options(
    command: &Command,
    path: &Path,
    text: &str,
    given: &[OsString],
    set: impl Fn(&OsStr) -> bool,
) -> Result<Vec<OsString>> {
    let name = path.display();
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        Fault::new(format!("`{name}` is not TOML: {}", error.to_string().trim_end()))
    })?;
    let mut out = Vec::new();
    for (key, value) in table {
        let known = |arg: &&Arg| arg.get_long() == Some(key.as_str()) && key != "config" && key != "help";
        let Some(arg) = command.get_arguments().find(known) else {
            return Err(Fault::new(format!("`{name}`: there is no option `{key}`"))
                .help("`rules serve --help` lists them; the file has their long names, without `--`"));
        };
        let option = format!("--{key}");
        if given.iter().any(|one| is(one, &option)) || arg.get_env().is_some_and(&set) {
            continue;
        }
        let wrong = || Fault::new(format!("`{name}`: `{key}` has a value that it cannot have"));
        match (arg.get_action(), value) {
            (ArgAction::SetTrue, Value::Boolean(true)) => out.push(OsString::from(option)),
            (ArgAction::SetTrue, Value::Boolean(false)) => {}
            (ArgAction::SetTrue, _) => return Err(wrong().help("write true or false")),
            (_, Value::Array(values)) => {
                for value in values {
                    out.push(written(&option, &value).ok_or_else(wrong)?);
                }
            }
            (_, value) => out.push(written(&option, &value).ok_or_else(wrong)?),
        }
    }
    Ok(out)
}

fn written(option: &str, value: &Value) -> Option<OsString> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Boolean(_) | Value::Datetime(_) | Value::Array(_) | Value::Table(_) => return None,
    };
    Some(OsString::from(format!("{option}={text}")))
}

#[cfg(test)]
mod tests {
    use super::{named, options};
    use clap::{Arg, ArgAction, Command};
    use std::ffi::OsString;
    use std::path::Path;

    fn command() -> Command {
        Command::new("serve")
            .arg(Arg::new("port").long("port").env("WEIBAO_PORT"))
            .arg(Arg::new("demo").long("demo").action(ArgAction::SetTrue))
            .arg(Arg::new("trust").long("trust").action(ArgAction::Append))
    }

    fn from(text: &str, given: &[&str], set: bool) -> Result<Vec<OsString>, String> {
        let given: Vec<OsString> = given.iter().map(OsString::from).collect();
        options(&command(), Path::new("w.toml"), text, &given, |_| set).map_err(|fault| format!("{fault:?}"))
    }

    #[test]
    fn the_file_says_what_nobody_else_says() {
        let text = "port = 80\ndemo = true\ntrust = ['a', 'b']";
        let all = ["--demo", "--port=80", "--trust=a", "--trust=b"].map(OsString::from);
        let mut found = from(text, &[], false).unwrap_or_default();
        found.sort();
        assert_eq!(found, all);
        assert_eq!(from("port = 80", &["--port=81"], false), Ok(vec![]));
        assert_eq!(from("port = 80", &["--port", "81"], false), Ok(vec![]));
        assert_eq!(from("port = 80", &[], true), Ok(vec![]));
        assert_eq!(from("demo = false", &[], false), Ok(vec![]));
    }

    #[test]
    fn what_is_wrong_in_the_file_is_said() {
        for (text, word) in [
            ("prot = 80", "prot"),
            ("demo = 1", "true or false"),
            ("port = [[1]]", "port"),
            ("port = ", "TOML"),
        ] {
            let fault = from(text, &[], false).err().unwrap_or_default();
            assert!(fault.contains(word), "{text}: {fault}");
        }
    }

    #[test]
    fn the_file_is_named_either_way() {
        let args = |args: &[&str]| args.iter().map(OsString::from).collect::<Vec<_>>();
        assert_eq!(
            named(&args(&["--config", "a.toml"])).as_deref(),
            Some(Path::new("a.toml"))
        );
        assert_eq!(
            named(&args(&["--config=a.toml"])).as_deref(),
            Some(Path::new("a.toml"))
        );
        assert_eq!(named(&args(&["--port", "1"])), None);
    }
}
