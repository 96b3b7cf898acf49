//! `demo [--port N]`: builds everything and serves the inspector's page, the office view and the server behind them on one port, in the
//! foreground. What is sent is kept in the target folder.

use crate::fault::{Fault, Result};
use crate::flags::Flags;
use crate::repo::Repo;
use crate::{build, run, setup};
use std::net::TcpListener;

/// The port that the docs name.
const USUAL_PORT: u16 = 8787;

/// How many ports after the wanted one are tried.
const NEIGHBOURS: u16 = 50;

pub(crate) fn run(repo: &Repo, mut flags: Flags) -> Result<()> {
    let wanted = match flags.value("--port")? {
        None => USUAL_PORT,
        Some(text) => text
            .parse()
            .map_err(|_| Fault::new(format!("`{text}` is not a port"), "give a number from 1 to 65535"))?,
    };
    flags.finish()?;
    setup::run(repo, setup::Browser::NotNeeded)?;
    build::run(repo)?;
    let port = free_port(wanted)?;
    if port != wanted {
        println!("Port {wanted} is taken, using {port}.");
    }
    let mut serve = repo.command(repo.rules_binary());
    serve
        .args(["serve", "--static", "web-demo/dist", "--demo", "--bundles"])
        .arg(repo.target("bundles"))
        .arg("--data")
        .arg(repo.target("demo-data"))
        .args(["--port", &port.to_string()]);
    run::lines(&mut serve, |line| {
        if let Some(said) = said(line, port) {
            println!("{said}");
        }
    })
}

/// What a line of the server means to whoever tries it out.
fn said(line: &str, port: u16) -> Option<String> {
    let page = format!("http://localhost:{port}");
    match line.split(' ').collect::<Vec<_>>().as_slice() {
        ["device", token] => Some(format!(
            "\n  Open  {page}/#device={token}\n        the inspector's page; what follows # lets it send to this server   (Ctrl-C stops it)"
        )),
        ["account", name, password] => Some(format!(
            "  Office  {page}/office.html   name {name}, password {password}"
        )),
        _ => None,
    }
}

/// The wanted port, or the nearest one above it that nobody listens on.
fn free_port(wanted: u16) -> Result<u16> {
    let last = wanted.saturating_add(NEIGHBOURS);
    (wanted..=last)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .ok_or_else(|| {
            Fault::new(
                format!("no port from {wanted} to {last} is free"),
                "choose another with `--port N`",
            )
        })
}

#[cfg(test)]
mod tests {
    use super::{free_port, said};
    use std::net::TcpListener;

    #[test]
    fn the_servers_lines_become_addresses() {
        let phone = said("device wb_device_x", 1).unwrap_or_default();
        assert!(phone.contains("http://localhost:1/#device=wb_device_x"));
        assert!(said("account admin pass", 1).is_some_and(|line| line.contains("/office.html")));
        assert_eq!(said("http://127.0.0.1:1/", 1), None);
    }

    #[test]
    fn a_taken_port_is_passed_over() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| {
            let port = listener.local_addr()?.port();
            Ok((listener, port))
        });
        if let Ok((_listener, port)) = taken {
            assert!(free_port(port).is_ok_and(|free| free > port));
        }
    }
}
