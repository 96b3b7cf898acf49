//! Running other programs: shown before they start, their output left as it is, their failure named.

use crate::fault::{Fault, Result};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// Runs a command in the foreground and shows it first.
pub(crate) fn visible(command: &mut Command) -> Result<()> {
    println!("$ {}", line(command));
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Fault::new(
            format!("`{}` failed ({status})", line(command)),
            "read its output above; run that line alone to see it again",
        )),
        Err(error) => Err(absent(command, &error)),
    }
}

/// Runs a command in the foreground, shows it first, and hands on each line of its standard output.
pub(crate) fn lines(command: &mut Command, mut each: impl FnMut(&str)) -> Result<()> {
    println!("$ {}", line(command));
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| absent(command, &error))?;
    if let Some(out) = child.stdout.take() {
        for said in BufReader::new(out).lines().map_while(std::io::Result::ok) {
            each(&said);
        }
    }
    match child.wait() {
        Ok(status) if status.success() => Ok(()),
        _ => Err(Fault::new(
            format!("`{}` failed", line(command)),
            "read its output above; run that line alone to see it again",
        )),
    }
}

/// Runs a command quietly and gives its standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| absent(command, &error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Fault::new(
            format!("`{}` failed ({}): {}", line(command), output.status, said.trim()),
            "run that line alone to see more",
        ));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn absent(command: &Command, error: &std::io::Error) -> Fault {
    Fault::new(
        format!(
            "`{}` could not be started: {error}",
            command.get_program().to_string_lossy()
        ),
        "run `cargo xtask setup`, which installs or names what is missing",
    )
}

/// The command as one would type it: programs by name, our own variables in front.
fn line(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let name = program
        .file_name()
        .unwrap_or(command.get_program())
        .to_string_lossy();
    let variables = command
        .get_envs()
        .filter(|(key, _)| *key != "PATH")
        .filter_map(|(key, value)| {
            Some(format!(
                "{}={:?} ",
                key.to_string_lossy(),
                value?.to_string_lossy()
            ))
        });
    let arguments = command
        .get_args()
        .map(|word| format!(" {}", word.to_string_lossy()));
    variables
        .chain(std::iter::once(name.into_owned()))
        .chain(arguments)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{line, visible};
    use std::process::Command;

    #[test]
    fn a_command_is_shown_as_typed() {
        let mut command = Command::new("/somewhere/bin/cargo");
        command
            .args(["test", "--workspace"])
            .env("PATH", "x")
            .env("BLESS", "1");
        assert_eq!(line(&command), "BLESS=\"1\" cargo test --workspace");
    }

    #[test]
    fn a_missing_program_says_what_to_do() {
        let said = visible(&mut Command::new("no-such-program-here")).map_err(|fault| fault.to_string());
        assert!(said.is_err_and(|text| text.contains("cargo xtask setup")));
    }
}
